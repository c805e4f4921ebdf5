"""Sessions and tokens: only hashes are kept, purposes do not mix, ending works at once. AUTH-08, AUTH-17, SES-01."""

from datetime import timedelta

from assessment.storage.checks import assessments
from assessment.storage.checks.drafts import Draft
from assessment.storage.database import Database
from assessment.storage.people import access
from tests.storage.conftest import NOW, started

HOUR = timedelta(hours=1)


def test_a_session_is_found_until_it_is_ended(database: Database, draft: Draft) -> None:
    with database.writing() as connection:
        access.create_session(connection, "s", NOW)
        access.grant(connection, "s", draft.id, NOW)
        assert access.find_session(connection, "s") == access.StoredSession("s", NOW, NOW)
        assert access.is_granted(connection, "s", draft.id)
        assert access.end_session(connection, "s")
        assert not access.end_session(connection, "s")
    with database.reading() as connection:
        assert access.find_session(connection, "s") is None
        assert not access.is_granted(connection, "s", draft.id)
        assert assessments.draft_of(connection, draft.id) is not None
    assert assessments.open_draft(database, "s", "", draft.id, NOW) is None


def test_presence_is_noted_once_a_day(database: Database) -> None:
    day = timedelta(days=1)
    with database.writing() as connection:
        session = access.create_session(connection, "s", NOW)
        assert not session.seen_is_due(NOW + day - HOUR)
        assert session.seen_is_due(NOW + day)
        assert not access.touch_session(connection, "s", NOW + day - HOUR)
        assert access.touch_session(connection, "s", NOW + day)
        assert not access.touch_session(connection, "s", NOW + day)


def test_leaving_one_assessment_keeps_the_others(database: Database, draft: Draft) -> None:
    other = started(database)
    with database.writing() as connection:
        access.create_session(connection, "s", NOW)
        for each in (draft, other):
            access.grant(connection, "s", each.id, NOW)
        assert access.leave(connection, "s", draft.id)
        assert not access.leave(connection, "s", draft.id)
        assert not access.is_granted(connection, "s", draft.id)
        assert access.is_granted(connection, "s", other.id)


def test_a_renewed_session_opens_what_the_old_one_did_and_the_old_one_nothing(database: Database, draft: Draft) -> None:
    with database.writing() as connection:
        access.create_session(connection, "old", NOW)
        access.grant(connection, "old", draft.id, NOW)
        access.renew_session(connection, "old", "new", NOW)
    with database.reading() as connection:
        assert access.is_granted(connection, "new", draft.id)
        assert not access.is_granted(connection, "old", draft.id)
        assert access.find_session(connection, "old") is None


def test_a_token_is_found_for_its_purpose_alone(database: Database, draft: Draft) -> None:
    with database.writing() as connection:
        access.add_tokens(connection, draft.id, {"resume-link": "l", "resume-code": "c"}, NOW)
        found = access.find_token(connection, "l", "resume-link", NOW)
        assert found is not None
        assert found.assessment_id == draft.id
        assert access.find_token(connection, "l", "resume-code", NOW) is None
        assert access.find_token(connection, "c", "resume-link", NOW) is None
        assert access.find_token(connection, "x", "resume-link", NOW) is None


def test_an_expired_token_is_not_found(database: Database, draft: Draft) -> None:
    with database.writing() as connection:
        access.add_tokens(connection, draft.id, {"resume-link": "l"}, NOW, NOW + HOUR)
        assert access.find_token(connection, "l", "resume-link", NOW + HOUR - timedelta(seconds=1)) is not None
        assert access.find_token(connection, "l", "resume-link", NOW + HOUR) is None
        assert access.valid_tokens(connection, draft.id, NOW + HOUR) == ()


def test_revoked_tokens_open_nothing_and_new_ones_do(database: Database, draft: Draft) -> None:
    other = started(database)
    with database.writing() as connection:
        access.add_tokens(connection, draft.id, {"resume-link": "l", "resume-code": "c"}, NOW)
        access.add_tokens(connection, other.id, {"resume-link": "o"}, NOW)
        assert access.revoke_tokens(connection, draft.id, NOW, "resume-code") == 1
        assert access.find_token(connection, "c", "resume-code", NOW) is None
        assert access.find_token(connection, "l", "resume-link", NOW) is not None
        assert access.revoke_tokens(connection, draft.id, NOW) == 1
        assert access.find_token(connection, "l", "resume-link", NOW) is None
        access.add_tokens(connection, draft.id, {"resume-link": "l2"}, NOW)
        assert [token.purpose for token in access.valid_tokens(connection, draft.id, NOW)] == ["resume-link"]
        assert access.find_token(connection, "o", "resume-link", NOW) is not None
