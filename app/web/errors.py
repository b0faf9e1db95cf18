"""Refusals and failures become pages with one sentence and the next step."""

from typing import Any

import structlog
from litestar import Request, Response
from litestar.exceptions import (
    HTTPException,
    MethodNotAllowedException,
    NotAuthorizedException,
    NotFoundException,
    PermissionDeniedException,
    ValidationException,
)
from litestar.response import Template
from litestar.types import ExceptionHandlersMap

from app.web.redirect import go_to, sign_in_path
from app.web.render import render

log = structlog.get_logger()


def to_sign_in(request: Request[Any, Any, Any], _: NotAuthorizedException) -> Response[Any]:
    return go_to(request, sign_in_path(request))


def not_allowed(request: Request[Any, Any, Any], error: PermissionDeniedException) -> Template:
    if "CSRF" in error.detail:
        return render(request, "errors/expired.html", status_code=403)
    return render(request, "errors/403.html", {"reason": error.detail}, status_code=403)


def not_found(request: Request[Any, Any, Any], _: HTTPException) -> Template:
    return render(request, "errors/404.html", status_code=404)


def not_understood(request: Request[Any, Any, Any], _: ValidationException) -> Template:
    return render(request, "errors/400.html", status_code=400)


def other(request: Request[Any, Any, Any], error: HTTPException) -> Template:
    return render(request, "errors/400.html", status_code=error.status_code)


def failed(request: Request[Any, Any, Any], error: Exception) -> Template:
    # The address itself may hold a link's secret, so the log names the route.
    route = request.scope.get("path_template")
    log.error("request failed", route=route, method=request.method, exc_info=error)
    return render(request, "errors/500.html", status_code=500)


HANDLERS: ExceptionHandlersMap = {
    NotAuthorizedException: to_sign_in,
    PermissionDeniedException: not_allowed,
    NotFoundException: not_found,
    MethodNotAllowedException: not_found,
    ValidationException: not_understood,
    HTTPException: other,
    Exception: failed,
}
