"""Each guard is taken away alone, and the matrix must see it: else a test of it would prove nothing."""

import ast
import inspect
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import CodeType, FrameType, ModuleType
from typing import Any, Final

import pytest
from sqlalchemy import bindparam

from assessment.content.library import Library
from assessment.core.access import Relation, Standing
from assessment.core.errors import NotFound, NotYours, Refused
from assessment.services import asking
from assessment.services.asking import Asking
from assessment.services.checks import answering
from assessment.services.people import companies
from assessment.storage.checks import assessments, standings
from assessment.storage.clusters import clusters as stored_clusters
from assessment.storage.people import companies as stored_companies
from assessment.storage.tables import assessments as assessments_table
from assessment.storage.written import Written
from tests.web.conftest import DEMO, site_in
from tests.web.guards import Guard, guards
from tests.web.matrix import Cell, Matrix
from tests.web.roles import NOBODY, World, build
from tests.web.visiting import Page

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
    made = Matrix(site_in(folder / "site", library, DEMO), world)
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


OF_SESSIONS = {
    "sessions.c.hash == _SESSION, ": "", 'sessions.c.person_id == bindparam("person_id")': "true()",
    "people.c.active.is_(true()), ": "", "or_(_SESSION == \"\", _signed_in)": "true()",
}  # fmt: skip
"""What says whether somebody is still signed in when they write, and the same without one condition."""


