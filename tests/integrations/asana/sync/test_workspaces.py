"""Workspaces that are left out and taken in again."""

from app.integrations.asana.connection import choose_workspaces
from app.integrations.asana.models import AsanaWebhook, Trigger
from tests.factories import make_entry
from tests.integrations.asana.sync.connected import Connected
from tests.integrations.asana.sync.office import Office


async def test_a_workspace_left_out_is_archived_and_comes_back_as_it_was(office: Office, connected: Connected) -> None:
    side = office.world.make_workspace("Side business", is_organization=False)
    office.world.join_workspace(office.alice, side)
    project = office.world.make_project("Shop", side, owner=office.alice)
    task = office.world.add_task(project, "Sell")
    await connected.select(side)
    await connected.sync()
    entry = await make_entry(connected.alice, await connected.item(task))
    before = await connected.item(task)
    await choose_workspaces(connected.connection, [office.workspace])
    await connected.sync(Trigger.workspaces)
    assert [await connected.reason(gid) for gid in (project, task)] == ["workspace", "above"]
    await connected.assert_equal_to_asana()
    await choose_workspaces(connected.connection, [office.workspace, side])
    run = await connected.sync(Trigger.workspaces)
    assert [await connected.reason(gid) for gid in (project, task)] == [None, None]
    assert ((await connected.item(task)).id, entry.item, run.added) == (before.id, before.id, 0)
    await connected.assert_equal_to_asana()


async def test_whatever_pass_comes_first_lists_a_workspace_that_is_chosen_again(
    office: Office, connected: Connected
) -> None:
    """Also one that a webhook set going, which otherwise lists only where something was told."""
    await connected.sync()
    await AsanaWebhook(
        connection=connected.connection.id, workspace_gid=office.workspace, key="key", gid="hook", state="active"
    ).save()
    await choose_workspaces(connected.connection, [])
    await choose_workspaces(connected.connection, [office.workspace])
    await connected.sync(Trigger.webhook)
    await connected.assert_equal_to_asana()


async def test_a_workspace_that_fails_does_not_stop_the_other(office: Office, connected: Connected) -> None:
    side = office.world.make_workspace("Side business", is_organization=False)
    await connected.select(side)  # Alice is not in it: Asana says 403.
    task = office.world.add_task(office.garden, "Water the plants")
    run = await connected.sync()
    assert await connected.reason(task) is None
    assert "Side business" in run.warnings
