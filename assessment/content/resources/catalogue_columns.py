"""The catalogue as tables: which columns an entry has, what stands in its cells, and the way back.

A column is the path of a value: `investment.eur_low`; parts that can come several times are counted from 1, as in
`savings.2.low`; a list of words stands in one cell, parted by semicolons. The columns follow from the models, so a
field that is added there is in every file at once. `data_of` gives what an author would have written in YAML.
"""

import re
import types
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

from assessment.core.model import Model, Slug
from assessment.core.resources.catalogue import Catalogue
from assessment.core.resources.entries import BuildingBlock, Measure, Scheme, Source

Cell = str | int | Decimal | bool | date | None
Path = tuple[str | int, ...]
ValueType = Literal["text", "number", "whole", "truth", "date"]

DATA_LICENCE: Final = "CC BY 4.0"
"""Under which our rows are published; what they describe, and the figures taken over, keep their own licence."""

LICENCE_COLUMN: Final = "data_licence"
SEPARATOR: Final = "; "

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,17})?")
_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TURNED_DATE = re.compile(r"([0-9]{1,2})\. ?([0-9]{1,2})\. ?([0-9]{4})")
_TRUTHS = {
    **dict.fromkeys(
        ("true", "wahr", "vrai", "vero", "verdadero", "verdadeiro", "waar", "prawda", "pravda", "igaz"), True
    ),
    **dict.fromkeys(("false", "falsch", "faux", "falso", "onwaar", "fałsz", "nepravda", "hamis"), False),
}
"""Spreadsheets turn `true` in a CSV file into the word of their own language, and back again if somebody mends it."""
_TYPES: dict[type, ValueType] = {str: "text", Decimal: "number", int: "whole", bool: "truth", date: "date"}
_WANTED = {
    "number": ("is not a number", "Write a number such as 2.5."),
    "whole": ("is not a whole number", "Write a whole number such as 12."),
    "truth": ("is neither true nor false", "Write true or false."),
    "date": ("is not a date", "Write a date such as 2027-12-31."),
}


