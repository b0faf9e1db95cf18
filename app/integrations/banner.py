"""What administrators are told above every page for as long as it is true: Asana has to be connected again."""

from typing import Any

from litestar import Request

from app import database
from app.integrations.asana import words
from app.integrations.asana.controllers.pages import ENABLE
from app.integrations.asana.models import ConnectionState
from app.web.render import Banner, is_htmx

TROUBLE = """
    SELECT connection.state, connection.problem, owner.name AS owner_name
    FROM asana_connection connection LEFT JOIN person owner ON owner.id = connection.connected_by
    WHERE connection.account = $1
      AND (connection.state = $2
           OR (connection.state = $3 AND (owner.id IS NULL OR owner.deactivated_at IS NOT NULL)))
"""


async def add_banner(request: Request[Any, Any, Any]) -> None:
    """A before_request hook. One question, and only for whole pages of administrators; the page that it leads to says
    the same itself.
    """
    user = request.scope.get("user")
    if user is None or not user.is_administrator or request.method != "GET" or is_htmx(request):
        return
    if request.url.path == ENABLE:
        return
    row = await database.fetch_one(TROUBLE, user.account_id, ConnectionState.needs_reconnecting, ConnectionState.active)
    if row is not None:
        reason = words.problem(row["problem"]) if row["problem"] else words.owner_left(row["owner_name"])
        banner = Banner(
            "warning",
            "Asana needs to be reconnected.",
            reason,
            href=ENABLE,
            action="Re-enable integration",
        )
        request.scope["state"].setdefault("banners", []).append(banner)
