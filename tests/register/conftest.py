"""The PostgreSQL server of the tests, for stores that are one."""

from tests.postgres import postgres_database, postgres_server

__all__ = ["postgres_database", "postgres_server"]
