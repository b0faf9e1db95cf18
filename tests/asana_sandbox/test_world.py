from datetime import UTC, datetime, timedelta

import pytest

from app.asana_sandbox.model import Event
from app.asana_sandbox.world import RefusedError, SyncTokenTooOldError, UnknownObjectError, World, tree_for


class Clock:
    def __init__(self) -> None:
        self.at = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def world() -> World:
    return World(clock=Clock())


@pytest.fixture
def workspace(world: World) -> str:
    return world.make_workspace("Meridian Works")


@pytest.fixture
def alice(world: World, workspace: str) -> str:
    return world.make_user("Alice Hartmann", "alice@meridian.example", workspace)


@pytest.fixture
def project(world: World, workspace: str, alice: str) -> str:
    return world.make_project("Website", workspace, owner=alice, sections=["To do", "Done"])


def told(world: World, resource: str, token: str) -> list[tuple[str, str, str | None]]:
    def about(event: Event) -> str | None:
        if event.change:
            return event.change.field
        return event.parent.resource_type if event.parent else event.resource.resource_subtype

    events, _, _ = world.events_since(resource, token)
    return [(event.action, event.resource.resource_type, about(event)) for event in events]


def test_completing_tells_several_events(world, project):
    task = world.add_task(project, "Draft")
    token = world.sync_token(project)
    world.complete_task(task)
    assert told(world, project, token) == [
        ("changed", "task", "completed"),
        ("changed", "task", "completed_at"),
        ("added", "story", "task"),
    ]


def test_completing_an_approval_approves_it(world, project):
    task = world.add_task(project, "Logo", subtype="approval")
    world.complete_task(task)
    assert world.task(task).approval_status == "approved"
    world.reopen_task(task)
    assert (world.task(task).approval_status, world.task(task).completed_at) == ("pending", None)


def test_moving_to_another_section_tells_where_from_and_where_to(world, project):
    task, done = world.add_task(project, "Draft"), world.project(project).sections[1]
    modified = world.task(task).modified_at
    world.clock.at += timedelta(minutes=1)
    token = world.sync_token(project)
    world.move_task(task, done)
    assert told(world, project, token) == [
        ("removed", "task", "section"),
        ("added", "task", "section"),
        ("added", "story", "task"),
    ]
    assert world.task(task).places == {project: done}
    assert world.task(task).modified_at == modified


def test_moving_to_another_project_is_told_to_both(world, project, workspace):
    other = world.make_project("App", workspace)
    task = world.add_task(project, "Draft")
    here, there = world.sync_token(project), world.sync_token(other)
    world.move_task(task, world.project(other).sections[0])
    assert ("removed", "task", "project") in told(world, project, here)
    assert ("added", "task", "project") in told(world, other, there)
    assert list(world.task(task).places) == [other]


def test_a_task_stays_in_its_workspace(world, project):
    elsewhere = world.make_workspace("Elsewhere")
    other = world.make_project("App", elsewhere)
    task, foreign = world.add_task(project, "Draft"), world.add_task(other, "Sketch")
    for refused in (
        lambda: world.move_task(task, world.project(other).sections[0]),
        lambda: world.add_to_project(task, other),
        lambda: world.promote_subtask(task, other),
        lambda: world.set_parent(task, foreign),
    ):
        with pytest.raises(RefusedError):
            refused()
    assert list(world.task(task).places) == [project]


def test_a_change_deep_below_reaches_the_project(world, project):
    top = world.add_task(project, "Top")
    deep = world.add_subtask(world.add_subtask(top, "Middle"), "Deep")
    token = world.sync_token(project)
    world.rename_task(deep, "Deeper")
    assert ("changed", "task", "name") in told(world, project, token)


def test_archiving_says_nothing_of_tasks(world, project):
    world.add_task(project, "Draft")
    token = world.sync_token(project)
    world.archive_project(project)
    assert told(world, project, token) == [("changed", "project", "archived")]


def test_a_new_project_is_not_announced_by_others(world, project, workspace):
    token = world.sync_token(project)
    world.make_project("Another", workspace)
    assert told(world, project, token) == []


def test_asking_the_same_token_again_gives_the_same(world, project):
    token = world.sync_token(project)
    world.add_task(project, "Draft")
    first, next_token, _ = world.events_since(project, token)
    again, _, _ = world.events_since(project, token)
    assert first == again
    assert world.events_since(project, next_token)[0] == []


