"""Choosing a new password by a link: asking for it, and following it."""

from typing import Any

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Template

from app import mail
from app.accounts import credentials
from app.accounts.attempts import TooManyAttempts
from app.accounts.authentication import sign_in
from app.accounts.controllers.links import refused_link_page
from app.accounts.controllers.sessions import address_of
from app.accounts.forms import Form, read_form
from app.accounts.models import LinkRefused, User
from app.tasks.mail import send_password_reset_later
from app.web.flash import flash
from app.web.redirect import go_to
from app.web.render import render

REFUSED = "accounts/new_password_refused.html"


class PasswordResetsController(Controller):
    path = "/password-reset"

    @get()
    async def new(self, request: Request[Any, Any, Any]) -> Template:
        return asking_page(request, Form(request.query_params.multi_items()))

    @post()
    async def create(self, request: Request[Any, Any, Any]) -> Template:
        """The answer is the same whether or not somebody has the address."""
        form = await read_form(request)
        email = form.email()
        if form.errors or not mail.is_configured():
            return asking_page(request, form)
        try:
            await credentials.may_ask_for_reset(email, address_of(request))
        except TooManyAttempts as refusal:
            return asking_page(request, form, refusal)
        await send_password_reset_later(email)
        return render(request, "accounts/password_reset_sent.html", {"email": email})


class PasswordResetController(Controller):
    path = "/password-reset/{token:str}"

    @get()
    async def show(self, request: Request[Any, Any, Any], token: FromPath[str]) -> Template:
        try:
            _, person = await credentials.open_reset(token)
        except LinkRefused as refusal:
            return refused_link_page(request, REFUSED, refusal.reason)
        return choosing_page(request, person, Form())

    @post()
    async def create(self, request: Request[Any, Any, Any], token: FromPath[str]) -> Response[Any]:
        form = await read_form(request)
        try:
            reset, person = await credentials.open_reset(token)
            password = form.new_password("password", person.name, person.email)
            if form.errors:
                return choosing_page(request, person, form)
            await credentials.reset_password(reset, person, password)
        except LinkRefused as refusal:
            return refused_link_page(request, REFUSED, refusal.reason)
        flash(request, "Your new password is set. Everywhere else you are signed out.")
        response = go_to(request, "/timesheet")
        await sign_in(request, response, person)
        return response


def asking_page(request: Request[Any, Any, Any], form: Form, refusal: TooManyAttempts | None = None) -> Template:
    context = {"form": form, "refusal": refusal, "has_mail": mail.is_configured()}
    headers = {"Retry-After": str(refusal.seconds)} if refusal else None
    status_code = 429 if refusal else 422 if form.errors else 200
    return render(request, "accounts/password_reset.html", context, status_code=status_code, headers=headers)


def choosing_page(request: Request[Any, Any, Any], person: User, form: Form) -> Template:
    context = {"form": form, "person": person}
    status_code = 422 if form.errors else 200
    return render(request, "accounts/new_password.html", context, status_code=status_code)
