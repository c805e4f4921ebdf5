"""Names in the order a person expects: whatever the letters' size and accents, and "Firm 2" before "Firm 10"."""

import re

from assessment.core.resources.search import folded

_DIGITS = re.compile("([0-9]{1,18})")


def by_name(name: str) -> tuple[str | int, ...]:
    """What to sort a name by: its words, with numbers as numbers. Words and numbers take turns, so all compare."""
    return tuple(int(part) if place % 2 else part for place, part in enumerate(_DIGITS.split(folded(name))))
