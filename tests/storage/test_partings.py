"""A company goes whole, an account goes whole, and whoever leaves is forgotten where they were. PRV-04, 06, 07."""

import json
import secrets
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, insert, select, update

from assessment.storage import jobs, migrating
from assessment.storage import sqlite as sqlite_rules
from assessment.storage.clusters import cluster_members, cluster_tables, clusters, exchanges
from assessment.storage.clusters.clusters import Cluster
from assessment.storage.columns import metadata
from assessment.storage.database import Database
from assessment.storage.mentors.review_tables import comments, review_history
from assessment.storage.people import access, companies, interrupted, partings, people
from assessment.storage.people.partings import Gone
from assessment.storage.people.people_tables import companies as company_table
from assessment.storage.people.people_tables import company_consents, grants, memberships, opened_glass, passkeys
from assessment.storage.people.people_tables import people as people_table
from assessment.storage.tables import assessments, sessions, tokens
from assessment.storage.upkeep import erasure
from assessment.storage.upkeep.erasure import Retention
from tests.storage.conftest import NOW, started
from tests.storage.test_erasure import filled

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
KEPT = timedelta(days=730)
OF_CLUSTERS = (
    "clusters", "cluster_managers", "cluster_links", "cluster_sums", "releases", "comparison_groups", "campaigns",
    "campaign_addresses", "cluster_documents", "opt_outs", "joint_actions", "roadmap_lines", "exchange_talks",
)  # fmt: skip
"""What belongs to a cluster, and names no company but by the row of its membership."""


def person(connection: Connection, name: str, *, seen_at: datetime = NOW, staff_role: str = "") -> str:
    added = people.add_person(
        connection, f"{name}@firm.test", seen_at, uniquifier=secrets.token_hex(8), name=name, staff_role=staff_role
    )
    return added.id


def firm(database: Database, canary: str) -> tuple[str, str, str]:
    """A company with a row in every table, its owner, and a colleague who belongs elsewhere too; their ids."""
    draft = filled(database, canary)
    with database.writing() as connection:
        access.end_session(connection, f"session {canary}")
        company_id = connection.execute(select(assessments.c.company_id).where(assessments.c.id == draft.id)).scalar()
        assert company_id is not None
        connection.execute(update(company_table).where(company_table.c.id == company_id).values(name=canary))
        owner = companies.members_of(connection, company_id)[0].person_id
        people.change_person(connection, owner, name=canary, email=f"{canary}@firm.test")
        colleague = person(connection, f"colleague-{canary[-4:]}")
        companies.add_member(connection, company_id, colleague, "editor", NOW)
        companies.add_company(connection, "Another", colleague, NOW)
        mentor = person(connection, f"mentor-{canary[-4:]}", staff_role="mentor")
        at = {"company_id": company_id, "id": secrets.token_hex(8)}
        connection.execute(insert(grants), {**at, "mentor_id": mentor, "state": "active", "offered_at": NOW})
        glass = {"administrator_id": mentor, "reason": canary + " " * 20, "opened_at": NOW, "ends_at": NOW}
        connection.execute(insert(opened_glass), {**at, **glass})
        agreed = {"viewer": "mentor", "viewer_id": mentor, "given": True, "text_hash": "h", "language": "en"}
        connection.execute(
            insert(company_consents),
            {"company_id": company_id, **agreed, "how": canary, "person_id": colleague, "at": NOW},
        )
        link = {"purpose": "join", "hash": canary, "email": f"{canary}@firm.test", "created_at": NOW}
        connection.execute(insert(tokens), {**at, **link, "arguments": json.dumps({"words": canary})})
        jobs.enqueue(connection, "mail", {"company": company_id, "lines": [canary]}, f"mail:{canary}", NOW)
        jobs.enqueue(connection, "mail", {"to": f"{canary}@firm.test"}, "mail:to-owner", NOW)
        signed_in = {"hash": canary, "created_at": NOW, "seen_at": NOW, "person_id": owner, "device": canary}
        connection.execute(insert(sessions), signed_in)
        # Another browser of theirs, in which time ended their session while they typed.
        browser = secrets.token_hex(32)
        access.create_session(connection, browser, NOW)
        interrupted.note_end(connection, browser, owner, NOW)
        interrupted.hold(connection, browser, draft.id, canary, [("note", canary)], NOW)
        key = {
            "id": canary[-12:], "person_id": owner, "credential_id": canary.encode(), "public_key": b"",
            "sign_count": 0, "transports": "", "extensions": "", "device_type": "", "backed_up": False, "usage": "",
            "name": canary, "created_at": NOW, "used_at": NOW,
        }  # fmt: skip
        connection.execute(insert(passkeys), key)
        _in_a_cluster(connection, company_id, owner, canary)
    return company_id, owner, colleague


