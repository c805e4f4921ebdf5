"""Suggestions for the catalogue: a visitor makes one, an editor decides, and nothing of it is public before that.

What is accepted becomes an entry by an editor's hand in the YAML files; here stands only who decided what and when.
"""

import hashlib
import re
import secrets
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import urlsplit

from assessment.core.errors import NotFound, Refused
from assessment.core.resources.catalogue import Catalogue
from assessment.core.resources.search import folded
from assessment.services.instance import Instance
from assessment.storage import suggestions as stored
from assessment.storage.suggestions import PublicChange, State, Step, Suggestion

__all__ = ["Kind", "PublicChange", "State", "Step", "Suggestion"]

Kind = Literal["new", "correction"]
SUGGESTION_STATES: Final[tuple[State, ...]] = ("waiting", "accepted", "declined")
Code = Literal[
    "kind-needed", "entry-needed", "entry-unknown", "words-needed", "words-long", "source-needed", "source-wrong",
    "source-long", "who-long", "consent-needed",
]  # fmt: skip

LONGEST_WORDS: Final = 2_000
LONGEST_SOURCE: Final = 500
LONGEST_WHO: Final = 200
LONGEST_EDITOR: Final = 100
MOST_LISTED: Final = 200

_UNSEEN = re.compile(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_ID_PART = re.compile(r"[0-9a-f]{4,32}")


@dataclass(frozen=True, slots=True)
class Typed:
    """A suggestion as somebody typed it."""

    kind: str = ""
    entry: str = ""
    words: str = ""
    source: str = ""
    who: str = ""
    consent: bool = False


def problems_of(catalogue: Catalogue, typed: Typed) -> dict[str, Code]:
    """What must be corrected before it can be taken, by field."""
    found: dict[str, Code] = {}
    if typed.kind not in ("new", "correction"):
        found["kind"] = "kind-needed"
    elif typed.kind == "correction" and not typed.entry.strip():
        found["entry"] = "entry-needed"
    elif typed.kind == "correction" and entry_of(catalogue, typed.entry) is None:
        found["entry"] = "entry-unknown"
    if not typed.words.strip():
        found["words"] = "words-needed"
    elif len(typed.words) > LONGEST_WORDS:
        found["words"] = "words-long"
    source = typed.source.strip()
    if not source:
        found["source"] = "source-needed"
    elif len(source) > LONGEST_SOURCE:
        found["source"] = "source-long"
    elif not is_address(source):
        found["source"] = "source-wrong"
    if len(typed.who) > LONGEST_WHO:
        found["who"] = "who-long"
    if not typed.consent:
        found["consent"] = "consent-needed"
    return found


def is_address(text: str) -> bool:
    """Whether a text is the address of a web page: http or https, a host with a dot, no password, nothing unseen."""
    if _UNSEEN.search(text):
        return False
    try:
        parts = urlsplit(text)
        port_is_one = parts.port != 0
    except ValueError:
        return False
    host = parts.hostname or ""
    named = "." in host.strip(".") and parts.username is None and parts.password is None
    return parts.scheme in ("http", "https") and named and port_is_one


def entry_of(catalogue: Catalogue, typed: str) -> str | None:
    """The id of the entry that somebody named by its id or its name."""
    names = {**{entry.id: entry.name for entry in catalogue.schemes.values()},
             **{entry.id: entry.title for entry in catalogue.blocks.values()},
             **{entry.id: entry.title for entry in catalogue.measures.values()}}  # fmt: skip
    wanted = folded(typed.strip())
    if wanted in names:
        return wanted
    return next((name for name, title in names.items() if folded(title) == wanted), None)


def new_form_key() -> str:
    """A key for one form, so that sending it twice makes one suggestion."""
    return secrets.token_urlsafe(16)


def suggest(
    instance: Instance, catalogue: Catalogue, form: tuple[str, str], typed: Typed, consent: str, language: str
) -> bool:
    """Take in a suggestion without problems; `form` is the browser's session and the key of its form.

    False where the same form was sent before.
    """
    key = hashlib.sha256(":".join(form).encode()).hexdigest()
    kind: Kind = "correction" if typed.kind == "correction" else "new"
    entry = entry_of(catalogue, typed.entry) if kind == "correction" else None
    with instance.database.writing() as connection:
        return stored.add(
            connection, form_key=key, kind=kind, entry=entry or "", words=typed.words.strip(),
            source=typed.source.strip(), who=typed.who.strip(),
            consent_hash=hashlib.sha256(consent.encode()).hexdigest(), language=language, now=instance.now(),
        )  # fmt: skip


def public_changes(instance: Instance) -> tuple[PublicChange, ...]:
    """What visitors' suggestions have changed, in the editors' words."""
    with instance.database.reading() as connection:
        return stored.public_changes(connection, MOST_LISTED)


# For editors


def listed(instance: Instance, state: State) -> tuple[Suggestion, ...]:
    """The suggestions in one state, the oldest first."""
    with instance.database.reading() as connection:
        return stored.of_state(connection, state, MOST_LISTED)


def shown(instance: Instance, start_of_id: str) -> tuple[Suggestion, tuple[Step, ...]]:
    """A suggestion and its history, by the first signs of its id. Raises NotFound where it is not exactly one."""
    with instance.database.reading() as connection:
        found = stored.found(connection, start_of_id) if _ID_PART.fullmatch(start_of_id) else ()
        if len(found) != 1:
            raise NotFound(f"There is no one suggestion whose id begins with {start_of_id[:32]}.")
        return found[0], stored.history(connection, found[0].id)


def decide(
    instance: Instance, start_of_id: str, state: Literal["accepted", "declined"], editor: str, words: str
) -> Suggestion:
    """Note a decision; who made the suggestion is forgotten with it.

    Raises NotFound for an unknown one, Refused for one that was decided before, or without a name or a reason.
    """
    if not editor.strip() or len(editor) > LONGEST_EDITOR:
        raise Refused("Say who decides, in at most 100 characters.")
    if state == "declined" and not words.strip():
        raise Refused("Say why it is declined.")
    if len(words) > LONGEST_WORDS:
        raise Refused(f"Say it in at most {LONGEST_WORDS} characters.")
    suggestion, _ = shown(instance, start_of_id)
    with instance.database.writing() as connection:
        decided = stored.decide(connection, suggestion.id, state, editor.strip(), words.strip(), instance.now())
    if not decided:
        raise Refused("This suggestion was decided before.")
    return suggestion
