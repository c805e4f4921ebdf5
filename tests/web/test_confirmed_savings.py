"""A mentor stands behind a measured saving, with the terms of a bill by result on one page."""

import pytest

from tests.web.mentored import Mentored, mentored
from tests.web.test_follow_up import WHOLE

__all__ = ["mentored"]

TERMS = {"baseline": "12,000 kWh in 2024", "method": "Both bills, same output", "floor": "1 500", "share": "30"}


def measured(mentored: Mentored) -> str:
    """The company notes two readings of the first action of its plan; its key."""
    plan = mentored.owner.get(mentored.hub + "/plan")
    key = next(link.rpartition("/")[2] for link in plan.links() if "/plan/measure:" in link)
    mentored.owner.submit(mentored.owner.get(f"{mentored.hub}/plan/{key}"), {"status": "done", **WHOLE})
    return key


def test_a_confirmed_saving_prints_as_a_statement_for_both_sides(mentored: Mentored) -> None:
    key = measured(mentored)
    assert "Confirm this saving" in mentored.mentor.get(mentored.hub + "/review-savings").words
    page = mentored.mentor.get(f"{mentored.hub}/review-savings/{key}")
    assert "a year before" in page.form().fields["baseline"]
    statement = mentored.mentor.submit(page, TERMS).location
    for visitor in (mentored.mentor, mentored.owner):
        words = visitor.get(statement).words
        for told in ("12,000 kWh in 2024", "Both bills, same output", "EUR 1,500 a year", "30 % of the saving",
                     "Mira Petrova", "24 November 2026", "4,200 kWh a year less"):  # fmt: skip
            assert told in words, told
    assert mentored.hub + "/review-savings" in mentored.mentor.get(statement).links()
    assert mentored.hub + "/plan" in mentored.owner.get(statement).links()
    assert "Savings that your mentor has confirmed" in mentored.owner.get(mentored.hub + "/mentor").words


def test_terms_that_are_none_are_told_and_nothing_is_confirmed(mentored: Mentored) -> None:
    key = measured(mentored)
    page = mentored.mentor.get(f"{mentored.hub}/review-savings/{key}")
    wrong = {"baseline": "", "method": "", "floor": "-1", "share": "101"}
    told = mentored.mentor.submit(page, wrong, status=422).words
    for sentence in ("Say what the saving is compared with", "Say how it was measured", "Type whole euros a year",
                     "Type a number from 0 to 100"):  # fmt: skip
        assert sentence in told
    mentored.owner.get(f"{mentored.hub}/statements/{key}", 404)


def test_an_amount_that_can_be_meant_in_two_ways_is_asked_back_and_what_was_typed_stays(mentored: Mentored) -> None:
    key = measured(mentored)
    page = mentored.mentor.get(f"{mentored.hub}/review-savings/{key}")
    sent = {**TERMS, "floor": "1.500", "share": "12,0"}
    asked = mentored.mentor.submit(page, sent, status=422)
    assert "“1.500” can mean 1,500 EUR or 1.5 EUR" in asked.words
    for name, typed in sent.items():
        assert asked.form().fields[name] == typed
    mentored.owner.get(f"{mentored.hub}/statements/{key}", 404)
    statement = mentored.mentor.submit(asked, {"floor.reading": "whole"}).location
    words = mentored.owner.get(statement).words
    assert "EUR 1,500 a year" in words
    assert "12 % of the saving" in words


