"""Everything of an assessment can be taken out and taken away, and what has outlived its time goes. PRV-03, 04, 07."""

import json
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import func, insert, select

from assessment.core.checks.answers import Remark
from assessment.core.checks.attachments import attachment_of
from assessment.core.checks.review import Review
from assessment.core.plans.follow_up import FollowUp
from assessment.storage import idempotency, jobs, migrating
from assessment.storage import sqlite as sqlite_rules
from assessment.storage.aggregates import contributions
from assessment.storage.aggregates.contributions import StoredContribution
from assessment.storage.checks import assessments, draft_addresses, evidence, results
from assessment.storage.checks.assessments import Change
from assessment.storage.checks.draft_addresses import DraftAddress
from assessment.storage.checks.drafts import Draft
from assessment.storage.classification import KEPT
from assessment.storage.clusters import cluster_members, clusters
from assessment.storage.clusters.clusters import Cluster
from assessment.storage.columns import metadata
from assessment.storage.database import Database
from assessment.storage.idempotency import Once
from assessment.storage.limits import DatabaseStorage
from assessment.storage.mentors import confirmed_savings, interviews, mentor_suggestions, reviews
from assessment.storage.mentors.confirmed_savings import Terms
from assessment.storage.money import money
from assessment.storage.people import access, companies, interrupted, people
from assessment.storage.plans import plan_items
from assessment.storage.plans.plan_items import PlanFields
from assessment.storage.tables import limit_counters
from assessment.storage.upkeep import erasure
from assessment.storage.upkeep.erasure import Retention
from tests.papers import paper
from tests.storage.conftest import NOW, started

SECOND = timedelta(seconds=1)


def filled(database: Database, canary: str) -> Draft:
    """An assessment with a row in every table, the canary in every text a person can write."""
    draft = started(database)
    with database.writing() as connection:
        access.create_session(connection, f"session {canary}", NOW)
        access.grant(connection, f"session {canary}", draft.id, NOW)
        once = Once(f"session {canary}", f"key {canary}", "digest", f"/assessments/{draft.id}")
        assessments.save_answers(
            connection, draft, [Change("ene-03", canary, Remark("bills", canary, canary))], NOW, once
        )
        # A start is remembered before there is an assessment to name: the reply alone names it.
        idempotency.claim(connection, Once("somebody", canary, "digest", f"/start/{draft.id}"), NOW)
        assessments.set_company_name(connection, draft.id, canary, NOW)
        results.add_result(
            connection,
            draft.id,
            depth="full",
            engine="1",
            questionnaire="q",
            version="1",
            language="en",
            frozen=json.dumps({"company": canary}),
            now=NOW,
        )
        plan_items.add_own(
            connection,
            draft.id,
            PlanFields(title=canary, deadline=date(2027, 1, 1), follow_up=FollowUp(besides=canary)),
            NOW,
        )
        money.save_money(connection, draft.id, 0, NOW, entries={"unit": canary}, wishes={"excluded": [canary]})
        money.save_scenario(connection, draft.id, "a", canary, [canary], NOW)
        access.add_tokens(connection, draft.id, {"resume-link": f"token {canary}"}, NOW)
        jobs.enqueue(connection, "report", {"name": canary}, f"report:{canary}", NOW, draft.id)
        jobs.enqueue(connection, "other", {"draft": draft.id, "name": canary}, f"other:{canary}", NOW)
        # The account that it belongs to stays when one of its checks goes, so it bears no mark.
        person = people.add_person(connection, f"{uuid4().hex}@firm.test", NOW, uniquifier=uuid4().hex)
        company = companies.add_company(connection, "", person.id, NOW)
        companies.claim(connection, draft.id, company.id, NOW)
        draft_addresses.keep(connection, DraftAddress(draft.id, canary, canary, "en", True), NOW)
        name = uuid4().hex
        cluster = Cluster(name, name, name, {}, "", "", "q", "", 5, False, NOW, None, None, None, NOW)
        clusters.add(connection, cluster, name, person.id)
        cluster_members.note_started_at(connection, draft.id, cluster.id)
        given = StoredContribution(company.id, draft.id, "result", NOW, {"sector": canary})
        contributions.keep(connection, "q", given)
        access.grant(connection, f"session {canary}", draft.id, NOW)
        interrupted.note_end(connection, f"session {canary}", person.id, NOW)
        interrupted.hold(connection, f"session {canary}", draft.id, canary, [("ene-03.note", canary)], NOW)
        companies.note_look(connection, company.id, draft.id, person.id, "read answers", NOW, reason=canary)
        proposal = Review("ene-03", "proposed", 1, canary, canary, canary, canary, 1)
        reviews.keep_step(connection, draft.id, proposal, canary, person.id, NOW, by_mentor=True)
        reviews.add_comment(connection, draft.id, "", canary, person.id, NOW, by_mentor=True)
        reviews.add_note(connection, draft.id, "ene-03", canary, person.id, NOW)
        reviews.add_mark(connection, draft.id, person.id, 1, NOW)
        reviews.set_visit(connection, draft.id, date(2027, 1, 1), canary, person.id, NOW)
        mentor_suggestions.suggest(connection, draft.id, "", canary, canary, person.id, NOW)
        interviews.propose_answer(connection, draft.id, "ene-03", canary, canary, person.id, NOW)
        terms, noted = Terms(canary, canary, 500, Decimal(30)), FollowUp(besides=canary)
        confirmed_savings.confirm_saving(connection, draft.id, f"own:{canary}", canary, noted, terms, person.id, NOW)
        evidence.attach(
            connection, draft.id, "ene-03", canary, attachment_of(paper(canary)), person.id, NOW
        )  # fmt: skip
        results.add_document(
            connection, draft.id, digest=canary, report="r", pages=1, content=b"%PDF " + canary.encode(), now=NOW
        )
    return draft


