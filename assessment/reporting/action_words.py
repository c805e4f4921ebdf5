"""How an action is begun and how far it is, in words."""

from assessment.core.actions import Effort
from assessment.i18n import Language


def effort_words(effort: Effort, language: Language) -> str:
    """How an action is begun."""
    _ = language.gettext
    return {"quick": _("Quick win"), "plan": _("To plan"), "invest": _("Investment")}[effort]


def status_words(status: str, language: Language) -> str:
    """How far an action is."""
    _ = language.gettext
    return {
        "not-started": _("Not started"), "planned": _("Planned"), "in-progress": _("In progress"), "done": _("Done"),
        "not-for-us": _("Not for us"),
    }[status]  # fmt: skip
