"""What `sundial bench pages` prints, small: it has to be consistent, however fast this machine is."""

import pytest

from tests.bench.running import figures_of, start

pytestmark = pytest.mark.xdist_group("launch")

SMALL = ("--people", "20", "--tasks", "300", "--entries", "1500", "--seconds", "4")


def test_it_measures_speed_and_weight() -> None:
    figures = figures_of("pages", *SMALL)
    # Twenty people do something every ten seconds, each of the first eight something else: two of the eight are for
    # the picker and three for the timesheet.
    asked = {kind: of_kind["requests"] for kind, of_kind in figures["load"].items()}
    assert asked == {"picker": 2, "projects": 1, "start": 1, "stop": 1, "timesheet": 3}
    for of_kind in figures["load"].values():
        assert 0 < of_kind["server_median_ms"] <= of_kind["server_p99_ms"] < of_kind["client_p99_ms"]
        assert of_kind["server_median_ms"] < of_kind["client_median_ms"]
    assert figures["rate_ratio"] == pytest.approx(figures["timesheets_per_s"] / figures["bare_pages_per_s"])
    assert 0 < figures["rate_ratio"] < 1
    assert figures["web_cpu_s"] > 0


def test_no_page_is_too_heavy() -> None:
    pages = figures_of("pages", *SMALL)["pages"]
    assert {"/timesheet", "/projects", "/people", "/profile", "/integrations", "/sign-in"} <= {p["path"] for p in pages}
    assert len({page["path"] for page in pages}) == len(pages)
    assert pages == sorted(pages, key=lambda page: -page["first_kb"])
    for page in pages:
        assert page["kb"] < 30
        # The font and htmx alone are more than 70.
        assert 70 + page["kb"] < page["first_kb"] < 150


def test_it_speaks_to_people_too() -> None:
    with start("pages", *SMALL) as process:
        said, complained = process.communicate(timeout=120)
    assert process.returncode == 0, complained
    assert "timesheets a second" in said
    assert "/timesheet" in said
    assert "Furnishing" in complained
