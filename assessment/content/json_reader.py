"""Whether a foreign JSON file can be read, told by a child process that may be killed.

`python -m assessment.content.json_reader <file>` reads the file's bytes from standard input and writes what is wrong
with them, as a list of line and words. Time, memory and the size of every part are limited as for tables
(RELIABILITY INP-07, INP-08), so whoever asked may then read the same bytes himself. `catalogue_json.py` starts it.
"""

import json
import sys
from typing import Any, NoReturn

from assessment.content.reading_apart import limit
from assessment.content.sheet_limits import LONGEST_CELL, MOST_COLUMNS, MOST_ROWS


def wrong_with(content: bytes) -> list[tuple[int, str]]:
    """What is wrong with these bytes as JSON; nothing where they can be read."""
    try:
        document = json.loads(
            content.decode("utf-8-sig"), parse_float=str, parse_constant=_no_number, object_pairs_hook=_unrepeated
        )
        _check(document)
    except json.JSONDecodeError as error:
        return [(error.lineno, error.msg)]
    except UnicodeDecodeError as error:
        return [(content.count(b"\n", 0, error.start) + 1, "it is not UTF-8 text")]
    except RecursionError:
        return [(1, "it is nested too deeply")]
    except ValueError as error:
        return [(1, str(error))]
    return []


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is not a number")


def _unrepeated(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(f"the key `{name[:60]}` stands twice in one object")
        found[name] = value
    if len(found) > MOST_COLUMNS:
        raise ValueError(f"an object has more than {MOST_COLUMNS} keys")
    return found


def _check(document: object) -> None:
    """No more values than a table could have cells, and none longer than a cell."""
    waiting, count = [document], 0
    while waiting:
        value = waiting.pop()
        count += 1
        if isinstance(value, str) and len(value) > LONGEST_CELL:
            raise ValueError(f"a text has more than {LONGEST_CELL} characters")
        if count + len(waiting) > MOST_ROWS * MOST_COLUMNS:
            raise ValueError(f"it holds more than {MOST_ROWS * MOST_COLUMNS} values")
        if isinstance(value, dict | list):
            waiting += value.values() if isinstance(value, dict) else value


def main() -> int:
    """The command of the module docstring."""
    limit()
    json.dump(wrong_with(sys.stdin.buffer.read()), sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
