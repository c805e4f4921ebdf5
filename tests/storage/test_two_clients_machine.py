"""Two people answer one check, in any order, with retries: nothing is lost silently. DUR-07 to DUR-09"""

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from assessment.core.errors import Conflict
from assessment.services.checks.answering import fingerprint
from assessment.storage.checks import assessments
from assessment.storage.checks.assessments import Change, Saved
from assessment.storage.checks.drafts import Document, Draft
from assessment.storage.database import Database
from assessment.storage.idempotency import Once
from assessment.storage.tables import answer_history
from tests.storage.conftest import NOW, started
from tests.tables import with_tables

ASKED = ("ene-03", "ene-06", "wat-02")
"""The questions of one page."""
clients = st.sampled_from(("ana", "ben"))
answers = st.sampled_from(("monthly", "yearly", "never", None))


@dataclass
class Client:
    """One browser: the page as it was opened, and the forms that were sent from it."""

    name: str
    page: Draft
    sent: list[tuple[str, list[Change]]] = field(default_factory=list)


class TwoClients(RuleBasedStateMachine):
    """Two browsers on one check; `told` is what each question has been answered with, revision by revision."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="clients-"))
        self.database = Database(f"sqlite:///{with_tables(self.folder)}")
        self.told: dict[str, list[str | None]] = {name: [None] for name in ASKED}

    @initialize()
    def both_open_the_page(self) -> None:
        draft = started(self.database)
        self.id = draft.id
        self.clients = {name: Client(name, draft) for name in ("ana", "ben")}

    def teardown(self) -> None:
        self.database.close()
        shutil.rmtree(self.folder)

    # -- what is there

    def stored(self) -> Draft:
        with self.database.reading() as connection:
            draft = assessments.draft_of(connection, self.id)
        assert draft is not None
        return draft

    def send(self, client: Client, key: str, changes: Sequence[Change]) -> Saved:
        once = Once(client.name, key, fingerprint(changes), "/next")
        with self.database.writing() as connection:
            return assessments.save_answers(connection, client.page, changes, NOW, once)

    # -- what the two do

    @rule(name=clients)
    def opens_the_page(self, name: str) -> None:
        self.clients[name].page = self.stored()

    @rule(name=clients, typed=st.dictionaries(st.sampled_from(ASKED), answers, min_size=1))
    def saves(self, name: str, typed: dict[str, str | None]) -> None:
        client, before = self.clients[name], self.stored()
        changes = [self._change(client, question, value) for question, value in typed.items()]
        # A field that was empty and is left so is not sent.
        changes = [change for change in changes if change.value is not None or change.seen_revision]
        if not changes:
            return
        key = uuid4().hex
        try:
            self.send(client, key, changes)
        except Conflict as conflict:
            self._conflict_was_right(before, changes, conflict)
        else:
            client.sent.append((key, changes))
            self._save_was_right(before, changes)

    def _change(self, client: Client, question: str, value: str | None) -> Change:
        return Change(question, value, seen_revision=client.page.revisions.get(question, 0))

    def _conflict_was_right(self, before: Draft, changes: Sequence[Change], conflict: Conflict) -> None:
        assert self.stored() == before, "a refused form changed something"
        assert conflict.clashes
        by_name = {change.question: change for change in changes}
        for clash in conflict.clashes:
            change = by_name[clash.question]
            assert change.seen_revision != before.revisions.get(clash.question, 0)
            assert change.value != _value(before.document, clash.question)

    def _save_was_right(self, before: Draft, changes: Sequence[Change]) -> None:
        after = self.stored()
        for change in changes:
            name, newest = change.question, len(self.told[change.question]) - 1
            old, new = self.told[name][-1], _value(after.document, name)
            if new != old:
                assert change.seen_revision == newest, "somebody's newer answer was written over"
                assert new == change.value
                self.told[name].append(new)
            elif change.value != old:
                assert change.seen_revision < newest, "what was typed is lost, and nobody was told"
                assert change.value == self.told[name][change.seen_revision]
        untouched = {*ASKED} - {change.question for change in changes}
        assert all(_value(after.document, name) == _value(before.document, name) for name in untouched)

    @rule(name=clients, again=st.integers(0, 20))
    def sends_a_form_again(self, name: str, again: int) -> None:
        client, before = self.clients[name], self.stored()
        if client.sent:
            key, changes = client.sent[again % len(client.sent)]
            assert self.send(client, key, changes).replayed
            assert self.stored() == before

    @rule(name=clients, again=st.integers(0, 20), question=st.sampled_from(ASKED))
    def sends_something_else_under_a_used_key(self, name: str, again: int, question: str) -> None:
        client, before = self.clients[name], self.stored()
        if client.sent:
            key, _ = client.sent[again % len(client.sent)]
            with pytest.raises(Conflict):
                self.send(client, key, [Change(question, "something else")])
            assert self.stored() == before

    # -- what always holds

    @invariant()
    def every_answer_and_its_whole_history_are_there(self) -> None:
        if not hasattr(self, "id"):
            return
        draft = self.stored()
        for name, told in self.told.items():
            assert draft.revisions.get(name, 0) == len(told) - 1
            assert _value(draft.document, name) == told[-1]
        columns = (answer_history.c.question, answer_history.c.revision)
        with self.database.reading() as connection:
            kept = {(row.question, row.revision) for row in connection.execute(select(*columns))}
        assert kept == {(name, number) for name, told in self.told.items() for number in range(1, len(told))}


def _value(document: Document, question: str) -> str | None:
    entry = document.get(question)
    if entry is None or entry["v"] is None:
        return None
    assert isinstance(entry["v"], str)
    return entry["v"]


def hold(examples: int, steps: int, **more: Any) -> None:
    """Let the two do that many things, and look after each."""
    # What fails is told as it was found: making it shorter takes minutes.
    found = settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck), **more,
    )  # fmt: skip
    run_state_machine_as_test(TwoClients, settings=found)


def test_of_two_people_who_answer_one_check_neither_loses_anything_silently() -> None:
    hold(20, 25, derandomize=True)


@pytest.mark.soak
def test_of_two_people_neither_loses_anything_a_thousand_times() -> None:
    hold(1000, 50)


def test_a_save_that_looks_at_no_revision_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: whoever comes last wins."""
    merged = assessments._merged

    def careless(document: Document, changes: Sequence[Change], at: str) -> tuple[Document, list[str]]:
        seen = {name: entry["r"] for name, entry in document.items()}
        return merged(document, [replace(c, seen_revision=seen.get(c.question, 0)) for c in changes], at)

    monkeypatch.setattr(assessments, "_merged", careless)
    with pytest.raises(AssertionError):
        test_of_two_people_who_answer_one_check_neither_loses_anything_silently()
