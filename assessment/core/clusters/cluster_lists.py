"""The fixed lists of clusters as data: what members do, what they may offer and seek, and where towns lie.

They stand under `assessment/catalogue/clusters/`. Each published entry names its source.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Annotated, Final, Literal, NamedTuple, Self

from pydantic import Field, StringConstraints, model_validator

from assessment.core.model import Line, Model, Prose, Slug
from assessment.core.resources.entries import Country, Source

Role = Literal["firm", "research", "training", "finance", "public", "association"]
Step = Literal["inputs", "processing", "sale", "after-use", "support"]
"""Where in the value chain a member works; `support` is beside it."""

ROLES: Final[tuple[Role, ...]] = ("firm", "research", "training", "finance", "public", "association")
STEPS: Final[tuple[Step, ...]] = ("inputs", "processing", "sale", "after-use", "support")

Kind = Literal["residue", "material", "heat", "space", "machine"]
Unit = Literal["t", "kg", "m3", "m2", "pieces", "kWh", "MWh", "hours"]

KINDS: Final[tuple[Kind, ...]] = ("residue", "material", "heat", "space", "machine")

ChapterCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{2}$")]
WasteCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{2} [0-9]{2} [0-9]{2}$")]


class Category(Model):
    """A field of clean technology, with the classes of the classification that it stands for."""

    id: Slug
    label: Line
    classes: Annotated[tuple[Line, ...], Field(min_length=1)]
    source: Slug


class Service(Model):
    """Something that members ask others for. The list is this project's own and has no source."""

    id: Slug
    label: Line


class Chapter(Model):
    """A chapter of the European List of Waste."""

    code: ChapterCode
    label: Line
    source: Slug


class Waste(Model):
    """An entry of the European List of Waste that is not hazardous."""

    code: WasteCode
    label: Line


class Material(Model):
    """Something that may be offered and sought. `note` says what to check first, by its source."""

    id: Slug
    label: Line
    kind: Kind
    units: Annotated[tuple[Unit, ...], Field(min_length=1)]
    codes: tuple[WasteCode, ...] = ()
    note: Prose | None = None
    source: Slug | None = None

    @model_validator(mode="after")
    def _note_has_source(self) -> Self:
        if self.note is not None and self.source is None:
            raise ValueError("What is to be checked first names no source.", "Add the `source` of the rule.")
        return self


class Network(Model):
    """What members of a cluster do."""

    sources: Mapping[Slug, Source]
    categories: Annotated[tuple[Category, ...], Field(min_length=1)]
    services: Annotated[tuple[Service, ...], Field(min_length=1)]


class Exchange(Model):
    """What members of a cluster may offer and seek."""

    sources: Mapping[Slug, Source]
    chapters: tuple[Chapter, ...]
    codes: tuple[Waste, ...]
    materials: Annotated[tuple[Material, ...], Field(min_length=1)]


class ClusterLists(Model):
    """Both lists, each entry found by its id."""

    network: Network
    exchange: Exchange

    @cached_property
    def categories(self) -> Mapping[str, Category]:
        """The fields of clean technology by id, in the order of the list."""
        return {one.id: one for one in self.network.categories}

    @cached_property
    def services(self) -> Mapping[str, Service]:
        """The services by id."""
        return {one.id: one for one in self.network.services}

    @cached_property
    def materials(self) -> Mapping[str, Material]:
        """What may be offered and sought, by id."""
        return {one.id: one for one in self.exchange.materials}

    @cached_property
    def codes(self) -> Mapping[str, Waste]:
        """The entries of the List of Waste by code."""
        return {one.code: one for one in self.exchange.codes}


def plain_name(name: str) -> str:
    """A name in small letters without accents and hyphens."""
    parts = unicodedata.normalize("NFKD", name.casefold().replace("-", " "))
    return "".join(sign for sign in parts if not unicodedata.combining(sign))


class Town(NamedTuple):
    """A town and where it lies, in degrees north and east (WGS 84), to two decimals: about a kilometre."""

    country: Country
    name: str
    latitude: float
    longitude: float


class Towns:
    """Towns by what people type. Of namesakes in a country the first one given is found."""

    def __init__(self, towns: Iterable[tuple[Town, tuple[str, ...]]]) -> None:
        self._found: dict[tuple[str, str], Town] = {}
        read = list(towns)
        # A town's own name goes before what another is also called, and as it is written before without accents.
        named = [(town, town.name) for town, _ in read] + [(town, name) for town, others in read for name in others]
        for written in (str.casefold, plain_name):
            for town, name in named:
                self._found.setdefault((town.country, written(name)), town)

    def __len__(self) -> int:
        return len(set(self._found.values()))

    def find(self, country: str, typed: str) -> Town | None:
        """The town of that name in the country, whatever its capitals, accents and spaces; None for an unknown one."""
        name = " ".join(typed.split()).casefold()
        return self._found.get((country, name)) or self._found.get((country, plain_name(name)))
