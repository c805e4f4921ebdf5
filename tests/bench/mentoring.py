"""A mentor's pages: the list of 200 clients and the review of a whole check, each against a bare view.

Each is measured as it is looked at again, from the page that is kept, and as it is made anew after a change.
"""

import secrets
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, insert, select

from assessment.services.people import sessions
from assessment.storage.checks import results
from assessment.storage.mentors import grants
from assessment.storage.mentors.grants import Recorded
from assessment.storage.mentors.review_tables import reviews
from assessment.storage.mentors.reviews import add_mark, set_visit
from assessment.storage.people import companies, people
from assessment.storage.plans import plan_items
from assessment.storage.plans.plan_items import PlanFields
from assessment.storage.tables import assessments
from assessment.web.browser import hash_of, new_id
from tests.bench.measuring import Line, by_cpu, paired
from tests.bench.site import COOKIE, Site, bare_view, browsed, called, counted, environ_of, settings_in

RATIO = 10
CLIENTS, PLANNED = 200, 7
ROUNDS, TIMES = 15, 5


def lines() -> Iterator[Line]:
    """The two pages by CPU, and by how many statements they take."""
    with tempfile.TemporaryDirectory() as folder:
        site = Site(settings_in(Path(folder)))
        office = Office(site)
        office.let_in(1)
        few = office.statements("/mentor")
        office.let_in(CLIENTS - 1)
        yield _as_many("statements of a list of 200 clients, and of one", office.statements("/mentor"), few)
        yield from _page(office, f"GET list of {CLIENTS} clients", "/mentor")
        check = f"/assessments/{site.opened.draft.id}/review"
        yield _as_many("statements of the review page", office.statements(check), office.statements(check))
        yield from _page(office, f"GET review of {len(site.opened.answers)} answers", check)
        site.instance.database.close()


def _page(office: "Office", name: str, path: str) -> Iterator[Line]:
    environ = environ_of(path, f"{COOKIE}={office.session}")
    status, body, headers = called(office.site.app, environ)
    assert status == "200 OK", status
    bare, pages = bare_view(status, body, headers), office.site.instance.pages

    def again() -> object:
        return browsed(office.site.app, environ)

    def first() -> object:
        for about in (office.mentor, office.site.opened.draft.id):
            pages.forget(about)
        return again()

    for view, words, limit in ((again, "", RATIO), (first, ", the first time after a change", None)):
        pair = paired(
            view, lambda: browsed(bare, environ), rounds=ROUNDS, times=TIMES, reference_times=20 * TIMES
        )  # fmt: skip
        yield by_cpu(f"{name}, {len(body):,} bytes{words}: CPU / bare view", pair, limit)


def _as_many(goal: str, measured: int, reference: int) -> Line:
    return Line(goal, str(measured), str(reference), measured / reference, 1.0)


@dataclass
class Office:
    """A mentor who is signed in, and companies that let them in."""

    site: Site

    def __post_init__(self) -> None:
        self.session, self.owner_session = new_id(signed_in=True), new_id(signed_in=True)
        self.owner_hash = hash_of(self.owner_session)
        now = self.site.instance.now()
        with self.site.instance.database.writing() as connection:
            self.owner, self.mentor = (
                people.add_person(
                    connection, f"{name}@bench.test", now, uniquifier=secrets.token_hex(32), name=name, staff_role=role
                ).id
                for name, role in (("owner", ""), ("mentor", "mentor"))
            )
            sessions.begin(
                self.site.instance, connection, "", hash_of(self.session), self.mentor, factors=2, complete=True,
                device="Firefox on Linux",
            )  # fmt: skip
        self._claimed = False

    def let_in(self, count: int) -> None:
        """More companies, each with a check under review and a plan; the first has the site's own."""
        now = self.site.instance.now()
        with self.site.instance.database.writing() as connection:
            for number in range(count):
                made = companies.add_company(connection, f"Company {number} of {count}", self.owner, now)
                grants.begin(connection, made.id, self.mentor, Recorded("digest", "en", "bench", self.owner), now)
                draft_id = self.site.opened.draft.id
                if not self._claimed:
                    companies.claim(connection, draft_id, made.id, now)
                    self._claimed = True
                    continue
                row = dict(connection.execute(select(assessments).where(assessments.c.id == draft_id)).mappings().one())
                row |= {"id": f"{count:016x}{number:016x}", "company_id": made.id}
                connection.execute(insert(assessments), row)
                results.add_result(
                    connection, row["id"], depth="full", engine="1", questionnaire=row["questionnaire"],
                    version=row["version"], language="en", frozen="{}", now=now,
                )  # fmt: skip
                self._at_work(connection, row["id"], number, now)

    def _at_work(self, connection: Connection, draft_id: str, number: int, now: datetime) -> None:
        """A whole review of a check, nearly all confirmed, and a plan under way: what a list must not read through."""
        of = {"assessment_id": draft_id, "mentor_id": self.mentor}
        both = {**of, "revision": 1, "reason": "", "reply": "", "step": 1, "changed_at": now}
        states = (
            (question, "asked" if place == number % 40 else "confirmed")
            for place, question in enumerate(self.site.opened.answers)
        )
        connection.execute(
            insert(reviews), [{**both, "question": question, "state": state} for question, state in states]
        )
        for place in range(PLANNED):
            fields = PlanFields(title="Look", deadline=now.date() + timedelta(days=number + place))
            plan_items.add_own(connection, draft_id, fields, now)
        add_mark(connection, draft_id, self.mentor, 0, now)
        set_visit(connection, draft_id, now.date() + timedelta(days=number), "", self.mentor, now)

    def statements(self, path: str) -> int:
        """How many statements a page takes once it is warm."""
        environ = environ_of(path, f"{COOKIE}={self.session}")
        called(self.site.app, environ)
        with counted(self.site) as found:
            called(self.site.app, environ)
        return len(found)
