"""`make bench`: each goal beside its reference, measured in one run, as a table. Exit code 1 where one is missed."""

import sys
import tempfile
from pathlib import Path

from tests.bench import content, paper, savers, web
from tests.bench.table import Line, printed


def main() -> int:
    """Measure everything and print the table."""
    lines: list[Line] = []
    with tempfile.TemporaryDirectory() as folder:
        for subject in (web, content, paper, savers):
            lines.extend(subject.measure(Path(folder) / subject.__name__.rpartition(".")[2]))
    sys.stdout.write(printed(lines))
    return 0 if all(line.met for line in lines) else 1


if __name__ == "__main__":
    raise SystemExit(main())
