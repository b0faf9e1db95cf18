"""How often something that may be guessed is tried: so many times in a while, then not until later."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app import database
from app.accounts.models import Attempt
from app.crypto import token_hash


class TooManyAttempts(Exception):
    """Refused without having been looked at."""

    def __init__(self, retry_in: timedelta) -> None:
        super().__init__(f"{retry_in} left")
        self.retry_in = retry_in

    @property
    def seconds(self) -> int:
        return max(1, round(self.retry_in.total_seconds()))

    def __str__(self) -> str:
        minutes = -(-self.seconds // 60)
        when = "in a minute" if minutes == 1 else f"in {minutes} minutes"
        return f"That was tried too often. Try again {when}."


@dataclass(frozen=True)
class Limit:
    kind: str
    most: int
    window: timedelta

    async def take(self, key: str) -> int:
        """Notes an attempt and returns its id. Raises TooManyAttempts.

        Counting and noting are one step for all processes, so a thousand guesses at once are as many as one by one.
        """
        async with database.transaction():
            await database.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"{self.kind}:{key}")
            now = datetime.now(UTC)
            made = await self.made_since(now - self.window, key)
            if len(made) >= self.most:
                raise TooManyAttempts(made[self.most - 1] + self.window - now)
            attempt = Attempt(kind=self.kind, key=digest(key), made_at=now)
            await attempt.save()
            return int(attempt.id)

    async def made_since(self, moment: datetime, key: str) -> list[datetime]:
        """The latest attempts, newest first: as many as are allowed at all."""
        rows = await database.fetch(
            "SELECT made_at FROM attempt WHERE kind = $1 AND key = $2 AND made_at > $3 ORDER BY made_at DESC LIMIT $4",
            self.kind,
            digest(key),
            moment,
            self.most,
        )
        return [row["made_at"] for row in rows]

    async def forget(self, key: str) -> None:
        await Attempt.delete().where((Attempt.kind == self.kind) & (Attempt.key == digest(key)))


async def forget(attempt_id: int) -> None:
    """The attempt was no guess."""
    await Attempt.delete().where(Attempt.id == attempt_id)


def digest(key: str) -> str:
    """What was typed as an e-mail address may be anything, a password even."""
    return token_hash(key)
