"""Sundial as it really runs: web, worker and sandbox as processes, and mail to a real SMTP server."""

import os
import random
import re
import socket
import subprocess
import sys
import time
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from typing import Any

import httpx
import psycopg
from aiosmtpd.controller import Controller

from app.asana_sandbox.remote import SandboxControl
from tests.browser import keeping
from tests.server import TABLES, WORKER, new_database

READY_WITHIN_SECONDS = 60


class Mailbox:
    """Keeps what arrives by SMTP."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        parsed = BytesParser(policy=default).parsebytes(envelope.content)
        assert isinstance(parsed, EmailMessage)
        self.messages.append(parsed)
        return "250 Message accepted for delivery"

    def link_for(self, address: str, within: float = 15) -> str:
        """The first link in the newest message to this address, waited for."""
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            for message in reversed(self.messages):
                body = message.get_body(("plain",))
                if address in str(message["To"]) and body is not None:
                    found = re.search(r"https?://\S+", body.get_content())
                    assert found, "the message has no link"
                    return found.group()
            time.sleep(0.1)
        raise AssertionError(f"no message to {address} arrived")


class Stack:
    def __init__(self) -> None:
        self.web_port, self.sandbox_port = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.web_port}"
        self.sandbox_url = f"http://127.0.0.1:{self.sandbox_port}"
        self.mailbox = Mailbox()
        self.smtp = Controller(self.mailbox, hostname="127.0.0.1", port=free_port())
        self.database_url = new_database(f"sundial_browser_{WORKER}")
        self.processes: list[subprocess.Popen[bytes]] = []
        self.sandbox = SandboxControl(self.sandbox_url)

    def start(self) -> None:
        self.smtp.start()
        subprocess.run(command("migrate"), env=self.environment, check=True, stdout=subprocess.DEVNULL)
        self.spawn("sandbox", "--port", str(self.sandbox_port))
        self.spawn("web", "--port", str(self.web_port))
        self.spawn("worker")
        wait_until_it_answers(f"{self.sandbox_url}/")
        wait_until_it_answers(f"{self.url}/health")

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "DATABASE_URL": self.database_url,
            "PUBLIC_URL": self.url,
            "ASANA_API_URL": f"{self.sandbox_url}/api/1.0",
            "ASANA_OAUTH_URL": f"{self.sandbox_url}/-",
            "ASANA_CLIENT_ID": "1200000000000001",
            "ASANA_CLIENT_SECRET": "sandbox-secret",
            "SMTP_URL": f"smtp://127.0.0.1:{self.smtp.port}",
            "LOG_LEVEL": "WARNING",
        }

    def spawn(self, *arguments: str, **environment: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(command(*arguments), env={**self.environment, **environment})
        self.processes.append(process)
        return process

    def seed(self, *options: str) -> None:
        subprocess.run(command("seed-demo", *options), env=self.environment, check=True)

    def make_people(self) -> None:
        """As `seed()`."""
        self.put_back_or_seed("people")

    def connect_asana(self) -> None:
        """As `seed("--connected")`, but that the sandbox has not been read from."""
        self.put_back_or_seed("connected", "--connected")

    def put_back_or_seed(self, name: str, *options: str) -> None:
        """It is done once; from then on what it made is put back."""
        with self.connect() as connection:
            if keeping.is_kept(connection, name):
                keeping.put_back(connection, name)
                return
        self.seed(*options)
        self.wait_for_quiet()
        with self.connect() as connection:
            keeping.keep(connection, name)

    def stop(self) -> None:
        for process in reversed(self.processes):
            process.terminate()
        for process in self.processes:
            process.wait(20)
        self.smtp.stop()

    def reset(self) -> None:
        """Nobody has an account yet, and Asana is as it was seeded."""
        self.wait_for_quiet()
        with self.connect() as connection:
            row = connection.execute(TABLES).fetchone()
            assert row is not None
            connection.execute(f"TRUNCATE {row[0]} RESTART IDENTITY CASCADE")
        self.sandbox.reset()
        self.mailbox.messages.clear()

    def wait_for_quiet(self, within: float = 30) -> None:
        """Until no synchronization waits or runs."""
        deadline = time.monotonic() + within
        while self.query("SELECT count(*) FROM sync_run WHERE state IN ('queued', 'running')")[0][0]:
            assert time.monotonic() < deadline, "a synchronization does not end"
            time.sleep(0.1)

    def query(self, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
        with self.connect() as connection:
            return connection.execute(sql, parameters).fetchall()

    def connect(self) -> psycopg.Connection[tuple[Any, ...]]:
        return psycopg.connect(self.database_url, autocommit=True)


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "app.cli", *arguments]


def free_port() -> int:
    """A port with a free neighbour, below the ones that the system gives to outgoing connections."""
    while True:
        port = random.randrange(20_000, 32_000, 2)
        if is_free(port) and is_free(port + 1):
            return port


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def wait_until_it_answers(url: str) -> None:
    deadline = time.monotonic() + READY_WITHIN_SECONDS
    while time.monotonic() < deadline:
        try:
            if httpx.get(url, timeout=2).status_code < 500:
                return
        except httpx.HTTPError:
            pass  # Nobody listens yet.
        time.sleep(0.1)
    raise AssertionError(f"{url} does not answer")
