"""A company that was taken out elsewhere is brought in: the same answers, plan and figures, no claim. PRV-09"""

import io
import json
import os
import zipfile
from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any
from unittest.mock import patch

import pytest
from click.testing import CliRunner

from assessment import cli
from assessment.core.access import Action
from assessment.services.asking import Asking
from assessment.services.people import bringing_in, taking_out
from assessment.services.people.bringing_in import BroughtIn, FileRefused
from assessment.storage.people import companies, people
from assessment.storage.upkeep import audit
from assessment.storage.upkeep import taking_out as stored
from tests.web.conftest import DEMO, MakeSite
from tests.web.mentored import CHOICE, Mentored, mentored
from tests.web.people import signed_in
from tests.web.routes import CANARY
from tests.web.visiting import Site

__all__ = ["mentored"]

NEW_OWNER = "new.owner@bakery.example"
OWN = {
    "assessments": ("questionnaire", "version", "depth", "language", "company_name", "site", "created_at"),
    "plan_items": ("measure", "entry", "title", "status", "owner", "deadline", "note", "refusal", "follow_up",
                   "position"),
    "money": ("entries", "wishes"),
    "scenarios": ("slot", "name", "measures"),
    "results": ("depth", "questionnaire", "version", "frozen"),
}  # fmt: skip
"""What a company typed, or what follows from it, by table; ids, roles and moments of storing are the instance's."""


@pytest.fixture(name="taken")
def _taken(mentored: Mentored) -> bytes:
    """The ZIP of a company with a check, a plan in its own order, own figures, wishes and a reviewed answer."""
    owner, hub = mentored.owner, mentored.hub
    page = owner.get(hub + "/use/electricity")
    owner.submit(page, {"amount": "41000"})
    owner.submit(owner.get(hub + "/best-plan"), {"budget": "3000"}, action="/best-plan")
    card = next(link for link in owner.get(hub + "/plan").links() if "/plan/measure:" in link)
    owner.submit(owner.get(card), {"status": "planned", "owner": "Maria", "note": f"after {CANARY}",
                                   "deadline.day": "31", "deadline.month": "3", "deadline.year": "2027"})  # fmt: skip
    owner.post(card + "/move", {"direction": "down"})
    mentored.review(CHOICE, "confirm", "Seen on the meter")
    content: bytes = owner.get(mentored.home + "/data.zip").body
    return content


def inside(content: bytes) -> dict[str, Any]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        found: dict[str, Any] = json.loads(archive.read("data.json"))
    return found


