"""The solver runs in a child that can be killed; a web worker and the core never load it."""

import subprocess
import sys
from pathlib import Path

import pytest

from assessment import solving
from assessment.core.errors import NotMade
from assessment.core.plans.optimise import posed
from assessment.core.plans.program import Program
from assessment.solver import Solver, answer
from tests.core.exhaustive import best_of_years
from tests.core.tasks import drawn_task

ROOT = Path(__file__).resolve().parents[1]


def test_a_child_finds_the_plan_that_trying_every_choice_finds() -> None:
    task = drawn_task(seed=7, measures=5, years=3)
    problem = posed(task)
    plan = problem.plan(task, solving.solve(problem.program)[0])
    assert plan.worth == pytest.approx(best_of_years(task)[0], rel=1e-6)
    assert plan.gap == pytest.approx(0, abs=1e-6)


def test_further_budgets_are_answered_by_the_same_child() -> None:
    program = Program()
    for _ in range(3):
        program.column(1.0, whole=True)
    program.money.append((program.row({0: 100.0, 1: 100.0, 2: 100.0}, 100.0), 1))
    found = solving.solve(program, [200.0, 1000.0])
    assert [round(solution.gain) for solution in found] == [1, 2, 3]


def test_a_child_that_takes_too_long_is_killed_and_told_so() -> None:
    with pytest.raises(NotMade, match="timeout"):
        solving.solve(posed(drawn_task(1, 5, 3)).program, wall_limit=0.01)


def test_a_child_that_fails_is_told_so() -> None:
    program = Program()
    program.row({5: 1.0}, 1.0)
    program.whole.append(9)
    with pytest.raises(NotMade, match="crashed"):
        solving.solve(program)


def test_time_that_runs_out_leaves_a_plan_with_its_gap() -> None:
    problem = posed(drawn_task(3, 12, 3))
    hurried = Solver(problem.program, until=0.0).solve()
    best = Solver(problem.program, until=float("inf")).solve()
    assert hurried.gain <= best.gain + 1e-9
    assert hurried.bound >= best.gain - 1e-9


def test_nothing_but_the_solution_comes_out_of_the_child() -> None:
    asked = {"program": Program(gain=[1.0], upper=[1.0]).written(), "budgets": [], "seconds": 5}
    assert answer(asked)[0]["gain"] == pytest.approx(1.0)
    assert solving.solve(Program(gain=[1.0], upper=[1.0]))[0].gain == pytest.approx(1.0)


def test_a_solver_that_refuses_to_run_is_a_fault_and_no_empty_plan() -> None:
    # HiGHS keeps one pool of threads for a process, and refuses to run with another number of them.
    look = (
        "import highspy; from assessment.core.plans.program import Program; from assessment.solver import Solver\n"
        "other = highspy.Highs(); other.silent(); other.setOptionValue('threads', 2); other.addVar(0, 1); other.run()\n"
        "try: print(Solver(Program(gain=[1.0], upper=[1.0]), until=float('inf')).solve())\n"
        "except ValueError as error: print(error)"
    )
    found = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, cwd=ROOT, check=True)
    assert "HiGHS does not accept" in found.stdout


@pytest.mark.parametrize("module", ["assessment.solving", "assessment.core.plans.optimise", "assessment.app"])
def test_neither_the_core_nor_a_web_worker_loads_the_solver(module: str) -> None:
    look = f"import sys, {module}; print(sorted({{'numpy', 'highspy', 'assessment.solver'}} & set(sys.modules)))"
    found = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, cwd=ROOT, check=True)
    assert found.stdout.strip() == "[]"


def test_the_look_for_the_solver_sees_it_where_it_is_loaded() -> None:
    look = "import sys, assessment.solver; print('highspy' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, cwd=ROOT, check=True)
    assert found.stdout.strip() == "True"
