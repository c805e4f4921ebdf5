"""Numbers to coordinates, for drawings that are more than a share of a width."""

from collections.abc import Sequence

import segno

from assessment.reporting.documents import Qr

_MARGIN = 2
"""Light modules around a code; the paper beside it is white as well."""

Module = tuple[int, int]


def qr_code(address: str) -> Qr:
    """A QR code as one path of strokes.

    The time a drawing costs goes by its strokes, so each dark module is covered by the longer of its row and column.
    The smallest code with the most correction that fits into it: larger modules read better on paper than spare ones.
    """
    matrix = segno.make(address, error="l", micro=False).matrix
    steps = []
    x, y = float(_MARGIN), float(_MARGIN)
    for run in _strokes(matrix):
        (top, left), length = run[0], len(run)
        upright = length > 1 and run[1][1] == left
        start_x, start_y = (left + 0.5, top) if upright else (left, top + 0.5)
        start_x, start_y = start_x + _MARGIN, start_y + _MARGIN
        steps.append(f"m{start_x - x:g} {start_y - y:g}{'v' if upright else 'h'}{length}")
        x, y = (start_x, start_y + length) if upright else (start_x + length, start_y)
    return Qr(len(matrix) + 2 * _MARGIN, f"M{_MARGIN} {_MARGIN}" + "".join(steps))


def _strokes(matrix: Sequence[Sequence[int]]) -> list[list[Module]]:
    """Runs of dark modules that together cover all of them, the longest first."""
    side = range(len(matrix))
    rows = [[(line, place) for place in side] for line in side]
    columns = [[(place, line) for place in side] for line in side]
    runs = [run for line in rows + columns for run in _runs(line, matrix)]
    runs.sort(key=len, reverse=True)
    left = {module for run in runs for module in run}
    chosen = []
    for run in runs:
        if not left.isdisjoint(run):
            chosen.append(run)
            left.difference_update(run)
    return chosen


def _runs(line: Sequence[Module], matrix: Sequence[Sequence[int]]) -> list[list[Module]]:
    """The unbroken stretches of dark modules in one row or column."""
    runs: list[list[Module]] = [[]]
    for row, column in line:
        if matrix[row][column]:
            runs[-1].append((row, column))
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]
