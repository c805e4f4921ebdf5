"""The life of a check without an account: start, come back by link or code, leave, take out, delete.

The link's token (256 bits) and the typed code (60 bits) are derived under a key that lives outside the
database, from the draft's random id and the moment its tokens were made. So the pages can show them again at any
time while the database holds only their hashes, and making new ones ends both.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection

from assessment.core.access import Action
from assessment.core.checks.route import Depth
from assessment.core.errors import NotFound
from assessment.services.aggregates.contributing import give_anew
from assessment.services.checks import answering
from assessment.services.checks.answering import OpenDraft
from assessment.services.instance import Instance
from assessment.services.upkeep.gone import put_down, put_down_ended
from assessment.storage.checks import assessments, years
from assessment.storage.checks import results as stored_results
from assessment.storage.checks.assessments import DraftLine
from assessment.storage.checks.drafts import Draft
from assessment.storage.clusters import cluster_members
from assessment.storage.clusters.clusters import Cluster
from assessment.storage.people import access
from assessment.storage.people.access import StoredToken
from assessment.storage.people.partings import Gone
from assessment.storage.plans import plan_items
from assessment.storage.upkeep import erasure
from assessment.storage.upkeep.erasure_list import entry

CODE_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""32 signs without look-alikes (no I, L, O, U): five bits each."""
CODE_LENGTH = 12
_LOOK_ALIKES = str.maketrans("ILOU", "110V")

LINK: Literal["resume-link"] = "resume-link"
CODE: Literal["resume-code"] = "resume-code"


@dataclass(frozen=True, slots=True)
class WayBack:
    """How to come back to a draft: the token of the link, and the code in groups of four."""

    token: str
    code: str

    @property
    def code_in_groups(self) -> str:
        """The code as it is shown."""
        return in_groups(self.code)


def start(
    instance: Instance,
    old_session: str,
    new_session: str,
    depth: Depth,
    language: str,
    follows: OpenDraft | None = None,
    begun_at: Cluster | None = None,
    site: str = "",
) -> str:
    """A new draft, open in this browser under its new session; returns the draft's id.

    One that follows last year's check takes over its name and what its plan leaves to do, and belongs to the same
    company. Its answers are not taken over: they are shown where they are asked again (`years.py`). One that
    is begun on the page of a cluster is with the questionnaire that the cluster asks for; `site` is the idea or offer
    that it is for, where that is asked. Where there is no quick path it is whole.
    """
    library = instance.library
    name, version = library.newest_of(follows.draft.questionnaire) if follows else library.newest
    if begun_at is not None:
        name = begun_at.questionnaire
        version = begun_at.version or library.newest_of(name)[1]
    if not library.edition(name, version, language).questionnaire.has_quick:
        depth = "full"
    now = instance.now()
    with answering.writing(instance, follows) if follows else instance.database.writing() as connection:
        draft = assessments.create(
            connection, questionnaire=name, version=version, depth=depth, language=language, now=now,
            previous_id=follows.draft.id if follows else None,
            company_id=follows.draft.company_id if follows else None, site=follows.draft.site if follows else site,
        )  # fmt: skip
        if follows is not None:
            assessments.set_company_name(connection, draft.id, follows.draft.company_name, now)
            plan_items.carry_over(connection, follows.draft.id, draft.id, now)
        elif site:
            # Until it is taken into a company, this is all that its results and plan can be called by.
            assessments.set_company_name(connection, draft.id, site, now)
        access.renew_session(connection, old_session, new_session, now)
        if draft.company_id is None:
            access.grant(connection, new_session, draft.id, now)
            _new_way_back(instance, connection, draft.id, now)
        if begun_at is not None:
            cluster_members.note_started_at(connection, draft.id, begun_at.id)
    return draft.id


def way_back(instance: Instance, opened: OpenDraft) -> WayBack:
    """The link and code of a draft, worked out again from its serial."""
    with instance.database.reading() as connection:
        valid = access.valid_tokens(connection, opened.draft.id, instance.now())
    return way_back_of(instance, opened.draft.id, valid)


def way_back_of(instance: Instance, draft_id: str, valid: Sequence[StoredToken]) -> WayBack:
    """The same for a draft with these valid tokens. Raises NotFound where there are none."""
    if not valid:
        raise NotFound(draft_id)
    return _derived(instance, draft_id, valid[-1].created_at)


def replace_way_back(instance: Instance, opened: OpenDraft) -> None:
    """A new link and code; the old ones end."""
    now = instance.now()
    with answering.writing(instance, opened) as connection:
        # The moment is what makes them new, so it must be a later one, however coarse the clock is.
        before = access.valid_tokens(connection, opened.draft.id, now)
        made_at = max([now, *(token.created_at + timedelta(microseconds=1) for token in before)])
        access.revoke_tokens(connection, opened.draft.id, now)
        put_down_ended(instance, entry("way back", opened.draft.id))
        _new_way_back(instance, connection, opened.draft.id, made_at)


def look(instance: Instance, token: str) -> None:
    """Whether a link's token opens a draft; looking changes nothing.

    Raises NotFound for a token that is unknown, replaced or of a deleted draft.
    """
    with instance.database.reading() as connection:
        _found(instance, connection, LINK, _token_hash(token))


def admit_by_token(instance: Instance, old_session: str, new_session: str, token: str) -> str:
    """Open the draft of a link in this browser, under a new session; its id. Raises what `look` does."""
    return _admit_by(instance, old_session, new_session, LINK, _token_hash(token))


