"""The first visit: the account and its administrator."""

from typing import Any

from litestar import Controller, Request, Response, get, post
from litestar.response import Template

from app.accounts.authentication import sign_in
from app.accounts.controllers.fields import with_timezones
from app.accounts.first_visit import SETUP
from app.accounts.forms import Form, read_form
from app.accounts.joining import AlreadySetUp, is_set_up, set_up
from app.web.redirect import go_to
from app.web.render import render


class SetupController(Controller):
    path = SETUP

    @get()
    async def show(self, request: Request[Any, Any, Any]) -> Response[Any]:
        return go_to(request, "/timesheet") if await is_set_up() else setup_page(request, Form())

    @post()
    async def create(self, request: Request[Any, Any, Any]) -> Response[Any]:
        if await is_set_up():
            return go_to(request, "/timesheet")
        form = await read_form(request)
        company = form.name("company", "Enter the name of your company or team.")
        name = form.name("name", "Enter your name.")
        email = form.email()
        password = form.new_password("password", name, email, company)
        timezone = form.timezone()
        if form.errors:
            return setup_page(request, form)
        try:
            administrator = await set_up(company, name, email, password, timezone)
        except AlreadySetUp:
            return go_to(request, "/sign-in")
        response = go_to(request, "/integrations")
        await sign_in(request, response, administrator)
        return response


def setup_page(request: Request[Any, Any, Any], form: Form) -> Template:
    status_code = 422 if form.errors else 200
    return render(request, "accounts/setup.html", with_timezones(form), status_code=status_code)
