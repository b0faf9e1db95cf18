"""Time tracked by two people, and beside it the plain model of what must be there whatever Asana does."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app import database
from app.accounts.models import User
from app.projects.access import NotTrackable
from app.timesheet import entries, timer
from app.timesheet.details import Details
from app.timesheet.models import TimeEntry
from app.timesheet.spans import Stretch
from app.timesheet.work import NO_TASK, NotTheirs, Work, work_on
from tests.factories import asking, monday

ENTRIES = """
SELECT entry.id, entry."user", item.foreign_id AS item, project.foreign_id AS project,
       entry.note, entry.started_at, entry.stopped_at
FROM time_entry entry LEFT JOIN work_item item ON item.id = entry.item
     LEFT JOIN work_item project ON project.id = entry.project
"""


@dataclass(frozen=True)
class Entry:
    """What of an entry may not change by itself. Items go by Asana's id."""

    user: int
    item: str | None
    project: str | None
    note: str
    started_at: datetime
    stopped_at: datetime | None


class Timesheet:
    def __init__(self, account: int) -> None:
        self.account = account
        self.entries: dict[int, Entry] = {}
        self.notes = 0

    def running(self, user: User) -> int | None:
        running = [number for number, each in self.entries.items() if each.user == user.id and not each.stopped_at]
        assert len(running) <= 1
        return running[0] if running else None

    async def work(self, user: User, number: int) -> Work:
        """On some item that there has ever been, if it may be tracked on now."""
        ids = await database.fetch("SELECT id FROM work_item WHERE account = $1 ORDER BY id", self.account)
        if not ids:
            return NO_TASK
        try:
            return await work_on(asking(user), ids[number % len(ids)]["id"])
        except (NotTheirs, NotTrackable):
            return NO_TASK

    async def start(self, user: User, number: int) -> None:
        before, work = self.running(user), await self.work(user, number)
        entry = await timer.start(asking(user), work, Details(self.note()))
        if before is not None:
            self.entries[before] = replace(self.entries[before], stopped_at=entry.started_at)
        self.entries[entry.id] = await self.as_it_should_be(user, work, entry.note, entry.started_at, None)

    async def stop(self, user: User) -> None:
        number = self.running(user)
        assert await timer.stop(asking(user)) == (number is not None)
        if number is not None:
            stopped = await TimeEntry.objects().get(TimeEntry.id == number)
            assert stopped is not None
            assert stopped.stopped_at is not None
            self.entries[number] = replace(self.entries[number], stopped_at=stopped.stopped_at)

    async def add(self, user: User, number: int) -> None:
        work, note = await self.work(user, number), self.note()
        stretch = Stretch(monday(9) + timedelta(minutes=number), monday(10) + timedelta(minutes=number))
        await entries.add(asking(user), work, Details(note), stretch)
        added: int = await database.fetch_value("SELECT max(id) FROM time_entry")
        self.entries[added] = await self.as_it_should_be(user, work, note, stretch.started_at, stretch.stopped_at)

    async def change(self, user: User, number: int) -> None:
        """Another task, another note, and half an hour earlier."""
        if (entry_id := self.one_of(user, number)) is None:
            return
        entry, work, note = self.entries[entry_id], await self.work(user, number), self.note()
        was = Stretch(entry.started_at, entry.stopped_at)
        stretch = Stretch(entry.started_at - timedelta(minutes=30), entry.stopped_at)
        await entries.change(asking(user), entry_id, was=was, stretch=stretch, work=work, details=Details(note))
        self.entries[entry_id] = await self.as_it_should_be(user, work, note, stretch.started_at, stretch.stopped_at)

    async def delete(self, user: User, number: int) -> None:
        if (entry_id := self.one_of(user, number)) is not None:
            assert await entries.delete(asking(user), entry_id)
            del self.entries[entry_id]

    async def assert_as_it_should_be(self) -> None:
        rows = await database.fetch(ENTRIES)
        assert {number: Entry(*values) for number, *values in rows} == self.entries

    async def as_it_should_be(
        self, user: User, work: Work, note: str, started_at: datetime, stopped_at: datetime | None
    ) -> Entry:
        item, project = [await foreign_id(each) for each in (work.item_id, work.project_id)]
        return Entry(user.id, item, project, note, started_at, stopped_at)

    def one_of(self, user: User, number: int) -> int | None:
        theirs = [each for each, entry in self.entries.items() if entry.user == user.id]
        return theirs[number % len(theirs)] if theirs else None

    def note(self) -> str:
        self.notes += 1
        return f"Note {self.notes}"


async def foreign_id(item: int | None) -> str | None:
    found: str | None = await database.fetch_value("SELECT foreign_id FROM work_item WHERE id = $1", item)
    return found
