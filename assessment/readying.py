"""Getting ready for a command or the worker: an instance at the newest schema, and mishaps told in words."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from assessment.config import ConfigurationError, Settings
from assessment.core.errors import AssessmentError, InvalidContent
from assessment.opening import library_of, make_instance
from assessment.services.instance import Instance
from assessment.storage import migrating
from assessment.storage.database import Database

INVALID_EXIT = 1


def ready_instance(settings: Settings) -> Instance:
    """An instance whose database has the newest schema; nothing is changed where its content has flaws."""
    library = library_of(settings)
    upgraded(settings).close()
    return make_instance(settings, library)


def upgraded(settings: Settings) -> Database:
    """The database, at the newest schema."""
    database = Database(settings.database_url, wal_trusted=settings.sqlite_wal_trusted)
    migrating.upgrade(database)
    return database


@contextmanager
def mishaps_in_words() -> Iterator[None]:
    """What goes wrong on purpose ends the program in words, without a traceback."""
    try:
        yield
    except InvalidContent as invalid:
        count = len(invalid.flaws)
        mistakes = f"{count} {'mistake' if count == 1 else 'mistakes'}. Nothing was started or changed."
        sys.stderr.write("\n".join([*map(str, invalid.flaws), mistakes]) + "\n")
        sys.exit(INVALID_EXIT)
    except (AssessmentError, ConfigurationError) as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(INVALID_EXIT)