def counts(database: Database) -> dict[str, int]:
    with database.reading() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in metadata.sorted_tables
        }


def test_every_table_is_either_an_assessments_or_known_to_be_nobodys() -> None:
    nobodys = {table.name for table in metadata.sorted_tables} - {table.name for table in erasure.belonging()}
    # A session is a browser's, not a firm's; a counter holds a digest; a suggestion is about the catalogue.
    nobodys -= {"sessions", "limit_counters", "suggestions", "suggestion_history"}
    # What is a person's or a whole company's, and the chain of records, which holds ids alone.
    assert nobodys == {
        "people", "passkeys", "companies", "memberships", "grants", "company_consents", "opened_glass", "audit_log",
    } | {name for name, kept in KEPT.items() if "cluster" in name or kept.owner == "cluster"} | {
        # What a company says in a cluster goes with the company, and an address that opted out stays as a digest.
        "joint_answers", "exchange_members", "exchange_places", "exchange_posts", "opt_outs",
    }  # fmt: skip


def test_a_firms_tables_are_tied_to_it_by_a_key_that_takes_them_along() -> None:
    for table in erasure.belonging():
        if table.name in {"assessments", "idempotency"}:
            continue
        assert {key.ondelete for key in table.c.assessment_id.foreign_keys} == {"CASCADE"}, table.name


def test_an_export_holds_every_column_of_every_table_or_says_why_not(database: Database) -> None:
    draft = filled(database, "canary-0815")
    with database.reading() as connection:
        taken = erasure.export_all(connection, draft.id)
    for table in erasure.belonging():
        assert taken[table.name], table.name
        for row in taken[table.name]:
            withheld = {column for name, column in erasure.WITHHELD if name == table.name}
            assert set(row) == {column.name for column in table.columns} - withheld
    assert json.loads(json.dumps(taken)) == taken
    (row,) = taken["assessments"]
    assert row["answers"]["ene-03"]["v"] == "canary-0815"
    assert taken["results"][0]["frozen"] == {"company": "canary-0815"}
    assert taken["plan_items"][0]["deadline"] == "2027-01-01"
    assert taken["plan_items"][0]["follow_up"] == {"besides": "canary-0815"}
    assert row["created_at"] == "2026-11-24T12:00:00.000000+00:00"


