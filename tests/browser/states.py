"""How to bring up each distinct page and state; the example companies of the demo stand behind most of them."""

from collections.abc import Callable
from uuid import NAMESPACE_URL, uuid5

from playwright.sync_api import Page

from tests.browser.journey import begin, follow, start
from tests.browser.money import record_a_saving

Opener = Callable[[Page], None]

BAKERY, QUICK, HALFWAY, SECOND = "bakery-bg", "design-studio-fi", "recycler-cz", "metal-shop-de"
CHANGED, CLASHING, FOLLOWED, COMPARED = "grocer-gr", "hotel-hr", "cafe-be", "haulier-lt"
"""Examples whose plans these states change, so that no other state looks at them."""

PUBLIC = {
    "landing": "/", "start": "/start", "resume": "/resume", "link ended": "/resume/notalink",
    "entry unknown": "/r/00000",
    "catalogue": "/catalogue", "catalogue, searched": "/catalogue?q=licht",
    "catalogue, nothing fits": "/catalogue?q=zzzz", "catalogue, filtered": "/catalogue?kind=funding&closed=1",
    "catalogue, further page": "/catalogue?page=2", "entry, closed": "/catalogue/bg-circular-enterprises",
    "method": "/method", "privacy": "/privacy", "accessibility": "/accessibility", "help": "/help",
    "licences": "/licences", "questions": "/questions", "examples": "/examples", "not found": "/nowhere",
    "left": "/left", "deleted": "/deleted", "suggest": "/catalogue/suggest", "thanks": "/catalogue/suggest/thanks",
    "changes": "/catalogue/changes",
}  # fmt: skip

OF_A_CHECK = {
    "hub, done": (BAKERY, ""),
    "hub, in progress": (HALFWAY, ""),
    "question, long list": (BAKERY, "/sections/profile/p-01"),
    "question, radios": (BAKERY, "/sections/ene/ene-03"),
    "question, ticks": (BAKERY, "/sections/profile/p-07"),
    "question, number": (BAKERY, "/sections/ene/ene-01"),
    "question, several numbers": (BAKERY, "/sections/ene/ene-02"),
    "questions, turnover": (BAKERY, "/sections/profile/turnover"),
    "questions, rooms": (BAKERY, "/sections/ene/rooms"),
    "check answers": (BAKERY, "/check"),
    "check answers, gaps": (HALFWAY, "/check"),
    "results, full": (BAKERY, "/results"),
    "results, quick": (QUICK, "/results"),
    "results, too few answers": (HALFWAY, "/results"),
    "why": (BAKERY, "/results/ene"),
    "why, too few answers": (HALFWAY, "/results/fin"),
    "early": (HALFWAY, "/early"),
    "plan": (BAKERY, "/plan"),
    "plan, all": (BAKERY, "/plan?all=1"),
    "plan, filtered": (BAKERY, "/plan?cost=low"),
    "plan, nothing fits": (BAKERY, "/plan?status=done"),
    "plan, what if": (BAKERY, "/plan?what=if&measure=energy-audit"),
    "what is used": (BAKERY, "/use"),
    "what is used, a line": (BAKERY, "/use/electricity"),
    "footprint": (BAKERY, "/footprint"),
    "pieces": (CLASHING, "/pieces/led-retrofit"),
    "scenarios": (BAKERY, "/scenarios"),
    "best plan, asked for": (QUICK, "/best-plan"),
    "next year": (BAKERY, "/next"),
    "results, since last year": (SECOND, "/results"),
    "plan, since last year": (SECOND, "/plan"),
    "years": (SECOND, "/years"),
    "years, no earlier one": (BAKERY, "/years"),
    "question, last year's answer": (SECOND, "/sections/ene/ene-01"),
    "own action": (BAKERY, "/plan-own"),
    "report": (BAKERY, "/report"),
    "data": (BAKERY, "/data"),
    "delete": (BAKERY, "/delete"),
}


def example_id(name: str) -> str:
    """The id of an example company's check."""
    return uuid5(NAMESPACE_URL, f"example:{name}").hex


def open_example(page: Page, name: str) -> str:
    """Open an example company, unless this browser has it open; returns the address of its hub."""
    hub = f"/assessments/{example_id(name)}"
    if page.request.get(hub, max_retries=2).ok:
        return hub
    page.goto("/examples")
    follow(page, page.locator(f'form[action$="/examples/{example_id(name)}"] button'))
    return hub


def press(page: Page, name: str) -> None:
    """Press the first button of that name."""
    follow(page, page.get_by_role("button", name=name))


def _public(path: str) -> Opener:
    return lambda page: _go(page, path)


