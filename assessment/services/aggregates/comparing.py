"""How companies compare: figures of all companies here that agreed to it, released like those of a cluster.

Upkeep makes them when it is time (`refresh`), by the same rules and against the same ledgers as every cluster's; a
result is shown beside the newest of them (`beside`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from assessment.content.library import Edition
from assessment.core.aggregates.disclosure import may_release
from assessment.core.aggregates.readiness import OVERALL, release
from assessment.core.aggregates.snapshots import WITHHELD, Figure, Ledger, Menu, Rules, Snapshot
from assessment.services.aggregates import counting
from assessment.services.instance import Instance
from assessment.storage.aggregates import contributions, releases

POPULATION: Final = "everybody"


@dataclass(frozen=True, slots=True)
class Usual:
    """What half of the companies score, the middle of all, and the mean of the own sector; WITHHELD where not told."""

    low: Figure
    high: Figure
    middle: Figure
    sector: Figure


@dataclass(frozen=True, slots=True)
class Beside:
    """Released figures of all companies: when, about how many, and the usual scores overall and by section."""

    taken_at: datetime
    companies: Figure
    overall: Usual
    sections: Mapping[str, Usual]

    @property
    def of_sector(self) -> bool:
        """Whether a mean of the own sector is told anywhere."""
        return any(usual.sector is not WITHHELD for usual in self.sections.values())


def refresh(instance: Instance) -> None:
    """Release new figures for each questionnaire that shows scores by section, where it is time for them."""
    for name, version in instance.library.newest_of_each():
        edition = instance.library.edition(name, version, "en")
        if is_compared(edition):
            _release(instance, edition)


def is_compared(edition: Edition) -> bool:
    """Whether results of a questionnaire are compared: one that shows its results in another way is not."""
    return edition.questionnaire.results is None


def _release(instance: Instance, edition: Edition) -> None:
    questionnaire = edition.questionnaire
    with instance.database.reading() as connection:
        seen = releases.how_many(connection)
        agreed = contributions.companies_compared(connection)
        counted = counting.given(instance, connection, questionnaire.name, agreed)
        last = releases.newest_ledger(connection, None, questionnaire.name)
        earlier = [Ledger.model_validate_json(last)] if last is not None else []
        # Asked every night: all that was ever released is read only where there is something to release.
        if may_release(POPULATION, counted, earlier, instance.now(), Rules()).code != "yes":
            return
        standings = counting.standings_compared(instance, connection, agreed, counted)
        around = counting.around(instance, connection, questionnaire.name, [*counted, *standings])
    menu = Menu(
        population=POPULATION, sections=tuple(section.id for section in questionnaire.scored_sections),
        sectors=tuple(sector.id for sector in questionnaire.sectors),
    )  # fmt: skip
    made = release(
        menu, counted, around.earlier, at=instance.now(), standings=standings, background=around.background,
        standings_before=around.standings_before, same=around.same, known=around.known, methods=instance.methods,
    )  # fmt: skip
    with instance.database.writing() as connection:
        releases.hold(connection)
        # Another release came between: the next upkeep tries again, with that one in the audit.
        if releases.how_many(connection) == seen:
            releases.add(
                connection, None, questionnaire.name, made.snapshot.taken_at, None, made.snapshot.model_dump_json(),
                made.ledger.model_dump_json(), everybody=True,
            )  # fmt: skip


def beside(instance: Instance, edition: Edition, sector: str) -> Beside | None:
    """The newest figures to compare a result with, and one sector's; None where there are none yet."""
    with instance.database.reading() as connection:
        found = releases.newest(connection, None, edition.questionnaire.name)
    if found is None:
        return None
    snapshot = Snapshot.model_validate_json(found.shown)
    names = [section.id for section in edition.questionnaire.scored_sections]
    return Beside(
        found.taken_at, snapshot.companies, _usual(snapshot, OVERALL, sector),
        {name: _usual(snapshot, name, sector) for name in names},
    )  # fmt: skip


def _usual(snapshot: Snapshot, section: str, sector: str) -> Usual:
    table = snapshot.table("sections")
    return Usual(
        table.figure(section, "low"), table.figure(section, "high"), table.figure(section, "median"),
        snapshot.table("sectors").figure(sector, section),
    )  # fmt: skip
