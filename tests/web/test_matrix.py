"""Every route, tried by every role on what is their own, somebody else's, taken back, deleted or not there."""

import logging
import os
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from werkzeug.datastructures import MultiDict
from werkzeug.routing import Rule

from assessment.content.library import Library
from assessment.core.access import Action, Relation, Standpoint
from assessment.services import mails
from assessment.services.mails import Mail
from assessment.storage.people import companies as stored_companies
from assessment.web import policies
from assessment.web.policies import needs
from tests.web.conftest import DEMO, site_in
from tests.web.mailbox import open_mailbox
from tests.web.matrix import CLUSTER_RELATIONS, EVERYBODY, MORE, OTHER_SECTION, RELATIONS, Cell, Matrix
from tests.web.matrix_forms import LOOKED_AT
from tests.web.roles import CLUSTER_MARKS, MARKS, NOBODY, ROLES, WRITTEN, World, build, relation
from tests.web.sweeping_roles import SWEEPERS, SignedInSweep
from tests.web.test_bad_input_sweep import as_it_came, fails, leads_away, shows_its_inside, writes_and_refuses
from tests.web.test_canaries import OUR_LOGS, WORD
from tests.web.visiting import Site

SEED, INPUTS, INPUTS_IN_SOAK = 20261126, 500, 10_000
OWNERS = {"unowned": "holder of the link", "ours": "owner"}
FOR_EVERYBODY = ("nobody", "holder of the link", "owner")
DRAWN = re.compile(r"\b[0-9a-f]{32,64}\b|[A-Za-z0-9_-]{40,}=*")
"""What is drawn anew each time: ids and digests."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, library: Library) -> World:
    """Everybody and everything in one database."""
    folder = tmp_path_factory.mktemp("world")
    return build(site_in(folder / "building", library, DEMO), folder / "kept")


@pytest.fixture(scope="module")
def matrix(tmp_path_factory: pytest.TempPathFactory, library: Library, world: World) -> Iterator[Matrix]:
    """A site on that database."""
    folder: Path = tmp_path_factory.mktemp("matrix")
    with open_mailbox() as mailbox, listening() as heard:
        site = site_in(folder / "site", library, DEMO, smtp_url=mailbox.url, mail_from="check@example.org")
        made = Matrix(site, world, mailbox=mailbox)
        made.site.app.extensions["heard"] = heard
        yield made
        made.close()
        made.site.instance.database.close()


class Heard(logging.Handler):
    """Every line that is logged and has a mark of anybody in it."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if WORD.search(line := self.format(record)):
            self.lines.append(line)


@contextmanager
def listening() -> Iterator[Heard]:
    """Hears what the product and its server log meanwhile, down to the last detail."""
    heard, loggers = Heard(), [logging.getLogger(name) for name in OUR_LOGS]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.addHandler(heard)
        logger.setLevel(logging.DEBUG)
    try:
        yield heard
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.removeHandler(heard)
            logger.setLevel(level)


def rules(matrix: Matrix, method: str) -> list[Rule]:
    return [rule for rule in matrix.rules if method in (rule.methods or ())]


# First, because others ask what it found.
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_every_route_answers_every_role_as_it_is_written_down(matrix: Matrix, method: str) -> None:
    found = matrix.faults(matrix.cells((method,), FOR_EVERYBODY))
    assert not found, "\n".join(found)


def test_mails_told_nobody_what_is_not_theirs_and_there_were_some_to_everybody_who_has_a_say(matrix: Matrix) -> None:
    """What each said was held against its reader as it went out, by the test before."""
    assert {"owner", "mentor", "manager"} <= matrix.mailed, matrix.mailed


def test_a_mail_that_tells_of_another_company_is_found(matrix: Matrix) -> None:
    address = next(address for address, role in matrix.addresses.items() if role == "owner")
    for mark, found in (("Harriermarke001", 1), ("Ospreymarke001", 0)):
        told = Mail(address, "News", (f"They said {mark}.",), notice=True)
        with matrix.site.instance.database.writing() as connection:
            job = mails.post(matrix.site.instance, connection, told)
        mails.go_out(matrix.site.instance, job)
        assert len(list(matrix.told_by_mail("owner"))) == found
    matrix.restore()


