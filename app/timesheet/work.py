"""What time is for: a work item and the project it counts for, or nothing yet."""

from dataclasses import dataclass

from app.projects.access import Person, trackable


class NotTheirs(Exception):
    """There is no such item for this person: gone, never theirs, or another account's."""

    reason = "This task is not among yours. Choose another."


HUES = 8


@dataclass(frozen=True)
class Work:
    item_id: int | None = None
    project_id: int | None = None

    @property
    def hue(self) -> str:
        """The class with the project's colour, which is the same wherever it is shown."""
        return f"hue-{self.project_id % HUES}" if self.project_id else "hue-none"


NO_TASK = Work()


async def work_on(user: Person, item_id: int | None, project_id: int | None = None) -> Work:
    """What new time may be tracked on. Raises NotTrackable (from projects) with the reason, or NotTheirs."""
    if item_id is None:
        return NO_TASK
    item = await trackable(user, item_id)
    if item is None:
        raise NotTheirs
    return Work(item.id, item.project_for(project_id))
