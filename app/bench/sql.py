"""Which statements take how long, as seen by the process that sends them. Timing costs a little of what it times."""

from collections import defaultdict
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

from asyncpg import Connection
from piccolo.engine.postgres import PostgresEngine

LONGEST_SHOWN = 110
MOST_SHOWN = 15


@dataclass
class Statements:
    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    times: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def took(self, statement: str, seconds: float) -> None:
        self.seconds[statement] += seconds
        self.times[statement] += 1

    def slowest(self) -> list[dict[str, Any]]:
        by_seconds = sorted(self.seconds.items(), key=lambda each: -each[1])[:MOST_SHOWN]
        return [
            {"sql": " ".join(statement.split())[:LONGEST_SHOWN], "times": self.times[statement], "seconds": seconds}
            for statement, seconds in by_seconds
        ]


def timed_statements(engine: PostgresEngine) -> Statements:
    """Times everything that the connections which the engine opens from now on are asked."""
    statements = Statements()

    class Timed(Connection):  # type: ignore[misc]
        async def execute(self, query: str, *arguments: Any, **options: Any) -> Any:
            return await timed(query, super().execute(query, *arguments, **options))

        async def fetch(self, query: str, *arguments: Any, **options: Any) -> Any:
            return await timed(query, super().fetch(query, *arguments, **options))

        async def fetchrow(self, query: str, *arguments: Any, **options: Any) -> Any:
            return await timed(query, super().fetchrow(query, *arguments, **options))

        async def fetchval(self, query: str, *arguments: Any, **options: Any) -> Any:
            return await timed(query, super().fetchval(query, *arguments, **options))

        async def copy_records_to_table(self, table_name: str, **options: Any) -> Any:
            return await timed(f"COPY {table_name}", super().copy_records_to_table(table_name, **options))

    async def timed(statement: str, answer: Any) -> Any:
        began = perf_counter()
        try:
            return await answer
        finally:
            statements.took(statement, perf_counter() - began)

    engine.config["connection_class"] = Timed
    return statements
