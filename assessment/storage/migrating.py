"""Bringing the tables to this release, with Alembic configured here in code. A web process never imports this."""

from pathlib import Path
from typing import Any, Final

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from assessment.storage.database import Database
from assessment.storage.tables import TABLES

_SCRIPTS: Final = Path(__file__).with_name("migrations")
_LOCK: Final = 4_705_319_001
"""Under this number one process migrates a PostgreSQL database while others wait. Any number would do."""


def upgrade(database: Database) -> None:
    """Bring the tables up to the newest migration, all in one transaction."""
    upgrade_to(database, "head")


def upgrade_to(database: Database, revision: str) -> None:
    """The same up to one migration."""
    with database.writing() as connection:
        if not database.is_sqlite:
            connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
        configuration = _configuration()
        configuration.attributes["connection"] = connection
        command.upgrade(configuration, revision)


def head() -> str | None:
    """The newest migration that this release knows."""
    return ScriptDirectory.from_config(_configuration()).get_current_head()


def is_known(version: str) -> bool:
    """Whether this release knows a migration; of a newer release it does not."""
    return any(script.revision == version for script in ScriptDirectory.from_config(_configuration()).walk_revisions())


def current_is_head(database: Database) -> bool:
    """Whether the database stands at the newest migration."""
    return database.schema() == head()


def differences(connection: Connection) -> list[Any]:
    """Where the tables in the database differ from those in the code, as Alembic sees it."""
    context = MigrationContext.configure(
        connection, opts={"compare_type": True, "compare_server_default": True, "target_metadata": TABLES}
    )
    return list(compare_metadata(context, TABLES))


def _configuration() -> Config:
    configuration = Config()
    configuration.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    configuration.set_main_option("path_separator", "os")
    return configuration
