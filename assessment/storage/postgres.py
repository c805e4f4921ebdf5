"""What PostgreSQL needs said: its driver, waiting times, and the server settings a saved answer rests on."""

from typing import Any, Final

from sqlalchemy import URL, Connection

from assessment.config import ConfigurationError

DRIVER: Final = "postgresql+psycopg"


def driver_url(url: URL) -> URL:
    """The address with our driver in it, whichever way the operator wrote the scheme."""
    return url.set(drivername=DRIVER)


def connect_args(*, read_only: bool) -> dict[str, Any]:
    """How a connection is opened: nothing waits for ever, and a reading connection cannot write."""
    options = ["-c lock_timeout=5000", "-c statement_timeout=30000", "-c timezone=UTC"]
    if read_only:
        options.append("-c default_transaction_read_only=on")
    return {"connect_timeout": 5, "options": " ".join(options), "application_name": "assessment"}


def check_server(connection: Connection) -> None:
    """Raises ConfigurationError where a commit would not survive a crash, or texts would be mangled."""
    problems = []
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        if connection.exec_driver_sql(f"SHOW {setting}").scalar_one() == "off":
            problems.append(f"PostgreSQL runs with {setting} = off: a saved answer could be lost. Turn it on.")
    encoding = connection.exec_driver_sql("SHOW server_encoding").scalar_one()
    if encoding != "UTF8":
        problems.append(f"The database's encoding is {encoding}; create it with encoding UTF8.")
    if problems:
        raise ConfigurationError(*problems)
