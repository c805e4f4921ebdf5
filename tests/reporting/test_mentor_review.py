"""The printed review of a check, page by page."""

import re
from dataclasses import fields, replace

import pytest

from assessment.reporting.budget import Budget
from assessment.reporting.compose import compose
from assessment.reporting.mentors.review_document import MentorReviewDocument, PairRow
from tests.reporting import reviews
from tests.reporting.languages import ENGLISH, LONG
from tests.reporting.paper import (
    Paper,
    begun_at_the_foot,
    complaints,
    in_order,
    outside,
    overprinted,
    printed,
    thin_pages,
    words_of,
)
from tests.reporting.test_action_plan import SCRIPTS

WHOLE = reviews.review()
DOCUMENTS = {
    "a whole review": WHOLE,
    "nothing reviewed": reviews.untouched(),
    "no name, nobody left": replace(WHOLE, company="", example=False, signed=replace(WHOLE.signed, who="")),  # type: ignore[type-var]
    "one comment": replace(reviews.untouched(), comments=WHOLE.comments[:1]),
    "no scored answer": replace(WHOLE, overall=PairRow("Overall", None, None, 0, 0, 0)),
    "one open question": replace(reviews.untouched(), for_company=WHOLE.for_company[:1], reviewed=1),
    "everything is open": replace(WHOLE, for_company=WHOLE.for_company * 20, for_mentor=WHOLE.for_mentor * 8),
    "much was agreed": replace(WHOLE, agreed=WHOLE.agreed * 20, changed=WHOLE.changed * 9, savings=WHOLE.savings * 7),
}


def whole() -> Paper:
    return printed(WHOLE)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_review_is_accessible_and_nothing_is_cut_off_or_left_alone(name: str) -> None:
    paper = printed(DOCUMENTS[name])
    assert complaints(paper) == []
    assert outside(paper) == []
    assert overprinted(paper) == []
    assert thin_pages(paper) == []
    assert begun_at_the_foot(paper) == []


def test_page_one_works_alone() -> None:
    words = [
        "23 of 68 scored answers are confirmed (33 %)",
        "By its own answers the company scores 43 out of 100; by the confirmed answers alone 51.",
        "29 of 72 answers were looked at as they are now.",
        "Reviewed by Mira Petrova on 24 November 2026.",
        "Next visit", "4 March 2027", "Look at the compressor together",
        "Open questions", "6", "3 wait for the company", "3 wait for the mentor",
        "1 comment waits for the company", "2 comments wait for the mentor",
        "Agreed actions", "3", "1 was declined", "1 waits for the company",
        "Section", "Self-declared", "Answers confirmed",
        "Energy", "1 of 7 (14 %)",
        "Overall", "43", "51", "23 of 68 (33 %)",
    ]  # fmt: skip
    assert in_order(words_of(compose(WHOLE, ENGLISH)), words)
    assert [word for word in words if word not in whole().pages[0]] == []


def test_chapters_tell_what_changed_what_is_open_and_what_was_agreed() -> None:
    text = words_of(compose(WHOLE, ENGLISH))
    assert in_order(text, [
        "3 answers were changed by the review", "Declared", "Now", "Why", "Water used more than once (WAT-01)",
        "level 2 of 4", "level 4 of 4", "The diary covers the shop only",
        "6 questions are open", "Waiting for the company: 3", "Mira Petrova asked:", "The mentor proposed:",
        "Last word on 24 November 2026.", "Waiting for the mentor: 3", "The company replied:",
        "The company keeps its answer:", "The answer was changed after the last word about it on 24 November 2026.",
        "3 actions were agreed", "In the plan since 24 November 2026. State: Planned. Owner: Ana. By 1 February 2027.",
        "No owner yet. No date yet.", "Declined: 1", "Solar power on the roof", "The roof is rented.",
        "Waiting for the company: 1", "Weigh surplus bread",
        "1 measured saving is confirmed", "4,200 kWh a year less", "12,000 kWh in 2024", "Both bills, same output",
        "EUR 1,500 a year", "30 % of the saving",
        "What company and mentor said to each other", "3 comments have no answer yet.", "On the whole check",
        "Mira Petrova, 24 November 2026", "Waiting for the company",
        "Following energy use (ENE-03)", "Somebody who has left",
        "The mentor stands behind 21 answers",
    ])  # fmt: skip


