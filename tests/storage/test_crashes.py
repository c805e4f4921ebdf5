"""Killing a process in the midst of saving loses nothing that was acknowledged. DUR-03.

A kill does not test the disk: the system still holds what was written, so this would pass with the wrong setting too.
The settings are therefore read as well, in test_database.py and here in the file that was saved to.
"""

import os
import random
import signal
import time

from sqlalchemy import select

from assessment.storage.checks.assessments import draft_of
from assessment.storage.database import Database
from assessment.storage.sqlite import driver
from assessment.storage.tables import answer_history
from tests.storage.conftest import child, started

_SAVING = """
import sys
from datetime import UTC, datetime
from assessment.storage.checks.assessments import Change, draft_of, save_answers
from assessment.storage.database import Database

database = Database(sys.argv[1])
number = 0
while True:
    with database.reading() as connection:
        draft = draft_of(connection, sys.argv[2])
    changes = [
        Change(name, f"{sys.argv[3]}-{number}", seen_revision=draft.revisions.get(name, 0)) for name in ("a", "b")
    ]
    with database.writing() as connection:
        saved = save_answers(connection, draft, changes, datetime.now(UTC))
    # Said only after the commit, as a reply to a browser would be.
    print(saved.draft.counter, flush=True)
    number += 1
"""


def test_kills_lose_no_acknowledged_save_and_leave_none_half_done(database: Database) -> None:
    draft = started(database)
    address = database.engine.url.render_as_string(hide_password=False)
    rng = random.Random(20261124)  # noqa: S311
    acknowledged = asked = 0
    for number in range(10 if database.is_sqlite else 5):
        process = child(_SAVING, address, draft.id, str(number))
        assert process.stdout is not None
        # Counted in saves, because a busy machine makes few of them in any time; then somewhere within the next ones.
        some = rng.randint(1, 10)
        asked += some
        first = "".join(process.stdout.readline() for _ in range(some))
        time.sleep(rng.uniform(0, 0.02))
        os.kill(process.pid, signal.SIGKILL)
        rest = process.stdout.read()
        process.stdout.close()
        process.wait()
        whole = [line for line in (first + rest).splitlines(keepends=True) if line.endswith("\n")]
        acknowledged = max(acknowledged, int(whole[-1]))
        with database.reading() as connection:
            found = draft_of(connection, draft.id)
            h = answer_history.c
            rows = connection.execute(select(h.question, h.revision).where(h.assessment_id == draft.id)).all()
        assert found is not None
        # The last save may have been committed without its reply getting out.
        assert found.counter >= acknowledged
        assert found.revisions == {"a": found.counter, "b": found.counter}
        assert found.answers["a"] == found.answers["b"]
        assert len(rows) == 2 * found.counter
    assert acknowledged >= asked > 10
    _check_file(database)


def _check_file(database: Database) -> None:
    if not database.is_sqlite:
        return
    with database.writing() as connection:
        raw = connection.connection.driver_connection
        assert isinstance(raw, driver.Connection)
        assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert raw.execute("PRAGMA foreign_key_check").fetchall() == []
        assert raw.execute("PRAGMA journal_mode").fetchone() == (database.journal,)
        assert raw.execute("PRAGMA synchronous").fetchone() == (2 if database.journal == "wal" else 3,)
