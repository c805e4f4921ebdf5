"""Runs the steps on the connection that storage/migrating.py hands over, inside its transaction."""

from alembic import context

from assessment.storage.tables import TABLES

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=TABLES,
    # SQLite alters a table by building it anew; the steps say it in one way for both engines.
    render_as_batch=True,
    transactional_ddl=True,
    transaction_per_migration=False,
)
context.run_migrations()
