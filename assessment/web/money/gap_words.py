"""What is left out of the sums of a selection of measures, and what one can do about it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from assessment.core.money.savings import Calculator, Missing, Totals
from assessment.core.resources.catalogue import Catalogue
from assessment.i18n import Language
from assessment.reporting.money import amounts

OWN_FIGURES = ("pieces", "quantity")
ON_SHEET = ("use", "price")
OF_A_KIND = ("waste", "materials", "refrigerant")
"""What has a factor once its kind is told on the resource sheet."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that is not in the sums, in words.

    `measure` is the one whose own figures would close the gap, `on_sheet` says that the resource sheet could.
    """

    text: str
    measure: str = ""
    on_sheet: bool = False


def gap_of(missing: Missing, catalogue: Catalogue, language: Language) -> Gap:
    """One thing that is not known."""
    measure = missing.measure if missing.lack in OWN_FIGURES else ""
    on_sheet = missing.lack in ON_SHEET or (missing.lack == "factor" and missing.resource in OF_A_KIND)
    return Gap(amounts.missing_words(missing, catalogue, language), measure, on_sheet)


def gaps_of(
    totals: Totals, chosen: Collection[str], ready: Calculator, catalogue: Catalogue, language: Language
) -> tuple[Gap, ...]:  # fmt: skip
    """All that is left out of the sums of a selection: measures that are set aside first, then what is not known."""
    aside = tuple(_set_aside(name, totals.set_aside, chosen, ready, language) for name in totals.set_aside)
    return (*aside, *_unknown(totals.missing, totals.set_aside, catalogue, language))


def _unknown(
    missing: Sequence[Missing], set_aside: Collection[str], catalogue: Catalogue, language: Language
) -> list[Gap]:  # fmt: skip
    told = [each for each in missing if each.lack != "pieces" or each.measure not in set_aside]
    return [gap_of(each, catalogue, language) for each in told]


def _set_aside(
    name: str, set_aside: Collection[str], chosen: Collection[str], ready: Calculator, language: Language
) -> Gap:  # fmt: skip
    _ = language.gettext
    title = ready.items[name].candidate.measure.title
    if ready.items[name].own_cost is None:
        return Gap(_("%(measure)s: we do not know how many you need") % {"measure": title}, name)
    rivals = [other for other in chosen if other in ready.conflicts[name] and other not in set_aside]
    values = {"measure": title, "other": ready.items[rivals[0]].candidate.measure.title if rivals else ""}
    return Gap(_("%(measure)s: “%(other)s” takes its place, as the two exclude each other") % values)


def told(gaps: Sequence[Gap], language: Language) -> str:
    """All gaps as one text, a line each, for a place that a script fills; empty where there are none."""
    return "\n".join([language.gettext("Not in these figures:"), *(gap.text for gap in gaps)]) if gaps else ""
