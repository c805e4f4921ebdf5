"""Saving while somebody types, and everything else that scripts add to a question page."""

import re
import time
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Dialog, Page, Request, Route, expect

from tests.browser.conftest import Visit
from tests.browser.journey import begin, follow
from tests.browser.states import open_example

pytestmark = pytest.mark.browser

PLAYGROUND = "haulier-lt"
"""An example company whose answers these tests change."""

REST = 2000
"""Milliseconds from the last key to the save, and from a failure to the first further try."""
SAVED = re.compile(r"^Saved \d{1,2}:\d{2}")
NETWORK_DOWN = "net::ERR_INTERNET_DISCONNECTED"


def open_question(page: Page, path: str) -> str:
    """A check just begun, open at a question; returns the hub's address."""
    hub = begin(page, "full")
    page.goto(f"{hub}/sections/profile/{path}")
    return hub


def with_a_clock(page: Page) -> None:
    """From the next page on, time passes as it does, and `rest` lets two seconds of it pass at once."""
    page.clock.install()


def rest(page: Page) -> None:
    """The two seconds after which it saves, or tries again for the first time."""
    page.clock.fast_forward(REST)


def status_of(page: Page) -> str:
    return page.locator("[data-autosave-status]").inner_text()


def expect_saved(page: Page) -> None:
    expect(page.locator("[data-autosave-status]")).to_have_text(SAVED)


def write_note(page: Page, text: str, question: str = "p-01") -> None:
    """Type a note by hand, key by key, as a person does."""
    note = page.locator(f'[name="{question}.note"]')
    if not note.is_visible():
        page.locator("summary", has_text="Add a note").first.click()
    note.press_sequentially(text)


def note_of(page: Page, question: str = "p-01") -> str:
    return page.locator(f'[name="{question}.note"]').input_value()


def sent_keys(page: Page) -> list[str]:
    """The idempotency key of each save from now on."""
    keys: list[str] = []

    def note(request: Request) -> None:
        if request.method == "POST":
            keys.append(parse_qs(request.post_data or "")["idempotency_key"][0])

    page.on("request", note)
    return keys


def test_resting_two_seconds_after_typing_saves_and_says_when(visit: Visit) -> None:
    page = visit.page
    open_question(page, "p-03")
    live = page.locator("[data-autosave-status]")
    assert (live.get_attribute("role"), live.get_attribute("aria-live")) == ("status", "polite")
    keys = sent_keys(page)
    page.locator('[name="p-03"]').press_sequentially("21")
    typed = time.monotonic()
    assert status_of(page) == "Not saved yet"
    assert keys == [], "nobody's half-typed number is sent"
    expect_saved(page)
    assert time.monotonic() - typed > 0.9 * REST / 1000
    assert len(keys) == 1
    page.reload()
    assert page.locator('[name="p-03"]').input_value() == "21"


def test_a_second_save_of_the_same_page_meets_its_own_newer_revision_and_is_accepted(visit: Visit) -> None:
    page = visit.page
    open_question(page, "p-01")
    page.locator('[name="p-01"]').select_option("BG")
    expect_saved(page)
    with page.expect_response(lambda answer: answer.request.method == "POST") as saved:
        page.locator('[name="p-01"]').select_option("ES")
    assert saved.value.status == 200
    follow(page, page.get_by_role("button", name="Continue"))
    assert "/keep" in page.url or "/sections/profile/" in page.url
    page.go_back()
    assert page.locator('[name="p-01"]').input_value() == "ES"


def test_while_offline_it_says_not_saved_and_sends_the_same_again_when_it_can(visit: Visit) -> None:
    page = visit.page
    visit.expected.append(NETWORK_DOWN)
    with_a_clock(page)
    open_question(page, "p-01")
    keys = sent_keys(page)
    visit.context.set_offline(True)
    write_note(page, "typed in a tunnel")
    rest(page)
    expect(page.locator("[data-autosave-status]")).to_have_text("Not saved. We keep trying.")
    visit.context.set_offline(False)
    rest(page)
    expect_saved(page)
    assert len(keys) >= 2
    assert len(set(keys)) == 1
    page.reload()
    assert note_of(page) == "typed in a tunnel"


def test_a_reply_lost_on_the_way_leaves_one_save_and_what_was_typed_meanwhile_follows(visit: Visit) -> None:
    page = visit.page
    visit.expected.append("net::ERR_FAILED")
    with_a_clock(page)
    open_question(page, "p-01")
    keys = sent_keys(page)
    lost: list[int] = []

    def lose_once(route: Route) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch().status)
            route.abort()
        else:
            route.continue_()

    page.route("**/sections/profile/p-01", lose_once)
    write_note(page, "first")
    rest(page)
    expect(page.locator("[data-autosave-status]")).to_have_text("Not saved. We keep trying.")
    write_note(page, ", second")
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        rest(page)
    # What was typed meanwhile waits its own two seconds.
    rest(page)
    expect_saved(page)
    assert lost == [200]
    assert keys[0] == keys[1]
    page.reload()
    assert note_of(page) == "first, second"


def test_leaving_with_unsaved_text_asks_first(visit: Visit) -> None:
    page = visit.page
    open_question(page, "p-01")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    write_note(page, "half a thou")
    with page.expect_event("dialog"):
        page.close(run_before_unload=True)
    assert asked == ["beforeunload"]
    assert note_of(page) == "half a thou"


