"""What storage tells of one company, cluster or person, and changes of it, is the same whether there are others or not.

And each condition that keeps them apart is taken away alone, which must be seen. TEN-01, AZ-02
"""

from collections.abc import Iterator
from pathlib import Path
from types import CodeType

import pytest

from assessment.content.library import Library
from assessment.storage.clusters import cluster_members
from tests.web.conftest import DEMO, site_in
from tests.web.guards import Guard, conditions
from tests.web.roles import build
from tests.web.tenants import Tenants, followed

BY_ANOTHER = "another condition of the statement says the same"
ELSEWHERE = "its own tests, or those of the matrix, turn red without it"
TOO_MUCH = "without it a restored backup would end more than had ended, and show nothing"
LEFT = {
    "aggregates.kept_amounts._KEEP #0": ELSEWHERE,
    "aggregates.releases.newest_of_others #0": "others are what it looks for",
    "checks.assessments._SHOWN #0": ELSEWHERE,
    "checks.standings.BY_PERSON #0": ELSEWHERE,
    "checks.standings.BY_PERSON #1": ELSEWHERE,
    "clusters.cluster_members.stage_of #0": ELSEWHERE,
    "clusters.clusters.somebody_runs #0": ELSEWHERE,
    "clusters.clusters.somebody_runs #1": ELSEWHERE,
    "clusters.exchanges.lock_place #0": "it only waits for whoever has the row",
    "clusters.exchanges.talks_of #0": BY_ANOTHER,
    "clusters.exchanges.talks_of #2": BY_ANOTHER,
    "mentors.grants.accept #0": BY_ANOTHER,
    "mentors.reviews.take_back_words #0": ELSEWHERE,
    "people.companies._standings #0": ELSEWHERE,
    "people.companies._standings #1": ELSEWHERE,
    "people.companies._standings #2": ELSEWHERE,
    "people.companies._standings #3": ELSEWHERE,
    "people.companies._standings #4": ELSEWHERE,
    "people.companies.looks_at #1": ELSEWHERE,
    "people.partings.erase_company #0": ELSEWHERE,
    "people.partings.only_here #0": ELSEWHERE,
    "people.partings.only_here #1": BY_ANOTHER,
    "people.partings._owned_alone #0": ELSEWHERE,
    "people.partings._owned_alone #1": BY_ANOTHER,
    "plans.plan_state._STATE #1": ELSEWHERE,
    "upkeep.replaying._end_links_and_sessions #0": TOO_MUCH,
    "upkeep.replaying._leave_clusters #0": TOO_MUCH,
}
"""Conditions that nothing of this file sees, and why that harms nobody."""


@pytest.fixture(scope="module")
def tenants(tmp_path_factory: pytest.TempPathFactory, library: Library) -> Tenants:
    """Everybody in one store, and each side alone."""
    folder: Path = tmp_path_factory.mktemp("tenants")
    world = build(site_in(folder / "building", library, DEMO), folder / "kept")
    return Tenants(world, folder, library.newest[0])


def ties() -> Iterator[Guard]:
    """The conditions of storage that tie a row to whom it belongs to."""
    return (guard for guard in conditions() if guard.module.startswith("assessment.storage.") and not guard.insists)


def named(guard: Guard) -> str:
    return str(guard).partition(":")[0].removeprefix("storage.")


def test_others_make_no_difference_to_what_a_function_of_storage_tells_and_changes(tenants: Tenants) -> None:
    assert len(tenants.calls) >= 550
    found = [wrong for call in tenants.calls if (wrong := tenants.wrong(call))]
    assert not found, "\n".join(wrong[:600] for wrong in found)


def test_without_any_one_condition_that_keeps_them_apart_they_would(
    tenants: Tenants, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = frozenset(code for guard in ties() for code in guard.readers)
    through: list[set[CodeType]] = []
    for call in tenants.calls:
        through.append(set())
        with followed(wanted, through[-1]):
            tenants.whole.outcome(call)
    unseen = set()
    # Whoever goes through few functions asks most directly, and is the quickest.
    asking = sorted(zip(tenants.calls, through, strict=True), key=lambda pair: len(pair[1]))
    for guard in ties():
        guard.take_away(monkeypatch)
        asked = (call for call, met in asking if guard.readers & met)
        if not any(tenants.wrong(call) for call in asked):
            unseen.add(named(guard))
        monkeypatch.undo()
    assert unseen == {*LEFT}


def test_how_far_a_company_came_is_by_its_own_checks(tenants: Tenants, monkeypatch: pytest.MonkeyPatch) -> None:
    name = "clusters.cluster_members.stage_of #0"
    for taken, stage in (("", 1), (name, 3)):
        for guard in ties():
            if named(guard) == taken:
                guard.take_away(monkeypatch)
        with tenants.whole.database.reading() as connection:
            assert cluster_members.stage_of(connection, tenants.beginner, tenants.questionnaire) == stage
