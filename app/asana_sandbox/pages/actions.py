"""What somebody trying the sandbox can do on its page. Every action is a plain form that leads back."""

from collections.abc import Callable
from typing import Annotated, Any

from litestar import Controller, Request, post
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath
from litestar.response import Redirect, Response

from app.asana_sandbox.model import Gid
from app.asana_sandbox.parts import Sandbox
from app.asana_sandbox.world import RefusedError, UnknownObjectError, World

from .acting import COOKIE, acting_person

Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]
SandboxDependency = NamedDependency[Sandbox]
Action = Callable[[World, Gid, dict[str, str], Gid], object]


class Actions(Controller):
    path = "/-"
    include_in_schema = False

    @post("/acting", status_code=303, sync_to_thread=False)
    def act_as(self, data: Form) -> Redirect:
        answer = Redirect(_local(data.get("back", "")), status_code=303)
        answer.set_cookie(COOKIE, data.get("person", ""), httponly=True, samesite="lax", max_age=31_536_000)
        return answer

    @post("/{kind:str}/{gid:str}/{name:str}", status_code=303)
    async def act(
        self,
        request: Request[Any, Any, Any],
        data: Form,
        sandbox: SandboxDependency,
        kind: FromPath[str],
        gid: FromPath[str],
        name: FromPath[str],
    ) -> Response[Any]:
        action = ACTIONS.get((kind, name))
        if action is None:
            return _sentence("The sandbox does not know how to do that.", 404)
        try:
            action(sandbox.world, gid, data, acting_person(request, sandbox.world).gid)
        except UnknownObjectError:
            return _sentence("That is not there any more.", 404)
        except RefusedError as error:
            return _sentence(str(error), 422)
        await sandbox.store.save_if_changed()
        return Redirect(_local(data.get("back", "")), status_code=303)


def _local(path: str) -> str:
    is_local = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if is_local else "/"


def _sentence(text: str, status: int) -> Response[str]:
    return Response(text, status_code=status, media_type="text/plain")


def _one_line(form: dict[str, str]) -> str:
    """A name has no line breaks, whatever was pasted into the text area."""
    return " ".join(form.get("name", "").splitlines())


def _add_to_project(world: World, gid: Gid, form: dict[str, str], by: Gid) -> None:
    section = world.section(form.get("section", ""))
    world.add_to_project(gid, section.project, section=section.gid, by=by)


# By what stands in the address: the kind of thing, and what is done with it. Each gets the world, the gid, the form
# and who does it.
ACTIONS: dict[tuple[str, str], Action] = {
    ("tasks", "name"): lambda world, gid, form, by: world.rename_task(gid, _one_line(form), by=by),
    ("tasks", "notes"): lambda world, gid, form, by: world.describe_task(gid, form.get("notes", ""), by=by),
    ("tasks", "complete"): lambda world, gid, form, by: world.complete_task(gid, by=by),
    ("tasks", "reopen"): lambda world, gid, form, by: world.reopen_task(gid, by=by),
    ("tasks", "delete"): lambda world, gid, form, by: world.delete_task(gid, by=by),
    ("tasks", "restore"): lambda world, gid, form, by: world.restore_task(gid, by=by),
    ("tasks", "assignee"): lambda world, gid, form, by: world.assign_task(gid, form.get("person") or None, by=by),
    ("tasks", "due"): lambda world, gid, form, by: world.schedule_task(gid, form.get("due_on") or None, by=by),
    ("tasks", "move"): lambda world, gid, form, by: world.move_task(
        gid, form.get("section", ""), from_project=form.get("from_project") or None, by=by
    ),
    ("tasks", "projects"): _add_to_project,
    ("tasks", "leave"): lambda world, gid, form, by: world.remove_from_project(gid, form.get("project", ""), by=by),
    ("tasks", "subtasks"): lambda world, gid, form, by: world.add_subtask(gid, _one_line(form), by=by),
    ("projects", "tasks"): lambda world, gid, form, by: world.add_task(
        gid, _one_line(form), section=form.get("section") or None, by=by
    ),
    ("projects", "sections"): lambda world, gid, form, by: world.make_section(gid, _one_line(form), by=by),
    ("projects", "name"): lambda world, gid, form, by: world.rename_project(gid, _one_line(form), by=by),
    ("projects", "archive"): lambda world, gid, form, by: world.archive_project(gid, by=by),
    ("projects", "unarchive"): lambda world, gid, form, by: world.unarchive_project(gid, by=by),
    ("projects", "delete"): lambda world, gid, form, by: world.delete_project(gid, by=by),
    ("sections", "name"): lambda world, gid, form, by: world.rename_section(gid, _one_line(form), by=by),
    ("sections", "delete"): lambda world, gid, form, by: world.delete_section(gid, by=by),
    ("workspaces", "projects"): lambda world, gid, form, by: world.make_project(
        _one_line(form) or "New project", gid, owner=by, by=by
    ),
}
