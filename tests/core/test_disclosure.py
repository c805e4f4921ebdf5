"""Each rule of disclosure control, and beside each what would be known without it. RELIABILITY PRV-20 to PRV-28."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import chain, combinations
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from assessment.core.aggregates import bounds, disclosure, readiness, span
from assessment.core.aggregates.bounds import Cell, Gap, dominated, narrow
from assessment.core.aggregates.contributions import Amount, Contribution, Standing
from assessment.core.aggregates.disclosure import (
    Timing,
    count,
    may_release,
    middle_half,
    order_statistic,
    percentile,
    reachable,
    rounded,
    rules_of,
    share,
    significant,
)
from assessment.core.aggregates.older_ledgers import completed, is_older
from assessment.core.aggregates.readiness import release
from assessment.core.aggregates.room import MakesProver, Room
from assessment.core.aggregates.snapshots import WITHHELD, Figure, Ledger, Menu, Quantity, Release, Rules, TableId
from assessment.core.aggregates.span import Kernel, People, Span, bits, mask
from assessment.core.aggregates.vanishing import HALF, PRIME, Light, MakesPairs, Pairs, Token, both, meeting, vanishing
from assessment.core.aggregates.withholding import Withholding
from assessment.core.errors import Refused
from assessment.quick import span as quick_span
from assessment.quick.room import QuickRoom
from assessment.quick.span import QuickKernel, QuickPairs
from tests.core.attacker import Knowledge, Program, too_near
from tests.core.populations import START

RULES = Rules()
DAY = timedelta(days=1)


def menu(population: str = "all") -> Menu:
    return Menu(
        population=population,
        sections=("energy",),
        practices=("audit",),
        amounts=(Quantity(id="saving", unit="EUR a year"),),
        sectors=("bread", "cake", "pies"),
    )


def company(name: object, energy: int = 50, sector: str = "bread", version: str = "1", **more: object) -> Contribution:
    return Contribution.model_validate(
        {
            "contributor": str(name),
            "version": f"{name} {version}",
            "finished_at": START,
            "sector": sector,
            "sections": {"energy": energy},
            **more,
        }
    )


def companies(many: int, sector: str = "bread", first: int = 0) -> list[Contribution]:
    """Companies with different scores around the middle of the scale."""
    return [company(f"{sector}{first + at}", 35 + (first + at) * 7 % 31, sector) for at in range(many)]


def taken(members: Sequence[Contribution], earlier: Sequence[Ledger] = (), days: int = 0, name: str = "all") -> Release:
    return release(menu(name), members, earlier, at=START + days * DAY)


def sector_mean(made: Release, sector: str) -> Figure:
    return made.snapshot.table("sectors").figure(sector, "energy")


def mean(made: Release) -> Figure:
    return made.snapshot.table("sections").figure("energy", "mean")


@pytest.fixture
def only_k(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every cell of k companies is shown, as many dashboards do it."""
    monkeypatch.setattr(
        disclosure.Audit, "admitted", lambda self, variable, cells, whole, parts, unoffered: set(range(len(cells)))
    )


# PRV-20


def test_four_companies_are_not_shown_and_five_are() -> None:
    four, five = (taken([*companies(20), *companies(many, "cake")]) for many in (4, 5))
    assert sector_mean(four, "cake") is WITHHELD
    assert sector_mean(five, "cake") is not WITHHELD


def test_k_may_be_raised_and_settings_refuse_less_than_five_and_the_core_less_than_three() -> None:
    assert rules_of(8).k == 8
    with pytest.raises(Refused, match="k-too-small"):
        rules_of(4)
    assert Rules(k=3).k == 3
    with pytest.raises(ValidationError):
        Rules(k=2)


def test_a_raised_k_withholds_what_the_default_shows() -> None:
    members = [*companies(20), *companies(7, "cake")]
    raised = release(menu(), members, at=START, rules=Rules(k=8))
    assert sector_mean(taken(members), "cake") is not WITHHELD
    assert sector_mean(raised, "cake") is WITHHELD


@pytest.mark.usefixtures("only_k")
def test_without_k_one_of_two_takes_its_own_score_off_and_has_that_of_the_other() -> None:
    members = [*companies(20), company("one", 84, "cake"), company("other", 22, "cake")]
    assert sector_mean(taken(members), "cake") is WITHHELD
    without = release(menu(), members, at=START, rules=Rules.model_construct(k=2, p=10, rounding=1, days=7))
    assert sector_mean(without, "cake") == (84 + 22) / 2


# PRV-21


def test_a_mean_at_an_end_of_the_scale_is_what_everybody_has_and_not_shown() -> None:
    def shown(energy: Sequence[int]) -> Figure:
        return mean(taken([company(at, points) for at, points in enumerate(energy)]))

    assert shown([0, 0, 0, 0, 1, 0]) is WITHHELD
    assert shown([99, 100, 100, 100, 100, 98]) is WITHHELD
    assert shown([50] * 6) is WITHHELD
    assert shown([40, 50, 50, 60, 50, 50]) == 50


@pytest.mark.usefixtures("only_k")
def test_with_k_alone_a_mean_at_an_end_says_what_each_company_has() -> None:
    none, all_of_it = (
        mean(taken([company(at, points) for at, points in enumerate(energy)]))
        for energy in ((0, 0, 0, 0, 1, 0), (100, 100, 99, 100, 100, 100))
    )
    # Six companies have three points at most, and 597 at least.
    assert (none, all_of_it) == (0, 100)


def missing(many: int) -> Figure:
    members = [company(at, 40 + at, practices={"audit": at < many}) for at in range(20)]
    return taken(members).snapshot.table("practices").figure("audit", "missing")


@pytest.mark.usefixtures("only_k")
def test_with_k_alone_a_practice_that_everybody_lacks_is_told_of_each(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "count", lambda part, whole, rules: rounded(part, rules.rounding))
    assert (missing(0), missing(20)) == (0, 20)


