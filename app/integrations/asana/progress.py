"""How far a pass has come, for administrators who watch it: the projects read so far, by name."""

from dataclasses import dataclass
from datetime import UTC, datetime

from app import database
from app.integrations.asana.models import RunState, SyncRun

OPEN = (RunState.queued, RunState.running)
NAMES_SHOWN = 100


@dataclass(frozen=True)
class ReadProject:
    id: int
    name: str


@dataclass(frozen=True)
class Progress:
    """`projects` names the latest first; `further` counts those before them."""

    run: SyncRun
    projects: list[ReadProject]

    @property
    def is_open(self) -> bool:
        return self.run.state in OPEN

    @property
    def further(self) -> int:
        return max(0, self.run.projects_done - len(self.projects)) if len(self.projects) == NAMES_SHOWN else 0

    @property
    def seconds(self) -> float:
        return seconds_of(self.run)


async def progress_of(run: SyncRun) -> Progress:
    """Projects are there as soon as they are read; what the run says of itself is written once a second."""
    projects = await projects_read_in(run)
    run.projects_done = max(run.projects_done, len(projects))
    return Progress(run, projects)


async def latest_progress(connection_id: int) -> Progress | None:
    """The pass under way, or else the last one; None before the first."""
    run = (
        await SyncRun.objects().where(SyncRun.connection == connection_id).order_by(SyncRun.id, ascending=False).first()
    )
    return await progress_of(run) if run else None


# Chosen before they are named: joined first, PostgreSQL would read every item of a large account each time.
PROJECTS_READ = """
    SELECT item.id, item.name
    FROM (
        SELECT * FROM asana_project_state WHERE connection = $1 AND last_run_id = $2
        ORDER BY last_read_at DESC, id DESC LIMIT $3
    ) latest JOIN work_item item ON item.id = latest.item
    ORDER BY latest.last_read_at DESC, latest.id DESC
"""


async def projects_read_in(run: SyncRun) -> list[ReadProject]:
    rows = await database.fetch(PROJECTS_READ, run.connection, run.id, NAMES_SHOWN)
    return [ReadProject(**dict(row)) for row in rows]


def seconds_of(run: SyncRun) -> float:
    started_at: datetime | None = run.started_at
    finished_at: datetime | None = run.finished_at
    return ((finished_at or datetime.now(UTC)) - started_at).total_seconds() if started_at else 0.0
