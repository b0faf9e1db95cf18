"""`sundial bench import`: the first complete pass over a workspace, beside the bare fetcher's reading of the same."""

from collections.abc import Iterator
from contextlib import contextmanager

from app.bench.floor import seconds_at
from app.bench.outcome import Figures
from app.bench.source import SANDBOX_TOKEN, Sandbox, World
from app.bench.stage import Stage, say, stage

# Which number of requests in flight costs the bare fetcher the least is tried, not assumed.
AT_ONCE = (5, 10, 20, 50)


def import_world(world: World, *, with_sql: bool, with_fetcher: bool) -> Figures:
    with stage() as here:
        sandbox = Sandbox(here, world)
        sandbox.connect(here)
        figures = imported(here, sandbox, with_sql)
        if with_fetcher and world.is_undisturbed:
            figures |= compared(figures, fetched(here, sandbox))
    return figures


def imported(here: Stage, sandbox: Sandbox, with_sql: bool = False) -> Figures:
    say("Importing ...")
    cpu: Figures = {}
    with cpu_used(here, cpu):
        options = {"--sql": with_sql, "--unlimited": sandbox.world.rate is None}
        figures = here.run("work", *chosen(options), watch=sandbox.telling())
    figures |= {"requests": sandbox.requests(), "refusals": sandbox.refusals(), **cpu}
    figures["request_floor"] = sandbox.floor().total
    return with_ratios(figures, sandbox.world.rate)


def import_from(url: str, token: str, *, with_sql: bool) -> Figures:
    with stage() as here:
        here.group.environment["ASANA_API_URL"] = url
        here.run("connect", "--token", token)
        say(f"Importing from {url} ...")
        figures = here.run("work", *chosen({"--floor": True, "--sql": with_sql}))
    figures["requests"] = figures["requests_by_its_own_count"]
    return with_ratios(figures, rate=None)


def chosen(options: dict[str, bool]) -> list[str]:
    return [option for option, is_chosen in options.items() if is_chosen]


def with_ratios(figures: Figures, rate: int | None) -> Figures:
    figures["request_ratio"] = figures["requests"] / figures["request_floor"]
    figures["rows_per_s"] = figures["rows"] / figures["wall_s"]
    if rate:
        figures["limit_wall_s"] = seconds_at(rate, figures["request_floor"])
        figures["limit_ratio"] = figures["wall_s"] / figures["limit_wall_s"] if figures["limit_wall_s"] else None
    return figures


@contextmanager
def cpu_used(here: Stage, figures: Figures) -> Iterator[None]:
    """What those around the worker used meanwhile."""
    before = here.cpu_of_database(), here.cpu_of("sandbox")
    yield
    figures["database_cpu_s"] = here.cpu_of_database() - before[0]
    figures["sandbox_cpu_s"] = here.cpu_of("sandbox") - before[1]


def fetched(here: Stage, sandbox: Sandbox) -> list[Figures]:
    tries = []
    for at_once in AT_ONCE:
        say(f"Fetching with {at_once} requests in flight, for comparison ...")
        tries.append(here.run("fetch", "--token", SANDBOX_TOKEN, "--at-once", at_once, *sandbox.to_read()))
    return tries


def compared(figures: Figures, tries: list[Figures]) -> Figures:
    best = min(tries, key=lambda each: each["cpu_s"])
    return {
        "fetcher_cpu_s": best["cpu_s"],
        "fetcher_wall_s": best["wall_s"],
        "fetcher_at_once": best["at_once"],
        "fetcher_requests": best["requests"],
        "fetcher_peak_rss_mb": best["peak_rss_mb"],
        "fetcher_cpu_s_by_at_once": {str(each["at_once"]): each["cpu_s"] for each in tries},
        "cpu_ratio": figures["cpu_s"] / best["cpu_s"],
    }
