"""Reads the catalogue's files into core objects, and finds what one entry by itself cannot show.

    measures/topics.yaml, sources.yaml, method.yaml     what the measures share
    measures/<anything else>.yaml                       the measures, by subject
    funding/<country>.yaml, funding/eu.yaml             the schemes; an id begins with the file's name
    building_blocks/<kind>.yaml                         the building blocks; one kind to a file
    factors/, benchmarks/                               figures that go with what is used (`figures.py`)

An id is unique over all files. Flaws of all files are reported at once; what entries mean to each other is only
checked where every file could be read.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from assessment.content.reading import Placed, Reader, no_source, repeated
from assessment.content.resources.figures import read_benchmarks, read_factors
from assessment.content.strict_yaml import Document, validate
from assessment.core.errors import Flaw, InvalidContent
from assessment.core.model import Model, Slug
from assessment.core.resources.catalogue import Catalogue
from assessment.core.resources.entries import BuildingBlock, Measure, Method, Scheme, Source, Topic

Entry = Measure | Scheme | BuildingBlock
E = TypeVar("E", bound=Entry)

ABOUT = frozenset({"topics.yaml", "sources.yaml", "method.yaml"})
"""The files that measures share; every other file beside them holds measures."""


class _Measures(Model):
    measures: tuple[Measure, ...]


class _Schemes(Model):
    schemes: tuple[Scheme, ...]


class _Blocks(Model):
    building_blocks: tuple[BuildingBlock, ...]


class _Topics(Model):
    topics: Mapping[Slug, Topic]


class _Sources(Model):
    sources: Mapping[Slug, Source]


def load_catalogue(folder: Path, instead: Mapping[str, Document] | None = None) -> Catalogue:
    """Read the catalogue; `instead` holds tables of a whole kind (`measures`, `funding`, ...) to take for its files.

    Raises InvalidContent with the flaws of all its files.
    """
    reader, shared, given = Reader(), folder / "measures", instead or {}
    topics = reader.model(shared / "topics.yaml", _Topics)
    sources = reader.model(given.get("sources", shared / "sources.yaml"), _Sources)
    method = reader.model(shared / "method.yaml", Method)

    def of_kind(name: str, files: Iterable[Path]) -> list[Path] | list[Document]:
        return [given[name]] if name in given else list(files)

    subjects = of_kind("measures", (path for path in sorted(shared.glob("*.yaml")) if path.name not in ABOUT))
    measures = reader.entries(subjects, _Measures, "measures", lambda file: file.measures)
    funding = of_kind("funding", _eu_first(folder / "funding"))
    schemes = reader.entries(funding, _Schemes, "schemes", lambda file: file.schemes)
    kinds = of_kind("building_blocks", sorted((folder / "building_blocks").glob("*.yaml")))
    blocks = reader.entries(kinds, _Blocks, "building_blocks", lambda file: file.building_blocks)
    reader.flaws.extend(repeated([*measures, *schemes, *blocks]))
    factors = read_factors(reader, folder / "factors")
    benchmarks = read_benchmarks(reader, folder / "benchmarks", sources[0].sources if sources else None)
    if topics is None or sources is None or method is None or factors is None or benchmarks is None or reader.flaws:
        raise InvalidContent(reader.flaws)
    entries: list[Scheme | BuildingBlock] = [placed.entry for placed in schemes]
    entries += [placed.entry for placed in blocks]
    served = frozenset(tag for entry in entries for tag in entry.helps_with)
    known = _Known(topics[0].topics, sources[0].sources, _by_id(measures), _by_id(blocks), served)
    flaws = [
        *_topic_flaws(*topics, known),
        *_method_flaws(*method, known),
        *(flaw for placed in measures for flaw in _measure_flaws(placed, known, method[0])),
        *(flaw for placed in schemes for flaw in _unknown(placed, "pays_for", placed.entry.pays_for, known.measures)),
        *(flaw for placed in schemes if "funding" not in given for flaw in _scheme_flaws(placed)),
        *(flaw for placed in blocks if "building_blocks" not in given for flaw in _block_flaws(placed)),
    ]
    if flaws:
        raise InvalidContent(flaws)
    return Catalogue(
        measures=known.measures, schemes=_by_id(schemes), blocks=_by_id(blocks), sources=known.sources,
        topics=known.topics, method=method[0], factors=factors, benchmarks=benchmarks,
    )  # fmt: skip


def check_table(name: str, document: Document) -> None:
    """Whether each entry of a table is sound by itself. Raises InvalidContent with every flaw."""
    models: dict[str, type[Model]] = {
        "measures": _Measures, "funding": _Schemes, "building_blocks": _Blocks, "sources": _Sources,
    }  # fmt: skip
    validate(models[name], document)


def _eu_first(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.yaml"), key=lambda path: (path.stem != "eu", path.stem))


def _by_id(placed: Iterable[Placed[E]]) -> dict[str, E]:
    return {one.entry.id: one.entry for one in placed}


@dataclass(frozen=True)
class _Known:
    """What measures may refer to."""

    topics: Mapping[str, Topic]
    sources: Mapping[str, Source]
    measures: Mapping[str, Measure]
    blocks: Mapping[str, BuildingBlock]
    served: Collection[str]


def _topic_flaws(file: _Topics, document: Document, known: _Known) -> Iterator[Flaw]:
    for name, topic in file.topics.items():
        for tag in topic.helps_with:
            if tag not in known.served:
                line = document.line_of(("topics", name, "helps_with"))
                message = f"No scheme and no building block helps with {tag}."
                yield Flaw(str(document.path), line, f"{name}.helps_with", message, "Tag one with it, or take it out.")


def _method_flaws(method: Method, document: Document, known: _Known) -> Iterator[Flaw]:
    seen: set[tuple[str, str]] = set()
    for at, share in enumerate(method.default_end_use_shares):
        place = ("default_end_use_shares", at, "source")
        if share.source is not None and share.source not in known.sources:
            yield Flaw(str(document.path), document.line_of(place), share.end_use, *no_source(share.source))
        if (share.resource, share.end_use) in seen:
            message = f"The share of {share.end_use} in {share.resource} is given twice."
            yield Flaw(str(document.path), document.line_of(place[:2]), share.end_use, message, "Keep one of them.")
        seen.add((share.resource, share.end_use))


def _measure_flaws(placed: Placed[Measure], known: _Known, method: Method) -> Iterator[Flaw]:
    measure = placed.entry
    if measure.category not in known.topics:
        yield placed.flaw("category", f"There is no topic {measure.category}.", "Add it to topics.yaml, or correct it.")
    for key in measure.sources:
        if key not in known.sources:
            yield placed.flaw("sources", *no_source(key))
    yield from _unknown(placed, "prerequisites", measure.prerequisites, known.measures)
    yield from _unknown(placed, "alternative_to", measure.alternative_to, known.measures)
    for block in measure.blocks:
        if block not in known.blocks:
            yield placed.flaw("blocks", f"There is no building block {block}.", "Correct the id, or remove it.")
    for other in measure.alternative_to:
        if other in known.measures and measure.id not in known.measures[other].alternative_to:
            message = f"{measure.id} is an alternative to {other}, but not the other way round."
            yield placed.flaw("alternative_to", message, f"Add {measure.id} to `alternative_to` of {other}.")
    shares = {(share.resource, share.end_use) for share in method.default_end_use_shares}
    for saving in measure.savings:
        if saving.base == "end_use" and (saving.resource, saving.end_use) not in shares:
            message = f"No share of {saving.resource} is known for the use {saving.end_use}."
            yield placed.flaw("savings", message, "Add it to method.yaml, or choose another base.")


def _unknown(
    placed: Placed[Measure] | Placed[Scheme], step: str, named: Iterable[str], known: Collection[str]
) -> Iterator[Flaw]:
    for other in named:
        if other == placed.entry.id:
            yield placed.flaw(step, f"{other} names itself.", "Remove it.")
        elif other not in known:
            yield placed.flaw(step, f"There is no measure {other}.", "Correct the id, or remove it.")


def _scheme_flaws(placed: Placed[Scheme]) -> Iterator[Flaw]:
    name = placed.document.path.stem
    if placed.entry.id.split("-")[0] != name:
        yield placed.flaw("id", f"The id of a scheme in {name}.yaml begins with {name}-.", "Rename or move it.")


def _block_flaws(placed: Placed[BuildingBlock]) -> Iterator[Flaw]:
    name = placed.document.path.stem
    if placed.entry.kind != name:
        yield placed.flaw("kind", f"{name}.yaml holds the kind {name} only.", f"Move it to {placed.entry.kind}.yaml.")