def _of_a_check(name: str, path: str) -> Opener:
    return lambda page: _go(page, open_example(page, name) + path)


def _go(page: Page, path: str) -> None:
    page.goto(path)


def start_error(page: Page) -> None:
    """Nothing chosen on the start page."""
    page.goto("/start")
    press(page, "Start the check")


def resume_error(page: Page) -> None:
    """A code that nobody has."""
    page.goto("/resume")
    page.get_by_label("Your code").fill("AAAA-BBBB-CCCC")
    press(page, "Open my check")


def fresh_hub(page: Page) -> None:
    """A check just begun."""
    start(page, "full")


def choice_error(page: Page) -> None:
    """A question that routing needs, left empty."""
    page.goto(begin(page, "full") + "/sections/profile/p-01")
    press(page, "Continue")


def number_error(page: Page) -> None:
    """Letters where a number is asked."""
    _type_electricity(page, "plenty")


def ambiguous_number(page: Page) -> None:
    """A number that reads two ways."""
    _type_electricity(page, "1.234")


def _type_electricity(page: Page, typed: str) -> None:
    page.goto(open_example(page, BAKERY) + "/sections/ene/ene-01")
    page.locator('[name="ene-01"]').fill(typed)
    press(page, "Continue")


def numbers_error(page: Page) -> None:
    """A wrong number among several."""
    page.goto(open_example(page, BAKERY) + "/sections/ene/ene-02")
    page.locator('[name="ene-02.diesel"]').fill("-5 l")
    press(page, "Continue")


def ticks_error(page: Page) -> None:
    """More ticks than are allowed."""
    page.goto(open_example(page, BAKERY) + "/sections/profile/p-09")
    for tick in page.locator('[name="p-09"]').all()[:5]:
        tick.check(force=True)
    press(page, "Continue")


def several_questions_error(page: Page) -> None:
    """A note that is too long, on a page of several questions."""
    page.goto(open_example(page, BAKERY) + "/sections/ene/rooms")
    page.evaluate("() => { for (const folded of document.querySelectorAll('details')) folded.open = true; }")
    page.locator("textarea").first.fill("x" * 3001)
    press(page, "Continue")


def conflict(page: Page) -> None:
    """The same question answered in two windows."""
    address = begin(page, "full") + "/sections/profile/p-01"
    page.goto(address)
    other = page.context.new_page()
    other.goto(address)
    for window, country in ((other, "DE"), (page, "FR")):
        window.locator('[name="p-01"]').select_option(country)
        press(window, "Continue")
    other.close()


def card_form(page: Page) -> None:
    """The form of the plan's first action."""
    page.goto(open_example(page, BAKERY) + "/plan")
    follow(page, page.get_by_role("link", name="Change owner, date or status"))


def card_error(page: Page) -> None:
    """Not for us without a reason, and a day that does not exist."""
    card_form(page)
    page.get_by_label("Not for us").check(force=True)
    for part, typed in (("day", "31"), ("month", "2"), ("year", "2027")):
        page.locator(f'[id="deadline.{part}"]').fill(typed)
    press(page, "Save")


def card_changed_elsewhere(page: Page) -> None:
    """The same action changed in two windows."""
    page.goto(open_example(page, CLASHING) + "/plan")
    follow(page, page.get_by_role("link", name="Change owner, date or status"))
    other = page.context.new_page()
    other.goto(page.url)
    for window, owner in ((other, "Ana"), (page, "Ivo")):
        window.get_by_label("Who takes care of it?").fill(owner)
        press(window, "Save")
    other.close()


def best_plan(page: Page) -> None:
    """The best plan, found."""
    page.goto(open_example(page, CHANGED) + "/best-plan")
    press(page, "Find the best plan")


def two_scenarios(page: Page) -> None:
    """Two scenarios beside the plan."""
    plan = open_example(page, COMPARED) + "/plan"
    for button in ("Save as A", "Save as B"):
        page.goto(plan)
        page.locator("#what-if input[name=measure]:checked").first.uncheck(force=True)
        press(page, button)


def followed_up(page: Page) -> None:
    """A plan with a measured saving."""
    page.goto(open_example(page, FOLLOWED) + "/plan")
    if not page.get_by_text("Measured saving: Electricity, 4,200 kWh a year.").count():
        record_a_saving(page)


def follow_up_noted(page: Page) -> None:
    """The form of an action with readings, opened."""
    followed_up(page)
    follow(page, page.get_by_role("link", name="Change owner, date or status"))


def next_year_hub(page: Page) -> None:
    """Next year's check, just begun."""
    page.goto(open_example(page, QUICK) + "/next")
    press(page, "Start next year's check")


