"""Which finding a cluster's report tells, and how: from figures that are shown, with ties told together."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from assessment.core.aggregates.snapshots import Figure, Snapshot, TableId
from assessment.reporting.aggregates import readiness_findings as told
from assessment.reporting.aggregates.cluster_document import ClusterReadinessDocument
from assessment.reporting.aggregates.readiness_pages import step_of
from assessment.reporting.aggregates.readiness_words import figure_words
from tests.reporting import snapshots
from tests.reporting.languages import ENGLISH


def changed(
    name: TableId, rows: Mapping[str, Mapping[str, Figure]], *, alone: bool = False
) -> ClusterReadinessDocument:
    """The whole document with some figures of one table replaced; `alone` withholds all others of that table."""
    found = snapshots.snapshot()
    tables = []
    for table in found.tables:
        if table.id == name:
            lines = []
            for row in table.rows:
                given = rows.get(row.key, {})
                figures = tuple(
                    given.get(column.key, None if alone else figure)
                    for column, figure in zip(table.columns, row.figures, strict=True)
                )
                lines.append(row.model_copy(update={"figures": figures}))
            tables.append(table.model_copy(update={"rows": tuple(lines)}))
        else:
            tables.append(table)
    return ClusterReadinessDocument(found.model_copy(update={"tables": tuple(tables)}), snapshots.words())


def headline(found: told.Finding | None) -> str:
    assert found is not None
    return found.headline


WHOLE = snapshots.whole_document()


def test_the_weakest_section_is_told_by_what_half_of_the_companies_score() -> None:
    found = told.sections(WHOLE, ENGLISH)
    assert headline(found) == "Water is weakest: half of the companies score 31 or less"
    assert found is not None
    assert found.lead == "Strongest: Waste and by-products, with 58 points."


def test_two_weakest_sections_are_told_together_and_four_are_counted() -> None:
    two = changed("sections", {"cbm": {"median": 31}})
    assert headline(told.sections(two, ENGLISH)) == (
        "Water and Circular business model are weakest: in each, half of the companies score 31 or less"
    )
    four = changed("sections", {key: {"median": 31} for key in ("cbm", "emi", "fin")})
    assert headline(told.sections(four, ENGLISH)).startswith("4 sections are weakest: in each,")


def test_sections_of_equal_score_have_no_weakest() -> None:
    alike = changed("sections", {key: {"median": 40} for key in snapshots.SECTIONS if key != "overall"})
    assert headline(told.sections(alike, ENGLISH)) == (
        "All sections stand alike: half of the companies score 40 or less in each"
    )


def test_without_medians_the_mean_is_told_and_called_an_average() -> None:
    assert headline(told.sections(snapshots.small_document(), ENGLISH)) == (
        "Water is weakest: 33 of 100 points on average"
    )
    assert told.summary(snapshots.small_document(), ENGLISH) == "On average the companies score 46 of 100 points"


def test_the_only_section_that_is_told_is_not_called_the_weakest() -> None:
    one = changed("sections", {"ene": {"median": 46}}, alone=True)
    assert headline(told.sections(one, ENGLISH)) == "Energy: half of the companies score 46 or less"


def test_of_nothing_no_finding_is_made_and_the_first_page_says_why() -> None:
    nothing = snapshots.nothing_document()
    assert told.findings(nothing, ENGLISH) == ()
    assert told.summary(nothing, ENGLISH) == "Too few companies to show figures yet"
    some = replace(nothing, snapshot=nothing.snapshot.model_copy(update={"companies": 5}))
    assert told.summary(some, ENGLISH) == "Too few companies for an overall score that gives nobody away"


def test_a_section_that_is_last_in_most_sectors_is_told_and_else_the_lowest_place() -> None:
    found = told.sectors(WHOLE, ENGLISH)
    assert headline(found) == "Water is last in 3 of 4 sectors"
    assert found is not None
    assert found.lead == "Lowest of all is Water in Food and drink processing: 21 of 100 points on average."
    once = changed("sectors", {"food": {"wat": 20, "ene": 36}}, alone=True)
    assert headline(told.sectors(once, ENGLISH)) == (
        "Lowest of all is Water in Food and drink processing: 20 of 100 points on average"
    )
    tied = changed("sectors", {"food": {"wat": 20}, "hotels": {"ene": 20}}, alone=True)
    assert headline(told.sectors(tied, ENGLISH)) == (
        "Lowest of all, with 20 of 100 points on average: Water in Food and drink processing; "
        "Energy in Hotels, restaurants, catering"
    )
    many = changed("sectors", {key: {"wat": 20} for key in ("food", "hotels", "trade", "metal")}, alone=True)
    assert headline(told.sectors(many, ENGLISH)) == "The lowest score, 20 of 100 points, stands in 4 places"


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        (1, "Most often missing, in about 45 of 50 companies: Energy audit in the last four years"),
        (2, "Most often missing, each in about 45 of 50 companies: Energy audit in the last four years; Water meter "
            "read more than once a year"),
        (4, "4 practices are missing most often, each in about 45 of 50 companies"),
    ],
)  # fmt: skip
def test_the_practice_that_is_missing_most_often_is_told_with_its_equals(missing: int, said: str) -> None:
    rows = {key: {"missing": 45, "known": 50, "share": 90} for key in list(snapshots.PRACTICES)[:missing]}
    assert headline(told.practices(changed("practices", rows), ENGLISH)) == said


def test_the_funnel_tells_where_most_are_lost_counting_only_stages_that_are_shown() -> None:
    assert headline(told.participation(WHOLE, ENGLISH)) == (
        "Most members are lost between “Check finished” and “Plan made”: about 30 of 50"
    )
    gap = changed("participation", {"finished": {"companies": None, "share": None}})
    assert headline(told.participation(gap, ENGLISH)) == (
        "Most members are lost between “Check begun” and “Plan made”: about 35 of 55"
    )
    none_lost = changed("participation", {key: {"companies": 60} for key in snapshots.STAGES})
    assert (
        headline(told.participation(none_lost, ENGLISH)) == "About as many members reached the last stage as the first"
    )
    assert "is not told yet" in headline(told.participation(snapshots.small_document(), ENGLISH))


def test_the_change_tells_the_largest_rise_and_the_largest_fall_if_there_are_any() -> None:
    assert headline(told.change(WHOLE, ENGLISH)) == "Energy rose most (+4) and Water fell most (–3)"
    rises = changed("change", {"wat": {"change": 4}, "was": {"change": 0}})
    assert headline(told.change(rises, ENGLISH)) == "Energy and Water rose most (+4)"
    still = changed("change", {key: {"change": 0} for key in snapshots.SECTIONS})
    assert headline(told.change(still, ENGLISH)) == "No section has changed by a whole point"
    first = changed("change", {}, alone=True)
    assert told.change(first, ENGLISH) is None


def test_the_comparison_is_with_other_clusters_or_with_the_model_and_only_where_there_is_one() -> None:
    assert headline(told.comparison(WHOLE, ENGLISH)) == (
        "Water lies furthest below other clusters, by 4 points on average"
    )
    near = changed(
        "comparison", {key: {"clusters": 5} for key in snapshots.SECTIONS} | {"wat": {"own": 30, "clusters": 31}}
    )
    assert headline(told.comparison(near, ENGLISH)) == (
        "Water lies furthest below other clusters, by 1 point on average"
    )
    alone = changed("comparison", {key: {"clusters": None} for key in snapshots.SECTIONS})
    assert "sections lie furthest below Danube Bakers, by 4 points each" in headline(told.comparison(alone, ENGLISH))
    nobody = changed("comparison", {key: {"clusters": None, "model": None} for key in snapshots.SECTIONS})
    assert told.comparison(nobody, ENGLISH) is None
    ahead = changed("comparison", {key: {"clusters": 5} for key in snapshots.SECTIONS})
    assert headline(told.comparison(ahead, ENGLISH)) == "No section lies below the median of other clusters"


def test_amounts_carry_their_unit_and_proposals_are_counted() -> None:
    assert headline(told.amounts(WHOLE, ENGLISH)) == "Money that plans save: EUR\u00a0212,000 a year in all"
    assert told.amount_words(1310000.0, "kWh", ENGLISH) == "1,310,000\u00a0kWh"
    assert headline(told.proposals(WHOLE, ENGLISH)) == "2 actions are proposed to do together"
    one = replace(WHOLE, words=snapshots.words(proposals=WHOLE.words.proposals[:1]))
    assert headline(told.proposals(one, ENGLISH)) == "Proposed: Buy energy audits together"


def test_findings_come_in_one_order_and_never_from_a_withheld_figure() -> None:
    kinds = [finding.kind for finding in told.findings(WHOLE, ENGLISH)]
    assert kinds == [
        "sections",
        "sectors",
        "practices",
        "participation",
        "amounts",
        "change",
        "comparison",
        "proposals",
    ]
    small = [finding.kind for finding in told.findings(snapshots.small_document(), ENGLISH)]
    assert small == ["sections", "participation"]


def test_steps_of_the_scale_and_figures_as_text() -> None:
    assert [step_of(points) for points in (0, 19, 20, 59, 60, 79, 80, 100)] == [0, 0, 1, 2, 3, 3, 4, 4]
    assert [figure_words(figure, ENGLISH, signed=True) for figure in (3, -3, 0, None)] == ["+3", "–3", "0", ""]
    assert figure_words(1310000.0, ENGLISH) == "1,310,000"


def test_a_figure_of_a_table_that_is_not_there_is_withheld() -> None:
    bare = Snapshot(population="p", taken_at=snapshots.AT, rules=WHOLE.snapshot.rules, companies=None, tables=())
    document = ClusterReadinessDocument(bare, snapshots.words(proposals=()))
    assert document.figure("sections", "ene", "mean") is None
    assert told.findings(document, ENGLISH) == ()
