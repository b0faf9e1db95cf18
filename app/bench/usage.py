"""What processes use: CPU seconds, and the most memory that they held at once."""

import resource
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, process_time

import psutil


@dataclass
class Usage:
    """Of this process, while the block that it was measured over ran."""

    wall_s: float = 0.0
    cpu_s: float = 0.0


@contextmanager
def measured() -> Iterator[Usage]:
    usage, wall, cpu = Usage(), perf_counter(), process_time()
    try:
        yield usage
    finally:
        usage.wall_s, usage.cpu_s = perf_counter() - wall, process_time() - cpu


def peak_rss_mb(pid: int | str = "self") -> float:
    """In millions of bytes. Linux tells it of any process; elsewhere it is known of this process alone."""
    status = Path(f"/proc/{pid}/status")
    if status.exists():
        peak = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(peak.split()[1]) * 1024 / 1e6
    peak_rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak_rss / 1e6 if sys.platform == "darwin" else peak_rss * 1024 / 1e6


def cpu_of_family(pid: int) -> float:
    """Seconds that a process, its children and those of them that have ended have used."""
    process = psutil.Process(pid)
    seconds = cpu_of(process)
    for child in process.children(recursive=True):
        # Whoever ends just now counts for the parent, the next time.
        with suppress(psutil.NoSuchProcess):
            seconds += cpu_of(child)
    return seconds


def cpu_of(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system + times.children_user + times.children_system)
