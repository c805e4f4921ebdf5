"""A cluster's pages at 10,000 and at 1,000,000 assessments on both engines, and what a submission pays for the sums.

On PostgreSQL the CPU is that of the product and of the server's process that works for it, together.
"""

import json
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

from sqlalchemy import Connection, create_engine, select, text
from sqlalchemy.orm import DeclarativeBase, Session

from assessment.core.aggregates.contributions import Contribution, Standing
from assessment.core.aggregates.readiness import release
from assessment.services.aggregates import contributing, readiness
from assessment.services.checks import answering, results
from assessment.services.clusters import clusters
from assessment.services.people import companies, sessions
from assessment.storage.aggregates import releases
from assessment.storage.checks import assessments
from assessment.storage.clusters import cluster_members
from assessment.storage.clusters import clusters as stored_clusters
from assessment.storage.clusters.cluster_tables import contributions as contributions_table
from assessment.storage.clusters.clusters import Cluster
from assessment.storage.people import people
from assessment.web.browser import hash_of, new_id
from tests.bench.measuring import Line, by_cpu, paired, shown, with_processes
from tests.bench.site import COOKIE, Site, browsed, called, counted, environ_of, settings_in
from tests.storage.conftest import fresh_postgres, throw_away_server

FEW, MANY, LOADED = 10_000, 1_000_000, 100_000
GROWTH, TIMES_LESS, ADDED = 1.5, 500, 1.10
ROUNDS, TIMES, LOADS = 21, 5, 5
SHOWN: Final = 60
"""The companies of the snapshot that the pages show: what it holds is bounded by its tables, not by these."""
_FIGURES: Final = json.dumps({
    "sector": "food", "size": "small", "region": "", "overall": 47, "sections": dict.fromkeys("abcdefghijk", 47),
    "practices": {f"q-{number}": number % 2 for number in range(60)},
})  # fmt: skip


def lines() -> Iterator[Line]:
    """The dashboard on both engines, against loading the rows, and a submission with and without the sums."""
    with tempfile.TemporaryDirectory() as folder, throw_away_server() as address:
        for engine in ("SQLite", "PostgreSQL"):
            with _offices(Path(folder) / engine, address if engine == "PostgreSQL" else "") as (few, loaded, many):
                yield from _growth(engine, few, many)
                yield _against_loading(engine, loaded)
                if engine == "SQLite":
                    yield _submission(few)


@contextmanager
def _offices(folder: Path, server: str) -> Iterator[tuple["Office", "Office", "Office"]]:
    with ExitStack() as stack:
        found = []
        for size in (FEW, LOADED, MANY):
            (folder / str(size)).mkdir(parents=True)
            environment = settings_in(folder / str(size))
            if server:
                environment["DATABASE_URL"] = stack.enter_context(fresh_postgres(server))
            office = Office(Site(environment), size)
            stack.callback(office.site.instance.database.close)
            found.append(office)
        few, loaded, many = found
        yield few, loaded, many


def _growth(engine: str, few: "Office", many: "Office") -> Iterator[Line]:
    for name, page in (("readiness", "/readiness"), ("overview", "")):
        small, large = few.environ(page), many.environ(page)
        pair = paired(
            lambda: browsed(many.site.app, large),  # noqa: B023 - called before the next turn
            lambda: browsed(few.site.app, small),  # noqa: B023
            rounds=ROUNDS, times=TIMES, clock=many.clock, reference_clock=few.clock,
        )  # fmt: skip
        yield by_cpu(f"{engine}: GET {name} at {MANY:,} assessments / at {FEW:,}, CPU", pair, GROWTH)
        if engine == "SQLite":
            asked = [office.statements(page) for office in (many, few)]
            yield Line(
                f"{engine}: statements of {name} at {MANY:,} / at {FEW:,}", str(asked[0]), str(asked[1]),
                asked[0] / asked[1], 1.0,
            )  # fmt: skip


class _Base(DeclarativeBase):
    """What the mapper needs."""


class _Mapped(_Base):
    __table__ = contributions_table.to_metadata(_Base.metadata)


def _against_loading(engine: str, office: "Office") -> Line:
    """Loading all rows through the mapper and reading their figures, against the page that shows what they come to."""
    database = create_engine(office.site.instance.settings.database_url, pool_size=1)

    def load() -> None:
        with Session(database) as session:
            for row in session.scalars(select(_Mapped)):
                json.loads(vars(row)["figures"])

    with database.connect() as connection:
        clock = with_processes(_backends(connection))
    environ = office.environ("/readiness")
    # By turns, because what else runs on the machine makes a cheap page dearer than a long load.
    pair = paired(
        lambda: browsed(office.site.app, environ), load, rounds=LOADS, times=100, reference_times=1,
        clock=office.clock, reference_clock=clock,
    )  # fmt: skip
    database.dispose()
    goal = f"{engine}: GET readiness: loading {LOADED:,} rows by the mapper / the page, CPU, at least {TIMES_LESS}"
    return Line(goal, shown(pair.measured), shown(pair.reference), TIMES_LESS * pair.ratio, 1.0)


def _backends(connection: Connection, of_database: bool = False) -> tuple[int, ...]:
    """The processes in which a server works for one connection, or for all of its database; none for SQLite."""
    if connection.dialect.name == "sqlite":
        return ()
    of_all = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'"
    found = connection.execute(text(of_all if of_database else "SELECT pg_backend_pid()"))
    return tuple(int(pid) for pid in found.scalars())


