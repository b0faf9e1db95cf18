"""An office to measure with: a made-up company's people, its projects, and months of their time.

Everything follows from how many people, tasks and entries there are, so that two runs measure the same. It is always
five in the afternoon there, on the fifth day of a week in which everybody has tracked their time.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from app import database
from app.accounts.authentication import LIFETIME
from app.bench import office_sql as sql
from app.bench.worker import opened
from app.crypto import new_token, token_hash

NOW_OCLOCK = 17
SIGNED_IN = 200


@dataclass(frozen=True)
class Office:
    """Of every twenty people one may track on everything, ten on twelve tasks, and nine on up to five projects."""

    people: int = 1_000
    tasks: int = 100_000
    entries: int = 1_000_000

    @property
    def projects(self) -> int:
        return -(-self.tasks // sql.TASKS_IN_A_PROJECT)


async def make(office: Office) -> dict[str, Any]:
    """For those who measure in it: some people taken evenly from all, the first of whom has everything, signed in."""
    async with opened():
        await furnish(office)
        count = min(SIGNED_IN, office.people)
        people = [1 + number * office.people // count for number in range(count)]
        size = await database.fetch_value("SELECT pg_database_size(current_database())")
        return {"people": people, "sessions": await sign_in(people), "database_mb": size / 1e6}


async def furnish(office: Office) -> None:
    """Fills a new, empty database. Neither the checks between tables nor their triggers run for it."""
    async with database.transaction():
        await database.execute("SET LOCAL session_replication_role = replica")
        for statement, *arguments in statements(office):
            await database.execute(statement, *arguments)
        await database.execute(sql.WAYS)
    await database.execute("VACUUM ANALYZE")


def statements(office: Office) -> Iterator[tuple[str, *tuple[object, ...]]]:
    """In the order in which they need each other."""
    zone = zone_of_office()
    people, projects, tasks = office.people, office.projects, office.tasks
    yield sql.ACCOUNT, str(zone)
    yield sql.PEOPLE, people, str(zone), week_start(datetime.now(zone))
    yield (sql.TAGS,)
    yield (sql.ROOT,)
    yield sql.PROJECTS, projects
    yield sql.LISTS, projects
    yield sql.TASKS, projects, tasks
    yield sql.SECOND_PLACES, projects, tasks
    yield sql.KEYWORDS, projects, tasks
    yield sql.OWN_TASKS, projects, tasks, people
    yield sql.ASSIGNMENTS, people
    yield sql.ENTRIES, people, office.entries, str(zone)
    yield sql.RUNNING, people
    yield (sql.PROJECT_TIME,)
    yield (sql.CONNECTION,)
    yield (sql.RUNS,)
    for table in sql.NUMBERED:
        yield (sql.next_number(table),)


def zone_of_office() -> ZoneInfo:
    """Where it is about five in the afternoon. The names of these zones count westward."""
    ahead = (NOW_OCLOCK - datetime.now(UTC).hour + 12) % 24 - 12
    return ZoneInfo(f"Etc/GMT{-ahead:+d}")


def week_start(now: datetime) -> int:
    """The ISO weekday with which a week has to begin for this to be its fifth day."""
    return (now.isoweekday() - sql.DAYS_A_WEEK) % 7 + 1


SESSIONS = """
    INSERT INTO session ("user", token_hash, expires_at)
    SELECT person, hash, $3 FROM unnest($1::bigint[], $2::text[]) session(person, hash)
"""


async def sign_in(people: list[int]) -> list[str]:
    """The tokens of new sessions, one for each of these people."""
    tokens = [new_token() for _ in people]
    await database.execute(SESSIONS, people, [token_hash(token) for token in tokens], datetime.now(UTC) + LIFETIME)
    return tokens