def test_leaving_with_everything_saved_asks_nothing(visit: Visit) -> None:
    page = visit.page
    with_a_clock(page)
    hub = open_question(page, "p-01")
    asked: list[str] = []

    def go(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", go)
    write_note(page, "a thought")
    rest(page)
    expect_saved(page)
    page.goto(hub)
    assert asked == []


def test_continue_right_after_typing_asks_nothing_and_saves(visit: Visit) -> None:
    page = visit.page
    hub = open_question(page, "p-01")
    page.locator('[name="p-01"]').select_option("DE")
    write_note(page, "quick hands")
    follow(page, page.get_by_role("button", name="Continue"))
    expect(page).not_to_have_url(re.compile("/p-01$"))
    page.goto(f"{hub}/sections/profile/p-01")
    assert (page.locator('[name="p-01"]').input_value(), note_of(page)) == ("DE", "quick hands")


def test_a_link_of_the_page_waits_for_the_text_just_typed(visit: Visit) -> None:
    page = visit.page
    hub = open_question(page, "p-01")
    write_note(page, "going back")
    follow(page, page.get_by_role("link", name="Back", exact=True))
    expect(page).to_have_url(hub)
    page.goto(f"{hub}/sections/profile/p-01")
    assert note_of(page) == "going back"


def test_the_browsers_back_and_forward_keep_the_text(visit: Visit) -> None:
    page = visit.page
    with_a_clock(page)
    page.goto(hub := begin(page, "full"))
    page.goto(f"{hub}/sections/profile/p-01")
    write_note(page, "there and back")
    rest(page)
    expect_saved(page)
    page.go_back()
    assert page.url == hub
    page.go_forward()
    assert note_of(page) == "there and back"


def test_a_question_open_in_two_windows_is_never_overwritten(visit: Visit) -> None:
    page = visit.page
    hub = open_question(page, "p-01")
    other = visit.context.new_page()
    other.goto(page.url)
    other.locator('[name="p-01"]').select_option("DE")
    expect_saved(other)
    page.locator('[name="p-01"]').select_option("FR")
    status = page.locator("[data-autosave-status]")
    expect(status).to_have_text("Changed in another window. Press Continue to choose.")
    follow(page, page.get_by_role("button", name="Continue"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Two different answers")
    text = page.locator("main").inner_text()
    assert "Yours, typed here and not saved yet: France" in text
    theirs = page.locator('[name="p-01.keep"][value="theirs"]')
    assert not theirs.is_checked()
    assert re.search(r"Saved in another window on .* at .*: Germany", text)
    theirs.check(force=True)
    follow(page, page.get_by_role("button", name="Keep what I chose"))
    page.goto(f"{hub}/sections/profile/p-01")
    assert page.locator('[name="p-01"]').input_value() == "DE"


def test_none_of_these_and_the_other_ticks_rule_each_other_out(visit: Visit) -> None:
    page = visit.page
    open_question(page, "p-07")
    heat, none = (page.locator(f'[name="p-07"][value="{option}"]') for option in ("heat", "none"))
    heat.check(force=True)
    none.check(force=True)
    assert (heat.is_checked(), none.is_checked()) == (False, True)
    heat.check(force=True)
    assert (heat.is_checked(), none.is_checked()) == (True, False)
    expect_saved(page)


def test_i_do_not_know_puts_the_number_aside_and_gives_it_back(visit: Visit) -> None:
    page = visit.page
    with_a_clock(page)
    page.goto(open_example(page, PLAYGROUND) + "/sections/ene/ene-01")
    number = page.locator('[name="ene-01"]')
    unknown = page.locator('[name="ene-01.marker"][value="do-not-know"]')
    before = number.input_value()
    assert before
    unknown.check(force=True)
    assert number.input_value() == ""
    unknown.uncheck(force=True)
    assert number.input_value() == before
    unknown.check(force=True)
    number.press_sequentially("7000")
    assert not unknown.is_checked()
    rest(page)
    expect_saved(page)


def test_the_reason_for_does_not_apply_shows_where_that_is_the_answer(visit: Visit) -> None:
    page = visit.page
    page.goto(open_example(page, PLAYGROUND) + "/sections/ene/ene-03")
    reason = page.get_by_label("Why does it not apply to you?")
    expect(reason).to_be_hidden()
    page.get_by_label("Does not apply to us").check(force=True)
    expect(reason).to_be_visible()
    page.locator('[name="ene-03"]').first.check(force=True)
    expect(reason).to_be_hidden()
    expect_saved(page)


def test_the_list_of_errors_takes_the_focus_and_leads_to_the_field(visit: Visit) -> None:
    page = visit.page
    page.goto(open_example(page, PLAYGROUND) + "/sections/ene/ene-01")
    page.locator('[name="ene-01"]').fill("plenty")
    follow(page, page.get_by_role("button", name="Continue"))
    summary = page.locator(".govuk-error-summary")
    expect(summary).to_be_focused()
    summary.get_by_role("link").first.click()
    expect(page.locator('[name="ene-01"]')).to_be_focused()
    assert page.locator('[name="ene-01"]').input_value() == "plenty"


def test_nothing_is_kept_in_the_browser_but_the_one_cookie(visit: Visit) -> None:
    page = visit.page
    with_a_clock(page)
    open_question(page, "p-01")
    write_note(page, "nobody's business")
    rest(page)
    expect_saved(page)
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    assert page.evaluate("async () => (await indexedDB.databases()).length + (await caches.keys()).length") == 0
    assert [(cookie.get("name"), cookie.get("httpOnly")) for cookie in visit.context.cookies()] == [("session", True)]
