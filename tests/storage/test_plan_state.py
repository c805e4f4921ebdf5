"""One look tells whether a plan's figures can have changed, and tells it to nobody who was not let in."""

from datetime import timedelta

from assessment.storage.checks import results as stored_results
from assessment.storage.checks.drafts import Draft
from assessment.storage.database import Database
from assessment.storage.money import money
from assessment.storage.plans import plan_items
from assessment.storage.plans.plan_items import PlanFields
from assessment.storage.plans.plan_state import PlanState, plan_state
from assessment.storage.upkeep import erasure
from tests.storage.conftest import NOW, started


def state(database: Database, draft: Draft) -> PlanState:
    return plan_state(database, draft.id)


def test_every_change_is_another_state_and_no_change_the_same(database: Database, draft: Draft) -> None:
    found = [state(database, draft)]

    def changed() -> None:
        found.append(state(database, draft))
        assert state(database, draft) == found[-1]
        assert len(set(found)) == len(found)

    with database.writing() as connection:
        stored_results.add_result(
            connection, draft.id, depth="full", engine="1", questionnaire="q", version="1", language="en",
            frozen="{}", now=NOW,
        )  # fmt: skip
    changed()
    with database.writing() as connection:
        money.save_money(connection, draft.id, 0, NOW, wishes={"budget": "1"})
    changed()
    with database.writing() as connection:
        plan_items.save_item(connection, draft.id, "measure:led", PlanFields(), 0, NOW)
    changed()
    with database.writing() as connection:
        plan_items.save_item(connection, draft.id, "measure:led", PlanFields(status="done"), 1, NOW)
    changed()
    with database.writing() as connection:
        plan_items.remove_item(connection, draft.id, "measure:led")
        plan_items.save_item(connection, draft.id, "measure:pump", PlanFields(), 0, NOW)
        plan_items.save_item(connection, draft.id, "measure:pump", PlanFields(owner="a"), 1, NOW + timedelta(hours=1))
    changed()


def test_what_others_do_is_none_of_it(database: Database, draft: Draft) -> None:
    before, other = state(database, draft), started(database)
    with database.writing() as connection:
        plan_items.save_item(connection, other.id, "measure:led", PlanFields(), 0, NOW)
        money.save_money(connection, other.id, 0, NOW, wishes={"budget": "1"})
    assert state(database, draft) == before


def test_an_erased_draft_has_none(database: Database, draft: Draft) -> None:
    with database.writing() as connection:
        erasure.erase(connection, draft.id)
    assert state(database, draft) == PlanState(None, None, 0, None, None)
