"""The steps that bring older tables to the present ones, run by storage/migrating.py."""
