"""Who is a member of which project: people directly, as the project list tells, and people of teams that it is shared
with. Teams are asked for as seldom as possible: nothing of them is in the lists of projects and tasks.
"""

from copy import deepcopy
from dataclasses import dataclass, field

from asyncpg import Connection

from app.integrations.asana.answers import Project, User
from app.integrations.asana.client import AsanaClient
from app.integrations.asana.errors import Forbidden, NotFound
from app.integrations.asana.pacing import IN_FLIGHT
from app.integrations.asana.sync.concurrency import each

LOAD = "SELECT workspace_gid, gid, user_gids, project_gids FROM asana_team WHERE connection = $1"

SAVE = """
INSERT INTO asana_team (connection, workspace_gid, gid, user_gids, project_gids)
SELECT $1, $2, $3, $4, $5
ON CONFLICT (connection, gid) DO UPDATE SET user_gids = excluded.user_gids, project_gids = excluded.project_gids
WHERE (asana_team.user_gids, asana_team.project_gids) IS DISTINCT FROM (excluded.user_gids, excluded.project_gids)
"""

# So few projects are asked for singly, without asking first how many teams there are.
FEW = 3

FORGET = "DELETE FROM asana_team WHERE connection = $1 AND project_gids = '{}'"


@dataclass
class Team:
    workspace: str
    users: set[str] = field(default_factory=set)
    projects: set[str] = field(default_factory=set)


class Directory:
    def __init__(self, own: Connection, connection: int, client: AsanaClient) -> None:
        self._own = own
        self._connection = connection
        self._client = client
        self._teams: dict[str, Team] = {}
        self._saved: dict[str, Team] = {}
        # Projects whose members Asana does not tell: what is known of them stays.
        self._untold: set[str] = set()
        self._unreadable: set[str] = set()
        self._users_read: set[str] = set()
        self.people: dict[str, User] = {}

    async def load(self) -> None:
        for row in await self._own.fetch(LOAD, self._connection):
            self._teams[row["gid"]] = Team(row["workspace_gid"], set(row["user_gids"]), set(row["project_gids"]))
        self._saved = deepcopy(self._teams)

    def members_of(self, project: Project) -> set[str] | None:
        """By their ids; None where Asana does not tell."""
        teams = {gid for gid, team in self._teams.items() if project.gid in team.projects}
        if project.members is None or project.gid in self._untold or teams & self._unreadable:
            return None
        through_teams = {user for gid in teams for user in self._teams[gid].users}
        return through_teams | {member.gid for member in project.members}

    async def read_sharing(self, workspace: str, projects: list[Project]) -> None:
        """Which teams the projects are shared with: a request for each team, or for each project where those are fewer.

        https://developers.asana.com/reference/getmemberships
        """
        teams = await self._teams_of(workspace) if len(projects) > FEW else None
        if teams is None or len(teams) >= len(projects):
            await each(projects, lambda project: self.ask_sharing(workspace, project.gid), at_once=IN_FLIGHT)
        else:
            for team in self._teams.values():
                team.projects = set() if team.workspace == workspace else team.projects
            await each(teams, lambda team: self._read_projects_of(workspace, team), at_once=IN_FLIGHT)

    async def ask_sharing(self, workspace: str, project: str) -> None:
        try:
            memberships = await self._client.memberships(project)
        except (Forbidden, NotFound):
            self._untold.add(project)
            return
        members = [membership.member for membership in memberships if membership.member]
        sharing = {member.gid for member in members if member.resource_type == "team"}
        for gid, team in self._teams.items():
            if gid not in sharing:
                team.projects.discard(project)
        for gid in sharing:
            self._teams.setdefault(gid, Team(workspace)).projects.add(project)

    async def read_users(self, workspaces: set[str] | None = None) -> None:
        """People of the teams that projects are shared with; without `workspaces` only of teams not read before."""
        wanted = [
            gid
            for gid, team in self._teams.items()
            if team.projects
            and gid not in self._users_read
            and (team.workspace in workspaces if workspaces is not None else not team.users)
        ]
        await each(wanted, self._read_users_of, at_once=IN_FLIGHT)

    async def save(self) -> None:
        """What is as it was costs no statement."""
        if self._teams == self._saved:
            return
        for gid, team in self._teams.items():
            if team == self._saved.get(gid):
                continue
            await self._own.execute(
                SAVE, self._connection, team.workspace, gid, sorted(team.users), sorted(team.projects)
            )
        await self._own.execute(FORGET, self._connection)
        self._saved = deepcopy(self._teams)

    async def _teams_of(self, workspace: str) -> list[str] | None:
        """None where the workspace has none to list: it is no organization, or we may not."""
        try:
            return [team.gid for team in await self._client.teams(workspace)]
        except (Forbidden, NotFound):
            return None

    async def _read_projects_of(self, workspace: str, gid: str) -> None:
        try:
            memberships = await self._client.projects_of_team(gid)
        except (Forbidden, NotFound):
            return
        shared = {membership.parent.gid for membership in memberships if membership.parent}
        self._teams.setdefault(gid, Team(workspace)).projects = shared

    async def _read_users_of(self, gid: str) -> None:
        self._users_read.add(gid)
        try:
            users = await self._client.team_users(gid)
        except (Forbidden, NotFound):
            self._unreadable.add(gid)
            return
        self._teams[gid].users = {user.gid for user in users}
        self.people.update({user.gid: user for user in users})
