"""Templates: the engine, what every page may use, and the one function that renders."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import Request
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.response import Template
from markupsafe import Markup

from app.web import filters
from app.web.compiling import PageEnvironment
from app.web.flash import take_flashes
from app.web.pieces import PieceExtension
from app.web.static import static_url

TEMPLATES = Path(__file__).parent.parent / "templates"


@dataclass(frozen=True)
class Banner:
    """Something that concerns the whole account until it is dealt with, shown above every page."""

    kind: str
    title: str
    text: str
    href: str | None = None
    action: str | None = None


@cache
def drawn_icon(name: str, size: int = 16) -> Markup:
    shape = f"{static_url('icon/icons.svg')}#{name}"
    return Markup('<svg class="icon" width="{0}" height="{0}" aria-hidden="true"><use href="{1}"/></svg>').format(
        size, shape
    )


@cache
def make_environment() -> Environment:
    environment = PageEnvironment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        # `sundial web --reload` starts anew when a template has changed.
        auto_reload=False,
        extensions=[PieceExtension],
    )
    environment.filters.update(filters.ALL)
    environment.globals.update(static=static_url, dom_id=filters.dom_id, drawn_icon=drawn_icon, htmx_config=HTMX_CONFIG)
    environment.globals["ui"] = environment.get_template("_macros/ui.html").module
    return environment


def compile_pages() -> None:
    """All at once, which takes a second or two, so that nobody waits for it who is the first to ask for one."""
    environment = make_environment()
    for name in environment.list_templates(extensions=["html"]):
        environment.get_template(name)


# Refusals and failures are whole pages, which must not land inside another: only 422 comes with a piece for its place.
# A morph leaves open what a person has opened.
HTMX_CONFIG = """{"includeIndicatorCSS": false, "noSwap": [204, 304, 400, 401, 403, 404, 405, 413, 429, "5xx"],
    "morphIgnore": ["data-htmx-powered", "open"]}"""


# One address may answer with a page or with a piece of it.
PAGE_HEADERS = {"Vary": "HX-Request"}


def make_engine(**words: object) -> JinjaTemplateEngine:
    """`words`: what the domains' templates may use beside the filters, by name."""
    environment = make_environment()
    environment.globals.update(words)
    return JinjaTemplateEngine.from_environment(environment)


def render(
    request: Request[Any, Any, Any],
    name: str,
    context: Mapping[str, Any] | None = None,
    *,
    status_code: int = 200,
    headers: dict[str, str] | None = None,
) -> Template:
    """An answer made from a template; the shell's own needs are added here."""
    whole_page = not is_htmx(request)
    shell = {
        "current_user": request.scope.get("user"),
        "path": request.url.path,
        "banners": request.scope.get("state", {}).get("banners", ()),
        "timer_now": request.scope.get("state", {}).get("timer_now"),
        "flashes": take_flashes(request) if whole_page else [],
    }
    return Template(
        template_name=name,
        context={**shell, **(context or {})},
        status_code=status_code,
        headers={**PAGE_HEADERS, **(headers or {})},
        media_type="text/html",
    )


def is_htmx(request: Request[Any, Any, Any]) -> bool:
    return request.headers.get("HX-Request") == "true"