def admit_by_code(instance: Instance, old_session: str, new_session: str, typed: str) -> str:
    """The same with a typed code; case, spaces, dashes and look-alike letters do not matter.

    Raises NotFound for a code that is unknown or replaced.
    """
    return _admit_by(instance, old_session, new_session, CODE, _code_hash(instance, plain_code(typed)))


def _admit_by(instance: Instance, old_session: str, new_session: str, purpose: str, token_hash: str) -> str:
    # Asked for once before, so that whoever guesses takes no turn of those who write.
    with instance.database.reading() as connection:
        _found(instance, connection, purpose, token_hash)
    with instance.database.writing() as connection:
        draft_id = _found(instance, connection, purpose, token_hash)
        _admit(instance, connection, old_session, new_session, draft_id)
    return draft_id


def plain_code(typed: str) -> str:
    """A code as it was made, from what somebody typed or from how it is shown."""
    return re.sub(r"[\s\-–.]", "", typed).upper().translate(_LOOK_ALIKES)


def in_groups(code: str) -> str:
    """A code as it is shown: in groups of four."""
    return "-".join(code[start : start + 4] for start in range(0, CODE_LENGTH, 4))


def admit(instance: Instance, old_session: str, new_session: str, draft_id: str) -> None:
    """Open a draft that is there for everybody in this browser, under a new session."""
    with instance.database.writing() as connection:
        _admit(instance, connection, old_session, new_session, draft_id)


def _admit(instance: Instance, connection: Connection, old_session: str, new_session: str, draft_id: str) -> None:
    now = instance.now()
    access.renew_session(connection, old_session, new_session, now)
    access.grant(connection, new_session, draft_id, now)
    # Whoever may open a check may look at those it follows; an old link does not open what came later.
    for earlier in years.earlier_checks(connection, draft_id):
        access.grant(connection, new_session, earlier, now)


def leave(instance: Instance, session_hash: str) -> None:
    """Close every draft in this browser; the drafts live on and open again by link or code."""
    with instance.database.writing() as connection:
        if access.end_session(connection, session_hash):
            put_down_ended(instance, entry("browser", session_hash))


def drafts_here(instance: Instance, session_hash: str) -> Sequence[DraftLine]:
    """The drafts open in this browser, the last changed first."""
    with instance.database.reading() as connection:
        return assessments.drafts_of_session(connection, session_hash)


def erase(instance: Instance, opened: OpenDraft) -> None:
    """Delete a draft and everything that belongs to it, at once."""
    with answering.writing(instance, opened) as connection:
        erasure.erase(connection, opened.draft.id)
        if opened.draft.company_id is not None:
            give_anew(instance, connection, opened.draft.company_id, opened.draft.questionnaire)
        put_down(instance, connection, Gone(checks=(opened.draft.id,)), "", of_company=opened.draft.company_id or "")
    instance.forget(opened.draft.id)
    instance.database.scrub()


def take_out(instance: Instance, opened: OpenDraft) -> Mapping[str, Any]:
    """The rows that belong to the draft, as plain values for a JSON file: all for whoever may delete it as well."""
    export = erasure.export_all if opened.may(Action.DELETE_CHECK) else erasure.export_readable
    with instance.database.reading() as connection:
        return export(connection, opened.draft.id)


@dataclass(frozen=True, slots=True)
class Keeping:
    """How long a check without an account is kept: until when, and what would put that off."""

    until: datetime
    finished: bool
    followed: bool


def keeping(instance: Instance, opened: OpenDraft) -> Keeping:
    """How long a draft that nobody touches again is kept, by the rule by which `erasure.prune` lets it go."""
    draft = opened.draft
    with instance.database.reading() as connection:
        finished = stored_results.latest_number(connection, draft.id) > 0
        followed = finished and bool(years.later_checks(connection, draft.id))
    return Keeping(kept_until(instance, draft, finished=finished), finished, followed)


def kept_until(instance: Instance, draft: Draft, *, finished: bool) -> datetime:
    """When a check without an account goes that nobody touches again."""
    if finished:
        return max(draft.visited_at, draft.changed_at) + timedelta(days=instance.settings.finished_days)
    return draft.changed_at + timedelta(days=instance.settings.draft_days)


def _new_way_back(instance: Instance, connection: Connection, draft_id: str, now: datetime) -> None:
    ways = _derived(instance, draft_id, now)
    hashes = {
        LINK: _token_hash(ways.token),
        CODE: _code_hash(instance, ways.code),
    }
    access.add_tokens(connection, draft_id, hashes, now)


def _derived(instance: Instance, draft_id: str, made_at: datetime) -> WayBack:
    def draw(purpose: str) -> bytes:
        said = f"{purpose}:{draft_id}:{made_at.astimezone(UTC).isoformat(timespec='microseconds')}".encode()
        return hmac.new(instance.settings.code_key.encode(), said, hashlib.sha256).digest()

    token = base64.urlsafe_b64encode(draw(LINK)).rstrip(b"=").decode()
    return WayBack(token, code_from(draw(CODE)))


def code_from(drawn: bytes) -> str:
    """A code of 60 bits from what was drawn."""
    bits = int.from_bytes(drawn[:8])
    return "".join(CODE_LETTERS[bits >> (5 * place) & 31] for place in range(CODE_LENGTH))


def _token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _code_hash(instance: Instance, code: str) -> str:
    return hmac.new(instance.settings.code_key.encode(), b"code:" + code.encode(), hashlib.sha256).hexdigest()


def _found(instance: Instance, connection: Connection, purpose: str, token_hash: str) -> str:
    token = access.find_token(connection, token_hash, purpose, instance.now())
    if token is None:
        raise NotFound(purpose)
    return token.assessment_id
