"""The calendar file: every date once, under a name that stays, and no words of a person become a line of their own."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from icalendar import Calendar, Component

from assessment.i18n import Language
from assessment.reporting.plans.calendar import DatedAction, calendar_file, told
from assessment.reporting.plans.ical import to_ical

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
ENGLISH = Language("en")
LIGHTS = DatedAction(
    "5f1c", "Change to LED lamps", "Count the lamps.",
    "https://check.example.org/assessments/a/plan#action-measure:led", 3,
    date(2026, 12, 1), date(2027, 3, 31), None,
)  # fmt: skip


def events(*actions: DatedAction, company: str = "") -> list[Component]:
    calendar = Calendar.from_ical(to_ical(told(actions, company, NOW, ENGLISH)))
    assert {component.name for component in calendar.walk()} <= {"VCALENDAR", "VEVENT"}
    return list(calendar.walk("VEVENT"))


def test_an_action_has_an_all_day_event_for_each_of_its_days() -> None:
    begin, due = events(LIGHTS)
    assert (begin.decoded("dtstart"), due.decoded("dtstart")) == (date(2026, 12, 1), date(2027, 3, 31))
    assert (str(begin["summary"]), str(due["summary"])) == ("Begin: Change to LED lamps", "Due: Change to LED lamps")
    assert str(due["description"]) == f"Count the lamps.\n{LIGHTS.link}"
    assert str(due["url"]) == LIGHTS.link
    assert due.decoded("dtstamp") == NOW
    assert due.decoded("sequence") == 3


def test_an_event_keeps_its_name_when_the_action_moves_or_is_done() -> None:
    names = [str(event["uid"]) for event in events(LIGHTS)]
    moved = events(replace(LIGHTS, title="LED", deadline=date(2027, 6, 1), revision=4))
    assert [str(event["uid"]) for event in moved] == names == ["begin-5f1c", "due-5f1c"]
    (done,) = events(replace(LIGHTS, done_on=date(2027, 2, 3)))
    assert str(done["uid"]) == "due-5f1c"
    assert done.decoded("dtstart") == date(2027, 2, 3)
    assert str(done["summary"]) == "Done: Change to LED lamps"


def test_an_action_without_days_is_left_out_and_a_calendar_without_events_is_sound() -> None:
    assert events(replace(LIGHTS, planned_for=None, deadline=None)) == []


@pytest.mark.parametrize(
    "words",
    [
        "Sort; weigh, and \\ note", "Line one\nLine two", "Ä" * 300, "BEGIN:VEVENT", "x\rATTENDEE:mailto:a@example.org",
        "End\r\nEND:VEVENT\r\nBEGIN:VALARM\r\nACTION:EMAIL\r\nEND:VALARM",
        "x\x0b\x00\x85\u2028ATTENDEE:mailto:a@example.org",
    ],
)  # fmt: skip
def test_words_of_a_person_stay_words(words: str) -> None:
    content = to_ical(told([replace(LIGHTS, title=words, first_step=words)], words, NOW, ENGLISH))
    found = list(Calendar.from_ical(content).walk("VEVENT"))
    assert len(found) == 2
    assert all(set(event) == {"UID", "DTSTAMP", "DTSTART", "SEQUENCE", "SUMMARY", "DESCRIPTION", "URL", "TRANSP"}
               for event in found)  # fmt: skip
    assert "VALARM" not in {component.name for component in Calendar.from_ical(content).walk()}
    # RFC 5545, 3.1: lines end with CRLF and are folded at 75 octets.
    lines = content.split(b"\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert b"\r" not in content.replace(b"\r\n", b"")
    assert max(map(len, lines)) <= 75


def test_the_child_process_writes_the_same_file() -> None:
    assert calendar_file([LIGHTS], "Bakery Ñ", NOW, ENGLISH) == to_ical(told([LIGHTS], "Bakery Ñ", NOW, ENGLISH))