def test_nobody_or_everybody_without_a_practice_is_not_shown() -> None:
    assert [missing(many) for many in (0, 4, 16, 20)] == [WITHHELD] * 4
    assert [missing(many) for many in (5, 8, 15)] == [5, 10, 15]


def test_there_is_no_column_of_the_least_or_the_most() -> None:
    keys = {column.key for table in taken(companies(60)).snapshot.tables for column in table.columns}
    assert keys.isdisjoint({"min", "max", "minimum", "maximum", "p0", "p100"})
    assert "p50" in keys


def test_order_statistics_wait_for_enough_companies_and_stay_off_the_ends() -> None:
    assert order_statistic(range(1, 10), 50, RULES.medians_from) is WITHHELD
    assert order_statistic(range(1, 11), 50, RULES.medians_from) == 6
    assert order_statistic([0] * 8 + [50] * 4, 50, 10) is WITHHELD
    assert middle_half([10] * 12, RULES) == (WITHHELD, WITHHELD)
    assert percentile(list(range(1, 41)), 10, RULES) is WITHHELD
    assert percentile(list(range(1, 61)), 10, RULES) == 7
    assert (Rules(k=12).medians_from, Rules(k=12).percentiles_from) == (24, 72)


def test_with_k_alone_a_median_is_the_score_of_one_company_and_the_quartiles_those_of_two_more() -> None:
    scores = [11, 23, 37, 58, 81]
    assert [order_statistic(scores, percent, RULES.k) for percent in (25, 50, 75)] == [23, 37, 58]
    assert [order_statistic(scores, percent, RULES.medians_from) for percent in (25, 50, 75)] == [WITHHELD] * 3
    # And the percentiles of as many as a median needs are those of the second and the last but one.
    more = sorted([*scores, 14, 29, 44, 66, 90])
    assert [round(order_statistic(more, percent, RULES.k) or 0) for percent in (10, 90)] == [14, 82]
    assert [percentile(more, percent, RULES) for percent in (10, 90)] == [WITHHELD] * 2


# PRV-22


def test_a_sum_of_which_few_have_nearly_all_is_not_shown() -> None:
    def total(values: Sequence[float]) -> Figure:
        members = [company(at, 40 + at, amounts={"saving": Amount(value=value)}) for at, value in enumerate(values)]
        return taken(members).snapshot.table("amounts").figure("saving", "sum")

    assert total([1000.0] * 10) == 10000
    assert total([1_000_000.0, 900_000.0, 800_000.0, 700_000.0, 10.0, 10.0, 10.0]) is WITHHELD
    assert total([0.0] * 10) is WITHHELD


@pytest.mark.usefixtures("only_k")
def test_with_k_alone_the_second_largest_takes_its_own_off_a_sum_and_is_left_with_the_largest() -> None:
    values = [1_000_000.0, 40_000.0, *[5000.0] * 5]
    members = [company(at, 40 + at, amounts={"saving": Amount(value=value)}) for at, value in enumerate(values)]
    shown = taken(members).snapshot.table("amounts").figure("saving", "sum")
    assert shown is not None
    assert shown - values[1] == pytest.approx(values[0], rel=0.1)


@pytest.mark.usefixtures("only_k")
def test_without_rounding_a_count_with_one_company_more_says_what_that_one_lacks() -> None:
    def counts(rounding: int) -> list[Figure]:
        rules = Rules(rounding=rounding)
        members = [company(at, 40 + at, practices={"audit": at < 11}) for at in range(21)]
        fewer = members[:10] + members[11:]
        return [
            release(menu(), group, at=START, rules=rules).snapshot.table("practices").figure("audit", "missing")
            for group in (fewer, members)
        ]  # fmt: skip

    assert counts(1) == [10, 11]
    assert counts(5) == [10, 10]


def test_the_rule_for_amounts_holds_for_one_company_against_the_second_largest() -> None:
    values = [1000.0, 500.0, 30.0, 20.0, 10.0, 5.0]
    others = sum(values) - values[0] - values[1]
    assert others < 0.1 * values[0]
    assert dominated(values, RULES)
    assert not dominated([1000.0, 500.0, *[100.0] * 10], RULES)


def test_counts_shares_and_sums_are_rounded() -> None:
    assert [rounded(value, 5) for value in (0, 2, 3, 7, 7.5, 12.4)] == [0, 0, 5, 5, 10, 10]
    assert [count(part, 20, RULES) for part in (4, 5, 8, 15, 16)] == [WITHHELD, 5, 10, 15, WITHHELD]
    assert (share(5, 15, RULES), share(WITHHELD, 15, RULES), share(5, WITHHELD, RULES)) == (35, WITHHELD, WITHHELD)
    assert [significant(value) for value in (0.0, 123456.0, 0.0123456, 999.6)] == [0, 123000, 0.0123, 1000]


def test_a_share_says_no_more_than_the_rounded_counts_beside_it() -> None:
    seven, eight = (share(count(part, 14, RULES), rounded(14, 5), RULES) for part in (8, 9))
    assert seven == eight


# PRV-23


def test_a_category_that_the_menu_does_not_have_counts_among_all_alone() -> None:
    made = taken([*companies(12), *companies(12, "made-up")])
    assert [row.key for row in made.snapshot.table("sectors").rows] == ["bread", "cake", "pies"]
    assert made.snapshot.companies == 20


# PRV-24


def test_what_is_left_of_all_when_the_sectors_are_taken_off_is_never_a_small_group() -> None:
    members = [*companies(12), *companies(8, "cake"), *companies(3, "pies")]
    made = taken(members)
    assert mean(made) is not WITHHELD
    shown = [sector for sector in ("bread", "cake", "pies") if sector_mean(made, sector) is not WITHHELD]
    assert shown == ["bread"]


