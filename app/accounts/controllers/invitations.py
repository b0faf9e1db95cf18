"""Inviting people, and what becomes of invitations that nobody has accepted yet."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect, Template

from app import mail
from app.accounts.authentication import UserRequest
from app.accounts.controllers.people_page import Link, people_page
from app.accounts.forms import Form, read_form
from app.accounts.models import EmailTaken, Invitation, Role
from app.accounts.words import email_address, email_addresses
from app.tasks.mail import send_invitation_later
from app.web.flash import flash
from app.web.guards import requires_administrator
from app.web.ids import is_id
from app.web.redirect import go_to, see_other

MOST_AT_ONCE = 100
HERE = "This person is in your account by now. The invitation is not needed any more: revoke it."
Made = tuple[Invitation, str]


async def find_invitation(request: UserRequest, invitation_id: FromPath[int]) -> Invitation:
    account_id = request.user.account_id
    invitation = await Invitation.open_in(account_id, invitation_id) if is_id(invitation_id) else None
    if invitation is None:
        raise NotFoundException
    return invitation


class InvitationsController(Controller):
    path = "/people/invitations"
    guards = [requires_administrator]

    @get()
    async def back(self) -> Redirect:
        return see_other("/people")

    @post()
    async def create(self, request: UserRequest) -> Response[Any]:
        form = await read_form(request)
        addresses = read_addresses(form)
        role = form.choice("role", set(Role), "Choose a role: administrator or user.")
        if form.errors:
            return await people_page(request, form, status_code=422)
        made, here = await invite_all(request, addresses, role)
        if not made:
            form.refuse("emails", f"In your account already: {', '.join(here)}.")
            return await people_page(request, form, status_code=422)
        if here:
            flash(request, f"In your account already: {', '.join(here)}.", "notice")
        return await hand_over(request, made)


class InvitationController(Controller):
    path = "/people/invitations/{invitation_id:int}"
    guards = [requires_administrator]
    dependencies = {"invitation": Provide(find_invitation)}

    @get(["/link", "/resend"])
    async def back(self) -> Redirect:
        return see_other("/people")

    @post("/resend")
    async def resend(self, request: UserRequest, invitation: NamedDependency[Invitation]) -> Response[Any]:
        try:
            return await hand_over(request, [await invitation.renew(request.user.id)])
        except EmailTaken:
            return await people_page(request, refusal=HERE, status_code=422)

    @post("/link")
    async def make_link(self, request: UserRequest, invitation: NamedDependency[Invitation]) -> Template:
        try:
            return await show_links(request, [await invitation.renew(request.user.id)])
        except EmailTaken:
            return await people_page(request, refusal=HERE, status_code=422)

    @post("/revoke")
    async def revoke(self, request: UserRequest, invitation: NamedDependency[Invitation]) -> Response[Any]:
        await invitation.revoke()
        flash(request, f"The invitation of {invitation.email} is revoked: its link no longer works.")
        return go_to(request, "/people")


def read_addresses(form: Form) -> list[str]:
    """All or none: with one of them mistyped nobody is invited, and the list stands there to be put right."""
    typed = email_addresses(form["emails"])
    wrong = [address[:80] for address in typed if email_address(address) is None]
    if not typed:
        form.refuse("emails", "Enter at least one e-mail address.")
    elif wrong:
        more = f" and {len(wrong) - 3} more" if len(wrong) > 3 else ""
        form.refuse("emails", f"Not an e-mail address: {', '.join(wrong[:3])}{more}.")
    elif len(typed) > MOST_AT_ONCE:
        form.refuse("emails", f"Up to {MOST_AT_ONCE} people at once; these are {len(typed):,}.")
    return list(dict.fromkeys(filter(None, map(email_address, typed))))


async def invite_all(request: UserRequest, addresses: list[str], role: str) -> tuple[list[Made], list[str]]:
    """The invitations made, and the addresses of those who are here already."""
    made: list[Made] = []
    here: list[str] = []
    for address in addresses:
        try:
            made.append(await Invitation.invite(request.user.account_id, address, "", role, request.user.id))
        except EmailTaken:
            here.append(address)
    return made, here


async def hand_over(request: UserRequest, made: list[Made]) -> Response[Any]:
    """By e-mail where there is a mail server; otherwise the administrator passes the links on."""
    if not mail.is_configured():
        return await show_links(request, made)
    for invitation, link in made:
        await send_invitation_later(invitation, link)
    whom = made[0][0].email if len(made) == 1 else f"{len(made)} people"
    flash(request, f"On its way to {whom}: an e-mail with the link to join.")
    return go_to(request, "/people")


async def show_links(request: UserRequest, made: list[Made]) -> Template:
    links = [Link(invitation.name, invitation.email, link) for invitation, link in made]
    return await people_page(request, links=links)
