"""The library of an instance: every questionnaire version it knows, ready to use, in each language.

Reading and checking 1 MB of YAML takes most of a second, so what was read is kept as JSON under the digest of
the files it came from; the digest changes with the files and with the code that reads them.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TypeVar

from assessment import __version__
from assessment.content.checks.checks import check_version
from assessment.content.checks.display_checks import members_flaws
from assessment.content.checks.examples import Example, expectation_flaws, read_examples
from assessment.content.checks.publishing import frozen_flaws, is_published
from assessment.content.checks.questionnaires import flaw_in, read_version, versions_in
from assessment.content.checks.texts import Overlay, addresses, in_language, overlay_from
from assessment.content.keeping import keep
from assessment.content.resources.catalogue import load_catalogue
from assessment.content.strict_yaml import read as read_yaml
from assessment.core.checks.display import Pairs, Practices
from assessment.core.checks.questionnaire import Audience, Questionnaire
from assessment.core.checks.route import Routes
from assessment.core.errors import Flaw, InvalidContent, NotFound
from assessment.core.model import Model
from assessment.core.plans.actions import Actions
from assessment.core.resources.catalogue import Catalogue

M = TypeVar("M", bound=Model)


class Read(Model):
    """What is kept of one version between starts."""

    questionnaire: Questionnaire
    actions: Actions


@dataclass(frozen=True)
class Edition:
    """One version of a questionnaire in one language, with its advice and the routes through it."""

    questionnaire: Questionnaire
    actions: Actions

    @cached_property
    def routes(self) -> Routes:
        """The routes through this edition, kept as long as it is."""
        return Routes(self.questionnaire)


class Library:
    """Hands out editions and the catalogue; languages are laid over them when first asked for."""

    def __init__(
        self,
        versions: Mapping[tuple[str, str], Read],
        catalogue: Catalogue,
        overlays: Mapping[tuple[str, str, str], Overlay] | None = None,
        catalogue_overlays: Mapping[str, Overlay] | None = None,
        folders: Mapping[tuple[str, str], Path] | None = None,
        digest: str = "",
    ) -> None:
        self._versions = versions
        self._folders = folders or {}
        self._catalogue = catalogue
        self._overlays = overlays or {}
        self._catalogue_overlays = catalogue_overlays or {}
        self._editions: dict[tuple[str, str, str], Edition] = {}
        self._catalogues: dict[str, Catalogue] = {}
        self._examples: dict[tuple[str, str], Mapping[str, Example]] = {}
        self.digest = digest
        """A digest of all files, texts included: with another one the same result may read differently."""

    @property
    def newest(self) -> tuple[str, str]:
        """Name and version of the questionnaire that anybody starts from the front page: the last one for `anyone`."""
        found = self.offered("anyone")
        if not found:
            raise NotFound("a questionnaire for anyone")
        return found[-1]

    def offered(self, audience: Audience) -> list[tuple[str, str]]:
        """Name and newest version of each questionnaire that is meant for somebody."""
        newest = _newest_of_each(self._versions)
        return [key for key in newest if self._versions[key].questionnaire.audience == audience]

    def newest_of_each(self) -> list[tuple[str, str]]:
        """Name and newest version of every questionnaire."""
        return _newest_of_each(self._versions)

    def newest_of(self, name: str) -> tuple[str, str]:
        """Name and newest version of a questionnaire. Raises NotFound for one that this instance does not hold."""
        for key in _newest_of_each(self._versions):
            if key[0] == name:
                return key
        raise NotFound(name)

    def versions_of(self, name: str) -> list[str]:
        """The versions of a questionnaire, the oldest first."""
        found = [version for known, version in self._versions if known == name]
        return sorted(found, key=lambda version: (len(version), version))

    def warnings(self) -> list[str]:
        """Measures that nobody is ever advised, because the questionnaires were published before they came."""
        cure = "Name it in the next version of a questionnaire."
        return [
            f"{measure}: nobody is ever advised this measure. {cure}"
            for measure in _unadvised(self._versions, self._catalogue)
        ]

    def edition(self, name: str, version: str, language: str) -> Edition:
        """The edition of a version in a language, falling back to the language it was written in.

        Raises NotFound for a version that this instance does not hold.
        """
        key = (name, version, language)
        if key not in self._editions:
            read = self._versions.get((name, version))
            if read is None:
                raise NotFound(f"{name} {version}")
            overlay = self._overlays.get(key)
            if overlay is not None:
                read = in_language(read, overlay)
            self._editions[key] = Edition(read.questionnaire, read.actions)
        return self._editions[key]

    def examples(self) -> Mapping[str, Example]:
        """The example companies of the check for anyone, read when first asked for."""
        return self.examples_of(*self.newest)

    def examples_of(self, name: str, version: str) -> Mapping[str, Example]:
        """The examples of a version, read when first asked for."""
        key = (name, version)
        if key not in self._examples:
            folder = self._folders.get(key)
            self._examples[key] = read_examples(folder, self._versions[key].questionnaire) if folder else {}
        return self._examples[key]

    def all_examples(self) -> Mapping[str, Example]:
        """The examples of the newest version of every questionnaire; those of the check for anyone come first."""
        found = dict(self.examples())
        for key in _newest_of_each(self._versions):
            found.update((name, example) for name, example in self.examples_of(*key).items() if name not in found)
        return found

    def example_flaws(self) -> Iterator[Flaw]:
        """Where an example of the newest version of a questionnaire leads elsewhere than it says."""
        for name, version in _newest_of_each(self._versions):
            held, folder = self._versions[name, version], self._folders.get((name, version))
            if folder is not None:
                catalogue = _with_steps(self._catalogue, self._versions.values())
                try:
                    yield from expectation_flaws(folder, held.questionnaire, held.actions, catalogue)
                except InvalidContent as invalid:
                    yield from invalid.flaws

    def summary(self) -> str:
        """What the library holds, in one line for the command line."""
        questions = sum(len(read.questionnaire.questions) for read in self._versions.values())
        held, count = self._catalogue, len(self._versions)
        return (
            f"{count} questionnaire {'version' if count == 1 else 'versions'} with {questions} questions, "
            f"{len(held.measures)} measures, {len(held.schemes)} funding schemes, {len(held.blocks)} building blocks"
        )

    def catalogue(self, language: str) -> Catalogue:
        """The catalogue with every questionnaire's own steps, in a language or else the one it was written in."""
        if language not in self._catalogues:
            overlay = self._catalogue_overlays.get(language)
            spoken = in_language(self._catalogue, overlay) if overlay else self._catalogue
            self._catalogues[language] = _with_steps(
                spoken, (self.edition(name, version, language) for name, version in self._versions)
            )
        return self._catalogues[language]


