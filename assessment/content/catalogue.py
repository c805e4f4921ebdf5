"""Reads the catalogue's folder: every flaw of every file at once, then what only the whole can show.

`measures/` (with `sources.yaml` and `topics.yaml`), `funding/` one file per country, `building_blocks/` one per kind.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from assessment.content.strict_yaml import Document, read, validate
from assessment.core.catalogue import (
    BuildingBlock,
    Catalogue,
    DefaultShare,
    Measure,
    Scheme,
    Source,
    shared_topics,
    topics_of,
)
from assessment.core.errors import Flaw, InvalidContent
from assessment.core.model import Model, Slug

M = TypeVar("M", bound=Model)
E = TypeVar("E", Measure, Scheme, BuildingBlock)


class _Sources(Model):
    sources: Mapping[str, Source]


class _Topics(Model):
    typical_position: Decimal
    cap_share_of_site: Decimal
    topics: Mapping[Slug, tuple[Slug, ...]]
    default_end_use_shares: tuple[DefaultShare, ...]


class _Measures(Model):
    measures: tuple[Measure, ...]


class _Schemes(Model):
    schemes: tuple[Scheme, ...]


class _Blocks(Model):
    building_blocks: tuple[BuildingBlock, ...]


class _Reader:
    """Reads files one after the other, gathering flaws and the place of each entry."""

    def __init__(self) -> None:
        self.flaws: list[Flaw] = []
        self.places: dict[str, tuple[Document, tuple[str | int, ...]]] = {}

    def one(self, path: Path, model: type[M]) -> tuple[M, Document] | None:
        """One file, or None with its flaws noted."""
        try:
            document = read(path)
            return validate(model, document), document
        except InvalidContent as invalid:
            self.flaws.extend(invalid.flaws)
            return None

    def entries(self, document: Document, key: str, entries: tuple[E, ...]) -> Iterator[tuple[str, E]]:
        """The entries of a file by id; an id that is taken already is a flaw."""
        for index, entry in enumerate(entries):
            place = (key, index, "id")
            if entry.id in self.places:
                other = self.places[entry.id][0].path.name
                self.note(document, place, f"The id {entry.id} is taken already, in {other}.", "Give it an id of its own.")
            self.places[entry.id] = (document, (key, index))
            yield entry.id, entry

    def note(self, document: Document, place: tuple[str | int, ...], message: str, cure: str) -> None:
        """Note a flaw."""
        path = ".".join(str(step) for step in place)
        self.flaws.append(Flaw(str(document.path), document.line_of(place), path, message, cure))

    def at(self, entry: str, key: str, message: str, cure: str) -> None:
        """Note a flaw of an entry."""
        document, place = self.places[entry]
        self.note(document, (*place, key), message, cure)


def load_catalogue(folder: Path) -> Catalogue:
    """The whole catalogue.

    Raises InvalidContent with the flaws of all files at once.
    """
    reader = _Reader()
    sources = reader.one(folder / "measures" / "sources.yaml", _Sources)
    topics = reader.one(folder / "measures" / "topics.yaml", _Topics)
    measures: dict[str, Measure] = {}
    schemes: dict[str, Scheme] = {}
    blocks: dict[str, BuildingBlock] = {}
    for path in sorted((folder / "measures").glob("*.yaml")):
        if path.name not in ("sources.yaml", "topics.yaml") and (read_measures := reader.one(path, _Measures)):
            measures.update(reader.entries(read_measures[1], "measures", read_measures[0].measures))
    for path in sorted((folder / "funding").glob("*.yaml")):
        if read_schemes := reader.one(path, _Schemes):
            schemes.update(reader.entries(read_schemes[1], "schemes", read_schemes[0].schemes))
    for path in sorted((folder / "building_blocks").glob("*.yaml")):
        if read_blocks := reader.one(path, _Blocks):
            blocks.update(reader.entries(read_blocks[1], "building_blocks", read_blocks[0].building_blocks))
    if reader.flaws or sources is None or topics is None:
        raise InvalidContent(reader.flaws)
    tables = topics[0]
    catalogue = Catalogue(
        measures=measures, schemes=schemes, blocks=blocks, sources=sources[0].sources, topics=tables.topics,
        shares=tables.default_end_use_shares, typical_position=tables.typical_position,
        cap_share_of_site=tables.cap_share_of_site,
    )  # fmt: skip
    _check_whole(catalogue, reader)
    if reader.flaws:
        raise InvalidContent(reader.flaws)
    return catalogue


def _check_whole(catalogue: Catalogue, reader: _Reader) -> None:
    served = shared_topics([*catalogue.schemes.values(), *catalogue.blocks.values()])
    for measure in catalogue.measures.values():
        _check_references(measure, catalogue, reader)
        if measure.category not in catalogue.topics:
            reader.at(measure.id, "category", f"The category {measure.category} leads to no topics.", "Add it to topics.yaml.")
        for topic in sorted(topics_of(measure, catalogue) - served):
            reader.at(measure.id, "category", f"No scheme and no building block serves the topic {topic}.",
                      "Tag one with it, or take it out of topics.yaml.")  # fmt: skip
    for scheme in catalogue.schemes.values():
        if scheme.level == "regional" and not scheme.regions:
            reader.at(scheme.id, "region", "A regional scheme names no regions.", "Add `regions:` with NUTS codes.")


def _check_references(measure: Measure, catalogue: Catalogue, reader: _Reader) -> None:
    for key, named in (("prerequisites", measure.prerequisites), ("alternative_to", measure.alternative_to)):
        for other in named:
            if other not in catalogue.measures:
                reader.at(measure.id, key, f"There is no measure {other}.", "Correct the id.")
            elif other == measure.id:
                reader.at(measure.id, key, "A measure names itself.", "Take it out.")
    for key in _named_sources(measure):
        if key not in catalogue.sources:
            reader.at(measure.id, "sources", f"There is no source {key}.", "Correct the key or add it to sources.yaml.")


def _named_sources(measure: Measure) -> set[str]:
    named = {*measure.sources, *measure.references, measure.investment.source, measure.payback_months.source}
    for saving in measure.savings:
        named |= {saving.source, saving.share_of_site.source if saving.share_of_site else None}
    if measure.uptake:
        named.add(measure.uptake.source)
    return {key for key in named if key is not None}
