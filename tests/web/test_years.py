"""Next year's check: last year's answers beside each question, one press to keep them, and why the score moved."""

import json
import re

import pytest

from tests.web.visiting import PROFILE, Site, Visitor

FIRST = {"ene-03": "in-bills", "ene-04": "never", "ene-05": "do-not-know", "man-03": "informal"}


@pytest.fixture
def owner(site: Site) -> Visitor:
    """A bakery that finished its first check a year ago."""
    found = site.visitor()
    found.start("full")
    for controls in PROFILE:
        found.answer(controls)
    found.answer({"ene-01": "1.234", "ene-01.unit": "mwh", "ene-01.reading": "decimal", "ene-01.basis": "bills"})
    for question, answer in FIRST.items():
        found.answer({question: answer})
    found.answer({"ene-03.note": "The bill of May"})
    found.post(found.hub + "/submit")
    site.clock.forward(days=365)
    return found


def next_year(owner: Visitor, depth: str = "full") -> Visitor:
    """The same browser with the check that follows open."""
    page = owner.get(owner.hub + "/next")
    owner.hub = owner.submit(page, {"depth": depth}).location
    return owner


def test_the_new_check_starts_without_answers(owner: Visitor) -> None:
    before = owner.hub
    next_year(owner)
    assert owner.hub != before
    taken = json.loads(owner.get(owner.hub + "/data.json").body)
    assert taken["assessments"][0]["answers"] == {}
    assert "Begin with the questions about your company" in owner.get(owner.hub).words


def test_last_years_answer_stands_beside_the_question_and_one_press_takes_it_over(owner: Visitor) -> None:
    next_year(owner)
    owner.answer({"p-01": "BG"})
    page = owner.get(owner.page_of("p-02"))
    assert "Answer of 24 November 2026:" in page.words
    assert "Same as last year" in page.words
    assert page.form().fields["p-02"] == ""
    owner.submit(page, {"same": "p-02"})
    again = owner.get(owner.page_of("p-02"))
    assert again.form().fields["p-02"] == "food"
    assert "Your answer is the same now." in again.words
    assert "Same as last year" not in again.words


def test_a_number_comes_over_as_typed_and_as_it_was_meant_with_what_stood_beside_it(owner: Visitor) -> None:
    next_year(owner)
    for controls in PROFILE:
        owner.answer(controls)
    owner.submit(owner.get(owner.page_of("ene-01")), {"same": "ene-01"})
    owner.submit(owner.get(owner.page_of("ene-03")), {"same": "ene-03"})
    document = json.loads(owner.get(owner.hub + "/data.json").body)["assessments"][0]["answers"]
    assert document["ene-01"]["v"] == {"amount": "1234", "unit": "mwh", "typed": "1.234"}
    assert document["ene-01"]["b"] == "bills"
    assert document["ene-03"]["n"] == "The bill of May"


def test_a_press_keeps_what_was_typed_into_the_other_questions_of_the_page(owner: Visitor) -> None:
    next_year(owner)
    for controls in PROFILE:
        owner.answer(controls)
    page = owner.get(owner.page_of("man-03"))
    there = owner.submit(page, {"man-04": "do-not-know", "same": "man-03"}).location
    assert "#" not in there
    fields = owner.get(owner.page_of("man-03")).form().fields
    assert (fields["man-03"], fields["man-04"]) == ("informal", "do-not-know")


def test_after_a_press_the_page_stays_while_another_question_of_it_waits(owner: Visitor) -> None:
    next_year(owner)
    for controls in PROFILE:
        owner.answer(controls)
    path = owner.page_of("man-03")
    assert owner.submit(owner.get(path), {"same": "man-03"}).location == f"{path}#question-man-03"
    wrong = owner.submit(owner.get(owner.page_of("ene-01")), {"ene-01": "1.5.5", "same": "p-03"}, status=422)
    assert wrong.form().fields["ene-01"] == "1.5.5"


def test_nothing_of_last_year_counts_before_it_was_confirmed(owner: Visitor) -> None:
    next_year(owner)
    for controls in PROFILE:
        owner.answer(controls)
    assert owner.submit(owner.get(owner.hub + "/check"), action="/submit").location.endswith("notice=answers-needed")
    owner.submit(owner.get(owner.page_of("ene-03")), {"same": "ene-03"})
    owner.submit(owner.get(owner.hub + "/check"), action="/submit")
    frozen = json.loads(owner.get(owner.hub + "/data.json").body)["results"][0]["frozen"]
    assert "ene-04" not in frozen["answers"]


def test_a_button_that_was_never_shown_takes_nothing_over(owner: Visitor) -> None:
    next_year(owner)
    owner.answer({"p-01": "BG"})
    page = owner.get(owner.page_of("p-02"))
    owner.submit(page, {"p-02": "retail", "same": "p-03"})
    assert owner.get(owner.page_of("p-02")).form().fields["p-02"] == "retail"


def test_both_checks_stay_and_lead_to_each_other(owner: Visitor) -> None:
    before = owner.hub
    assert before + "/next" in owner.get(before + "/results").links()
    next_year(owner)
    assert owner.hub in owner.get(before + "/results").links()
    assert before + "/next" not in owner.get(before + "/results").links()
    for controls in PROFILE:
        owner.answer(controls)
    owner.answer({"ene-03": "metered"})
    owner.post(owner.hub + "/submit")
    results = owner.get(owner.hub + "/results")
    assert before + "/results" in results.links()
    assert "Since last year" in results.words


