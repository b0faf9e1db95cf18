"""Both measurements, small: what they print has to be consistent, however fast this machine is."""

import signal
import tempfile
from pathlib import Path

import psutil
import pytest

from app.asana_sandbox.seed import large_world
from app.asana_sandbox.testing import running_sandbox
from tests.bench.running import figures_of, start

# These start whole families of processes; side by side they would only slow each other down.
pytestmark = pytest.mark.xdist_group("launch")

SMALL = ("--projects", "3", "--tasks", "60")
# People, projects; then of each project: token, sections, tasks; and six tasks with subtasks.
FLOOR = 2 + 3 * 3 + 6
# The root, three projects with four lists each, and the tasks.
ROWS = 1 + 3 + 3 * 4 + 60


def test_an_import_is_measured_beside_a_bare_fetcher() -> None:
    figures = figures_of("import", *SMALL)
    assert figures["request_floor"] == FLOOR
    assert FLOOR <= figures["requests"] == figures["requests_by_its_own_count"] <= FLOOR + 6
    assert figures["request_ratio"] == figures["requests"] / FLOOR
    assert figures["rows"] == ROWS
    assert figures["rows_per_s"] == pytest.approx(ROWS / figures["wall_s"])
    assert figures["fetcher_requests"] == FLOOR
    assert figures["cpu_ratio"] == pytest.approx(figures["cpu_s"] / figures["fetcher_cpu_s"])
    assert figures["fetcher_cpu_s"] == min(figures["fetcher_cpu_s_by_at_once"].values())
    assert 20 < figures["peak_rss_mb"] < 1_000
    assert figures["refusals"] == 0
    assert "slowest_sql" not in figures


def test_an_import_with_a_limit_tells_what_the_limit_allows() -> None:
    figures = figures_of("import", *SMALL, "--rate", "150", "--latency", "1", "--sql")
    assert figures["request_floor"] == FLOOR
    # A bucket of 150 is not emptied by so few.
    assert (figures["limit_wall_s"], figures["limit_ratio"]) == (0, None)
    assert "cpu_ratio" not in figures
    assert "COMMIT" in {each["sql"] for each in figures["slowest_sql"]}


def test_an_import_from_another_address_counts_the_floor_by_what_it_imported() -> None:
    with running_sandbox(large_world(projects=3, tasks=60)) as sandbox:
        figures = figures_of("import", "--asana", sandbox.api_url, "--token", "sandbox-pat-alice")
        asked = sandbox.control.requests()["total"]
    # Here the workspace that has no projects is read too. Two questions were asked to connect.
    assert figures["request_floor"] == FLOOR + 2
    assert figures["requests"] == asked - 2
    assert figures["rows"] == ROWS


@pytest.mark.parametrize(
    ("options", "floor"),
    [
        # The list, three streams, two tasks; told by webhooks only two streams.
        ((), 1 + 3 + 2),
        (("--webhooks", "--page"), 1 + 2 + 2),
    ],
    ids=["streams", "webhooks"],
)
def test_a_catch_up_is_measured_after_an_import(options: tuple[str, ...], floor: int) -> None:
    figures = figures_of("catch-up", *SMALL, "--changes", "2", *options)
    assert figures["kind"] == "catch_up"
    assert figures["request_floor"] == floor
    assert floor <= figures["requests"] <= floor + 6
    assert figures["request_ratio"] == figures["requests"] / floor
    assert figures["wall_s"] > 0
    assert ("page_wall_s" in figures) == ("--page" in options)


def working_for(folder: str, pid: int) -> list[psutil.Process]:
    """The benchmark's own processes, and its database, which is nobody's child."""
    children = psutil.Process(pid).children(recursive=True)
    return children + [each for each in psutil.process_iter() if folder in " ".join(command_of(each))]


def command_of(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_leaves_no_process_and_no_folder(by: signal.Signals) -> None:
    with tempfile.TemporaryDirectory() as folder, start("import", *SMALL, folder=folder) as process:
        assert process.stderr is not None
        assert any("Importing" in line for line in process.stderr)
        family = working_for(folder, process.pid)
        assert len(family) >= 2
        process.send_signal(by)
        assert process.wait(30) == 130
        _, alive = psutil.wait_procs(family, timeout=10)
        assert not alive
        assert not [path for path in Path(folder).iterdir() if path.name.startswith("sundial")]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("import", "--asana", "http://127.0.0.1:9/api/1.0"), "--asana and --token go together."),
        (("import", "--token", "x"), "--asana and --token go together."),
        (("import", "--asana", "http://127.0.0.1:9", "--token", "x", "--rate", "5"), "--asana has its own."),
        (("import", "--parents", "0.3"), "0.3 is not in the range"),
        (("import", "--projects", "0"), "0 is not in the range"),
        (("catch-up", "--changes", "0"), "0 is not in the range"),
        (("catch-up", "--projects", "1", "--tasks", "8", "--changes", "9"), "Only 6 tasks"),
        (("import", "--asana", "http://127.0.0.1:9/api/1.0", "--token", "x"), "Asana cannot be connected"),
    ],
    ids=lambda each: " ".join(each) if isinstance(each, tuple) else "",
)
def test_it_says_what_is_wrong(arguments: tuple[str, ...], sentence: str) -> None:
    with start(*arguments) as process:
        said, complained = process.communicate(timeout=60)
    assert process.returncode in (1, 2)
    assert sentence in complained
    assert "Traceback" not in complained
    assert said == ""
