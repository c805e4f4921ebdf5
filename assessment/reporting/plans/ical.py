"""Dates to a calendar file (RFC 5545), for a child process: the one module that imports icalendar.

`python -m assessment.reporting.plans.ical` reads JSON on standard input, the properties of a calendar and those of
each of its events, and writes the file on standard output.
"""

import json
import sys
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from icalendar import Calendar, Event

_READ = {"dtstamp": datetime.fromisoformat, "dtstart": date.fromisoformat}


def to_ical(told: str) -> bytes:
    """The file."""
    document = json.loads(told)
    calendar = Calendar()
    for name, value in document["calendar"].items():
        calendar.add(name, value)
    for event in _events(document["events"]):
        calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content


def _events(told: list[dict[str, Any]]) -> Iterator[Event]:
    for properties in told:
        event = Event()
        for name, value in properties.items():
            event.add(name, _READ[name](value) if name in _READ else value)
        yield event


def main() -> None:
    """The command of the module docstring."""
    sys.stdout.buffer.write(to_ical(sys.stdin.buffer.read().decode()))


if __name__ == "__main__":
    main()
