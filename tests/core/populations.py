"""Random clusters for the tests of disclosure control: skewed, changing, and with others that overlap."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from assessment.core.aggregates.contributions import Amount, Contribution, Standing
from assessment.core.aggregates.methods import PLAIN, Methods
from assessment.core.aggregates.readiness import release
from assessment.core.aggregates.snapshots import Ledger, Menu, Quantity, Release, Rules

START = datetime(2026, 1, 5, tzinfo=UTC)
QUARTER = timedelta(days=90)
SIZES = ("micro", "small", "medium", "large")


@dataclass
class World:
    """Companies, and how they answer: a few large sectors, many small ones, some of them all but at zero."""

    random: Random
    sectors: int
    regions: int
    sections: int
    practices: int = 0
    amounts: int = 1
    level: dict[tuple[str, str], float] = field(default_factory=dict)
    made: int = 0

    def menu(self, population: str) -> Menu:
        return Menu(
            population=population,
            stages=("joined", "started", "finished", "planned"),
            sections=tuple(f"s{at}" for at in range(self.sections)),
            practices=tuple(f"p{at}" for at in range(self.practices)),
            amounts=tuple(Quantity(id=name, unit="EUR a year") for name in self._quantities),
            sectors=tuple(f"sector{at}" for at in range(self.sectors)),
            sizes=SIZES,
            regions=tuple(f"region{at}" for at in range(self.regions)),
        )

    @property
    def _quantities(self) -> list[str]:
        return ["saving", *(f"saving{at}" for at in range(1, self.amounts))]

    def company(self) -> Contribution:
        self.made += 1
        draw = self.random
        sector = f"sector{self._skewed(self.sectors)}"
        given = Contribution(
            contributor=f"c{self.made}",
            version=f"c{self.made} v0",
            finished_at=START,
            sector=sector,
            size=SIZES[self._skewed(len(SIZES))],
            region=f"region{self._skewed(self.regions)}",
        )
        return self.answered(given, draw.random() < 0.9)

    def answered(self, given: Contribution, careful: bool = True) -> Contribution:
        """The same company with a new result."""
        draw = self.random
        sections = {
            f"s{at}": self._points(given.sector, f"s{at}")
            for at in range(self.sections)
            if careful or draw.random() < 0.7
        }
        practices = {f"p{at}": draw.random() < (at + 1) / (self.practices + 1) for at in range(self.practices)}
        practices = {name: missing for name, missing in practices.items() if self._answers(given.version, name)}
        amounts = {
            name: Amount(value=round(draw.lognormvariate(8, 1.6), 2), estimate=draw.random() < 0.2)
            for name in self._quantities
        }
        version = f"{given.contributor} v{int(given.version.rpartition('v')[2]) + 1}"
        overall = round(sum(sections.values()) / len(sections)) if sections else None
        return given.model_copy(
            update={
                "version": version,
                "sections": sections,
                "practices": practices,
                "overall": overall,
                "amounts": amounts,
            }
        )

    @staticmethod
    def _answers(version: str, practice: str) -> bool:
        """Whether a company answered: drawn apart, so that all else stays as it is."""
        return Random(f"{version} {practice}").random() < 0.85  # noqa: S311 - figures for tests

    def _skewed(self, many: int) -> int:
        return min(int(self.random.random() ** 2.2 * many), many - 1)

    def _points(self, sector: str, section: str) -> int:
        draw = self.random
        centre = self.level.setdefault((sector, section), draw.choice((0.01, 0.15, 0.35, 0.5, 0.65, 0.97)))
        return round(100 * draw.betavariate(6 * centre + 0.05, 6 * (1 - centre) + 0.05))

    def later(self, members: Sequence[Contribution], share: float) -> list[Contribution]:
        """Some leave, some answer anew, some join."""
        draw = self.random
        stayed = [given for given in members if draw.random() > share / 2]
        answered = [self.answered(given) if draw.random() < share else given for given in stayed]
        return answered + [self.company() for _ in range(max(1, int(len(members) * share)))]


@dataclass(frozen=True)
class Published:
    """A snapshot with whom it was made of, as somebody knows who knows everybody's sector, size and region."""

    release: Release
    members: Sequence[Contribution]
    menu: Menu
    standings: Sequence[Standing] = ()


def waiting_beside(given: Contribution) -> str | None:
    """Beside every third company that is counted stands one that is not, in the same clusters and categories."""
    name = given.contributor.removeprefix("c")
    return f"w{name}" if int(name) % 3 == 0 else None


def standings_of(members: Sequence[Contribution], at: datetime) -> list[Standing]:
    """How far the members of a cluster are, counted or not. Nobody goes back."""
    quarters, standings = (at - START) // QUARTER, []
    for given in members:
        for name, counted in ((given.contributor, True), (waiting_beside(given), False)):
            if name is not None:
                draw = Random(name)  # noqa: S311 - figures for tests
                least, most = (3, 4) if counted else (1, draw.choice((2, 4)))
                reached = min(least + (quarters + draw.randint(0, 3)) // 3, most)
                standings.append(
                    Standing(
                        contributor=name,
                        version=f"{name} {reached}",
                        counted_version=f"{name} {counted}",
                        reached=reached,
                        counted=counted,
                        sector=given.sector,
                        size=given.size,
                        region=given.region,
                    )
                )
    return standings


@dataclass
class History:
    """What an instance has released, and all results that were ever counted."""

    rules: Rules
    published: list[Published] = field(default_factory=list)
    methods: Methods = PLAIN

    @property
    def ledgers(self) -> list[Ledger]:
        return [one.release.ledger for one in self.published]

    def add(self, menu: Menu, members: Sequence[Contribution], at: datetime) -> Release:
        own = [one for one in self.published if one.menu.population == menu.population]
        background = {(given.contributor, given.version): given for one in self.published for given in one.members}
        standings = standings_of(members, at)
        made = release(
            menu,
            members,
            self.ledgers,
            at=at,
            rules=self.rules,
            standings=standings,
            standings_before=[standing for one in self.published for standing in one.standings],
            previous=own[-1].release.snapshot if own else None,
            background=list(background.values()),
            methods=self.methods,
        )
        self.published.append(Published(made, members, menu, standings))
        return made


def world_of(
    seed: int, *, sectors: int, regions: int, sections: int, practices: int = 0, amounts: int = 1
) -> World:  # fmt: skip
    """A world that is the same on every run."""
    return World(Random(seed), sectors, regions, sections, practices, amounts)  # noqa: S311 - figures for tests
