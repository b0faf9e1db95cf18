"""Jinja with the few filters the templates use."""

from pathlib import Path
from zlib import crc32

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.asana_sandbox.model import Project, Task

TEMPLATES = Path(__file__).parent.parent / "templates"


def template_engine() -> Environment:
    engine = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
    engine.filters["initials"] = initials
    engine.filters["tint"] = tint
    engine.filters["shown"] = shown
    engine.globals["task_path"] = task_path
    engine.globals["project_path"] = project_path
    return engine


def initials(name: str) -> str:
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


def tint(gid: str) -> int:
    """One of six colours, always the same for the same person or project."""
    return crc32(gid.encode()) % 6


def shown(name: str, otherwise: str = "Untitled") -> str:
    return name if name.strip() else otherwise


def task_path(task: Task, project: Project | None = None) -> str:
    if project is None:
        return f"/1/{task.workspace}/task/{task.gid}"
    return f"/1/{task.workspace}/project/{project.gid}/task/{task.gid}"


def project_path(project: Project, view: str = "") -> str:
    return f"/1/{project.workspace}/project/{project.gid}" + (f"/{view}" if view else "")