def _in_a_cluster(connection: Connection, company_id: str, person_id: str, canary: str) -> None:
    """Membership in a cluster of others, and all that a company leaves there."""
    at = {"cluster_id": canary[-4:], "company_id": company_id, "person_id": person_id, "id": secrets.token_hex(8)}
    runs = person(connection, f"manager-{canary[-4:]}", staff_role="manager")
    made = Cluster(
        canary[-4:], "Others", canary[-4:], {}, "", "", "resource-efficiency", "", 5, False, NOW, None, None, None, NOW
    )
    clusters.add(connection, made, canary[-4:], runs)
    cluster_members.join(connection, made.id, company_id, canary, "code", 2, NOW, ("counted",))
    joint = {"id": canary[-4:], "cluster_id": made.id, "practice": "", "kind": "", "title": "", "words": ""}
    connection.execute(insert(cluster_tables.joint_actions), {**joint, "until": NOW.date(), "created_at": NOW})
    said = {"joint_action_id": canary[-4:], "answer": "yes", "words": canary, "at": NOW}
    connection.execute(insert(cluster_tables.joint_answers), {"company_id": company_id, "person_id": person_id, **said})
    exchanges.take_part(connection, made.id, company_id, "BG", canary, person_id, NOW)
    offered = {
        "side": "offer", "material": "", "title": canary, "waste_code": "", "amount": "", "unit": "", "period": "",
        "months": "", "reach": 0, "note": "", "created_at": NOW,
    }  # fmt: skip
    connection.execute(insert(cluster_tables.exchange_posts), {**at, **offered})


def hits(database: Database, *words: str) -> dict[str, int]:
    """In which tables any of the words is found."""
    found: dict[str, int] = {}
    with database.reading() as connection:
        for table in metadata.sorted_tables:
            count = sum(any(word in str(tuple(row)) for word in words) for row in connection.execute(select(table)))
            if count:
                found[table.name] = count
    return found


def test_a_company_goes_with_everything_and_with_the_accounts_that_were_there_for_it_alone(database: Database) -> None:
    theirs, *_ = firm(database, "canary-theirs-0001")
    company_id, owner, colleague = firm(database, "canary-mine-0002")
    assert {table.name for table in metadata.sorted_tables} - set(hits(database, "canary-mine", company_id, owner)) <= {
        # Nobody's, or what its check has alone: those are searched by their own tests.
        "limit_counters", "suggestions", "suggestion_history", "audit_log", "session_drafts", "reviews", "idempotency",
        "review_history", "reviewed_marks", "comments", "mentor_notes", "mentor_suggestions", "proposed_answers",
        "saving_confirmations", "next_visits", "review_sums", "begun_from", "draft_addresses", *OF_CLUSTERS,
    }  # fmt: skip
    with database.writing() as connection:
        assert {found for found, _ in partings.only_here(connection, company_id)} == {owner}
        gone = partings.erase_company(connection, company_id)
    assert gone.companies == (company_id,)
    assert gone.people == (owner,)
    assert len(gone.checks) == 1
    assert hits(database, "canary-mine", company_id, owner, *gone.checks) == {}
    assert hits(database, "canary-theirs")
    with database.reading() as connection:
        assert people.find_person(connection, id=colleague) is not None
        assert companies.find_company(connection, theirs) is not None


@pytest.mark.parametrize("journal", ["wal", "truncate"])
def test_no_byte_of_an_erased_company_stays_in_the_files(tmp_path: Path, journal: sqlite_rules.Journal) -> None:
    database = Database(f"sqlite:///{tmp_path / 'a.sqlite3'}", journal=journal)
    migrating.upgrade(database)
    firm(database, "canary-theirs-0001")
    company_id, owner, _ = firm(database, "canary-mine-0002")
    with database.writing() as connection:
        partings.erase_company(connection, company_id)
    database.scrub()
    left = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    for word in ("canary-mine", company_id, owner):
        assert word.encode() not in left
    assert b"canary-theirs" in left
    database.close()


def test_an_account_goes_and_a_longer_address_that_ends_alike_stays(database: Database) -> None:
    with database.writing() as connection:
        gone, stays = person(connection, "ann"), person(connection, "joann")
        for name in ("ann", "joann"):
            jobs.enqueue(connection, "mail", {"to": f"{name}@firm.test"}, f"mail:{name}", NOW)
    with database.writing() as connection:
        assert partings.erase_person(connection, gone) == Gone(people=(gone,))
        assert not partings.erase_person(connection, gone)
    with database.reading() as connection:
        assert people.find_person(connection, id=stays) is not None
        assert jobs.find(connection, "mail:ann") is None
        assert jobs.find(connection, "mail:joann") is not None


