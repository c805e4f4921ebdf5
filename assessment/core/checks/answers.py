"""Answers as values: what can be said to a question, and how it is written down as JSON.

A value is never a float. A number keeps what was typed and the unit it was typed in beside its amount in
the question's base unit. "I do not know" and "does not apply to us" are values; silence is the absence of one.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import Literal, assert_never


class Marker(Enum):
    """The two answers that are not values."""

    DO_NOT_KNOW = "do-not-know"
    NOT_APPLICABLE = "not-applicable"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in the question's base unit, with the unit chosen and the text typed."""

    amount: Decimal
    unit: str
    typed: str


@dataclass(frozen=True, slots=True)
class Quantities:
    """Several named numbers of one question, in the order of its fields; missing ones are absent."""

    figures: tuple[tuple[str, Quantity], ...]

    def __getitem__(self, field: str) -> Quantity:
        return dict(self.figures)[field]

    def __contains__(self, field: object) -> bool:
        return any(name == field for name, _ in self.figures)


Value = str | frozenset[str] | Quantity | Quantities | date | Marker

Basis = Literal["", "bills", "estimate"]
"""How sure a number is: from bills or a meter, or an estimate; empty where it was not said."""


@dataclass(frozen=True, slots=True)
class Remark:
    """What stands beside an answer: how sure it is, a note or proof, why a question does not apply."""

    basis: Basis = ""
    note: str = ""
    reason: str = ""

    def __bool__(self) -> bool:
        return bool(self.basis or self.note or self.reason)


NO_REMARK = Remark()


class Answers(Mapping[str, Value]):
    """An immutable mapping of question id to value, in no order that matters."""

    __slots__ = ("_values", "get")

    def __init__(self, values: Mapping[str, Value] | None = None) -> None:
        self._values: dict[str, Value] = dict(values or {})
        # The scorer asks thousands of times a second: bind the dictionary's own look-up.
        self.get = self._values.get  # type: ignore[method-assign]

    def __getitem__(self, question: str) -> Value:
        return self._values[question]

    def __contains__(self, question: object) -> bool:
        return question in self._values

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"Answers({self._values!r})"

    def with_values(self, changes: Mapping[str, Value | None]) -> "Answers":
        """A copy in which None takes an answer back."""
        merged = {**self._values, **changes}
        return Answers({key: value for key, value in merged.items() if value is not None})


Json = str | list[str] | dict[str, object]


def to_json(value: Value) -> Json:
    """The JSON shape of a value; `from_json` reads it back."""
    match value:
        case str():
            return value
        case frozenset():
            return sorted(value)
        case Quantity():
            return {"amount": str(value.amount), "unit": value.unit, "typed": value.typed}
        case Quantities():
            return {"figures": {name: to_json(figure) for name, figure in value.figures}}
        case Marker():
            return {"marker": value.value}
        case date():
            return {"date": value.isoformat()}
        case _:
            assert_never(value)


def from_json(stored: Json) -> Value:
    """The value of a JSON shape written by `to_json`.

    Raises ValueError where the shape is not one of ours.
    """
    # Every page reads a whole document of these: looking into the shapes by hand takes a third of matching them.
    if isinstance(stored, str):
        return stored
    if isinstance(stored, list) and set(map(type, stored)) <= _STRINGS:
        return frozenset(stored)
    if isinstance(stored, dict):
        if "amount" in stored:
            return _quantity(stored)
        if "figures" in stored:
            return _quantities(stored["figures"])
        for name, reader in _READERS.items():
            if isinstance(written := stored.get(name), str):
                return reader(written)
    raise ValueError(f"not a stored answer: {stored!r}")


_STRINGS = frozenset({str})


_READERS: Mapping[str, Callable[[str], Value]] = {"marker": Marker, "date": date.fromisoformat}


def _quantity(stored: object) -> Quantity:
    if isinstance(stored, dict):
        amount, unit, typed = stored.get("amount"), stored.get("unit"), stored.get("typed")
        if isinstance(amount, str) and isinstance(unit, str) and isinstance(typed, str):
            try:
                return Quantity(Decimal(amount), unit, typed)
            except InvalidOperation as refused:
                raise ValueError(f"not a stored amount: {amount!r}") from refused
    raise ValueError(f"not a stored figure: {stored!r}")


def _quantities(stored: object) -> Quantities:
    if not isinstance(stored, dict):
        raise ValueError(f"not stored figures: {stored!r}")
    return Quantities(tuple([(name, _quantity(figure)) for name, figure in stored.items()]))


def dumps(answers: Mapping[str, Value]) -> str:
    """All answers as one JSON text with sorted keys."""
    return json.dumps({key: to_json(answers[key]) for key in sorted(answers)}, ensure_ascii=False)


def loads(text: str) -> Answers:
    """Answers from the JSON text of `dumps`."""
    return Answers({key: from_json(stored) for key, stored in json.loads(text).items()})
