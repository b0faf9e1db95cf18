"""Users, workspaces, memberships and teams."""

from collections.abc import Iterable
from operator import attrgetter

from app.asana_sandbox.model import Gid, Person, WorkspaceMembership

from .call import Answer, Call
from .errors import ApiError, missing_input, no_access, unknown_object
from .pairs import MembershipOf, TaskListOf
from .routes import PAGED, endpoint

MOST_USERS = 2000


@endpoint("GET", "/users/*", "workspace")
def get_user(call: Call, user: str) -> Answer:
    return call.one("user", call.user(user))


@endpoint("GET", "/users", "workspace", "team", *PAGED)
def get_users(call: Call) -> Answer:
    if "team" in call.query:
        people = _people(call, call.team(call.query["team"]).members)
    elif "workspace" in call.query:
        workspace = call.workspace(call.query["workspace"])
        people = _people(call, call.world.memberships_in[workspace.gid])
    else:
        mine = (call.world.memberships_in[each.gid] for each in call.sight.workspaces())
        people = _people(call, {gid for members in mine for gid in members})
    return call.many("user", sorted(people, key=attrgetter("gid")))


@endpoint("GET", "/workspaces/*/users", "offset", "limit")
def get_users_for_workspace(call: Call, workspace: str) -> Answer:
    """By name, at most 2,000, and a limit changes nothing."""
    people = _people(call, call.world.memberships_in[call.workspace(workspace).gid])
    return call.all_at_once("user", _by_name(people))


@endpoint("GET", "/teams/*/users", "offset", "limit")
def get_users_for_team(call: Call, team: str) -> Answer:
    return call.all_at_once("user", _by_name(_people(call, call.team(team).members)))


@endpoint("GET", "/users/*/teams", "organization", *PAGED)
def get_teams_for_user(call: Call, user: str) -> Answer:
    person, workspace = call.user(user), call.workspace(call.required("organization"))
    teams = [call.world.team(gid) for gid in call.world.teams_in[workspace.gid]]
    return call.many("team", [team for team in teams if person.gid in team.members])


@endpoint("GET", "/workspaces", *PAGED)
def get_workspaces(call: Call) -> Answer:
    return call.many("workspace", call.sight.workspaces())


@endpoint("GET", "/workspaces/*")
def get_workspace(call: Call, workspace: str) -> Answer:
    return call.one("workspace", call.workspace(workspace))


@endpoint("GET", "/workspaces/*/workspace_memberships", "user", *PAGED)
def get_workspace_memberships_for_workspace(call: Call, workspace: str) -> Answer:
    members = call.world.memberships_in[call.workspace(workspace).gid]
    if "user" in call.query:
        members = {gid: own for gid, own in members.items() if gid == call.user(call.query["user"]).gid}
    return call.many("workspace_membership", _memberships(call, members.values()))


@endpoint("GET", "/users/*/workspace_memberships", *PAGED)
def get_workspace_memberships_for_user(call: Call, user: str) -> Answer:
    theirs = call.world.workspaces_of[call.user(user).gid]
    shared = [own for workspace, own in theirs.items() if call.sight.sees_workspace(workspace)]
    return call.many("workspace_membership", _memberships(call, shared))


@endpoint("GET", "/workspace_memberships/*")
def get_workspace_membership(call: Call, membership: str) -> Answer:
    found = call.world.state.workspace_memberships.get(membership)
    if found is None:
        raise unknown_object("workspace_membership", membership)
    call.workspace(found.workspace)
    return call.one("workspace_membership", found)


@endpoint("GET", "/users/*/user_task_list", "workspace")
def get_user_task_list(call: Call, user: str) -> Answer:
    person, workspace = call.user(user), call.workspace(call.required("workspace"))
    own = call.world.workspace_membership(person.gid, workspace.gid)
    return call.one("user_task_list", TaskListOf(own))


@endpoint("GET", "/organizations/*/teams", *PAGED)
@endpoint("GET", "/workspaces/*/teams", *PAGED)
def get_teams_for_workspace(call: Call, workspace: str) -> Answer:
    found = call.workspace(workspace)
    return call.many("team", [call.world.team(gid) for gid in call.world.teams_in[found.gid]])


@endpoint("GET", "/teams/*")
def get_team(call: Call, team: str) -> Answer:
    return call.one("team", call.team(team))


@endpoint("GET", "/memberships", "parent", "member", "resource_subtype", *PAGED)
def get_memberships(call: Call) -> Answer:
    member = call.query.get("member")
    if "parent" in call.query:
        project = call.project(call.query["parent"])
        found = [MembershipOf(project, each) for each in project.memberships.values()]
        return call.many("membership", [each for each in found if member in (None, each.membership.member)])
    if not member or call.query.get("resource_subtype") != "project_membership":
        raise missing_input("parent")
    return call.many("membership", _projects_of_team(call, member))


@endpoint("GET", "/memberships/*")
def get_membership(call: Call, membership: str) -> Answer:
    for project in call.world.state.projects.values():
        for each in project.memberships.values():
            if each.gid == membership:
                if not call.sight.sees_project(project):
                    raise no_access("membership")
                return call.one("membership", MembershipOf(project, each))
    raise unknown_object("membership", membership)


def _projects_of_team(call: Call, team: Gid) -> list[MembershipOf]:
    if team not in call.world.state.teams:
        raise ApiError(400, "member: Must be a team when no parent is given")
    projects = call.sight.projects(call.team(team).workspace)
    return [MembershipOf(each, each.memberships[team]) for each in projects if team in each.memberships]


def _people(call: Call, gids: Iterable[Gid]) -> list[Person]:
    return [call.world.person(gid) for gid in gids]


def _by_name(people: list[Person]) -> list[Person]:
    return sorted(people, key=lambda person: person.name.casefold())[:MOST_USERS]


def _memberships(call: Call, gids: Iterable[Gid]) -> list[WorkspaceMembership]:
    return [call.world.state.workspace_memberships[gid] for gid in gids]
