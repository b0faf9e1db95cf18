"""Who may ask for what. A controller names its guard; the answers to those refused are made in errors.py.

They are coroutines though they wait for nothing: Litestar would run plain functions in a thread, once a request.
"""

from typing import Any

from litestar.connection import ASGIConnection
from litestar.exceptions import NotAuthorizedException, PermissionDeniedException
from litestar.handlers import BaseRouteHandler


async def requires_user(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    if connection.scope.get("user") is None:
        raise NotAuthorizedException


async def requires_administrator(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    await requires_user(connection, handler)
    if not connection.scope["user"].is_administrator:
        raise PermissionDeniedException("Only an administrator of the account can do this.")
