"""What the pages about money show of savings and plans, as words and figures."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assessment.core.money.savings import Saving, Totals
from assessment.core.money.uses import Range
from assessment.core.plans.choices import YEARS
from assessment.core.plans.paying_back import is_too_long, payback_of_one
from assessment.core.resources.catalogue import Catalogue
from assessment.i18n import Language
from assessment.reporting.money import amounts
from assessment.reporting.money.sheet_words import resource_name
from assessment.services.checks.kept_results import Results
from assessment.services.money.money import Reckoning, ready_plan
from assessment.services.plans.kept_plans import ReadyPlan, WhatIf
from assessment.services.plans.planning import Plan
from assessment.web.money.gap_words import Gap, gap_of, gaps_of, told


@dataclass(frozen=True, slots=True)
class SavingView:
    """What one measure saves here, in words; empty texts where nothing can be said.

    `loses`: it costs more to run than it saves, and `eur` and `span` say how much. `asks`: some of it hangs on a figure
    that the company has to give for this measure. `slow`: it comes back later than what is proposed unasked.
    """

    eur: str
    span: str
    loses: bool
    quantities: tuple[str, ...]
    carbon: str
    cost: str
    payback: str
    certainty: str
    missing: tuple[str, ...]
    needs_pieces: bool
    asks: bool
    slow: bool


def saving_view(saving: Saving, catalogue: Catalogue, language: Language) -> SavingView:
    """The saving of one measure by itself."""
    _ = language.gettext
    eur = saving.eur if saving.eur is not None and (saving.eur.typical > 0 or amounts.is_loss(saving.eur)) else None
    kg = saving.carbon if saving.carbon is not None and abs(saving.carbon.typical) >= amounts.LEAST_WORTH else None
    own, piece = saving.own_cost, ""
    least = payback_of_one(saving, catalogue.measures[saving.measure])
    if saving.investment is None:
        values = {"range": amounts.euro_span(saving.piece, language), "unit": saving.unit}
        piece = _("%(range)s %(unit)s") % values
    return SavingView(
        amounts.euros_a_year(eur, language) if eur else "", amounts.span(amounts.size_of(eur), language) if eur else "",
        amounts.is_loss(eur), tuple(quantities(saving, language)), amounts.carbon_a_year(kg, language) if kg else "",
        amounts.cost_words(saving.investment, own, language) if saving.investment is not None and own else piece,
        amounts.payback(saving.payback, eur, language) if amounts.is_loss(eur) or (own and eur)
        else amounts.even_one(least, language),
        amounts.certainty_words(saving.certainty, language),
        tuple(amounts.missing_words(each, catalogue, language) for each in saving.missing),
        any(each.lack == "pieces" for each in saving.missing),
        any(entry.of_quantity or entry.of_steps for entry in catalogue.measures[saving.measure].savings),
        is_too_long(saving.payback if least is None else least),
    )  # fmt: skip


def quantities(sums: Saving | Totals, language: Language) -> Iterator[str]:
    """What is saved of each resource, and what a switch adds."""
    _ = language.gettext
    for line in sums.resources:
        if line.resource.startswith(("cost-", "co2e-")):
            continue
        name = resource_name(line.resource, language)
        for figure, words in ((line.saved, _("about %(amount)s of %(resource)s")),
                              (line.added, _("about %(amount)s more of %(resource)s"))):  # fmt: skip
            if figure.typical > 0:
                yield words % {"amount": amounts.amount_of(line.resource, figure.typical, language), "resource": name}


@dataclass(frozen=True, slots=True)
class TotalsView:
    """What a set of measures comes to, in words; `eur` and `carbon` are to stand behind an "about".

    `loses`: all together cost more to run than they save, and `eur` and `eur_span` say how much.
    """

    eur: str
    eur_a_year: str
    eur_span: str
    loses: bool
    quantities: tuple[str, ...]
    energy: str
    energy_span: str
    carbon: str
    about_carbon: str
    carbon_span: str
    cost: str
    own_cost: str
    payback: str
    hours: str
    certainty: str
    contained: tuple[str, ...]


def totals_view(totals: Totals, catalogue: Catalogue, language: Language) -> TotalsView:
    """The sums of a set of measures."""
    kg = totals.carbon
    funded = totals.own_cost.typical < totals.investment.typical
    return TotalsView(
        _eur(totals, language), _eur_a_year(totals, language), _eur_span(totals, language),
        amounts.is_loss(totals.eur), tuple(quantities(totals, language)),
        *_energy(totals, language),
        _carbon(totals, language), _about_carbon(totals, language),
        amounts.carbon_span(kg, language) if kg is not None and kg.high > 0 and not amounts.is_loss(kg) else "",
        amounts.euro_span(totals.investment, language),
        amounts.euro_span(totals.own_cost, language) if funded else "",
        amounts.payback_of_all(totals, language),
        _hours(totals, language),
        amounts.certainty_words(totals.certainty, language),
        tuple(catalogue.measures[name].title for name in totals.contained),
    )  # fmt: skip


def _untold(figure: Range | None, totals: Totals) -> bool:
    """Whether nothing can be said of a figure yet: nothing of it is known, or all that would count is left out."""
    if figure is None:
        return True
    return figure.low == figure.high == 0 and bool(totals.missing or totals.set_aside)


def _eur(totals: Totals, language: Language) -> str:
    if totals.eur is None or _untold(totals.eur, totals):
        return _unknown(language)
    return amounts.euros(max(amounts.size_of(totals.eur).typical, 0.0), language)


def _eur_span(totals: Totals, language: Language) -> str:
    eur = totals.eur
    shown = eur is not None and (eur.high > 0 or amounts.is_loss(eur))
    return amounts.span(amounts.size_of(eur), language) if eur is not None and shown else ""


def _carbon(totals: Totals, language: Language) -> str:
    if totals.carbon is None or _untold(totals.carbon, totals):
        return _unknown(language)
    return amounts.carbon(totals.carbon.typical, language)


def _eur_a_year(totals: Totals, language: Language) -> str:
    if totals.eur is not None and amounts.is_loss(totals.eur):
        return amounts.euros_a_year(totals.eur, language)
    if _untold(totals.eur, totals):
        return _unknown(language)
    return language.gettext("about %(money)s a year") % {"money": _eur(totals, language)}


def _about_carbon(totals: Totals, language: Language) -> str:
    kg, _ = totals.carbon, language.gettext
    if kg is None or _untold(kg, totals):
        return _unknown(language)
    text = _("about %(amount)s more") if amounts.is_loss(kg) else _("about %(amount)s")
    return text % {"amount": amounts.carbon(amounts.size_of(kg).typical, language)}


def _unknown(language: Language) -> str:
    return language.gettext("Not known yet")


def _hours(totals: Totals, language: Language) -> str:
    hours = round(totals.hours)
    return language.ngettext("%(num)s hour", "%(num)s hours", hours) % {"num": language.number(hours)}


def what_if_written(found: WhatIf, ready: ReadyPlan, catalogue: Catalogue, language: Language) -> dict[str, str]:
    """What the script of the plan page puts in place for a selection."""
    totals = found.totals
    written = {
        "eur": _eur_a_year(totals, language), "eur_span": _eur_span(totals, language),
        "quantities": "; ".join(quantities(totals, language)), "carbon": _about_carbon(totals, language),
        "certainty": amounts.certainty_words(totals.certainty, language),
        "cost": amounts.euro_span(totals.investment, language),
        "own_cost": amounts.euro_span(totals.own_cost, language),
        "payback": amounts.payback_of_all(totals, language),
        "hours": _hours(totals, language), "count": count_words(len(found.chosen), language),
        "budget": budget_words(found, language), "score": score_words(found, language),
        "left_out": told(gaps_of(totals, found.chosen, ready.measures, catalogue, language), language),
    }  # fmt: skip
    return written if found.chosen else {name: written[name] if name in ("count", "score") else "" for name in written}


def count_words(count: int, language: Language) -> str:
    """How many measures are ticked."""
    if not count:
        return language.gettext("No measure is ticked")
    return language.ngettext("With %(num)s measure", "With %(num)s measures", count) % {"num": count}


def _energy(totals: Totals, language: Language) -> tuple[str, str]:
    """Electricity, heat and vehicle fuel saved together, less what switches add; empty where there is nothing."""
    _ = language.gettext
    lines = [line for line in totals.resources if line.resource in ("electricity", "heat", "transport")]
    kwh = amounts.together([line.saved for line in lines], [line.added for line in lines])
    if kwh.typical <= 0:
        return "", ""
    return _("%(amount)s kWh") % {"amount": amounts.estimate(kwh.typical, language)}, amounts.span(kwh, language)


@dataclass(frozen=True, slots=True)
class Tick:
    """A measure that can be ticked; `gap` is what keeps it out of every sum, if anything does."""

    id: str
    title: str
    ticked: bool
    gap: Gap | None


@dataclass(frozen=True, slots=True)
class SelectionView:
    """The what-if panel: what can be ticked, and what it comes to.

    The plan stands first, then what comes next by its priority, then all others by name.
    """

    plan: tuple[Tick, ...]
    next: tuple[Tick, ...]
    others: tuple[Tick, ...]
    count: int
    changed: bool
    figures: TotalsView
    budget: str
    score: str
    left_out: str
    grants: bool

    @property
    def chosen(self) -> tuple[str, ...]:
        """The ids that are ticked."""
        return tuple(tick.id for tick in (*self.plan, *self.next, *self.others) if tick.ticked)


MOST_NEXT = 20


def selection_view(
    reckoning: Reckoning, plan: Plan, results: Results, named: Sequence[str] | None, language: Language
) -> SelectionView:
    """The panel for the measures that are named, or for the plan as it is."""
    names = reckoning.planned if named is None else named
    ready = ready_plan(reckoning, results)
    found = ready.what_if(names)
    others = [step.measure.id for step in (*plan.more, *plan.may_fit)]

    def ticks(ids: Sequence[str]) -> tuple[Tick, ...]:
        return tuple(_tick(name, name in found.chosen, reckoning, results.catalogue, language) for name in ids)

    return SelectionView(
        ticks(reckoning.planned), ticks(others[:MOST_NEXT]),
        tuple(sorted(ticks(others[MOST_NEXT:]), key=lambda tick: tick.title.casefold())),
        len(found.chosen), set(found.chosen) != set(reckoning.planned),
        totals_view(found.totals, results.catalogue, language), budget_words(found, language),
        score_words(found, language),
        told(gaps_of(found.totals, found.chosen, ready.measures, results.catalogue, language), language),
        bool(reckoning.grants),
    )  # fmt: skip


def _tick(name: str, ticked: bool, reckoning: Reckoning, catalogue: Catalogue, language: Language) -> Tick:
    item = reckoning.ready.items[name]
    wanting = item.own_cost is None or (item.missing and not item.terms)
    gap = gap_of(item.missing[-1 if item.own_cost is None else 0], catalogue, language) if wanting else None
    return Tick(name, item.candidate.measure.title, ticked, gap)


def budget_words(found: WhatIf, language: Language) -> str:
    """Whether the money that the company named is enough for all of it: this year's, or that of the years to plan."""
    _ = language.gettext
    if found.budget is None:
        return ""
    cost = found.totals.own_cost.typical  # after grants that are counted
    left, left_later = found.budget - cost, found.budget * YEARS - cost
    if left >= 0:
        return _("enough, about %(money)s left") % {"money": amounts.euros(left, language)}
    if left_later >= 0:
        text = _("about %(money)s short this year; enough over three years")
        return text % {"money": amounts.euros(-left, language)}
    return _("about %(money)s short, even over three years") % {"money": amounts.euros(-left_later, language)}


def score_words(found: WhatIf, language: Language) -> str:
    """The score as it would be."""
    _ = language.gettext
    if found.score is None or found.score_now is None:
        return _("Not enough answers yet")
    return _("%(now)s now, about %(then)s then") % {"now": found.score_now, "then": found.score}


def card_savings(reckoning: Reckoning, catalogue: Catalogue, language: Language) -> dict[str, SavingView]:
    """What the measures of the plan save by themselves, by measure."""
    return {name: saving_view(saving, catalogue, language) for name, saving in reckoning.savings.items()}
