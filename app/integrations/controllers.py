"""The Integrations page: what Sundial can be connected with, and how that stands. Everyone may look."""

from typing import Any

from litestar import Controller, get
from litestar.response import Template

from app.accounts.authentication import UserRequest
from app.integrations.asana.controllers import ASANA_PAGES
from app.integrations.asana.controllers.pages import INTEGRATIONS
from app.integrations.status import integration_status
from app.web.guards import requires_user
from app.web.render import render


class IntegrationsController(Controller):
    path = INTEGRATIONS
    guards = [requires_user]

    @get()
    async def index(self, request: UserRequest) -> Template:
        context = {"asana": await integration_status(request.user.account_id)}
        return render(request, "integrations/index.html", context)


INTEGRATION_PAGES: list[Any] = [IntegrationsController, *ASANA_PAGES]
