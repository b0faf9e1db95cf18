"""The day's shape as it is drawn."""

from datetime import timedelta

from hypothesis import given

from app.timesheet.sheet import Sheet
from app.timesheet.track import WIDTH, track_of
from tests.timesheet.test_sheet_totals import any_sheet


@given(any_sheet)
def test_it_draws_all_of_the_day_within_the_line(sheet: Sheet) -> None:
    track = track_of(sheet)
    assert [part.entry for part in track.parts] == sheet.of_day
    assert all(0 <= part.x <= WIDTH and part.width >= 2 for part in track.parts)
    assert all(part.x + part.width <= WIDTH + 2.1 for part in track.parts)


@given(any_sheet)
def test_it_marks_hours_from_left_to_right_within_the_day(sheet: Sheet) -> None:
    ticks = track_of(sheet).ticks
    assert [tick.x for tick in ticks] == sorted({tick.x for tick in ticks})
    for tick in ticks:
        assert sheet.span.starts_at <= tick.moment < sheet.span.ends_at + timedelta(hours=1)
