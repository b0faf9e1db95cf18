"""Signing in and out."""

from typing import Any

from litestar import Controller, Request, Response, get, post
from litestar.response import Redirect, Template

from app.accounts import credentials
from app.accounts.attempts import TooManyAttempts
from app.accounts.authentication import sign_in, sign_out
from app.accounts.forms import Form, read_form
from app.accounts.words import one_line
from app.web.redirect import go_to, safe_next, see_other
from app.web.render import render

WRONG = "This e-mail address and password do not belong together. Check both, or choose a new password below."
DEACTIVATED = "Your access to this account is turned off. An administrator of your account can turn it on again."


@get("/", include_in_schema=False)
async def home() -> Redirect:
    return see_other("/timesheet")


@post("/sign-out")
async def sign_out_here(request: Request[Any, Any, Any]) -> Response[Any]:
    response = go_to(request, "/sign-in")
    await sign_out(request, response)
    return response


class SignInController(Controller):
    path = "/sign-in"

    @get()
    async def show(self, request: Request[Any, Any, Any]) -> Response[Any]:
        form = Form(request.query_params.multi_items())
        return see_other(safe_next(form["next"])) if request.user else sign_in_page(request, form)

    @post()
    async def create(self, request: Request[Any, Any, Any]) -> Response[Any]:
        form = await read_form(request)
        email = one_line(form["email"]).lower()
        try:
            person = await credentials.person_with(email, form["password"], address_of(request))
        except credentials.WrongPassword:
            return sign_in_page(request, form, 422, WRONG)
        except credentials.Deactivated:
            return sign_in_page(request, form, 422, DEACTIVATED)
        except TooManyAttempts as refusal:
            return sign_in_page(request, form, 429, str(refusal), {"Retry-After": str(refusal.seconds)})
        response = go_to(request, safe_next(form["next"]))
        await sign_in(request, response, person)
        return response


def sign_in_page(
    request: Request[Any, Any, Any],
    form: Form,
    status_code: int = 200,
    refusal: str | None = None,
    headers: dict[str, str] | None = None,
) -> Template:
    context = {"form": form, "refusal": refusal}
    return render(request, "accounts/sign_in.html", context, status_code=status_code, headers=headers)


def address_of(request: Request[Any, Any, Any]) -> str:
    """Behind a proxy uvicorn puts the visitor's own address here (FORWARDED_ALLOW_IPS)."""
    return request.client.host if request.client else ""
