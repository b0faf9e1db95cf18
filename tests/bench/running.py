"""`sundial bench` as somebody runs it in a terminal: its figures, its words, and what it leaves behind."""

import json
import os
import subprocess
import sys
from typing import Any

from tests.test_launch import TEST_SETTINGS

ENVIRONMENT = {key: value for key, value in os.environ.items() if key not in TEST_SETTINGS}


def start(*arguments: str, folder: str | None = None) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "app.cli", "bench", *arguments],
        env=ENVIRONMENT if folder is None else {**ENVIRONMENT, "TMPDIR": folder},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def figures_of(*arguments: str) -> dict[str, Any]:
    with start(*arguments, "--json") as process:
        said, complained = process.communicate(timeout=120)
    assert process.returncode == 0, complained
    figures: dict[str, Any] = json.loads(said)
    return figures