def load_library(folders: Sequence[Path], catalogue_folder: Path, kept_in: Path | None) -> Library:
    """Read all questionnaires of the folders and the catalogue.

    Raises InvalidContent with the flaws of all files at once, and with every published version that was changed.
    """
    library, flaws = _loaded(folders, catalogue_folder, kept_in)
    if library is None or flaws:
        raise InvalidContent(flaws)
    return library


def checked_library(folders: Sequence[Path], catalogue_folder: Path) -> Library:
    """The library, read afresh, with the examples checked as well.

    Raises InvalidContent with the flaws of all files at once.
    """
    library, flaws = _loaded(folders, catalogue_folder, None)
    if library is not None:
        flaws.extend(library.example_flaws())
    if library is None or flaws:
        raise InvalidContent(flaws)
    return library


def _loaded(folders: Sequence[Path], catalogue_folder: Path, kept_in: Path | None) -> tuple[Library | None, list[Flaw]]:
    """The library, or none where its files cannot be read, and everything that is wrong with it."""
    flaws: list[Flaw] = []
    # Each version's digest covers the catalogue too, so its files are read once for all of them.
    shared = _digest(sorted(catalogue_folder.rglob("*.yaml")))
    catalogue = None
    try:
        catalogue = _catalogue(catalogue_folder, shared, kept_in)
    except InvalidContent as invalid:
        flaws.extend(invalid.flaws)
    versions: dict[tuple[str, str], Read] = {}
    places: dict[tuple[str, str], Path] = {}
    overlays: dict[tuple[str, str, str], Overlay] = {}
    for folder in (version for root in folders for version in versions_in(root)):
        try:
            read = _read(folder, catalogue, shared, kept_in)
            name, version = key = (read.questionnaire.name, read.questionnaire.version)
            if key in versions:
                message = f"This version is read from {places[key]} already."
                raise InvalidContent([Flaw(str(folder / "questionnaire.yaml"), 1, "version", message, "Rename one.")])
            versions[key], places[key] = read, folder
            for path in sorted(folder.glob("texts.*.yaml")):
                overlays[name, version, path.suffixes[-2].strip(".")] = overlay_from(path, addresses(read))
        except InvalidContent as invalid:
            flaws.extend(invalid.flaws)
    if catalogue is not None and not flaws:
        flaws = _forgotten(versions, places, catalogue) if versions else [_nothing_there(folders)]
        flaws += [*_step_clashes(versions, places), *(_entrance_flaws(versions, folders) if versions else ())]
        flaws += _of_members(versions, places)
    frozen = list(frozen_flaws(folders))
    if flaws or catalogue is None:
        return None, [*flaws, *frozen]
    files = [path for folder in places.values() for path in sorted(folder.rglob("*.yaml"))]
    return Library(versions, catalogue, overlays, folders=places, digest=_digest(files, shared)), frozen


