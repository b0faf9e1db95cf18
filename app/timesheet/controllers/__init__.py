from app.timesheet.controllers.duplicates import DuplicatesController
from app.timesheet.controllers.entries import EntriesController
from app.timesheet.controllers.history import HistoryController
from app.timesheet.controllers.merges import MergesController
from app.timesheet.controllers.picker import PickerController
from app.timesheet.controllers.several import SeveralController
from app.timesheet.controllers.splits import SplitsController
from app.timesheet.controllers.tags import TagController, TagOffersController, TagsController
from app.timesheet.controllers.timer import TimerController
from app.timesheet.controllers.timesheet import TimesheetController
from app.timesheet.controllers.trims import TrimsController
from app.timesheet.controllers.undo import UndoController
from app.timesheet.controllers.week import WeekChangesController, WeekController

ENTRY_PAGES = [
    EntriesController,
    SplitsController,
    MergesController,
    DuplicatesController,
    HistoryController,
    SeveralController,
    TrimsController,
    UndoController,
]
TAG_PAGES = [TagOffersController, TagsController, TagController]
WEEK_PAGES = [WeekController, WeekChangesController]

__all__ = ["ENTRY_PAGES", "TAG_PAGES", "WEEK_PAGES", "PickerController", "TimerController", "TimesheetController"]