def test_a_token_gives_a_hundred_events_at_most(world, project):
    token = world.sync_token(project)
    for number in range(70):
        world.add_task(project, f"Task {number}")
    counts = []
    has_more = True
    while has_more:
        events, token, has_more = world.events_since(project, token)
        counts.append(len(events))
    assert counts == [100, 100, 10]


def test_tokens_die_after_a_day_or_when_told(world, project):
    token = world.sync_token(project)
    world.clock.at += timedelta(hours=23)
    world.events_since(project, token)
    world.clock.at += timedelta(hours=2)
    with pytest.raises(SyncTokenTooOldError):
        world.events_since(project, token)
    fresh = world.sync_token(project)
    world.expire_sync_tokens()
    with pytest.raises(SyncTokenTooOldError):
        world.events_since(project, fresh)


@pytest.mark.parametrize("token", ["", "abc", "1-2-3-4-5", "ä-ö"])
def test_a_made_up_token_is_too_old(world, project, token):
    with pytest.raises(SyncTokenTooOldError):
        world.events_since(project, token)


def test_deleting_takes_subtasks_along_and_restoring_brings_them_back(world, project, alice):
    task = world.add_task(project, "Top")
    kept, gone_before = world.add_subtask(task, "Kept"), world.add_subtask(task, "Gone before")
    world.delete_task(gone_before)
    before = tree_for(world, alice)
    world.delete_task(task)
    assert tree_for(world, alice)[0]["projects"][0]["sections"][0]["tasks"] == []
    world.restore_task(task)
    assert tree_for(world, alice) == before
    assert world.task(kept).deleted_at is None
    assert world.task(gone_before).deleted_at


def test_deleting_a_project_spares_tasks_of_others(world, project, workspace, alice):
    other = world.make_project("App", workspace)
    alone, shared = world.add_task(project, "Alone"), world.add_task(project, "Shared")
    world.add_to_project(shared, other)
    before = tree_for(world, alice)
    world.delete_project(project)
    assert world.task(alone).deleted_at
    assert world.task(shared).deleted_at is None
    world.restore_project(project)
    assert tree_for(world, alice) == before


def test_promoting_a_subtask_makes_it_a_task_of_the_project(world, project, alice):
    child = world.add_subtask(world.add_task(project, "Top"), "Child")
    world.promote_subtask(child, project)
    tasks = tree_for(world, alice)[0]["projects"][0]["sections"][0]["tasks"]
    assert [(task["name"], task["subtasks"]) for task in tasks] == [("Top", []), ("Child", [])]


def test_a_task_cannot_be_below_itself(world, project):
    top = world.add_task(project, "Top")
    child = world.add_subtask(top, "Child")
    with pytest.raises(RefusedError):
        world.set_parent(top, child)


def test_subtasks_go_five_levels_deep(world, project):
    task = world.add_task(project, "Top")
    for _ in range(5):
        task = world.add_subtask(task, "Below")
    with pytest.raises(RefusedError):
        world.add_subtask(task, "Too deep")


def test_only_empty_sections_go_and_never_the_last(world, project):
    todo, done = world.project(project).sections
    task = world.add_task(project, "Draft", section=todo)
    with pytest.raises(RefusedError):
        world.delete_section(todo)
    world.delete_section(done)
    world.delete_task(task)
    with pytest.raises(RefusedError):
        world.delete_section(todo)


def test_someone_who_leaves_loses_tasks_and_access(world, project, workspace, alice):
    task = world.add_task(project, "Draft", assignee=alice)
    world.remove_user(alice, workspace)
    assert world.task(task).assignee is None
    assert world.project(project).memberships == {}
    assert tree_for(world, alice) == []


def test_a_private_project_is_for_its_members(world, project, workspace):
    bob = world.make_user("Bob Okafor", "bob@meridian.example", workspace)
    assert tree_for(world, bob)[0]["projects"]
    world.make_private(project)
    assert tree_for(world, bob)[0]["projects"] == []
    team = world.make_team("Product", workspace, [bob])
    world.add_member(project, team)
    assert tree_for(world, bob)[0]["projects"]


def test_a_guest_sees_only_what_was_shared(world, project, workspace):
    guest = world.make_user("Olivia Brandt", "olivia@posteo.example", workspace, is_guest=True)
    assert tree_for(world, guest)[0]["projects"] == []
    world.add_member(project, guest)
    assert [each["name"] for each in tree_for(world, guest)[0]["projects"]] == ["Website"]


def test_nothing_changes_for_somebody_unknown(world, project, alice):
    task = world.add_task(project, "Draft", assignee=alice)
    with pytest.raises(UnknownObjectError):
        world.assign_task(task, "1")
    assert world.task(task).assignee == alice
