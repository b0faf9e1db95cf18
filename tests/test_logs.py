"""Log lines: JSON where nobody sits at a terminal, and nothing in them that is somebody's."""

import json
import logging
import sys
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
import structlog
from saq import Job

from app.logs import configure_logs, handler_of_others


@pytest.fixture
def stream(monkeypatch: pytest.MonkeyPatch) -> Iterator[StringIO]:
    """What the process would write, away from a terminal."""
    before, saq = structlog.get_config(), logging.getLogger("saq")
    level, filters = saq.level, list(saq.filters)
    monkeypatch.setattr(sys, "stderr", StringIO())
    configure_logs("INFO")
    handler = handler_of_others()
    saq.addHandler(handler)
    yield handler.stream
    saq.removeHandler(handler)
    saq.setLevel(level)
    saq.filters = filters
    structlog.configure(**before)


def lines(stream: StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_it_writes_one_json_object_a_line(stream: StringIO) -> None:
    with structlog.contextvars.bound_contextvars(run=7):
        structlog.get_logger().info("sync: done", requests=3)
    (line,) = lines(stream)
    assert line.pop("timestamp")
    assert line == {"run": 7, "requests": 3, "event": "sync: done", "level": "info"}


def test_it_writes_lines_of_packages_in_the_same_form(stream: StringIO) -> None:
    with structlog.contextvars.bound_contextvars(run=7):
        logging.getLogger("saq").error("Upkeep task %s", "failed")
    (line,) = lines(stream)
    assert (line["event"], line["logger"], line["level"], line["run"]) == ("Upkeep task failed", "saq", "error", 7)


def test_it_hides_the_arguments_of_a_job(stream: StringIO) -> None:
    job = Job(function="send_password_reset", kwargs={"email": "alice@meridian.example"}, key="letter")
    try:
        raise ValueError("550 <alice@meridian.example>: no such mailbox")
    except ValueError:
        logging.getLogger("saq").exception("Error processing job %s", job)
    (line,) = lines(stream)
    assert line["event"].endswith("job send_password_reset letter")
    assert "550 <<address>>: no such mailbox" in line["exception"]
    assert "meridian" not in json.dumps(line)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("to bob.okafor+x@mail.meridian.example, refused", "to <address>, refused"),
        ("Authorization: Bearer 1/abc:def", "Authorization: Bearer <token>"),
        (
            "duplicate key\nDETAIL: Key (name)=(Layoffs) exists.\nHINT: none",
            "duplicate key\nDETAIL: <left out>\nHINT: none",
        ),
        ("invalid input for query argument $2: 'Layoffs' (expected int)", "invalid input for query argument $2"),
        ("projects/12/tasks: ReadTimeout @ 3", "projects/12/tasks: ReadTimeout @ 3"),
    ],
)
def test_it_leaves_out_what_an_error_quotes(stream: StringIO, text: str, written: str) -> None:
    structlog.get_logger().error("sync: failed", said=text)
    assert lines(stream)[0]["said"] == written