@pytest.mark.parametrize(("whole", "less"), OF_SESSIONS.items(), ids=OF_SESSIONS)
def test_without_a_condition_of_who_is_still_signed_in_a_form_that_ends_it_meanwhile_turns_red(
    matrix: Matrix, whole: str, less: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = inspect.getsource(assessments)
    assert source.count(whole) == 1
    there = dict(vars(assessments))
    exec(compile(source.replace(whole, less), "altered", "exec"), there)  # noqa: S102 - our own source, but for a condition
    sent = {way: cell for cell, way in matrix.ends() if cell.role == "owner" and "draft_id" in cell.rule.arguments}
    assert len(sent) >= 4
    assert [cell for way, cell in sent.items() if list(matrix.losing(cell, way))] == []
    monkeypatch.setattr(assessments, "_STILL_BY_PERSON", there["_STILL_BY_PERSON"])
    assert any(list(matrix.losing(cell, way)) for way, cell in sent.items())


def test_the_conditions_are_all_there_and_more_than_a_few() -> None:
    assert len(OF_CHECKS) >= 13
    assert len(OF_COMPANIES) >= 9
    assert {"grants.c.state == 'active'", "companies.c.restricted.is_(false())", "companies.c.erase_at.is_(None)"} <= {
        *OF_CHECKS
    }


# Each call that insists in a service, and each condition by which a part is looked up


@dataclass
class Trial:
    """Something of the matrix that is green with every guard in its place."""

    said: str
    run: Callable[[], Iterator[str]]
    met: set[CodeType] = field(default_factory=set)
    """The functions with guards that it goes through."""


def trials(matrix: Matrix) -> Iterator[Trial]:
    """Our own named with a part of another, forms whose sender loses the right meanwhile, and all that chiefs do."""
    nowhere: dict[tuple[str, str], Page] = {}

    def mixed(cell: Cell, name: str, value: str) -> Iterator[str]:
        if (str(cell), name) not in nowhere:
            path, form = matrix.path(cell.rule, cell.of, **{name: NOBODY}), {"csrf_token": matrix.tokens[cell.role]}
            nowhere[str(cell), name] = matrix.send(cell, path, form)
        yield from matrix.elsewhere(cell, nowhere[str(cell), name], **{name: value})

    for rule in filter(matrix.of_somebody, matrix.rules):
        ours, _, chief = matrix.ours(rule)
        if "GET" in (rule.methods or ()):
            cell = Cell(rule, "GET", chief, ours)
            yield Trial(str(cell), partial(matrix.faults_of, cell))
    # Of each form as one from the company sends it, and one from outside.
    sent = {(cell.rule.rule, cell.role.startswith("mentor")): (cell, way) for cell, way in matrix.ends()}
    for cell, way in sent.values():
        yield Trial(f"{cell} who may no longer after {way[-1]}", partial(matrix.losing, cell, way))
    for cell, name, value in matrix.mixed():
        yield Trial(f"{cell} with another {name}", partial(mixed, cell, name, value))


class Followed:
    """Which functions with guards each trial goes through, and with what those that insist were called."""

    def __init__(self, found: Sequence[Guard]) -> None:
        self.wanted = frozenset(code for guard in found for code in guard.readers)
        self.asked = frozenset(code for guard in found if guard.insists for code in guard.readers)
        self.given: dict[CodeType, dict[str, Any]] = {}

    def run(self, trial: Trial) -> list[str]:
        """Run it, and put down what it goes through."""

        def called(frame: FrameType, event: str, _: object) -> None:
            if event == "call" and frame.f_code in self.wanted:
                trial.met.add(frame.f_code)
                if frame.f_code in self.asked and frame.f_code not in self.given:
                    named = {"about", "values"} & frame.f_locals.keys()
                    rest = {name: value for each in named for name, value in frame.f_locals[each].items()}
                    self.given[frame.f_code] = {
                        name: value for name, value in frame.f_locals.items() if name not in named
                    } | rest  # fmt: skip

        sys.setprofile(called)
        try:
            return list(trial.run())
        finally:
            sys.setprofile(None)


def lets_a_stranger_in(matrix: Matrix, guard: Guard, given: Mapping[str, Any]) -> bool:
    """Whether what an owner or a manager asked of a service is done for a stranger who asks the same."""
    stranger = matrix.world.people["stranger with an account"]
    same = {name: replace(value, person_id=stranger) if isinstance(value, Asking) else value
            for name, value in given.items()}  # fmt: skip
    try:
        if "connection" not in given:
            guard.function(**same)
            return True
        with matrix.site.instance.database.writing() as connection:
            guard.function(**{**same, "connection": connection})
            return True
    except (NotFound, NotYours, Refused):
        return False


AGAIN = "the same is asked again before anything is shown or written"
FIRST = "it is found first among what is the check's or the cluster's own"
NOT_ALONE: Final = {
    "services.aggregates.readiness.ask #0": AGAIN,
    "services.clusters.campaigns.read #0": AGAIN,
    "services.clusters.exchange.look #1": AGAIN,
    "services.clusters.joint_actions.propose #0": AGAIN,
    "services.clusters.seen_of_member.look #0": AGAIN,
    "services.checks.section_links.end #1": FIRST,
    "storage.clusters.cluster_map.remove_link #0": FIRST,
    "storage.clusters.cluster_members.strike_off #0": FIRST,
    "storage.mentors.mentor_suggestions.answer_suggestion #0": FIRST,
    "storage.mentors.mentor_suggestions.name_in_plan #0": FIRST,
    "storage.clusters.exchanges.post_of #0": "a post is looked up by its company as well, which is taken away too",
    "services.mentors.mentoring._speaks_for_company #0": "it says only whose name stands on an invitation",
    "storage.clusters.clusters.standing_in #0": "it is taken away further up",
}
"""Guards that do not stand alone: without one of them another still holds."""


def test_without_any_one_guard_of_a_service_or_of_a_part_something_turns_red(
    matrix: Matrix, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = guards()
    followed, unseen, tried = Followed(found), [], 0
    assert {*NOT_ALONE} <= {str(guard).partition(":")[0] for guard in found}
    with matrix.with_a_worker():
        all_of_them = list(trials(matrix))
        for trial in all_of_them:
            assert followed.run(trial) == [], trial.said
        for guard in found:
            through = [trial for trial in all_of_them if guard.readers & trial.met]
            if not through or str(guard).partition(":")[0] in NOT_ALONE:
                continue
            tried += 1
            given = next((followed.given[code] for code in guard.readers & followed.given.keys()), None)
            guard.take_away(monkeypatch)
            red = (guard.insists and given is not None and lets_a_stranger_in(matrix, guard, given)) or any(
                list(trial.run()) for trial in through
            )
            monkeypatch.undo()
            matrix.restore()
            if not red:
                unseen.append(str(guard))
    assert tried >= 100
    assert unseen == [], "\n".join(unseen)
