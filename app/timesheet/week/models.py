"""What a person wants to see in a week besides its entries."""

from piccolo.columns import BigSerial, Boolean, Date, ForeignKey
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from app.accounts.models import Account, User
from app.projects.models import WorkItem


class WeekRow(Table, tablename="week_row"):
    """A row that was added to a week although it has no hours (`is_kept`), or that was taken out of it.

    `week` is the first day of the week as the person had it; `item` and `project` are as in TimeEntry.
    """

    id = BigSerial(primary_key=True)
    account = ForeignKey(Account, on_delete=OnDelete.cascade, null=False)
    user = ForeignKey(User, on_delete=OnDelete.cascade, null=False)
    week = Date()
    item = ForeignKey(WorkItem, on_delete=OnDelete.cascade, null=True, default=None)
    project = ForeignKey(WorkItem, on_delete=OnDelete.cascade, null=True, default=None)
    is_kept = Boolean(default=True)
