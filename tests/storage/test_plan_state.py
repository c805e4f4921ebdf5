"""One look tells whether a plan's figures can have changed, and tells it to nobody who was not let in."""

from datetime import timedelta

import pytest

from assessment.storage import access, erasure, money, plan_items
from assessment.storage import results as stored_results
from assessment.storage.database import Database
from assessment.storage.drafts import Draft
from assessment.storage.plan_items import PlanFields
from assessment.storage.plan_state import PlanState, plan_state
from tests.storage.conftest import NOW, started

SESSION = "5" * 64


@pytest.fixture
def let_in(database: Database, draft: Draft) -> Draft:
    """A draft that a session was let into."""
    with database.writing() as connection:
        access.create_session(connection, SESSION, NOW)
        access.grant(connection, SESSION, draft.id, NOW)
    return draft


def state(database: Database, draft: Draft) -> PlanState | None:
    return plan_state(database, SESSION, draft.id)


def test_only_a_session_that_was_let_in_is_told(database: Database, let_in: Draft) -> None:
    other = started(database)
    assert state(database, let_in) is not None
    assert state(database, other) is None
    assert plan_state(database, "6" * 64, let_in.id) is None
    with database.writing() as connection:
        access.leave(connection, SESSION, let_in.id)
    assert state(database, let_in) is None


def test_every_change_is_another_state_and_no_change_the_same(database: Database, let_in: Draft) -> None:
    found = [state(database, let_in)]

    def changed() -> None:
        found.append(state(database, let_in))
        assert state(database, let_in) == found[-1]
        assert len(set(found)) == len(found)

    with database.writing() as connection:
        stored_results.add_result(
            connection, let_in.id, depth="full", engine="1", questionnaire="q", version="1", language="en",
            frozen="{}", now=NOW,
        )  # fmt: skip
    changed()
    with database.writing() as connection:
        money.save_money(connection, let_in.id, 0, NOW, wishes={"budget": "1"})
    changed()
    with database.writing() as connection:
        plan_items.save_item(connection, let_in.id, "measure:led", PlanFields(), 0, NOW)
    changed()
    with database.writing() as connection:
        plan_items.save_item(connection, let_in.id, "measure:led", PlanFields(status="done"), 1, NOW)
    changed()
    with database.writing() as connection:
        plan_items.remove_item(connection, let_in.id, "measure:led")
        plan_items.save_item(connection, let_in.id, "measure:pump", PlanFields(), 0, NOW)
        plan_items.save_item(connection, let_in.id, "measure:pump", PlanFields(owner="a"), 1, NOW + timedelta(hours=1))
    changed()


def test_what_others_do_is_none_of_it(database: Database, let_in: Draft) -> None:
    before, other = state(database, let_in), started(database)
    with database.writing() as connection:
        plan_items.save_item(connection, other.id, "measure:led", PlanFields(), 0, NOW)
        money.save_money(connection, other.id, 0, NOW, wishes={"budget": "1"})
    assert state(database, let_in) == before


def test_an_erased_draft_has_none(database: Database, let_in: Draft) -> None:
    with database.writing() as connection:
        erasure.erase(connection, let_in.id)
    assert state(database, let_in) is None
