"""Numbers to coordinates, for drawings that are more than a share of a width."""

import segno

from assessment.reporting.documents import Qr


def qr_code(address: str) -> Qr:
    """A QR code as one path of strokes, one per run of dark modules; a margin of two modules is left around it."""
    margin = 2
    matrix = segno.make(address, error="m", micro=False, boost_error=False).matrix
    steps = []
    x, y = 0.0, 0.0
    for row, modules in enumerate(matrix):
        for start, length in _runs(modules):
            steps.append(f"m{start - x:g} {row - y:g}h{length}")
            x, y = start + length, row
    path = f"M{margin} {margin + 0.5}" + "".join(steps)
    return Qr(len(matrix) + 2 * margin, path)


def _runs(modules: bytes | bytearray) -> list[tuple[int, int]]:
    """Start and length of each run of dark modules."""
    runs: list[tuple[int, int]] = []
    for column, dark in enumerate(modules):
        if not dark:
            continue
        if runs and sum(runs[-1]) == column:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((column, 1))
    return runs