@pytest.mark.soak
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_is_there_for_everybody_is_there_for_every_role(matrix: Matrix, method: str) -> None:
    open_to_all = (cell for cell in matrix.cells((method,)) if matrix.policy(cell.rule) in EVERYBODY)
    found = matrix.faults(open_to_all)
    assert not found, "\n".join(found)


def test_every_form_is_known_well_enough_to_change_something(matrix: Matrix) -> None:
    unknown = {rule.rule for rule in rules(matrix, "POST") if matrix.of_somebody(rule)} - matrix.changing
    assert unknown == LOOKED_AT, "tests/web/routes.py: say in `effective` what these forms need."


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS"])
def test_asking_without_reading_tells_no_more_and_changes_nothing(matrix: Matrix, method: str) -> None:
    for rule in rules(matrix, method):
        if not matrix.of_somebody(rule):
            continue
        ours, _, chief = matrix.ours(rule)
        for role in ("nobody", "mentor whose access has ended", "manager who left", "owner of another company"):
            theirs, nowhere = (
                matrix.send(Cell(rule, method, role, of), matrix.path(rule, of)) for of in (ours, "missing")
            )
            assert (theirs.status, theirs.headers.get("Content-Length")) == (
                nowhere.status, nowhere.headers.get("Content-Length"),
            ), f"{method} {rule.rule} {role}"  # fmt: skip
        page = matrix.send(Cell(rule, method, chief, ours), matrix.path(rule, ours))
        assert page.status < 500, f"{method} {rule.rule}"
        assert not matrix.changed(), f"{method} {rule.rule} changes {matrix.what_changed()}"


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE"])
def test_methods_that_no_route_knows_change_nothing(matrix: Matrix, method: str) -> None:
    for rule in matrix.rules:
        of, _, chief = matrix.ours(rule)
        page = matrix.send(Cell(rule, method, chief, of), matrix.path(rule, of))
        assert page.status in (400, 405), f"{method} {rule.rule}: {page.status}"
    assert not matrix.changed()


def test_a_link_to_a_section_opens_no_other(matrix: Matrix) -> None:
    role, tried = "holder of a section link", 0
    for rule in (rule for rule in matrix.rules if matrix.of_somebody(rule) and "section" in rule.arguments):
        for method in {"GET", "POST"} & (rule.methods or set()):
            cell, here = Cell(rule, method, role, "ours"), {"section": OTHER_SECTION, "page": f"{OTHER_SECTION}-01"}
            form = matrix.form(cell) if method == "POST" else None
            assert matrix.send(cell, matrix.path(rule, "ours", **here), form).status == 404, cell
            tried += 1
    assert tried >= 4
    assert not matrix.changed()


def test_a_form_from_elsewhere_changes_nothing_whoever_is_signed_in(matrix: Matrix) -> None:
    for cell in matrix.accepted():
        form = matrix.form(cell)
        for token in ("", "x" * 64, matrix.tokens["stranger with an account"]):
            if token != matrix.tokens[cell.role]:
                form["csrf_token"] = token
                assert matrix.send(cell, matrix.path(cell.rule, cell.of, cell.role), form).status == 400, cell
        assert not matrix.changed(), f"{cell} changed {matrix.what_changed()}"


def stored(matrix: Matrix, cell: Cell, form: MultiDict[str, str]) -> tuple[int, list[str]]:
    """What a form leaves behind, with everything that is drawn anew put away."""
    page = matrix.send(cell, matrix.path(cell.rule, cell.of, cell.role), form)
    # A form that was answered is kept with its answer, and so with what it held.
    rows = [row for row in matrix.new_rows() if not row.startswith("idempotency: ")]
    matrix.restore()
    return page.status, sorted(DRAWN.sub("#", row) for row in sorted(rows))


