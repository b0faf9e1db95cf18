"""The people of the account, for its administrators."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect, Template

from app import database
from app.accounts import people
from app.accounts.authentication import UserRequest
from app.accounts.controllers.people_page import Link, people_page
from app.accounts.forms import read_form
from app.accounts.models import PasswordReset, Role
from app.accounts.people import LastAdministrator, Member
from app.integrations.asana.people import match_people
from app.timesheet import timer
from app.web.flash import flash
from app.web.guards import requires_administrator
from app.web.ids import is_id
from app.web.redirect import go_to, see_other

LAST = "An account needs an administrator who can sign in. Make somebody else one first."


async def find_member(request: UserRequest, person_id: FromPath[int]) -> Member:
    member = await people.member_of(request.user.account_id, person_id) if is_id(person_id) else None
    if member is None:
        raise NotFoundException
    return member


class PeopleController(Controller):
    path = "/people"
    guards = [requires_administrator]

    @get()
    async def index(self, request: UserRequest) -> Template:
        return await people_page(request)


class PersonController(Controller):
    path = "/people/{person_id:int}"
    guards = [requires_administrator]
    dependencies = {"member": Provide(find_member)}

    @get(["/role", "/deactivate", "/reset-link"])
    async def back(self) -> Redirect:
        """These may answer a form with the page itself, so their addresses may be opened again."""
        return see_other("/people")

    @post("/role")
    async def change_role(self, request: UserRequest, member: NamedDependency[Member]) -> Response[Any]:
        form = await read_form(request)
        if form["role"] not in set(Role):
            return await people_page(request, refusal="Choose a role: administrator or user.", status_code=422)
        try:
            await people.change_role(member, Role(form["role"]))
        except LastAdministrator:
            return await people_page(request, refusal=LAST, status_code=422)
        role = "an administrator" if form["role"] == Role.administrator else "a user"
        flash(request, f"{member.name} is {role} now.")
        return go_to(request, "/timesheet" if member.id == request.user.id else "/people")

    @post("/deactivate")
    async def deactivate(self, request: UserRequest, member: NamedDependency[Member]) -> Response[Any]:
        try:
            async with database.transaction():
                await people.deactivate(member)
                await timer.stop(member)
        except LastAdministrator:
            return await people_page(request, refusal=LAST, status_code=422)
        flash(request, f"{member.name} can no longer sign in. Their time entries stay.")
        return go_to(request, "/people")

    @post("/reactivate")
    async def reactivate(self, request: UserRequest, member: NamedDependency[Member]) -> Response[Any]:
        await people.reactivate(member)
        await match_people(member.account_id)
        flash(request, f"{member.name} can sign in again.")
        return go_to(request, "/people")

    @post("/reset-link")
    async def make_reset_link(self, request: UserRequest, member: NamedDependency[Member]) -> Template:
        if member.deactivated_at is not None:
            sentence = f"{member.name} is deactivated. Reactivate them first."
            return await people_page(request, refusal=sentence, status_code=422)
        link = Link(member.name, member.email, await PasswordReset.make(member.id))
        return await people_page(request, links=[link], links_are="resets")
