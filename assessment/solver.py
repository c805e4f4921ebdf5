"""The child process that solves: a program as JSON comes in, solutions go out. Only this module loads HiGHS.

Outer approximation: where a solution lies above a curve, the tangent at that place is added and the program solved
again, first without whole numbers, which is quick, then with them. A tangent meets its curve at the place where it
touches, so a choice that was met once is seen truly from then on, and the bound comes down to the true value.
"""

import json
import math
import os
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import highspy
import numpy as np

from assessment.core.plans.program import INFINITE, Program, Row, Solution, read_program

FIRST_TANGENTS = (0.0, 0.1, 0.3, 0.7, 1.5)
ROUNDS_WITHOUT_WHOLE_NUMBERS = 30
CLOSE_ENOUGH = 1e-6
"""How far above a curve a solution without whole numbers may lie."""

BESIDE = (-0.06, 0.06)
"""Where whole numbers are likely to lie from there: tangents that spare another round."""

TOUCHES = 1e-10
EXACT_UP_TO = 60
"""Up to so many whole numbers a program is solved without a gap, beyond with `SMALL_GAP`."""

SMALL_GAP = 8e-4
NO_GAP = 1e-9

LEAST_SECONDS = 0.1

WELL_SOLVED = 2e-3
"""The gap up to which two budgets can be compared."""

OPTIONS: Mapping[str, bool | float | int | str] = {
    "threads": 1,
    "mip_abs_gap": 0.0,
    "mip_feasibility_tolerance": 1e-9,
    "primal_feasibility_tolerance": 1e-9,
    # Measured: what these look for seldom pays for the time it takes on programs of this kind.
    "presolve": "off",
    "mip_heuristic_run_rins": False,
    "mip_heuristic_run_rens": False,
    "mip_heuristic_run_feasibility_jump": False,
    "mip_pscost_minreliable": 0,
    "mip_allow_cut_separation_at_nodes": False,
    "mip_lifting_for_probing": 0,
    "mip_detect_symmetry": False,
}


class Solver:
    """One program with the tangents found so far, so that another budget starts from them."""

    def __init__(self, program: Program, until: float) -> None:
        self._program, self._until = program, until
        self._gap = NO_GAP if len(program.whole) <= EXACT_UP_TO else SMALL_GAP
        self._highs = highspy.Highs()  # type: ignore[no-untyped-call]
        self._highs.silent()
        for option, value in (*OPTIONS.items(), ("mip_rel_gap", self._gap / 2)):
            self._highs.setOptionValue(option, value)
        count, none = len(program.gain), np.array([], dtype=np.int32)
        upper = np.array(program.upper)
        _well(self._highs.addCols(count, -np.array(program.gain), np.zeros(count), upper, 0, none, none, np.array([])))
        self._add(
            [*program.rows, *(row for curve in program.curves for at in FIRST_TANGENTS for row in curve.tangents(at))]
        )

    def budget(self, yearly: float) -> None:
        """Give another budget for each year."""
        for row, years in self._program.money:
            self._highs.changeRowBounds(row, -INFINITE, yearly * years)

    def solve(self) -> Solution:
        """The best choice that was found, with a bound on every other."""
        self._whole_numbers(False)
        for _ in range(ROUNDS_WITHOUT_WHOLE_NUMBERS):
            # These take milliseconds. HiGHS would count the seconds of all runs so far against a limit here.
            values = self._run(math.inf)
            if values is None or not self._touch(values, CLOSE_ENOUGH):
                break
        if values is not None:
            places = [(curve, curve.above(values)[1] + by) for curve in self._program.curves for by in BESIDE]
            self._add([row for curve, at in places for row in curve.tangents(max(0.0, at))])
        self._whole_numbers(True)
        best, bound = Solution((), 0.0, math.inf), math.inf
        while True:
            values = self._run(max(LEAST_SECONDS, self._until - time.monotonic()))
            info = self._highs.getInfo()
            bound = min(bound, -info.mip_dual_bound)
            if values is not None:
                gain = -info.objective_function_value
                slack = sum(curve.weight * max(0.0, curve.above(values)[0]) for curve in self._program.curves)
                if gain - slack > best.gain or not best.ones:
                    best = Solution(tuple(at for at in self._program.whole if values[at] > 0.5), gain - slack, bound)
                self._start_from(values)
            close = bound - best.gain <= self._gap * abs(bound) + NO_GAP
            if close or values is None or not self._touch(values, TOUCHES) or time.monotonic() > self._until:
                return Solution(best.ones, best.gain, bound)

    def _run(self, seconds: float) -> Sequence[float] | None:
        """The values of the columns; None where time ran out before there were any."""
        self._highs.setOptionValue("time_limit", seconds)
        _well(self._highs.run())
        found = self._highs.getInfo().primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        return list(self._highs.getSolution().col_value) if found else None

    def _start_from(self, values: Sequence[float]) -> None:
        """Let the next round begin with the choice of this one."""
        whole = self._program.whole
        self._highs.setSolution(
            len(whole), np.array(whole, dtype=np.int32), np.array([round(values[at]) for at in whole], dtype=float)
        )  # fmt: skip

    def _touch(self, values: Sequence[float], tolerance: float) -> bool:
        """Add the tangents that the solution is above; whether there were any."""
        places = [(curve, *curve.above(values)) for curve in self._program.curves]
        rows = [row for curve, above, at in places if above > tolerance for row in curve.tangents(at)]
        self._add(rows)
        return bool(rows)

    def _add(self, rows: Sequence[Row]) -> None:
        sizes = [len(row.columns) for row in rows]
        starts = np.cumsum([0, *sizes[:-1]], dtype=np.int32) if rows else np.array([], dtype=np.int32)
        _well(self._highs.addRows(
            len(rows), np.full(len(rows), -INFINITE), np.array([row.upper for row in rows]), sum(sizes), starts,
            np.array([at for row in rows for at in row.columns], dtype=np.int32),
            np.array([value for row in rows for value in row.values]),
        ))  # fmt: skip

    def _whole_numbers(self, whole: bool) -> None:
        columns = self._program.whole
        kind = highspy.HighsVarType.kInteger if whole else highspy.HighsVarType.kContinuous
        kinds = np.full(len(columns), int(kind), dtype=np.uint8)
        _well(self._highs.changeColsIntegrality(len(columns), np.array(columns, dtype=np.int32), kinds))


def _well(status: highspy.HighsStatus) -> None:
    """A program that HiGHS does not accept is a fault of ours, never to be solved without the part it refused."""
    if status == highspy.HighsStatus.kError:
        raise ValueError("HiGHS does not accept the program")


def answer(asked: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Solve the program, then once more for each further budget; of these only what time allowed to solve well."""
    until = time.monotonic() + asked["seconds"]
    solver = Solver(read_program(asked["program"]), until)
    solutions = [solver.solve()]
    for yearly in asked["budgets"]:
        solver.budget(yearly)
        found = solver.solve() if time.monotonic() < until else None
        if found is None or found.bound - found.gain > WELL_SOLVED * found.bound:
            break
        solutions.append(found)
    return [asdict(solution) for solution in solutions]


def main() -> None:
    """Read from standard input, answer on standard output, which nobody else may write to: HiGHS greets there."""
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as ours:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        json.dump(answer(json.load(sys.stdin)), ours)


if __name__ == "__main__":
    main()