def own_part(checks: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What the company typed in its checks, in the order in which it began them."""
    found = []
    for check in sorted(checks.values(), key=lambda each: str(each["assessments"][0]["created_at"])):
        part: dict[str, Any] = {
            table: sorted(({name: row[name] for name in names} for row in check[table]), key=str)
            for table, names in OWN.items()
        }
        answers = check["assessments"][0]["answers"]
        part["answers"] = {name: {key: entry.get(key) for key in "vbny"} for name, entry in answers.items()}
        found.append(part)
    return found


def brought(site: Site, document: Mapping[str, Any], owner: str = NEW_OWNER) -> BroughtIn:
    return bringing_in.bring_in(site.instance, document, owner)


def checks_of(site: Site, company_id: str) -> dict[str, Any]:
    with site.instance.database.reading() as connection:
        return dict(stored.company_checks(connection, company_id))


def test_what_was_taken_out_is_the_same_after_it_was_brought_in_elsewhere(taken: bytes, make_site: MakeSite) -> None:
    elsewhere = make_site()
    document = bringing_in.document_of(taken)
    found = brought(elsewhere, document)
    assert (found.checks, found.left_out) == (1, [])
    (before,), (after,) = own_part(document["checks"]), own_part(checks_of(elsewhere, found.company_id))
    assert CANARY in str(before)
    assert before["answers"] == after["answers"]
    for table in OWN:
        assert before[table] == after[table], table
    # And once more, out of the second instance into a third.
    owner = signed_in(elsewhere, person_of(elsewhere, NEW_OWNER))
    again = bringing_in.document_of(owner.get(f"/companies/{found.company_id}/data.zip").body)
    assert own_part(again["checks"]) == [after]


def person_of(site: Site, email: str) -> str:
    with site.instance.database.reading() as connection:
        found = people.find_person(connection, email=email)
    assert found is not None
    return found.id


def test_the_named_owner_alone_gets_it_whatever_the_file_says_of_roles(taken: bytes, make_site: MakeSite) -> None:
    elsewhere = make_site()
    document = deepcopy(dict(bringing_in.document_of(taken)))
    owner = {"person_id": "f" * 32, "role": "owner", "company_id": "f" * 32, "joined_at": "2026-01-01T00:00:00Z"}
    document["of_the_company"]["memberships"].append(owner)
    document["owner"] = document["role"] = "administrator"
    found = brought(elsewhere, document)
    with elsewhere.instance.database.reading() as connection:
        members = companies.members_of(connection, found.company_id)
        person = people.find_person(connection, email=NEW_OWNER)
        entries = audit.entries(connection)
    assert person is not None
    assert [(member.person_id, member.role) for member in members] == [(person.id, "owner")]
    assert (person.staff_role, person.password_hash) == ("", "")
    rows = elsewhere.dump()
    for table in ("grants", "company_consents", "reviews", "comments", "access_log", "tokens", "sessions"):
        assert not [row for row in rows if row.startswith(f"{table}:")], table
    assert [entry.event for entry in entries] == ["company made"]


def test_no_id_of_the_file_is_taken_so_nothing_that_is_there_is_touched(taken: bytes, mentored: Mentored) -> None:
    """Brought in beside the original: everything of it stands, and the copy is another one."""
    site = mentored.site
    before = site.dump()
    found = brought(site, bringing_in.document_of(taken))
    after = site.dump()
    assert set(before) <= set(after)
    assert found.company_id != mentored.company_id
    (copy,) = checks_of(site, found.company_id)
    assert copy != mentored.draft_id
    new = "\n".join(set(after) - set(before))
    assert mentored.company_id not in new
    assert mentored.draft_id not in new
    assert mentored.owner_id not in new


def test_scores_of_the_file_are_not_believed(taken: bytes, make_site: MakeSite) -> None:
    honest, elsewhere = make_site(), make_site()
    document = deepcopy(dict(bringing_in.document_of(taken)))
    right = checks_of(honest, brought(honest, document).company_id)
    for check in document["checks"].values():
        for result in check["results"]:
            result["frozen"]["overall"]["headline"] = 100
            result["frozen"]["sections"] = {}
    wrong = checks_of(elsewhere, brought(elsewhere, document).company_id)
    (one,), (other,) = right.values(), wrong.values()
    assert one["results"][0]["frozen"] == other["results"][0]["frozen"]
    assert one["results"][0]["frozen"]["overall"]["headline"] != 100


def test_years_stay_tied_to_each_other(taken: bytes, make_site: MakeSite) -> None:
    elsewhere = make_site()
    document = deepcopy(dict(bringing_in.document_of(taken)))
    ((first_id, first),) = document["checks"].items()
    later = deepcopy(first)
    later["assessments"][0] |= {"id": "later", "previous_id": first_id, "created_at": "2026-11-24T13:00:00Z"}
    document["checks"]["later"] = later
    found = checks_of(elsewhere, brought(elsewhere, document).company_id)
    rows = [check["assessments"][0] for check in found.values()]
    (earliest,) = [row for row in rows if row["previous_id"] is None]
    (follows,) = [row for row in rows if row["previous_id"] is not None]
    assert follows["previous_id"] == earliest["id"] != first_id


def test_an_answer_that_the_question_does_not_take_is_left_out_and_told(taken: bytes, make_site: MakeSite) -> None:
    elsewhere = make_site()
    document = deepcopy(dict(bringing_in.document_of(taken)))
    answers = next(iter(document["checks"].values()))["assessments"][0]["answers"]
    answers[CHOICE]["v"] = "no such option"
    answers["ene-01"]["v"] = {"amount": "1e999999", "unit": "kWh", "typed": "x"}
    answers["no-such-question"] = {"v": "x", "r": 1, "at": "2026-01-01"}
    answers["p-03"] = {"v": [["deep"]], "r": 1, "at": "2026-01-01"}
    found = brought(elsewhere, document)
    told = " ".join(found.left_out)
    assert all(name in told for name in (CHOICE, "no-such-question", "p-03"))
    (check,) = checks_of(elsewhere, found.company_id).values()
    assert CHOICE not in check["assessments"][0]["answers"]


def change(path: str, value: object) -> Callable[[dict[str, Any]], None]:
    def changed(document: dict[str, Any]) -> None:
        *way, last = path.split("/")
        here: Any = document
        for step in way:
            here = next(iter(here.values())) if step == "*" else here[int(step)] if step.isdigit() else here[step]
        here[last] = value

    return changed


WRONG: dict[str, Callable[[dict[str, Any]], None]] = {
    "another schema": change("schema", "green-pathways-account-1"),
    "no name": change("company", ""),
    "a name of a million signs": change("company", "x" * 1_000_000),
    "a version that is not here": change("checks/*/assessments/0/version", "99"),
    "a depth that is none": change("checks/*/assessments/0/depth", "deepest"),
    "a day without a zone": change("checks/*/assessments/0/created_at", "2026-01-01T00:00:00"),
    "two rows of a check": change("checks/*/assessments", [{}, {}]),
    "a note of any length": change("checks/*/assessments/0/answers/" + CHOICE, {"v": None, "n": "x" * 3001}),
    "a status that is none": change("checks/*/plan_items", [{"id": "x", "status": "owned"}]),
    "an action twice": change("checks/*/plan_items", [{"id": "x", "status": "done", "measure": "solar-pv"}] * 2),
    "own figures that are none": change("checks/*/money", [{"entries": {"amounts": {"x": "many"}}, "wishes": {}}]),
    "a third scenario": change("checks/*/scenarios", [{"slot": "c", "name": "x", "measures": []}]),
    "a control sign": change("company", "Bell \u0007"),
    "half a sign": change("company", "Half \ud800"),
    "a list for checks": change("checks", []),
    "what was noted is none": change("checks/*/plan_items", [{"id": "x", "status": "done", "follow_up": {"cost": 7}}]),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_nothing_is_written_for_a_file_with(taken: bytes, make_site: MakeSite, what: str) -> None:
    elsewhere = make_site()
    document = deepcopy(inside(taken))
    WRONG[what](document)
    before = elsewhere.dump()
    with pytest.raises(FileRefused):
        brought(elsewhere, bringing_in.document_of(json.dumps(document).encode()))
    assert elsewhere.dump() == before


def bomb() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("data.json", "w") as inner:
        for _ in range(bringing_in.MOST_BYTES // 1_000_000 + 2):
            inner.write(b" " * 1_000_000)
    return written.getvalue()


@pytest.mark.parametrize(
    "content",
    [b"", b"no json", b"[]", b"{}", b"\xff\xfe", b"PK\x03\x04 broken", b"[" * 200_000, b'{"schema": NaN}', b"7"],
    ids=lambda content: repr(content[:12]),
)
def test_what_is_no_such_file_is_told_in_words(content: bytes) -> None:
    with pytest.raises(FileRefused):
        bringing_in.document_of(content)


def test_a_zip_that_grows_without_end_is_cut_off() -> None:
    content = bomb()
    assert len(content) < 1_000_000
    with pytest.raises(FileRefused, match="larger"):
        bringing_in.document_of(content)


def test_the_command_brings_it_in_and_says_what_was_left_out(taken: bytes, make_site: MakeSite) -> None:
    elsewhere = make_site()
    folder = elsewhere.database.parent
    file = folder / "taken.zip"
    file.write_bytes(taken)
    environ = {**os.environ, **DEMO, "ASSESSMENT_DATA": str(folder)}
    with patch.dict(os.environ, environ, clear=True):
        done = CliRunner().invoke(cli.commands, ["import-company", str(file), "--owner", NEW_OWNER])
        assert (done.exit_code, "1 checks" in done.output) == (0, True), done.output
        refused = CliRunner().invoke(cli.commands, ["import-company", str(file), "--owner", "nobody"])
        assert refused.exit_code == 1
        missing = CliRunner().invoke(cli.commands, ["import-company", str(file)])
        assert "--owner" in missing.output
    owner = signed_in(elsewhere, person_of(elsewhere, NEW_OWNER))
    assert "Sample Bakery" in owner.get("/account/companies").words


def test_nobody_takes_out_by_an_action_that_is_not_theirs(mentored: Mentored) -> None:
    """The file comes from an owner alone: the negative control of all above."""
    asking = Asking("", Action.DELETE_COMPANY, mentored.mentor_id)
    with pytest.raises(Exception, match=mentored.company_id):
        taking_out.company(mentored.site.instance, asking, mentored.company_id)