def test_a_statement_shows_what_was_measured_then_whatever_the_company_notes_later(mentored: Mentored) -> None:
    key = measured(mentored)
    form = f"{mentored.hub}/review-savings/{key}"
    statement = mentored.mentor.submit(mentored.mentor.get(form), {**TERMS, "share": "12,5"}).location
    then = mentored.owner.get(statement).words
    for told in ("Before: 12 MWh, 1 January 2024 to 30 December 2024, from a bill",
                 "After: 7,800 kWh, 1 July 2025 to 30 June 2026, from a meter", "12.5 % of the saving"):  # fmt: skip
        assert told in then, told
    card = f"{mentored.hub}/plan/{key}"
    mentored.owner.submit(mentored.owner.get(card), {"after.amount": "9000"})
    assert mentored.owner.get(statement).words == then
    assert "changed what it noted since" in mentored.mentor.get(mentored.hub + "/review-savings").words
    mentored.owner.submit(mentored.owner.get(card), {"after.amount": ""})
    assert mentored.owner.get(statement).words == then
    assert "no longer has a reading" in mentored.mentor.get(form).words


def test_terms_are_not_put_under_readings_that_the_mentor_has_not_seen(mentored: Mentored) -> None:
    key = measured(mentored)
    page = mentored.mentor.get(f"{mentored.hub}/review-savings/{key}")
    mentored.owner.submit(mentored.owner.get(f"{mentored.hub}/plan/{key}"), {"after.amount": "9000"})
    told = mentored.mentor.submit(page, TERMS, status=409)
    assert "The company has changed what it noted meanwhile" in told.words
    assert told.form().fields["method"] == TERMS["method"]
    mentored.owner.get(f"{mentored.hub}/statements/{key}", 404)
    mentored.mentor.submit(told)
    assert "3,000 kWh a year less" in mentored.owner.get(f"{mentored.hub}/statements/{key}").words


def test_what_was_confirmed_stays_beside_a_new_confirmation_and_a_withdrawal_that_says_why(mentored: Mentored) -> None:
    key = measured(mentored)
    form = f"{mentored.hub}/review-savings/{key}"
    statement = mentored.mentor.submit(mentored.mentor.get(form), TERMS).location
    mentored.mentor.submit(mentored.mentor.get(form), {"floor": "2000", "method": "Both meters"})
    words = mentored.owner.get(statement).words
    assert words.index("EUR 2,000 a year") < words.index("What was confirmed before") < words.index("EUR 1,500 a year")
    page = mentored.mentor.get(form)
    withdraw = next(each for each in page.forms() if each.fields.get("act") == "withdraw")
    told = mentored.mentor.send(withdraw.action, withdraw.filled({"why": " "}))
    assert told.status == 422
    assert "Say why you withdraw it" in told.words
    mentored.mentor.send(withdraw.action, withdraw.filled({"why": "The meter was read wrongly"}))
    for visitor in (mentored.mentor, mentored.owner):
        words = visitor.get(statement).words
        for told_then in ("This saving is no longer confirmed", "The meter was read wrongly", "EUR 2,000 a year",
                          "EUR 1,500 a year"):  # fmt: skip
            assert told_then in words, told_then
    assert "withdrawn on 24 November 2026" in mentored.owner.get(mentored.hub + "/mentor").words
    again = mentored.mentor.send(withdraw.action, withdraw.filled({"why": "Once more"}))
    assert again.status == 404


@pytest.mark.parametrize("typed", ["1.50", "15 00"])
def test_an_amount_is_never_read_as_another_than_was_typed(mentored: Mentored, typed: str) -> None:
    key = measured(mentored)
    page = mentored.mentor.get(f"{mentored.hub}/review-savings/{key}")
    told = mentored.mentor.submit(page, {**TERMS, "floor": typed}, status=422)
    assert told.form().fields["floor"] == typed


def test_what_was_not_measured_cannot_be_confirmed_and_a_company_confirms_nothing_itself(mentored: Mentored) -> None:
    assert "has not noted a reading" in mentored.mentor.get(mentored.hub + "/review-savings").words
    mentored.mentor.get(mentored.hub + "/review-savings/measure:none", 404)
    key = measured(mentored)
    mentored.owner.post(f"{mentored.hub}/review-savings/{key}", TERMS, 404)
    mentored.owner.get(f"{mentored.hub}/statements/{key}", 404)
