"""A session that ends while somebody types: what was typed comes back to them and to nobody else. DUR-15"""

import json

import pytest

from assessment.services.people import account_changes, sessions
from assessment.services.upkeep import upkeep
from assessment.storage.people import companies, interrupted
from assessment.storage.people.people import change_person
from assessment.storage.upkeep import erasure
from tests.web.entering import PASSWORD, account, code_of, of, quick, sign_in, with_app
from tests.web.mentored import CHOICE, MENTOR, OWNER, Mentored, mentored
from tests.web.people import signed_in
from tests.web.visiting import Page, Visitor

__all__ = ["mentored"]

TYPED = "The meter in the yard, read on Mondays"
ENDED = "You have been signed out"
BACK = "What you had typed is here again"
EVE = "eve@elsewhere.example.org"


def let_come(mentored: Mentored, person_id: str, *, with_code: bool = False) -> None:
    """Give somebody a password, and an app of codes where they need one."""
    with mentored.site.instance.database.writing() as connection:
        change_person(connection, person_id, password_hash=quick(mentored.site).hashed(PASSWORD))
    if with_code:
        with_app(mentored.site, person_id)


@pytest.fixture(name="both")
def _both(mentored: Mentored) -> Mentored:
    """Company and mentor, who can both sign in again."""
    let_come(mentored, mentored.owner_id)
    let_come(mentored, mentored.mentor_id, with_code=True)
    mentored.again()
    return mentored


def question_page(both: Mentored) -> str:
    both.owner.hub = both.hub
    return both.owner.page_of(CHOICE)


def back_in(visitor: Visitor, answer: Page, email: str = OWNER) -> Page:
    """Sign in where a redirect leads, and on to where that leads."""
    assert answer.location.startswith("/sign-in?next="), answer.location
    page = visitor.get(answer.location)
    return visitor.submit(page, {"email": email, "password": PASSWORD}, "/sign-in")


def mentor_back_in(both: Mentored, answer: Page) -> Page:
    """A mentor gives both factors again."""
    second = back_in(both.mentor, answer, MENTOR)
    assert second.location.startswith("/sign-in/second?next=")
    code = code_of(both.site, of(both.site, both.mentor_id).totp_secret)
    return both.mentor.submit(both.mentor.get(second.location), {"code": code}, "/sign-in/second")


def is_saved(both: Mentored) -> bool:
    """Whether the other side finds what was typed."""
    colleague = signed_in(both.site, both.owner_id)
    return TYPED in colleague.get(question_page(both)).text or TYPED in colleague.get(both.hub + "/mentor").text


def test_an_answer_that_was_typed_comes_back_to_its_page_and_is_saved_when_it_is_sent_again(both: Mentored) -> None:
    there = question_page(both)
    page = both.owner.get(there)
    before = page.form().fields[CHOICE]
    other = "do-not-know"
    assert before != other
    both.site.clock.forward(hours=3)
    answer = both.owner.submit(page, {CHOICE: other, f"{CHOICE}.note": TYPED, "action": "continue"})
    inside = back_in(both.owner, answer)
    assert inside.location == there
    shown = both.owner.get(there)
    assert BACK in shown.text
    assert (shown.form().fields[CHOICE], shown.form().fields[f"{CHOICE}.note"]) == (other, TYPED)
    # It was not sent by itself.
    assert not is_saved(both)
    both.owner.submit(shown, {"action": "continue"})
    assert is_saved(both)
    again = both.owner.get(there)
    assert BACK not in again.text
    assert again.form().fields[f"{CHOICE}.note"] == TYPED


def test_looking_at_what_is_given_back_changes_nothing_and_it_stays_until_it_is_sent(both: Mentored) -> None:
    there = question_page(both)
    page = both.owner.get(there)
    both.site.clock.forward(hours=3)
    back_in(both.owner, both.owner.submit(page, {f"{CHOICE}.note": TYPED}))
    before = both.site.dump()
    for _ in range(2):
        assert TYPED in both.owner.get(there).text
    assert both.site.dump() == before
    assert TYPED not in both.owner.get(both.hub + "/sections/ene/ene-01").text


def test_another_account_in_the_same_browser_never_sees_it_and_it_is_gone_with_that(both: Mentored) -> None:
    eve = account(both.site, EVE)
    with both.site.instance.database.writing() as connection:
        companies.add_member(connection, both.company_id, eve, "editor", both.site.clock())
    there = question_page(both)
    page = both.owner.get(there)
    both.site.clock.forward(hours=3)
    answer = both.owner.submit(page, {f"{CHOICE}.note": TYPED})
    assert TYPED in "".join(both.site.dump())
    assert back_in(both.owner, answer, EVE).location == there
    shown = both.owner.get(there)
    assert TYPED not in shown.text
    assert BACK not in shown.text
    assert TYPED not in "".join(both.site.dump())
    # Nor does its own maker find it there afterwards.
    both.owner.post("/sign-out")
    sign_in(both.owner, OWNER, there=there)
    assert TYPED not in both.owner.get(there).text


