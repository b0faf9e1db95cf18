"""`sundial bench pages`: how quick and how heavy the pages are in an office of a given size.

One web process serves them, as `sundial web` does. A second one serves the bare page that the timesheet is compared
with.
"""

import os
from dataclasses import astuple, dataclass
from typing import Any

from app.bench.load import load
from app.bench.outcome import Figures
from app.bench.saturation import saturate
from app.bench.stage import Stage, free_port, say, stage
from app.bench.weight import weights
from app.launch import HOST, wait_for

# Of a minute, each of the runs one against the other takes five seconds.
SATURATED = 1 / 12
TIMED, BARE = "app.bench.timed:create_app", "app.bench.bare:create_app"


@dataclass(frozen=True)
class Size:
    people: int
    tasks: int
    entries: int


def pages(office: Size, seconds: float) -> Figures:
    with stage() as here:
        say(f"Furnishing an office of {office.people:,} people, {office.tasks:,} tasks, {office.entries:,} entries ...")
        furnished = here.run("furnish", *astuple(office))
        web, bare = serve(here, "web", TIMED, "/health"), serve(here, "bare", BARE, "/bare/1")
        say("Visiting ...")
        options = ["--web", web, "--bare", bare, "--seconds", seconds, "--furnished", here.folder / "furnish.json"]
        figures = here.run("visit", *options)
        web_cpu = here.cpu_of("web")
    return {
        "database_mb": furnished["database_mb"],
        **figures,
        "load_average": os.getloadavg()[0],
        "web_cpu_s": web_cpu,
    }


def serve(here: Stage, name: str, application: str, ready: str) -> int:
    """Its port, once it answers."""
    port = free_port()
    here.group.start("bench", "serve", "--port", str(port), "--application", application, quiet=True, name=name)
    wait_for(f"http://{HOST}:{port}{ready}", here.group)
    return port


async def visit(web: int, bare: int, seconds: float, office: dict[str, Any]) -> Figures:
    sessions, people = office["sessions"], office["people"]
    return {
        "load": await load(web, sessions, seconds),
        **await saturate(web, bare, sessions, people, seconds * SATURATED),
        "pages": await weights(web, sessions[0]),
    }
