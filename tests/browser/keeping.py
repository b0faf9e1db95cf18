"""What the database held once, kept beside it and put back: much quicker than making it again."""

from typing import Any

import psycopg
from psycopg import sql

# All that holds rows of a test, but for the queue, whose jobs are done.
COLUMNS = """
SELECT table_name, array_agg(column_name::text) FROM information_schema.columns
WHERE table_schema = 'public' AND table_name <> 'migration' AND table_name NOT LIKE 'saq%' AND is_generated = 'NEVER'
GROUP BY table_name
"""
COUNTER = "SELECT setval(pg_get_serial_sequence({1}, 'id'), (SELECT coalesce(max(id), 1) FROM public.{0}))"

Connection = psycopg.Connection[tuple[Any, ...]]


def is_kept(connection: Connection, name: str) -> bool:
    return connection.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [name]).fetchone() is not None


def keep(connection: Connection, name: str) -> None:
    schema = sql.Identifier(name)
    with connection.transaction():
        connection.execute(sql.SQL("CREATE SCHEMA {0}").format(schema))
        for table, _ in connection.execute(COLUMNS).fetchall():
            statement = sql.SQL("CREATE TABLE {1}.{0} AS TABLE public.{0}")
            connection.execute(statement.format(sql.Identifier(table), schema))


def put_back(connection: Connection, name: str) -> None:
    """Into empty tables. What triggers would add is among what was kept."""
    with connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")
        for table, columns in connection.execute(COLUMNS).fetchall():
            names = sql.SQL(", ").join(map(sql.Identifier, columns))
            statement = sql.SQL("INSERT INTO public.{0} ({1}) SELECT {1} FROM {2}.{0}")
            connection.execute(statement.format(sql.Identifier(table), names, sql.Identifier(name)))
            if "id" in columns:
                connection.execute(sql.SQL(COUNTER).format(sql.Identifier(table), sql.Literal(table)))
