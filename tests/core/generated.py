"""Tiny questionnaires and answers to them, made by Hypothesis.

A case is kept as an author would write it, so that the formula can be worked out from the written form alone,
without any code of the core.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

from hypothesis import strategies as st

from assessment.core.checks.answers import Answers, Marker, Quantity, Value
from assessment.core.checks.questionnaire import Questionnaire
from assessment.core.checks.questions import TOP_LEVEL
from assessment.core.checks.route import Depth
from tests.builders import BANDS, HEADS, ROLES, Written, sector, written_question

SECTIONS = ("energy", "water", "waste")
MARKERS: tuple[Value, ...] = (Marker.DO_NOT_KNOW, Marker.NOT_APPLICABLE)


@dataclass(frozen=True)
class Case:
    """A questionnaire as written, the answers that a firm gave, and how deep it went."""

    written: Written
    said: Mapping[str, Value]
    depth: Depth

    @property
    def answers(self) -> Answers:
        """The answers as the core takes them."""
        return Answers(self.said)

    @cached_property
    def questionnaire(self) -> Questionnaire:
        """The questionnaire as the core takes it."""
        return Questionnaire.model_validate(self.written)

    @property
    def questions(self) -> dict[str, Written]:
        """Every written question by id."""
        return {found["id"]: found for part in self.written["sections"] for found in part["questions"]}

    def saying(self, question: str, value: Value | None) -> "Case":
        """The same firm with another answer; None takes it back."""
        rest = {name: given for name, given in self.said.items() if name != question}
        return replace(self, said=rest if value is None else {**rest, question: value})

    def without(self, question: str) -> "Case":
        """The same answers to a questionnaire that never had this question; sections left empty go with it."""
        parts = [
            {**part, "questions": [found for found in part["questions"] if found["id"] != question]}
            for part in self.written["sections"]
        ]
        return replace(self, written={**self.written, "sections": [part for part in parts if part["questions"]]})


def _options(draw: st.DrawFn) -> list[dict[str, Any]]:
    """A ladder of two to five levels, now and then with an option that is not scored."""
    levels = draw(st.sets(st.integers(0, TOP_LEVEL), min_size=2))
    options: list[dict[str, Any]] = [{"id": f"l{n}", "label": f"Level {n}", "points": n} for n in sorted(levels)]
    if draw(st.integers(0, 3)) == 0:
        options.append({"id": "not-yet", "label": "Too early to say", "unscored": True})
    return options


def _leaf(draw: st.DrawFn, about: Written) -> Written:
    """One condition on a question, of those that its kind allows."""
    question = about["id"]
    if draw(st.integers(0, 4)) == 0:
        return {"question": question, "answered": draw(st.booleans())}
    if about["kind"] == "number":
        return {"question": question, draw(st.sampled_from(["at_least", "at_most"])): str(draw(st.integers(0, 3)))}
    options = [option["id"] for option in about["options"]]
    wanted = draw(st.sampled_from(options))
    key = draw(st.sampled_from(["any_of", "includes" if about["kind"] == "multi" else "is"]))
    return {"question": question, key: [wanted, options[0]] if key == "any_of" else wanted}


def _condition(draw: st.DrawFn, earlier: Sequence[Written], deep: int = 2) -> Written:
    """A condition on earlier questions, at most `deep` branches high."""
    kind = draw(st.sampled_from(["leaf", "leaf", "leaf", "flag", "not", "all", "any"])) if deep else "leaf"
    if kind == "leaf":
        return _leaf(draw, draw(st.sampled_from(earlier)))
    if kind == "flag":
        return {"flag": "named"}
    if kind == "not":
        return {"not": _condition(draw, earlier, deep - 1)}
    return {kind: [_condition(draw, earlier, deep - 1) for _ in range(draw(st.integers(1, 2)))]}


def _question(draw: st.DrawFn, name: str, earlier: Sequence[Written]) -> Written:
    kind = draw(st.sampled_from(["choice", "choice", "choice", "multi", "gate", "number"]))
    more: dict[str, Any] = {"quick": draw(st.booleans())}
    if draw(st.integers(0, 2)) == 0:
        more["when"] = _condition(draw, earlier)
    if kind == "number":
        return written_question("number", name, units=HEADS, **more)
    if kind == "gate":
        return written_question("choice", name, options=[{"id": o, "label": o} for o in ("yes", "no")], **more)
    if draw(st.integers(0, 5)) == 0:
        more["scored_when"] = _condition(draw, earlier, 1)
    return written_question(kind, name, options=_options(draw), weight=draw(st.integers(1, 3)), **more)


def _value(draw: st.DrawFn, asked: Written) -> Value | None:
    """An answer, a marker or silence; a third of the answers are not levels."""
    rare = draw(st.integers(0, 8))
    if rare < 3:
        return (*MARKERS, None)[rare]
    if asked["kind"] == "number":
        count = draw(st.integers(0, 3))
        return Quantity(Decimal(count), "people", str(count))
    options = [option["id"] for option in asked["options"]]
    if asked["kind"] == "multi":
        return draw(st.frozensets(st.sampled_from(options), min_size=1))
    chosen: str = draw(st.sampled_from(options))
    return chosen


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A profile of three questions, one to three sections of one to four, and somebody's answers."""
    profile = [
        written_question("choice", "sector", quick=True, options=[{"id": o, "label": o} for o in ("food", "other")]),
        written_question("choice", "cooling", quick=True, options=[{"id": o, "label": o} for o in ("yes", "no")]),
        written_question("number", "people", quick=True, units=HEADS),
    ]
    earlier: list[Written] = list(profile)
    names = SECTIONS[: draw(st.integers(1, 3))]
    parts: list[Written] = [_section("profile", profile)]
    for part in names:
        asked = []
        for position in range(draw(st.integers(1, 4))):
            asked.append(_question(draw, f"{part}-{position}", earlier))
            earlier.append(asked[-1])
        parts.append(_section(part, asked))
    weights = [{part: draw(st.integers(1, 3)) for part in names} for _ in range(2)]
    raises = [{"section": names[0], "when": _condition(draw, profile, 1)}] if draw(st.booleans()) else []
    written = {
        "name": "made-up", "version": "1", "language": "en", "title": "Made up", "roles": ROLES,
        "bands": [{"id": name, "label": name, "from": start} for name, start in BANDS],
        "flags": {"named": _leaf(draw, draw(st.sampled_from(profile)))},
        "sectors": [sector("food", weights[0]), sector("other", weights[1])],
        "raises": raises, "sections": parts,
    }  # fmt: skip
    said = {asked["id"]: value for asked in earlier if (value := _value(draw, asked)) is not None}
    return Case(written, said, draw(st.sampled_from(["full", "full", "quick"])))


def _section(name: str, asked: list[Any]) -> Written:
    return {"id": name, "title": name, "ready": "Your bills", "minutes": 1, "questions": asked}
