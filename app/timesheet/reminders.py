"""The letter about a timer that ran on through the night: who is due one, and that nobody gets it twice."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from app import database
from app.timesheet.days import midnight
from app.timesheet.long_timers import asks_at, next_time
from app.timesheet.spans import Habits

MORNING = time(8)
# Whatever was late, nobody is written to in the evening or at night.
EVENING = time(20)


@dataclass(frozen=True)
class LongTimer:
    """`task` is None where the time is for none yet."""

    entry_id: int
    started_at: datetime
    kept_at: datetime | None
    task: str | None
    name: str
    email: str
    timer_limit: int
    timezone: str
    clock_24h: bool

    def habits(self, now: datetime) -> Habits:
        return Habits(ZoneInfo(self.timezone), self.clock_24h, now)

    def is_due(self, now: datetime) -> bool:
        """From the morning on that follows the limit and a night, and by day alone."""
        zone = ZoneInfo(self.timezone)
        night = midnight(self.started_at.astimezone(zone).date() + timedelta(days=1), zone)
        morning = next_time(MORNING, max(night, asks_at(self.started_at, self.kept_at, self.timer_limit)), zone)
        return morning is not None and now >= morning and MORNING <= now.astimezone(zone).time() < EVENING


LONG_TIMERS = """
    SELECT entry.id AS entry_id, entry.started_at, entry.kept_at, item.name AS task,
           person.name, person.email, person.timer_limit, person.timezone, person.clock_24h
    FROM time_entry entry
    JOIN person ON person.id = entry."user"
    LEFT JOIN work_item item ON item.id = entry.item
    WHERE entry.stopped_at IS NULL AND entry.reminded_at IS NULL AND person.deactivated_at IS NULL
      AND ($1::bigint IS NULL OR entry.id = $1)
    ORDER BY entry.id
"""


async def due_timers(now: datetime, entry_id: int | None = None) -> list[LongTimer]:
    rows = await database.fetch(LONG_TIMERS, entry_id)
    return [timer for timer in (LongTimer(**dict(row)) for row in rows) if timer.is_due(now)]


CLAIM = "UPDATE time_entry SET reminded_at = $2 WHERE id = $1 AND stopped_at IS NULL AND reminded_at IS NULL"


async def claim(timer: LongTimer, now: datetime) -> bool:
    """False where another has claimed it. Claimed before it is sent, because once too few is better than twice."""
    return await database.execute(CLAIM, timer.entry_id, now) > 0


async def give_back(timer: LongTimer) -> None:
    """It could not be sent now, and may be later."""
    await database.execute("UPDATE time_entry SET reminded_at = NULL WHERE id = $1", timer.entry_id)
