"""Following an invitation's link."""

from typing import Any

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Template

from app.accounts.authentication import sign_in
from app.accounts.controllers.fields import with_timezones
from app.accounts.controllers.links import refused_link_page
from app.accounts.forms import Form, read_form
from app.accounts.joining import join
from app.accounts.models import Account, EmailTaken, Invitation, LinkRefused, User
from app.integrations.asana.people import match_people
from app.web.redirect import go_to
from app.web.render import render

REFUSED = "accounts/join_refused.html"


class JoiningController(Controller):
    path = "/invitations/{token:str}"

    @get()
    async def show(self, request: Request[Any, Any, Any], token: FromPath[str]) -> Template:
        try:
            invitation = await open_invitation(token)
        except LinkRefused as refusal:
            return refused_link_page(request, REFUSED, refusal.reason)
        return await joining_page(request, invitation, Form([("name", invitation.name)]))

    @post()
    async def create(self, request: Request[Any, Any, Any], token: FromPath[str]) -> Response[Any]:
        form = await read_form(request)
        try:
            invitation = await open_invitation(token)
            name = form.name("name", "Enter your name.")
            password = form.new_password("password", name, invitation.email)
            timezone = form.timezone()
            if form.errors:
                return await joining_page(request, invitation, form)
            person = await join(invitation, name, password, timezone)
        except LinkRefused as refusal:
            return refused_link_page(request, REFUSED, refusal.reason)
        except EmailTaken:
            return refused_link_page(request, REFUSED, "taken")
        await match_people(person.account)
        response = go_to(request, "/timesheet")
        await sign_in(request, response, person)
        return response


async def open_invitation(token: str) -> Invitation:
    """Raises LinkRefused."""
    invitation = await Invitation.of_token(token)
    if await User.of_email(invitation.email):
        raise LinkRefused("taken")
    return invitation


async def joining_page(request: Request[Any, Any, Any], invitation: Invitation, form: Form) -> Template:
    account = await Account.objects().get(Account.id == invitation.account)
    context = with_timezones(form, invitation=invitation, account=account)
    status_code = 422 if form.errors else 200
    return render(request, "accounts/join.html", context, status_code=status_code)
