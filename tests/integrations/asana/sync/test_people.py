"""Who may track on what, from what Asana says of people."""

from app import database
from app.integrations.asana.people import match_people
from tests.factories import assign, make_account, make_user
from tests.integrations.asana.sync.connected import Connected
from tests.integrations.asana.sync.office import Office
from tests.integrations.asana.sync.trees import visible_in_sundial


async def test_it_gives_the_owner_everything(office: Office, connected: Connected) -> None:
    task = office.world.add_task(office.garden, "Water the plants")
    await connected.sync()
    assert {office.garden, office.launch, task} <= await visible_in_sundial(connected.alice.id)


async def test_it_assigns_members_and_assignees_by_their_address_whatever_its_case(
    office: Office, connected: Connected
) -> None:
    office.world.add_member(office.launch, office.bob)
    task = office.world.add_task(office.garden, "Water the plants", assignee=office.bob)
    below = office.world.add_subtask(task, "Fill the can")
    other = office.world.add_task(office.garden, "Somebody else's")
    await connected.sync()
    seen = await visible_in_sundial(connected.bob.id)
    assert {office.launch, office.section(office.launch), task, below} <= seen
    assert not {office.garden, other} & seen


async def test_it_assigns_members_through_a_team(office: Office, connected: Connected) -> None:
    team = office.world.make_team("Gardeners", office.workspace, [office.bob])
    office.world.add_member(office.garden, team)
    await connected.sync()
    assert office.garden in await visible_in_sundial(connected.bob.id)
    office.world.remove_from_team(team, office.bob)
    run = await connected.sync()
    assert await visible_in_sundial(connected.bob.id) == set()
    assert run.unassigned == 1


async def test_it_asks_who_is_in_a_team_where_the_workspace_has_no_webhook(
    office: Office, connected: Connected
) -> None:
    """Projects may have theirs all the same, which say nothing of teams."""
    team = office.world.make_team("Gardeners", office.workspace, [office.priya])
    office.world.add_member(office.garden, team)
    await connected.sync()
    await database.execute(
        """INSERT INTO asana_webhook (connection, item, workspace_gid, key, gid, state, created_at)
        SELECT $1, item, $2, 'key ' || item, 'hook ' || item, 'active', now() FROM asana_project_state""",
        connected.connection.id,
        office.workspace,
    )
    office.world.add_to_team(team, office.bob)
    await connected.sync()
    assert office.garden in await visible_in_sundial(connected.bob.id)


async def test_it_takes_back_what_asana_takes_back_but_not_what_was_given_by_hand(
    office: Office, connected: Connected
) -> None:
    task = office.world.add_task(office.garden, "Water the plants", assignee=office.bob)
    office.world.add_member(office.launch, office.bob)
    await connected.sync()
    await assign(connected.bob, await connected.item(office.launch))
    office.world.assign_task(task, office.priya)
    office.world.remove_member(office.launch, office.bob)
    await connected.sync()
    seen = await visible_in_sundial(connected.bob.id)
    assert office.launch in seen
    assert task not in seen


async def test_it_serves_somebody_who_joins_later_at_once(office: Office, connected: Connected) -> None:
    task = office.world.add_task(office.garden, "Water the plants", assignee=office.priya)
    await connected.sync()
    priya = await make_user(connected.account, "Priya Raman", "PRIYA@meridian.example")
    await match_people(connected.account.id)
    assert await visible_in_sundial(priya.id) == {task}


async def test_it_remembers_a_match_when_an_address_changes(office: Office, connected: Connected) -> None:
    task = office.world.add_task(office.garden, "Water the plants", assignee=office.bob)
    await connected.sync()
    office.world.change_email(office.bob, "robert@elsewhere.example")
    await connected.sync()
    assert await visible_in_sundial(connected.bob.id) == {task}
    await make_user(connected.account, "Somebody", "robert@elsewhere.example")
    await connected.sync()
    assert await visible_in_sundial(connected.bob.id) == {task}


async def test_it_does_not_match_people_of_another_account(office: Office, connected: Connected) -> None:
    office.world.add_member(office.garden, office.priya)
    elsewhere = await make_account("Elsewhere")
    stranger = await make_user(elsewhere, "Priya Raman", "priya@meridian.example")
    await connected.sync()
    assert await visible_in_sundial(stranger.id) == set()


async def test_it_knows_people_without_an_address(office: Office, connected: Connected) -> None:
    office.world.change_email(office.priya, None)
    office.world.add_task(office.garden, "Water the plants", assignee=office.priya)
    await connected.sync()
    row = await database.fetch_one('SELECT name, email, "user" FROM asana_person WHERE gid = $1', office.priya)
    assert row is not None
    assert (row["name"], row["email"], row["user"]) == ("Priya Raman", None, None)


async def test_it_keeps_assignments_when_members_cannot_be_read(office: Office, connected: Connected) -> None:
    office.world.add_member(office.launch, office.bob)
    await connected.sync()
    connected.sandbox.control.fail_next(403, match="memberships", times=2)
    await connected.sync()
    assert office.launch in await visible_in_sundial(connected.bob.id)


async def test_it_knows_an_assignee_whom_the_workspace_does_not_list(office: Office, connected: Connected) -> None:
    task = office.world.add_task(office.garden, "Water the plants", assignee=office.bob)
    office.world.workspaces_of[office.bob].pop(office.workspace, None)
    await connected.sync()
    assert await visible_in_sundial(connected.bob.id) == {task}
