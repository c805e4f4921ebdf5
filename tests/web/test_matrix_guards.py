"""Each guard is taken away alone, and the matrix must see it: else a test of it would prove nothing."""

import ast
import inspect
import sys
from collections import Counter
from collections.abc import Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest
from sqlalchemy import bindparam

from assessment.content.library import Library
from assessment.core.access import Relation, Standing
from assessment.services import asking
from assessment.services.checks import answering
from assessment.services.people import companies
from assessment.storage.checks import assessments, standings
from assessment.storage.clusters import clusters as stored_clusters
from assessment.storage.people import companies as stored_companies
from assessment.storage.tables import assessments as assessments_table
from assessment.storage.written import Written
from tests.web.conftest import DEMO, site_in
from tests.web.matrix import Cell, Matrix
from tests.web.roles import World, build

ONE = assessments_table.c.id == bindparam("id")
JOINED = ("and_", "where")
"""Where conditions stand side by side, each a guard of its own."""
NOTHING_THERE, SAMPLE = ("missing", "erased"), 200


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, library: Library) -> World:
    """Everybody and everything in one database."""
    folder = tmp_path_factory.mktemp("world")
    return build(site_in(folder / "building", library, DEMO), folder / "kept")


@pytest.fixture(scope="module")
def matrix(tmp_path_factory: pytest.TempPathFactory, library: Library, world: World) -> Iterator[Matrix]:
    """A site on that database."""
    folder: Path = tmp_path_factory.mktemp("matrix")
    made = Matrix(site_in(folder / "site", library, DEMO), world, with_forms=False)
    yield made
    made.close()
    made.site.instance.database.close()


def few_cells(matrix: Matrix) -> Iterator[Cell]:
    """For each policy the first page that asks for it, of a check and of a company, for every role and object.

    What is there comes first, each role at the pages that most are let into: so a missing guard is soon seen.
    """
    first: dict[tuple[object, ...], str] = {}
    for rule in matrix.rules:
        if "GET" in (rule.methods or ()):
            named = tuple(name in rule.arguments for name in ("company_id", "section", "page"))
            first.setdefault((matrix.policy(rule), *named), rule.rule)
    cells = [cell for cell in matrix.cells(("GET",)) if cell.rule.rule in first.values()]
    told = (cell for cell in cells if not cell.role.startswith("administrator"))
    wide = Counter(cell.rule.rule for cell in told if matrix.expected(cell) == "in")
    cells.sort(key=lambda cell: -wide[cell.rule.rule])
    met: Counter[tuple[object, ...]] = Counter()
    turns: list[tuple[bool, int, bool]] = []
    for cell in cells:
        asks = (cell.role, cell.of, "company_id" in cell.rule.arguments)
        met[asks] += 1
        turns.append((cell.of in NOTHING_THERE, met[asks], matrix.expected(cell) == "in"))
    yield from (cells[place] for place in sorted(range(len(cells)), key=turns.__getitem__))