@pytest.mark.usefixtures("only_k")
def test_without_the_audit_the_small_sector_follows_from_the_others() -> None:
    made = taken([*companies(12), *companies(8, "cake"), *companies(3, "pies")])
    assert sector_mean(made, "pies") is WITHHELD
    assert sector_mean(made, "bread") is not WITHHELD
    assert sector_mean(made, "cake") is not WITHHELD


def admitted(
    cells: Sequence[Sequence[int]], candidates: Sequence[Sequence[int]], company: Sequence[int], k: int
) -> list[int]:
    masks = [[sum(1 << bit for bit in cell) for cell in group] for group in (cells, candidates)]
    return Span(masks[0], masks[1], People(company), k, Kernel, Pairs).admitted()


def test_the_span_finds_one_group_and_unions_of_two_three_and_four() -> None:
    """Each of the small groups is in another second cell, so that it is a column of its own."""
    for many in (1, 2, 3, 4):
        small = list(range(20, 20 + many))
        apart = [[at, *range(at - 20, 20, 4)] for at in small]
        whole = [*range(20), *small]
        assert admitted([whole, *apart], [list(range(20))], range(40), 5) == []
    five = list(range(20, 25))
    apart = [[at, *range(at - 20, 20, 5)] for at in five]
    assert admitted([[*range(20), *five], *apart], [list(range(20))], range(40), 5) == [0]


def test_the_span_finds_groups_that_follow_only_from_several_equations() -> None:
    ring = [[*range(0, 10), *range(10, 20)], [*range(10, 20), *range(20, 23)], [*range(20, 23), *range(0, 10)]]
    assert admitted(ring[:2], [ring[2]], range(30), 5) == []
    assert admitted(ring[:1], [ring[2]], range(30), 5) == [0]


def test_a_cell_that_follows_from_the_others_costs_nothing() -> None:
    cells = [list(range(20)), list(range(8))]
    assert admitted(cells, [list(range(8, 20))], range(20), 5) == [0]


def test_what_was_given_away_before_k_was_raised_is_not_held_against_new_cells() -> None:
    """Six companies were told apart from the rest under k = 5."""
    cells = [list(range(30)), list(range(24))]
    assert admitted(cells, [list(range(30, 60))], range(60), 10) == [0]
    assert admitted(cells, [list(range(12)), list(range(18))], range(60), 10) == [0]


# PRV-25


def test_whoever_takes_off_an_own_value_is_left_with_k_minus_one_others() -> None:
    """Five cakes may be told from the rest; four of them would be left to the fifth, and three with one less."""
    assert sector_mean(taken([*companies(20), *companies(5, "cake")]), "cake") is not WITHHELD
    four = release(menu(), [*companies(20), *companies(4, "cake")], at=START, rules=Rules(k=4))
    assert sector_mean(four, "cake") is not WITHHELD
    assert sector_mean(taken([*companies(20), *companies(4, "cake")]), "cake") is WITHHELD


def test_an_insider_with_most_of_a_sum_does_not_learn_that_the_others_have_nothing() -> None:
    everybody = [company(at, points) for at, points in enumerate((60, 1, 1, 0, 2))]
    assert not narrow(64 - 2.5, 64 + 2.5, 5, 0, 100, RULES)
    assert narrow(4 - 2.5, 4 + 2.5, 4, 0, 100, RULES, known=1)
    assert mean(taken(everybody)) is WITHHELD
    assert mean(taken([company(at, points) for at, points in enumerate((30, 12, 20, 15, 10))])) == 17


# PRV-26


def test_a_new_snapshot_waits_a_week() -> None:
    members = companies(12)
    first = taken(members)
    more = [*members, *companies(6, "cake")]
    soon = may_release("all", more, [first.ledger], START + 6 * DAY, RULES)
    assert (soon.code, soon.from_day) == ("too-soon", START + 7 * DAY)
    with pytest.raises(Refused, match="too-soon"):
        taken(more, [first.ledger], 6)
    assert may_release("all", more, [first.ledger], START + 7 * DAY, RULES).code == "yes"


def test_a_new_snapshot_waits_until_k_companies_joined_or_changed() -> None:
    members = companies(20)
    first = taken(members)
    four = [*members, *companies(4, "cake")]
    with pytest.raises(Refused, match="too-few-changes"):
        taken(four, [first.ledger], 90)
    edited = [given.model_copy(update={"version": "2"}) for given in members[:1]] + four[1:]
    assert taken(edited, [first.ledger], 90)


