"""How an action is begun, how far it is, how many others do it, and where its figures come from, in words."""

from decimal import Decimal

from assessment.core.plans.actions import Effort
from assessment.core.resources.catalogue import Catalogue, Measure
from assessment.i18n import Language


def effort_words(effort: Effort, language: Language) -> str:
    """How an action is begun."""
    _ = language.gettext
    return {"quick": _("Quick win"), "plan": _("To plan"), "invest": _("Investment")}[effort]


def investment_words(investment: str, language: Language) -> str:
    """Why a plan holds no investment; empty where it holds one."""
    _ = language.gettext
    return {
        "there": "",
        "later": _(
            "No investment is in this plan: those that fit your answers come after another action of it, or pay back "
            "too slowly."
        ),
        "none": _("No investment is in this plan: of those that we know, none fits your answers."),
    }[investment]


def status_words(status: str, language: Language) -> str:
    """How far an action is."""
    _ = language.gettext
    return {
        "not-started": _("Not started"), "planned": _("Planned"), "in-progress": _("In progress"), "done": _("Done"),
        "not-for-us": _("Not for us"),
    }[status]  # fmt: skip


def source_words(source: str | None, catalogue: Catalogue, language: Language) -> str:
    """Where a figure comes from, with its year; an estimate is called one."""
    _ = language.gettext
    found = catalogue.sources.get(source or "")
    if found is None:
        return _("our estimate")
    if found.year is None:
        return _("%(publisher)s, year not stated") % {"publisher": found.publisher}
    return f"{found.publisher}, {found.year}"


def uptake_words(measure: Measure, catalogue: Catalogue, language: Language) -> str:
    """How many firms do the same, of whom, and who counted; empty where nobody did."""
    if measure.uptake is None:
        return ""
    return language.gettext("What others do: %(share)s %%, %(of)s. Source: %(source)s.") % {
        "share": language.number((measure.uptake.share * 100).quantize(Decimal(1))), "of": measure.uptake.of,
        "source": source_words(measure.uptake.source, catalogue, language),
    }  # fmt: skip
