"""An interview by the keyboard alone, which the company confirms by a link; a measured saving on one printed page."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import delete, select, update

from assessment.core.access import Action
from assessment.services.asking import Asking
from assessment.services.mentors import mentoring
from assessment.services.mentors.mentoring import Agreement
from assessment.storage.mentors import grants
from assessment.storage.mentors.grants import Recorded
from assessment.storage.tables import answer_history, assessments
from tests.browser.people import OWNER, Office, open_office, path_of_newest_link, press, signed_in
from tests.reporting.paper import Paper
from tests.web.test_confirmed_savings import TERMS
from tests.web.test_follow_up import WHOLE

pytestmark = pytest.mark.browser

FIRST, OPEN, JUMPED = "ene-03", "ene-04", "was-01"
NOTE = "Read from the plate on the boiler"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """With a mentor who is let in and may note answers, and a check with two answers left to give."""
    with open_office(tmp_path / "office") as opened:
        recorded = Recorded("digest", "en", "test", opened.owner_id)
        with opened.instance.database.writing() as connection:
            grants.begin(connection, opened.company_id, opened.mentor_id, recorded, opened.instance.now())
            (grant,) = grants.grants_of(connection, opened.company_id, opened.instance.now())
            mine = assessments.c.company_id == opened.company_id
            answers = json.loads(connection.execute(select(assessments.c.answers).where(mine)).scalar_one())
            for question in (FIRST, OPEN):
                del answers[question]
            connection.execute(update(assessments).where(mine).values(answers=json.dumps(answers)))
            connection.execute(delete(answer_history).where(answer_history.c.question.in_((FIRST, OPEN))))
        asking = Asking("", Action.MANAGE_MENTORS, opened.owner_id)
        mentoring.agree_to_interview(
            opened.instance, asking, opened.company_id, grant.id, True, Agreement("words", "en")
        )
        yield opened


def check_of(office: Office) -> str:
    """The address of the company's check."""
    with office.instance.database.reading() as connection:
        mine = select(assessments.c.id).where(assessments.c.company_id == office.company_id)
        return f"/assessments/{connection.execute(mine).scalar_one()}"


def reach(page: Page, control: Locator) -> None:
    """Press Tab until a control has the focus, as somebody without a mouse does."""
    for _ in range(40):
        if control.evaluate("control => control === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"Tab never leads to {control}")


def go(page: Page, control: Locator) -> None:
    """Reach a control and press Enter, which leads on."""
    reach(page, control)
    with page.expect_navigation(wait_until="domcontentloaded"):
        page.keyboard.press("Enter")


def note(page: Page, question: str) -> None:
    """Choose the second option of a question with the arrow keys, and write beside it."""
    expect(page.locator(f"#{question}")).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    expect(page.locator(f"#{question}-2")).to_be_checked()
    words = page.locator(f'[name="{question}.note"]')
    if not words.is_visible():
        reach(page, page.locator("details", has=words).locator("summary").first)
        page.keyboard.press("Enter")
    reach(page, words)
    page.keyboard.insert_text(f"{NOTE}, {question}")
    go(page, page.get_by_role("button", name="Note it and go to the next open one"))


def test_a_mentor_interviews_by_keyboard_alone_and_the_company_confirms_by_the_link(
    office: Office, chromium: Browser
) -> None:
    check = check_of(office)
    with signed_in(office, chromium, office.mentor_id, width="desktop", scripts=True) as mentor:
        page = mentor.page
        page.goto(f"{check}/review")
        go(page, page.get_by_role("link", name=re.compile("^Interview")))
        # The first without an answer; what is noted leads to the next one.
        note(page, FIRST)
        # By its code on the printed sheet, and back to what is open by its link.
        expect(page.locator(f"#{OPEN}")).to_be_focused()
        reach(page, page.get_by_label("Go to question"))
        page.keyboard.insert_text(JUMPED.upper())
        with page.expect_navigation(wait_until="domcontentloaded"):
            page.keyboard.press("Enter")
        expect(page.locator("main")).to_contain_text(f"({JUMPED.upper()})")
        go(page, page.get_by_role("link", name="Next without an answer"))
        note(page, OPEN)
        expect(page.get_by_role("heading", level=1)).to_have_text("2 answers noted")
        go(page, page.get_by_role("button", name="Ask the company to confirm them"))
    context = chromium.new_context(base_url=office.server.url, locale="en-GB")
    try:
        page = context.new_page()
        page.goto(path_of_newest_link(office, OWNER[1]))
        for question in (FIRST, OPEN):
            expect(page.locator("main")).to_contain_text(f"{NOTE}, {question}")
        expect(page.locator("main input:checked")).to_have_count(2)
        go(page, page.get_by_role("button", name="Confirm what is ticked"))
    finally:
        context.close()
    with office.instance.database.reading() as connection:
        (kept,) = connection.execute(select(assessments.c.answers)).scalars().all()
    assert {FIRST, OPEN} <= set(json.loads(kept))


def test_the_statement_of_a_confirmed_saving_prints_on_one_page(office: Office, chromium: Browser) -> None:
    check = check_of(office)
    with (
        signed_in(office, chromium, office.owner_id, width="desktop", scripts=True) as company,
        signed_in(office, chromium, office.mentor_id, width="desktop", scripts=True) as mentor,
    ):
        page = company.page
        page.goto(f"{check}/plan")
        card = page.locator('a[href*="/plan/measure:"]').first.get_attribute("href") or ""
        page.goto(card)
        token = page.locator('input[name="csrf_token"]').first.input_value()
        revision = page.locator('input[name="revision"]').first.input_value()
        form: dict[str, str | float | bool] = {**WHOLE, "csrf_token": token, "revision": revision}
        assert page.request.post(card, form=form, max_retries=2).ok
        mentor.page.goto(f"{check}/review-savings/{card.rpartition('/')[2]}")
        for name, typed in TERMS.items():
            mentor.page.locator(f'[name="{name}"]').fill(typed)
        press(mentor.page, "Confirm this saving")
        for shown in (mentor.page, page):
            shown.goto(mentor.page.url)
            paper = Paper(shown.pdf(format="A4"))
            assert len(paper.pages) == 1
            printed = " ".join(paper.pages[0].split())
            for told in (
                TERMS["baseline"],
                TERMS["method"],
                "EUR 1,500 a year",
                "30 % of the saving",
                "For the company",
            ):
                assert told in printed, told
