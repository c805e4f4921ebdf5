"""Saving answers: one effect, nobody overwritten, nothing half saved. DUR-07, DUR-08, DUR-09."""

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, func, select

from assessment.core.access import Relation, Standing
from assessment.core.checks.answers import Marker, Quantities, Quantity, Remark, Value
from assessment.core.errors import Conflict, NotFound
from assessment.storage import idempotency
from assessment.storage.checks import assessments, drafts
from assessment.storage.checks.assessments import Change, Saved
from assessment.storage.checks.drafts import Draft, Entry, StoredAnswers
from assessment.storage.database import Database
from assessment.storage.idempotency import Once
from assessment.storage.people import access
from assessment.storage.sqlite import driver
from assessment.storage.tables import answer_history
from tests.storage.conftest import NOW, started

LATER = NOW + timedelta(minutes=5)


def save(database: Database, draft: Draft, *changes: Change, once: Once | None = None) -> Saved:
    with database.writing() as connection:
        return assessments.save_answers(connection, draft, changes, LATER, once)


def stored(database: Database, draft: Draft) -> Draft:
    with database.reading() as connection:
        found = assessments.draft_of(connection, draft.id)
    assert found is not None
    return found


def test_a_save_that_changes_few_bytes_writes_few_pages(
    database: Database, draft: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A long document is written over in its place. The control does without what keeps it as long as it was."""
    if database.journal != "wal":
        pytest.skip("only this journal is counted")
    long = [Change(f"ene-{number}", "yes", Remark("", "x" * 400, "")) for number in range(40)]
    draft = save(database, draft, *long).draft
    journal = Path(f"{database.path}-wal")

    def written(draft: Draft, value: str) -> tuple[Draft, int]:
        with database.writing() as connection:
            connection.exec_driver_sql("SELECT 1")
        with closing(driver.connect(str(database.path))) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        change = Change("ene-7", value, long[7].remark, draft.revisions["ene-7"])
        draft = save(database, draft, change).draft
        return draft, journal.stat().st_size // 4096

    # SQLite has the numbers 0 and 1 for nothing, so the counter takes its own byte from the second save on.
    draft, _ = written(draft, "no")
    draft, in_place = written(draft, "not-yet")
    monkeypatch.setattr(drafts, "_STEP", 1)
    draft, _ = written(draft, "no")
    draft, elsewhere = written(draft, "not-yet")
    assert in_place + 4 < elsewhere


def history(database: Database, draft: Draft) -> Sequence[tuple[str, int, str | None]]:
    h = answer_history.c
    with database.reading() as connection:
        rows = connection.execute(
            select(h.question, h.revision, h.value).where(h.assessment_id == draft.id).order_by(h.id)
        )
        return [(row[0], row[1], row[2]) for row in rows]


@pytest.mark.parametrize(
    "value",
    [
        "yes",
        "ΑΒΓ Ценова 'quotes' \"and\" \\ %s ?",
        frozenset({"b", "a"}),
        Marker.DO_NOT_KNOW,
        Marker.NOT_APPLICABLE,
        date(2026, 2, 28),
        Quantity(Decimal("12.50"), "mwh", "12,50"),
        Quantities((("gas", Quantity(Decimal("1"), "kwh", "1")), ("oil", Quantity(Decimal("0"), "l", "0")))),
    ],
)
def test_every_kind_of_answer_comes_back_as_it_was_given(database: Database, draft: Draft, value: Value) -> None:
    remark = Remark("bills", "from the meter", "")
    saved = save(database, draft, Change("ene-03", value, remark))
    again = stored(database, draft)
    assert again == saved.draft
    assert dict(again.answers) == {"ene-03": value}
    assert again.remarks == {"ene-03": remark}
    entry = Entry(value, again.document["ene-03"])
    assert (entry.value, entry.remark, entry.revision) == (value, remark, 1)
    assert entry.changed_at == LATER.isoformat(timespec="microseconds")
    assert again.changed_at == LATER


def test_an_answer_taken_back_keeps_its_revision_and_its_note(database: Database, draft: Draft) -> None:
    first = save(database, draft, Change("ene-03", "yes")).draft
    second = save(database, first, Change("ene-03", None, Remark(note="to be asked"), 1)).draft
    assert dict(second.answers) == {}
    assert second.revisions == {"ene-03": 2}
    assert second.remarks == {"ene-03": Remark(note="to be asked")}
    assert history(database, draft) == [("ene-03", 1, '"yes"'), ("ene-03", 2, None)]


def test_answers_read_one_by_one_are_those_read_all_at_once(database: Database, draft: Draft) -> None:
    given = [Change("a", "x"), Change("b", Quantity(Decimal("1.5"), "kwh", "1,5")), Change("c", frozenset({"p", "q"}))]
    draft = save(database, draft, *given, Change("gone", "y")).draft
    save(database, draft, Change("gone", None, seen_revision=1))
    found = stored(database, draft)
    read = StoredAnswers(found.document)
    assert dict(read) == dict(found.answers) == {change.question: change.value for change in given}
    assert (len(read), "gone" in read, read.get("gone"), read.get("never")) == (3, False, None, None)


def test_what_is_unchanged_writes_nothing(database: Database, draft: Draft) -> None:
    first = save(database, draft, Change("ene-03", "yes"), Change("wat-01", None)).draft
    again = save(database, first, Change("ene-03", "yes", seen_revision=1))
    assert again.draft.counter == 1
    assert stored(database, draft).revisions == {"ene-03": 1}
    assert len(history(database, draft)) == 1


def test_two_tabs_with_different_questions_both_keep_theirs(database: Database, draft: Draft) -> None:
    save(database, draft, Change("ene-03", "yes"))
    save(database, draft, Change("wat-01", "no"))
    now = stored(database, draft)
    assert dict(now.answers) == {"ene-03": "yes", "wat-01": "no"}
    assert now.counter == 2


def test_two_tabs_with_the_same_question_meet_in_a_conflict_and_nothing_of_the_second_is_written(
    database: Database, draft: Draft
) -> None:
    save(database, draft, Change("ene-03", "yes"))
    with pytest.raises(Conflict) as caught:
        save(database, draft, Change("wat-01", "no"), Change("ene-03", "no"))
    (clash,) = caught.value.clashes
    assert (clash.question, clash.theirs, clash.revision) == ("ene-03", '"yes"', 1)
    assert clash.changed_at == LATER.isoformat(timespec="microseconds")
    assert dict(stored(database, draft).answers) == {"ene-03": "yes"}
    assert len(history(database, draft)) == 1


def test_a_conflict_names_every_question_it_is_about(database: Database, draft: Draft) -> None:
    save(database, draft, Change("ene-03", "yes"), Change("wat-01", "yes"))
    with pytest.raises(Conflict) as caught:
        save(database, draft, Change("wat-01", "no"), Change("ene-03", "no"))
    assert [clash.question for clash in caught.value.clashes] == ["wat-01", "ene-03"]


def test_two_tabs_that_say_the_same_do_not_clash(database: Database, draft: Draft) -> None:
    save(database, draft, Change("ene-03", "yes", Remark(note="n")))
    assert save(database, draft, Change("ene-03", "yes", Remark(note="n"))).draft.revisions == {"ene-03": 1}
    with pytest.raises(Conflict):
        save(database, draft, Change("ene-03", "yes", Remark(note="another")))


def test_what_a_sender_left_as_it_was_shown_does_not_hold_back_what_it_changed(
    database: Database, draft: Draft
) -> None:
    shown = save(database, draft, Change("ene-03", "yes", Remark(note="n")), Change("wat-01", "yes")).draft
    save(database, shown, Change("ene-03", "no", seen_revision=1))
    unchanged = Change("ene-03", "yes", Remark(note="n"), seen_revision=1)
    second = save(database, shown, unchanged, Change("wat-01", "no", seen_revision=1))
    assert dict(stored(database, draft).answers) == {"ene-03": "no", "wat-01": "no"}
    # Its page still shows the older answer, so it must not learn the newer revision.
    assert second.revisions == {"wat-01": 2}
    with pytest.raises(Conflict):
        save(database, shown, Change("ene-03", "yes", Remark(note="another"), seen_revision=1))


def test_what_was_shown_of_another_check_says_nothing_of_this_one(database: Database, draft: Draft) -> None:
    shown = save(database, draft, Change("ene-03", "yes"), Change("wat-01", "yes")).draft
    # The same question at the same revision, answered later and otherwise.
    save(database, started(database), Change("ene-03", "no"))
    save(database, shown, Change("ene-03", "not-yet", seen_revision=1))
    unchanged = Change("ene-03", "yes", seen_revision=1)
    save(database, shown, unchanged, Change("wat-01", "no", seen_revision=1))
    assert dict(stored(database, draft).answers) == {"ene-03": "not-yet", "wat-01": "no"}


def test_an_answer_that_is_another_than_the_sender_was_shown_is_a_change_even_to_an_older_one(
    database: Database, draft: Draft
) -> None:
    save(database, draft, Change("ene-03", "yes"))
    shown = save(database, draft, Change("ene-03", "no", seen_revision=1)).draft
    save(database, shown, Change("ene-03", None, seen_revision=2))
    with pytest.raises(Conflict):
        save(database, shown, Change("ene-03", "yes", seen_revision=2))


def test_an_answer_taken_back_elsewhere_clashes_with_a_new_one(database: Database, draft: Draft) -> None:
    first = save(database, draft, Change("ene-03", "yes")).draft
    save(database, first, Change("ene-03", None, seen_revision=1))
    with pytest.raises(Conflict) as caught:
        save(database, first, Change("ene-03", "no", seen_revision=1))
    assert caught.value.clashes[0].theirs == "null"


def test_what_looks_unchanged_to_a_stale_reader_is_compared_with_what_is_there(
    database: Database, draft: Draft
) -> None:
    first = save(database, draft, Change("ene-03", "yes")).draft
    save(database, first, Change("ene-03", "no", seen_revision=1))
    with pytest.raises(Conflict):
        save(database, first, Change("ene-03", "yes", seen_revision=1))


def test_saving_to_an_assessment_that_is_gone_says_so(database: Database, draft: Draft) -> None:
    with pytest.raises(NotFound):
        save(database, replace(draft, id="0" * 32), Change("ene-03", "yes"))


def test_the_same_form_sent_again_has_one_effect_and_the_same_reply(database: Database, draft: Draft) -> None:
    once = Once("actor", "key", "digest", "/next")
    first = save(database, draft, Change("ene-03", "yes"), once=once)
    again = save(database, draft, Change("ene-03", "yes"), once=replace(once, reply="/elsewhere"))
    assert (first.reply, first.replayed) == ("/next", False)
    assert (again.reply, again.replayed) == ("/next", True)
    assert again.draft == first.draft
    assert len(history(database, draft)) == 1
    with database.reading() as connection:
        assert idempotency.replay(connection, "actor", "key") == ("digest", "/next")
        assert idempotency.replay(connection, "another", "key") is None


def test_an_old_form_sent_again_after_a_later_change_still_gets_its_reply(database: Database, draft: Draft) -> None:
    once = Once("actor", "key", "digest", "/next")
    first = save(database, draft, Change("ene-03", "yes"), once=once).draft
    save(database, first, Change("ene-03", "no", seen_revision=1))
    assert save(database, draft, Change("ene-03", "yes"), once=once).replayed
    assert dict(stored(database, draft).answers) == {"ene-03": "no"}


def test_the_same_key_with_another_content_is_a_conflict_and_writes_nothing(database: Database, draft: Draft) -> None:
    first = save(database, draft, Change("ene-03", "yes"), once=Once("actor", "key", "digest", "/next")).draft
    with pytest.raises(Conflict) as caught:
        save(database, first, Change("wat-01", "no"), once=Once("actor", "key", "other", "/next"))
    assert caught.value.clashes == ()
    assert dict(stored(database, draft).answers) == {"ene-03": "yes"}


def test_a_save_that_clashes_does_not_use_up_its_key(database: Database, draft: Draft) -> None:
    once = Once("actor", "key", "digest", "/next")
    save(database, draft, Change("ene-03", "yes"))
    with pytest.raises(Conflict):
        save(database, draft, Change("ene-03", "no"), once=once)
    assert not save(database, draft, Change("ene-03", "no", seen_revision=1), once=once).replayed


def test_twenty_senders_of_the_same_form_at_once_have_one_effect(database: Database, draft: Draft) -> None:
    together = threading.Barrier(20)

    def send(_number: int) -> Saved:
        together.wait()
        once = Once("actor", "key", "digest", "/next")
        return save(database, draft, Change("ene-03", "yes"), Change("wat-01", "no"), once=once)

    with ThreadPoolExecutor(20) as threads:
        replies = list(threads.map(send, range(20)))
    assert [reply.replayed for reply in replies].count(False) == 1
    assert {reply.reply for reply in replies} == {"/next"}
    assert stored(database, draft).counter == 1
    assert len(history(database, draft)) == 2


def test_eight_threads_saving_different_questions_at_once_all_keep_theirs(database: Database, draft: Draft) -> None:
    together = threading.Barrier(8)

    def fill(number: int) -> None:
        together.wait()
        for turn in range(10):
            # From the empty draft each time, as a page opened long ago would.
            save(database, draft, Change(f"q-{number}-{turn}", str(turn)))

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(fill, range(8)))
    now = stored(database, draft)
    assert len(now.answers) == 80
    assert now.counter == 80
    assert len(history(database, draft)) == 80


def test_eight_threads_saving_the_same_question_at_once_make_one_winner(database: Database, draft: Draft) -> None:
    together = threading.Barrier(8)

    def write(number: int) -> bool:
        together.wait()
        try:
            save(database, draft, Change("ene-03", f"from {number}"))
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        won = list(threads.map(write, range(8)))
    assert won.count(True) == 1
    assert dict(stored(database, draft).answers) == {"ene-03": f"from {won.index(True)}"}


@contextmanager
def traced(database: Database) -> Iterator[list[str]]:
    """Every statement that reaches the database, by its first word, whichever way it goes there."""
    seen: list[str] = []
    with database.writing() as connection:
        writer: Any = connection.connection.driver_connection
    with closing(database._reader.raw_connection()) as pooled:
        reader: Any = pooled.driver_connection

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement.split(maxsplit=1)[0])

    if database.is_sqlite:
        database._idle.append(database._opened_to_read())
        own: Any = database._idle[-1]
        for raw in (reader, own, writer):
            raw.set_trace_callback(lambda statement: seen.append(statement.split(maxsplit=1)[0]))
        yield seen
        for raw in (reader, own, writer):
            raw.set_trace_callback(None)
    else:
        for engine in (database._reader, database._writer):
            event.listen(engine, "before_cursor_execute", note)
        yield seen
        for engine in (database._reader, database._writer):
            event.remove(engine, "before_cursor_execute", note)


def test_a_save_is_three_statements_and_opening_is_one(database: Database, draft: Draft) -> None:
    with traced(database) as seen:
        assessments.open_draft(database, "session", "", draft.id, NOW)
        assert seen == ["SELECT"]
        seen.clear()
        save(database, draft, Change("a", "1"), once=Once("actor", "k", "d", "/"))
        assert [word for word in seen if word not in {"BEGIN", "COMMIT"}] == ["INSERT", "UPDATE", "INSERT"]


def test_only_a_session_that_was_let_in_opens_an_assessment(database: Database, draft: Draft) -> None:
    other = started(database)
    with database.writing() as connection:
        access.create_session(connection, "mine", NOW)
        access.create_session(connection, "theirs", NOW)
        access.grant(connection, "mine", draft.id, NOW)
        access.grant(connection, "mine", draft.id, NOW)
    assert assessments.open_draft(database, "mine", "", draft.id, NOW) == (
        draft,
        Standing(frozenset({Relation.HOLDER})),
    )
    assert assessments.open_draft(database, "mine", "", other.id, NOW) is None
    assert assessments.open_draft(database, "theirs", "", draft.id, NOW) is None
    with database.reading() as connection:
        assert [line.id for line in assessments.drafts_of_session(connection, "mine")] == [draft.id]
        assert assessments.drafts_of_session(connection, "theirs") == ()


def test_ids_are_random_and_long(database: Database) -> None:
    ids = {started(database).id for _ in range(20)}
    assert len(ids) == 20
    # 122 random bits; the 13th character is the version of the UUID.
    assert all(len(name) == 32 and name[12] == "4" for name in ids)


def test_name_and_depth_are_kept_and_a_name_is_cut_at_its_limit(database: Database, draft: Draft) -> None:
    with database.writing() as connection:
        assessments.set_company_name(connection, draft.id, "x" * 500, LATER)
        assessments.set_depth(connection, draft.id, "quick", LATER)
    now = stored(database, draft)
    assert (now.company_name, now.depth, now.changed_at) == ("x" * 200, "quick", LATER)
    with pytest.raises(NotFound), database.writing() as connection:
        assessments.set_company_name(connection, "0" * 32, "x", LATER)


def test_a_visit_is_noted_once_a_day(database: Database, draft: Draft) -> None:
    almost = NOW + timedelta(days=1, seconds=-1)
    due = NOW + timedelta(days=1)
    assert not draft.visit_is_due(almost)
    assert draft.visit_is_due(due)
    with database.writing() as connection:
        assert not assessments.touch_visited(connection, draft.id, almost)
        assert assessments.touch_visited(connection, draft.id, due)
        assert not assessments.touch_visited(connection, draft.id, due)
    assert stored(database, draft).visited_at == due


def test_a_question_never_answered_can_be_history_free(database: Database, draft: Draft) -> None:
    save(database, draft, Change("ene-03", None))
    with database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(answer_history)).scalar_one() == 0
    assert stored(database, draft).counter == 0