def test_the_new_link_opens_both_checks_and_the_old_one_only_its_own(owner: Visitor) -> None:
    before = owner.hub
    old = next(link for link in owner.get(before + "/keep").links() if "/resume/" in link)
    next_year(owner)
    new = next(link for link in owner.get(owner.hub + "/keep").links() if "/resume/" in link)
    for link, opens, closed in ((new, (before, owner.hub), ()), (old, (before,), (owner.hub,))):
        other = owner.site.visitor()
        other.submit(other.get("/resume/" + link.rpartition("/")[2]), action="/resume/link")
        for hub in opens:
            other.get(hub)
        for hub in closed:
            other.get(hub, status=404)


def test_last_years_prices_and_kinds_count_once_they_are_taken_over_and_its_amounts_never(owner: Visitor) -> None:
    for line, typed in (("electricity", {"price": "0.21"}), ("refrigerant", {"amount": "2", "kind": "gwp-r-404a-ar5"})):
        owner.submit(owner.get(f"{owner.hub}/use/{line}"), typed)
    next_year(owner)
    for controls in PROFILE:
        owner.answer(controls)
    owner.submit(owner.get(owner.page_of("ene-01")), {"same": "ene-01"})
    owner.answer({"ene-03": "metered"})
    owner.post(owner.hub + "/submit")
    page = owner.get(owner.hub + "/use")
    assert "Last year you gave prices or kinds for: Electricity bought, Cooling agent refilled." in page.words
    assert "EUR 0.21 per kWh" not in page.words
    owner.submit(page, action="/use/last-year")
    page = owner.get(owner.hub + "/use")
    assert "EUR 0.21 per kWh (your price)" in page.words
    assert "Last year you gave prices" not in page.words
    assert "2 kg" not in page.words


def test_a_stranger_can_start_no_check_from_it(owner: Visitor) -> None:
    stranger = owner.site.visitor()
    stranger.get(owner.hub + "/next", status=404)
    stranger.post(owner.hub + "/next", {"depth": "full"}, status=404)


def test_without_results_there_is_nothing_to_follow(site: Site) -> None:
    owner = site.visitor()
    owner.start("full")
    before = owner.site.dump()
    assert "There are no results yet" in owner.follow(owner.get(owner.hub + "/next", status=303)).words
    owner.post(owner.hub + "/next", {"depth": "full"}, status=303)
    assert owner.site.dump() == before


def test_the_depth_has_to_be_chosen(owner: Visitor) -> None:
    page = owner.submit(owner.get(owner.hub + "/next"), {"depth": "deepest"}, status=422)
    assert "Choose the quick check or the full check" in page.words


def test_deleting_the_old_check_leaves_the_new_one_without_last_year(owner: Visitor) -> None:
    before = owner.hub
    next_year(owner)
    new = owner.hub
    owner.post(before + "/delete")
    owner.get(before, status=404)
    owner.hub = new
    owner.answer({"p-01": "BG"})
    assert "Same as last year" not in owner.get(owner.page_of("p-02")).words


def test_what_is_not_done_goes_along_and_what_is_done_is_not_advised_again(examples: Site) -> None:
    owner = examples.visitor()
    owner.open_example("hotel-hr")
    plan = owner.get(owner.hub + "/plan").words
    assert "LED" in plan
    previous = next(
        link for link in owner.get(owner.hub + "/results").links()
        if link.endswith("/results") and not link.startswith(owner.hub)
    )  # fmt: skip
    then = owner.get(previous.removesuffix("/results") + "/plan").words
    # 7,900 m3 for 21,400 nights are 7,604.7 for 20,600; in 343 days, so 365 / 343 of 854.7.
    assert "Water: 909 m³ a year less than before, at the same activity." in then
    taken = json.loads(owner.get(owner.hub + "/data.json").body)
    assert "low-flow-showers" in taken["results"][-1]["frozen"]["settled"]


def test_a_measured_saving_stands_beside_the_question_about_that_use(examples: Site) -> None:
    owner = examples.visitor()
    owner.open_example("hotel-hr")
    page = owner.get(owner.page_of("wat-01"))
    assert "You measured 909 m³ a year less after" in page.words
    assert "Your answer is the same now." in page.words
    assert "You measured" not in owner.get(owner.page_of("ene-01")).words


def test_the_results_say_why_the_score_moved_and_the_points_add_up(examples: Site) -> None:
    owner = examples.visitor()
    owner.open_example("metal-shop-de")
    page = owner.get(owner.hub + "/results")
    assert "Why it moved" in page.words
    rows = [
        [" ".join(" ".join(cell.itertext()).split()) for cell in row]
        for row in page.tree.iter("tr") if row.find("td") is not None
    ]  # fmt: skip
    shown = [row for row in rows if re.fullmatch(r"[+\N{MINUS SIGN}]?\d+\.\d", row[-1])]
    points = [float(row[-1].replace("\N{MINUS SIGN}", "-")) for row in shown]
    *parts, total = points
    assert len(parts) >= 4
    assert sum(parts) == pytest.approx(total, abs=1e-9)
    assert total != 0


def test_a_result_without_a_year_before_says_nothing_of_it(examples: Site) -> None:
    owner = examples.visitor()
    owner.open_example("cafe-be")
    words = owner.get(owner.hub + "/results").words
    assert "Since last year" not in words
    assert "Start next year's check" in words