def test_what_is_withheld_exists_and_has_a_reason() -> None:
    for (table, column), reason in erasure.WITHHELD.items():
        assert column in metadata.tables[table].columns
        assert reason


def test_an_export_of_one_firm_holds_nothing_of_another(database: Database) -> None:
    draft = filled(database, "canary-mine")
    filled(database, "canary-theirs")
    with database.reading() as connection:
        taken = json.dumps(erasure.export_all(connection, draft.id))
    assert "canary-mine" in taken
    assert "canary-theirs" not in taken


def test_an_export_holds_what_was_said_to_the_firm_and_not_what_a_mentor_noted_alone(database: Database) -> None:
    draft = filled(database, "canary-mine")
    with database.reading() as connection:
        taken = erasure.export_all(connection, draft.id)
    assert taken["comments"][0]["words"] == "canary-mine"
    assert taken["reviews"][0]["proposed"] == "canary-mine"
    assert "canary-mine" not in json.dumps(taken["mentor_notes"])


def test_erasing_takes_every_row_of_that_firm_and_none_of_another(database: Database) -> None:
    filled(database, "canary-theirs")
    before = counts(database)
    draft = filled(database, "canary-mine")
    next_year = started(database, previous_id=draft.id)
    with database.writing() as connection:
        assert erasure.erase(connection, draft.id)
        assert not erasure.erase(connection, draft.id)
        access.end_session(connection, "session canary-mine")
    with database.reading() as connection:
        left = assessments.draft_of(connection, next_year.id)
    assert left is not None
    assert left.previous_id is None
    stays = {"assessments", "people", "companies", "memberships", "clusters", "cluster_managers"}
    assert counts(database) == {name: count + (name in stays) for name, count in before.items()}
    with database.reading() as connection:
        for table in metadata.sorted_tables:
            for row in connection.execute(select(table)):
                assert "canary-mine" not in str(tuple(row)), table.name
                assert draft.id not in str(tuple(row)), table.name


@pytest.mark.parametrize("journal", ["wal", "truncate"])
def test_no_byte_of_an_erased_firm_stays_in_the_files(tmp_path: Path, journal: sqlite_rules.Journal) -> None:
    database = Database(f"sqlite:///{tmp_path / 'a.sqlite3'}", journal=journal)
    migrating.upgrade(database)
    filled(database, "canary-theirs")
    drafts = [filled(database, f"canary-mine-{number}") for number in range(20)]
    assert b"canary-mine" in _bytes_of(tmp_path)
    with database.writing() as connection:
        for number, draft in enumerate(drafts):
            assert erasure.erase(connection, draft.id)
            access.end_session(connection, f"session canary-mine-{number}")
    database.scrub()
    left = _bytes_of(tmp_path)
    assert b"canary-mine" not in left
    assert not any(draft.id.encode() in left for draft in drafts)
    assert b"canary-theirs" in left
    database.close()


def _bytes_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())


def test_scrubbing_is_harmless_on_either_engine(database: Database, draft: Draft) -> None:
    database.scrub()
    with database.reading() as connection:
        assert assessments.draft_of(connection, draft.id) == draft


def pruned(database: Database, now: datetime, **kinds: int) -> None:
    """Prune and compare with what was expected to go."""
    with database.writing() as connection:
        gone = erasure.prune(connection, now, Retention())
    found = {name: getattr(gone, name) for name in gone.__dataclass_fields__ if getattr(gone, name)}
    assert found == kinds


def test_a_draft_goes_thirty_days_after_its_last_change(database: Database, draft: Draft) -> None:
    changed = NOW + timedelta(days=3)
    with database.writing() as connection:
        assessments.set_company_name(connection, draft.id, "x", changed)
        # Looking at it does not prolong it.
        assessments.touch_visited(connection, draft.id, changed + timedelta(days=20))
    pruned(database, changed + timedelta(days=30) - SECOND)
    pruned(database, changed + timedelta(days=30) + SECOND, drafts=1)
    pruned(database, changed + timedelta(days=30) + SECOND)


