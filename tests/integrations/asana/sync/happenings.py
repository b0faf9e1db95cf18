"""Random things that happen in an Asana, reproducible by the seed."""

from collections.abc import Callable
from contextlib import suppress
from random import Random

from app.asana_sandbox.model import Project, Task
from app.asana_sandbox.world import RefusedError
from tests.integrations.asana.sync.office import Office

NAMES = ["Plan", "Ship it", "", "Fix <b>bold</b>", "=cmd()", "مهمة", "🌻 water", "x" * 300, "Untitled section", " pad "]


class Happenings:
    """`untold`: whether also of what Asana tells no event, so that no catch-up can know."""

    def __init__(self, office: Office, seed: int, *, untold: bool = False) -> None:
        self.weights = {action: weight for action, weight in WEIGHTS.items() if untold or action not in UNTOLD}
        self.office = office
        self.world = office.world
        self.random = Random(seed)

    def begin(self) -> None:
        """Three more projects, and enough in all of them for something to happen to."""
        for _ in range(3):
            self.make_project()
        for _ in range(30):
            self.add_task()
        for _ in range(30):
            self.add_subtask()
        self.happen(20)

    def happen(self, times: int = 1) -> list[str]:
        """Does that many things and names them, for the message of a failing test."""
        done: list[str] = []
        while len(done) < times:
            [action] = self.random.choices(list(self.weights), list(self.weights.values()))
            try:
                action(self)
            except (RefusedError, IndexError):
                continue  # Nothing to do it to, or Asana would refuse.
            done.append(action.__name__)
        return done

    def name(self) -> str:
        return self.random.choice(NAMES) + self.random.choice(["", " now", " later"])

    def project(self, which: Callable[[Project], bool] = lambda _: True) -> Project:
        projects = self.world.state.projects.values()
        return self.random.choice([each for each in projects if each.deleted_at is None and which(each)])

    def task(self) -> Task:
        return self.random.choice([each for each in self.world.state.tasks.values() if each.deleted_at is None])

    def section(self, project: Project) -> str:
        return self.random.choice(self.world.live_sections(project)).gid

    def person(self) -> str:
        return self.random.choice([self.office.alice, self.office.bob, self.office.priya])

    def position(self) -> int | None:
        return self.random.choice([None, 0, 1, 2])

    def add_task(self) -> None:
        project = self.project()
        assignee = self.random.choice([None, self.person()])
        self.world.add_task(
            project.gid, self.name(), section=self.section(project), assignee=assignee, position=self.position()
        )

    def add_subtask(self) -> None:
        with suppress(RefusedError):  # Five levels deep at most.
            self.world.add_subtask(
                self.task().gid, self.name(), is_separator=self.random.random() < 0.1, position=self.position()
            )

    def rename_task(self) -> None:
        self.world.rename_task(self.task().gid, self.name())

    def complete_task(self) -> None:
        self.world.complete_task(self.task().gid)

    def reopen_task(self) -> None:
        done = [each for each in self.world.state.tasks.values() if each.completed_at and each.deleted_at is None]
        self.world.reopen_task(self.random.choice(done).gid)

    def delete_task(self) -> None:
        self.world.delete_task(self.task().gid)

    def restore_task(self) -> None:
        gone = [each for each in self.world.state.tasks.values() if each.deleted_at]
        self.world.restore_task(self.random.choice(gone).gid)

    def move_task(self) -> None:
        self.world.move_task(self.task().gid, self.section(self.project()), position=self.position())

    def add_to_project(self) -> None:
        self.world.add_to_project(self.task().gid, self.project().gid)

    def remove_from_project(self) -> None:
        task = self.task()
        self.world.remove_from_project(task.gid, self.random.choice(list(task.places)))

    def set_parent(self) -> None:
        self.world.set_parent(self.task().gid, self.random.choice([self.task().gid, None]))

    def promote_subtask(self) -> None:
        below = [each for each in self.world.state.tasks.values() if each.parent and each.deleted_at is None]
        self.world.promote_subtask(self.random.choice(below).gid, self.project().gid)

    def assign_task(self) -> None:
        self.world.assign_task(self.task().gid, self.random.choice([None, self.person()]))

    def make_project(self) -> None:
        if len(self.world.state.projects) > 6:
            raise IndexError
        sections = self.random.choice([None, ["To do", "Done"]])
        self.world.make_project(self.name(), self.office.workspace, owner=self.person(), sections=sections)

    def rename_project(self) -> None:
        self.world.rename_project(self.project().gid, self.name())

    def archive_project(self) -> None:
        self.world.archive_project(self.project().gid)

    def unarchive_project(self) -> None:
        self.world.unarchive_project(self.project(lambda each: each.archived).gid)

    def complete_project(self) -> None:
        self.world.complete_project(self.project().gid)

    def reopen_project(self) -> None:
        self.world.reopen_project(self.project(lambda each: each.completed_at is not None).gid)

    def delete_project(self) -> None:
        if len(self.world.state.projects) < 4:
            raise IndexError
        self.world.delete_project(self.project().gid)

    def restore_project(self) -> None:
        gone = [each for each in self.world.state.projects.values() if each.deleted_at]
        self.world.restore_project(self.random.choice(gone).gid)

    def hide_project(self) -> None:
        """From Alice, who connected the account, unless she is in it by another way."""
        project = self.project()
        self.world.set_owner(project.gid, self.office.bob)
        self.world.remove_member(project.gid, self.office.alice)
        self.world.make_private(project.gid)

    def show_project(self) -> None:
        hidden = self.project(lambda each: self.office.alice not in each.memberships)
        self.world.add_member(hidden.gid, self.office.alice)

    def add_member(self) -> None:
        self.world.add_member(self.project().gid, self.person())

    def remove_member(self) -> None:
        self.world.remove_member(self.project().gid, self.person())

    def make_section(self) -> None:
        self.world.make_section(self.project().gid, self.name(), position=self.position())

    def rename_section(self) -> None:
        self.world.rename_section(self.section(self.project()), self.name())

    def move_section(self) -> None:
        self.world.move_section(self.section(self.project()), self.random.choice([0, 1]))

    def delete_section(self) -> None:
        self.world.delete_section(self.section(self.project()))


# Weighted so that most projects are open and seen most of the time, and what is in them keeps moving.
WEIGHTS: dict[Callable[[Happenings], None], int] = {
    Happenings.add_task: 8,
    Happenings.add_subtask: 8,
    Happenings.rename_task: 2,
    Happenings.complete_task: 2,
    Happenings.reopen_task: 3,
    Happenings.delete_task: 2,
    Happenings.restore_task: 3,
    Happenings.move_task: 8,
    Happenings.add_to_project: 6,
    Happenings.remove_from_project: 4,
    Happenings.set_parent: 6,
    Happenings.promote_subtask: 5,
    Happenings.assign_task: 5,
    Happenings.make_section: 3,
    Happenings.rename_section: 2,
    Happenings.move_section: 2,
    Happenings.delete_section: 4,
    Happenings.make_project: 1,
    Happenings.rename_project: 1,
    Happenings.archive_project: 1,
    Happenings.unarchive_project: 3,
    Happenings.complete_project: 1,
    Happenings.reopen_project: 3,
    Happenings.delete_project: 1,
    Happenings.restore_project: 2,
    Happenings.hide_project: 1,
    Happenings.show_project: 3,
    Happenings.add_member: 3,
    Happenings.remove_member: 3,
}

# Moved to the front, a section can become the one that is shown without a list around it.
UNTOLD = {Happenings.move_section}
