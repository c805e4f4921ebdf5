"""The optimiser on every example company with all measures that fit it, and what it costs to reckon a set of them.

CPU of a plan is that of posing it, of the child process with its start, and of reading it back.
"""

import math
import resource
import statistics
import time
from collections.abc import Iterator

from assessment import solving
from assessment.content.checks.examples import Example
from assessment.core.money.savings import Calculator, Candidate
from assessment.core.money.uses import Site
from assessment.core.plans.choices import Limits, Plan, Task, Wishes
from assessment.core.plans.optimise import posed
from assessment.solver import Solver
from tests.bench.measuring import Line, Work, by_cpu, paired, shown
from tests.bench.site import bare_view, browsed, environ_of
from tests.core import sheets
from tests.core.exhaustive import best_of_sets, best_of_years
from tests.core.tasks import drawn_task
from tests.sites import all_of, fitting, shipped

AIM = 1.0
"""CPU seconds of one plan."""

GAP_PERCENT = 0.1
CASES = 1000
LARGEST_EVERY = 25
CLOSE = 1e-6

RATIO = 8
"""What a what-if request may cost, in bare views; reckoning the set is a part of it."""

MEASURES = 20
PAGE = 40_000
ROUNDS, TIMES = 31, 20

WISHES = Wishes(cost=0.5, carbon=0.3, water=0.1, waste=0.1)
LIMITS = Limits(budget=5000, hours=200, payback=5)


def lines() -> Iterator[Line]:
    """Every company's plan, their median and worst, the thousand small cases, and one what-if."""
    examples = shipped().examples()
    found = {name: _planned(example) for name, example in examples.items()}
    for name, (seconds, plan, size) in found.items():
        goal = f"Plan of {name}, {size} measures: CPU seconds, gap {100 * plan.gap:.3f} %"
        yield Line(goal, shown(seconds), "", seconds, None)
    taken = [seconds for seconds, _, _ in found.values()]
    middle = statistics.median(taken)
    yield Line("Plans of all companies: median CPU seconds", shown(middle), "", middle, AIM)
    yield Line("Plans of all companies: worst CPU seconds", shown(max(taken)), "", max(taken), None)
    gap = 100 * max(plan.gap for _, plan, _ in found.values())
    yield Line("Plans of all companies: worst gap in %", f"{gap:.3f} %", "", gap, GAP_PERCENT)
    yield _against_trying_everything()
    yield from _what_if(examples["bakery-bg"])


def _site_of(example: Example) -> Site:
    """The site as the product makes it of the company's answers and of what it says about its money."""
    return sheets.company(example.answers, example.entries, example.remarks).site


def _planned(example: Example) -> tuple[float, Plan, int]:
    candidates = all_of(fitting(example))
    task = Task(Calculator(_site_of(example), shipped().catalogue("en").method, candidates), WISHES, LIMITS)
    before = _cpu()
    problem = posed(task)
    plan = problem.plan(task, solving.solve(problem.program)[0])
    return _cpu() - before, plan, len(candidates)


def _cpu() -> float:
    """CPU seconds of this process and of the children that have ended."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def _against_trying_everything() -> Line:
    """Half of the cases choose years for up to five measures, half a set for one year, some of them out of 14."""
    others = 0
    for seed in range(CASES):
        if seed % 2:
            task = drawn_task(seed, 3 + seed % 3, 3)
            best = best_of_years(task)[0]
        else:
            task = drawn_task(seed, 14 if seed % (2 * LARGEST_EVERY) == 0 else 4 + seed % 7, 1)
            best = best_of_sets(task)[0]
        problem = posed(task)
        plan = problem.plan(task, Solver(problem.program, until=math.inf).solve())
        others += abs(plan.worth - best) > CLOSE * max(CLOSE, abs(best)) or plan.gap > CLOSE
    return Line(f"{CASES:,} small cases: plans other than trying everything finds", f"{others}", "", others, 0)


def _what_if(example: Example) -> Iterator[Line]:
    """One set of twenty measures reckoned, ready and from scratch, against a bare view."""
    candidates: list[Candidate] = all_of(fitting(example))[:MEASURES]
    names = [candidate.measure.id for candidate in candidates]
    where, method = _site_of(example), shipped().catalogue("en").method
    ready = Calculator(where, method, candidates)
    bare, environ = bare_view("200 OK", b"x" * PAGE, {"Content-Type": "text/html"}), environ_of("/plan", "")
    works: dict[str, Work] = {
        "made ready before": lambda: ready.together(names),
        "from scratch": lambda: Calculator(where, method, candidates).together(names),
    }
    for state, work in works.items():
        pair = paired(work, lambda: browsed(bare, environ), rounds=ROUNDS, times=TIMES)
        yield by_cpu(f"Totals of {MEASURES} measures {state}: CPU / bare view", pair, RATIO)