def next_year_error(page: Page) -> None:
    """Next year's check without a depth."""
    page.goto(open_example(page, QUICK) + "/next")
    page.locator('main [name="depth"]:checked').evaluate("choice => { choice.checked = false; }")
    press(page, "Start next year's check")


def follow_up_error(page: Page) -> None:
    """A reading in words, and a day that does not exist."""
    card_form(page)
    page.get_by_text("How did it go?").click()
    for name, typed in (("before.amount", "plenty"), ("done_on.day", "31"), ("done_on.month", "2")):
        page.locator(f'[id="{name}"]').fill(typed)
    press(page, "Save")


def ambiguous_amount(page: Page) -> None:
    """A use that reads two ways."""
    page.goto(open_example(page, BAKERY) + "/use/diesel")
    page.locator("#amount").fill("1.234")
    press(page, "Save")


def pieces_error(page: Page) -> None:
    """A number of pieces in words."""
    page.goto(open_example(page, CLASHING) + "/pieces/led-retrofit")
    page.get_by_label("Number").fill("some")
    press(page, "Save")


def money_error(page: Page) -> None:
    """A budget in words."""
    page.goto(open_example(page, BAKERY) + "/best-plan")
    page.get_by_label("Money for this year").fill("plenty")
    press(page, "Find the best plan")


def amount_error(page: Page) -> None:
    """A use in words."""
    page.goto(open_example(page, BAKERY) + "/use/electricity")
    page.locator("#amount").fill("plenty")
    press(page, "Save")


def suggestion_error(page: Page) -> None:
    """A suggestion without anything in it."""
    page.goto("/catalogue/suggest")
    press(page, "Send the suggestion")


def dismissed(page: Page) -> None:
    """A plan with an action that is not for the company."""
    page.goto(open_example(page, CHANGED) + "/plan")
    follow(page, page.get_by_role("link", name="Not for us"))
    page.get_by_label("Why is it not for you?").fill("The landlord decides.")
    press(page, "Save")


def own_error(page: Page) -> None:
    """An own action without a title."""
    page.goto(open_example(page, BAKERY) + "/plan-own")
    press(page, "Add to my plan")


def report_error(page: Page) -> None:
    """A company name that is too long."""
    page.goto(open_example(page, BAKERY) + "/report")
    page.get_by_label("Company name").fill("x" * 101)
    press(page, "Make the PDF")


def keep(page: Page) -> None:
    """The link and the code to come back with."""
    page.goto(begin(page, "full") + "/keep")


def new_code(page: Page) -> None:
    """The same with a notice, after they were replaced."""
    keep(page)
    page.get_by_text("Somebody else may have the code or the link?").click()
    press(page, "Make a new code and link")


def link_page(page: Page) -> None:
    """Where the link to come back leads."""
    keep(page)
    page.goto(page.locator("p.gp-break a").get_attribute("href") or "")


def stale_form(page: Page) -> None:
    """A form that was made for another session."""
    page.goto("/start")
    page.locator('main [name="csrf_token"]').evaluate("field => { field.value = 'old'; }")
    page.locator('[name="depth"][value="quick"]').check(force=True)
    press(page, "Start the check")


def entry_to_add(page: Page) -> None:
    """An entry of the catalogue while a check is open."""
    open_example(page, BAKERY)
    page.goto("/catalogue")
    follow(page, page.locator(".gp-entry a"))


PLAIN: dict[str, Opener] = {
    **{name: _public(path) for name, path in PUBLIC.items()},
    **{name: _of_a_check(example, path) for name, (example, path) in OF_A_CHECK.items()},
    "hub, fresh": fresh_hub,
    "conflict": conflict,
    "card form": card_form,
    "plan, dismissed": dismissed,
    "best plan, found": best_plan,
    "scenarios, two": two_scenarios,
    "plan, followed up": followed_up,
    "card form, followed up": follow_up_noted,
    "hub, next year": next_year_hub,
    "keep": keep,
    "keep, new code": new_code,
    "link page": link_page,
    "stale form": stale_form,
    "entry, to add": entry_to_add,
}

MISTAKEN: dict[str, Opener] = {
    "start": start_error,
    "resume": resume_error,
    "choice": choice_error,
    "number": number_error,
    "ambiguous number": ambiguous_number,
    "several numbers": numbers_error,
    "ticks": ticks_error,
    "several questions": several_questions_error,
    "card form": card_error,
    "card changed elsewhere": card_changed_elsewhere,
    "own action": own_error,
    "report": report_error,
    "money": money_error,
    "amount": amount_error,
    "ambiguous amount": ambiguous_amount,
    "pieces": pieces_error,
    "card form, how it went": follow_up_error,
    "next year": next_year_error,
    "suggestion": suggestion_error,
}
