"""Time zones, all there are, and moments in them: rather often those around which clocks are changed."""

from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import strategies as st

FIRST = datetime(2000, 1, 2, tzinfo=UTC)
LAST = datetime(2036, 12, 30, tzinfo=UTC)
WEEK = timedelta(days=7)
MICROSECOND = timedelta(microseconds=1)

zones = st.sampled_from(sorted(available_timezones())).map(ZoneInfo)
weekdays = st.integers(1, 7)


@cache
def changes(zone: ZoneInfo) -> list[datetime]:
    """The moments at which clocks are changed there, in these years."""
    weeks = [FIRST + WEEK * number for number in range((LAST - FIRST) // WEEK)]
    return [
        change_between(before, after, zone)
        for before, after in pairwise(weeks)
        if offset(before, zone) != offset(after, zone)
    ]


def change_between(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    while after - before > MICROSECOND:
        middle = before + (after - before) / 2
        if offset(middle, zone) == offset(before, zone):
            before = middle
        else:
            after = middle
    return after


def offset(moment: datetime, zone: ZoneInfo) -> timedelta | None:
    return moment.astimezone(zone).utcoffset()


def moments(zone: ZoneInfo, first: datetime = FIRST, last: datetime = LAST) -> st.SearchStrategy[datetime]:
    anywhere = st.datetimes(first.replace(tzinfo=None), last.replace(tzinfo=None), timezones=st.just(UTC))
    nearby = [change for change in changes(zone) if first <= change < last]
    if not nearby:
        return anywhere
    hours = st.timedeltas(timedelta(hours=-26), timedelta(hours=26)) | st.integers(-6, 6).map(
        lambda halves: timedelta(minutes=30 * halves)
    )
    around = st.builds(lambda change, away: change + away, st.sampled_from(nearby), hours)
    return around | anywhere


@st.composite
def moments_somewhere(draw: st.DrawFn, first: datetime = FIRST, last: datetime = LAST) -> tuple[ZoneInfo, datetime]:
    zone = draw(zones)
    return zone, draw(moments(zone, first, last))


# From an instant to a timer forgotten over a long weekend, and often just under or over half a minute.
lengths = (
    st.timedeltas(MICROSECOND, timedelta(minutes=3))
    | st.timedeltas(MICROSECOND, timedelta(days=4))
    | st.builds(
        lambda minutes, off: timedelta(minutes=minutes, seconds=30) + off,
        st.integers(0, 1500),
        st.sampled_from([-MICROSECOND, timedelta(), MICROSECOND]),
    )
)
