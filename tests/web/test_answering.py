"""Answering: what a save keeps, what it refuses, two windows at once, one form twice, and a store that is full."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from werkzeug.datastructures import MultiDict

from assessment.storage.sqlite import driver
from tests.web.routes import EXAMPLE, Finished
from tests.web.visiting import PROFILE, Controls, Page, Site, Visitor, writer_of

SHARED = "fin-03"
"""A question that shares its page with others."""


@pytest.fixture
def owner(site: Site) -> Visitor:
    """A bakery in the middle of its check."""
    visitor = site.visitor()
    visitor.start()
    for controls in PROFILE:
        visitor.answer(controls)
    return visitor


def stored(visitor: Visitor) -> dict[str, object]:
    """The answers as the company can take them out."""
    (draft,) = json.loads(visitor.get(visitor.hub + "/data.json").body)["assessments"]
    return {question: entry["v"] for question, entry in draft["answers"].items()}


def filled(page: Page, **controls: str | list[str]) -> MultiDict[str, str]:
    return page.form().filled(controls)


# How many may be ticked


def test_how_many_may_be_ticked_is_said_once(owner: Visitor) -> None:
    asked = [owner.get(owner.page_of(question)).words for question in ("p-05", "p-07", "p-08", "p-09", "man-05")]
    assert [words.count("Choose ") for words in asked] == [1] * 5
    assert not [words for words in asked if "Tick all that apply" in words]
    every = owner.get("/questions").words
    assert every.count("Choose all that apply.") == 4
    assert every.count("Choose up to 3.") == 1


# A session that ended


def test_what_was_typed_is_given_back_where_the_computer_was_left_in_another_window(owner: Visitor) -> None:
    page = owner.get(owner.page_of("ene-01"))
    owner.post("/leave")
    typed = {
        "ene-01": "112 000",
        "ene-01.unit": "kwh",
        "ene-01.note": "From the <b>bills</b> of May",
        "action": "continue",
    }
    told = owner.submit(page, typed, status=400)
    assert "Continue with a link or code" in told.words
    assert "112 000" in told.words
    assert "From the <b>bills</b> of May" in told.words
    given_back = told.words.partition("What you had typed")[2]
    assert not [sign for sign in ("kwh", "continue", page.form().fields["idempotency_key"]) if sign in given_back]


def test_a_stale_form_without_text_has_nothing_to_give_back(owner: Visitor) -> None:
    page = owner.get(owner.page_of("man-01"))
    owner.post("/leave")
    assert "What you had typed" not in owner.submit(page, {"man-01": "whoever"}, status=400).words


# Two windows


def test_the_second_window_on_a_question_sees_both_answers_and_chooses(site: Site, owner: Visitor) -> None:
    path = owner.page_of("man-01")
    first, second = owner.get(path), owner.get(path)
    owner.submit(first, {"man-01": "whoever", "action": "continue"})
    site.clock.forward(minutes=30)
    clash = owner.submit(second, {"man-01": "do-not-know", "man-01.note": "Rada knows"}, status=409)
    assert stored(owner)["man-01"] == "whoever"
    options = {option.id: option.label for option in site.question("man-01").options}  # type: ignore[union-attr]
    assert options["whoever"] in clash.words
    assert "I do not know" in clash.words
    assert "Saved in another window on 24 November 2026 at 12:00 UTC: " in clash.words
    assert " checked" not in clash.text
    asked = owner.submit(clash, status=409)
    assert "There is a problem" in asked.words
    assert "Choose which answer to keep" in asked.words
    assert stored(owner)["man-01"] == "whoever"
    owner.submit(asked, {"man-01.keep": "theirs"})
    assert stored(owner)["man-01"] == "whoever"
    clash = owner.submit(second, {"man-01": "do-not-know", "idempotency_key": "another"}, status=409)
    owner.submit(clash, {"man-01.keep": "mine:1"})
    assert stored(owner)["man-01"] == {"m": "do-not-know"} or stored(owner)["man-01"] != "whoever"
    assert owner.get(path).form().fields["man-01"] == "do-not-know"


def test_the_same_answer_in_two_windows_is_no_conflict(owner: Visitor) -> None:
    path = owner.page_of("man-01")
    first, second = owner.get(path), owner.get(path)
    owner.submit(first, {"man-01": "whoever"})
    owner.submit(second, {"man-01": "whoever"})
    assert stored(owner)["man-01"] == "whoever"


def test_the_next_page_tells_what_a_number_came_to_in_the_base_unit(owner: Visitor) -> None:
    following = owner.follow(owner.answer({"ene-01": "12", "ene-01.unit": "mwh"}))
    assert following.path == owner.page_of("ene-02")
    assert "Electricity bought: 12 MWh = 12,000 kWh" in following.words
    typed: Controls = {"ene-02.diesel": "100", "ene-02.diesel.unit": "litre", "ene-02.district-heat": "5",
                       "ene-02.district-heat.unit": "kwh"}  # fmt: skip
    after = owner.follow(owner.answer(typed))
    assert "Diesel: 100 litres = 1,003 kWh" in after.words
    assert "District heat" not in after.words


def test_a_number_that_can_be_read_in_two_ways_is_shown_again_before_the_results(owner: Visitor) -> None:
    owner.answer({"ene-01": "31.234", "ene-01.unit": "kwh", "ene-01.reading": "whole"})
    owner.answer({"ene-02.diesel": "1.500", "ene-02.diesel.unit": "litre", "ene-02.diesel.reading": "decimal"})
    owner.answer({"wat-01": "5000"})
    look = owner.get(owner.hub + "/check").words.partition("See my results")[0]
    assert "This number can be read in two ways. We read it as 31,234 kWh." in look
    assert "We read it as Diesel: 1.5 litres = 15.05 kWh." in look
    assert look.count("in two ways") == 2


def test_exactly_one_is_told_in_the_singular(owner: Visitor) -> None:
    owner.answer({"p-03": "1", "p-03.unit": "headcount"})
    told = owner.follow(owner.answer({"ene-02.diesel": "1", "ene-02.diesel.unit": "litre"}))
    assert "Diesel: 1 litre = 10" in told.words
    check = owner.get(owner.hub + "/check").words
    assert "1 person (headcount)" in check
    owner.answer({"p-03": "1.5", "p-03.unit": "fte"})
    assert "1.5 full-time equivalents" in owner.get(owner.hub + "/check").words


def test_the_check_page_shows_notes_and_why_something_does_not_apply(owner: Visitor) -> None:
    owner.answer({"man-01": "not-applicable", "man-01.reason": "Only one of us", "man-01.note": "Rada knows"})
    owner.answer({"man-02.note": "To be asked"})
    check = owner.get(owner.hub + "/check").words
    assert "Does not apply to us Reason: Only one of us Note: Rada knows" in check
    assert "Not provided Note: To be asked" in check


def test_what_needs_no_conversion_or_is_not_there_is_not_told_on_the_next_page(owner: Visitor) -> None:
    assert owner.answer({"ene-01": "12000", "ene-01.unit": "kwh"}).location == owner.page_of("ene-02")
    for read in ("ene-01", "ene-03", "zzz", "p-03", "' OR 1=1"):
        assert "=" not in owner.get(owner.page_of("ene-02"), query_string={"read": read}).words


def test_different_questions_of_a_page_in_two_windows_both_stay(owner: Visitor) -> None:
    path = owner.page_of(SHARED)
    first, second = owner.get(path), owner.get(path)
    one, other, *_ = questions_on(first)
    owner.submit(first, marker(owner, one))
    owner.submit(second, marker(owner, other))
    assert {one, other} <= set(stored(owner))


def questions_on(page: Page) -> list[str]:
    return [name.removesuffix(".revision") for name in page.form().fields if name.endswith(".revision")]


def marker(visitor: Visitor, question: str) -> Controls:
    name = question if visitor.site.question(question).kind == "choice" else f"{question}.marker"
    return {name: "do-not-know"}


def test_a_conflict_on_one_question_holds_the_whole_page_back(owner: Visitor) -> None:
    path = owner.page_of(SHARED)
    first, second = owner.get(path), owner.get(path)
    one, other, *_ = questions_on(first)
    owner.submit(first, marker(owner, one))
    before = stored(owner)
    clash = owner.submit(second, {**marker(owner, one), f"{one}.note": "ours", **marker(owner, other)}, status=409)
    assert stored(owner) == before
    owner.submit(clash, {f"{one}.keep": "theirs"})
    assert {one, other} <= set(stored(owner))
    assert owner.get(path).form().fields[f"{one}.note"] == ""


# One form more than once


def test_a_form_sent_twenty_times_at_once_has_one_effect(site: Site, owner: Visitor) -> None:
    page = owner.get(owner.page_of("man-01"))
    sent = filled(page, **{"man-01": "whoever", "action": "continue"})
    session, path = owner.session, page.path

    def send(_: int) -> int:
        window = site.visitor()
        window.session = session
        return window.send(path, sent).status

    with ThreadPoolExecutor(20) as many:
        statuses = list(many.map(send, range(20)))
    assert statuses == [303] * 20
    history = json.loads(owner.get(owner.hub + "/data.json").body)["answer_history"]
    assert [row["revision"] for row in history if row["question"] == "man-01"] == [1]


def test_a_form_sent_again_much_later_changes_nothing_and_leads_on(site: Site, owner: Visitor) -> None:
    page = owner.get(owner.page_of("man-01"))
    first = owner.submit(page, {"man-01": "whoever"})
    site.clock.forward(hours=3)
    before = site.dump()
    again = owner.submit(page, {"man-01": "whoever"})
    assert again.location == first.location
    assert site.dump() == before


def test_a_form_sent_again_with_other_answers_keeps_the_text_and_then_asks(owner: Visitor) -> None:
    page = owner.get(owner.page_of("man-01"))
    owner.submit(page, {"man-01": "whoever"})
    again = owner.submit(page, {"man-01": "do-not-know", "man-01.note": "typed after going back"}, status=409)
    assert stored(owner)["man-01"] == "whoever"
    form = again.form()
    assert (form.fields["man-01"], form.fields["man-01.note"]) == ("do-not-know", "typed after going back")
    assert form.fields["idempotency_key"] != page.form().fields["idempotency_key"]
    clash = owner.submit(again, status=409)
    assert "Two different answers" in clash.words
    owner.submit(clash, {"man-01.keep": "mine:1"})
    assert owner.get(owner.page_of("man-01")).form().fields["man-01"] == "do-not-know"


# Autosave


def autosave(visitor: Visitor, page: Page, controls: Controls) -> tuple[int, dict[str, object]]:
    answer = visitor.send(page.path, page.form().filled({**controls, "autosave": "1"}))
    assert answer.headers["Content-Type"] == "application/json"
    return answer.status, json.loads(answer.body)


def test_an_autosave_tells_when_it_saved_and_what_to_send_next(owner: Visitor) -> None:
    page = owner.get(owner.page_of("man-01"))
    status, said = autosave(owner, page, {"man-01": "whoever"})
    assert (status, set(said)) == (200, {"saved_at", "revisions", "key"})
    assert said["revisions"] == {"man-01": 1}
    again = {"man-01": "do-not-know", "man-01.revision": "1", "idempotency_key": str(said["key"])}
    status, said = autosave(owner, page, again)
    assert (status, said["revisions"]) == (200, {"man-01": 2})


def test_an_autosave_names_what_is_wrong_and_saves_nothing(site: Site, owner: Visitor) -> None:
    page, before = owner.get(owner.page_of("p-03")), stored(owner)
    status, said = autosave(owner, page, {"p-03": "twelve"})
    assert (status, set(said)) == (422, {"problems"})
    assert isinstance(said["problems"], dict)
    assert set(said["problems"]) == {"p-03"}
    assert stored(owner) == before


def test_an_autosave_over_a_newer_answer_says_where_to_choose(owner: Visitor) -> None:
    page = owner.get(owner.page_of("man-01"))
    owner.submit(owner.get(page.path), {"man-01": "whoever"})
    assert autosave(owner, page, {"man-01": "do-not-know"}) == (409, {"conflict_url": page.path})
    assert stored(owner)["man-01"] == "whoever"


def test_an_autosave_does_not_insist_on_answers_that_are_still_to_come(site: Site) -> None:
    visitor = site.visitor()
    visitor.start()
    page = visitor.get(visitor.page_of("p-01"))
    assert autosave(visitor, page, {})[0] == 200
    visitor.submit(page, {"action": "continue"}, status=422)


# Where one goes on


def test_continuing_leads_through_the_section_and_back_to_the_hub(owner: Visitor) -> None:
    seen: list[str] = []
    page = owner.follow(owner.get(owner.hub + "/sections/man", 302))
    while "/sections/" in page.path:
        assert page.path not in seen
        seen.append(page.path)
        page = owner.follow(owner.submit(page, {"action": "continue"}))
        if page.path.endswith("/keep"):
            onward = next(to for to in page.links() if to.startswith(owner.hub + "/sections/") or to == owner.hub)
            page = owner.get(onward)
    assert page.path == owner.hub
    assert len(seen) > 5


def test_who_came_from_the_check_goes_back_there(owner: Visitor) -> None:
    page = owner.get(owner.page_of("p-03"), query_string={"from": "check"})
    assert owner.hub + "/check" in page.links()
    answer = owner.submit(page, {"p-03": "7"})
    assert answer.location == owner.hub + "/check"


def test_saving_to_come_back_later_shows_the_way_back_and_asks_for_nothing(site: Site) -> None:
    visitor = site.visitor()
    visitor.start()
    answer = visitor.submit(visitor.get(visitor.page_of("p-01")), {"action": "leave"})
    assert visitor.follow(answer).path == visitor.hub + "/keep"


def test_an_answer_can_be_taken_back(owner: Visitor) -> None:
    owner.answer({"man-01": "whoever"})
    owner.submit(owner.get(owner.page_of("man-01")), {"man-01": []})
    assert stored(owner)["man-01"] is None
    assert owner.get(owner.page_of("man-01")).form().fields.get("man-01") is None


def test_questions_that_stop_to_apply_keep_their_answers_out_of_sight(owner: Visitor) -> None:
    owner.answer({"p-06": "own"})
    owner.submit(owner.get(owner.page_of("p-05")), {"p-05": ["home"]})
    gone = owner.get(owner.page_of("p-06"), 404)
    assert gone.status == 404
    owner.submit(owner.get(owner.page_of("p-05")), {"p-05": ["shop"]})
    assert owner.get(owner.page_of("p-06")).form().fields["p-06"] == "own"


# Bad input

BAD_NUMBERS = ["NaN", "Infinity", "-Infinity", "1e400", "1E+999999999", "１２", "٣", "1_000", "0x1f", "1.234", "1,234",
               "1" * 19, "1" * 200_000, "twelve", "--5", "5-", "1.2.3", "<b>5</b>", "' OR 1=1 --", "${7*7}",
               "\x01"]  # fmt: skip


@pytest.mark.parametrize("typed", BAD_NUMBERS, ids=lambda typed: ascii(typed[:12]))
def test_a_bad_number_comes_back_as_typed_with_what_to_type_and_nothing_is_saved(
    site: Site, owner: Visitor, typed: str
) -> None:
    page = owner.get(owner.page_of("p-03"))
    before = site.dump()
    answer = owner.submit(page, {"p-03": typed, "p-03.note": "a note that stays"}, status=422)
    assert site.dump() == before
    assert answer.text.startswith("<!DOCTYPE html>")
    assert "<title>Error:" in answer.text
    assert "There is a problem" in answer.words
    assert "#p-03" in [a.attrib["href"] for a in answer.tree.iter("a")]
    assert answer.form().fields["p-03"] == typed.replace("\x01", "\N{REPLACEMENT CHARACTER}")
    assert answer.form().fields["p-03.note"] == "a note that stays"


@pytest.mark.parametrize("typed", ["12", " 12 ", "12,0", "12.0", "\u00a012"])
def test_a_number_in_an_unusual_dress_is_read(owner: Visitor, typed: str) -> None:
    owner.submit(owner.get(owner.page_of("p-03")), {"p-03": typed})
    people = stored(owner)["p-03"]
    assert isinstance(people, dict)
    assert people["amount"] == "12"


def test_a_zero_with_a_minus_is_a_zero(owner: Visitor) -> None:
    (name,) = (name for name in owner.get(owner.page_of("ene-01")).form().fields if name == "ene-01")
    owner.submit(owner.get(owner.page_of(name)), {name: "-0"})
    bought = stored(owner)[name]
    assert isinstance(bought, dict)
    assert bought["amount"] == "0"


def test_an_ambiguous_number_is_asked_back_with_both_readings_and_a_choice_settles_it(
    site: Site, owner: Visitor
) -> None:
    page = owner.get(owner.page_of("ene-01"))
    name = next(name for name in page.form().fields if f"{name}.unit" in page.form().fields and name.startswith("ene-"))
    asked = owner.submit(page, {name: "1.234"}, status=422)
    readings = [element for element in asked.tree.iter("input") if element.attrib["name"] == f"{name}.reading"]
    assert [element.attrib["value"] for element in readings] == ["whole", "decimal"]
    assert "1,234" in asked.words
    assert "1.234" in asked.words
    owner.submit(asked, {f"{name}.reading": "decimal"})
    again = owner.get(owner.page_of("ene-01"))
    assert again.form().fields[name] == "1.234"


@pytest.mark.parametrize(
    "controls",
    [
        {"p-01": "ATLANTIS"}, {"p-01": ["BG", "DE"]}, {"p-01": "bg"}, {"p-01[]": "BG"}, {"p-01.units": "kwh"},
        {"man-01": "whoever"}, {"zzz-01": "1"}, {"p-01.revision": "-1"}, {"p-01.revision": "x"},
        {"p-01.revision": "9" * 5000}, {"p-01.note": "x" * 3001}, {"p-01": "do-not-know"}, {"p-01": "not-applicable"},
    ],
    ids=lambda controls: ascii(controls)[:40],
)  # fmt: skip
def test_what_a_page_did_not_offer_is_refused_and_nothing_changes(
    site: Site, owner: Visitor, controls: Controls
) -> None:
    before = site.dump()
    answer = owner.submit(owner.get(owner.page_of("p-01")), controls, status=422)
    assert "There is a problem" in answer.words
    assert site.dump() == before


def test_the_rest_of_a_page_stays_as_typed_where_one_figure_is_wrong(owner: Visitor) -> None:
    page = owner.get(owner.page_of("ene-01"))
    figures = [name for name in page.form().fields if name.count(".") <= 1 and f"{name}.unit" in page.form().fields]
    typed: dict[str, str | list[str]] = {name: str(5 + place) for place, name in enumerate(figures)}
    typed[figures[0]] = "a lot"
    answer = owner.submit(page, typed, status=422)
    assert {name: answer.form().fields[name] for name in figures} == typed
    assert not [question for question in questions_on(page) if question in stored(owner)]


def test_a_check_on_a_version_that_is_gone_is_not_found(site: Site, owner: Visitor) -> None:
    with driver.connect(site.database) as connection:
        connection.execute("UPDATE assessments SET version = '99'")
    connection.close()
    owner.get(owner.hub, 404)
    assert owner.post(owner.page_of("p-03"), {"p-03": "7"}, 404).status == 404


# A store that does not take it


@contextmanager
def failing(site: Site, way: str) -> Iterator[int]:
    """A store that is full, read-only or busy; gives the status to expect."""
    holder = driver.connect(site.database, isolation_level=None)
    raw = writer_of(site)
    # What bringing the tables up to date left free would take it.
    raw.execute("VACUUM")
    (pages,) = raw.execute("PRAGMA page_count").fetchone()
    settings = {
        "full": (f"PRAGMA max_page_count = {pages}", "PRAGMA max_page_count = 1000000"),
        "read-only": ("PRAGMA query_only = ON", "PRAGMA query_only = OFF"),
        "busy": ("PRAGMA busy_timeout = 20", "PRAGMA busy_timeout = 5000"),
    }
    raw.execute(settings[way][0])
    if way == "busy":
        holder.execute("BEGIN IMMEDIATE")
    try:
        yield 503 if way == "busy" else 507
    finally:
        holder.close()
        raw.execute(settings[way][1])


LONG = "Сметките са в синята папка. " * 100
"""A note of more bytes than fit into what is left of any page of the file."""


@pytest.mark.parametrize("way", ["full", "read-only", "busy"])
def test_a_store_that_does_not_take_an_answer_keeps_what_was_typed(site: Site, owner: Visitor, way: str) -> None:
    page = owner.get(owner.page_of("man-01"))
    controls: Controls = {"man-01": "whoever", "man-01.note": LONG.strip()}
    before = site.dump()
    with failing(site, way) as expected:
        answer = owner.send(page.path, page.form().filled(controls))
        assert answer.status == expected
        status, said = autosave(owner, page, controls)
        assert (status, said) == (expected, {"saved_at": None})
    assert "Not saved" in answer.words
    assert answer.form().fields["man-01.note"] == LONG.strip()
    assert answer.form().fields["man-01"] == "whoever"
    assert site.dump() == before
    owner.submit(answer)
    assert stored(owner)["man-01"] == "whoever"


@pytest.mark.parametrize("way", ["full", "read-only", "busy"])
def test_a_store_that_does_not_take_a_change_of_the_plan_keeps_what_was_typed(finished: Finished, way: str) -> None:
    owner, site = finished.owner, finished.site
    card = owner.get(finished.address("/assessments/<draft_id>/plan/<key>"))
    own = owner.get(owner.hub + "/plan-own")
    report = owner.get(owner.hub + "/report")
    note = LONG[:1000].strip()
    before = site.dump()
    with failing(site, "read-only" if way == "full" else way) as expected:
        for page, controls, field in (
            (card, {"status": "planned", "owner": "Maria", "note": note}, "note"),
            (own, {"title": "Turn it off", "note": note}, "note"),
            (report, {"company_name": "Mill & Sons"}, "company_name"),
        ):
            answer = owner.send(page.path, page.form().filled(controls))
            assert answer.status == expected, page.path
            assert "Not saved" in answer.words
            assert answer.form().fields[field] == controls[field]
    assert site.dump() == before


def test_a_store_that_does_not_take_a_start_says_not_saved_and_when_to_try_again(site: Site) -> None:
    visitor = site.visitor()
    token = visitor.token()
    with failing(site, "read-only"):
        answer = visitor.send("/start", {"csrf_token": token, "depth": "full"})
    assert (answer.status, answer.headers["Retry-After"]) == (507, "10")
    assert "Not saved" in answer.words


def test_reading_goes_on_while_the_store_takes_nothing(finished: Finished) -> None:
    with failing(finished.site, "read-only"):
        for tail in ("", "/check", "/results", "/plan", "/keep", "/data.json"):
            finished.owner.get(finished.owner.hub + tail)
        assert finished.owner.get("/livez").body == b"ok\n"
        assert Page(finished.owner.client.get("/readyz", base_url=finished.site.address)).status in (200, 503)


def test_every_page_of_an_example_offers_its_answers_back(examples: Site) -> None:
    visitor = examples.visitor()
    visitor.open_example(EXAMPLE)
    before = examples.dump(without=["idempotency"])
    pages = {link for link in visitor.get(visitor.hub + "/check").links() if "/sections/" in link}
    for path in sorted({link.partition("?")[0] for link in pages}):
        visitor.submit(visitor.get(path), {"action": "continue"})
    assert examples.dump(without=["idempotency"]) == before