def test_what_nobody_asked_for_in_a_form_is_not_stored(matrix: Matrix) -> None:
    stranger, company = matrix.world.people["stranger with an account"], matrix.world.companies["theirs"]
    theirs = {
        "company_id": company, "org_id": company, "owner_id": stranger, "person_id": stranger, "mentor_id": stranger,
    }  # fmt: skip
    for cell in matrix.accepted():
        form = matrix.form(cell)
        more = form.copy()
        for name, value in {**MORE, **theirs}.items():
            if name not in form:
                more[name] = value
        as_meant, with_more = stored(matrix, cell, form), stored(matrix, cell, more)
        assert with_more == as_meant or (with_more[0] in (400, 422) and with_more[1] == []), cell


def test_what_is_part_of_another_company_is_not_found_under_our_own(matrix: Matrix) -> None:
    for cell, name, value in matrix.mixed():
        form = {"csrf_token": matrix.tokens[cell.role]}
        nowhere = matrix.send(cell, matrix.path(cell.rule, cell.of, **{name: NOBODY}), form)
        assert nowhere.status == 404, f"{cell} with a {name} that is not there: {nowhere.status}"
        assert list(matrix.elsewhere(cell, nowhere, **{name: value})) == [], f"{cell} with another {name}"


def test_who_may_no_longer_when_something_is_written_changes_nothing(matrix: Matrix) -> None:
    found = [f"{cell} {fault} after {way[-1]}" for cell, way in matrix.ends() for fault in matrix.losing(cell, way)]
    assert not found, "\n".join(found)


def test_a_form_about_what_is_deleted_in_the_same_moment_is_answered_with_a_page(matrix: Matrix) -> None:
    found = [f"{cell} {fault}" for cell in matrix.accepted() if matrix.of_somebody(cell.rule)
             for fault in matrix.vanishing(cell)]  # fmt: skip
    assert not found, "\n".join(found)


def test_what_a_form_changes_of_somebody_else_is_found(matrix: Matrix, monkeypatch: pytest.MonkeyPatch) -> None:
    (rule,) = (rule for rule in rules(matrix, "POST") if rule.rule == "/companies/<company_id>/name")
    theirs, rename = matrix.world.companies["theirs"], stored_companies.rename
    for company, found in (("", []), (theirs, ["changed somebody else's companies"])):
        monkeypatch.setattr(stored_companies, "rename", lambda at, own, name, of=company: rename(at, of or own, name))
        assert list(matrix.faults_of(Cell(rule, "POST", "owner", "ours"))) == found


# Whoever is let in may still type anything. INP-05, INP-10 to INP-13


def test_bad_input_of_those_who_are_signed_in_never_harms(matrix: Matrix) -> None:
    sweep = SignedInSweep(matrix, SEED)
    assert sweep.run(range(INPUTS)) == []
    assert sweep.roles == {*SWEEPERS}
    assert {address for address, _ in sweep.reached} == {rule.rule for rule, _ in sweep.rules}
    assert {200, 303, 400, 404, 405, 422} <= set(sweep.statuses), sweep.statuses


@pytest.mark.soak
def test_many_bad_inputs_of_a_new_seed_never_harm(matrix: Matrix) -> None:
    seed = int(os.environ.get("ASSESSMENT_TEST_SEED") or time.time())
    assert SignedInSweep(matrix, seed).run(range(INPUTS_IN_SOAK)) == []


HARM: Mapping[Callable[[Site], object], str] = {
    as_it_came: "as it came", fails: "status 500", writes_and_refuses: "changed rows and answered 422",
    shows_its_inside: "shows 'Traceback", leads_away: "leads away to '//evil",
}  # fmt: skip


