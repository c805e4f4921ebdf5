"""Between a company's words and its reckoning: what is left to do, funding, scores, forecasts, entries of before."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.content.library import Edition
from assessment.core.checks.answers import Answers, Value
from assessment.core.checks.scoring import score
from assessment.core.money.sheet_entries import OwnFigure, SheetEntries
from assessment.core.plans.goals import Goals
from assessment.core.plans.lifted import LiftedScore
from assessment.core.plans.plan import ActionPlan, Step, Why, recommend
from assessment.core.resources.catalogue import Measure, Scheme
from assessment.services.checks.kept_results import Results
from assessment.services.money import money
from assessment.services.money.money import Reckoning
from assessment.services.plans.planning import laid_over
from assessment.storage.money.money import StoredMoney
from tests.builders import (
    DO_NOT_KNOW,
    NO_FIGURES,
    NOT_APPLICABLE,
    TODAY,
    actions,
    advice,
    catalogue,
    ladder,
    ladder_answers,
    profile,
    questionnaire,
    scheme,
    section,
    ticks,
)  # fmt: skip
from tests.sites import bought, saving, that_saves

ENTRIES: Mapping[str, Any] = {
    "amounts": {"power": {"amount": "10000", "from_bills": True}}, "prices": {"power": "0.2"},
}  # fmt: skip
FACTORS: Mapping[str, Any] = {
    **NO_FIGURES["factors"],
    "lines": {
        "power": {"id": "power", "label": "Power", "resource": "electricity", "unit": "kWh", "grid": True},
        "rooms": {"id": "rooms", "label": "Rooms", "unit": "m2"},
    },
    "factors": {
        "grid-bg": {
            "id": "grid-bg", "group": "electricity-location", "subject": "electricity", "value": "0.4",
            "unit": "kgCO2e/kWh", "scope": "2", "gas_basis": "CO2e", "geography": "BG", "confidence": "estimate",
            "default": True,
        },
    },
}  # fmt: skip
"""Power at 0.4 kg CO2e for each kWh; the firm of ENTRIES uses 10,000 kWh and pays EUR 0.20 for each."""


def results_of(answers: Answers, *measures: Measure | Scheme, below: int = 3, **more: Any) -> Results:
    """What the answers to a, b, c and d come to, where a leads to the first measure, b to the second, and so on."""
    asked = questionnaire(
        section("energy", ladder("a", 3), ladder("b", 2)),
        section("water", ladder("c"), ticks("d", {"one": 1, "two": 2, "four": 4, "none": None})),
    )
    saves = [found for found in measures if isinstance(found, Measure)]
    advised = actions(*(advice(name, found.id, below=below) for name, found in zip("abcd", saves, strict=False)))
    held = catalogue(*measures, **{"factors": FACTORS, **more})
    edition = Edition(asked, advised)
    route = edition.routes.of(answers, "full")
    plan = recommend(route, answers, advised, held, profile())
    return Results(
        edition, route, answers, {}, score(route, answers), (), 0, plan, profile(), held, TODAY, "en",
    )  # fmt: skip


def reckoned(results: Results, entries: Mapping[str, Any] = ENTRIES, **wishes: Any) -> Reckoning:
    """The reckoning with these figures and wishes."""
    return money.reckon(results, laid_over(results, [], TODAY), StoredMoney(entries, wishes, 3), TODAY)


def tenth(name: str, cost: float = 0, **more: Any) -> Measure:
    """A measure that saves a tenth of the electricity."""
    return that_saves(name, saving("electricity", 0.1), cost=cost, **more)


def step(level: int | None) -> Step:
    return Step(tenth("x"), "quick", "", None, (Why("a", level, 3, 1, "quick", 40),))


# What is left to do


@pytest.mark.parametrize(("level", "left"), [(0, 1.0), (1, 0.75), (2, 0.5), (3, 0.25), (4, 0.0), (None, 1.0)])
def test_the_part_that_is_done_is_the_level_of_the_answer_out_of_four(level: int | None, left: float) -> None:
    assert step(level).todo == left


def test_an_investment_that_found_no_place_is_told_from_none_that_fits() -> None:
    results = results_of(ladder_answers(a=0, b=0), tenth("first"), tenth("second"))
    first, second = results.plan.steps
    costly = replace(second, effort="invest")
    plans = {"there": ((first, costly), ()), "later": ((first,), (costly,)), "none": ((first,), ())}
    for said, (steps, more) in plans.items():
        plan = laid_over(replace(results, plan=ActionPlan(steps, more, ())), [], TODAY)
        assert plan.investment == said


def test_what_only_the_profile_suggests_is_all_to_be_done() -> None:
    assert Step(tenth("x"), "quick", "", None, ()).todo == 1.0


def test_a_measure_saves_only_what_the_answer_leaves_to_be_saved() -> None:
    found = reckoned(results_of(ladder_answers(a=1, b=0, c=4), tenth("first", 500), tenth("second")))
    (power,) = found.savings["first"].resources
    # 10,000 kWh x 1/10 x 3/4 = 750 kWh; x EUR 0.20 = EUR 150; x 0.4 kg = 300 kg. EUR 500 / 150 = 3.33 years.
    assert power.saved.typical == pytest.approx(750)
    assert found.savings["first"].eur == pytest.approx((150, 150, 150))
    assert found.savings["first"].carbon == pytest.approx((300, 300, 300))
    assert found.savings["first"].payback == pytest.approx(500 / 150)
    # The second acts on what the first leaves: 10,000 - 10,000 x 0.925 x 0.9 = 1,675 kWh, EUR 335.
    assert found.totals.resources[0].saved.typical == pytest.approx(1675)
    assert [(name, round(sums.eur.typical)) for name, sums in found.added_up() if sums.eur] == [
        ("first", 150), ("second", 335),
    ]  # fmt: skip


# Funding


def pays(name: str, share: str = "50", **more: Any) -> Scheme:
    """A grant that pays half of one firm's investment in the first measure, unless told."""
    return scheme(name, **{"pays_for": ["first", "free", "lamps"], "pays_share_pct": share, **more})