def _submission(few: "Office") -> Line:
    """Submitting a whole check of a member, with what it gives kept and without."""
    instance = few.site.instance
    opened = few.member_check()

    def submit() -> None:
        results.submit(instance, opened, "en", printed=False)

    def submit_without() -> None:
        with patch.object(contributing, "figures_of"), patch.object(contributing, "keep"):
            results.submit(instance, opened, "en", printed=False)

    pair = paired(submit, submit_without, rounds=ROUNDS, times=TIMES)
    return by_cpu("submitting a check: CPU with the sums kept / without", pair, ADDED)


@dataclass
class Office:
    """A manager who is signed in, and a cluster of so many members with a result each."""

    site: Site
    size: int

    def __post_init__(self) -> None:
        self.session = new_id(signed_in=True)
        instance, now = self.site.instance, self.site.instance.now()
        with instance.database.writing() as connection:
            self.manager = people.add_person(
                connection, "manager@bench.test", now, uniquifier="manager", staff_role="manager"
            ).id  # fmt: skip
            sessions.begin(instance, connection, "", hash_of(self.session), self.manager, factors=2, complete=True)
        self.cluster_id = clusters.make(instance, self.manager, "Cluster", "en")
        with instance.database.writing() as connection:
            _fill(connection, self.cluster_id, self.size)
            cluster_members.keep_sums(
                connection, self.cluster_id, cluster_members.count_anew(connection, self.cluster_id)
            )
            found = stored_clusters.find(connection, id=self.cluster_id)
            assert found is not None
            _show(self.site, connection, found)
        self.cookie = f"{COOKIE}={self.session}"
        for page in ("", "/readiness"):
            assert called(self.site.app, self.environ(page))[0] == "200 OK"
        with instance.database.reading() as connection:
            # By now the product has its connections open, and keeps them.
            self.clock = with_processes(_backends(connection, of_database=True))

    def path(self, page: str) -> str:
        """The address of a page of the cluster."""
        return f"/clusters/{self.cluster_id}{page}"

    def environ(self, page: str) -> dict[str, Any]:
        """What a server hands over for it."""
        return environ_of(self.path(page), self.cookie)

    def statements(self, page: str) -> int:
        """How many statements a page takes."""
        with counted(self.site) as found:
            browsed(self.site.app, self.environ(page))
        return len(found)

    def member_check(self) -> answering.OpenDraft:
        """The site's whole check as one of a member of the cluster."""
        instance, now = self.site.instance, self.site.instance.now()
        company_id = companies.add_company(instance, self.manager, "Member")
        with instance.database.writing() as connection:
            connection.execute(
                text("UPDATE assessments SET company_id = :company WHERE id = :id"),
                {"company": company_id, "id": self.site.opened.draft.id},
            )
            cluster_members.join(connection, self.cluster_id, company_id, "Member", "code", 1, now, ("counted",))
            draft = assessments.draft_of(connection, self.site.opened.draft.id)
        assert draft is not None
        return answering.with_route(instance, draft, "en")


def _fill(connection: Connection, cluster_id: str, size: int) -> None:
    """Companies, checks, memberships and contributions, as many of each, by the database itself."""
    if connection.dialect.name == "sqlite":
        numbers = "(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :size) SELECT i FROM n)"
        key = "printf('%032x', i)"
    else:
        # A million rows may take longer than a page may.
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        numbers, key = "(SELECT generate_series(1, :size) AS i)", "lpad(to_hex(i), 32, '0')"
    at = "'2026-01-01T00:00:00.000000+00:00'"
    rows = {
        "companies (id, name, restricted, created_at, compared)": f"{key}, 'Firm', false, {at}, false",
        "assessments (id, questionnaire, version, depth, language, company_name, answers, counter, created_at,"
        " changed_at, visited_at, company_id)":
            f"{key}, 'resource-efficiency', '1', 'full', 'en', '', '{{}}', 0, {at}, {at}, {at}, {key}",
        "cluster_members (id, cluster_id, company_id, name, role, nace, category, step, region, size, state, origin,"
        " counted, progress, named, on_map, stage, joined_at, services)":
            f"{key}, :cluster, {key}, 'Firm', 'firm', '', '', '', '', '', 'active', 'code', true, false, false, false,"
            f" 2, {at}, '[]'",
        "contributions (company_id, questionnaire, assessment_id, result_id, taken_at, figures)":
            f"{key}, 'resource-efficiency', {key}, {key}, {at}, :figures",
    }  # fmt: skip
    values = {"size": size, "cluster": cluster_id, "figures": _FIGURES}
    for table, chosen in rows.items():
        statement = text(f"INSERT INTO {table} SELECT {chosen} FROM {numbers} AS numbers")
        connection.execute(statement, {name: values[name] for name in values if f":{name}" in str(statement)})


def _show(site: Site, connection: Connection, cluster: Cluster) -> None:
    """A snapshot as it is shown; what it holds is bounded by its tables."""
    menu, now = readiness.menu_of(site.instance, cluster), site.instance.now()
    given = [
        Contribution(
            contributor=f"c{number}", version=f"v{number}", finished_at=now, sector=menu.sectors[number % 3],
            size="small", overall=number, sections=dict.fromkeys(menu.sections, number * 7 % 101),
            practices=dict.fromkeys(menu.practices, number % 2 == 0),
        )
        for number in range(SHOWN)
    ]  # fmt: skip
    standings = [
        Standing(
            contributor=one.contributor, version=f"{one.version} reached", counted_version=f"{one.version} counted",
            reached=1 + number % len(menu.stages), counted=True,
        )
        for number, one in enumerate(given)
    ]  # fmt: skip
    made = release(menu, given, at=now, standings=standings)
    releases.add(
        connection, cluster.id, cluster.questionnaire, now, None, made.snapshot.model_dump_json(),
        made.ledger.model_dump_json(),
    )  # fmt: skip
