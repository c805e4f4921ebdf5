"""Documents at answers: kept once, counted, read by their own check alone, and gone from the files at once. PRV-04."""

from pathlib import Path

import pytest

from assessment.core.checks.attachments import attachment_of
from assessment.storage import migrating
from assessment.storage import sqlite as sqlite_rules
from assessment.storage.checks import evidence
from assessment.storage.checks.assessments import Change, Giver, save_answers
from assessment.storage.checks.drafts import Draft
from assessment.storage.database import Database
from assessment.storage.mentors.reviews import answers_given
from assessment.storage.people import companies, partings, people
from tests.papers import paper, photo
from tests.storage.conftest import NOW, started

BILL = attachment_of(paper("canary-1906"))


@pytest.fixture
def owner(database: Database) -> str:
    with database.writing() as connection:
        return people.add_person(connection, "owner@firm.test", NOW, uniquifier="u", name="Olga").id


def company_of(database: Database, draft: Draft, owner: str) -> str:
    with database.writing() as connection:
        company = companies.add_company(connection, "Firm", owner, NOW)
        assert companies.claim(connection, draft.id, company.id, NOW)
    return company.id


def test_a_document_comes_back_as_it_was_and_a_list_tells_who_brought_it(
    database: Database, draft: Draft, owner: str
) -> None:
    with database.writing() as connection:
        assert evidence.attach(connection, draft.id, "ene-03", "bill.pdf", BILL, owner, NOW)
        evidence.attach(connection, draft.id, "wat-01", "photo.jpg", attachment_of(photo()), owner, NOW)
    with database.reading() as connection:
        first, second = evidence.documents_of(connection, draft.id)
        assert {first.name, second.name} == {"bill.pdf", "photo.jpg"}
        (bill,) = evidence.documents_of(connection, draft.id, ["ene-03", "ene-04"])
        assert (bill.kind, bill.size, bill.who, bill.at) == ("pdf", len(BILL.content), "Olga", NOW)
        assert evidence.content_of(connection, draft.id, bill.id) == (bill, BILL.content)


def test_a_document_is_found_by_its_own_check_alone(database: Database, draft: Draft, owner: str) -> None:
    other = started(database)
    with database.writing() as connection:
        evidence.attach(connection, draft.id, "ene-03", "bill.pdf", BILL, owner, NOW)
        (bill,) = evidence.documents_of(connection, draft.id)
        assert evidence.content_of(connection, other.id, bill.id) is None
        assert not evidence.remove(connection, other.id, "ene-03", bill.id)
        assert not evidence.remove(connection, draft.id, "ene-04", bill.id)
        assert evidence.remove(connection, draft.id, "ene-03", bill.id)
        assert not evidence.remove(connection, draft.id, "ene-03", bill.id)


def test_the_same_bytes_at_an_answer_are_one_document(database: Database, draft: Draft, owner: str) -> None:
    with database.writing() as connection:
        assert evidence.attach(connection, draft.id, "ene-03", "bill.pdf", BILL, owner, NOW)
        assert evidence.is_there(connection, draft.id, "ene-03", BILL)
        assert not evidence.attach(connection, draft.id, "ene-03", "again.pdf", BILL, owner, NOW)
        assert not evidence.is_there(connection, draft.id, "ene-04", BILL)
        assert evidence.attach(connection, draft.id, "ene-04", "bill.pdf", BILL, owner, NOW)
        assert len(evidence.documents_of(connection, draft.id)) == 2


def test_the_room_left_counts_all_checks_of_the_company_and_no_other(
    database: Database, draft: Draft, owner: str
) -> None:
    company_id, second, foreign = company_of(database, draft, owner), started(database), started(database)
    with database.writing() as connection:
        companies.claim(connection, second.id, company_id, NOW)
        for check in (draft, second, foreign):
            evidence.attach(connection, check.id, "ene-03", "bill.pdf", BILL, owner, NOW)
        room = evidence.room(connection, draft.id, "ene-03", company_id)
    assert (room.documents, room.company_bytes) == (1, 2 * len(BILL.content))
    with database.reading() as connection:
        assert {taken.assessment_id for taken in evidence.of_company(connection, company_id)} == {draft.id, second.id}


@pytest.mark.parametrize("journal", ["wal", "truncate"])
@pytest.mark.parametrize("cleaned", [True, False])
def test_no_byte_of_a_removed_document_stays_in_the_files(
    tmp_path: Path, journal: sqlite_rules.Journal, cleaned: bool
) -> None:
    database = Database(f"sqlite:///{tmp_path / 'a.sqlite3'}", journal=journal)
    migrating.upgrade(database)
    draft = started(database)
    large = attachment_of(paper("canary-1906" * 5000))
    with database.writing() as connection:
        evidence.attach(connection, draft.id, "ene-03", "canary-1906.pdf", large, "", NOW)
        (bill,) = evidence.documents_of(connection, draft.id)
    assert b"canary-1906" in _bytes_of(tmp_path)
    with database.writing() as connection:
        assert evidence.remove(connection, draft.id, "ene-03", bill.id)
    if cleaned:
        database.let_go()
    # What was written in between lies in the file beside until somebody clears it: this is what the cleaning is for.
    assert (b"canary-1906" in _bytes_of(tmp_path)) is (journal == "wal" and not cleaned)
    database.close()


def _bytes_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())


def test_whoever_goes_leaves_what_they_gave_and_brought_without_a_name(
    database: Database, draft: Draft, owner: str
) -> None:
    company_of(database, draft, owner)
    with database.writing() as connection:
        colleague = people.add_person(connection, "colleague@firm.test", NOW, uniquifier="c", name="Emil").id
        save_answers(connection, draft, [Change("ene-03", "monthly")], NOW, by=Giver(colleague))
        evidence.attach(connection, draft.id, "ene-03", "bill.pdf", BILL, colleague, NOW)
        assert [given.who for given in answers_given(connection, draft.id, "ene-03")] == ["Emil"]
        assert partings.erase_person(connection, colleague).people == (colleague,)
        assert [given.who for given in answers_given(connection, draft.id, "ene-03")] == [""]
        assert [found.who for found in evidence.documents_of(connection, draft.id)] == [""]


def test_who_leaves_the_company_is_no_longer_named_there(database: Database, draft: Draft, owner: str) -> None:
    company_id = company_of(database, draft, owner)
    with database.writing() as connection:
        save_answers(connection, draft, [Change("ene-03", "monthly")], NOW, by=Giver(owner, "accepted"))
        evidence.attach(connection, draft.id, "ene-03", "bill.pdf", BILL, owner, NOW)
        partings.forget_author(connection, company_id, owner)
        (given,) = answers_given(connection, draft.id, "ene-03")
        assert (given.who, given.road) == ("", "accepted")
        assert [found.who for found in evidence.documents_of(connection, draft.id)] == [""]
