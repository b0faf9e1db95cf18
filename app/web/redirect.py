"""Where an answer sends the browser next, for plain requests and for htmx alike."""

from typing import Any
from urllib.parse import urlencode

from litestar import Request, Response
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER

from app.web.render import is_htmx


def see_other(path: str) -> Redirect:
    """303: the browser fetches `path` with GET, so that a reload repeats nothing."""
    return Redirect(path, status_code=HTTP_303_SEE_OTHER)


def go_to(request: Request[Any, Any, Any], path: str) -> Response[Any]:
    """A whole new page, whether htmx asked or the browser did."""
    if is_htmx(request):
        return Response(content="", headers={"HX-Redirect": path}, media_type="text/html")
    return see_other(path)


def sign_in_path(request: Request[Any, Any, Any]) -> str:
    """The sign-in page, that leads back to the page that was asked for."""
    if request.method != "GET" or is_htmx(request):
        return "/sign-in"
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return f"/sign-in?{urlencode({'next': wanted})}" if wanted != "/" else "/sign-in"


def safe_next(path: str | None, default: str = "/timesheet") -> str:
    """Only paths of this server are followed: another host in `next` would make sign-in a trap.

    Browsers leave tabs and line breaks out of an address, so that one in it could hide the second slash.
    """
    if path and path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable():
        return path
    return default
