"""The words of a mentor's pages: how far a client is, whose turn it is, and what everybody agrees to."""

from assessment.i18n import Language
from assessment.services.mentors.clients import ClientState, Turn


def client_states(language: Language) -> dict[ClientState, str]:
    """How far a client is."""
    _ = language.gettext
    return {
        "to-review": _("To review"), "changed": _("Changed since the review"), "reviewed": _("Reviewed"),
        "answering": _("Still answering"), "no-check": _("No check yet"),
    }  # fmt: skip


def turns(language: Language) -> dict[Turn, str]:
    """Whose turn it is, as a mentor reads it."""
    _ = language.gettext
    return {"you": _("You"), "company": _("The company"), "nobody": _("Nobody")}


def orders(language: Language) -> dict[str, str]:
    """What the list can be ordered by."""
    _ = language.gettext
    return {
        "company": _("Company"), "activity": _("Last activity"), "deadline": _("Next deadline"),
        "completion": _("Completion"),
    }  # fmt: skip


def progress_words(answered: int, asked: int, language: Language) -> str:
    """How many of the questions have an answer; empty where there are none."""
    if not asked:
        return ""
    of = language.gettext("%(some)s of %(all)s")
    return of % {"some": language.number(answered), "all": language.number(asked)}


def waiting_words(for_you: int, for_company: int, state: ClientState, language: Language) -> tuple[str, ...]:
    """What waits for whom at one client."""
    _, several = language.gettext, language.ngettext
    found = []
    if for_you:
        found.append(several("You: %(num)s to answer", "You: %(num)s to answer", for_you) % {"num": for_you})
    elif state in ("to-review", "changed"):
        found.append(_("You: the review"))
    if for_company:
        told = several("Company: %(num)s to answer", "Company: %(num)s to answer", for_company)
        found.append(told % {"num": for_company})
    elif state in ("no-check", "answering"):
        found.append(_("Company: the check"))
    return tuple(found) or (_("Nobody"),)


def access_consent(language: Language) -> str:
    """What a company agrees to when it lets a mentor in, word for word as it is shown and recorded."""
    return language.gettext(
        "This mentor may see all checks of our company with answers, notes, results and plan, propose other answers "
        "and suggest actions. They cannot change anything. We can end this at any time, and we see when they looked."
    )


def interview_consent(language: Language) -> str:
    """What a company agrees to when a mentor may fill in for it."""
    return language.gettext(
        "This mentor may note answers for us while we talk. They count only after we have confirmed them."
    )
