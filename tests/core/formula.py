"""The formula worked out a second time, slowly and from the written questionnaire, with exact fractions.

Nothing of the core's reckoning is used here. `flaw` breaks one rule on purpose: a property that lets a flawed
reckoning pass would protect nothing.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from assessment.core.checks.answers import Marker, Quantity, Value
from assessment.core.checks.route import Routes
from assessment.core.checks.scoring import Ratio, Score, score
from tests.builders import Written
from tests.core.generated import Case

Flaw = Literal[
    "none", "level-three-worth-one", "not-applicable-is-zero", "not-applicable-is-full", "unsure-worth-nothing-at-best",
    "hidden-counts", "first-answers-weigh-more", "silence-is-zero", "rounded-sections", "unsure-section-left-out",
]  # fmt: skip


@dataclass(frozen=True)
class Figure:
    """One score: what was earned of what was possible, both ends, and the counts."""

    value: Fraction | None
    low: Fraction | None
    high: Fraction | None
    known: int
    unsure: int
    applicable: int

    @property
    def headline(self) -> int | None:
        """The number to show, rounded half up, where three of five applicable questions are known."""
        if self.value is None or Fraction(self.known, self.applicable) < Fraction(3, 5):
            return None
        return shown(self.value)


@dataclass(frozen=True)
class Figures:
    """The overall score and those of the sections to which some question applies."""

    overall: Figure
    sections: Mapping[str, Figure]


Scorer = Callable[[Case], Figures]


def shown(share: Fraction) -> int:
    """A share out of 100, rounded half up."""
    return int(share * 100 + Fraction(1, 2))


def by_core(case: Case) -> Figures:
    """The figures that the core works out."""
    card = score(Routes(case.questionnaire).of(case.answers, case.depth), case.answers)
    sections = {found.section: _figure(found.score) for found in card.sections if found.score.applicable}
    return Figures(_figure(card.overall), sections)


def _figure(found: Score) -> Figure:
    value, low, high = (_fraction(ratio) for ratio in (found.value, found.low, found.high))
    return Figure(value, low, high, found.known, found.unsure, found.applicable)


def _fraction(ratio: Ratio | None) -> Fraction | None:
    return None if ratio is None else Fraction(*ratio)


def by_formula(case: Case, flaw: Flaw = "none") -> Figures:
    """The figures that the formula gives."""
    on_route, counted = walk(case)
    weights = weights_of(case, counted)
    sections: dict[str, Figure] = {}
    for part in case.written["sections"]:
        asked = [
            found for found in part["questions"]
            if "weight" in found
            and (found["id"] in on_route or (flaw == "hidden-counts" and found["id"] in case.said))
            and (case.depth == "full" or found["quick"])
            and ("scored_when" not in found or true(found["scored_when"], counted, case))
        ]  # fmt: skip
        figure = _section_figure(asked, case, flaw)
        if figure.applicable:
            sections[part["id"]] = figure
    return Figures(_overall(sections, weights, flaw), sections)


def _section_figure(asked: list[Written], case: Case, flaw: Flaw) -> Figure:
    points: list[tuple[Fraction, int]] = []
    unsure: list[int] = []
    silent = 0
    for found in asked:
        weight = found["weight"] * (2 if flaw == "first-answers-weigh-more" and found["id"] in [*case.said][:3] else 1)
        level = level_of(found, case.said.get(found["id"]), flaw)
        if level == "unsure":
            unsure.append(weight)
        elif level == "silent":
            silent += 1
        elif isinstance(level, int):
            points.append((Fraction(level, 4), weight))
    earned = sum((share * weight for share, weight in points), Fraction(0))
    possible = sum(weight for _, weight in points)
    extra = sum(unsure)
    best = 0 if flaw == "unsure-worth-nothing-at-best" else extra
    either = possible + extra
    return Figure(
        earned / possible if possible else None,
        earned / either if either else None,
        (earned + best) / either if either else None,
        len(points), len(unsure), len(points) + len(unsure) + silent,
    )  # fmt: skip


def level_of(asked: Written, value: Value | None, flaw: Flaw = "none") -> int | Literal["unsure", "silent", "out"]:
    """The level that an answer reaches, or what kind of answer it is instead."""
    if value is None:
        return 0 if flaw == "silence-is-zero" else "silent"
    if value is Marker.DO_NOT_KNOW:
        return "unsure"
    if value is Marker.NOT_APPLICABLE:
        return 0 if flaw == "not-applicable-is-zero" else 4 if flaw == "not-applicable-is-full" else "out"
    ticked = value if isinstance(value, frozenset) else {value}
    points = [option["points"] for option in asked["options"] if option["id"] in ticked and "points" in option]
    if not points:
        return "out"
    best: int = max(points)
    return 1 if flaw == "level-three-worth-one" and best == 3 else best


def _overall(sections: Mapping[str, Figure], weights: Mapping[str, int], flaw: Flaw) -> Figure:
    def mean(end: str) -> Fraction | None:
        shares: list[tuple[int, Fraction]] = [
            (weights[name], getattr(figure, end))
            for name, figure in sections.items()
            if getattr(figure, end) is not None and not (flaw == "unsure-section-left-out" and figure.value is None)
        ]
        if flaw == "rounded-sections":
            shares = [(weight, Fraction(shown(share), 100)) for weight, share in shares]
        total = sum(weight for weight, _ in shares)
        return sum((weight * share for weight, share in shares), Fraction(0)) / total if total else None

    known, unsure, applicable = (
        sum(getattr(figure, count) for figure in sections.values()) for count in ("known", "unsure", "applicable")
    )
    return Figure(mean("value"), mean("low"), mean("high"), known, unsure, applicable)


# The way through the questionnaire


def walk(case: Case) -> tuple[set[str], dict[str, Value]]:
    """The questions that apply, and the answers to them: one pass, since conditions only look back."""
    on_route: set[str] = set()
    counted: dict[str, Value] = {}
    for found in case.questions.values():
        if "when" not in found or true(found["when"], counted, case):
            on_route.add(found["id"])
            if found["id"] in case.said:
                counted[found["id"]] = case.said[found["id"]]
    return on_route, counted


def weights_of(case: Case, counted: Mapping[str, Value]) -> dict[str, int]:
    """How much each section matters to this firm."""
    first, last = case.written["sectors"]
    weights = dict((first if counted.get("sector") == first["id"] else last)["weights"])
    for raised in case.written["raises"]:
        if true(raised["when"], counted, case):
            weights[raised["section"]] = min(3, weights[raised["section"]] + 1)
    return weights


def true(written: Written, counted: Mapping[str, Value], case: Case) -> bool:
    """Whether a written condition holds."""
    if "all" in written:
        return all(true(branch, counted, case) for branch in written["all"])
    if "any" in written:
        return any(true(branch, counted, case) for branch in written["any"])
    if "not" in written:
        return not true(written["not"], counted, case)
    if "flag" in written:
        return true(case.written["flags"][written["flag"]], counted, case)
    value = counted.get(written["question"])
    silent = value is None or isinstance(value, Marker)
    if "answered" in written:
        answered: bool = written["answered"]
        return silent is not answered
    return not silent and _leaf_true(written, value)


def _leaf_true(written: Written, value: Any) -> bool:
    if isinstance(value, Quantity):
        least, most = Decimal(written.get("at_least", "-1")), Decimal(written.get("at_most", "99"))
        return least <= value.amount <= most
    ticked = value if isinstance(value, frozenset) else {value}
    return any(option in ticked for option in _wanted(written))


def _wanted(written: Written) -> Iterator[str]:
    for key in ("is", "includes"):
        if key in written:
            yield written[key]
    yield from written.get("any_of", ())
