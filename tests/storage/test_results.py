"""Results are frozen and numbered, reports are kept by digest."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from assessment.core.errors import NotFound
from assessment.storage.checks import results
from assessment.storage.checks.drafts import Draft
from assessment.storage.checks.results import StoredResult
from assessment.storage.database import Database
from tests.storage.conftest import NOW, started


def freeze(database: Database, assessment_id: str, depth: str, frozen: str) -> StoredResult:
    with database.writing() as connection:
        return results.add_result(
            connection,
            assessment_id,
            depth=depth,
            engine="1",
            questionnaire="resource-efficiency",
            version="1",
            language="en",
            frozen=frozen,
            now=NOW,
        )


def test_the_newest_result_is_the_current_one_even_within_one_moment(database: Database, draft: Draft) -> None:
    with database.reading() as connection:
        assert results.latest_result(connection, draft.id) is None
        assert results.latest_results_by_depth(connection, draft.id) == {}
    quick = freeze(database, draft.id, "quick", '{"score": 1}')
    full = freeze(database, draft.id, "full", '{"score": 2}')
    again = freeze(database, draft.id, "full", '{"score": 3}')
    freeze(database, started(database).id, "full", '{"score": 9}')
    assert [result.number for result in (quick, full, again)] == [1, 2, 3]
    with database.reading() as connection:
        assert results.latest_result(connection, draft.id) == again
        assert results.latest_results_by_depth(connection, draft.id) == {"quick": quick, "full": again}


def test_two_submissions_at_once_are_numbered_one_after_the_other(database: Database, draft: Draft) -> None:
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(lambda number: freeze(database, draft.id, "full", str(number)), range(8)))
    assert sorted(result.number for result in made) == list(range(1, 9))


def test_a_result_of_an_assessment_that_is_gone_is_not_kept(database: Database) -> None:
    with pytest.raises(NotFound):
        freeze(database, "0" * 32, "full", "{}")


def add_document(
    database: Database, assessment_id: str, digest: str, content: bytes = b"%PDF", report: str = "action-plan"
) -> None:
    with database.writing() as connection:
        results.add_document(
            connection, assessment_id, digest=digest, report=report, pages=12, content=content, now=NOW
        )  # fmt: skip


def test_a_report_is_kept_for_its_assessment_alone_and_the_first_one_stays(database: Database, draft: Draft) -> None:
    other = started(database)
    add_document(database, draft.id, "d", b"%PDF first")
    add_document(database, draft.id, "d", b"%PDF second")
    with database.reading() as connection:
        found = results.document(connection, draft.id, "d")
        assert found is not None
        assert (found.content, found.pages, found.report, found.made_at) == (b"%PDF first", 12, "action-plan", NOW)
        assert results.has_document(connection, draft.id, "d")
        assert not results.has_document(connection, other.id, "d")
        assert results.document(connection, other.id, "d") is None
    add_document(database, other.id, "d", b"%PDF theirs")
    with database.reading() as connection:
        theirs = results.document(connection, other.id, "d")
    assert theirs is not None
    assert theirs.content == b"%PDF theirs"


def test_reports_that_a_newer_one_replaced_are_dropped(database: Database, draft: Draft) -> None:
    for digest in ("a", "b", "c"):
        add_document(database, draft.id, digest)
    add_document(database, draft.id, "r", report="mentor-review")
    with database.writing() as connection:
        assert results.drop_other_documents(connection, draft.id, "action-plan", "b") == 2
        assert results.has_document(connection, draft.id, "b")
        assert results.has_document(connection, draft.id, "r")


def test_a_report_is_handed_out_by_its_own_name_alone(database: Database, draft: Draft) -> None:
    add_document(database, draft.id, "r", b"%PDF review", "mentor-review")
    assert results.document_content(database, draft.id, "mentor-review", "r") == b"%PDF review"
    assert results.document_content(database, draft.id, "action-plan", "r") is None