def turns_red(matrix: Matrix, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether a cell is red, which is green again as soon as everything is back in its place."""
    red = next((cell for cell in few_cells(matrix) if matrix.faults(iter([cell]))), None)
    monkeypatch.undo()
    return red is not None and not matrix.faults(iter([red]))


def test_with_every_guard_in_its_place_no_cell_is_red(matrix: Matrix) -> None:
    # All cells are tried with every guard in its place by the matrix itself; here it is a sample, spread over them.
    cells = list(few_cells(matrix))
    assert matrix.faults(iter(cells[:: len(cells) // SAMPLE])) == []


# The table and who asks it


def test_without_the_look_into_the_table_it_turns_red(matrix: Matrix, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "decide", lambda *_: "yes")
    assert turns_red(matrix, monkeypatch)


@pytest.mark.parametrize("module", [answering, companies])
def test_without_insisting_on_it_it_turns_red(
    matrix: Matrix, module: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "insist", lambda *_: None)
    assert turns_red(matrix, monkeypatch)


def test_without_the_check_of_the_standpoint_it_turns_red(matrix: Matrix, monkeypatch: pytest.MonkeyPatch) -> None:
    hooks = matrix.site.app.before_request_funcs[None]
    kept = [hook for hook in hooks if hook.__module__ != "assessment.web.policies"]
    assert len(kept) < len(hooks)
    monkeypatch.setitem(matrix.site.app.before_request_funcs, None, kept)
    assert turns_red(matrix, monkeypatch)


@pytest.mark.parametrize("relation", Relation, ids=lambda relation: relation.value)
def test_whoever_is_taken_for_somebody_else_is_seen(
    matrix: Matrix, relation: Relation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def everybody(*_: object) -> Standing:
        return Standing(frozenset({relation}), "ene", agreed=True, glass_open=True)

    monkeypatch.setattr(assessments, "standing_of", everybody)
    assert turns_red(matrix, monkeypatch)


# Each condition of the statements that say how somebody stands


class Without(ast.NodeTransformer):
    """Takes the condition of that number out of a program."""

    def __init__(self, number: int) -> None:
        self.number, self.met, self.said = number, -1, ""

    def visit_Call(self, call: ast.Call) -> ast.Call:
        """Count the conditions of a call, and take one out."""
        self.generic_visit(call)
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if name in JOINED:
            for condition in list(call.args):
                self.met += 1
                if self.met == self.number:
                    self.said = ast.unparse(condition)
                    call.args[call.args.index(condition)] = ast.parse("true()", mode="eval").body
        return call


def program(of: ModuleType, function: str) -> tuple[ast.Module, ast.AST]:
    """A module as a tree, and the part of it that is looked at: one function, or all."""
    whole = ast.parse(inspect.getsource(of))
    named = (node for node in whole.body if isinstance(node, ast.FunctionDef) and node.name == function)
    return whole, next(named) if function else whole


def conditions(of: ModuleType, function: str = "") -> list[str]:
    """The conditions of a module, or of one function of it."""
    found: list[str] = []
    while True:
        without = Without(len(found))
        without.visit(program(of, function)[1])
        if not without.said:
            return found
        found.append(without.said)


def without_condition(folder: Path, of: ModuleType, number: int, function: str = "") -> ModuleType:
    """A module like that one, but for a condition."""
    whole, part = program(of, function)
    Without(number).visit(part)
    written = ast.unparse(ast.fix_missing_locations(whole))
    file = folder / "altered.py"
    # Before all else, but after what a module says of itself.
    file.write_text(f"from sqlalchemy import true\n{written}")
    spec = spec_from_file_location("altered", file)
    assert spec is not None
    assert spec.loader is not None
    altered = module_from_spec(spec)
    sys.modules["altered"] = altered
    spec.loader.exec_module(altered)
    del sys.modules["altered"]
    return altered


OF_CHECKS = conditions(standings)
OF_COMPANIES = conditions(stored_companies, "_standings")


@pytest.mark.parametrize(("number", "said"), list(enumerate(OF_CHECKS)), ids=OF_CHECKS)
def test_without_a_condition_of_how_somebody_stands_to_a_check_it_turns_red(
    matrix: Matrix, tmp_path: Path, number: int, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    altered = without_condition(tmp_path, standings, number)
    for name, columns, start in (
        ("_IN_BROWSER", altered.IN_BROWSER_COLUMNS, altered.IN_BROWSER),
        ("_BY_PERSON", altered.BY_PERSON_COLUMNS, altered.BY_PERSON),
    ):
        statement = assessments._DRAFT.add_columns(*columns).select_from(start).where(ONE)
        monkeypatch.setattr(assessments, name, Written(statement))
    assert turns_red(matrix, monkeypatch), said


def test_without_a_look_at_the_time_for_which_a_reason_was_stated_it_turns_red(
    matrix: Matrix, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, ends = inspect.getsource(standings.standing_of), " and glass_ends > now"
    assert source.count(ends) == 1
    there = dict(vars(standings))
    exec(compile(source.replace(ends, ""), "altered", "exec"), there)  # noqa: S102 - our own source, but for a condition
    monkeypatch.setattr(assessments, "standing_of", there["standing_of"])
    assert turns_red(matrix, monkeypatch)


@pytest.mark.parametrize(("number", "said"), list(enumerate(OF_COMPANIES)), ids=OF_COMPANIES)
def test_without_a_condition_of_how_somebody_stands_to_a_company_it_turns_red(
    matrix: Matrix, tmp_path: Path, number: int, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    altered = without_condition(tmp_path, stored_companies, number, "_standings")
    monkeypatch.setattr(stored_companies, "standing_in", altered.standing_in)
    assert turns_red(matrix, monkeypatch), said


OF_CLUSTERS = {
    "(_M.person_id == _P.id) & (_M.cluster_id == cluster_id)": "_M.person_id == _P.id",
    'row.staff_role == "manager" and row[1] is not None': 'row.staff_role == "manager"',
    'row is not None and row.staff_role == "manager"': "row is not None",
    'row is not None and row.staff_role == "administrator"': "row is not None",
}
"""What says how somebody stands to a cluster, and the same without one condition."""


@pytest.mark.parametrize(("whole", "less"), OF_CLUSTERS.items(), ids=OF_CLUSTERS)
def test_without_a_condition_of_how_somebody_stands_to_a_cluster_it_turns_red(
    matrix: Matrix, whole: str, less: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = inspect.getsource(stored_clusters.standing_in)
    assert source.count(whole) == 1
    there = dict(vars(stored_clusters))
    exec(compile(source.replace(whole, less), "altered", "exec"), there)  # noqa: S102 - our own source, but for a condition
    monkeypatch.setattr(stored_clusters, "standing_in", there["standing_in"])
    assert turns_red(matrix, monkeypatch), whole


def test_the_conditions_are_all_there_and_more_than_a_few() -> None:
    assert len(OF_CHECKS) >= 13
    assert len(OF_COMPANIES) >= 9
    assert {"grants.c.state == 'active'", "companies.c.restricted.is_(false())", "companies.c.erase_at.is_(None)"} <= {
        *OF_CHECKS
    }
