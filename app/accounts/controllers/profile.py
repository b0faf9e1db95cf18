"""A person's own settings."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.response import Redirect, Template

from app.accounts import credentials
from app.accounts.attempts import TooManyAttempts
from app.accounts.authentication import CurrentUser, UserRequest
from app.accounts.controllers.fields import with_timezones
from app.accounts.forms import Form, read_form
from app.accounts.profile import TIMER_LIMITS, WEEKDAYS, Profile
from app.web.flash import flash
from app.web.guards import requires_user
from app.web.redirect import go_to, see_other
from app.web.render import render

WEEK_STARTS = {str(number): name for number, name in enumerate(WEEKDAYS, start=1)}
CLOCKS = {"24": "24 hours, like 14:30", "12": "12 hours, like 2:30 pm"}


class ProfileController(Controller):
    path = "/profile"
    guards = [requires_user]

    @get()
    async def show(self, request: UserRequest) -> Template:
        return profile_page(request)

    @post()
    async def update(self, request: UserRequest) -> Response[Any]:
        form = await read_form(request)
        profile = read_profile(form)
        if profile is None:
            return profile_page(request, form)
        await profile.save(request.user.id)
        flash(request, "Saved.")
        return go_to(request, "/profile")

    @get("/password")
    async def back(self) -> Redirect:
        """A refused change answers here with the page itself, so the address may be opened again."""
        return see_other("/profile")

    @post("/password")
    async def change_password(self, request: UserRequest) -> Response[Any]:
        form = await read_form(request)
        password = form.new_password("new_password", request.user.name, request.user.email)
        if form.errors:
            return profile_page(request, passwords=form)
        try:
            await credentials.change_password(request.user, form["current_password"], password)
        except credentials.WrongPassword:
            form.refuse("current_password", "This is not your current password.")
            return profile_page(request, passwords=form)
        except TooManyAttempts as refusal:
            form.refuse("current_password", str(refusal))
            return profile_page(request, passwords=form, retry_after=refusal.seconds)
        flash(request, "Your new password is set. Everywhere else you are signed out.")
        return go_to(request, "/profile")


def read_profile(form: Form) -> Profile | None:
    name = form.name("name", "Enter your name.")
    timezone = form.timezone()
    week_start = form.choice("week_start", WEEK_STARTS, "Choose a day from the list.")
    clock = form.choice("clock", CLOCKS, "Choose 24 or 12 hours.")
    limit = form.whole_number("timer_limit", TIMER_LIMITS, "Write a whole number of hours from 1 to 24.")
    shortcuts = form["shortcuts"] == "on"
    return None if form.errors else Profile(name, timezone, int(week_start), clock == "24", limit, shortcuts)


def profile_page(
    request: UserRequest, form: Form | None = None, *, passwords: Form | None = None, retry_after: int | None = None
) -> Template:
    """Two forms on one page: only the one that was refused shows what was typed."""
    context = with_timezones(
        form or kept_by(request.user), passwords=passwords or Form(), week_starts=WEEK_STARTS, clocks=CLOCKS
    )
    status_code = 429 if retry_after else 422 if form or passwords else 200
    headers = {"Retry-After": str(retry_after)} if retry_after else None
    return render(request, "accounts/profile.html", context, status_code=status_code, headers=headers)


def kept_by(user: CurrentUser) -> Form:
    clock = "24" if user.clock_24h else "12"
    kept = {"name": user.name, "timezone": user.timezone, "week_start": str(user.week_start), "clock": clock}
    kept["timer_limit"] = str(user.timer_limit)
    return Form([*kept.items(), ("shortcuts", "on" if user.shortcuts else "")])
