"""Text in CSV that a spreadsheet would run as a formula: defused on the way out, restored on the way in.

RELIABILITY OUT-01: cells that begin with = + - @, a tab, a line end or NUL, or with a full-width form of them, also
after spaces, quotes, a byte order mark or signs without width.
"""

import re

_BEFORE = "(?:[^\\S\t\r\n]|[\"'`\ufeff\u200b-\u200f\u2060-\u2064\u00ad])*"
_RUNS = re.compile(_BEFORE + "[=+\\-@\uff1d\uff0b\uff0d\uff20\t\r\n\0]")


def defused(text: str) -> str:
    """The text with an apostrophe before it, where a spreadsheet would take it for more than text."""
    return f"'{text}" if _RUNS.match(text) else text


def restored(text: str) -> str:
    """The text as it was before `defused`."""
    return text[1:] if text.startswith("'") and _RUNS.match(text[1:]) else text