def test_the_same_account_in_another_browser_does_not_see_it(both: Mentored) -> None:
    there = question_page(both)
    page = both.owner.get(there)
    both.site.clock.forward(hours=3)
    back_in(both.owner, both.owner.submit(page, {f"{CHOICE}.note": TYPED}))
    assert TYPED in both.owner.get(there).text
    assert TYPED not in signed_in(both.site, both.owner_id).get(there).text


def test_it_is_held_for_an_hour_and_then_deleted(both: Mentored) -> None:
    there = question_page(both)
    page = both.owner.get(there)
    both.site.clock.forward(hours=3)
    back_in(both.owner, both.owner.submit(page, {f"{CHOICE}.note": TYPED}))
    both.site.clock.now += sessions.HELD
    assert TYPED not in both.owner.get(there).text
    upkeep.prune(both.site.instance)
    assert TYPED not in "".join(both.site.dump())


@pytest.mark.parametrize("way", ["sign out", "leave"])
def test_it_goes_with_the_session_of_the_browser(both: Mentored, way: str) -> None:
    page = both.owner.get(question_page(both))
    both.site.clock.forward(hours=3)
    back_in(both.owner, both.owner.submit(page, {f"{CHOICE}.note": TYPED}))
    both.owner.post("/sign-out" if way == "sign out" else "/leave")
    assert TYPED not in "".join(both.site.dump())


def test_a_mentor_finds_the_review_as_it_was_typed(both: Mentored) -> None:
    there = f"{both.hub}/review/{CHOICE}"
    page = both.mentor.get(there)
    wanted = both.options(CHOICE)[0]
    both.site.clock.forward(minutes=31)
    answer = both.mentor.submit(page, {"act": "propose", "proposed": wanted, "words": TYPED})
    assert mentor_back_in(both, answer).location == there
    shown = both.mentor.get(there)
    fields = shown.form().fields
    assert (fields["act"], fields["proposed"], fields["words"]) == ("propose", wanted, TYPED)
    assert BACK in shown.text
    both.mentor.submit(shown, {})
    assert is_saved(both)


def test_a_reply_to_the_mentor_comes_back_at_its_question(both: Mentored) -> None:
    both.review(CHOICE, "ask", "Which meter?")
    page = both.owner.get(both.hub + "/mentor")
    both.site.clock.forward(hours=3)
    answer = both.owner.submit(page, {"act": "reply", "words": TYPED}, action=f"/mentor/{CHOICE}")
    assert back_in(both.owner, answer).location == both.hub + "/mentor"
    shown = both.owner.get(both.hub + "/mentor")
    assert shown.form(f"/mentor/{CHOICE}").fields["words"] == TYPED
    both.owner.submit(shown, {"act": "reply"}, action=f"/mentor/{CHOICE}")
    assert TYPED not in both.owner.get(both.hub + "/mentor").form("/comments").fields["words"]


@pytest.mark.parametrize("path", ["/plan/<key>", "/plan-own"])
def test_a_card_of_the_plan_comes_back_as_it_was_typed(both: Mentored, path: str) -> None:
    address = both.hub + path
    if "<key>" in path:
        links = both.owner.get(both.hub + "/plan").links()
        address = next(link for link in links if link.startswith(both.hub + "/plan/measure"))
    page = both.owner.get(address)
    both.site.clock.forward(hours=3)
    typed: dict[str, str | list[str]] = {"owner": "Olga", "note": TYPED, "deadline.day": "31", "deadline.year": "2027"}
    answer = both.owner.submit(page, typed)
    assert back_in(both.owner, answer).location == address
    shown = both.owner.get(address)
    assert {name: shown.form().fields[name] for name in typed} == typed
    title = {"title": "Ask the landlord"} if path == "/plan-own" else {}
    both.owner.submit(shown, {"deadline.month": "3", **title})
    assert TYPED in both.owner.get(both.hub + "/plan?all=1").text


def test_an_autosave_says_that_nobody_is_signed_in_and_loses_nothing(both: Mentored) -> None:
    there = question_page(both)
    page = both.owner.get(there)
    both.site.clock.forward(hours=3)
    answer = both.owner.submit(page, {f"{CHOICE}.note": TYPED, "autosave": "1"}, status=403)
    assert json.loads(answer.text) == {"signed_out": True}
    sign_in(both.owner, OWNER, there=there)
    assert both.owner.get(there).form().fields[f"{CHOICE}.note"] == TYPED


