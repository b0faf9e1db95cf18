"""The database writes down what becomes of an entry, whoever changes it and however."""

from typing import Any

from piccolo.utils.encoding import load_json

from app.accounts.models import Account, User
from app.timesheet import entries
from app.timesheet.models import Change, EntryChange, TimeEntry
from app.timesheet.undo import undo
from app.timesheet.work import Work
from tests.factories import asking, make_entry, make_item, monday


async def changes_of(entry: TimeEntry) -> list[tuple[str, Any, dict[str, Any]]]:
    rows = await EntryChange.objects().where(EntryChange.entry == entry.id).order_by(EntryChange.id)
    return [(row.action, row.changed_by, load_json(row.changes)) for row in rows]


async def test_it_keeps_what_was_and_what_is(bob: User, account: Account) -> None:
    item = await make_item(account, "Write the offer")
    entry = await make_entry(bob, note="calls", stopped_at=monday(10))
    await entries.note(asking(bob), entry.id, "calls and mails")
    await entries.put_on(asking(bob), entry.id, Work(item.id, None))
    assert await changes_of(entry) == [
        (Change.changed, bob.id, {"note": ["calls", "calls and mails"]}),
        (Change.changed, bob.id, {"item": [None, item.id]}),
    ]


async def test_it_keeps_nothing_where_nothing_changed(bob: User) -> None:
    entry = await make_entry(bob, note="calls", stopped_at=monday(10))
    await entries.note(asking(bob), entry.id, "calls")
    assert await changes_of(entry) == []


async def test_it_remembers_a_deleted_entry_and_its_return(bob: User) -> None:
    entry = await make_entry(bob, note="calls", stopped_at=monday(10), billable=True)
    undo_id = await entries.delete(asking(bob), entry.id)
    assert undo_id is not None
    assert await undo(asking(bob), undo_id)
    (action, by, changes), restored = await changes_of(entry)
    assert (action, by, changes["note"], changes["billable"]) == (Change.deleted, bob.id, ["calls", None], [True, None])
    assert restored == (Change.restored, bob.id, {})


async def test_it_goes_with_its_account(bob: User, account: Account) -> None:
    await make_entry(bob, stopped_at=monday(10))
    await Account.delete().where(Account.id == account.id)
    assert not await TimeEntry.exists().where(TimeEntry.user == bob.id)
    assert not await EntryChange.exists().where(EntryChange.user == bob.id)
