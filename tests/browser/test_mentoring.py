"""A company and its mentor, each in their own browser: from the invitation to the printed review and the end of it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.journey import follow
from tests.browser.people import COMPANY, MENTOR, Office, open_office, path_of_newest_link, press, signed_in
from tests.reporting.paper import Paper

pytestmark = pytest.mark.browser

PROPOSED, CONFIRMED = 10, 2
BECAUSE = "The papers that you showed me say otherwise"
KEPT = "The papers are those of the other site"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_office(tmp_path / "office") as opened:
        yield opened


def invite(page: Page, office: Office) -> None:
    """The company asks a mentor by mail."""
    page.goto(f"/companies/{office.company_id}/mentors")
    page.get_by_label("Mail address of the mentor").fill(MENTOR[1])
    press(page, "Ask by mail")
    expect(page.locator("main")).to_contain_text(MENTOR[1])


def accept_invitation(page: Page, office: Office) -> None:
    """The mentor follows the link of the mail, and presses the button."""
    page.goto(path_of_newest_link(office, MENTOR[1]))
    expect(page.locator("main")).to_contain_text(COMPANY)
    with page.expect_navigation(wait_until="domcontentloaded"):
        page.locator("main form button").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("1 company")


def review_twelve(page: Page) -> list[str]:
    """The mentor proposes other answers and confirms some; the questions with a proposal."""
    proposed: list[str] = []
    confirmed = 0
    follow(page, page.locator("main table a").first)
    overview = page.url
    follow(page, page.get_by_role("button", name="Review the next answer"))
    while len(proposed) < PROPOSED or confirmed < CONFIRMED:
        choice = page.locator("select#proposed")
        if confirmed < CONFIRMED:
            page.get_by_label("Confirm this answer").check(force=True)
            confirmed += 1
        elif choice.count() and "/review/p-" not in page.url:
            page.get_by_label("Propose another answer").check(force=True)
            choice.select_option(index=1)
            page.get_by_label("Reason or question, which the company reads").fill(BECAUSE)
            proposed.append(page.url.rpartition("/")[2])
        else:
            follow(page, page.get_by_role("link", name="Skip to the next to review"))
            continue
        press(page, "Save and go to the next")
        assert page.locator(".govuk-error-summary").count() == 0, page.url
    page.goto(overview)
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"{PROPOSED + CONFIRMED} of ")
    return proposed


def answer_the_mentor(page: Page, office: Office, check: str) -> None:
    """The company takes nine of the answers over and keeps its own once, with a word why."""
    page.goto(f"{check}/mentor")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{PROPOSED} things wait for you")
    page.get_by_label(re.compile("Your words to the mentor")).first.fill(KEPT)
    with page.expect_navigation(wait_until="domcontentloaded"):
        page.get_by_role("button", name=re.compile("^Keep my answer and say why")).first.click()
    for left in range(PROPOSED - 1, 0, -1):
        expect(page.get_by_role("button", name=re.compile("^Accept"))).to_have_count(left)
        with page.expect_navigation(wait_until="domcontentloaded"):
            page.get_by_role("button", name=re.compile("^Accept")).first.click()
    expect(page.get_by_role("button", name=re.compile("^Accept"))).to_have_count(0)


def print_the_review(page: Page, check: str, folder: Path) -> str:
    """The mentor's PDF, as words on one line."""
    page.goto(f"{check}/review")
    follow(page, page.get_by_role("link", name="Report as a PDF"))
    if page.get_by_role("button", name="Make the PDF", exact=True).count():
        press(page, "Make the PDF")
    with page.expect_download() as download:
        page.get_by_role("button", name=re.compile("^Download the PDF")).click()
    target = folder / "review.pdf"
    download.value.save_as(target)
    return " ".join(" ".join(Paper(target.read_bytes()).pages).split())


@pytest.mark.parametrize(
    ("width", "scripts"), [("desktop", True), ("phone", False)], ids=["on a desk", "on a phone without JavaScript"]
)  # fmt: skip
def test_a_mentor_reviews_twelve_answers_and_the_company_accepts_nine_disputes_one_and_ends_it(
    office: Office, chromium: Browser, tmp_path: Path, width: str, scripts: bool
) -> None:
    with (
        signed_in(office, chromium, office.owner_id, width=width, scripts=scripts) as company,
        signed_in(office, chromium, office.mentor_id, width=width, scripts=scripts) as mentor,
    ):
        invite(company.page, office)
        accept_invitation(mentor.page, office)
        proposed = review_twelve(mentor.page)
        assert len(proposed) == PROPOSED
        check = mentor.page.url.partition("/review")[0]
        answer_the_mentor(company.page, office, check)

        mentor.page.goto(f"{check}/review")
        overview = " ".join(mentor.page.locator("main").inner_text().split())
        assert overview.count("Different answer accepted") == PROPOSED - 1
        assert KEPT in overview
        printed = print_the_review(mentor.page, check, tmp_path)
        assert KEPT in printed
        assert BECAUSE in printed
        assert f"{PROPOSED - 1} answers were changed by the review" in printed

        company.page.goto(f"/companies/{office.company_id}/mentors")
        with company.page.expect_navigation(wait_until="domcontentloaded"):
            company.page.get_by_role("button", name=re.compile("^End access now")).first.click()
        mentor.expected.append("the server responded with a status of 404")
        mentor.page.reload()
        expect(mentor.page.get_by_role("heading", level=1)).to_have_text("Page not found")
        mentor.page.goto("/mentor")
        expect(mentor.page.locator("main")).not_to_contain_text(COMPANY)
