"""Where things stand: lists, several projects, subtasks, moves and order."""

from app.integrations.asana.models import SyncRun
from tests.integrations.asana.sync.connected import Connected
from tests.integrations.asana.sync.office import Office


async def changes(run: SyncRun) -> tuple[int, int, int, int, int]:
    return run.added, run.renamed, run.moved, run.archived, run.revived


async def test_it_puts_tasks_of_the_nameless_list_directly_under_the_project(
    office: Office, connected: Connected
) -> None:
    task = office.world.add_task(office.garden, "Water the plants")
    await connected.sync()
    assert await connected.parents(task) == [office.garden]


async def test_it_makes_a_list_of_the_nameless_one_once_it_has_a_name(office: Office, connected: Connected) -> None:
    section = office.section(office.garden)
    task = office.world.add_task(office.garden, "Water the plants")
    await connected.sync()
    office.world.rename_section(section, "Beds")
    await connected.sync()
    assert await connected.parents(task) == [section]
    office.world.rename_section(section, "Untitled section")
    await connected.sync()
    assert await connected.parents(task) == [office.garden]
    assert await connected.reason(section) == "removed"
    await connected.assert_equal_to_asana()


async def test_it_moves_a_task_between_lists_and_projects(office: Office, connected: Connected) -> None:
    task = office.world.add_task(office.garden, "Water the plants")
    await connected.sync()
    for section in (office.section(office.launch), office.section(office.launch, 1)):
        office.world.move_task(task, section)
        run = await connected.sync()
        assert await connected.parents(task) == [section]
        assert await changes(run) == (0, 0, 1, 0, 0)


async def test_it_makes_one_item_of_a_task_in_two_projects(office: Office, connected: Connected) -> None:
    task = office.world.add_task(office.garden, "In both")
    office.world.add_to_project(task, office.launch)
    run = await connected.sync()
    assert await connected.parents(task) == [office.garden, office.section(office.launch)]
    assert run.moved == 0
    office.world.remove_from_project(task, office.garden)
    await connected.sync()
    assert await connected.parents(task) == [office.section(office.launch)]


async def test_it_asks_once_for_what_is_below_a_task_in_two_projects(office: Office, connected: Connected) -> None:
    task = office.world.add_task(office.garden, "In both")
    office.world.add_subtask(task, "Below")
    office.world.add_to_project(task, office.launch)
    await connected.sync()
    asked = connected.sandbox.control.requests()["by_route"]["GET /tasks/*/subtasks"]
    assert asked <= 2  # Twice only when both projects ask at the same moment.
    await connected.assert_equal_to_asana()


async def test_it_follows_subtasks_at_every_depth(office: Office, connected: Connected) -> None:
    above = office.world.add_task(office.garden, "Level 0")
    for depth in range(1, 6):
        below = office.world.add_subtask(above, f"Level {depth}")
        above = below
    await connected.sync()
    await connected.assert_equal_to_asana()
    assert (await connected.item(above)).name == "Level 5"


async def test_it_puts_a_subtask_that_is_in_a_project_in_both_places(office: Office, connected: Connected) -> None:
    task = office.world.add_task(office.garden, "Above")
    below = office.world.add_subtask(task, "Below")
    office.world.add_to_project(below, office.garden)
    await connected.sync()
    assert await connected.parents(below) == [office.garden, task]
    await connected.assert_equal_to_asana()


async def test_it_follows_a_subtask_that_becomes_a_task_and_back(office: Office, connected: Connected) -> None:
    task = office.world.add_task(office.garden, "Above")
    below = office.world.add_subtask(task, "Below")
    await connected.sync()
    office.world.promote_subtask(below, office.launch)
    await connected.sync()
    assert await connected.parents(below) == [office.section(office.launch)]
    office.world.remove_from_project(below, office.launch)
    office.world.set_parent(below, task)
    await connected.sync()
    assert await connected.parents(below) == [task]


async def test_it_leaves_separators_out(office: Office, connected: Connected) -> None:
    task = office.world.add_task(office.garden, "Above")
    office.world.add_subtask(task, "-----", is_separator=True)
    below = office.world.add_subtask(task, "Below")
    run = await connected.sync()
    assert run.added == 6  # Two projects, two lists, two tasks.
    assert await connected.parents(below) == [task]


async def test_it_archives_a_subtask_that_became_a_separator(office: Office, connected: Connected) -> None:
    task = office.world.add_task(office.garden, "Above")
    below = office.world.add_subtask(task, "Below")
    await connected.sync()
    office.world.task(below).is_separator = True
    office.world.record_change(office.world.task(below), "is_rendered_as_separator", by=None)
    await connected.sync()
    assert await connected.reason(below) == "removed"


async def test_it_keeps_the_order_of_asana(office: Office, connected: Connected) -> None:
    first, second, third = (office.world.add_task(office.garden, name) for name in ("One", "Two", "Three"))
    await connected.sync()
    office.world.move_task(third, office.section(office.garden), position=0)
    office.world.move_section(office.section(office.launch, 1), 0)
    run = await connected.compare()
    garden = (await connected.tree())[0]
    assert [node.gid for node in garden.children] == [third, first, second]
    assert await changes(run) == (0, 0, 0, 0, 0)
    await connected.assert_equal_to_asana()


async def test_it_renames_and_says_what_it_was_called(office: Office, connected: Connected) -> None:
    task = office.world.add_task(office.garden, "Water the plants")
    await connected.sync()
    office.world.rename_task(task, "Water the roses")
    run = await connected.sync()
    item = await connected.item(task)
    assert item.name == "Water the roses"
    assert run.renamed == 1
    assert connected.changes_of(run) == [
        {"kind": "renamed", "item_id": item.id, "name": "Water the roses", "was": "Water the plants"}
    ]


async def test_it_changes_nothing_when_nothing_changed(office: Office, connected: Connected) -> None:
    task = office.world.add_task(office.garden, "Water the plants", assignee=office.bob)
    office.world.add_subtask(task, "Fill the can")
    await connected.sync()
    before = await connected.row_versions()
    run = await connected.sync()
    assert await changes(run) == (0, 0, 0, 0, 0)
    assert (run.assigned, run.unassigned, connected.changes_of(run)) == (0, 0, [])
    assert await connected.row_versions() == before


async def test_it_comes_back_in_every_project_that_it_is_in(office: Office, connected: Connected) -> None:
    """What comes out of the trash with one project is told by no event of another."""
    task = office.world.add_task(office.garden, "Water the plants")
    office.world.add_to_project(task, office.launch, section=office.section(office.launch, 1))
    office.world.delete_project(office.launch)
    office.world.delete_project(office.garden)
    await connected.sync()
    office.world.restore_project(office.launch)
    await connected.sync()
    office.world.restore_project(office.garden)
    await connected.sync()
    assert await connected.parents(task) == [office.garden, office.section(office.launch, 1)]
    await connected.assert_equal_to_asana()
    assert connected.changes_of(await connected.compare()) == []
