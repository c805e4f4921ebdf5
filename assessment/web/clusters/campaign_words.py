"""Words about campaigns: what becomes of an address, what is wrong with a row or a file and what to do about it."""

from collections.abc import Mapping, Sequence

from assessment.core.clusters.campaign_texts import LONGEST_SUBJECT, LONGEST_TEXT, PLACES, addresses_in, unknown_places
from assessment.core.clusters.invitees import LONGEST_COMPANY, MOST_INVITEES
from assessment.core.errors import Flaw
from assessment.reporting.csv_files import ColumnWords
from assessment.services.clusters import campaign_mails
from assessment.services.clusters.list_files import LARGEST
from assessment.storage.clusters.cluster_members import STAGES, ClusterMember
from assessment.web.clusters import cluster_words
from assessment.web.current import language
from assessment.web.people.companies import Errors

MOST_FLAWS_SHOWN = 20


def state_words() -> Mapping[str, str]:
    """What became of an address."""
    _ = language().gettext
    return {
        "listed": _("Not written to"), "queued": _("Waiting"), "sent": _("Sent"), "failed": _("Not delivered"),
        "joined": _("Joined"), "opted-out": _("Wants no mail"),
    }  # fmt: skip


def codebook() -> Sequence[ColumnWords]:
    """What stands in the columns of the list as a file, in their order."""
    _ = language().gettext
    return (
        ColumnWords(
            _("Mail address"), _("The address that was on the list; empty once the product has forgotten it")
        ),
        ColumnWords(_("Company"), _("What the list calls the company; it may call itself otherwise")),
        ColumnWords(
            _("Language"), _("The language of its mails"),
            {code: one.name for code, one in campaign_mails.spoken().items()},
        ),
        ColumnWords(
            _("State"), _("What became of the address. Who wants no mail has opted out, and that holds for ever"),
            {words: words for words in state_words().values()},
        ),
        ColumnWords(
            _("Last mail"), _("The day on which the last mail went out, as year-month-day; empty where none did")
        ),
        ColumnWords(_("Reminders"), _("How many reminders went out, of two at most")),
        ColumnWords(
            _("How far"),
            _("How far the company came; empty where it did not join, or did not agree that the cluster sees it"),
            {words: words for words in map(cluster_words.stage_words, range(len(STAGES)))},
        ),
    )  # fmt: skip


def campaign_state_words(state: str) -> str:
    """How far a campaign is."""
    _ = language().gettext
    return {
        "draft": _("Not sent yet"), "sending": _("Being sent"), "sent": _("Sent"), "stopped": _("Stopped"),
    }[state]  # fmt: skip


def stage_of(member: ClusterMember | None) -> str:
    """How far a member is, where it agreed that the cluster sees that; else nothing."""
    return cluster_words.stage_words(member.stage) if member is not None and member.progress else ""


def flaw_words(why: str) -> str:
    """Why a row gives no address, and what to do."""
    _ = language().gettext
    return {
        "no-address": _("There is no mail address in this row. Add one, or leave the row out"),
        "not-an-address": _(
            "This is no mail address that we can write to. It looks like name@example.org, in plain letters and "
            "without spaces"
        ),
        "company-too-long": _("The name of the company is longer than %(most)s characters. Shorten it")
        % {"most": language().number(LONGEST_COMPANY)},
    }[why]


def file_words(code: str) -> str:
    """Why a list cannot be read, and what to do."""
    _ = language().gettext
    return {
        "none": _("Paste addresses, or choose a file"),
        "both": _("Paste addresses or choose a file, one of the two. The file has to be chosen again"),
        "empty": _("This list is empty. Paste addresses, or choose another file"),
        "too-large": _(
            "This file is larger than %(most)s MB. Take columns out that we do not need, or send it in parts"
        )
        % {"most": language().number(LARGEST // 1024**2)},
        "old-workbook": _("This workbook is in the old Excel format, or has a password. Save it as .xlsx without one"),
        "no-text": _("This is no list that we can read. Save it as .xlsx, or as “CSV UTF-8”"),
        "too-many": _("A campaign has %(most)s addresses at most. Take some out, and make another campaign for them")
        % {"most": language().number(MOST_INVITEES)},
    }[code]


def workbook_words(flaws: Sequence[Flaw]) -> list[str]:
    """What is wrong with a workbook that cannot be read, row by row where that is known."""
    _ = language().gettext
    cells = [flaw for flaw in flaws if flaw.line]
    if not cells:
        return [
            _("This workbook cannot be read: it is damaged, protected, too large, or holds macros or links to other "
              "files. Save the list as a new workbook, or as “CSV UTF-8”")
        ]  # fmt: skip
    words = _("Row %(row)s holds a formula, an error or more than a list needs. Put the plain value in its place")
    return [words % {"row": language().number(row)} for row in sorted({flaw.line for flaw in cells})[:MOST_FLAWS_SHOWN]]


def text_errors(code: str, texts: Mapping[str, str]) -> Errors:
    """What is wrong with the words of an invitation in one language."""
    _ = language().gettext
    errors: Errors = []
    longest = {"subject": LONGEST_SUBJECT, "text": LONGEST_TEXT}
    for what, text in texts.items():
        field = f"{what}-{code}"
        if not text:
            errors.append((field, _("Type a subject") if what == "subject" else _("Type a text")))
        elif len(text) > longest[what]:
            errors.append(
                (field, _("Shorten this to %(most)s characters") % {"most": language().number(longest[what])})
            )
        elif unknown := unknown_places(text):
            places = language().list_of([f"{{{place}}}" for place in PLACES])
            words = _("Nothing is put in for {%(name)s}. Use %(places)s, or take the braces out")
            errors.append((field, words % {"name": unknown[0], "places": places}))
        elif found := addresses_in(text):
            words = _("Take out “%(address)s”: the mail carries the link of the invitation, and no other address. If "
                      "it is none, put a space after the full stop")  # fmt: skip
            errors.append((field, words % {"address": found[0][:80]}))
    return errors
