"""What the terms on one resource save together, with the range of the figure.

A figure (the quantity saved, its money, its emissions, the use added elsewhere) weighs three parts: what efficiency
saves, what switches move away, and what switches add to other resources. Its range is linearised around the typical
values: each fraction, share and ratio moves it by the slope times its own distance to its low or its high, and these
add as root sum of squares (`formulas.root_sum_square`), kept here as squares.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from assessment.core.money import formulas
from assessment.core.money.terms import Addition, Ground, Term, site_wide
from assessment.core.money.uses import Range
from assessment.core.resources.entries import Use


@dataclass(slots=True)
class Spread:
    """A typical value and the squares of the deviations on either side."""

    typical: float = 0.0
    below: float = 0.0
    above: float = 0.0

    def move(self, slope: float, figure: Range) -> None:
        """Let a figure vary that moves the value by `slope`."""
        down, up = slope * (figure.typical - figure.low), slope * (figure.high - figure.typical)
        if slope < 0:
            down, up = up, down
        self.below += down * down
        self.above += up * up

    def join(self, other: "Spread", factor: float = 1.0) -> None:
        """Add an independent value, times a factor."""
        below, above = (other.below, other.above) if factor >= 0 else (other.above, other.below)
        self.typical += factor * other.typical
        self.below += factor * factor * below
        self.above += factor * factor * above

    def keep_within(self, lowest: float, highest: float) -> None:
        """Pull the value and its deviations in, so that they pass neither end."""
        low, high = self.range.low, self.range.high
        self.typical = min(max(self.typical, lowest), highest)
        self.below = (self.typical - min(max(low, lowest), self.typical)) ** 2
        self.above = (max(min(high, highest), self.typical) - self.typical) ** 2

    @property
    def range(self) -> Range:
        """From low to high."""
        return Range(self.typical - math.sqrt(self.below), self.typical, self.typical + math.sqrt(self.above))


@dataclass(slots=True)
class Effect:
    """What is saved of one resource and added of others; money and emissions are None where nothing is known."""

    ground: Ground
    saved: Spread
    added: dict[Use, tuple[Ground, Spread]]
    eur: Spread | None
    carbon: Spread | None


@dataclass(slots=True)
class _EndUse:
    """One end use: its share of the site's use, the part that efficiency leaves, and the switch on it.

    Of one that runs through the others `over` is the part that it leaves of everything.
    """

    share: Range
    switch: Term | None = None
    terms: list[Term] = field(default_factory=list)
    over: float = 1.0

    @property
    def addition(self) -> Addition | None:
        """What the switch adds."""
        return self.switch.addition if self.switch else None


@dataclass(slots=True)
class _State:
    """The end uses of one resource under a set of terms."""

    ground: Ground
    ends: list[_EndUse]
    rest: _EndUse
    wide: list[Term]
    across: list[_EndUse]
    everywhere: Term | None


@dataclass(frozen=True, slots=True)
class _Weights:
    """What a unit saved by efficiency, moved by a switch, and added by it weighs in a figure."""

    efficient: float
    moved: Callable[[Addition | None], float]
    added: Callable[[Addition], float]


def effect_of(terms: Sequence[Term], cap: float) -> Effect:
    """What these terms, all on one resource, save together; efficiency up to the cap."""
    state = _state_of(terms)
    ground = state.ground
    efficient, moved = _figure(state, _Weights(1.0, lambda _: 1.0, lambda _: 0.0))
    full = Spread(efficient.typical, efficient.below, efficient.above)
    efficient.keep_within(0.0, formulas.capped(math.inf, ground.amount, cap))
    counted = _Counted(full, efficient)
    efficient.join(moved)
    efficient.keep_within(0.0, ground.amount)
    added: dict[Use, tuple[Ground, Spread]] = {}
    for addition in _additions(state):
        if addition.ground.resource not in added:
            added[addition.ground.resource] = (addition.ground, _added(state, addition.ground))
    return Effect(
        ground, efficient, added,
        _worth(state, counted, ground.price, lambda other: other.price),
        _worth(state, counted, ground.carbon, lambda other: other.carbon),
    )  # fmt: skip


def _state_of(terms: Sequence[Term]) -> _State:
    """Sort the terms of one resource by where they act, and apply them one after the other."""
    ends: dict[str, _EndUse] = {}
    across: dict[str, _EndUse] = {}
    wide: list[Term] = []
    everywhere: Term | None = None
    for term in terms:
        if not site_wide(term):
            end = (across if term.across else ends).setdefault(term.end_use, _EndUse(term.share))
            if term.switch:
                end.switch = term
            else:
                end.terms.append(term)
        elif term.switch:
            everywhere = term
        else:
            wide.append(term)
    left_wide = formulas.left(term.fraction.typical for term in wide)
    for end in across.values():
        end.over = formulas.left_across(end.share.typical, formulas.left(term.fraction.typical for term in end.terms))
        left_wide *= end.over
    remaining = 1.0
    for end in ends.values():
        remaining -= end.share.typical
        end.switch = everywhere or end.switch
        end.over = formulas.left_on_site(formulas.left(term.fraction.typical for term in end.terms), left_wide)
    remaining = max(0.0, remaining)
    rest = _EndUse(Range(remaining, remaining, remaining), everywhere, over=left_wide)
    return _State(terms[0].ground, list(ends.values()), rest, wide, list(across.values()), everywhere)


def _figure(state: _State, weights: _Weights) -> tuple[Spread, Spread]:
    """A figure in two parts: what efficiency saves, and what switches move and add."""
    amount, everywhere = state.ground.amount, state.everywhere
    efficient, moved = Spread(), Spread()
    wide_slope = everywhere_slope = ratio_slope = 0.0
    rest = _per_share(state.rest, weights)
    for end in (*state.ends, state.rest):
        base, over = amount * end.share.typical, end.over
        of_switch, of_ratio, of_left = _slopes(end, weights)
        part = _per_share(end, weights)
        efficient.typical += base * part[0]
        moved.typical += base * part[1]
        for term in end.terms:
            efficient.move(base * of_left * over / (1 - term.fraction.typical), term.fraction)
        wide_slope += base * of_left * over
        (moved if end.switch else efficient).move(amount * (sum(part) - sum(rest)), end.share)
        if everywhere:
            everywhere_slope += base * of_switch
            ratio_slope += base * of_ratio
        elif end.switch:
            _move_switch(moved, end.switch, base * of_switch, base * of_ratio)
    for term in state.wide:
        efficient.move(wide_slope / (1 - term.fraction.typical), term.fraction)
    for end in state.across:
        # What is left of everything is a multiple of `over`, which is 1 - share x (1 - what is left of the end use).
        slope, left = wide_slope / end.over, formulas.left(term.fraction.typical for term in end.terms)
        efficient.move(slope * (1 - left), end.share)
        for term in end.terms:
            efficient.move(slope * end.share.typical * left / (1 - term.fraction.typical), term.fraction)
    if everywhere:
        _move_switch(moved, everywhere, everywhere_slope, ratio_slope)
    return efficient, moved


def _move_switch(moved: Spread, switch: Term, slope: float, ratio_slope: float) -> None:
    moved.move(slope, switch.fraction)
    if switch.addition:
        moved.move(ratio_slope, switch.addition.ratio)


def _per_share(end: _EndUse, weights: _Weights) -> tuple[float, float]:
    """What the whole of a use would save by efficiency and by its switch if all of it were this end use."""
    switch = end.switch
    away = switch.fraction.typical if switch else 0.0
    efficient = weights.efficient * formulas.saved_by_efficiency(1.0, 1.0, away, end.over)
    if switch is None:
        return efficient, 0.0
    moved = weights.moved(switch.addition) * away
    if switch.addition:
        moved -= weights.added(switch.addition) * formulas.added(away, switch.addition.ratio.typical, end.over)
    return efficient, moved


def _slopes(end: _EndUse, weights: _Weights) -> tuple[float, float, float]:
    """How a unit of the end use answers to its switch's fraction, to its ratio, and to what efficiency leaves."""
    if end.switch is None:
        return 0.0, 0.0, weights.efficient
    away, addition = end.switch.fraction.typical, end.switch.addition
    of_switch = weights.moved(addition) - weights.efficient * (1 - end.over)
    of_left = weights.efficient * (1 - away)
    if addition is None:
        return of_switch, 0.0, of_left
    added, ratio = weights.added(addition), addition.ratio.typical
    return of_switch - added * ratio * end.over, -added * away * end.over, of_left + added * away * ratio


