"""Enabling: what will happen, the way to Asana's consent and back, or a personal access token instead."""

import hmac
from typing import Annotated
from urllib.parse import urlsplit

from litestar import Controller, get, post
from litestar.params import FromQuery, QueryParameter
from litestar.response import Redirect, Template

from app.accounts.authentication import UserRequest
from app.accounts.models import User
from app.crypto import Unreadable
from app.integrations.asana import pending
from app.integrations.asana.application import entered_client_id, is_in_environment, redirect_uri, save_application
from app.integrations.asana.authorization import Application, application_for
from app.integrations.asana.connecting import (
    WORD_OF_OAUTH_ERROR,
    Grant,
    Refused,
    grant_by_code,
    grant_by_personal_token,
)
from app.integrations.asana.connection import connection_of, establish, is_same_at_asana
from app.integrations.asana.controllers.pages import ENABLE, WORKSPACES
from app.integrations.asana.leaving import Left
from app.integrations.asana.models import ConnectionState
from app.integrations.asana.oauth import authorization_url, challenge_of
from app.integrations.asana.wanted_webhooks import webhook_gids
from app.settings import load_settings
from app.tasks.asana import refresh_asana_workspaces_later
from app.tasks.webhooks import leave_asana_later
from app.web.flash import flash
from app.web.guards import requires_administrator
from app.web.redirect import see_other
from app.web.render import render


class AuthorizationsController(Controller):
    path = "/integrations/asana"
    guards = [requires_administrator]

    @get("/enable")
    async def enable(self, request: UserRequest, refusal: FromQuery[str] = "") -> Template:
        return await enable_page(request, refusal)

    @post("/authorization")
    async def start(self, request: UserRequest) -> Redirect:
        try:
            application = await application_of(request.user.account_id)
        except Refused as refused:
            return back_to_enable(refused.word)
        begun = pending.begin(request.user.session_id)
        answer = see_other(
            authorization_url(
                load_settings().asana_oauth_url,
                application.client_id,
                state=begun.state,
                challenge=challenge_of(begun.verifier),
                redirect_uri=redirect_uri(),
            )
        )
        pending.remember(answer, begun)
        return answer

    @get("/authorization/return")
    async def callback(
        self,
        request: UserRequest,
        code: FromQuery[str] = "",
        returned_state: Annotated[str, QueryParameter(name="state")] = "",
        error: FromQuery[str] = "",
    ) -> Redirect:
        """Always answers with another address, so that the code does not stay in the browser's."""
        try:
            verifier = await verifier_of(request, returned_state)
            if error or not code:
                raise Refused(WORD_OF_OAUTH_ERROR.get(error, "unexpected"))
            grant = await grant_by_code(await application_of(request.user.account_id), code, verifier)
            answer = await connected(request, grant)
        except Refused as refused:
            answer = back_to_enable(refused.word)
        pending.forget(answer)
        return answer

    @post("/personal-token")
    async def use_personal_token(self, request: UserRequest) -> Redirect | Template:
        token = str((await request.form()).get("token", "")).strip()
        try:
            if not token:
                raise Refused("token_missing")
            if not is_credential(token):
                raise Refused("token_refused")
            return await connected(request, await grant_by_personal_token(token))
        except Refused as refused:
            return await enable_page(request, refused.word, status_code=422, is_token_open=True)

    @post("/application")
    async def enter_application(self, request: UserRequest) -> Redirect | Template:
        form = await request.form()
        client_id, client_secret = (str(form.get(name, "")).strip() for name in ("client_id", "client_secret"))
        if not (is_credential(client_id) and is_credential(client_secret)) or len(client_id) > 64:
            return await enable_page(request, "application_incomplete", status_code=422, client_id=client_id)
        await save_application(request.user.account_id, client_id, client_secret)
        flash(request, "Application saved. Its secret is stored encrypted and not shown again.")
        return see_other(ENABLE)


def is_credential(text: str) -> bool:
    """What Asana hands out is one word of ASCII, and goes into headers as it is."""
    return bool(text) and text.isascii() and text.isprintable() and " " not in text


async def enable_page(
    request: UserRequest,
    refusal: str,
    *,
    status_code: int = 200,
    client_id: str | None = None,
    is_token_open: bool = False,
) -> Template:
    account_id = request.user.account_id
    connection = await connection_of(account_id)
    owner = await User.objects().get(User.id == connection.connected_by) if connection else None
    entered = await entered_client_id(account_id)
    context = {
        "connection": connection,
        "owner": owner,
        "application_in_environment": is_in_environment(),
        "entered_client_id": entered,
        "client_id": entered or "" if client_id is None else client_id,
        "redirect_uri": redirect_uri(),
        "other_address": other_address(request),
        "needs_https": needs_https(),
        "refusal": refusal,
        "is_token_open": is_token_open,
    }
    return render(request, "integrations/asana/enable.html", context, status_code=status_code)


def other_address(request: UserRequest) -> str | None:
    """The address that Asana will come back to, where the browser knows this server by another one.

    Cookies belong to a host name: coming back to the other one, the browser would not be signed in.
    """
    public_url = load_settings().public_url
    return public_url if urlsplit(public_url).hostname != request.url.hostname else None


def needs_https() -> bool:
    """Asana leads back over http only to the administrator's own machine."""
    settings = load_settings()
    return not settings.https and urlsplit(settings.public_url).hostname not in {"localhost", "127.0.0.1", "::1"}


async def application_of(account_id: int) -> Application:
    try:
        application = await application_for(account_id)
    except Unreadable as error:
        raise Refused("application_unreadable") from error
    if application is None:
        raise Refused("no_application")
    return application


async def verifier_of(request: UserRequest, returned_state: str) -> str:
    """Raises Refused unless this return belongs to an authorization that this session began."""
    begun = pending.recall(request)
    if begun is None:
        raise Refused(await word_for_unexpected_return(request.user.account_id))
    if begun.session_id != request.user.session_id:
        raise Refused("session_changed")
    if not hmac.compare_digest(begun.state.encode(), returned_state.encode()):
        raise Refused("state_wrong")
    return begun.verifier


async def word_for_unexpected_return(account_id: int) -> str:
    """The browser's back button leads here again after everything went well."""
    connection = await connection_of(account_id)
    return "code_used" if connection and connection.state == ConnectionState.active else "state_missing"


async def connected(request: UserRequest, grant: Grant) -> Redirect:
    former = await connection_of(request.user.account_id)
    webhooks = await webhook_gids(former.id) if former else []
    connection = await establish(request.user.account_id, request.user.id, grant)
    if former and webhooks and not is_same_at_asana(former, connection):
        await leave_asana_later(Left.by(former, webhooks), revoke=False)
    await refresh_asana_workspaces_later(connection)
    return see_other(WORKSPACES)


def back_to_enable(word: str) -> Redirect:
    return see_other(f"{ENABLE}?refusal={word}")
