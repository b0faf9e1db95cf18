"""What processes use, while they come and go."""

import subprocess

from app.bench.usage import cpu_of_family


def test_a_child_that_ends_while_it_is_asked_is_left_out() -> None:
    many = "while :; do for _ in 1 2 3 4 5 6 7 8 9 10 11 12; do sleep 0.01 & done; wait; done"
    with subprocess.Popen(["/bin/sh", "-c", many]) as parent:
        try:
            used = [cpu_of_family(parent.pid) for _ in range(200)]
        finally:
            parent.kill()
    assert used[-1] > 0