def test_who_leaves_a_company_is_named_there_no_more_and_stays_named_elsewhere(database: Database) -> None:
    company_id, _, colleague = firm(database, "canary-mine-0002")
    with database.writing() as connection:
        check = connection.execute(select(assessments.c.id).where(assessments.c.company_id == company_id)).scalar()
        words = {"question": "", "words": "we did", "person_id": colleague, "at": NOW}
        said = {"id": "c", "assessment_id": check, **words, "by_mentor": False, "settled": False}
        connection.execute(insert(comments), said)
        step = {"step": 99, "state": "asked", "revision": 1, "by_mentor": False}
        connection.execute(insert(review_history), {"assessment_id": check, **words, **step, "question": "q"})
        for table in (cluster_tables.exchange_members, cluster_tables.exchange_posts, cluster_tables.joint_answers):
            connection.execute(update(table).where(table.c.company_id == company_id).values(person_id=colleague))
    other, *_ = firm(database, "canary-other-0003")
    elsewhere = cluster_tables.exchange_posts.c.company_id == other
    with database.writing() as connection:
        connection.execute(update(cluster_tables.exchange_posts).where(elsewhere).values(person_id=colleague))
        partings.forget_author(connection, company_id, colleague)
    with database.reading() as connection:
        signed = [table for table in metadata.sorted_tables if {"company_id", "person_id"} <= set(table.columns.keys())]
        of_company = {table for table in signed if table.name not in {"memberships", "tokens", "access_log"}}
        assert of_company == {
            company_consents, cluster_tables.exchange_members, cluster_tables.exchange_posts,
            cluster_tables.joint_answers,
        }  # fmt: skip
        for table in (comments, review_history, *of_company):
            mine = select(func.count()).select_from(table).where(table.c.person_id == colleague)
            left = int(table is cluster_tables.exchange_posts)
            assert connection.execute(mine).scalar() == left, table.name
        still = select(cluster_tables.exchange_posts.c.person_id).where(elsewhere)
        assert connection.execute(still).scalar() == colleague
        kept = select(comments.c.words).where(comments.c.id == "c")
        assert connection.execute(kept).scalar() == "we did"


def test_a_company_can_be_taken_back_until_its_time_is_over_and_not_a_second_longer(database: Database) -> None:
    at = NOW + 7 * DAY
    with database.writing() as connection:
        company = companies.add_company(connection, "Firm", person(connection, "owner"), NOW)
        assert partings.mark_for_erasing(connection, company.id, at)
        assert not partings.mark_for_erasing(connection, company.id, at + DAY)
        assert partings.due_companies(connection, at - SECOND) == ()
        assert partings.due_companies(connection, at + SECOND) == (company.id,)
        assert not partings.take_back(connection, company.id, at + SECOND)
        assert partings.take_back(connection, company.id, at - SECOND)
        assert not partings.take_back(connection, company.id, at - SECOND)
        assert partings.due_companies(connection, at + SECOND) == ()


def test_a_company_that_nobody_belongs_to_is_due_at_once(database: Database) -> None:
    with database.writing() as connection:
        company = companies.add_company(connection, "Firm", person(connection, "owner"), NOW)
        connection.execute(memberships.delete())
        assert partings.due_companies(connection, NOW) == (company.id,)


def told(database: Database, now: datetime, notices: int) -> list[str]:
    with database.writing() as connection:
        due = [email for _, email, _ in partings.unused_accounts(connection, now, KEPT, notices)]
        for found, *_ in partings.unused_accounts(connection, now, KEPT, notices):
            partings.count_notice(connection, found, notices + 1, now)
    return due


def test_an_unused_account_is_told_twice_and_goes_after_two_years(database: Database) -> None:
    with database.writing() as connection:
        person(connection, "away")
        person(connection, "admin", staff_role="administrator")
    end = NOW + KEPT
    assert told(database, end - 60 * DAY - SECOND, 0) == []
    assert told(database, end - 60 * DAY, 0) == ["away@firm.test"]
    assert told(database, end - 60 * DAY, 0) == []
    assert told(database, end - 14 * DAY - SECOND, 1) == []
    assert told(database, end - 14 * DAY, 1) == ["away@firm.test"]
    for at, due in ((end - SECOND, 0), (end + SECOND, 1)):
        with database.reading() as connection:
            assert len(partings.unused_accounts(connection, at, KEPT, 2)) == due


