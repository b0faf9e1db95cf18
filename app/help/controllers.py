"""Pages that tell how Sundial is used."""

from litestar import Controller, get
from litestar.exceptions import NotFoundException, PermissionDeniedException
from litestar.params import FromPath
from litestar.response import Template

from app.accounts.authentication import UserRequest
from app.help.areas import area_called, areas_for
from app.settings import load_settings
from app.web.guards import requires_user
from app.web.render import render


class HelpController(Controller):
    path = "/help"
    guards = [requires_user]

    @get()
    async def index(self, request: UserRequest) -> Template:
        return render(request, "help/index.html", {"areas": areas_for(is_administrator=request.user.is_administrator)})

    @get("/{area:str}")
    async def show(self, request: UserRequest, area: FromPath[str]) -> Template:
        told = area_called(area)
        if told is None:
            raise NotFoundException
        if told.for_administrators and not request.user.is_administrator:
            raise PermissionDeniedException("This page tells administrators of the account what they can do.")
        context = {
            "area": told,
            "areas": areas_for(is_administrator=request.user.is_administrator),
            "sync_minutes": load_settings().sync_minutes,
        }
        return render(request, f"help/{told.name}.html", context)
