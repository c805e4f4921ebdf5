"""The dates of a plan as a calendar file (RFC 5545) that any calendar takes in.

An event keeps its name for good, so a file taken in again later moves and renames what it brought before instead of
doubling it. There are no alarms and no guests: when to be reminded is the calendar's business.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from assessment.core.errors import NotMade
from assessment.i18n import Language
from assessment.reporting.pdf import RenderFailed, run_child

_UNPRINTABLE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]")
"""What no line of a calendar may hold, save the line feed, which is written as two signs there."""

Occasion = Literal["begin", "due", "done"]


@dataclass(frozen=True, slots=True)
class DatedAction:
    """One action with the days that matter; `uid` is its name for good, `revision` rises with each change."""

    uid: str
    title: str
    first_step: str
    link: str
    revision: int
    planned_for: date | None
    deadline: date | None
    done_on: date | None


def calendar_file(actions: Sequence[DatedAction], company: str, now: datetime, language: Language) -> bytes:
    """The calendar file, written by a child process: its library is slow to load, and few ever ask for one.

    Raises NotMade where it could not be made.
    """
    try:
        return run_child("assessment.reporting.plans.ical", told(actions, company, now, language))
    except RenderFailed as failure:
        raise NotMade(failure.code) from failure


def told(actions: Sequence[DatedAction], company: str, now: datetime, language: Language) -> str:
    """What the child is told: an all-day event for each day that an action has."""
    _ = language.gettext
    title = _("Action plan of %(company)s") % {"company": company} if company else _("Action plan")
    calendar = {
        "prodid": f"-//Green Pathways//Action plan//{language.code.upper()}", "version": "2.0", "method": "PUBLISH",
        "x-wr-calname": _line(title),
    }  # fmt: skip
    events = [event for action in actions for event in _events(action, now, language)]
    return json.dumps({"calendar": calendar, "events": events})


def _events(action: DatedAction, now: datetime, language: Language) -> Iterator[dict[str, str | int]]:
    _ = language.gettext
    # Done, an action is one day in the past: what was planned is no longer to be kept in mind.
    days: dict[Occasion, date | None] = {"begin": action.planned_for, "due": action.deadline}
    if action.done_on is not None:
        days = {"done": action.done_on}
    summaries = {"begin": _("Begin: %(action)s"), "due": _("Due: %(action)s"), "done": _("Done: %(action)s")}
    for occasion, day in days.items():
        if day is None:
            continue
        yield {
            # The day of being done takes the place of the day it was due.
            "uid": f"{'begin' if occasion == 'begin' else 'due'}-{action.uid}",
            "dtstamp": now.isoformat(),
            "dtstart": day.isoformat(),
            "sequence": action.revision,
            "summary": _line(summaries[occasion] % {"action": action.title}),
            "description": _plain("\n".join(part for part in (action.first_step, action.link) if part)),
            "url": action.link,
            "transp": "TRANSPARENT",
        }


def _line(words: str) -> str:
    return " ".join(_plain(words).split())


def _plain(words: str) -> str:
    return _UNPRINTABLE.sub(" ", words.replace("\r\n", "\n"))
