"""Where assessments are kept: SQLite or PostgreSQL, through SQLAlchemy Core. Rows never leave this package."""