def counted(results: Results, entries: Mapping[str, Any] = ENTRIES) -> Reckoning:
    return reckoned(results, entries, matters={"cost": 3}, count_funding=True)


@pytest.mark.parametrize(
    ("terms", "own"),
    [
        ({}, 500),
        ({"max_amount_eur": "200"}, 800),
        ({"max_amount_eur": "9000"}, 500),
        ({"share": "100"}, 0),
        ({"pays_from_eur": "1000"}, 500),
        ({"pays_from_eur": "1001"}, 1000),
        ({"status": "ending"}, 500),
        ({"status": "recurring"}, 1000),
        ({"status": "unverified"}, 1000),
        ({"status": "closed"}, 1000),
        ({"as_of": TODAY.year - 3}, 1000),
        ({"countries": ["RO"]}, 1000),
        ({"level": "regional", "region": "The south", "regions": ["BG4"], "regions_in_part": True}, 1000),
        ({"pays_for": ["second"]}, 1000),
    ],
    ids=str,
)
def test_a_grant_counts_as_its_terms_say_where_one_can_apply_for_it_today(terms: dict[str, Any], own: float) -> None:
    results = results_of(ladder_answers(a=0), tenth("first", 1000), pays("pays", **terms))
    with_funding = counted(results).ready.items["first"]
    assert with_funding.own_cost == pytest.approx((own, own, own))
    assert with_funding.investment == pytest.approx((1000, 1000, 1000))
    assert reckoned(results).ready.items["first"].own_cost == pytest.approx((1000, 1000, 1000))


def test_a_call_that_does_not_pay_one_firms_investment_lowers_no_cost() -> None:
    research = scheme("research", max_share_pct="100")
    results = results_of(ladder_answers(a=0), tenth("first", 1000), research)
    assert counted(results).ready.items["first"].own_cost == pytest.approx((1000, 1000, 1000))


def test_schemes_are_never_added_up_and_the_best_one_counts() -> None:
    several = [pays("half"), pays("most", "70", max_amount_eur="600")]
    results = results_of(ladder_answers(a=0), tenth("first", 1000), *several)
    assert counted(results).ready.items["first"].own_cost == pytest.approx((400, 400, 400))


