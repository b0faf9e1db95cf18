"""The pages one looks at, under the addresses that Asana itself uses."""

from typing import Any

from litestar import Controller, Request, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Response, Template

from app.asana_sandbox.model import Gid, Project, Task
from app.asana_sandbox.parts import Sandbox

from .acting import acting_person
from .shapes import Shapes

SandboxDependency = NamedDependency[Sandbox]
AnyRequest = Request[Any, Any, Any]
Page = Template | Redirect | Response[Any]


class AsanaPages(Controller):
    path = "/"
    include_in_schema = False

    @get("/", sync_to_thread=False)
    def home(self, request: AnyRequest, sandbox: SandboxDependency) -> Page:
        shapes = _shapes(request, sandbox)
        return _page(request, "home.html", shapes, {"rows": shapes.assigned()})

    @get(
        [
            "/0/{project:str}/list",
            "/1/{workspace:str}/project/{project:str}/list",
            "/1/{workspace:str}/project/{project:str}/list/{view:str}",
        ],
        sync_to_thread=False,
    )
    def project_list(self, request: AnyRequest, sandbox: SandboxDependency, project: FromPath[str]) -> Page:
        return _project(request, sandbox, project, view="list")

    @get("/1/{workspace:str}/project/{project:str}", sync_to_thread=False)
    def project(self, request: AnyRequest, sandbox: SandboxDependency, project: FromPath[str]) -> Page:
        return _project(request, sandbox, project)

    @get(
        [
            "/0/{project:str}/board",
            "/1/{workspace:str}/project/{project:str}/board",
            "/1/{workspace:str}/project/{project:str}/board/{view:str}",
        ],
        sync_to_thread=False,
    )
    def project_board(self, request: AnyRequest, sandbox: SandboxDependency, project: FromPath[str]) -> Page:
        return _project(request, sandbox, project, view="board")

    @get(["/0/{project:str}/{task:str}", "/0/{project:str}/{task:str}/f"], sync_to_thread=False)
    def old_address(
        self, request: AnyRequest, sandbox: SandboxDependency, project: FromPath[str], task: FromPath[str]
    ) -> Page:
        """Also `/0/<project>/<project>`, a project's own old address, and `/0/0/<task>`."""
        if task in sandbox.world.state.projects:
            return _project(request, sandbox, task)
        return _task(request, sandbox, task, project)

    @get(
        [
            "/1/{workspace:str}/project/{project:str}/task/{task:str}",
            "/1/{workspace:str}/project/{project:str}/task/{task:str}/subtasks",
        ],
        sync_to_thread=False,
    )
    def task_in_project(
        self, request: AnyRequest, sandbox: SandboxDependency, project: FromPath[str], task: FromPath[str]
    ) -> Page:
        return _task(request, sandbox, task, project)

    @get("/1/{workspace:str}/task/{task:str}", sync_to_thread=False)
    def task_alone(self, request: AnyRequest, sandbox: SandboxDependency, task: FromPath[str]) -> Page:
        return _task(request, sandbox, task, None)


def _shapes(request: AnyRequest, sandbox: Sandbox) -> Shapes:
    return Shapes(sandbox.world, acting_person(request, sandbox.world))


def _page(request: AnyRequest, template: str, shapes: Shapes, context: dict[str, Any]) -> Template:
    people = sorted(shapes.world.state.people.values(), key=lambda person: person.gid)
    around = {"path": request.url.path, "acting": shapes.person, "people": people, "sidebar": shapes.sidebar()}
    return Template(template, context={"project": None, "pane": None, "trashed": None, **around, **context})


def _missing(request: AnyRequest, shapes: Shapes, sentence: str, status: int) -> Response[Any]:
    page = _page(request, "missing.html", shapes, {"sentence": sentence})
    page.status_code = status
    return page


def _project(request: AnyRequest, sandbox: Sandbox, gid: Gid, view: str | None = None) -> Page:
    shapes = _shapes(request, sandbox)
    project = sandbox.world.state.projects.get(gid)
    if project is None or project.deleted_at:
        return _missing(request, shapes, "There is no such project.", 404)
    if not shapes.sight.sees_project(project):
        return _missing(request, shapes, f"{shapes.person.name} does not have access to this project.", 403)
    return _project_page(request, shapes, project, view)


def _project_page(
    request: AnyRequest, shapes: Shapes, project: Project, view: str | None = None, pane: Task | None = None
) -> Template:
    view = view or ("board" if project.default_view == "board" else "list")
    trashed = shapes.world.state.tasks.get(request.query_params.get("trashed", ""))
    context = {
        "project": project,
        "view": view,
        "lanes": shapes.lanes(project),
        "pane": shapes.pane(pane) if pane else None,
        "trashed": trashed if trashed and trashed.deleted_at else None,
    }
    return _page(request, "project.html", shapes, context)


def _task(request: AnyRequest, sandbox: Sandbox, gid: Gid, project_gid: Gid | None) -> Page:
    shapes = _shapes(request, sandbox)
    task = sandbox.world.state.tasks.get(gid)
    if task is None or task.deleted_at:
        return _missing(request, shapes, "There is no such task, or it is in the trash.", 404)
    if not shapes.sight.sees_task(task):
        return _missing(request, shapes, f"{shapes.person.name} does not have access to this task.", 403)
    project = _project_around(shapes, task, project_gid)
    if project:
        return _project_page(request, shapes, project, pane=task)
    return _page(request, "home.html", shapes, {"rows": shapes.assigned(), "pane": shapes.pane(task)})


def _project_around(shapes: Shapes, task: Task, wanted: Gid | None) -> Project | None:
    """The project of the address if the task, or anything above it, is in it; else the first there is."""
    places = [gid for each in [task, *shapes.world.ancestors(task)] for gid in each.places]
    ordered = sorted(places, key=lambda gid: gid != wanted)
    projects = [shapes.world.project(gid) for gid in ordered]
    return next((project for project in projects if shapes.sight.sees_project(project)), None)
