"""What somebody else does in the moment between a look at who may, and the write that rests on it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from unittest.mock import patch

from sqlalchemy import Connection

from assessment.storage.database import Database

Writing = Callable[[], AbstractContextManager[Connection]]


@contextmanager
def meanwhile(database: Database, act: Callable[[Writing], object]) -> Iterator[list[str]]:
    """Let it happen as soon as anything begins to be written; the list says whether it has."""
    writing, happened = database.writing, list[str]()

    @contextmanager
    def after_it() -> Iterator[Connection]:
        if not happened:
            happened.append("yes")
            act(writing)
        with writing() as connection:
            yield connection

    with patch.object(database, "writing", after_it):
        yield happened