def test_nothing_is_funded_where_nothing_is_paid_or_the_number_of_pieces_is_not_known() -> None:
    lamps = that_saves("lamps", saving("electricity", 0.1), investment=bought(10, unit="per lamp"))
    results = results_of(ladder_answers(a=0, b=0), tenth("free"), lamps, pays("pays"))
    items = counted(results).ready.items
    assert items["free"].candidate.funded == items["lamps"].candidate.funded == 0
    twenty = counted(results, {**ENTRIES, "pieces": {"lamps": "20"}})
    assert twenty.ready.items["lamps"].own_cost == pytest.approx((100, 100, 100))
    negative = reckoned(results, {**ENTRIES, "pieces": {"lamps": "-20"}})
    assert negative.ready.items["lamps"].own_cost is None


# The score as it would be


def score_with(results: Results, steps: Iterable[Step]) -> int | None:
    measures = [step.measure.id for step in steps]
    return LiftedScore(results.route, results.answers, results.edition.actions, results.plan).headline(measures)


LEVELS = st.none() | st.integers(0, 4) | st.sampled_from([DO_NOT_KNOW, NOT_APPLICABLE])
TICKED = st.none() | st.sets(st.sampled_from(["one", "two", "four"]), min_size=1).map(frozenset)


def test_the_score_is_that_of_the_answers_at_the_level_where_the_advice_ends() -> None:
    measures = [tenth("first"), tenth("second"), tenth("third")]
    results = results_of(ladder_answers(a=1, b=2, c=4), *measures)
    steps = {found.measure.id: found for found in results.plan}
    assert set(steps) == {"first", "second"}
    for names, lifted in (((), (1, 2)), (("first",), (3, 2)), (("second",), (1, 3)), (("first", "second"), (3, 3))):
        answers = ladder_answers(a=lifted[0], b=lifted[1], c=4)
        expected = score(results.route, answers).overall.headline
        assert score_with(results, [steps[name] for name in names]) == expected


def test_what_is_not_known_yet_never_pulls_the_score_down() -> None:
    results = results_of(ladder_answers(a=4, b=4, c=DO_NOT_KNOW, d=frozenset({"four"})), *map(tenth, "pqr"))
    assert results.scorecard.overall.headline == 100
    assert [found.measure.id for found in results.plan] == ["r"]
    assert score_with(results, results.plan) == 100


@given(st.tuples(LEVELS, LEVELS, LEVELS), TICKED, st.integers(1, 4), st.sets(st.sampled_from("pqrs")))
@settings(deadline=None, derandomize=True)
def test_no_selection_lowers_the_score(
    levels: tuple[int | Value | None, ...], ticked: frozenset[str] | None, below: int, chosen: set[str]
) -> None:
    answers = ladder_answers(a=levels[0], b=levels[1], c=levels[2], d=ticked)
    results = results_of(answers, *map(tenth, "pqrs"), below=below)
    now = results.scorecard.overall.headline
    then = score_with(results, [found for found in results.plan if found.measure.id in chosen])
    assert now is None or (then is not None and then >= now)


# Forecasts, and entries of before


def test_what_a_measure_saves_by_itself_is_forecast_by_the_key_of_its_card() -> None:
    audit = that_saves("nothing", saving("electricity", 0.1, information_only=True), cost=100)
    found = reckoned(results_of(ladder_answers(a=1, b=0), tenth("first"), audit))
    forecasts = money.forecasts_of(found)
    assert set(forecasts) == {"measure:first", "measure:nothing"}
    (forecast,) = forecasts["measure:first"]
    assert forecast.use == "electricity"
    assert forecast.typical == pytest.approx(750)
    assert forecasts["measure:nothing"] == []


@pytest.mark.parametrize(
    "broken",
    [
        {"tariffs": {"night": "0.1"}},
        {"pieces": {"first": "many"}},
        {"pieces": 7},
        {"contract": "nuclear"},
        {"kinds": {"waste": "Not A Factor"}, "without_estimates": "all"},
    ],
)
def test_what_an_older_release_wrote_and_this_one_cannot_read_loses_nothing_else(broken: dict[str, Any]) -> None:
    found = SheetEntries.as_far_as_readable({**ENTRIES, **broken})
    assert found == SheetEntries(
        amounts={"power": OwnFigure(amount=Decimal(10000), from_bills=True)}, prices={"power": Decimal("0.2")}
    )


def test_wishes_that_cannot_be_read_are_those_of_the_form() -> None:
    found = Goals.as_far_as_readable({"budget": "much", "hours": "12", "dream": 1})
    assert found == Goals(hours=Decimal(12))
