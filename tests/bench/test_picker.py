"""`sundial bench picker`, small: everybody is asked everything, and what is theirs is found."""

import pytest

from tests.bench.running import figures_of

pytestmark = pytest.mark.xdist_group("launch")

PEOPLE = {"everything", "twelve tasks", "five projects", "hundreds"}


def test_the_picker_is_measured_for_every_question_and_person() -> None:
    figures = figures_of("picker", "--tasks", "2000")
    assert set(figures["asked"]) == PEOPLE
    kinds = [set(of_asker) for of_asker in figures["asked"].values()]
    assert all(each == kinds[0] for each in kinds)
    everything = [each for of_asker in figures["asked"].values() for each in of_asker.values()]
    assert all(0 < each["median_ms"] <= each["p95_ms"] <= each["worst_ms"] for each in everything)
    assert figures["slowest_p95_ms"] == max(each["p95_ms"] for each in everything)
    assert figures["heaviest_bytes"] == max(each["bytes"] for each in everything) < 150_000
    for of_asker in figures["asked"].values():
        nothing = of_asker["a word nowhere"]["bytes"]
        assert all(of_asker[kind]["bytes"] > nothing for kind in ("an id", "an address", "a common word"))
