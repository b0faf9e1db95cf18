"""Until the server has an account, every page leads to its set-up."""

from typing import Any

from litestar import Request
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send

from app.accounts.joining import is_set_up
from app.web.redirect import go_to

SETUP = "/setup"
# What machines ask for is not a page.
OPEN = (SETUP, "/static/", "/health", "/metrics", "/integrations/asana/webhooks/")


class FirstVisit(ASGIMiddleware):
    """Stands behind Authentication: where somebody is signed in, an account is there, and nothing is asked."""

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        if scope.get("user") or scope["path"].startswith(OPEN) or await is_set_up():
            await next_app(scope, receive, send)
        else:
            await lead_to_setup(scope, receive, send)


async def lead_to_setup(scope: Scope, receive: Receive, send: Send) -> None:
    request: Request[Any, Any, Any] = Request(scope, receive, send)
    response = go_to(request, SETUP).to_asgi_response(app=None, request=request)
    await response(scope, receive, send)
