"""Who may do what: the table is complete, says what is written down beside it, and is read in one way only."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from assessment.core.access import (
    CLUSTER_COLUMNS,
    CLUSTER_TABLE,
    COLUMNS,
    STRANGER,
    TABLE,
    Action,
    Relation,
    Standing,
    Verdict,
    decide,
)

LETTERS = {
    "Y": Verdict.YES, "S": Verdict.SECTION, "C": Verdict.CONSENT, "B": Verdict.GLASS, "F": Verdict.FORBIDDEN,
    "N": Verdict.HIDDEN,
}  # fmt: skip
ORDER = ("hidden", "forbidden", "yes")
MATRIX: dict[str, Any] = yaml.safe_load((Path(__file__).parents[1] / "web" / "matrix.yaml").read_text())
WRITTEN: dict[str, Any] = MATRIX["actions"] | MATRIX["cluster actions"]

actions = st.sampled_from(sorted(TABLE, key=lambda action: action.value))
relations = st.sampled_from(COLUMNS)
"""Those of checks and companies; a cluster has a table of its own, read in the same way."""
sections = st.sampled_from(["", "ene", "wat", "was"])
standings = st.builds(Standing, st.frozensets(relations), sections, agreed=st.booleans(), glass_open=st.booleans())


def alone(relation: Relation, **more: Any) -> Standing:
    return Standing(frozenset({relation}), **more)


def columns_of(action: Action) -> tuple[Relation, ...]:
    return CLUSTER_COLUMNS if action in CLUSTER_TABLE else COLUMNS


def written() -> dict[tuple[str, Relation], Verdict]:
    return {
        (action.value, relation): LETTERS[letter]
        for action in Action
        for relation, letter in zip(columns_of(action), WRITTEN[action.value].split(), strict=True)
    }


def test_every_relation_has_a_column_and_every_action_a_verdict_for_each() -> None:
    assert {*COLUMNS, *CLUSTER_COLUMNS} == set(Relation)
    assert {*TABLE, *CLUSTER_TABLE} == set(Action)
    assert TABLE.keys().isdisjoint(CLUSTER_TABLE)
    for action, row in {**TABLE, **CLUSTER_TABLE}.items():
        assert len(row) == len(columns_of(action)), action


@pytest.mark.parametrize("action", Action, ids=lambda action: action.value)
def test_the_table_says_what_is_written_down_beside_it(action: Action) -> None:
    assert action.value in WRITTEN, f"Write in tests/web/matrix.yaml who may {action.value}."
    columns = columns_of(action)
    row = dict(zip(columns, {**TABLE, **CLUSTER_TABLE}[action], strict=True))
    assert row == {relation: written()[action.value, relation] for relation in columns}


def test_nothing_is_written_down_of_an_action_that_is_gone() -> None:
    assert set(WRITTEN) == {action.value for action in Action}


@pytest.mark.parametrize("action", Action, ids=lambda action: action.value)
def test_the_table_reads_as_sentences(action: Action) -> None:
    for relation in columns_of(action):
        verdict = written()[action.value, relation]
        for section, agreed, glass_open in ((s, a, g) for s in ("", "ene", "wat") for a in (0, 1) for g in (0, 1)):
            standing = alone(relation, section="ene", agreed=bool(agreed), glass_open=bool(glass_open))
            met = {
                Verdict.YES: True, Verdict.SECTION: section == "ene", Verdict.CONSENT: bool(agreed),
                Verdict.GLASS: bool(glass_open),
            }.get(verdict, False)  # fmt: skip
            otherwise = "forbidden" if verdict is Verdict.FORBIDDEN else "hidden"
            assert decide(action, standing, section) == ("yes" if met else otherwise), f"{relation} {action} {section}"


@given(actions, sections)
def test_a_stranger_sees_nothing(action: Action, section: str) -> None:
    assert decide(action, STRANGER, section) == "hidden"


@given(actions, standings, relations, sections)
def test_who_stands_in_one_more_relation_may_never_do_less(
    action: Action, standing: Standing, more: Relation, section: str
) -> None:
    wider = Standing(standing.relations | {more}, standing.section, standing.agreed, standing.glass_open)
    assert ORDER.index(decide(action, wider, section)) >= ORDER.index(decide(action, standing, section))


@given(actions, standings, sections)
def test_nobody_may_do_together_what_none_of_their_relations_allows(
    action: Action, standing: Standing, section: str
) -> None:
    apart = {
        decide(action, alone(one, section=standing.section, agreed=standing.agreed, glass_open=standing.glass_open),
               section)
        for one in standing.relations
    } | {"hidden"}  # fmt: skip
    assert decide(action, standing, section) == max(apart, key=ORDER.index)


@given(actions, sections, sections)
def test_a_link_to_a_section_opens_nothing_but_its_section(action: Action, linked: str, asked: str) -> None:
    answer = decide(action, alone(Relation.SECTION, section=linked, agreed=True, glass_open=True), asked)
    inside = linked != "" and linked == asked and action in (Action.READ_ANSWERS, Action.WRITE_ANSWERS)
    assert answer == ("yes" if inside else "hidden")


@given(actions, sections)
def test_a_relation_that_the_table_does_not_know_is_refused(action: Action, section: str) -> None:
    unknown: Any = "auditor"
    with pytest.raises(ValueError, match="not in tuple"):
        decide(action, Standing(frozenset({unknown})), section)


@given(standings.filter(lambda standing: bool(standing.relations)), sections)
def test_an_action_that_the_table_does_not_know_is_refused(standing: Standing, section: str) -> None:
    unknown: Any = "delete everything"
    with pytest.raises(KeyError):
        decide(unknown, standing, section)