def _additions(state: _State) -> list[Addition]:
    return [addition for end in (*state.ends, state.rest) if (addition := end.addition)]


def _added(state: _State, other: Ground) -> Spread:
    """The use of one other resource that switches add."""
    ours = _Weights(0.0, lambda _: 0.0, lambda addition: -1.0 if addition.ground is other else 0.0)
    of_efficiency, of_switches = _figure(state, ours)
    of_switches.join(of_efficiency)
    return of_switches


@dataclass(slots=True)
class _Counted:
    """How much of the efficiency saving, and of its deviations, the cap lets count."""

    full: Spread
    kept: Spread
    typical: float = field(init=False)
    below: float = field(init=False)
    above: float = field(init=False)

    def __post_init__(self) -> None:
        self.typical = self.kept.typical / self.full.typical if self.full.typical > 0 else 1.0
        self.below = self.kept.below / self.full.below if self.full.below > 0 else 1.0
        self.above = self.kept.above / self.full.above if self.full.above > 0 else 1.0


def _worth(
    state: _State, counted: _Counted, of_unit: float | None, of_other: Callable[[Ground], float | None]
) -> Spread | None:
    """Money or emissions of the resource; a switch whose added use cannot be valued is left out of it."""
    if of_unit is None:
        return None

    def moved(addition: Addition | None) -> float:
        return 0.0 if addition and of_other(addition.ground) is None else of_unit

    efficient, switched = _figure(state, _Weights(of_unit, moved, lambda addition: of_other(addition.ground) or 0.0))
    efficient.typical *= counted.typical
    efficient.below *= counted.below
    efficient.above *= counted.above
    efficient.join(switched)
    if not _additions(state):
        efficient.keep_within(0.0, math.inf)
    return efficient
