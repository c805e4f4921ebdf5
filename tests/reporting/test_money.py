"""What the plan says about money, on paper: true against the engine, in ranges, and only where there is something."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial
from itertools import pairwise

import pytest

from assessment.core.money.savings import Calculator, Candidate
from assessment.core.money.uses import Range
from assessment.reporting.checks.since import ChangeRow, ScoreRow, Since
from assessment.reporting.compose import compose, compose_word
from assessment.reporting.documents import ActionPlanDocument
from assessment.reporting.money.amounts import tonnes, years
from assessment.reporting.money.money_charts import curve_chart, range_chart, scale, sum_chart
from assessment.reporting.money.money_document import CURVE_FROM, Followed, FollowedRow, LeftOut, Money, SumStep
from assessment.reporting.money.money_maker import Reckoned
from assessment.reporting.money.money_maker import money_of as money_made
from tests.core import sheets
from tests.reporting import plans
from tests.reporting.companies import TODAY
from tests.reporting.languages import ENGLISH, LONG
from tests.reporting.paper import (
    POINTS_PER_MM,
    THIN,
    Letter,
    begun_at_the_foot,
    complaints,
    lines,
    outside,
    overprinted,
    printed,
    thin_pages,
    used_height,
    words_of,
)


@pytest.mark.parametrize(
    ("value", "words"),
    [(0.98, "About 12 months"), (1.02, "About 1 year"), (1.3, "About 1.3 years"), (12, "About 12 years")],
)
def test_a_payback_of_one_year_is_told_in_the_singular(value: float, words: str) -> None:
    assert years(value, ENGLISH) == words


def money_of(document: ActionPlanDocument) -> Money:
    assert document.money is not None
    return document.money


def with_curve() -> ActionPlanDocument:
    """The bakery with five actions that have a cost and emissions."""
    plan = plans.plan_of()
    model = next(action.saving for action in plan.actions if action.saving and action.saving.on_curve)
    cards = tuple(
        replace(action, saving=replace(model, cost=Range(100.0 * at, 200.0 * at, 400.0 * at),
                                       carbon=Range(500.0, 1000.0, 1500.0)))
        for at, action in enumerate(plan.actions[:CURVE_FROM], 1)
    )  # fmt: skip
    others = tuple(replace(action, saving=None) for action in plan.actions[CURVE_FROM:])
    return replace(plan, actions=(*reversed(cards), *others))


def followed() -> ActionPlanDocument:
    rows = (
        FollowedRow(3, "Measure and cut food waste", "Waste: 1 t a year less than before.", "about 1 t", "As forecast"),
    )
    told = Followed(("Spent: 300 on 1 action.",), rows, ("Waste: as forecast.",), Decimal(300), 1, ())
    return replace(plans.plan_of(), followed=told)


def since_last_year() -> ActionPlanDocument:
    """The hotel, whose page about the score is nearly full, in its second year."""
    plan = plans.plan_of("hotel-hr")
    rows = [ScoreRow(section.title, 50, section.rating.headline, "+10") for section in plan.sections]
    changes = [
        ChangeRow(gain.code, gain.short, "Last year: level 1 of 4. Now: level 2 of 4.", gain.section, "+3.0", "+0.5")
        for gain in plan.gains
    ]
    overall = ScoreRow("Overall", 62, 72, "+10")
    return replace(plan, since=Since(date(2025, 11, 25), overall, tuple(rows), tuple(changes), (), "+3.0", (), False))


def losing() -> ActionPlanDocument:
    """The bakery, where the first action costs more to run than it saves, and so all of them together."""
    plan, loss = plans.plan_of(), Range(-900.0, -500.0, -100.0)
    first = next(action for action in plan.actions if action.saving and action.saving.on_curve)
    assert first.saving is not None
    worse = replace(first, saving=replace(first.saving, eur=loss, payback=None))
    totals = replace(money_of(plan).totals, eur=loss, payback=None)
    money = replace(money_of(plan), totals=totals, steps=(SumStep(first.number, first.title, 0, -500),))
    actions = tuple(worse if action is first else action for action in plan.actions)
    return replace(plan, actions=actions, money=money)


DOCUMENTS: dict[str, Callable[[], ActionPlanDocument]] = {
    "losing": losing,
    "much": plans.plan_of,
    "hardly any figure": partial(plans.plan_of, plans.POOR),
    "metal shop": partial(plans.plan_of, "metal-shop-de"),
    "machine builder": partial(plans.plan_of, "machine-builder-it"),
    "with a cost curve": with_curve,
    "followed up": followed,
    "since last year": since_last_year,
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_page_is_accessible_and_nothing_is_cut_off(name: str) -> None:
    paper = printed(DOCUMENTS[name]())
    assert complaints(paper) == []
    assert outside(paper) == []
    assert overprinted(paper) == []
    assert thin_pages(paper) == []


def test_a_loss_is_told_in_words_on_paper_and_in_word_and_no_chart_draws_it() -> None:
    plan = losing()
    paper, word = (" ".join(re.sub("<[^>]+>", " ", made(plan, ENGLISH)).split()) for made in (compose, compose_word))
    for words in (paper, word):
        assert "Costs about EUR 500 a year more to run than it saves (100 to 900)" in words
        assert "Never, as it costs more to run" in words
        assert "could save about EUR" not in words
    assert "The plan costs about EUR 500 a year more to run than it saves" in paper
    steps = (SumStep(1, "One", 0, -500), SumStep(2, "Two", -500, 40))
    dips = replace(money_of(plan), steps=steps, totals=replace(money_of(plan).totals, eur=Range(20, 40, 60)))
    assert sum_chart(dips, ENGLISH) is None
    boxes = range_chart(plan.actions, ENGLISH)
    assert boxes is not None
    assert {box.number for box in boxes.rows}.isdisjoint(action.number for action in plan.losses)


@pytest.mark.soak
@pytest.mark.parametrize("example", plans.examples())
def test_the_plan_of_no_example_has_a_page_that_is_nearly_empty(example: str) -> None:
    assert thin_pages(printed(plans.plan_of(example))) == []


def test_a_page_is_thin_by_its_height_however_many_words_stand_at_its_head() -> None:
    head = [Letter("m", 60 + at % 80 * 5, 760 - at // 80 * 12, 64, 766 - at // 80 * 12) for at in range(640)]
    foot = Letter("m", 60, 120, 64, 126)
    assert used_height(head) < THIN < used_height([head[0], foot])


@pytest.mark.parametrize("sources", range(8, 62, 3))
def test_the_last_page_is_never_nearly_empty_however_many_sources_there_are(sources: int) -> None:
    plan = plans.plan_of(plans.POOR)
    short = replace(plan, money=None, actions=(), blocks=(), more=(), gains=(), answers=())
    last = printed(replace(short, sources=plan.sources[:1] * sources)).letters[-1]
    assert lines(last) >= 7


@pytest.mark.parametrize("name", DOCUMENTS)
def test_each_finding_has_a_page_of_its_own_and_no_chapter_begins_at_the_foot(name: str) -> None:
    paper = printed(DOCUMENTS[name]())
    plan = next(at for at, (_, title) in enumerate(paper.chapters) if "fit your answers" in title)
    findings = [page for page, _ in paper.chapters[:plan] if page > 1]
    assert len(findings) == len(set(findings))
    assert begun_at_the_foot(paper) == []
    # What a footprint leaves out does not stand alone on the page after it.
    assert all("How each figure was worked out" in page for page in paper.pages if "Not counted here" in page)


def test_long_languages_fit() -> None:
    paper = printed(plans.plan_of(), LONG)
    assert outside(paper) == []
    assert overprinted(paper) == []


@pytest.mark.parametrize("example", plans.examples())
def test_page_one_says_what_the_plan_saves_in_one_place_only_where_it_leads_with_money(example: str) -> None:
    document = plans.plan_of(example)
    html = compose(document, ENGLISH)
    assert ("could save about EUR" in html) == document.leads_with_money
    assert ("What the plan can save each year" in html) == document.leads_with_money


def test_a_plan_leads_with_money_from_100_euros_and_one_per_cent_of_what_is_paid_now_or_1000_euros() -> None:
    document = plans.plan_of("bakery-bg")

    def leads(eur: float, paid: str | None) -> bool:
        money = money_of(document)
        totals = replace(money.totals, eur=Range(eur / 2, eur, eur * 2))
        cost = None if paid is None else Decimal(paid)
        return replace(document, money=replace(money, totals=totals, cost_now=cost)).leads_with_money

    assert [leads(99, "500"), leads(100, "500"), leads(100, None)] == [False, True, True]
    # A hotel that pays EUR 80,000 is not moved by EUR 330.
    assert [leads(330, "80000"), leads(800, "80000")] == [False, True]
    # EUR 1,000 are worth a look beside any bill for materials.
    assert [leads(999, "500000"), leads(1000, "500000")] == [False, True]


@pytest.mark.parametrize("example", plans.examples())
def test_the_steps_of_the_sum_lead_to_the_total(example: str) -> None:
    money = money_of(plans.plan_of(example))
    total = money.totals.eur.typical if money.totals.eur else 0.0
    ends = money.steps[-1].after if money.steps else 0.0
    assert ends == pytest.approx(total, abs=0.5 * (len(money.steps) + 1))
    assert [step.before for step in money.steps[1:]] == [step.after for step in money.steps[:-1]]


@pytest.mark.parametrize("example", plans.examples())
def test_a_leading_action_is_named_only_where_it_brings_more_than_half(example: str) -> None:
    document = plans.plan_of(example)
    money, html = money_of(document), compose(document, ENGLISH)
    total = money.totals.eur.typical if money.totals.eur else 0.0
    leading = [step for step in money.steps if (step.after - step.before) * 2 > total and len(money.steps) > 1]
    assert ("brings more than half of the saving" in html) == bool(leading)


@pytest.mark.parametrize("example", plans.examples())
def test_the_largest_source_is_more_than_half_only_where_it_is(example: str) -> None:
    document = plans.plan_of(example)
    found = money_of(document).footprint
    half = found.complete and bool(found.sources) and found.sources[0].kg * 2 > found.own
    assert ("is more than half of your" in compose(document, ENGLISH)) == half
    assert sum(source.kg for source in found.sources) == pytest.approx(found.own)


def test_savings_are_boxes_from_low_to_high_on_one_scale() -> None:
    chart = range_chart(plans.plan_of().actions, ENGLISH)
    assert chart is not None
    for box in chart.rows:
        assert 0 <= box.low < box.typical < box.high <= 100
    assert chart.ticks[0].at == 0
    assert chart.ticks[-1].at == pytest.approx(100)


def test_savings_of_hundreds_of_thousands_stand_apart_from_their_ranges() -> None:
    plan = plans.plan_of()
    far = Range(150_000, 300_000, 590_000)
    cards = tuple(
        replace(action, saving=replace(action.saving, eur=far)) if action.saving and action.saving.in_money else action
        for action in plan.actions
    )
    sums = tuple(replace(row, used=98_400_000.0, saved=far) for row in money_of(plan).quantities)
    paper = printed(replace(plan, actions=cards, money=replace(money_of(plan), quantities=sums)))
    # A typical value ends in 0, the range beside it begins with 1.
    gaps = [
        after.left - before.right
        for before, after in pairwise(paper.letters[2])
        if (before.text, after.text) == ("0", "1") and abs(before.bottom - after.bottom) < 1
    ]
    assert len(gaps) >= 6
    assert min(gaps) >= 2 * POINTS_PER_MM


def test_the_last_column_of_the_sum_is_as_high_as_the_last_step_ends() -> None:
    chart = sum_chart(money_of(plans.plan_of()), ENGLISH)
    assert chart is not None
    assert chart.columns[-1].top == pytest.approx(chart.total.top, abs=0.1)
    assert chart.whisker.high < chart.total.top < chart.whisker.low


def test_one_action_alone_is_no_sum() -> None:
    money = money_of(plans.plan_of())
    assert sum_chart(replace(money, steps=money.steps[:1]), ENGLISH) is None


@pytest.mark.parametrize(
    ("top", "ticks"),
    [(19_000, (0, 10_000, 20_000)), (3_000, (0, 1_000, 2_000, 3_000)), (0.07, (0, 0.025, 0.05, 0.075))],
)
def test_scales_have_round_numbers_and_at_most_three_steps(top: float, ticks: tuple[float, ...]) -> None:
    assert scale(top) == pytest.approx(ticks)


def test_a_cost_curve_needs_five_actions_and_goes_from_cheap_to_dear() -> None:
    curve = with_curve()
    costs = [card.saving.cost.typical for card in curve.curve if card.saving and card.saving.cost]
    assert costs == sorted(costs)
    assert len(costs) == CURVE_FROM
    assert curve_chart(curve, ENGLISH) is not None
    assert "Annex C: cost curve" in printed(curve).text
    fewer = replace(curve, actions=curve.actions[:4])
    assert fewer.curve == ()
    assert "cost curve" not in printed(plans.plan_of()).text


def test_no_box_of_the_curve_lies_below_nothing_because_savings_are_not_taken_off() -> None:
    chart = curve_chart(with_curve(), ENGLISH)
    assert chart is not None
    lowest = max(box.top + box.height for box in chart.boxes)
    assert lowest <= chart.costs[0].at


@pytest.mark.parametrize(("example", "counted"), [("bakery-bg", 3), ("recycler-cz", 2), ("machine-builder-it", 1)])
def test_an_action_counts_only_where_a_sum_in_euros_energy_or_emissions_moves_by_it(example: str, counted: int) -> None:
    assert money_of(plans.plan_of(example)).totals.counted == counted


def test_an_audit_that_gives_way_on_one_use_alone_is_named_under_its_range() -> None:
    told = "In the sum only where no other action acts on the same use"
    firm, catalogue = sheets.example("recycler-cz"), sheets.held()
    # The lights use electricity alone, so the audit goes on counting on fuel.
    names = ["energy-audit", "lighting-switch-off-routine"]
    ready = Calculator(firm.site, catalogue.method, [Candidate(catalogue.measures[name]) for name in names])
    reckoned = Reckoned(
        firm.sheet, firm.footprint, firm.site, {name: ready.alone(name) for name in names}, ready.together(names), ()
    )
    numbers = {name: at for at, name in enumerate(names, start=1)}
    titles = {name: catalogue.measures[name].title for name in names}
    money = money_made(reckoned, numbers, titles, catalogue, TODAY, ENGLISH)
    assert [each.title for each in money.partly] == ["Have an energy audit made"]
    plan = plans.plan_of()
    assert told in compose(replace(plan, money=money), ENGLISH)
    assert told not in compose(replace(plan, money=replace(money, partly=())), ENGLISH)


def test_page_one_says_of_a_first_action_that_the_sum_above_does_not_count_it_or_counts_a_part() -> None:
    """Without a word a reader of "EUR 57,000 a year" and, below, "saves about EUR 130,000" trusts neither."""

    def tiles(money: Money) -> list[str]:
        html = compose(replace(plan, money=money), ENGLISH)
        return html.partition('class="lower"')[0].split('class="third"')[1:]

    plan = plans.plan_of()
    money = money_of(plan)
    second = LeftOut(2, plan.actions[1].title)
    assert [each.number for each in money.contained] == [2, 4]
    assert ["not in the sum above" in tile for tile in tiles(money)] == [False, True, False]
    in_part = tiles(replace(money, contained=(), partly=(second,)))
    assert ["only a part of it is in the sum above" in tile for tile in in_part] == [False, True, False]
    assert not any("sum above" in tile for tile in tiles(replace(money, contained=(), partly=())))


def test_no_action_leads_a_sum_that_falls_again_and_the_fall_is_explained() -> None:
    plan = plans.plan_of()
    money = money_of(plan)
    steps = (SumStep(1, "An audit", 0, 14_000), SumStep(2, "Less pressure", 14_000, 9_700))
    html = compose(replace(plan, money=replace(money, steps=steps)), ENGLISH)
    assert "brings more than half of the saving" not in html
    assert "An open column lowers the sum" in html
    assert "An open column" not in compose(plan, ENGLISH)


def test_what_nobody_knows_is_missing_on_paper_and_no_zero() -> None:
    text = printed(plans.plan_of(plans.POOR)).text
    assert "Your footprint is at least 0.2 tonnes of CO\N{SUBSCRIPT TWO}e a year" in text
    assert "What you burn or lose yourself (scope 1) is not known yet." in text
    assert "0.0 t" not in text
    known = printed(plans.plan_of()).text
    assert "you caused 67.3 t directly (scope 1)" in known
    assert "at least" not in known.partition("your answers")[0]


def test_euros_on_a_card_name_their_source_and_year_or_are_called_an_estimate() -> None:
    plan = plans.plan_of()
    for html in (compose(plan, ENGLISH), compose_word(plan, ENGLISH)):
        words = " ".join(re.sub("<[^>]+>", " ", html).split())
        told = next(card for card in plan.actions if card.title == "Measure and cut food waste").savings
        cited = "; ".join(dict.fromkeys(row.cited for row in told if row.cited))
        assert re.fullmatch(r".+, \d{4}(; .+, \d{4})*", cited)
        assert f"Sources: {cited}" in words
        assert "EUR 0 to EUR 800 (our estimate)" in words


def test_every_price_that_savings_were_reckoned_with_is_named_with_its_source() -> None:
    text = printed(plans.plan_of()).text
    assert "Electricity bought, from bills or a meter 112,000 kWh EUR 0.1416 Bulgaria, band IB: 20 to 499 MWh a" in text
    assert "second half of 2024" in text
    assert "Water taken in, from bills or a meter 880 m³ EUR 1.65 your price" in text
    assert "Materials bought a year, from bills or a meter EUR 268,000 –" in text
    haulier = compose(plans.plan_of("haulier-lt"), ENGLISH)
    assert re.search(r"Diesel, from bills or a meter</th>.*?not known", haulier)


def test_what_is_saved_less_what_actions_use_more_adds_up_on_its_row() -> None:
    document = plans.plan_of()
    money = money_of(document)
    power = next(row for row in money.quantities if row.resource == "electricity")
    heat_pump = replace(power, used=10_000.0, saved=Range(3000.0, 4000.0, 5000.0), added=Range(800.0, 1000.0, 1300.0))
    more = replace(power, used=10_000.0, saved=Range(0.0, 0.0, 0.0), added=Range(800.0, 1000.0, 1300.0))
    for row, told in (
        (heat_pump, "Electricity, kWh 4,000 saved, less 1,000 that actions use more 10,000 3,000 2,000 to 4,000 30 %"),
        (more, "Electricity, kWh 10,000 1,000 more 800 to 1,300 -10 %"),
    ):  # fmt: skip
        text = words_of(compose(replace(document, money=replace(money, quantities=(row,))), ENGLISH))
        assert told in text, text[text.find("units of your bills") :][:400]


def test_the_version_of_the_factors_stands_beside_that_of_the_questions() -> None:
    version = money_of(plans.plan_of()).footprint.version
    assert f"Emission factors and prices: version {version}." in printed(plans.plan_of()).pages[-1]


def test_sixty_actions_with_money_fit_as_well() -> None:
    plan = plans.plan_of()
    cards = (replace(plan.actions[at % 7], number=at + 1, title=f"Measure {at + 1}") for at in range(60))
    paper = printed(replace(plan, actions=tuple(cards)))
    assert len(paper.pages) <= 44
    assert (complaints(paper), outside(paper), overprinted(paper), thin_pages(paper)) == ([], [], [], [])


def test_grams_do_not_read_as_nothing() -> None:
    figures = [tonnes(Decimal(kg), ENGLISH) for kg in ("13.4", "49", "50", "0", "-13.4")]
    assert figures == ["0.013", "0.049", "0.05", "0.0", "-0.013"]


def test_below_the_coverage_needed_no_range_is_shown_either() -> None:
    recycler = plans.plan_of("recycler-cz")
    assert (recycler.overall.headline, recycler.overall.low, recycler.overall.high) == (None, 47, 61)
    score_page = printed(recycler).pages[1]
    assert "Emissions, transport and site 3 – – 2 of 7" in score_page
    assert "Overall – – 26 of 59" in score_page


def test_without_money_no_page_and_no_word_of_it() -> None:
    plan = plans.plan_of()
    told, untold = (words_of(compose(each, ENGLISH)) for each in (plan, replace(plan, money=None)))
    for word in (
        "could save about",
        "Each action by itself",
        "tonnes of CO\N{SUBSCRIPT TWO}e",
        "What the plan can save",
    ):
        assert word in told
        assert word not in untold


def test_a_plan_that_was_followed_up_shows_measured_beside_forecast() -> None:
    text = printed(followed()).text
    assert "The saving of 1 action was measured" in text
    assert "Waste: 1 t a year less than before. about 1 t As forecast" in text
    assert "was measured" not in printed(plans.plan_of()).text


def test_a_card_gives_the_saving_here_and_else_the_published_share() -> None:
    text = printed(plans.plan_of()).text
    assert "Saving: about EUR 5,700 a year (3,100 to 9,400); about 1.1 t of waste; " in text
    assert "; about EUR 5,400 of materials." in text
    assert "Confidence: Estimate" in text
    assert "Payback: About 14 years" in text
    assert "Saving: 50 to 100 % of greenhouse gases from electricity. Estimate." in text