def test_bookmarks_lead_to_the_chapters_and_every_page_says_which_it_is() -> None:
    chapters = [title for level, title in whole().bookmarks if level == 0]
    assert chapters == [
        "23 of 68 scored answers are confirmed (33\u00a0%)", "3 answers were changed by the review",
        "6 questions are open",
        "3 actions were agreed", "1 measured saving is confirmed", "What company and mentor said to each other",
        "The mentor stands behind 21 answers",
    ]  # fmt: skip
    count = len(whole().pages)
    assert all(f"Page {number} of {count}" in page for number, page in enumerate(whole().pages, 1))
    assert all("Sample Metal Shop" in page and "all figures are examples" in page for page in whole().pages)
    assert whole().metadata["Title"] == "Review for Sample Metal Shop"


def test_before_anybody_has_looked_the_report_says_so_and_has_no_empty_chapter() -> None:
    paper = printed(reviews.untouched())
    assert len(paper.pages) == 1
    for told in ("No answer has been reviewed yet", "No scored answer is confirmed yet.", "None is planned.",
                 "The review is not finished yet."):  # fmt: skip
        assert told in paper.text, told
    assert len(paper.bookmarks) == 1


def test_page_one_is_followed_by_nothing_and_says_no_zero_beside_what_waits() -> None:
    paper = printed(DOCUMENTS["one open question"])
    assert [title for page, title in paper.chapters if page == 2] == ["1 question is open"]
    assert "1 waits for the company" in paper.pages[0]
    assert "0 w" not in paper.pages[0]


def test_it_is_told_by_shape_and_words_so_that_it_reads_in_black_and_white() -> None:
    html = compose(WHOLE, ENGLISH)
    drawn = re.findall(r"<svg.*?</svg>", html, re.DOTALL)
    assert len(drawn) == len(WHOLE.sections) + 1
    assert all("<title>" in each for each in drawn)
    assert {colour.lower() for colour in re.findall(r'(?:fill|stroke)="(#[0-9a-fA-F]{6})"', "".join(drawn))} <= {
        "#0b0c0c", "#ffffff", "#505a5f", "#b1b4b6"
    }  # fmt: skip


def test_long_languages_fit() -> None:
    paper = printed(reviews.review(longer=" und mehr"), LONG)
    assert outside(paper) == []
    assert overprinted(paper) == []
    assert complaints(paper) == []
    assert begun_at_the_foot(paper) == []


@pytest.mark.parametrize("words", ["Ein Wort " * 220, "x" * 2000], ids=["words", "one word"])
def test_the_longest_words_of_people_are_printed_whole_and_leave_no_page(words: str) -> None:
    paper = printed(reviews.review(words=words))
    assert outside(paper) == []
    assert complaints(paper) == []


def test_all_european_letters_are_printed_in_our_font() -> None:
    paper = printed(reviews.review(words=" / ".join(SCRIPTS.values())))
    joined = re.sub(r"\s", "", paper.text)
    assert all(re.sub(r"\s", "", phrase) in joined for phrase in SCRIPTS.values())
    assert paper.fonts == {b"Report-Sans", b"Report-Sans-Bold"}
    assert complaints(paper) == []


def test_text_from_outside_is_text() -> None:
    html = compose(reviews.review(words='<script>alert(1)</script><img src="file:///etc/passwd">{{ 7*7 }}'), ENGLISH)
    assert "<script>" not in html
    assert "<img" not in html
    assert "{{ 7*7 }}" in html


def test_words_beyond_what_a_report_prints_are_cut_and_the_reader_is_told() -> None:
    budget = Budget(10)
    assert budget.told("12345", 5, ENGLISH) == "12345"
    assert budget.told("123456789", 99, ENGLISH) == "12345 [shortened; the whole text is online]"
    assert budget.told("more", 99, ENGLISH) == "[shortened; the whole text is online]"
    assert budget.told("", 99, ENGLISH) == ""


def test_a_document_has_no_place_for_what_mentors_note_for_themselves() -> None:
    assert not [each.name for each in fields(MentorReviewDocument) if "note" in each.name]
