"""The checks of a company from year to year: found backwards by anybody who may look, forwards by a key alone."""

from assessment.storage import access, years
from assessment.storage.database import Database
from assessment.storage.drafts import Draft
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


def test_the_next_check_is_told_only_to_who_may_open_it(database: Database, draft: Draft) -> None:
    following = started(database, previous_id=draft.id)
    with database.writing() as connection:
        for session in ("mine", "other"):
            access.create_session(connection, session, NOW)
        access.grant(connection, "mine", following.id, NOW)
    with database.reading() as connection:
        assert years.next_check(connection, "mine", draft.id) == following.id
        assert years.next_check(connection, "other", draft.id) is None
        assert years.next_check(connection, "mine", following.id) is None
