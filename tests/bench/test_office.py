"""The office that is measured in: it is furnished without triggers, and has to be as if they had run."""

from datetime import datetime
from zoneinfo import ZoneInfo

from app import database
from app.accounts.authentication import user_of_session
from app.bench.office import NOW_OCLOCK, Office, furnish, sign_in
from app.projects.totals import totals_of_projects
from app.timesheet.queries import read_sheet

SMALL = Office(people=40, tasks=600, entries=4_000)
SPENT = """
    SELECT project AS item, extract(epoch FROM sum(coalesce(stopped_at, now()) - started_at))::bigint AS seconds
    FROM time_entry GROUP BY project
"""
WAYS = "SELECT path, is_active, name FROM way ORDER BY path"


async def test_it_is_as_if_people_had_made_it(committed: None) -> None:
    await furnish(SMALL)
    assert await database.fetch_value("SELECT count(*) FROM person") == 40
    assert await database.fetch_value("SELECT count(*) FROM work_item WHERE kind = 'task'") == 600
    assert await database.fetch_value("SELECT count(*) FROM time_entry WHERE stopped_at IS NOT NULL") == 4_000
    spent = {row["item"]: row["seconds"] for row in await database.fetch(SPENT)}
    kept = await totals_of_projects(1, list(spent))
    assert {item: abs(kept[item] - seconds) < 5 for item, seconds in spent.items()} == dict.fromkeys(spent, True)
    ways = await database.fetch(WAYS)
    await database.execute("SELECT refresh_ways(1, array_agg(id)) FROM work_item")
    assert await database.fetch(WAYS) == ways
    assert len(ways) > 600


async def test_everybody_has_a_full_week_behind_them(committed: None) -> None:
    await furnish(SMALL)
    for token in await sign_in([1, 7, 40]):
        user = await user_of_session(token)
        assert user is not None
        now = datetime.now(ZoneInfo(user.timezone))
        assert NOW_OCLOCK <= now.hour <= NOW_OCLOCK + 1
        sheet = await read_sheet(user, now.date(), ZoneInfo(user.timezone), user.week_start)
        assert sum(not entry.is_running for entry in sheet.entries) == 30
        assert [of_day.total.minutes > 0 for of_day in sheet.week] == [True] * 5 + [False] * 2
        assert all(entry.name for entry in sheet.of_day)
