"""What a person decides about a plan is kept line by line, and nobody overwrites anybody."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from assessment.core.checks.answers import Quantity
from assessment.core.errors import Conflict, NotFound
from assessment.core.plans.follow_up import FollowUp, Reading
from assessment.storage.checks.drafts import Draft
from assessment.storage.database import Database
from assessment.storage.plans import plan_items
from assessment.storage.plans.plan_items import PlanFields, PlanItem
from tests.storage.conftest import NOW, started

LATER = NOW + timedelta(hours=1)
CHOSEN = PlanFields("", "planned", "Maria", date(2027, 3, 1), "ask the landlord", "")


def change(database: Database, draft: Draft, key: str, new: PlanFields, seen: int) -> PlanItem:
    with database.writing() as connection:
        return plan_items.save_item(connection, draft.id, key, new, seen, LATER)


def plan(database: Database, draft: Draft) -> list[PlanItem]:
    with database.reading() as connection:
        return list(plan_items.plan_of(connection, draft.id))


def keys(database: Database, draft: Draft) -> list[str]:
    return [item.key for item in plan(database, draft)]


def test_a_measure_gets_a_row_with_its_first_change_and_keeps_every_field(database: Database, draft: Draft) -> None:
    assert plan(database, draft) == []
    made = change(database, draft, "measure:led", CHOSEN, 0)
    assert plan(database, draft) == [made]
    assert (made.fields, made.position, made.revision) == (CHOSEN, None, 1)
    done = replace(CHOSEN, status="done")
    assert change(database, draft, "measure:led", done, 1).revision == 2
    assert [item.fields for item in plan(database, draft)] == [done]


def test_what_was_noted_of_a_line_is_kept_to_the_last_digit_and_guarded_like_the_rest(
    database: Database, draft: Draft
) -> None:
    amount = Quantity(Decimal("4200.50"), "kwh", "4 200,50")
    read = Reading("electricity", amount, date(2025, 1, 1), date(2025, 12, 31), "bill")
    noted = FollowUp(done_on=date(2026, 2, 1), before=read, besides="a mild winter")
    made = change(database, draft, "measure:led", replace(CHOSEN, follow_up=noted), 0)
    assert plan(database, draft) == [made]
    assert made.fields.follow_up == noted
    with pytest.raises(Conflict) as caught:
        change(database, draft, "measure:led", CHOSEN, 0)
    assert "a mild winter" in caught.value.clashes[0].theirs


def test_what_is_not_done_is_carried_over_into_the_plan_of_the_next_year(database: Database, draft: Draft) -> None:
    with database.writing() as connection:
        own = plan_items.add_own(connection, draft.id, PlanFields(title="Talk to the team", owner="Ivo"), NOW)
        plan_items.reorder(connection, draft.id, [own.key, "measure:heat", "measure:led"], NOW)
    change(database, draft, "measure:led", replace(CHOSEN, follow_up=FollowUp(started_on=date(2026, 3, 1))), 1)
    change(database, draft, "measure:done", PlanFields(status="done"), 0)
    change(database, draft, "measure:no", PlanFields(status="not-for-us", refusal="rented"), 0)
    following = started(database, previous_id=draft.id)
    with database.writing() as connection:
        assert plan_items.carry_over(connection, draft.id, following.id, LATER) == 4
    carried = plan(database, following)
    assert [item.key for item in carried[1:]] == ["measure:heat", "measure:led", "measure:no"]
    assert (carried[0].fields.title, carried[0].fields.owner) == ("Talk to the team", "Ivo")
    assert carried[0].key != own.key
    assert carried[2].fields.follow_up.started_on == date(2026, 3, 1)
    assert len(plan(database, draft)) == 5


def test_a_line_changed_elsewhere_is_a_conflict_unless_both_say_the_same(database: Database, draft: Draft) -> None:
    change(database, draft, "measure:led", CHOSEN, 0)
    with pytest.raises(Conflict) as caught:
        change(database, draft, "measure:led", PlanFields(status="done"), 0)
    (clash,) = caught.value.clashes
    assert (clash.question, clash.revision) == ("measure:led", 1)
    assert '"owner": "Maria"' in clash.theirs
    assert '"deadline": "2027-03-01"' in clash.theirs
    assert change(database, draft, "measure:led", CHOSEN, 0).revision == 1
    assert [item.fields for item in plan(database, draft)] == [CHOSEN]


def test_a_line_taken_out_elsewhere_is_a_conflict_too(database: Database, draft: Draft) -> None:
    change(database, draft, "measure:led", CHOSEN, 0)
    with database.writing() as connection:
        assert plan_items.remove_item(connection, draft.id, "measure:led")
        assert not plan_items.remove_item(connection, draft.id, "measure:led")
    with pytest.raises(Conflict):
        change(database, draft, "measure:led", PlanFields(status="done"), 1)


def test_own_steps_are_added_changed_and_taken_out(database: Database, draft: Draft) -> None:
    with database.writing() as connection:
        own = plan_items.add_own(connection, draft.id, PlanFields(title="Talk to the team"), NOW)
    assert own.key.startswith("own:")
    change(database, draft, own.key, PlanFields(title="Talk to all"), 1)
    assert [item.fields.title for item in plan(database, draft)] == ["Talk to all"]
    with database.writing() as connection:
        assert plan_items.remove_item(connection, draft.id, own.key)
    with pytest.raises(NotFound):
        change(database, draft, own.key, PlanFields(title="again"), 2)


def test_a_catalogue_entry_added_twice_is_there_once(database: Database, draft: Draft) -> None:
    with database.writing() as connection:
        first = plan_items.add_entry(connection, draft.id, "grant-a", "Grant A", NOW)
        assert plan_items.add_entry(connection, draft.id, "grant-a", "Grant A", LATER) == first
    assert keys(database, draft) == ["entry:grant-a"]


def test_the_order_given_stands_makes_rows_where_needed_and_can_be_taken_back(database: Database, draft: Draft) -> None:
    with database.writing() as connection:
        own = plan_items.add_own(connection, draft.id, PlanFields(title="x"), NOW)
    change(database, draft, "measure:led", CHOSEN, 0)
    with database.writing() as connection:
        wanted = ["measure:heat", own.key, "measure:led", "own:gone", own.key]
        plan_items.reorder(connection, draft.id, wanted, LATER)
    assert keys(database, draft) == ["measure:heat", own.key, "measure:led"]
    assert [item.position for item in plan(database, draft)] == [1, 2, 3]
    assert plan(database, draft)[2].fields == CHOSEN
    with database.writing() as connection:
        plan_items.reorder(connection, draft.id, [], LATER)
    assert [item.position for item in plan(database, draft)] == [None, None, None]


def test_lines_of_another_assessment_are_neither_seen_nor_changed(database: Database, draft: Draft) -> None:
    other = started(database)
    with database.writing() as connection:
        own = plan_items.add_own(connection, draft.id, PlanFields(title="mine"), NOW)
        plan_items.reorder(connection, other.id, [own.key], NOW)
        assert not plan_items.remove_item(connection, other.id, own.key)
    with pytest.raises(NotFound):
        change(database, other, own.key, PlanFields(title="theirs"), 1)
    assert plan(database, other) == []
    assert [(item.fields.title, item.position) for item in plan(database, draft)] == [("mine", None)]


@pytest.mark.parametrize("key", ["", "led", "other:led"])
def test_a_key_of_no_known_kind_is_not_found(database: Database, draft: Draft, key: str) -> None:
    with pytest.raises(NotFound):
        change(database, draft, key, CHOSEN, 0)


def test_eight_first_changes_of_one_measure_at_once_make_one_row(database: Database, draft: Draft) -> None:
    def decide(number: int) -> bool:
        try:
            change(database, draft, "measure:led", PlanFields(owner=str(number)), 0)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(decide, range(8))).count(True) == 1
    assert len(plan(database, draft)) == 1
