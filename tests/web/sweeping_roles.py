"""The same sweep by those who are signed in: every route that is not for everybody, by a role that is let in there."""

import time
from collections.abc import Mapping
from random import Random
from typing import Final

from werkzeug.datastructures import MultiDict
from werkzeug.routing import Rule

from tests.web.matrix import EVERYBODY, Cell, Matrix
from tests.web.sweeping import PATIENCE, Attempt, Sweep

SWEEPERS: Final = (
    "owner", "editor", "mentor who may fill in", "manager", "administrator with opened glass",
    "stranger with an account",
)  # fmt: skip


class SignedInSweep(Sweep):
    """Sends attempts at the world of the matrix, which is put back after each that changed it."""

    # What it costs this process: many pages here wait for a child, which has a limit of its own and a busy machine.
    clock = staticmethod(time.thread_time)

    def __init__(self, matrix: Matrix, seed: int, only: str = "") -> None:
        self.matrix, self.seed, self.patience = matrix, seed, PATIENCE
        self.site, self.check = matrix.site, matrix.checks["ours"]
        self.may: dict[tuple[str, str], list[Cell]] = {}
        for rule in matrix.rules:
            if matrix.policy(rule) not in EVERYBODY:
                for method in {"GET", "POST"} & (rule.methods or set()):
                    of = matrix.ours(rule)[0]
                    cells = [Cell(rule, method, role, of) for role in SWEEPERS]
                    self.may[rule.rule, method] = [cell for cell in cells if matrix.expected(cell) == "in"]
        self.rules = [(rule, method) for rule in matrix.rules for method in ("GET", "POST")
                      if self.may.get((rule.rule, method)) and only in ("", rule.rule)]  # fmt: skip
        self.queries = {"next", "from", "notice", "lang", "page", "q", "all", "day", "event", "before", "by", "state"}
        self.plain = self.site.app.test_client(use_cookies=False)
        self.reached: set[tuple[str, str]] = set()
        self.statuses: dict[int, int] = {}
        self.roles: set[str] = set()
        self._become(self.may[self.rules[0][0].rule, self.rules[0][1]][0])
        matrix.restore()

    def attempt(self, number: int) -> tuple[Rule, Attempt]:
        """The input of that number, by one of those who may."""
        rule, method = self.rules[number % len(self.rules)]
        self._become(Random(f"{self.seed}:role:{number}").choice(self.may[rule.rule, method]))  # noqa: S311
        return super().attempt(number)

    def _become(self, cell: Cell) -> None:
        self.cell = cell
        self.roles.add(cell.role)
        self.owner, self.session = self.matrix.visitors[cell.role], self.matrix.world.sessions[cell.role]
        self.owner.session, self.owner.hub = self.session, f"/assessments/{self.matrix.world.checks['ours']}"

    def _good(self, rule: Rule) -> str | None:
        return self.matrix.path(rule, self.cell.of, self.cell.role)

    def _parts(self, rule: Rule) -> Mapping[str, str]:
        return {**self.check.parts, **self.matrix.world.parts(self.cell.of, rule.rule, self.cell.role)}

    def _form(self, rng: Random, rule: Rule) -> tuple[str, MultiDict[str, str]]:
        form = self.matrix.form(self.cell)
        # A file comes by its own kind of body; what stands beside it is tried here.
        typed = [(name, text) for name, text in form.items(multi=True) if isinstance(text, str)]
        return self._path(rng, rule, spoilt=rng.random() < 0.1), MultiDict(typed)

    def _changed(self) -> bool:
        return self.matrix.changed()

    def _restore(self) -> None:
        self.matrix.restore()

    def _end(self) -> None:
        self.matrix.restore()
