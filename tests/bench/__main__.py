"""`make bench`: each goal beside its reference, measured in one run. Exit code 1 where one is missed.

`python -m tests.bench pages saving` measures these subjects alone.
"""

import logging
import sys
from collections.abc import Callable, Iterator

from tests.bench import (
    access,
    campaigns,
    catalogue,
    clusters,
    exchange,
    exporting,
    load,
    mentoring,
    pages,
    planning,
    printing,
    readiness,
    saving,
    scoring,
    starting,
    what_if,
)
from tests.bench.measuring import Line

SUBJECTS: dict[str, Callable[[], Iterator[Line]]] = {
    "pages": pages.lines,
    "access": access.lines,
    "saving": saving.lines,
    "printing": printing.lines,
    "exporting": exporting.lines,
    "scoring": scoring.lines,
    "starting": starting.lines,
    "catalogue": catalogue.lines,
    "planning": planning.lines,
    "what_if": what_if.lines,
    "mentoring": mentoring.lines,
    "readiness": readiness.lines,
    "exchange": exchange.lines,
    "clusters": clusters.lines,
    "load": load.lines,
    "campaigns": campaigns.lines,
}


def main(names: list[str]) -> int:
    """Measure everything, or what is named, and print each line as soon as it is known."""
    unknown = [name for name in names if name not in SUBJECTS]
    if unknown:
        sys.stderr.write(f"No such subject: {', '.join(unknown)}. There are: {', '.join(SUBJECTS)}.\n")
        return 2
    # Every database that is opened says which journal it keeps; the table says it where it matters.
    logging.getLogger("assessment.storage.sqlite").setLevel(logging.ERROR)
    sys.stdout.write(f"{'goal':<84}{'measured':>16}{'reference':>12}{'figure':>12}{'limit':>10}  met\n")
    missed = False
    for name in names or SUBJECTS:
        for line in SUBJECTS[name]():
            sys.stdout.write(_row(line))
            sys.stdout.flush()
            missed |= not line.met
    return 1 if missed else 0


def _row(line: Line) -> str:
    limit, met = ("", "") if line.limit is None else (f"{line.limit:,}", "yes" if line.met else "NO")
    figure = f"{line.figure:,.0f}" if line.figure >= 1000 else f"{line.figure:.2f}"
    return f"{line.goal:<84}{line.measured:>16}{line.reference:>12}{figure:>12}{limit:>10}  {met}\n"


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
