"""How a person wants to be called, when their days and weeks begin, when a timer asks, and whether single keys act."""

from dataclasses import dataclass

from app.accounts.models import User

TIMER_LIMITS = range(1, 25)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True)
class Profile:
    """`week_start` is an ISO weekday, 1 is Monday. `timer_limit` is in hours."""

    name: str
    timezone: str
    week_start: int
    clock_24h: bool
    timer_limit: int
    shortcuts: bool

    async def save(self, user_id: int) -> None:
        await User.update(
            {
                User.name: self.name,
                User.timezone: self.timezone,
                User.week_start: self.week_start,
                User.clock_24h: self.clock_24h,
                User.timer_limit: self.timer_limit,
                User.shortcuts: self.shortcuts,
            }
        ).where(User.id == user_id)
