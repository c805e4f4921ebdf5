"""Plans that show stages or pairs of scores, printed: accessible, nothing cut off, a finding a page, no money."""

import csv
import io
import json
from dataclasses import replace

import openpyxl
import pytest

from assessment.core.checks.display import Gates, Pairs
from assessment.press import example_document
from assessment.reporting.checks import weakest_words
from assessment.reporting.compose import compose_word
from assessment.reporting.documents import ActionPlanDocument
from assessment.reporting.plans.exports import EXPORTS
from tests.reporting.languages import ENGLISH
from tests.reporting.paper import complaints, outside, overprinted, printed
from tests.reporting.plans import instance


def plans_of(display: type[Gates | Pairs]) -> dict[str, ActionPlanDocument]:
    """The plans of the examples of the questionnaires that are shown like this."""
    library = instance().library
    found = {}
    for name, example in library.all_examples().items():
        if isinstance(library.edition(*example.version, "en").questionnaire.results, display):
            found[name] = example_document(instance(), example, "en")
    return found


STAGES, PAIRS = plans_of(Gates), plans_of(Pairs)
PRINTED = ("leak-detection-at", "data-service-nl", "straw-panels-ee", "metal-cluster-es", "new-cluster-ro")


@pytest.mark.parametrize("name", PRINTED)
def test_these_plans_are_accessible_and_nothing_is_cut_off(name: str) -> None:
    paper = printed({**STAGES, **PAIRS}[name])
    assert complaints(paper) == []
    assert outside(paper) == []
    assert overprinted(paper) == []
    for words in ("What the plan can save", "Payback", "a year (EUR"):
        assert words not in paper.text, words


def test_page_one_tells_the_stage_and_the_next_gate_and_the_square_has_its_figures_as_text() -> None:
    paper = printed(STAGES["leak-detection-at"])
    first = paper.pages[0]
    for words in ("Stage reached: Validate. The next gate is Repeat", "86 Does it earn money?", "64 Does it save",
                  "1 proof missing"):  # fmt: skip
        assert words in first, words
    second = paper.pages[1]
    for words in ("“Repeat” opens with what is listed here", "Needed at least: A second person has done it alone.",
                  "Water: 52,000 m³", "Who may pay at this stage"):  # fmt: skip
        assert words in second, words


def test_the_headline_says_before_the_first_gate_and_after_the_last_what_is_true() -> None:
    assert "The first gate is still shut" in printed(STAGES["repair-cafe-es"]).pages[0]
    assert "All gates are open: the stage reached is Scale" in printed(STAGES["straw-panels-ee"]).pages[0]


def test_without_enough_answers_a_side_of_the_square_has_a_dash_and_no_dot() -> None:
    plan = STAGES["data-service-nl"]
    assert plan.stages is not None
    unknown = replace(plan.stages.across, headline=None)
    paper = printed(replace(plan, shown=replace(plan.stages, across=unknown)))
    assert "– Does it earn money? Not enough answers yet." in paper.pages[0]
    assert complaints(paper) == []


def test_the_page_of_pairs_tells_both_scores_of_each_section() -> None:
    pages = printed(PAIRS["sofia-ict-bg"]).pages
    text = next(page for page in pages if "Section by section" in page)
    assert "Mapping members and their links Done 50 Green 25" in text
    assert "Organising suppliers Done 25 Green 0" in text


@pytest.mark.parametrize("name", PAIRS)
def test_all_sections_that_share_the_lowest_score_are_the_weakest_of_a_cluster(name: str) -> None:
    plan = PAIRS[name]
    assert plan.pairs is not None
    scores = {row.title: row.rating.headline for row in plan.sections if row.rating.headline is not None}
    weakest = [title for title, score in scores.items() if score == min(scores.values())]
    assert [row.title for row in plan.pairs.rows if row.weakest] == weakest
    text = next(page for page in printed(plan).pages if "Section by section" in page)
    assert weakest_words.heading(weakest, ENGLISH) in text


def test_a_step_of_its_own_says_how_to_do_it_and_no_saving() -> None:
    text = printed(PAIRS["new-cluster-ro"]).text
    assert "Draw a map of members and their links" in text
    assert "How to do it" in text
    assert "Saving:" not in text


def test_the_word_document_begins_with_the_same_finding() -> None:
    assert "Stage reached: Validate. The next gate is Repeat" in compose_word(STAGES["leak-detection-at"], ENGLISH)
    assert "36 out of 100, lowest in “Comparing" in compose_word(PAIRS["sofia-ict-bg"], ENGLISH)


# Files


def csv_rows(document: ActionPlanDocument) -> list[dict[str, str]]:
    text = EXPORTS["csv"](document, ENGLISH).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_the_files_of_an_offer_tell_its_stages_and_both_axes() -> None:
    plan = STAGES["leak-detection-at"]
    written = json.loads(EXPORTS["json"](plan, ENGLISH))["stages"]
    assert (written["reached"], written["next"]) == ("Validate", "repeat")
    assert [stage["state"] for stage in written["stages"]] == ["reached", "reached", "open", "waiting"]
    assert [proof["code"] for proof in written["stages"][2]["missing"]] == ["R2"]
    assert [axis["score"] for axis in written["axes"]] == [86, 64]
    rows = {row["action"]: row for row in csv_rows(plan)}
    assert rows["Does it earn money?"]["score"] == "86"
    assert rows["Repeat"]["number"] == "stage"
    assert rows["Repeat"]["note"].startswith("Missing: Delivery by others")
    book = openpyxl.load_workbook(io.BytesIO(EXPORTS["xlsx"](plan, ENGLISH)))
    cells = {row[0]: row[1:] for row in book["Stages"].iter_rows(values_only=True)}
    assert cells["Does it save resources?"][0] == 64
    assert cells["Test"] == (None, "Reached")


def test_the_files_of_a_cluster_tell_both_scores_of_each_step() -> None:
    plan = PAIRS["sofia-ict-bg"]
    written = json.loads(EXPORTS["json"](plan, ENGLISH))["pairs"]
    assert written["sections"][0]["scores"] == [50, 25]
    assert [row["id"] for row in written["sections"] if row["weakest"]] == ["c2", "c4", "c9"]
    rows = {row["action"]: row["score"] for row in csv_rows(plan) if row["number"] == "pair"}
    assert rows["Organising suppliers: Done"] == "25"
    assert rows["Organising suppliers: Green"] == "0"
    book = openpyxl.load_workbook(io.BytesIO(EXPORTS["xlsx"](plan, ENGLISH)))
    cells = {row[0]: row[1] for row in book["Scores"].iter_rows(values_only=True)}
    assert cells["Organising suppliers: Done"] == 25


def test_a_check_of_plain_sections_has_neither_in_its_files() -> None:
    library = instance().library
    plan = example_document(instance(), library.examples()["bakery-bg"], "en")
    written = json.loads(EXPORTS["json"](plan, ENGLISH))
    assert (written["stages"], written["pairs"]) == (None, None)
    assert "score" not in csv_rows(plan)[0]
    assert not {"Stages", "Scores"}.intersection(openpyxl.load_workbook(io.BytesIO(EXPORTS["xlsx"](plan, ENGLISH))))