def test_a_finished_check_goes_thirteen_months_after_the_last_visit(database: Database, draft: Draft) -> None:
    visited = NOW + timedelta(days=100)
    with database.writing() as connection:
        results.add_result(
            connection,
            draft.id,
            depth="full",
            engine="1",
            questionnaire="q",
            version="1",
            language="en",
            frozen="{}",
            now=NOW,
        )
        assessments.touch_visited(connection, draft.id, visited)
    pruned(database, visited + timedelta(days=395) - SECOND)
    pruned(database, visited + timedelta(days=395) + SECOND, finished=1)
    assert counts(database)["results"] == 0


def test_a_change_after_the_last_noted_visit_counts_as_a_visit(database: Database, draft: Draft) -> None:
    changed = NOW + timedelta(hours=20)
    with database.writing() as connection:
        results.add_result(
            connection, draft.id, depth="full", engine="1", questionnaire="q", version="1", language="en", frozen="{}",
            now=NOW,
        )  # fmt: skip
        assessments.set_company_name(connection, draft.id, "Example", changed)
    pruned(database, changed + timedelta(days=395) - SECOND)
    pruned(database, changed + timedelta(days=395) + SECOND, finished=1)


def test_last_years_check_stays_as_long_as_the_one_that_follows_it(database: Database, draft: Draft) -> None:
    with database.writing() as connection:
        results.add_result(
            connection, draft.id, depth="full", engine="1", questionnaire="q", version="1", language="en", frozen="{}",
            now=NOW,
        )  # fmt: skip
    late = NOW + timedelta(days=400)
    with database.writing() as connection:
        following = assessments.create(
            connection, questionnaire="q", version="1", depth="full", language="en", now=late, previous_id=draft.id
        )
    pruned(database, late + timedelta(days=29))
    pruned(database, late + timedelta(days=31), drafts=1, finished=1)
    with database.reading() as connection:
        assert assessments.draft_of(connection, following.id) is None


def test_a_session_goes_after_thirty_days_unless_it_still_opens_something(database: Database, draft: Draft) -> None:
    with database.writing() as connection:
        access.create_session(connection, "empty", NOW)
        access.create_session(connection, "open", NOW)
        access.grant(connection, "open", draft.id, NOW)
        assessments.set_company_name(connection, draft.id, "x", NOW + timedelta(days=20))
    pruned(database, NOW + timedelta(days=30) - SECOND)
    pruned(database, NOW + timedelta(days=30) + SECOND, sessions=1)
    pruned(database, NOW + timedelta(days=50) + SECOND, drafts=1, sessions=1)


def test_a_key_goes_after_a_day(database: Database) -> None:
    with database.writing() as connection:
        idempotency.claim(connection, Once("a", "k", "d", "/"), NOW)
    pruned(database, NOW + timedelta(hours=24) - SECOND)
    pruned(database, NOW + timedelta(hours=24) + SECOND, idempotency=1)


def test_a_done_job_goes_after_thirty_days_and_a_dead_one_waits(database: Database) -> None:
    with database.writing() as connection:
        for effect in ("done", "waiting"):
            job_id = jobs.enqueue(connection, "report", {}, effect, NOW)
            if effect == "done":
                job = jobs.lease(connection, job_id, NOW)
                assert job is not None
                jobs.finish(connection, job, NOW)
    pruned(database, NOW + timedelta(days=30) - SECOND)
    pruned(database, NOW + timedelta(days=30) + SECOND, jobs=1)
    assert counts(database)["jobs"] == 1


def test_a_counter_goes_when_its_window_has_passed(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(insert(limit_counters), {"key": "k", "hits": 3, "expires_at": NOW.timestamp()})
    pruned(database, NOW - SECOND)
    pruned(database, NOW + SECOND, counters=1)
    assert DatabaseStorage(database=database, secret="x").get("k") == 0


def test_pruning_goes_in_portions_and_says_when_scrubbing_is_due(database: Database) -> None:
    for _ in range(5):
        started(database)
    late = NOW + timedelta(days=31)
    portions = []
    for _ in range(4):
        with database.writing() as connection:
            gone = erasure.prune(connection, late, Retention(), limit=2)
        portions.append((gone.drafts, gone.erased))
    assert portions == [(2, True), (2, True), (1, True), (0, False)]
