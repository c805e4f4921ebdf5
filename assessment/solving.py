"""Solving at the edge: a program goes to a child process that can be killed, so that no web worker loads the solver.

What runs in the child is `solver.py`, which nothing imports.
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from assessment.core.errors import NotMade
from assessment.core.plans.program import Program, Solution

WALL_LIMIT = 10.0
"""Seconds until the child is killed."""

SECONDS = 7.0
"""Seconds after which the child gives the best it has, with the gap that is left."""

_CHECKOUT = str(Path(__file__).resolve().parents[1])


def solve(
    program: Program, budgets: Sequence[float] = (), *, seconds: float = SECONDS, wall_limit: float = WALL_LIMIT
) -> list[Solution]:
    """The best choice, and that for each further yearly budget as far as the time goes.

    Raises NotMade where the child was killed (`timeout`) or failed (`crashed`).
    """
    asked = json.dumps({"program": program.written(), "budgets": list(budgets), "seconds": seconds})
    return list(_solved(asked, wall_limit))


# Whoever looks at a plan again, or takes it over, asks for the same program once more.
@lru_cache(maxsize=32)
def _solved(asked: str, wall_limit: float) -> tuple[Solution, ...]:
    command = [sys.executable, "-m", "assessment.solver"]
    try:
        done = subprocess.run(
            command, input=asked.encode(), stdout=subprocess.PIPE, timeout=wall_limit, check=False, env=_environment()
        )
    except subprocess.TimeoutExpired:
        raise NotMade("timeout") from None
    if done.returncode:
        raise NotMade("crashed")
    return tuple(Solution(tuple(each["ones"]), each["gain"], each["bound"]) for each in json.loads(done.stdout))


def _environment() -> dict[str, str]:
    """Nothing of ours: no secret, no proxy. The module path is given because a checkout need not be installed."""
    modules = os.pathsep.join((_CHECKOUT, *filter(None, sys.path)))
    return {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "PYTHONPATH": modules, "PYTHONDONTWRITEBYTECODE": "1"}
