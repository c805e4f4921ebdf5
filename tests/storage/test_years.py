"""The checks of a company from year to year: found backwards by anybody who may look, forwards by a key alone."""

from datetime import timedelta

from assessment.storage.checks import years
from assessment.storage.checks.drafts import Draft
from assessment.storage.database import Database
from assessment.storage.tables import assessments
from tests.storage.conftest import NOW, started


def test_the_earlier_checks_are_found_the_latest_first(database: Database, draft: Draft) -> None:
    second = started(database, previous_id=draft.id)
    third = started(database, previous_id=second.id)
    with database.reading() as connection:
        assert years.earlier_checks(connection, third.id) == (second.id, draft.id)
        assert years.earlier_checks(connection, draft.id) == ()
        assert years.earlier_checks(connection, "gone") == ()


def test_checks_that_follow_each_other_in_a_ring_come_to_an_end(database: Database, draft: Draft) -> None:
    second = started(database, previous_id=draft.id)
    with database.writing() as connection:
        connection.execute(assessments.update().where(assessments.c.id == draft.id).values(previous_id=second.id))
    with database.reading() as connection:
        assert len(years.earlier_checks(connection, draft.id)) == years.MOST_YEARS


def test_the_checks_that_follow_are_told_the_newest_first(database: Database, draft: Draft) -> None:
    first, second = started(database, previous_id=draft.id), started(database, previous_id=draft.id)
    with database.writing() as connection:
        later = assessments.update().where(assessments.c.id == second.id)
        connection.execute(later.values(created_at=NOW + timedelta(days=1)))
    with database.reading() as connection:
        assert years.later_checks(connection, draft.id) == (second.id, first.id)
        assert years.later_checks(connection, second.id) == ()