def test_an_answer_that_somebody_else_changed_meanwhile_is_still_a_choice_of_the_person(both: Mentored) -> None:
    there = question_page(both)
    page = both.owner.get(there)
    both.site.clock.forward(hours=3)
    answer = both.owner.submit(page, {CHOICE: "do-not-know"})
    colleague = signed_in(both.site, both.owner_id)
    colleague.hub = both.hub
    options = both.site.question(CHOICE)
    other = next(option.id for option in options.options if option.id != page.form().fields[CHOICE])  # type: ignore[union-attr]
    colleague.answer({CHOICE: other})
    back_in(both.owner, answer)
    shown = both.owner.get(there)
    assert shown.form().fields[CHOICE] == "do-not-know"
    both.owner.submit(shown, {"action": "continue"}, status=409)
    assert colleague.get(there).form().fields[CHOICE] == other


def test_a_check_that_does_not_exist_answers_alike_and_nothing_is_kept(both: Mentored) -> None:
    page = both.owner.get(question_page(both))
    both.site.clock.forward(hours=3)
    fields = page.form().filled({f"{CHOICE}.note": TYPED})
    nowhere = question_page(both).replace(both.draft_id, "0" * 32)
    answer = both.owner.send(nowhere, fields)
    assert (answer.status, answer.location) == (303, f"/sign-in?next={nowhere}")
    assert TYPED not in "".join(both.site.dump())


def test_whoever_was_never_signed_in_is_told_as_before(both: Mentored) -> None:
    stranger = both.site.visitor()
    there = question_page(both)
    answer = stranger.post(there, {f"{CHOICE}.note": TYPED}, status=404)
    assert TYPED not in answer.text
    assert TYPED not in "".join(both.site.dump())


def test_a_form_that_is_not_from_our_page_is_not_held(both: Mentored) -> None:
    there = question_page(both)
    both.owner.get(there)
    both.site.clock.forward(hours=3)
    both.owner.get(there, status=404)
    before = both.site.dump()
    assert both.owner.send(there, {f"{CHOICE}.note": TYPED, "csrf_token": "made up"}).status == 400
    assert both.owner.send(there, {f"{CHOICE}.note": TYPED}, Origin="https://evil.example").status == 403
    assert both.site.dump() == before


def test_where_no_page_can_show_it_again_the_answer_does(both: Mentored) -> None:
    """A comment, a session that was ended from elsewhere, and more than anybody types."""
    sign_in(both.owner, OWNER)
    page = both.owner.get(both.hub + "/mentor")
    both.site.clock.forward(hours=3)
    told = both.owner.submit(page, {"words": TYPED}, action="/comments", status=403)
    assert ENDED in told.words
    assert TYPED in told.words
    sign_in(both.owner, OWNER)
    there = question_page(both)
    page = both.owner.get(there)
    account_changes.end_places(both.site.instance, both.owner_id, keep="", only="")
    told = both.owner.submit(page, {f"{CHOICE}.note": TYPED}, status=403)
    assert TYPED in told.words
    sign_in(both.owner, OWNER)
    page = both.owner.get(there)
    both.site.clock.forward(hours=3)
    told = both.owner.submit(page, {f"{CHOICE}.note": TYPED + "x" * 100_001}, status=403)
    assert TYPED in told.words
    assert TYPED not in "".join(both.site.dump())


def test_what_is_held_goes_with_the_check(both: Mentored) -> None:
    page = both.owner.get(question_page(both))
    both.site.clock.forward(hours=3)
    both.owner.submit(page, {f"{CHOICE}.note": TYPED})
    with both.site.instance.database.writing() as connection:
        erasure.erase(connection, both.draft_id)
    assert TYPED not in "".join(both.site.dump())


def test_without_the_check_of_the_person_somebody_else_would_see_it(
    both: Mentored, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: who signs in is what keeps it from others."""
    eve = account(both.site, EVE)
    with both.site.instance.database.writing() as connection:
        companies.add_member(connection, both.company_id, eve, "editor", both.site.clock())
    there = question_page(both)
    page = both.owner.get(there)
    both.site.clock.forward(hours=3)
    answer = both.owner.submit(page, {f"{CHOICE}.note": TYPED})
    monkeypatch.setattr(interrupted, "let_go", lambda *_, **__: None)
    monkeypatch.setattr(interrupted, "address_held", lambda *_: there)
    monkeypatch.setattr(sessions, "held", lambda *_: [(f"{CHOICE}.note", TYPED)])
    back_in(both.owner, answer, EVE)
    assert TYPED in both.owner.get(there).text
