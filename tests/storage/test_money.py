"""A company's own figures, its wishes, and two scenarios, on both engines."""

import pytest

from assessment.core.errors import Conflict
from assessment.storage.checks.drafts import Draft
from assessment.storage.database import Database
from assessment.storage.money import money
from assessment.storage.upkeep import erasure
from tests.storage.conftest import NOW


def test_before_the_first_save_both_documents_are_empty(database: Database, draft: Draft) -> None:
    with database.reading() as connection:
        assert money.money_of(connection, draft.id) == money.StoredMoney({}, {}, 0)


def test_saving_one_document_leaves_the_other(database: Database, draft: Draft) -> None:
    with database.writing() as connection:
        money.save_money(connection, draft.id, 0, NOW, entries={"price": {"electricity": "0.21"}})
    with database.writing() as connection:
        money.save_money(connection, draft.id, 1, NOW, wishes={"budget": "5000"})
    with database.reading() as connection:
        kept = money.money_of(connection, draft.id)
    assert kept == money.StoredMoney({"price": {"electricity": "0.21"}}, {"budget": "5000"}, 2)


def test_a_second_window_with_an_old_revision_overwrites_nothing(database: Database, draft: Draft) -> None:
    with database.writing() as connection:
        money.save_money(connection, draft.id, 0, NOW, wishes={"budget": "5000"})
    with database.writing() as connection:
        money.save_money(connection, draft.id, 1, NOW, wishes={"budget": "6000"})
    with pytest.raises(Conflict) as caught, database.writing() as connection:
        money.save_money(connection, draft.id, 1, NOW, wishes={"budget": "7000"})
    assert caught.value.clashes[0].question == "wishes"
    with database.reading() as connection:
        assert money.money_of(connection, draft.id).wishes == {"budget": "6000"}


def test_two_first_saves_at_once_are_told_apart(database: Database, draft: Draft) -> None:
    with database.writing() as connection:
        money.save_money(connection, draft.id, 0, NOW, wishes={"budget": "5000"})
    with pytest.raises(Conflict), database.writing() as connection:
        money.save_money(connection, draft.id, 0, NOW, wishes={"budget": "7000"})


def test_saving_what_already_stands_changes_nothing_even_from_an_old_window(database: Database, draft: Draft) -> None:
    for seen in (0, 0):
        with database.writing() as connection:
            assert money.save_money(connection, draft.id, seen, NOW, wishes={"budget": "5000"}).revision == 1


def test_a_scenario_is_replaced_in_its_slot_and_dropped(database: Database, draft: Draft) -> None:
    with database.writing() as connection:
        money.save_scenario(connection, draft.id, "a", "Careful", ["led-lighting"], NOW)
        money.save_scenario(connection, draft.id, "b", "Bold", ["solar-pv", "led-lighting"], NOW)
        money.save_scenario(connection, draft.id, "a", "Careful again", ["draught-proofing"], NOW)
    with database.reading() as connection:
        found = money.scenarios_of(connection, draft.id)
    assert [(one.slot, one.name, one.measures) for one in found] == [
        ("a", "Careful again", ("draught-proofing",)),
        ("b", "Bold", ("led-lighting", "solar-pv")),
    ]
    with database.writing() as connection:
        assert money.drop_scenario(connection, draft.id, "a")
        assert not money.drop_scenario(connection, draft.id, "a")


def test_all_of_it_is_taken_out_and_erased_with_the_check(database: Database, draft: Draft) -> None:
    with database.writing() as connection:
        money.save_money(connection, draft.id, 0, NOW, entries={"note": "canary"})
        money.save_scenario(connection, draft.id, "a", "Canary plan", ["led-lighting"], NOW)
    with database.reading() as connection:
        taken = erasure.export_all(connection, draft.id)
    assert taken["money"][0]["entries"] == {"note": "canary"}
    assert taken["scenarios"][0]["measures"] == ["led-lighting"]
    with database.writing() as connection:
        erasure.erase(connection, draft.id)
    with database.reading() as connection:
        assert money.money_of(connection, draft.id).revision == 0
        assert money.scenarios_of(connection, draft.id) == ()
