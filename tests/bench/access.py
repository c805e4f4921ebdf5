"""Who may do what: what the check of access adds to a question page, and what looking a session up takes."""

import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from unittest.mock import patch

from sqlalchemy import bindparam, select

from assessment.core.access import Standing
from assessment.services import asking
from assessment.services.people import sessions
from assessment.storage.checks import assessments
from assessment.storage.checks.drafts import Draft
from assessment.storage.database import Database
from assessment.storage.people import companies, presence
from assessment.storage.written import Written
from tests.bench.measuring import Line, by_cpu, paired
from tests.bench.mentoring import Office
from tests.bench.site import COOKIE, Site, browsed, called, counted, environ_of, settings_in

ADDED = 1.05
"""How much of the page without the check a page with it may cost."""
ROUNDS, TIMES = 41, 20
_SECTION, _PAGE = "man", "man-01"


def lines() -> Iterator[Line]:
    """The question page with and without the check, and the one read that says who is signed in."""
    with tempfile.TemporaryDirectory() as folder:
        site = Site(settings_in(Path(folder)))
        office = Office(site)
        yield _added(site, "a browser without an account", f"{COOKIE}={site.session}")
        with site.instance.database.writing() as connection:
            now = site.instance.now()
            made = companies.add_company(connection, "Company", office.owner, now)
            companies.claim(connection, site.opened.draft.id, made.id, now)
            sessions.begin(
                site.instance, connection, "", office.owner_hash, office.owner, factors=1, complete=True
            )  # fmt: skip
        yield _added(site, "an owner who is signed in", f"{COOKIE}={office.owner_session}")
        yield from _looking_up(site, office)
        site.instance.database.close()


def _added(site: Site, who: str, cookie: str) -> Line:
    """Both sides read presence and draft; the reference reads no standing and decides nothing."""
    environ = environ_of(site.address(_SECTION, _PAGE), cookie)
    status, *_ = called(site.app, environ)
    assert status == "200 OK", status
    standing = _standing(site, environ)
    plain = Written(select(*assessments._DRAFT.selected_columns).where(assessments._A.id == bindparam("id")))

    def opened(database: Database, _hash: str, _person: str, draft_id: str, _now: datetime) -> tuple[Draft, Standing]:
        draft = assessments._draft(database.first(plain, id=draft_id))
        assert draft is not None
        return draft, standing

    read, decide = vars(assessments), vars(asking)
    real = read["open_draft"], decide["decide"]

    def with_check() -> None:
        read["open_draft"], decide["decide"] = real
        browsed(site.app, environ)

    def without() -> None:
        read["open_draft"], decide["decide"] = opened, lambda *_: "yes"
        browsed(site.app, environ)

    pair = paired(with_check, without, rounds=ROUNDS, times=TIMES)
    read["open_draft"], decide["decide"] = real
    return by_cpu(f"GET question page, {who}: CPU with / without the check of access", pair, ADDED)


def _standing(site: Site, environ: dict[str, object]) -> Standing:
    """How whoever asks stands to the draft, as the page finds it."""
    with patch.object(asking, "decide", wraps=asking.__dict__["decide"]) as decide:
        called(site.app, environ)
    standing: Standing = decide.call_args_list[0].args[1]
    return standing


def _looking_up(site: Site, office: Office) -> Iterator[Line]:
    """A page that asks the database for nothing but who is here."""
    environ = environ_of("/privacy", f"{COOKIE}={office.session}")
    called(site.app, environ)
    with counted(site) as statements:
        called(site.app, environ)
    yield Line("statements that look a session up", str(len(statements)), "1", len(statements), 1)
    database = site.instance.database
    words = presence._HERE.on(database.engine.dialect).text
    with database.reading() as connection:
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {words}", ("",) * words.count("?"))
        steps = [str(row[-1]) for row in rows]
    scans = [step for step in steps if not (step.startswith("SEARCH") and "USING" in step and "INDEX" in step)]
    yield Line("  tables that it reads without their index", str(len(scans)), f"of {len(steps)}", len(scans), 0)
