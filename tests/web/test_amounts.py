"""What plans come to in figures of many: kept with what it follows from, and never older than that."""

from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from assessment.content.clusters.joint_actions import joint_kinds
from assessment.core.aggregates.contributions import Amount
from assessment.core.checks.answers import Quantity
from assessment.core.clusters.joint_action import SAVING, questions_of
from assessment.core.money.sheet_entries import SheetEntries
from assessment.core.plans.follow_up import FollowUp, Reading
from assessment.core.plans.goals import Goals
from assessment.services.aggregates import amounts, contributing, counting
from assessment.services.aggregates.amounts import MEASURED, PLANNED_SAVING
from assessment.services.checks import answering, results
from assessment.services.checks.answering import OpenDraft
from assessment.services.instance import Instance
from assessment.services.money import money
from assessment.services.plans import planning, reports
from assessment.storage.aggregates import contributions
from assessment.storage.checks import assessments
from assessment.storage.clusters import cluster_members
from assessment.storage.people import companies
from tests.web.clustered import ASKED, add_cluster
from tests.web.people import person
from tests.web.visiting import Site

BAKERY, MEASURING = "bakery-bg", "cafe-be"
Firms = dict[str, str]
"""The company of each example, by the name of the example."""


@pytest.fixture
def firms(examples: Site) -> Firms:
    """Every example company that does the check of firms, as a member of a cluster."""
    instance, made = examples.instance, {}
    cluster_id = add_cluster(examples, person(examples, "manager@cluster.example", "manager"))
    for name, example in instance.library.all_examples().items():
        if example.version[0] == ASKED:
            owner = person(examples, f"{name}@firm.example")
            with instance.database.writing() as connection:
                company = companies.add_company(connection, name, owner, examples.clock())
                companies.claim(connection, examples.example(name), company.id, examples.clock())
                cluster_members.join(
                    connection, cluster_id, company.id, name, "code", 0, examples.clock(), ("counted",)
                )  # fmt: skip
                contributing.take_in(instance, connection, company.id, ASKED)
            made[name] = company.id
    for name in (BAKERY, MEASURING):
        change_cards(examples, name, status="planned")
    measure(examples, MEASURING, 800)
    return made


def added(instance: Instance, firms: Firms) -> dict[str, Mapping[str, Amount]]:
    """The amounts of each firm, by its contributor."""
    with instance.database.reading() as connection:
        counted = counting.given(instance, connection, ASKED, firms.values())
    found = amounts.added(instance, ASKED, [*firms.values()], counted)
    return {given.contributor: given.amounts for given in found}


def anew(instance: Instance, firms: Firms) -> dict[str, Mapping[str, Amount]]:
    """The same with nothing kept."""
    with instance.database.writing() as connection:
        connection.exec_driver_sql("UPDATE contributions SET amounts = NULL")
    return added(instance, firms)


