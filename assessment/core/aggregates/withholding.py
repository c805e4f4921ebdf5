"""Which of the cells that are offered go, so that no small group is known too nearly by all equations together.

Shape: `Withholding(released, offered, unoffered, values, top, rules, room).left_of(admitted)`.

What is looked at are the groups of `groups_at_risk`, among them the categories that nobody offers, because they are
what somebody would most like to know. A cell that does not touch a group may tell it all the same: taken off an older
total it leaves little but the group. A group that was not open before anything new is shown is held against the cells
that touch it alone.
"""

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property, reduce
from operator import or_

from assessment.core.aggregates.bounds import Cell
from assessment.core.aggregates.room import MakesProver, Prover, groups_at_risk
from assessment.core.aggregates.snapshots import Rules
from assessment.core.aggregates.span import connected


class Withholding:
    """The cells of one variable that are offered, in order of importance, beside those that were ever released.

    `unoffered` are the members of categories that are no cells; `values` by bit; `top` is the end of the scale.
    """

    def __init__(
        self, released: Sequence[Cell], offered: Sequence[Cell], unoffered: Sequence[int],
        values: Mapping[int, float], top: int, rules: Rules, room: MakesProver,
    ) -> None:  # fmt: skip
        wanted = [cell.members for cell in offered]
        near = set(connected([cell.members for cell in released], wanted))
        self._released = [cell for cell in released if cell.members in near]
        self._offered, self._wanted = offered, [*wanted, *unoffered]
        self._values, self._top, self._rules, self._make = values, top, rules, room
        # What is open enough beside some cells is so beside fewer.
        self._settled: set[int] = set()

    @cached_property
    def _before(self) -> Prover:
        """What is open without anything new; most groups are never asked about it."""
        return self._room(())

    def left_of(self, admitted: Collection[int]) -> set[int]:
        """The numbers of the offered cells that stay, of those that are admitted so far."""
        left = set(admitted)
        while left and (group := self._tight(left)):
            left.discard(self._at_fault(left, group))
        return left

    def _room(self, shown: Collection[int]) -> Prover:
        cells = [*self._released, *(self._offered[at] for at in sorted(shown))]
        return self._make(cells, self._values, self._top, self._rules)

    def _tight(self, shown: Collection[int]) -> int:
        """A small group that is known too nearly; 0 where there is none."""
        room = self._room(shown)
        together = reduce(or_, (self._offered[at].members for at in shown), 0)
        for group in groups_at_risk(self._wanted, room.atoms, self._values, self._rules.k):
            if group in self._settled:
                continue
            if not room.is_enough(group) and self._brings(together, group):
                return group
            self._settled.add(group)
        return 0

    def _brings(self, together: int, group: int) -> bool:
        """Whether it is what would be shown, `together` of these unknowns, that brings a group so near."""
        return bool(together & group) or self._before.is_enough(group)

    def _at_fault(self, shown: Collection[int], group: int) -> int:
        """The least important of the cells that touch a group; where one does at most, of those that it hangs on."""
        touching = [at for at in shown if self._offered[at].members & group]
        if len(touching) < 2:
            for at in sorted(shown, reverse=True):
                if self._room({*shown} - {at}).is_enough(group):
                    return at
        return max(touching or shown)
