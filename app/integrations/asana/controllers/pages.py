"""What the pages of the integration share: their addresses, the connection they are about, and where a form leads."""

from typing import Any

from litestar import Controller, Request, Response
from litestar.datastructures import FormMultiDict
from litestar.di import Provide
from litestar.response import Redirect

from app.accounts.authentication import UserRequest
from app.integrations.asana.connection import connection_of
from app.integrations.asana.models import AsanaConnection, ConnectionState
from app.web.guards import requires_administrator
from app.web.redirect import go_to, see_other

INTEGRATIONS = "/integrations"
SETTINGS = "/integrations/asana"
ENABLE = "/integrations/asana/enable"
WORKSPACES = "/integrations/asana/workspaces"
PEOPLE = "/integrations/asana/people"
KEYWORDS = "/integrations/asana/keywords"
DONE = "/integrations/asana/done"


class NotConnected(Exception):
    """The page is about a connection that works, and there is none: the Enable page says what to do."""


async def active_connection(request: UserRequest) -> AsanaConnection:
    connection = await connection_of(request.user.account_id)
    if connection is None or connection.state != ConnectionState.active:
        raise NotConnected
    return connection


def to_enable(request: Request[Any, Any, Any], _: NotConnected) -> Response[Any]:
    return go_to(request, ENABLE)


class ConnectedController(Controller):
    """Pages of administrators about the account's working connection. Without one they lead to the Enable page."""

    guards = [requires_administrator]
    dependencies = {"connection": Provide(active_connection)}
    exception_handlers = {NotConnected: to_enable}


def back_of(form: FormMultiDict) -> str:
    """Each step of the wizard is a panel of the settings too, and a form that was sent from there says so."""
    return "settings" if form.get("back") == "settings" else ""


def onward(back: str, next_step: str) -> Redirect:
    return see_other(SETTINGS if back else next_step)