@pytest.fixture
def worked_out(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The checks whose plan was worked out, one after the other."""
    seen: list[str] = []
    reckon = reports.reckoned_for

    def noting(instance: Instance, draft_id: str, language: str) -> reports.Reckoned:
        seen.append(draft_id)
        return reckon(instance, draft_id, language)

    monkeypatch.setattr(reports, "reckoned_for", noting)
    return seen


def test_what_stays_as_it_is_is_worked_out_once(examples: Site, firms: Firms, worked_out: list[str]) -> None:
    first = added(examples.instance, firms)
    assert sorted(worked_out) == sorted(examples.example(name) for name in firms)
    names = {name for found in first.values() for name in found}
    assert PLANNED_SAVING in names
    assert any(name.startswith(MEASURED) for name in names)
    assert any(name.startswith(SAVING) for name in names)
    assert {each.estimate for found in first.values() for each in found.values()} == {True, False}
    worked_out.clear()
    assert added(examples.instance, firms) == first
    assert worked_out == []
    assert anew(examples.instance, firms) == first
    assert len(worked_out) == len(firms)


def test_joint_action_counts_what_its_measures_save_together_where_the_company_lacks_what_it_brings(
    examples: Site, firms: Firms
) -> None:
    """By the reckoning of the company's own plan: what several measures save of one use is not their sum."""
    instance = examples.instance
    found = added(instance, firms)
    with instance.database.reading() as connection:
        rows = {name: contributions.of_company(connection, company, ASKED) for name, company in firms.items()}
    less = 0
    for name, company_id in firms.items():
        material = reports.reckoned_for(instance, examples.example(name), "en")
        reckoning, actions = material.reckoning, material.frozen.results.edition.actions
        row, told = rows[name], found[counting.digest(instance, company_id)]
        assert row is not None
        for kind in joint_kinds():
            singly = [
                effect.eur.typical for measure in kind.measures
                if measure in reckoning.steps and (effect := reckoning.ready.together([measure])).eur is not None
            ]  # fmt: skip
            asked = {question for question, lacks in row.figures["practices"].items() if lacks}
            if SAVING + kind.id not in told:
                assert not asked & questions_of(kind, actions) or not any(worth > 0 for worth in singly)
                continue
            assert asked & questions_of(kind, actions), f"{name} lacks nothing of {kind.id}"
            worth = told[SAVING + kind.id]
            # Never more than the sum of them, and less where they act on the same, or one gives way to another.
            assert 0 < worth.value <= sum(singly) + 1e-6
            assert len(singly) > 1 or worth.value == singly[0]
            less += worth.value < sum(singly) - 1
            # An estimate throughout, and added up all the same: the page calls the sum one.
            assert not worth.estimate
    assert less, "no measures of one kind save of the same use"


def opened(site: Site, name: str) -> OpenDraft:
    with site.instance.database.reading() as connection:
        draft = assessments.draft_of(connection, site.example(name))
    assert draft is not None
    return answering.with_route(site.instance, draft, "en")


def change_cards(site: Site, name: str, many: int | None = None, **fields: Any) -> None:
    """Say the same about all cards of a plan, or about the first ones."""
    check = opened(site, name)
    plan = planning.plan_of(site.instance, check, results.latest(site.instance, check, "en").results)
    for card in plan.cards[:many]:
        planning.change_card(site.instance, check, card, replace(card.item, **fields), card.revision)


def put_aside(site: Site, name: str) -> None:
    """All that was planned is not for the firm after all."""
    change_cards(site, name, status="not-for-us")


def measure(site: Site, name: str, after_it: int = 700) -> None:
    """Readings that show what an action saved."""
    days = [(date(2025, 1, 1), date(2025, 12, 31)), (date(2026, 1, 1), date(2026, 12, 31))]
    before, after = (
        Reading("water", Quantity(Decimal(amount), "m3", str(amount)), *between)
        for amount, between in zip((900, after_it), days, strict=True)
    )
    change_cards(site, name, 1, follow_up=FollowUp(before=before, after=after))


def pay_more(site: Site, name: str) -> None:
    """Another price of electricity, among the company's own figures."""
    check = opened(site, name)
    stored = money.stored_of(site.instance, check)
    entries = SheetEntries.as_far_as_readable(stored.entries).model_copy(update={"prices": {"electricity": Decimal(9)}})
    money.save_entries(site.instance, check, entries, stored.revision)


def answer_anew(site: Site, name: str) -> None:
    """Another result of the check, by the answers of another firm."""
    with site.instance.database.writing() as connection:
        connection.exec_driver_sql(
            "UPDATE assessments SET answers = (SELECT answers FROM assessments WHERE id = ?) WHERE id = ?",
            (site.example(MEASURING), site.example(name)),
        )
    results.submit(site.instance, opened(site, name), "en", printed=False)


CHANGES: Mapping[str, Callable[[Site, str], None]] = {
    "the plan": put_aside, "what was measured": measure, "own figures": pay_more, "the answers": answer_anew,
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_follows_from_something_that_changed_is_worked_out_anew(
    change: Callable[[Site, str], None], examples: Site, firms: Firms, worked_out: list[str]
) -> None:
    before = added(examples.instance, firms)
    worked_out.clear()
    change(examples, BAKERY)
    worked_out.clear()
    now = added(examples.instance, firms)
    assert worked_out == [examples.example(BAKERY)]
    assert [key for key in now if now[key] != before[key]] == [counting.digest(examples.instance, firms[BAKERY])]
    assert now == anew(examples.instance, firms)


def test_without_asking_what_it_follows_from_the_old_plan_would_be_counted(
    examples: Site, firms: Firms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(amounts, "_mark", lambda *_: "always the same")
    before = added(examples.instance, firms)
    put_aside(examples, BAKERY)
    assert added(examples.instance, firms) == before != anew(examples.instance, firms)


def test_other_content_other_code_and_other_practices_make_all_anew(
    examples: Site, firms: Firms, worked_out: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    instance = examples.instance
    added(instance, firms)
    library = copy(instance.library)
    library.digest = "another"
    worked_out.clear()
    added(replace(instance, library=library), firms)
    assert len(worked_out) == len(firms)
    monkeypatch.setattr(amounts, "_code", lambda: "another")
    worked_out.clear()
    added(replace(instance, library=library), firms)
    assert len(worked_out) == len(firms)
    with instance.database.writing() as connection:
        row = contributions.of_company(connection, firms[BAKERY], ASKED)
        assert row is not None
        practices = dict.fromkeys(row.figures["practices"], 0)
        contributions.keep(connection, ASKED, replace(row, figures={**row.figures, "practices": practices}))
    worked_out.clear()
    now = added(replace(instance, library=library), firms)[counting.digest(instance, firms[BAKERY])]
    assert worked_out == [examples.example(BAKERY)]
    assert not any(name.startswith(SAVING) for name in now)


def test_what_a_plan_saves_does_not_depend_on_the_day(examples: Site, firms: Firms) -> None:
    """Funding opens and closes with it: the digest may leave the day out, as who pays changes no saving."""
    instance = examples.instance
    for name in firms:
        check = opened(examples, name)
        stored = money.stored_of(instance, check)
        wishes = {**stored.wishes, "count_funding": True}
        money.save_goals(instance, check, Goals.as_far_as_readable(wishes), stored.revision)
    before = added(instance, firms)
    examples.clock.forward(days=20 * 365)
    assert anew(instance, firms) == before
