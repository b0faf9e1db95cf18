"""`sundial bench picker`: how soon the picker answers whatever may be asked of it, in an office of a given size.

Asked are people who may track on everything, on twelve tasks, on five projects, and on hundreds of single tasks and
projects. What counts is the time of the server for the whole request, as it tells it itself.
"""

from app.bench.outcome import Figures
from app.bench.pages import TIMED, serve
from app.bench.stage import say, stage

# One in twenty has everything, ten have twelve tasks, nine have five projects: so there is somebody of each kind.
PEOPLE, ENTRIES = 100, 50_000


def picker(tasks: int) -> Figures:
    with stage() as here:
        say(f"Furnishing an office with {tasks:,} tasks ...")
        here.run("furnish", PEOPLE, tasks, ENTRIES)
        web = serve(here, "web", TIMED, "/health")
        say("Asking ...")
        return here.run("pick", "--web", web)