def _with_steps(catalogue: Catalogue, held: Iterable[Read | Edition]) -> Catalogue:
    """The catalogue with the steps of questionnaires' own; of several versions of a step the newest counts."""
    steps = {step.id: step.as_measure() for each in held for step in each.actions.steps}
    return catalogue.model_copy(update={"measures": {**catalogue.measures, **steps}}) if steps else catalogue


def _step_clashes(versions: Mapping[tuple[str, str], Read], places: Mapping[tuple[str, str], Path]) -> Iterator[Flaw]:
    """Steps that two questionnaires call alike: a plan names them by their ids alone."""
    owners: dict[str, str] = {}
    for (name, version), read in versions.items():
        for step in read.actions.steps:
            if owners.setdefault(step.id, name) != name:
                message = f"The questionnaire {owners[step.id]} has a step called {step.id} too."
                path = places[name, version] / "actions.yaml"
                yield Flaw(str(path), 1, "steps", message, "Give one of them an id of its own.")


def _of_members(versions: Mapping[tuple[str, str], Read], places: Mapping[tuple[str, str], Path]) -> Iterator[Flaw]:
    """Practices of members that a check is to be shown beside, and that nobody is asked after."""
    for key, read in versions.items():
        match read.questionnaire.results:
            case Pairs(members=Practices() as members) as pairs:
                answered = [held.questionnaire for (name, _), held in versions.items() if name == members.questionnaire]
                yield from members_flaws(read_yaml(places[key] / "questionnaire.yaml"), pairs, answered)


def _entrance_flaws(versions: Mapping[tuple[str, str], Read], folders: Sequence[Path]) -> Iterator[Flaw]:
    """Where nothing can be started from the front page."""
    if all(read.questionnaire.audience != "anyone" for read in versions.values()):
        message = "No questionnaire is for anyone, so the front page has nothing to start."
        cure = "Leave `audience` out of one of them."
        yield Flaw(", ".join(map(str, folders)), 1, "audience", message, cure)


