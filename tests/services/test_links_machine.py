"""Links that do one thing once, made, used, used twice, outlived, replaced, in any order. AUTH-07 to AUTH-09"""

import shutil
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from assessment.config import Settings
from assessment.content.library import Library
from assessment.core.errors import NotFound
from assessment.services.instance import Instance
from assessment.services.people import links_once
from assessment.services.people.links_once import LIFETIMES, Bound, Purpose
from assessment.storage.database import Database
from assessment.storage.people import single_links
from assessment.storage.sqlite import driver
from tests.tables import with_tables
from tests.web.visiting import Clock

PURPOSES = [purpose for purpose in LIFETIMES if purpose != "section"]
"""A link to a section may be used again and again, as the tests of those links say."""
ADDRESSES = ("ana@firma.example", "ben@firma.example", "")
purposes = st.sampled_from(PURPOSES)
addresses = st.sampled_from(ADDRESSES)


@dataclass
class Known:
    """A link that was made, and whether it ought to hold."""

    purpose: Purpose
    email: str
    token: str
    until: datetime
    open: bool = True

    def holds(self, now: datetime) -> bool:
        return self.open and now < self.until


class Links(RuleBasedStateMachine):
    """The links beside what ought to become of them."""

    links: Bundle[Known] = Bundle("links")

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="links-"))
        self.file = with_tables(self.folder)
        environ = {"ASSESSMENT_MODE": "test", "ASSESSMENT_DATA": str(self.folder)}
        self.clock, self.known = Clock(), list[Known]()
        database = Database(f"sqlite:///{self.file}")
        # No content is asked for here.
        self.instance = Instance(Settings.from_env(environ), database, cast(Library, None), self.clock)

    def teardown(self) -> None:
        self.instance.database.close()
        shutil.rmtree(self.folder)

    @rule(target=links, purpose=purposes, email=addresses)
    def made(self, purpose: Purpose, email: str) -> Known:
        with self.instance.database.writing() as connection:
            token = links_once.make(self.instance, connection, purpose, Bound(email=email)).token
        for older in self.known:
            if (older.purpose, older.email) == (purpose, email):
                older.open = False
        found = Known(purpose, email, token, self.clock.now + LIFETIMES[purpose])
        self.known.append(found)
        return found

    @rule(purpose=purposes, email=addresses)
    def made_and_taken_back(self, purpose: Purpose, email: str) -> None:
        """The transaction around it fails: there is no link, and an older one still holds."""
        with suppress(RuntimeError), self.instance.database.writing() as connection:
            links_once.make(self.instance, connection, purpose, Bound(email=email))
            raise RuntimeError

    def spend(self, purpose: Purpose, token: str, email: str = "") -> bool:
        try:
            with self.instance.database.writing() as connection:
                links_once.spend(self.instance, connection, purpose, token, email=email)
        except NotFound:
            return False
        return True

    @rule(link=links)
    def used(self, link: Known) -> None:
        assert self.spend(link.purpose, link.token) == link.holds(self.clock.now)
        link.open = False

    @rule(link=links)
    def used_twice(self, link: Known) -> None:
        held = link.holds(self.clock.now)
        assert [self.spend(link.purpose, link.token) for _ in range(2)] == [held, False]
        link.open = False

    @rule(link=links, purpose=purposes)
    def used_for_something_else(self, link: Known, purpose: Purpose) -> None:
        if purpose != link.purpose:
            assert not self.spend(purpose, link.token)

    @rule(link=links, email=st.sampled_from(ADDRESSES[:2]))
    def used_by_somebody(self, link: Known, email: str) -> None:
        right = email == link.email
        assert self.spend(link.purpose, link.token, email) == (right and link.holds(self.clock.now))
        link.open = link.open and not right

    @rule(link=links, broken=st.sampled_from(["", "x" * 43, "\ud800", "cut", "longer", "other case"]))
    def mistyped(self, link: Known, broken: str) -> None:
        changed = {"cut": link.token[:-1], "longer": link.token + "A", "other case": link.token.swapcase()}
        assert not self.spend(link.purpose, changed.get(broken, broken))

    @rule(link=links)
    def what_the_database_holds_is_used(self, link: Known) -> None:
        with driver.connect(self.file) as connection:
            kept = connection.execute("SELECT id, hash FROM tokens").fetchall()
        assert not any(self.spend(link.purpose, text) for row in kept for text in row)

    @rule(link=links)
    def ended(self, link: Known) -> None:
        with self.instance.database.writing() as connection:
            single_links.end(connection, self.clock.now, purpose=link.purpose, email=link.email)
        for each in self.known:
            if (each.purpose, each.email) == (link.purpose, link.email):
                each.open = False

    @rule(seconds=st.sampled_from([1, 59, 899, 900, 3600, 86_400, 7 * 86_400]))
    def time_passes(self, seconds: int) -> None:
        self.clock.now += timedelta(seconds=seconds)

    @invariant()
    def a_link_holds_as_long_as_it_should_and_looking_uses_none(self) -> None:
        for link in self.known:
            try:
                found = links_once.look(self.instance, link.purpose, link.token)
            except NotFound:
                assert not link.holds(self.clock.now), link
            else:
                assert link.holds(self.clock.now), link
                assert found.bound.email == link.email


FEW = settings(
    max_examples=15, stateful_step_count=25, deadline=None, derandomize=True, database=None,
    report_multiple_bugs=False, suppress_health_check=list(HealthCheck),
)  # fmt: skip


def test_a_link_does_its_one_thing_once_whatever_happens() -> None:
    run_state_machine_as_test(Links, settings=FEW)


@pytest.mark.soak
def test_a_link_does_its_one_thing_once_a_thousand_times() -> None:
    run_state_machine_as_test(
        Links,
        settings=settings(
            max_examples=1000, stateful_step_count=50, deadline=None, database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip


def test_a_link_that_could_be_used_again_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control; that it is found is enough, and the shortest way to it would take many times as long."""
    monkeypatch.setattr(single_links, "_holds", lambda now: (single_links._T.expires_at > now,))
    with pytest.raises(AssertionError):
        run_state_machine_as_test(Links, settings=settings(FEW, phases=[Phase.generate]))
