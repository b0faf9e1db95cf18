"""Every word that can go wrong has a sentence of its own, and every phase, trigger and kind has words."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.integrations.asana import connecting, errors, words
from app.integrations.asana.models import PassKind, RunState, SyncRun, Trigger
from app.integrations.asana.wanted_webhooks import WebhookStanding
from app.web.render import make_environment

SOURCES = Path(connecting.__file__).parent
PYTHON = {path: path.read_text() for path in SOURCES.rglob("*.py")}

ERRORS = {
    error.word for error in vars(errors).values() if isinstance(error, type) and issubclass(error, errors.AsanaError)
}
# What the sync and the connection write into `failure` beside the words of errors.
CONSTANTS = re.compile(r'^[A-Z_]+ = "([a-z_]+)"$', re.MULTILINE)
FAILURES = (
    ERRORS
    | set(CONSTANTS.findall(PYTHON[SOURCES / "sync" / "perform.py"]))
    | {word for source in PYTHON.values() for word in re.findall(r"failure = '(\w+)'", source)}
)
REFUSALS = (
    {word for path, source in PYTHON.items() for word in re.findall(r'Refused\("(\w+)"\)', source)}
    | set(connecting.WORD_OF_OAUTH_ERROR.values())
    | (ERRORS - {"revoked", "authorization_refused", "not_found", "sync_token_expired"})
    | {"code_used", "state_missing", "application_incomplete"}
)


def test_it_finds_the_words_that_there_are() -> None:
    assert {"unavailable", "not_connected", "unlinked", "unexpected"} <= FAILURES


def test_it_says_why_a_pass_failed() -> None:
    assert FAILURES - set(words.FAILURES) == set()


def test_it_says_why_something_was_left_out() -> None:
    assert ERRORS - set(words.WARNINGS) == set()


@pytest.mark.parametrize("sentences", [words.FAILURES, words.WARNINGS, words.PROBLEMS])
def test_it_says_each_thing_once_and_to_its_end(sentences: dict[str, str]) -> None:
    assert len(set(sentences.values())) == len(sentences)
    assert all(sentence.endswith(".") for sentence in sentences.values())


@pytest.mark.parametrize("sentences", [words.FAILURES, words.WARNINGS])
def test_it_says_what_happens_next(sentences: dict[str, str]) -> None:
    """One sentence about what is wrong, and at least one about the rest."""
    for word, sentence in sentences.items():
        assert len(re.findall(r"[.;:]( |$)", sentence)) >= 2, word


@pytest.mark.parametrize("word", sorted(REFUSALS))
def test_it_says_why_nothing_was_connected(word: str) -> None:
    source = make_environment().loader.get_source(make_environment(), "integrations/asana/_refusal.html")[0]
    assert f'"{word}": ("' in source


def test_it_names_every_trigger_and_kind() -> None:
    assert len({words.trigger(word) for word in Trigger}) == len(Trigger)
    assert {words.effort(a_run(kind=kind)).partition(":")[0] for kind in PassKind} == {"Complete pass", "Catch-up"}


A_MINUTE_AGO = datetime.now(UTC) - timedelta(minutes=1)


def a_run(**values: Any) -> SyncRun:
    now = datetime.now(UTC)
    return SyncRun(
        **{
            "account": 1,
            "connection": 1,
            "state": RunState.running,
            "queued_at": now,
            "heartbeat_at": now,
            "trigger": "forced",
            **values,
        }
    )


@pytest.mark.parametrize(
    ("run", "phase"),
    [
        ({"phase": "projects", "kind": "complete"}, "Listing people and projects"),
        ({"phase": "projects", "kind": "catch_up"}, "Listing projects"),
        (
            {"phase": "events", "kind": "catch_up", "projects_total": 1200, "projects_done": 1020},
            "Asking Asana what changed: 1,020 of 1,200 projects",
        ),
        (
            {"phase": "tasks", "kind": "complete", "projects_total": 1, "projects_done": 0},
            "Reading projects: 0 of 1 project",
        ),
        ({"phase": "tasks", "kind": "catch_up"}, "Reading what changed"),
        ({"phase": "missing"}, "Looking for what has gone"),
        ({"phase": "people"}, "Matching people"),
        ({"phase": ""}, "Starting"),
        ({"heartbeat_at": A_MINUTE_AGO}, "Interrupted: it goes on"),
        ({"state": "queued"}, "Waiting for its turn"),
        ({"state": "queued", "queued_at": A_MINUTE_AGO}, "Still waiting"),
    ],
)
def test_it_says_what_a_pass_is_doing(run: dict[str, Any], phase: str) -> None:
    assert words.phase(a_run(**run)).startswith(phase)


@pytest.mark.parametrize(
    ("trigger", "counts", "line"),
    [
        ("forced", {"added": 3, "renamed": 1, "archived": 2}, "3 new, 1 renamed, 2 archived, 1.8 s"),
        ("forced", {}, "No changes, 1.8 s"),
        ("nightly", {}, "Compared with Asana: everything was right, 1.8 s"),
        ("nightly", {"moved": 1}, "Compared with Asana: 1 thing repaired, 1 moved, 1.8 s"),
        (
            "nightly",
            {"added": 1, "revived": 2},
            "Compared with Asana: 3 things repaired, 1 new, 2 back from the archive, 1.8 s",
        ),
    ],
)
def test_it_sums_up_what_a_pass_did(trigger: str, counts: dict[str, int], line: str) -> None:
    assert words.outcome(a_run(state="done", trigger=trigger), counts, 1.8) == line


def test_it_claims_no_repair_of_a_comparison_that_failed() -> None:
    assert words.outcome(a_run(state="failed", trigger="nightly"), {"added": 1}, 2) == "1 new, 2.0 s"


def standing(**values: Any) -> WebhookStanding:
    return WebhookStanding(
        **{
            "enabled": True,
            "why_not": None,
            "active": 0,
            "wanted": 21,
            "refused": 0,
            "problem": None,
            "last_delivery_at": None,
            **values,
        }
    )


@pytest.mark.parametrize(
    ("values", "beginning", "asks"),
    [
        ({"active": 21}, "On: Asana tells of a change", False),
        ({"active": 20, "refused": 1}, "On for 20 of 21.", True),
        ({}, "Not yet: they are being made.", True),
        ({"refused": 21}, "Not yet: Asana could not reach this server.", True),
        ({"enabled": False, "why_not": "off"}, "Off, by ASANA_WEBHOOKS.", True),
        ({"enabled": False, "why_not": "not_https"}, "Off: Asana tells of changes only where PUBLIC_URL is", True),
    ],
)
def test_it_says_whether_asana_tells_of_changes_and_why_not(values: dict[str, Any], beginning: str, asks: bool) -> None:
    sentence = words.webhooks(standing(**values), 15)
    assert sentence.startswith(beginning)
    assert ("Sundial asks every 15 minutes" in sentence) == asks
