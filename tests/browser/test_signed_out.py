"""Somebody types while time ends their session: they are told, sign in, and find the page as it was. DUR-15, SES-04"""

import re
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from assessment.storage.columns import iso
from assessment.storage.sqlite import driver
from tests.browser.conftest import Visit
from tests.browser.journey import follow
from tests.browser.server import Server
from tests.browser.signed_in import come_in, links

pytestmark = pytest.mark.browser

PASSWORD = "correct horse battery"
TYPED = "read on Mondays, in the yard"


def end_by_time(server: Server) -> None:
    """Everybody who is signed in has been for a day."""
    with closing(driver.connect(server.data / "assessment.sqlite3")) as connection:
        before = iso(datetime.now(UTC) - timedelta(days=2))
        connection.execute("UPDATE sessions SET signed_in_at = ? WHERE person_id IS NOT NULL", (before,))
        connection.commit()


@pytest.mark.parametrize("visit", [("phone", True), ("desktop", False)], indirect=True)
def test_what_was_typed_waits_through_signing_in_and_is_sent_by_hand(visit: Visit, server: Server) -> None:
    page = visit.page
    come_in(page, links(server)["company"])
    page.goto("/account/password")
    email = page.locator('input[name="username"]').input_value()
    page.get_by_label("New password").fill(PASSWORD)
    page.locator("main form button").first.click()
    page.goto("/account/companies")
    follow(page, page.locator('main a[href^="/companies/"]'))
    check = page.locator('main a[href^="/assessments/"]').first.get_attribute("href") or ""
    there = f"{'/'.join(check.split('/')[:3])}/sections/ene/ene-03"
    page.goto(there)
    end_by_time(server)
    note = page.locator('[name="ene-03.note"]')
    if not note.is_visible():
        page.locator("summary", has_text="note").first.click()
    typed = f"{TYPED}, {'with' if visit.scripts else 'without'} scripts"
    note.fill("")
    if visit.scripts:
        note.press_sequentially(typed)
        expect(page.locator("[data-autosave-status]")).to_contain_text("you have been signed out")
    else:
        note.fill(typed)
    page.get_by_role("button", name="Continue").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    page.get_by_label("Mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"**{there}")
    expect(page.get_by_text("What you had typed is here again")).to_be_visible()
    assert page.locator('[name="ene-03.note"]').input_value() == typed
    page.get_by_role("button", name="Continue").last.click()
    page.wait_for_url(re.compile(r"/sections/ene/(?!ene-03)"))
    page.goto(there)
    assert page.locator('[name="ene-03.note"]').input_value() == typed
    expect(page.get_by_text("What you had typed is here again")).to_have_count(0)
    # Of all this the browser keeps two cookies, and both are needed.
    assert {cookie["name"] for cookie in visit.context.cookies()} == {"session", "known"}