def test_nobody_is_told_and_gone_at_once_where_the_calendar_stood_still(database: Database) -> None:
    with database.writing() as connection:
        person(connection, "away")
    late = NOW + KEPT + 400 * DAY
    assert told(database, late, 0) == ["away@firm.test"]
    assert told(database, late, 1) == []
    assert told(database, late + 46 * DAY, 1) == ["away@firm.test"]
    with database.reading() as connection:
        assert partings.unused_accounts(connection, late + 60 * DAY - SECOND, KEPT, 2) == ()
        assert len(partings.unused_accounts(connection, late + 60 * DAY, KEPT, 2)) == 1


def test_who_comes_back_is_told_anew_another_time(database: Database) -> None:
    with database.writing() as connection:
        away = person(connection, "away")
    late = NOW + KEPT - 60 * DAY
    assert told(database, late, 0) == ["away@firm.test"]
    with database.writing() as connection:
        people.change_person(connection, away, seen_at=late + DAY)
        assert partings.forget_notices(connection, late + DAY, KEPT) == 1
        assert connection.execute(select(people_table.c.told_at)).scalar() is None


def test_the_only_owner_is_kept_as_long_as_a_colleague_comes(database: Database) -> None:
    lately = NOW + KEPT
    with database.writing() as connection:
        owner = person(connection, "owner")
        company = companies.add_company(connection, "Firm", owner, NOW)
        colleague = person(connection, "colleague", seen_at=lately)
        companies.add_member(connection, company.id, colleague, "editor", NOW)
    assert told(database, lately, 0) == []
    with database.writing() as connection:
        people.change_person(connection, colleague, seen_at=NOW)
    assert sorted(told(database, lately, 0)) == ["colleague@firm.test", "owner@firm.test"]


def test_who_is_switched_off_cannot_come_and_is_neither_told_nor_gone_for_that(database: Database) -> None:
    with database.writing() as connection:
        away = person(connection, "away")
        people.change_person(connection, away, active=False)
    assert told(database, NOW + 2 * KEPT, 0) == []
    with database.writing() as connection:
        people.change_person(connection, away, active=True)
    assert told(database, NOW + 2 * KEPT, 0) == ["away@firm.test"]


def test_a_company_is_left_with_an_owner_who_is_switched_off_and_not_with_one_who_is_about_to_go(
    database: Database,
) -> None:
    with database.writing() as connection:
        owner, other = person(connection, "owner"), person(connection, "other")
        company = companies.add_company(connection, "Firm", owner, NOW)
        companies.add_member(connection, company.id, other, "owner", NOW)
        for values, alone in (
            ({"active": True}, ()), ({"active": False}, ()), ({"active": False, "erase_at": NOW}, (company.id,))
        ):  # fmt: skip
            people.change_person(connection, other, **values)
            assert partings.leaving_nobody(connection, owner) == alone
            # Whoever goes of their own accord leaves it to somebody who can come.
            assert partings.sole_owner_of(connection, owner) == (() if values == {"active": True} else (company.id,))


def test_links_go_thirty_days_after_they_ended_or_were_left_unused(database: Database) -> None:
    with database.writing() as connection:
        kinds: dict[str, dict[str, datetime | None]] = {
            "unused": {"expires_at": NOW + 7 * DAY}, "used": {"expires_at": NOW + 99 * DAY, "used_at": NOW},
            "ended": {"expires_at": NOW + 99 * DAY, "revoked_at": NOW}, "good": {"expires_at": NOW + 99 * DAY},
            "back": {"expires_at": None},
        }  # fmt: skip
        for name, more in kinds.items():
            link = {"id": name, "purpose": "join", "hash": name, "created_at": NOW, "used_at": None, "revoked_at": None}
            connection.execute(insert(tokens), {**link, **more})
        assert partings.prune_tokens(connection, NOW + 30 * DAY - SECOND, 30 * DAY) == 0
        assert partings.prune_tokens(connection, NOW + 30 * DAY + SECOND, 30 * DAY) == 3
        left = connection.execute(select(tokens.c.id).order_by(tokens.c.id)).scalars().all()
    assert left == ["back", "good"]


def test_a_check_in_an_account_outlives_the_time_of_one_without(database: Database) -> None:
    company_id, *_ = firm(database, "canary-mine-0002")
    started(database)
    with database.writing() as connection:
        gone = erasure.prune(connection, NOW + timedelta(days=4000), Retention())
        assert (gone.drafts, gone.finished) == (1, 0)
        assert len(companies.checks_of(connection, company_id)) == 1
