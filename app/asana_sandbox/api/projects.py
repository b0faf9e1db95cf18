"""Projects, sections and tags."""

from app.asana_sandbox.model import Project

from .call import Answer, Call
from .errors import missing_input
from .pairs import MembershipOf
from .routes import PAGED, endpoint


@endpoint("GET", "/projects", "workspace", "team", "archived", *PAGED)
def get_projects(call: Call) -> Answer:
    if "team" in call.query:
        team = call.team(call.query["team"])
        return _list(call, [each for each in call.sight.projects(team.workspace) if each.team == team.gid])
    if "workspace" in call.query:
        return _list(call, call.sight.projects(call.workspace(call.query["workspace"]).gid))
    return _list(call, [each for own in call.sight.workspaces() for each in call.sight.projects(own.gid)])


@endpoint("GET", "/workspaces/*/projects", "archived", *PAGED)
def get_projects_for_workspace(call: Call, workspace: str) -> Answer:
    return _list(call, call.sight.projects(call.workspace(workspace).gid))


@endpoint("GET", "/teams/*/projects", "archived", *PAGED)
def get_projects_for_team(call: Call, team: str) -> Answer:
    found = call.team(team)
    return _list(call, [each for each in call.sight.projects(found.workspace) if each.team == found.gid])


@endpoint("GET", "/tasks/*/projects", *PAGED)
def get_projects_for_task(call: Call, task: str) -> Answer:
    return call.many("project", call.view.projects_of(call.task(task)))


@endpoint("GET", "/projects/*")
def get_project(call: Call, project: str) -> Answer:
    return call.one("project", call.project(project))


@endpoint("GET", "/projects/*/project_memberships", "user", *PAGED)
def get_project_memberships(call: Call, project: str) -> Answer:
    """Deprecated by Asana, and still there."""
    found = call.project(project)
    user = call.user(call.query["user"]).gid if "user" in call.query else None
    members = [each for each in found.memberships.values() if user in (None, each.member)]
    return call.many("membership", [MembershipOf(found, each) for each in members])


@endpoint("GET", "/projects/*/sections", *PAGED)
def get_sections_for_project(call: Call, project: str) -> Answer:
    return call.many("section", call.world.live_sections(call.project(project)))


@endpoint("GET", "/sections/*")
def get_section(call: Call, section: str) -> Answer:
    return call.one("section", call.section(section))


@endpoint("GET", "/tags", "workspace", *PAGED)
def get_tags(call: Call) -> Answer:
    if "workspace" not in call.query:
        raise missing_input("workspace")
    return _tags(call, call.query["workspace"])


@endpoint("GET", "/workspaces/*/tags", *PAGED)
def get_tags_for_workspace(call: Call, workspace: str) -> Answer:
    return _tags(call, workspace)


@endpoint("GET", "/tags/*")
def get_tag(call: Call, tag: str) -> Answer:
    return call.one("tag", call.tag(tag))


@endpoint("GET", "/tasks/*/tags", *PAGED)
def get_tags_for_task(call: Call, task: str) -> Answer:
    return call.many("tag", [call.world.tag(gid) for gid in call.task(task).tags])


def _list(call: Call, projects: list[Project]) -> Answer:
    archived = call.flag("archived")
    return call.many("project", [each for each in projects if archived in (None, each.archived)])


def _tags(call: Call, workspace: str) -> Answer:
    found = call.workspace(workspace)
    return call.many("tag", [call.world.tag(gid) for gid in call.world.tags_in[found.gid]])
