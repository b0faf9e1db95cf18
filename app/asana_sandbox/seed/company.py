"""Meridian Works and Hartmann Garden: 13 people, 25 projects, 600 tasks."""

from collections.abc import Callable
from datetime import datetime
from random import Random
from typing import cast as typed

from app.asana_sandbox.model import Gid, Privacy, State
from app.asana_sandbox.world import World, system_clock

from .cast import Cast, hire
from .clock import SeedClock
from .plans import AWKWARD_NAMES, GARDEN_PLANS, MERIDIAN_PLANS, STEPS, VERBS, Plan

TASKS_IN_ALL = 600


def seeded_world(clock: Callable[[], datetime] = system_clock) -> World:
    world = World(State(secret="meridian-works"), SeedClock())  # noqa: S106
    world.is_recording = False
    _Founder(world).found()
    world.is_recording = True
    world.clock = clock
    world.revision = 0
    return world


class _Founder:
    def __init__(self, world: World) -> None:
        self.world = world
        self.random = Random(2026)  # noqa: S311
        self.cast: Cast = hire(world)
        self.projects: list[Gid] = []

    def found(self) -> None:
        for plan in [*MERIDIAN_PLANS, *GARDEN_PLANS]:
            self.projects.append(self._start(plan))
        self._add_awkward_tasks()
        self._add_special_tasks()
        self._tag()
        self._break_down()
        self._finish_some()

    def _start(self, plan: Plan) -> Gid:
        people, workspace = self.cast.people, typed("Gid", getattr(self.cast, plan.workspace))
        project = self.world.make_project(
            plan.name,
            workspace,
            owner=people[plan.owner],
            team=self.cast.teams[plan.team] if plan.team else None,
            members=[people[key] for key in plan.members] + [self.cast.teams[key] for key in plan.teams],
            sections=plan.sections,
            privacy=typed("Privacy", plan.privacy),
            default_view=plan.view,
            color=plan.color,
            by=people[plan.owner],
        )
        self._fill(project, plan)
        if plan.state == "archived":
            self.world.archive_project(project)
        if plan.state == "completed":
            self.world.complete_project(project)
        return project

    def _fill(self, project: Gid, plan: Plan) -> None:
        names = [f"{verb} {subject}" for verb in VERBS for subject in plan.subjects]
        self.random.shuffle(names)
        for number, name in enumerate(names[: plan.tasks]):
            section = self.random.choice(self.world.project(project).sections)
            subtype = {5: "milestone", 9: "approval"}.get(number, "default_task")
            task = self.world.add_task(
                project,
                name,
                section=section,
                assignee=self._somebody(project),
                subtype=subtype,
                by=self.cast.people[plan.owner],
            )
            if self.random.random() < 0.3:
                self.world.schedule_task(task, f"2026-12-{self.random.randint(1, 23):02d}")

    def _somebody(self, project: Gid) -> Gid | None:
        """Mostly one of the project's people, often nobody, rarely somebody from outside it."""
        found = self.world.project(project)
        draw = self.random.random()
        if draw < 0.3:
            return None
        if draw < 0.4 and found.workspace == self.cast.meridian and found.privacy != "private":
            return self.cast.people["bob"]
        return self.random.choice([gid for gid in found.memberships if gid in self.world.state.people])

    def _named(self, name: str) -> Gid:
        return next(gid for gid in self.projects if self.world.project(gid).name == name)

    def _add_awkward_tasks(self) -> None:
        project = self.projects[len(MERIDIAN_PLANS) - 1]
        first, nameless = self.world.project(project).sections
        for number, name in enumerate(AWKWARD_NAMES):
            self.world.add_task(project, name, section=nameless if number % 3 == 0 else first)

    def _add_special_tasks(self) -> None:
        world, people = self.world, self.cast.people
        website, app = self._named("Website relaunch"), self._named("Mobile app 2.0")
        shared = world.add_task(website, "Agree on one sign-in for site and app", assignee=people["bob"])
        world.add_to_project(shared, app)
        parent = world.add_task(website, "Move to the new server")
        both = world.add_subtask(parent, "Lower the DNS time to live", assignee=people["tomas"])
        world.add_to_project(both, app, section=world.project(app).sections[1])
        world.add_subtask(parent, "On the day:", is_separator=True)
        for step in ("Freeze content", "Switch over", "Watch the logs"):
            world.add_subtask(parent, step, assignee=people["bob"])
        world.add_private_task(self.cast.meridian, "Renew my passport", people["bob"])
        world.add_private_task(self.cast.meridian, "Plan the away day", people["alice"])
        trashed = world.add_task(website, "Fax machine page")
        world.add_subtask(trashed, "Find out who faxes")
        world.delete_task(trashed)

    def _tag(self) -> None:
        tags = [self.world.make_tag(name, self.cast.meridian) for name in ("urgent", "design", "Lv3", "Lv3")]
        tags.append(self.world.make_tag("billable", self.cast.meridian))
        for task in self._tasks_of(self.cast.meridian):
            if self.random.random() < 0.12:
                self.world.tag_task(task, self.random.choice(tags))

    def _tasks_of(self, workspace: Gid) -> list[Gid]:
        tasks = self.world.state.tasks.values()
        return [task.gid for task in tasks if task.workspace == workspace and task.places]

    def _break_down(self) -> None:
        """Subtasks up to three deep, until the company has its number of tasks."""
        tops = [gid for gid in self._tasks_of(self.cast.meridian) if not self.world.task(gid).parent]
        while True:
            self._add_steps(self.random.choice(tops), depth=1)
            if len(self.world.state.tasks) >= TASKS_IN_ALL:
                return

    def _add_steps(self, parent: Gid, depth: int) -> None:
        project = next(iter(self._root_places(parent)))
        for step in self.random.sample(STEPS, self.random.randint(1, 3)):
            if len(self.world.state.tasks) >= TASKS_IN_ALL:
                return
            child = self.world.add_subtask(parent, step, assignee=self._somebody(project))
            if depth < 3 and self.random.random() < 0.35:
                self._add_steps(child, depth + 1)

    def _root_places(self, task: Gid) -> list[Gid]:
        found = self.world.task(task)
        return list((self.world.ancestors(found) or [found])[-1].places)

    def _finish_some(self) -> None:
        for task in list(self.world.state.tasks.values()):
            in_done = any(self.world.section(gid).name in ("Done", "Decided") for gid in task.places.values())
            if in_done or self.random.random() < 0.12:
                self.world.complete_task(task.gid, by=task.assignee)
