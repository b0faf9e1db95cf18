"""What happens in the machine's Asana: all of the happenings, and people, teams, tags and tokens besides."""

from collections.abc import Callable, Sequence
from random import Random
from typing import TypeVar

from app.asana_sandbox.model import Grant
from app.asana_sandbox.world import RefusedError, UnknownObjectError
from tests.integrations.asana.sync.happenings import UNTOLD, WEIGHTS, Happenings
from tests.integrations.asana.sync.office import Office, make_office

T = TypeVar("T")

EMAILS = ["alice@meridian.example", "BOB@meridian.example", "priya@meridian.example", "new@elsewhere.example", None]


class Chosen(Random):
    """By hypothesis. A choice out of nothing must not reach it, since it would not be the same a second time."""

    def __new__(cls, by: Random) -> "Chosen":
        return super().__new__(cls)

    def __init__(self, by: Random) -> None:
        super().__init__(0)
        self._by = by

    def choice(self, options: Sequence[T]) -> T:
        return options[self.randrange(len(options))]

    def randrange(self, stop: int) -> int:  # type: ignore[override]
        if not stop:
            raise IndexError
        return self._by.randrange(stop)

    def random(self) -> float:
        return self._by.random()


class Company(Happenings):
    """A workspace of five projects and one of a single project. Whoever `owner` is, is not sent away."""

    def __init__(self, office: Office) -> None:
        super().__init__(office, 0, untold=True)
        self.owner = office.alice
        self.side = ""

    def begin_anew(self, seed: int) -> None:
        self.world.replace_state(make_office().world.state)
        self.random = Random(seed)
        self.owner = self.office.alice
        self.side = self.world.make_workspace("Side business", is_organization=False)
        for person in (self.office.alice, self.office.priya):
            self.world.join_workspace(person, self.side)
        self.world.make_project("Shop", self.side, owner=self.office.alice)
        for name in ("Gardeners", "Press"):
            self.world.make_team(name, self.office.workspace, [self.office.priya])
        for action in (self.make_project, *[self.add_task, self.add_subtask] * 8, *[self.make_tag] * 2):
            self.attempt(action)

    def attempt(self, action: Callable[[], None]) -> bool:
        try:
            action()
        except (RefusedError, UnknownObjectError, IndexError):
            return False  # Nothing to do it to, or Asana would refuse.
        return True

    def grant(self, person: str) -> str:
        """A personal token that works, also after all have been revoked."""
        token = f"sandbox-pat-{person}"
        self.world.state.grants[token] = Grant(token, "personal", person)
        return token

    def team(self) -> str:
        return self.random.choice(list(self.world.state.teams))

    def tag(self) -> str:
        return self.random.choice(list(self.world.state.tags))

    def somebody_else(self) -> str:
        people = {self.office.alice, self.office.bob, self.office.priya} - {self.owner}
        return self.random.choice(sorted(people))

    def make_project(self) -> None:
        if len(self.world.state.projects) > 6:
            raise IndexError
        where = self.random.choice([self.office.workspace, self.office.workspace, self.side])
        sections = self.random.choice([None, ["To do", "Done"]])
        self.world.make_project(self.name(), where, owner=self.person(), sections=sections)

    def change_email(self) -> None:
        self.world.change_email(self.person(), self.random.choice(EMAILS))

    def rename_user(self) -> None:
        self.world.rename_user(self.person(), self.name())

    def leave_workspace(self) -> None:
        self.world.remove_user(self.somebody_else(), self.random.choice([self.office.workspace, self.side]))

    def join_workspace(self) -> None:
        self.world.join_workspace(self.somebody_else(), self.random.choice([self.office.workspace, self.side]))

    def join_team(self) -> None:
        self.world.add_to_team(self.team(), self.person())

    def leave_team(self) -> None:
        self.world.remove_from_team(self.team(), self.person())

    def share_with_team(self) -> None:
        self.world.add_member(self.project(lambda each: each.workspace == self.office.workspace).gid, self.team())

    def share_no_longer(self) -> None:
        self.world.remove_member(self.project().gid, self.team())

    def make_public(self) -> None:
        self.world.make_public(self.project().gid)

    def make_private(self) -> None:
        self.world.make_private(self.project().gid)

    def add_private_task(self) -> None:
        self.world.add_private_task(self.office.workspace, self.name(), self.person())

    def follow_task(self) -> None:
        self.world.add_follower(self.task().gid, self.person())

    def make_tag(self) -> None:
        self.world.make_tag(self.name(), self.office.workspace)

    def tag_task(self) -> None:
        self.world.tag_task(self.task().gid, self.tag())

    def untag_task(self) -> None:
        self.world.untag_task(self.task().gid, self.tag())

    def rename_tag(self) -> None:
        self.world.rename_tag(self.tag(), self.name())


OF_PEOPLE = [
    Company.change_email,
    Company.rename_user,
    Company.leave_workspace,
    Company.join_workspace,
    Company.join_team,
    Company.join_team,
    Company.leave_team,
    Company.share_with_team,
    Company.share_with_team,
    Company.share_no_longer,
    Company.make_public,
    Company.make_private,
    Company.add_private_task,
    Company.follow_task,
]
OF_TAGS = [Company.tag_task, Company.tag_task, Company.untag_task, Company.rename_tag]

ACTIONS = {
    action.__name__: action.__name__ in {each.__name__ for each in [*UNTOLD, Company.rename_tag]}
    for action in [*WEIGHTS, *OF_PEOPLE, *OF_TAGS]
}
# By name, as often as it is to be chosen.
CHOICE = [
    name
    for action, weight in [*WEIGHTS.items(), *[(each, 1) for each in [*OF_PEOPLE, *OF_TAGS]]]
    for name in [action.__name__] * weight
]