class NamedSource(Source):
    """A source with the key that figures name it by."""

    id: Slug


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of entry: the name of its table, its model, and the key of its list in a content file."""

    name: str
    model: type[Model]
    key: str

    def entries(self, catalogue: Catalogue) -> list[Model]:
        """All entries of this kind, in the order of the catalogue."""
        match self.name:
            case "measures":
                return list(catalogue.measures.values())
            case "funding":
                return list(catalogue.schemes.values())
            case "building_blocks":
                return list(catalogue.blocks.values())
        return [NamedSource(id=name, **source.model_dump()) for name, source in catalogue.sources.items()]


KINDS: Final = {
    kind.name: kind
    for kind in (
        Kind("measures", Measure, "measures"),
        Kind("funding", Scheme, "schemes"),
        Kind("building_blocks", BuildingBlock, "building_blocks"),
        Kind("sources", NamedSource, "sources"),
    )
}


@dataclass(frozen=True, slots=True)
class Shape:
    """What a field holds: values of one type, or a model; one of them or several."""

    holds: ValueType
    allowed: tuple[str, ...] = ()
    several: bool = False
    model: type[Model] | None = None


def shape_of(annotation: Any) -> Shape:
    """The shape of an annotation of the catalogue's models."""
    origin, inside = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return shape_of(inside[0])
    if origin in (Union, types.UnionType):
        return shape_of(next(part for part in inside if part is not type(None)))
    if origin is Literal:
        return Shape("text", inside)
    if origin is tuple:
        one = shape_of(inside[0])
        return Shape(one.holds, one.allowed, True, one.model)
    if isinstance(annotation, type) and issubclass(annotation, Model):
        return Shape("text", model=annotation)
    return Shape(_TYPES[annotation])


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table."""

    name: str
    shape: Shape
    required: bool


def columns_of(kind: Kind, entries: Iterable[Model]) -> list[Column]:
    """The columns that hold these entries; parts that come several times have as many as the fullest entry."""
    most: dict[str, int] = {}
    for entry in entries:
        _count(entry, "", most)
    found = list(_columns(kind.model, "", True, most))
    # The id first: it is what a reader looks for.
    found.sort(key=lambda column: column.name != "id")
    return [*found, Column(LICENCE_COLUMN, Shape("text", (DATA_LICENCE,)), False)]


def _count(model: Model, prefix: str, most: dict[str, int]) -> None:
    for name in type(model).model_fields:
        value = getattr(model, name)
        parts = value if isinstance(value, tuple) else (value,)
        models = [part for part in parts if isinstance(part, Model)]
        if models:
            most[prefix + name] = max(most.get(prefix + name, 0), len(models))
        for at, part in enumerate(models, start=1):
            _count(part, f"{prefix}{name}.{at}." if isinstance(value, tuple) else f"{prefix}{name}.", most)


def _columns(model: type[Model], prefix: str, required: bool, most: Mapping[str, int]) -> Iterator[Column]:
    for name, field in model.model_fields.items():
        shape, needed = shape_of(field.annotation), required and field.is_required()
        if shape.model is None:
            yield Column(prefix + name, shape, needed)
        elif shape.several:
            for at in range(1, most.get(prefix + name, 0) + 1):
                yield from _columns(shape.model, f"{prefix}{name}.{at}.", needed and at == 1, most)
        elif field.is_required() or most.get(prefix + name):
            yield from _columns(shape.model, f"{prefix}{name}.", needed, most)


def cells_of(entry: Model) -> dict[str, Cell]:
    """What stands in the columns of an entry; what it does not say is left out."""
    return {**dict(_cells(entry, "")), LICENCE_COLUMN: DATA_LICENCE}


def _cells(model: Model, prefix: str) -> Iterator[tuple[str, Cell]]:
    for name in type(model).model_fields:
        value = getattr(model, name)
        if isinstance(value, Model):
            yield from _cells(value, f"{prefix}{name}.")
        elif isinstance(value, tuple) and value and isinstance(value[0], Model):
            for at, part in enumerate(value, start=1):
                yield from _cells(part, f"{prefix}{name}.{at}.")
        elif isinstance(value, tuple):
            if value:
                yield prefix + name, joined(value)
        elif value is not None:
            yield prefix + name, value


def joined(words: Sequence[str]) -> str:
    """Several words in one cell; a semicolon within a word is marked by a backslash."""
    return SEPARATOR.join(word.replace("\\", "\\\\").replace(";", "\\;") for word in words)


def parted(text: str) -> list[str]:
    """The words of a cell."""
    found = (re.sub(r"\\(.)", r"\1", part).strip() for part in re.findall(r"(?:[^;\\]|\\.|\\$)+", text, re.DOTALL))
    return [word for word in found if word]


@dataclass(frozen=True, slots=True)
class CellFlaw:
    """A cell that is not what its column asks for."""

    column: str
    message: str
    cure: str


def path_of(kind: Kind, column: str) -> Path | None:
    """The path that a column names, counted from 0; None for a column that no entry of the kind has."""
    found = _found(kind, column)
    return found[0] if found else None


def type_of(kind: Kind, column: str) -> ValueType | None:
    """What the cells of a column hold; None for a column that no entry of the kind has."""
    found = _found(kind, column)
    return found[1].holds if found else None


def _found(kind: Kind, column: str) -> tuple[Path, Shape] | None:
    model: type[Model] | None = kind.model
    path: list[str | int] = []
    shape = Shape("text")
    steps = column.split(".")
    while steps:
        name = steps.pop(0)
        field = model.model_fields.get(name) if model else None
        if field is None:
            return None
        shape = shape_of(field.annotation)
        path.append(name)
        model = shape.model
        if shape.several and model is not None:
            if not steps or not re.fullmatch(r"[1-9][0-9]?", steps[0]):
                return None
            path.append(int(steps.pop(0)) - 1)
    return None if model is not None else (tuple(path), shape)


def data_of(kind: Kind, cells: Mapping[str, Cell]) -> tuple[dict[str, Any], list[CellFlaw]]:
    """An entry as an author would write it, from the cells of its row, and the cells that cannot be understood."""
    flaws: list[CellFlaw] = []
    data = _data(kind.model, cells, "", flaws)
    stated = cells.get(LICENCE_COLUMN)
    if not _empty(stated) and stated != DATA_LICENCE:
        message = f"`{stated}` is another licence than this catalogue's."
        flaws.append(CellFlaw(LICENCE_COLUMN, message, f"Rows are published under {DATA_LICENCE}; write that."))
    return data, flaws


def _empty(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _data(model: type[Model], cells: Mapping[str, Cell], prefix: str, flaws: list[CellFlaw]) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        shape, column = shape_of(field.annotation), prefix + name
        if shape.model is not None:
            found = _parts(shape, shape.model, cells, column, flaws)
            if found:
                data[name] = found
            elif field.is_required() and not shape.several:
                # So that what is missing is told by its own column.
                data[name] = _data(shape.model, cells, f"{column}.", flaws)
        elif not _empty(cells.get(column)):
            data[name] = _value(shape, cells[column], column, flaws)
        elif shape.several and field.is_required():
            data[name] = []
    return data


def _parts(
    shape: Shape, model: type[Model], cells: Mapping[str, Cell], column: str, flaws: list[CellFlaw]
) -> dict[str, Any] | list[dict[str, Any]] | None:
    filled = [name for name, cell in cells.items() if name.startswith(f"{column}.") and not _empty(cell)]
    if not filled:
        return None
    if not shape.several:
        return _data(model, cells, f"{column}.", flaws)
    numbers = sorted({int(name[len(column) + 1 :].partition(".")[0]) for name in filled})
    for wanted, number in enumerate(numbers, start=1):
        if wanted != number:
            message = f"`{column}.{number}` is filled in, but `{column}.{wanted}` is empty."
            flaws.append(CellFlaw(f"{column}.{number}", message, f"Move it to `{column}.{wanted}`."))
            break
    return [_data(model, cells, f"{column}.{number}.", flaws) for number in numbers]


def _value(shape: Shape, cell: Cell, column: str, flaws: list[CellFlaw]) -> object:
    text = _as_text(cell)
    if shape.several:
        words = parted(text)
        for word in words:
            if shape.allowed and "," in word:
                message = f"`{word[:60]}` is taken for one word."
                flaws.append(CellFlaw(column, message, f"Part several by semicolons: {word.replace(',', ';')[:60]}"))
        return words
    if shape.holds == "text":
        return text.strip()
    value = _typed(shape.holds, text.strip())
    if value is None:
        message, cure = _WANTED[shape.holds]
        flaws.append(CellFlaw(column, f"`{text[:60]}` {message}.", cure))
        return text
    return value


def _typed(type_: ValueType, text: str) -> Decimal | int | bool | date | None:
    if type_ == "truth":
        return _TRUTHS.get(text.lower())
    if type_ == "date":
        # Points stand between day, month and year in this order only; with strokes nobody can know.
        turned = _TURNED_DATE.fullmatch(text)
        try:
            if turned:
                return date(int(turned[3]), int(turned[2]), int(turned[1]))
            return date.fromisoformat(text) if _DATE.fullmatch(text) else None
        except ValueError:
            return None
    if type_ == "whole":
        return int(text) if _WHOLE.fullmatch(text) else None
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def _as_text(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return str(cell).lower()
        case datetime():
            return cell.date().isoformat()
        case date():
            return cell.isoformat()
        case Decimal():
            return plain(cell)
    return str(cell).replace("\r\n", "\n").replace("\r", "\n")


def plain(number: Decimal) -> str:
    """A number in digits, without exponent and without zeros that say nothing."""
    text = f"{number:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"
