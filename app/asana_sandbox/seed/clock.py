from datetime import UTC, datetime, timedelta


class SeedClock:
    """Starts on a fixed morning and goes on by itself, so that every seed has the same moments."""

    def __init__(self, step: timedelta = timedelta(seconds=37)) -> None:
        self.at = datetime(2026, 8, 31, 8, 0, tzinfo=UTC)
        self.step = step

    def __call__(self) -> datetime:
        self.at += self.step
        return self.at