@pytest.mark.usefixtures("only_k")
def test_without_the_waiting_one_company_that_answers_anew_is_the_difference_of_two_days(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    members = [company(at, 40 + at) for at in range(10)]
    first = taken(members)
    anew = [company(0, 90, version="2"), *members[1:]]
    with pytest.raises(Refused, match="too-soon"):
        taken(anew, [first.ledger], 1)
    with pytest.raises(Refused, match="too-few-changes"):
        taken(anew, [first.ledger], 90)
    monkeypatch.setattr(readiness, "may_release", lambda *_: Timing("yes"))
    before, after = mean(first), mean(taken(anew, [first.ledger], 1))
    assert before is not None
    assert after is not None
    # It rose by fifty points; two rounded means say so to within ten.
    assert 10 * (after - before) == pytest.approx(50, abs=10)


def test_companies_that_only_left_make_no_new_snapshot() -> None:
    members = companies(20)
    assert may_release("all", members[:14], [taken(members).ledger], START + 90 * DAY, RULES).code == "too-few-changes"


def test_another_population_has_its_own_clock() -> None:
    first = taken(companies(20))
    assert may_release("other", companies(20), [first.ledger], START, RULES).code == "yes"


def test_the_change_of_a_few_in_one_sector_is_not_told_by_the_difference_of_two_snapshots() -> None:
    members = [*companies(20), *companies(10, "cake")]
    first = taken(members)
    assert sector_mean(first, "cake") is not WITHHELD
    changed = [company("cake0", 99, "cake", "2"), *[given for given in members if given.contributor != "cake0"]]
    later = [*changed, *companies(6, "bread", 30)]
    second = taken(later, [first.ledger], 90)
    assert mean(second) is not WITHHELD
    # The other sector goes as well, because the whole less it would be the first one.
    assert sector_mean(second, "cake") is sector_mean(second, "bread") is WITHHELD


@pytest.mark.usefixtures("only_k")
def test_without_the_audit_the_change_of_one_company_is_the_difference_of_two_snapshots() -> None:
    members = [*companies(20), *companies(10, "cake")]
    first = taken(members)
    changed = [company("cake0", 99, "cake", "2"), *[given for given in members if given.contributor != "cake0"]]
    second = taken([*changed, *companies(6, "bread", 30)], [first.ledger], 90)
    before, after = sector_mean(first, "cake"), sector_mean(second, "cake")
    assert before is not None
    assert after is not None
    assert after > before


# PRV-27


def test_a_sub_cluster_that_leaves_a_few_of_the_cluster_is_not_shown() -> None:
    members = companies(30)
    whole = taken(members)
    for outside, shown in ((3, False), (5, True)):
        part = taken(members[outside:], [whole.ledger], name="part")
        assert (mean(part) is not WITHHELD) is shown
    assert mean(taken(members[3:], name="part")) is not WITHHELD


def test_two_clusters_that_share_all_but_a_few_are_audited_together() -> None:
    shared = companies(20)
    one = taken([*shared, *companies(2, "cake")], name="one")
    other = [*shared, *companies(2, "pies")]
    assert mean(taken(other, [one.ledger], name="other")) is WITHHELD
    assert mean(taken(other, name="other")) is not WITHHELD


def test_a_sum_that_would_tell_a_few_large_joiners_is_not_shown() -> None:
    def with_saving(group: Sequence[Contribution], value: float) -> list[Contribution]:
        return [given.model_copy(update={"amounts": {"saving": Amount(value=value)}}) for given in group]

    members = with_saving(companies(30), 1000)
    first = taken(members)
    small, large = with_saving(companies(5, "cake"), 1), with_saving(companies(1, "pies"), 50_000)
    later = [*members, *small, *large]
    assert taken(later).snapshot.table("amounts").figure("saving", "sum") == 80000
    second = taken(later, [first.ledger], 90).snapshot.table("amounts")
    assert second.figure("saving", "sum") is WITHHELD
    even = [*members, *with_saving(companies(6, "cake"), 1000)]
    assert taken(even, [first.ledger], 90).snapshot.table("amounts").figure("saving", "sum") == 36000


def test_what_a_part_leaves_of_a_whole_is_looked_at_where_the_values_are_at_hand_and_withheld_where_not() -> None:
    members = [given.model_copy(update={"amounts": {"saving": Amount(value=1000)}}) for given in companies(30)]
    whole = taken(members)
    unseen, seen = (
        release(menu("part"), members[:15], [whole.ledger], at=START, background=given) for given in ((), members)
    )
    assert unseen.snapshot.table("amounts").figure("saving", "sum") is WITHHELD
    assert seen.snapshot.table("amounts").figure("saving", "sum") == 15000


def test_a_chain_of_populations_is_reached_and_what_hangs_on_nothing_is_not() -> None:
    ledgers = {name: taken(companies(6, first=first), name=name).ledger
               for name, first in (("one", 0), ("two", 5), ("three", 10), ("far", 90))}  # fmt: skip
    found = reachable(ledgers.values(), companies(2))
    assert [ledger.population for ledger in found] == ["one", "two", "three"]
    joined = reachable(ledgers.values(), companies(2), {"bread90": "bread1"})
    assert {ledger.population for ledger in joined} == {"one", "two", "three", "far"}


def test_a_result_is_the_same_unknown_whomever_it_is_counted_for() -> None:
    """Ten companies with an eleventh: told from the ten, whose owners are others by then, the eleventh is alone."""
    members = companies(10)
    first = taken(members, name="one")
    sold = [given.model_copy(update={"contributor": f"new owner {at}"}) for at, given in enumerate(members)]
    answered = [given.model_copy(update={"version": f"another {at}"}) for at, given in enumerate(sold)]
    assert mean(taken([*sold, company("cake", 44)], [first.ledger], name="other")) is WITHHELD
    assert mean(taken([*answered, company("cake", 44)], [first.ledger], name="other")) is not WITHHELD
    with pytest.raises(Refused, match="too-few-changes"):
        taken([*sold, company("cake", 44)], [first.ledger], 90, name="one")


def test_results_that_are_known_by_name_are_no_others_to_hide_among() -> None:
    members = [*companies(14), *companies(6, "cake")]
    names = [given.version for given in members[-2:]]
    assert sector_mean(taken(members), "cake") is not WITHHELD
    assert sector_mean(release(menu(), members, at=START, known=names), "cake") is WITHHELD
    whole = release(menu(), members, at=START, known=[given.version for given in members])
    assert sector_mean(whole, "cake") is not WITHHELD


def test_practices_and_medians_need_enough_companies_that_are_not_known_by_name() -> None:
    members = [company(at, 30 + at, practices={"audit": at < 8}) for at in range(16)]

    def shown(known: Sequence[int]) -> tuple[Figure, Figure]:
        versions = [members[at].version for at in known]
        tables = release(menu(), members, at=START, known=versions).snapshot
        median = tables.table("sections").figure("energy", "median")
        return median, tables.table("practices").figure("audit", "missing")

    assert shown([0, 1, 2]) == (38, 10)
    assert shown([0, 1, 2, 3]) == (38, WITHHELD)
    assert shown([0, 1, 2, 8, 9, 10]) == (38, 10)
    assert shown([0, 1, 2, 8, 9, 10, 11]) == (WITHHELD, WITHHELD)


def test_names_are_opened_as_far_as_what_was_released_tells_nobody_more() -> None:
    members = companies(8)
    first = taken(members, name="one")
    later = [*members, *companies(6, "cake")]
    names = [given.version for given in members]
    made = release(menu(), later, [first.ledger], at=START, names=names[:6])
    assert len(made.ledger.named) == 3
    assert release(menu(), later, [first.ledger], at=START, names=names).ledger.named == tuple(sorted(names))
    assert release(menu(), later, at=START, names=names[:6]).ledger.named == tuple(sorted(names[:6]))


# PRV-28


def test_a_second_cell_is_withheld_where_one_would_follow_from_the_total() -> None:
    def shown(many: int) -> list[bool]:
        made = taken([*companies(12), *companies(8, "cake"), *companies(many, "pies")])
        return [sector_mean(made, sector) is not WITHHELD for sector in ("bread", "cake", "pies")]

    assert shown(4) == [True, False, False]
    assert shown(5) == [True, True, True]


def test_a_sector_withheld_for_what_it_says_does_not_follow_from_the_total_either() -> None:
    low = [company(f"pies{at}", at % 2, "pies") for at in range(6)]
    made = taken([*companies(8), *companies(7, "cake"), *low])
    assert sector_mean(made, "pies") is WITHHELD
    assert WITHHELD in (sector_mean(made, "bread"), sector_mean(made, "cake"))


# The parts that the rules are made of.


def test_several_equations_that_come_near_a_group_from_two_sides_are_seen() -> None:
    """Eight companies in two cells of five that share two: both means near the top leave the two little room."""
    values = dict.fromkeys(range(9), 50.0)
    wide = [Cell(0b11111, 200, 300), Cell(0b111110000, 200, 300)]
    assert Room(wide, values, 100, RULES).is_enough(0b1111)
    tight = [*wide, Cell(0b1111, 199.5, 200.5)]
    assert not Room(tight, values, 100, RULES).is_enough(0b1111)


def test_what_no_cell_counts_is_as_open_as_before() -> None:
    room = Room([Cell(0b1111, 199.5, 200.5)], dict.fromkeys(range(6), 50.0), 100, RULES)
    assert not room.is_enough(0b1111)
    assert room.is_enough(0b11111)
    assert Room([], {}, 100, RULES).is_enough(0b1111)


FOUR, FIRST, SECOND, OUTSIDE, THREE = range(4), range(4, 36), range(36, 54), range(54, 59), range(59, 62)
"""Of 54 companies of a sector four are in one region, 32 in a second and 18 in a third. Of all sectors five more are in
the third, and three in the first.
"""
POINTS = [31, 39, 66, 30, *[47] * 18, *[46] * 14, *[47] * 10, *[48] * 8, *[100] * 5, 97, 96, 96]


def of(*groups: Sequence[int]) -> Cell:
    """The mean of some of these companies, as it is shown."""
    points = [POINTS[at] for group in groups for at in group]
    shown = rounded(sum(points) / len(points), 1)
    return Cell(mask([*chain(*groups)]), len(points) * (shown - 0.5), len(points) * (shown + 0.5))


SHOWN = [of(SECOND, OUTSIDE), of(FOUR, THREE), of(FOUR[:2], FIRST[:20]), of(THREE[:1], FIRST[12:])]
"""Both small regions, over all sectors, and sizes that divide the smallest."""
SECTOR, LARGE_REGION = of(FOUR, FIRST, SECOND), of(FIRST)
"""Beside what is shown these two would leave the four companies 26 points, from 151.5 to 177.5."""


def left(released: Sequence[Cell], offered: Sequence[Cell], unoffered: Sequence[int], room: MakesProver) -> set[int]:
    values = dict(enumerate(map(float, POINTS)))
    made = Withholding(released, offered, unoffered, values, 100, RULES, room)
    return made.left_of(range(len(offered)))


@pytest.mark.parametrize("room", [Room, QuickRoom])
def test_a_category_that_is_too_small_to_be_offered_is_looked_at_and_what_tells_it_goes(room: MakesProver) -> None:
    assert left(SHOWN, [SECTOR, LARGE_REGION], [mask(FOUR)], room) == {0}
    assert left(SHOWN, [SECTOR, LARGE_REGION], [], room) == {0, 1}


@pytest.mark.parametrize("room", [Room, QuickRoom])
def test_a_cell_goes_that_tells_a_group_without_touching_it(room: MakesProver, monkeypatch: pytest.MonkeyPatch) -> None:
    assert left([*SHOWN, SECTOR], [LARGE_REGION], [mask(FOUR)], room) == set()
    monkeypatch.setattr(Withholding, "_brings", lambda self, together, group: bool(together & group))
    assert left([*SHOWN, SECTOR], [LARGE_REGION], [mask(FOUR)], room) == {0}


def test_a_value_that_is_not_at_hand_is_taken_not_to_move() -> None:
    values = dict.fromkeys(range(6), 50.0)
    cell = [Cell(0b111111, 297, 303)]
    assert Room(cell, values, 100, RULES).is_enough(0b1111)
    del values[4], values[5]
    assert not Room(cell, values, 100, RULES).is_enough(0b1111)


def test_an_equation_read_from_the_other_side_says_the_same() -> None:
    gap = Gap(0b0011, 0b1100, -5, 10)
    assert bounds.Gap(0b1100, 0b0011, -10, 5) == gap.turned()
    assert gap.turned().turned() == gap


def test_which_cells_are_shown_does_not_depend_on_values_in_the_middle_of_the_scale() -> None:
    one, other = (
        taken([company(at, points, "bread" if at % 2 else "cake") for at, points in enumerate(scores)])
        for scores in (range(40, 60), range(60, 40, -1))
    )
    assert [entry.members for entry in one.ledger.entries] == [entry.members for entry in other.ledger.entries]
    assert [entry.variable for entry in one.ledger.entries].count("section:energy") == 3


@pytest.mark.parametrize("pairs", [Pairs, QuickPairs])
@given(data=st.data())
def test_every_few_numbers_that_add_up_to_nothing_are_found_and_no_others(
    pairs: MakesPairs, data: st.DataObject
) -> None:  # fmt: skip
    numbers = data.draw(st.lists(st.integers(1, 30) | st.integers(PRIME - 30, PRIME - 1), min_size=3, max_size=8))
    companies = [data.draw(st.frozensets(st.integers(0, 5), min_size=1, max_size=2)) for _ in numbers]
    k = data.draw(st.integers(3, 7))
    light = [
        (number, Token(whose, at, None, frozenset((at,))))
        for at, (number, whose) in enumerate(zip(numbers, companies, strict=True))
    ]
    for one, other in data.draw(st.lists(st.sampled_from([*combinations(range(len(numbers)), 2)]), max_size=3)):
        both = companies[one] | companies[other]
        difference = (numbers[one] - numbers[other]) % PRIME
        if difference:
            light.append((difference, Token(both, one, other, frozenset((one, other)))))
    expected = set()
    for union in (*combinations(light, 3), *combinations(light, 4)):
        tokens = [token for _, token in union]
        apart = len(frozenset().union(*(token.atoms for token in tokens))) == sum(len(token.atoms) for token in tokens)
        few = len(frozenset().union(*(token.companies for token in tokens))) < k
        total = sum(number for number, _ in union)
        # At most one of them is taken off.
        if apart and few and any((total - 2 * off) % PRIME == 0 for off in (0, *(number for number, _ in union))):
            expected.add(frozenset(tokens))
    assert set(vanishing(light, k, pairs)) == expected
    within = meeting(light, pairs)
    assert set(vanishing([each for each in light if each[1] in within], k, pairs)) == expected


def tokens_at_random(draw: Random, numbers: Sequence[int]) -> Light:
    """An atom for each number, and differences of some of them."""
    light = [(number, Token(frozenset({at}), at, None, frozenset({at}))) for at, number in enumerate(numbers)]
    for _ in range(draw.randint(0, 15)):
        one, other = draw.sample(range(len(numbers)), 2)
        if difference := (numbers[one] - numbers[other]) % PRIME:
            light.append((difference, Token(frozenset({one, other}), one, other, frozenset({one, other}))))
    draw.shuffle(light)
    return light


@pytest.mark.parametrize("at_once", [3, 40, quick_span.AT_ONCE])
def test_sums_that_are_met_in_portions_with_numpy_are_those_that_meet_in_plain_python(
    at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quick_span, "AT_ONCE", at_once)
    ends = [*range(1, 9), *(HALF + at for at in range(-4, 5)), *(PRIME - at for at in range(1, 9))]
    for seed in range(60):
        draw = Random(seed)  # noqa: S311 - figures for tests
        numbers = [draw.choice((*ends, draw.randrange(1, PRIME))) for _ in range(draw.randint(2, 25))]
        light = tokens_at_random(draw, numbers)
        plain, quick = Pairs(light), QuickPairs(light)
        met = plain.met()
        assert met == quick.met()
        one, other = ([*map(frozenset, made.tokens_at(both(met)))] for made in (plain, quick))
        assert set(one) == set(other)


def test_the_vectors_that_numpy_draws_are_those_of_plain_python() -> None:
    for seed in range(20):
        draw = Random(seed)  # noqa: S311 - figures for tests
        columns = draw.randint(1, 40)
        rows = [draw.sample(range(columns), draw.randint(0, columns)) for _ in range(draw.randint(0, 12))]
        # A row that repeats another one counts nothing.
        plain, quick = (made([*rows, *rows[:1]], columns, 8) for made in (Kernel, QuickKernel))
        for _ in range(6):
            assert quick.two() == plain.two()
            more = draw.sample(range(columns), draw.randint(0, columns))
            plain, quick = plain.joined(more), quick.joined(more)


def test_products_and_remainders_at_the_ends_of_what_numpy_holds_are_exact() -> None:
    ends = [at + by for at in (0, 1 << 30, 1 << 31, HALF, PRIME) for by in range(-3, 3) if 0 <= at + by < PRIME]
    held = np.array(ends, dtype=np.uint64)
    assert quick_span.times(held[:, None], held).tolist() == [[a * b % PRIME for b in ends] for a in ends]
    whole = [0, PRIME - 1, PRIME, PRIME + 1, 2 * PRIME, (1 << 64) - 1]
    assert quick_span.reduced(np.array(whole, dtype=held.dtype)).tolist() == [at % PRIME for at in whole]


@given(st.sets(st.integers(0, 400), max_size=60))
def test_the_places_of_few_and_of_many_ones_are_found_in_order_and_make_the_number_again(places: set[int]) -> None:
    cell = sum(1 << at for at in places)
    assert bits(cell) == sorted(places)
    assert mask(places) == cell


Offered = tuple[list[Cell], dict[int, float], int]
"""Cells, the values of their unknowns as far as they are at hand, and how many unknowns there are."""


def cells_at_random(seed: int) -> Offered:
    """Some cells; often more than unknowns, so that their equations hang together and some say all."""
    draw = Random(seed)  # noqa: S311 - figures for tests
    many = draw.choice((1, 8, 9, 40, 300))
    masks = [draw.getrandbits(many) * (draw.random() < 0.9) for _ in range(draw.choice((1, 2, 9, 17)))]
    values = {bit: float(draw.randint(0, 100)) for bit in range(many) if draw.random() < 0.97}
    totals = [sum(values.get(bit, 0) for bit in bits(cell)) for cell in masks]
    # Never at the very edge of what is enough, where the last digit of a float decides.
    ends = [(total - draw.uniform(1, 9), total + draw.uniform(1, 9)) for total in totals]
    return [Cell(cell, *end) for cell, end in zip(masks, ends, strict=True)], values, many


# The last ones are those of 1,500 in which the two once said otherwise of a group.
@pytest.mark.parametrize("seeds", [range(60), (79, 186, 343, 427, 515, 750, 799, 885, 1252, 1266, 1400, 1499)])
def test_the_parts_that_numpy_makes_of_cells_are_those_of_plain_python(seeds: Sequence[int]) -> None:
    crowded = 0
    for seed in seeds:
        cells, values, many = cells_at_random(seed)
        crowded += len(cells) > many
        plain, quick = (made(cells, values, 100, RULES) for made in (Room, QuickRoom))
        assert plain.atoms == quick.atoms
        for group in {atom & cell.members for atom in plain.atoms for cell in cells} - {0}:
            assert plain.is_enough(group) is quick.is_enough(group)
    assert crowded > 8


@pytest.mark.parametrize("made", [Room, QuickRoom])
def test_what_is_said_to_be_open_is_open_by_a_linear_programme(made: MakesProver) -> None:
    """With more equations than unknowns too: once 7 points were told to be more than 10 there."""
    proved = 0
    for seed in (0, 2, 4, 8, 16, 32, 186, 213, 305, 515):
        cells, values, many = cells_at_random(seed)
        room = made(cells, values, 100, RULES)
        rows = np.array([[cell.members >> bit & 1 for bit in range(many)] for cell in cells], dtype=np.float64)
        low, high = (np.array([getattr(cell, end) for cell in cells]) for end in ("low", "high"))
        known = Knowledge([(str(bit), "") for bit in range(many)], np.zeros(many), rows, low, high, 100)
        program = Program(known)
        for group in {atom & cell.members for atom in room.atoms for cell in cells} - {0}:
            if room.is_enough(group):
                proved += 1
                assert not too_near(known, frozenset(bits(group)), program.bounds(frozenset(bits(group))), RULES.p)
    assert proved > 10


class TriesAll(span._Test):
    """The test for unions as it would be without remembering which tokens could be combined at all."""

    def _given_away(self, vectors: span.DrawsVectors) -> Iterator[frozenset[Token]]:
        self._meeting = None
        yield from super()._given_away(vectors)


class TriesNone(span._Test):
    """The same if it remembered none."""

    def _given_away(self, vectors: span.DrawsVectors) -> Iterator[frozenset[Token]]:
        self._meeting = frozenset()
        yield from super()._given_away(vectors)


def offered_with_a_union_of_three(seed: int) -> tuple[list[int], list[int], People]:
    """Cells at random, and among the candidates a whole and two parts of it that leave three."""
    draw = Random(seed)  # noqa: S311 - figures for tests
    many = draw.randint(12, 40)
    people = People([draw.randrange(many) if draw.random() < 0.2 else at for at in range(many)])
    cells = [draw.getrandbits(many) for _ in range(14)]
    three = sum(1 << at for at in draw.sample(range(many), 3))
    parts, half = cells.pop() & ~three, cells.pop()
    candidates = [*cells[4:], parts & half, parts & ~half, parts | three]
    draw.shuffle(candidates)
    return cells[:4], candidates, people


def test_what_could_never_be_combined_is_left_out_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    offers = [offered_with_a_union_of_three(seed) for seed in range(20)]

    def admitted() -> list[list[int]]:
        return [
            Span(cells, candidates, people, RULES.k, Kernel, Pairs).admitted() for cells, candidates, people in offers
        ]

    found = admitted()
    monkeypatch.setattr(span, "_Test", TriesAll)
    assert found == admitted()
    monkeypatch.setattr(span, "_Test", TriesNone)
    assert found != admitted()


# Counts: who came how far, who is counted, who answered. RELIABILITY PRV-22, PRV-24, PRV-26 to PRV-28.


def standing(name: object, reached: int = 1, counted: bool = True, sector: str = "bread") -> Standing:
    return Standing(
        contributor=f"bread{name}",
        version=f"{name} reached {reached}",
        counted_version=f"{name} counted {counted}",
        reached=reached,
        counted=counted,
        sector=sector,
    )


def planned(
    members: Sequence[Standing],
    earlier: Sequence[Release] = (),
    name: str = "all",
) -> Release:
    """A snapshot of a cluster in which everybody that is counted has a result."""
    counted = [company(f"bread{at.contributor.removeprefix('bread')}", 50) for at in members if at.counted]
    return release(
        menu(name).model_copy(update={"stages": ("joined", "finished", "planned")}),
        counted, [one.ledger for one in earlier], at=START, standings=members, background=counted,
        standings_before=members,
    )  # fmt: skip


def plans(made: Release) -> Figure:
    return made.snapshot.table("participation").figure("planned", "companies")


def with_plans(many: int, of: int) -> list[Standing]:
    return [standing(at, 3 if at < many else 2) for at in range(of)]


def test_a_count_is_not_shown_beside_one_of_a_cluster_with_one_member_less_whether_that_is_shown_or_not() -> None:
    """Four of twenty have a plan, which is not shown, and five of the same with one more: that one has one."""
    more = standing(20, 3)
    for many in (4, 9):
        fewer = with_plans(many, 20)
        first = planned(fewer, name="fewer")
        assert plans(first) == (WITHHELD if many == 4 else 10)
        assert plans(planned([*fewer, more])) == (5 if many == 4 else 10)
        assert plans(planned([*fewer, more], [first])) is WITHHELD
        # The other way round it is not shown however many they are, so that this says nothing.
        assert plans(planned(fewer, [planned([*fewer, more])], name="fewer")) is WITHHELD
    apart = [standing(at, 3 if at < 25 else 2) for at in range(20, 45)]
    assert plans(planned([*with_plans(4, 20), *apart], [planned(with_plans(4, 20), name="fewer")])) == 10


@pytest.mark.usefixtures("only_k")
def test_without_the_audit_the_count_of_one_member_more_says_what_that_one_has() -> None:
    first = planned(with_plans(4, 20), name="fewer")
    second = planned([*with_plans(4, 20), standing(20, 3)], [first])
    assert (plans(first), plans(second)) == (WITHHELD, 5)


def test_how_many_of_a_sector_are_counted_is_not_shown_where_that_says_that_all_of_it_are() -> None:
    others = [standing(at, 2, sector="cake") for at in range(50, 62)]

    def shown(counted: int, of: int) -> Figure:
        bread = [standing(at, 2 if at < counted else 1, at < counted) for at in range(of)]
        made = release(
            menu().model_copy(update={"stages": ("joined", "finished")}),
            [*(company(f"bread{at}") for at in range(counted)),
             *(company(f"bread{at}", sector="cake") for at in range(50, 62))],
            at=START, standings=[*bread, *others],
        )  # fmt: skip
        return made.snapshot.table("companies-by-sector").figure("bread", "companies")

    assert shown(8, 8) is WITHHELD
    assert shown(8, 12) == 10
    assert shown(9, 9) == 10


def test_of_how_many_a_figure_is_tells_nobody_to_be_left_out_or_not_to_be() -> None:
    said = {part: disclosure.all_but_few(part, 20, RULES) for part in range(5, 21)}
    assert [said[part] for part in (16, 17, 18, 19, 20)] == [20] * 5
    assert [said[part] for part in (5, 8, 12, 13, 15)] == [5, 10, 10, 15, 15]


def test_of_how_many_a_figure_is_is_not_shown_where_it_tells_of_one_company_more() -> None:
    """Twelve of sixteen have an amount, which says twelve or more; and twelve of seventeen, which says no more."""

    def having(many: int, of: int) -> list[Contribution]:
        return [
            company(at, 40 + at, amounts={"saving": Amount(value=1000)} if at < many else {}) for at in range(of)
        ]  # fmt: skip

    def shown(members: Sequence[Contribution], earlier: Sequence[Ledger] = (), name: str = "all") -> tuple[Figure, ...]:
        made = release(menu(name), members, earlier, at=START, background=members)
        return tuple(made.snapshot.table("amounts").figure("saving", column) for column in ("sum", "companies"))

    first = taken(having(12, 16), name="fewer")
    assert shown(having(12, 16)) == (12000, 15)
    assert shown(having(12, 17)) == (12000, 10)
    assert shown(having(12, 17), [first.ledger], "more") == (12000, WITHHELD)


def before_counts(made: Release, told: Mapping[tuple[TableId, str], int]) -> Release:
    """A release as it was before counts were audited: the ledger holds none, and what was shown was only rounded."""
    kept = [entry for entry in made.ledger.entries if not entry.variable.startswith(("has ", "stage:", "counted"))]
    tables = [
        table.model_copy(update={"rows": tuple(
            row.model_copy(update={"figures": tuple(
                told.get((table.id, column.key), figure)
                for column, figure in zip(table.columns, row.figures, strict=True)
            )})
            for row in table.rows
        )})
        for table in made.snapshot.tables
    ]  # fmt: skip
    return Release(
        snapshot=made.snapshot.model_copy(update={"tables": tuple(tables)}),
        ledger=made.ledger.model_copy(update={"entries": tuple(kept)}),
    )


def test_of_how_many_a_figure_was_is_held_against_the_next_where_the_ledger_is_from_before_counts_were_in_it() -> None:
    """Twelve of sixteen had an amount, and it was told that about ten have; then there is one company more without."""

    def having(many: int, of: int) -> list[Contribution]:
        return [
            company(at, 40 + at, practices={"audit": at % 2 == 0},
                    amounts={"saving": Amount(value=1000, version=f"plan {at}")} if at < many else {})
            for at in range(of)
        ]  # fmt: skip

    def shown(earlier: Ledger) -> Figure:
        more = having(12, 17)
        made = release(menu("more"), more, [earlier], at=START, background=more)
        return made.snapshot.table("amounts").figure("saving", "companies")

    now = taken(having(12, 16), name="fewer")
    then = before_counts(
        now, {("sections", "companies"): 15, ("practices", "known"): 15, ("amounts", "companies"): 10}
    )  # fmt: skip
    assert is_older(then.ledger)
    assert not is_older(now.ledger)
    assert shown(then.ledger) == 10, "without what was published, nobody is protected from it"
    assert shown(completed(then.ledger, then.snapshot)) is WITHHELD
    assert shown(now.ledger) is WITHHELD
    # It is about the very unknowns that a ledger of today would name, and the truth lies within what was told.
    told = {entry.variable: (now.ledger, entry) for entry in now.ledger.entries if entry.variable.startswith("has ")}
    back = completed(then.ledger, then.snapshot)
    again = {entry.variable: (back, entry) for entry in back.entries if entry.variable.startswith("has ")}
    assert told.keys() == again.keys() != set()
    for name, many in {"has section:energy": 16, "has practice:audit": 16, "has amount:saving": 12}.items():
        one, other = (
            {ledger.unknowns[at] for at in bits(int(entry.members, 16))} for ledger, entry in (told[name], again[name])
        )
        assert one == other
        assert again[name][1].low <= many <= again[name][1].high


def test_who_is_seen_by_name_to_have_come_so_far_hides_nobody() -> None:
    members = with_plans(8, 30)

    def shown(known: Sequence[int]) -> Figure:
        counted = [company(f"bread{at}", 50) for at in range(30)]
        made = release(
            menu().model_copy(update={"stages": ("joined", "finished", "planned")}), counted, at=START,
            standings=members, known=[members[at].version for at in known],
        )  # fmt: skip
        return plans(made)

    assert shown(range(3)) == 10
    assert shown(range(4)) is WITHHELD
    assert shown(range(10, 27)) == 10
    assert shown(range(10, 28)) is WITHHELD
