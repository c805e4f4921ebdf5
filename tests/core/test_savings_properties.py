"""What must be true of every set of measures on every site, and of the range against chance."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from assessment.core.money.savings import Calculator, Candidate, Totals
from assessment.core.money.uses import Site
from assessment.core.resources.entries import Measure, Use, UseShare
from tests.core.plain_savings import euros, quantities, sampled
from tests.core.sheets import example
from tests.sites import WORTH, adding, all_of, fitting, method, saving, share, shipped, site, that_saves

METHOD = method()
CAP = float(METHOD.cap_share_of_site)
PLACES: tuple[tuple[Use, str], ...] = (
    ("electricity", ""), ("electricity", "lighting"), ("electricity", "motors"), ("heat", ""),
    ("heat", "space-heating"), ("water", ""), ("water", "rinsing"),
)  # fmt: skip
DRAWS = 300
COVERED = 0.85
"""The part of all draws that lies within the closed range, at the least."""
TOO_WIDE = 2.0
"""The most that the closed range is wider than the middle nine tenths of the draws."""


@dataclass(frozen=True)
class Case:
    """A site, the measures that it could take, and which of them it takes."""

    where: Site
    measures: tuple[Measure, ...]
    taken: tuple[str, ...]
    more: str

    def totals(self, *names: str) -> Totals:
        """What a set saves."""
        return Calculator(self.where, METHOD, [Candidate(found) for found in self.measures]).together(names)


_parts = st.integers(0, 90).map(lambda hundredths: hundredths / 100)


@st.composite
def _share(draw: st.DrawFn, place: tuple[Use, str]) -> UseShare:
    low, middle, high = sorted(draw(st.tuples(_parts, _parts, _parts)))
    return share(place[0], place[1], middle, low, high)


@st.composite
def _measure(draw: st.DrawFn, name: str, switches: bool, umbrellas: bool) -> Measure:
    places = draw(st.lists(st.sampled_from(PLACES), min_size=1, max_size=2, unique_by=lambda place: place[0]))
    entries = []
    switch = switches and draw(st.integers(0, 3)) == 0
    for resource, end_use in places:
        low, middle, high = sorted(draw(st.tuples(_parts, _parts, _parts)))
        adds = (
            {"adds_use": adding("electricity", draw(st.sampled_from((0.3, 0.6))), 0.1)}
            if switch and resource == "heat"
            else {}
        )
        entries.append(saving(resource, (low, middle, high), end_use, **adds))
    area = "renewables" if switch else "save-energy"
    umbrella = umbrellas and not switch and draw(st.booleans())
    return that_saves(name, *entries, cost=draw(st.integers(0, 500)), action_area=area, umbrella=umbrella)


@st.composite
def cases(draw: st.DrawFn, switches: bool = True, umbrellas: bool = True) -> Case:
    """A case in which no two measures of the set exclude each other."""
    shares = [draw(_share(place)) for place in PLACES if place[1]]
    where = site(shares, electricity=1000, heat=5000, water=100)
    where = replace(where, cut_across=draw(st.sampled_from(((), ("motors",)))))
    measures = tuple(draw(_measure(f"m{n}", switches, umbrellas)) for n in range(draw(st.integers(1, 6))))
    conflicts = Calculator(where, METHOD, [Candidate(found) for found in measures]).conflicts
    taken: list[str] = []
    for found in measures:
        if not conflicts[found.id].intersection(taken):
            taken.append(found.id)
    return Case(where, measures, tuple(taken), draw(st.sampled_from(taken)))


@given(cases())
def test_the_sum_is_what_the_plain_reckoning_gives(case: Case) -> None:
    taken = [Candidate(found) for found in case.measures if found.id in case.taken]
    net = quantities(case.where, METHOD, taken)
    found = case.totals(*case.taken)
    assert {line.resource: line.saved.typical - line.added.typical for line in found.resources} == pytest.approx(net)
    assert found.eur is not None
    assert found.eur.typical == pytest.approx(euros(case.where, net))


@given(cases(switches=False, umbrellas=False))
def test_more_measures_never_save_less(case: Case) -> None:
    without, whole = case.totals(*(n for n in case.taken if n != case.more)), case.totals(*case.taken)
    before = {line.resource: line.saved.typical for line in without.resources}
    after = {line.resource: line.saved.typical for line in whole.resources}
    assert all(after[resource] >= amount - 1e-9 for resource, amount in before.items())
    assert whole.eur is not None
    assert without.eur is not None
    assert whole.eur.typical >= without.eur.typical - 1e-9


def test_only_a_switch_that_costs_makes_more_measures_save_less() -> None:
    def saves_less(case: Case) -> bool:
        one, all_ = case.totals(*(n for n in case.taken if n != case.more)).eur, case.totals(*case.taken).eur
        return one is not None and all_ is not None and all_.typical < one.typical - 1

    quick = settings(max_examples=2000, phases=[Phase.generate], database=None)
    assert saves_less(find(cases(umbrellas=False), saves_less, settings=quick))


@given(cases())
def test_no_total_is_above_the_use_nor_efficiency_above_the_cap(case: Case) -> None:
    switching = {found.id for found in case.measures if found.action_area == "renewables"}
    for names, most in ((case.taken, 1.0), (tuple(n for n in case.taken if n not in switching), CAP)):
        for line in case.totals(*names).resources:
            amount = case.where.uses[line.resource].amount
            assert -1e-9 <= line.saved.low <= line.saved.typical + 1e-9
            assert line.saved.typical <= line.saved.high + 1e-9
            assert line.saved.high <= amount * most + 1e-6


@given(cases(), st.randoms(use_true_random=False))
def test_the_order_changes_nothing(case: Case, chance: Random) -> None:
    measures, names = list(case.measures), list(case.taken)
    chance.shuffle(measures)
    chance.shuffle(names)
    other = Case(case.where, tuple(measures), tuple(names), case.more).totals(*names)
    found = case.totals(*case.taken)
    by_resource = {line.resource: line for line in other.resources}
    for line in found.resources:
        assert line.saved == pytest.approx(by_resource[line.resource].saved)
    assert found.eur == pytest.approx(other.eur)


@given(cases())
def test_an_umbrella_is_never_added_to_its_parts(case: Case) -> None:
    umbrellas = {found.id for found in case.measures if found.umbrella}
    parts = case.totals(*(name for name in case.taken if name not in umbrellas))
    whole = {line.resource: line.saved.typical for line in case.totals(*case.taken).resources}
    for line in parts.resources:
        # A line may be there only because a switch adds to it.
        if line.saved.typical > 0:
            assert whole[line.resource] == pytest.approx(line.saved.typical)


@given(cases(switches=False))
def test_the_high_of_a_total_is_never_above_the_sum_of_highs(case: Case) -> None:
    ready = Calculator(case.where, METHOD, [Candidate(found) for found in case.measures])
    highs = [eur.high for name in case.taken if (eur := ready.alone(name).eur)]
    total = ready.together(case.taken).eur
    assert total is not None
    assert total.high <= sum(highs) + 1e-6


def _spread(sampled_eur: Sequence[float]) -> float:
    return sampled_eur[int(0.95 * len(sampled_eur))] - sampled_eur[int(0.05 * len(sampled_eur))]


def _real_cases() -> list[tuple[str, int]]:
    names = sorted(shipped().examples())
    return [(name, size) for name, size in zip(names[::4], (1, 5, 12, 20, 20), strict=True)]


def with_prices(where: Site) -> Site:
    """The site with a price for everything: without one its euros would be left out of the sum."""
    uses = {
        name: use if use.price is not None else replace(use, price=WORTH.get(name, (1.0, None))[0])
        for name, use in where.uses.items()
    }
    return replace(where, uses=uses)


@pytest.mark.parametrize(("company", "size"), _real_cases())
def test_the_closed_range_agrees_with_chance(company: str, size: int) -> None:
    where, by = with_prices(example(company).site), shipped().catalogue("en").method
    candidates = all_of(fitting(shipped().examples()[company]))
    ready = Calculator(where, by, candidates)
    physical = [c for c in candidates if all(e.resource in ("electricity", "heat", "water") for e in c.measure.savings)]
    Random(company).shuffle(physical)  # noqa: S311 - the same shuffle on every run
    chosen: list[Candidate] = []
    for candidate in physical:
        if len(chosen) < size and not ready.conflicts[candidate.measure.id] & {c.measure.id for c in chosen}:
            chosen.append(candidate)
    total = ready.together([candidate.measure.id for candidate in chosen]).eur
    drawn = sampled(where, by, chosen, seed=1, draws=DRAWS)
    assert total is not None
    assert sum(total.low <= eur <= total.high for eur in drawn) >= COVERED * DRAWS
    assert total.high - total.low <= TOO_WIDE * _spread(drawn)
    highs = [eur.high for candidate in chosen if (eur := ready.alone(candidate.measure.id).eur)]
    assert size == 1 or total.high < sum(highs)