def _newest_of_each(versions: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return list({name: (name, version) for name, version in versions}.values())


def _unadvised(versions: Mapping[tuple[str, str], Read], catalogue: Catalogue) -> list[str]:
    """Measures that no questionnaire ever advises, by the newest version of each."""
    named: set[str] = set()
    for key in _newest_of_each(versions):
        advice = versions[key].actions
        for measures in (entry.measures for entries in (advice.questions, advice.by_profile) for entry in entries):
            named.update(measures)
    return [measure for measure in catalogue.measures if measure not in named]


def _forgotten(
    versions: Mapping[tuple[str, str], Read], places: Mapping[tuple[str, str], Path], catalogue: Catalogue
) -> list[Flaw]:
    """Measures that a draft for anyone should name; what is published may not change, so nothing is asked there.

    A check for clusters or of offers has steps of its own and need not name what a company does on its site.
    """
    newest = [key for key in _newest_of_each(versions) if versions[key].questionnaire.audience == "anyone"]
    draft = next((places[key] for key in newest if not is_published(places[key])), None)
    missing = _unadvised(versions, catalogue)
    if draft is None or not missing:
        return []
    document = read_yaml(draft / "actions.yaml")
    cure = "Name it under a question or under `by_profile`."
    return [
        flaw_in(document, ("questions",), f"Nobody is ever advised the measure {measure}.", cure) for measure in missing
    ]


def _nothing_there(folders: Sequence[Path]) -> Flaw:
    named = ", ".join(map(str, folders)) or "no folder"
    message = "There is no questionnaire here."
    return Flaw(named, 1, "(whole folder)", message, "Add <name>/<version>/questionnaire.yaml.")


def _catalogue(folder: Path, shared: str, kept_in: Path | None) -> Catalogue:
    place = _place(kept_in, Catalogue, shared)
    kept = _kept(place, Catalogue)
    if kept is None:
        kept = load_catalogue(folder)
        _keep(place, kept)
    return kept


def _read(folder: Path, catalogue: Catalogue | None, shared: str, kept_in: Path | None) -> Read:
    # The advice was checked against the catalogue, so what is kept ends with either.
    files = sorted(path for path in folder.rglob("*.yaml") if not path.name.startswith("texts."))
    place = _place(kept_in, Read, _digest(files, shared)) if kept_in is not None else None
    kept = _kept(place, Read)
    if kept is not None:
        return kept
    version = read_version(folder)
    check_version(version, catalogue)
    read = Read(questionnaire=version.questionnaire, actions=version.actions)
    if catalogue is not None:
        _keep(place, read)
    return read


def _kept(place: Path | None, model: type[M]) -> M | None:
    if place is None:
        return None
    # What is not there, or was damaged, is read from the files again.
    with suppress(OSError, ValueError):
        return model.model_validate_json(place.read_bytes())
    return None


def _keep(place: Path | None, content: Model) -> None:
    if place is not None:
        keep(place, content.model_dump_json(by_alias=True, exclude_unset=True).encode())


def _place(kept_in: Path | None, model: type[Model], files: str) -> Path | None:
    """Where what was read is kept: under the digest of its files and of the code that reads them."""
    if kept_in is None:
        return None
    digest = hashlib.sha256(":".join((__version__, model.__name__, _code(), files)).encode()).hexdigest()
    return kept_in / f"{model.__name__.lower()}-{digest}.json"


def _digest(files: Iterable[Path], *parts: str) -> str:
    digest = hashlib.sha256(":".join((__version__, *parts)).encode())
    for path in files:
        content = path.read_bytes()
        digest.update(f"{path.parent.parent.name}/{path.parent.name}/{path.name}:{len(content)}:".encode() + content)
    return digest.hexdigest()


@cache
def _code() -> str:
    """A digest of the modules that read content: kept results end with the code that made them."""
    package = Path(__file__).resolve().parent.parent
    modules = sorted([*package.joinpath("core").rglob("*.py"), *package.joinpath("content").rglob("*.py")])
    return hashlib.sha256(b"".join(path.read_bytes() for path in modules)).hexdigest()