def test_views_that_do_harm_to_those_who_are_signed_in_are_found(
    tmp_path: Path, library: Library, world: World
) -> None:
    site = site_in(tmp_path / "site", library, DEMO)
    addresses = {view: f"/companies/<company_id>/{view.__name__}" for view in HARM}
    for view, address in addresses.items():
        broken = needs(Action.SEE_COMPANY)(lambda company_id, view=view: view(site))
        site.app.add_url_rule(address, address, broken)
    policies.set_up(site.app)
    made = Matrix(site, world, with_forms=False)
    for view, address in addresses.items():
        found = SignedInSweep(made, SEED, only=address).run(range(400))
        assert any(HARM[view] in text for text in found), (address, found)
        assert all(f"seed {SEED}, input " in text for text in found)
    made.close()
    site.instance.database.close()


def test_what_was_logged_meanwhile_holds_no_mark_of_anybody(matrix: Matrix) -> None:
    heard: Heard = matrix.site.app.extensions["heard"]
    assert heard.lines == []
    logging.getLogger("assessment.mail").debug("to Ospreymarke001")
    assert [line for line in heard.lines if "Ospreymarke001" in line]
    heard.lines.clear()


# That the matrix itself sees what it is for


def test_the_marks_of_others_are_found_where_they_are(matrix: Matrix) -> None:
    least = {("ours", "owner"): 10, ("theirs", "owner of another company"): 10, ("unowned", "holder of the link"): 10,
             ("our cluster", "manager"): 1}  # fmt: skip
    for (of, role), pages in least.items():
        shown = 0
        for rule in rules(matrix, "GET"):
            if matrix.of_somebody(rule) and matrix.of_cluster(rule) == (of == "our cluster"):
                page = matrix.send(Cell(rule, "GET", role, of), matrix.path(rule, of))
                shown += bool(matrix.foreign_marks("nobody", page))
                assert not matrix.foreign_marks(role, page)
        assert shown > pages, of
    workbook = matrix.send(Cell(matrix.rules[0], "GET", "owner", "ours"), files(matrix, "xlsx"))
    assert workbook.body.startswith(b"PK")
    assert any(mark.startswith(MARKS["ours"][0]) for mark in matrix.foreign_marks("nobody", workbook))


def files(matrix: Matrix, form: str) -> str:
    return f"/assessments/{matrix.world.checks['ours']}/plan/files/{form}"


def test_the_matrix_is_written_for_all_that_the_product_knows() -> None:
    assert {*RELATIONS, *CLUSTER_RELATIONS} == {relation.value for relation in Relation}
    open_to_all = {"anybody", "somebody on the way in", "somebody with an account"}
    assert {point.value for point in Standpoint} == {*WRITTEN["standpoints"], *open_to_all}
    known = {role for roles in (*WRITTEN["standpoints"].values(), WRITTEN["without an account"]) for role in roles}
    assert known <= set(ROLES)
    assert {of for stands in WRITTEN["roles"].values() for of in stands} <= {*MARKS, *CLUSTER_MARKS}
    assert relation("owner", "ours") == "owner"


def test_a_new_route_is_picked_up_by_itself_and_one_that_cannot_be_filled_in_is_named(
    tmp_path: Path, library: Library, world: World
) -> None:
    site = site_in(tmp_path / "site", library, DEMO)

    @needs(Action.READ_ANSWERS)
    def shows_to_anybody(draft_id: str, chapter: str = "") -> tuple[str, dict[str, str]]:
        return draft_id + chapter, {"Content-Type": "text/plain"}

    for address in ("/assessments/<draft_id>/leak", "/assessments/<draft_id>/chapters/<chapter>"):
        site.app.add_url_rule(address, address, shows_to_anybody)
    policies.set_up(site.app)
    made = Matrix(site, world, with_forms=False)
    found = made.faults((cell for cell in made.cells(("GET",)) if cell.rule.endpoint == cell.rule.rule), most=1000)
    made.close()
    site.instance.database.close()
    leak, unfilled = "GET /assessments/<draft_id>/leak by", "GET /assessments/<draft_id>/chapters/<chapter> by"
    assert f"{leak} nobody, ours: is hidden, but was answered 200 " in found
    assert not any(text.startswith(f"{leak} owner, ours") for text in found)
    assert any(text.startswith(unfilled) and "does not know how to fill in" in text for text in found)
