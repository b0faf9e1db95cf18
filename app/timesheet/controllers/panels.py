"""What opens in the place of an entry's line, besides the form that edits it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar
from zoneinfo import ZoneInfo

from app.accounts.authentication import CurrentUser
from app.timesheet.days import zone_name_if_twice
from app.timesheet.merging import Merger
from app.timesheet.sheet import Entry


@dataclass
class Panel:
    entry: Entry
    kind: ClassVar[str]

    @property
    def template(self) -> str:
        return f"timesheet/_{self.kind}.html"


@dataclass(frozen=True)
class Option:
    """A moment to choose, with the name of the zone where the clock shows it twice."""

    moment: datetime
    zone: str


def option_of(user: CurrentUser, moment: datetime) -> Option:
    return Option(moment, zone_name_if_twice(moment, ZoneInfo(user.timezone)))


@dataclass
class SplitPanel(Panel):
    """`shown` is what the field held at first, for the moment `exact`; `at` is what was typed instead."""

    at: str
    shown: str
    exact: datetime
    midnights: list[datetime] = field(default_factory=list)
    options: list[Option] = field(default_factory=list)
    error: str = ""
    kind: ClassVar[str] = "split"


@dataclass
class MergePanel(Panel):
    """Where `merger` is None they cannot be merged, and `problem` says why."""

    earlier: Entry | None = None
    merger: Merger | None = None
    problem: str = ""
    kind: ClassVar[str] = "merge"

    @property
    def seconds_between(self) -> float:
        return self.merger.between.total_seconds() if self.merger else 0

    @property
    def is_apart(self) -> bool:
        return self.seconds_between >= timedelta(minutes=1).total_seconds()

    @property
    def is_overlapping(self) -> bool:
        return self.seconds_between <= -timedelta(minutes=1).total_seconds()
