"""Asana's OAuth pages and endpoints under /-/."""

from typing import Annotated, Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import msgspec
from litestar import Controller, MediaType, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect, Template
from litestar.response.base import ASGIResponse
from litestar.types import Receive, Scope, Send

from .api.faults import fail
from .gate import Failure, Gate
from .grants import Grants, OAuthClient, OAuthError
from .model import Grant
from .parts import Sandbox
from .world import World

Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]
ASKED = ("client_id", "redirect_uri", "response_type", "state", "scope", "code_challenge", "code_challenge_method")


class SpoiltResponse(Response[Any]):
    """Goes wrong on its way, as ordered."""

    def __init__(self, answer: dict[str, Any], failure: Failure) -> None:
        super().__init__(answer)
        self.failure = failure

    def to_asgi_response(self, *_: Any, **__: Any) -> ASGIResponse:
        return SpoiltAnswer(msgspec.json.encode(self.content), self.failure)


class SpoiltAnswer(ASGIResponse):
    def __init__(self, body: bytes, failure: Failure) -> None:
        super().__init__(body=body)
        self.failure = failure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await fail(self.failure, bytes(self.body), scope, send)


class OAuthPages(Controller):
    path = "/-"
    include_in_schema = False

    @get("/oauth_authorize", sync_to_thread=False)
    def ask(self, request: Request[Any, Any, Any], sandbox: NamedDependency[Sandbox]) -> Response[Any]:
        asked = {name: request.query_params.get(name, "") for name in ASKED}
        client = _client(sandbox.grants, asked)
        if isinstance(client, Response):
            return client
        return _objection(client, asked) or _consent_page(sandbox.world, client, asked)

    @post("/oauth_authorize", status_code=303)
    async def answer(self, data: Form, sandbox: NamedDependency[Sandbox]) -> Response[Any]:
        asked = {name: data.get(name, "") for name in ASKED}
        client = _client(sandbox.grants, asked)
        if isinstance(client, Response):
            return client
        objection = _objection(client, asked)
        if objection:
            return objection
        if data.get("decision") != "allow":
            return _back(asked, error="access_denied", error_description="The user denied the request.")
        person = data.get("person", "")
        if person not in sandbox.world.state.people:
            return _consent_page(sandbox.world, client, asked)
        scope, challenge = asked["scope"] or "default", asked["code_challenge"] or None
        code = sandbox.grants.new_code(client, asked["redirect_uri"], person, scope, challenge)
        await sandbox.store.save_if_changed()
        return _back(asked, code=code)

    @post("/oauth_token", status_code=200)
    async def token(
        self,
        request: Request[Any, Any, Any],
        sandbox: NamedDependency[Sandbox],
    ) -> Response[Any]:
        form = await _form(request)
        try:
            failure = _fail_if_ordered(sandbox.gate, "/-/oauth_token")
            grant = _grant(sandbox.grants, form)
        except OAuthError as error:
            return Response(error.body, status_code=error.status)
        finally:
            await sandbox.store.save_if_changed()
        answer = _token_answer(sandbox, grant, is_new=form.get("grant_type") != "refresh_token")
        return SpoiltResponse(answer, failure) if failure else Response(answer)

    @post("/oauth_revoke", status_code=200)
    async def revoke(
        self,
        request: Request[Any, Any, Any],
        sandbox: NamedDependency[Sandbox],
    ) -> Response[Any]:
        form = await _form(request)
        try:
            _fail_if_ordered(sandbox.gate, "/-/oauth_revoke")
            sandbox.grants.revoke(_authenticated(sandbox.grants, form), form.get("token", ""))
        except OAuthError as error:
            return Response(error.body, status_code=error.status)
        await sandbox.store.save_if_changed()
        return Response({})

    @post("/token_info", status_code=200)
    async def token_info(self, request: Request[Any, Any, Any], sandbox: NamedDependency[Sandbox]) -> Response[Any]:
        form = await _form(request)
        try:
            _fail_if_ordered(sandbox.gate, "/-/token_info")
        except OAuthError as error:
            return Response(error.body, status_code=error.status)
        return Response(sandbox.grants.info(form.get("token", "")))


def _client(grants: Grants, asked: dict[str, str]) -> OAuthClient | Response[str]:
    """Whoever asks with a wrong id or address is not sent anywhere: the person sees why, in plain text."""
    client = grants.clients.get(asked["client_id"])
    if client is None:
        return _plain("invalid_request: The `client_id` provided does not match a registered application.")
    if not client.allows_redirect(asked["redirect_uri"]):
        return _plain("invalid_request: The `redirect_uri` parameter does not match a valid url for the application.")
    return client


def _plain(text: str) -> Response[str]:
    return Response(text, status_code=400, media_type=MediaType.TEXT)


def _objection(client: OAuthClient, asked: dict[str, str]) -> Response[Any] | None:
    if asked["response_type"] != "code":
        return _back(asked, error="unsupported_response_type", error_description="Only `code` is supported.")
    if asked["code_challenge"] and asked["code_challenge_method"] != "S256":
        return _back(asked, error="invalid_request", error_description="code_challenge_method must be S256.")
    forbidden = client.forbidden_scopes(asked["scope"])
    if forbidden:
        named = " ".join(f"`{scope}`" for scope in forbidden)
        text = f"Your app is not allowed to request user authorization for {named} scopes"
        return _back(asked, error="forbidden_scopes", error_description=text)
    return None


def _consent_page(world: World, client: OAuthClient, asked: dict[str, str]) -> Template:
    people = sorted(world.state.people.values(), key=lambda person: person.gid)
    return Template("consent.html", context={"client": client, "asked": asked, "people": people})


def _back(asked: dict[str, str], **answer: str) -> Redirect:
    parts = urlsplit(asked["redirect_uri"])
    query = dict(parse_qsl(parts.query, keep_blank_values=True)) | answer
    if asked["state"]:
        query["state"] = asked["state"]
    return Redirect(urlunsplit(parts._replace(query=urlencode(query))), status_code=303)


async def _form(request: Request[Any, Any, Any]) -> dict[str, str]:
    return dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))


def _fail_if_ordered(gate: Gate, path: str) -> Failure | None:
    """Raises where a status was ordered; other failures spoil the answer that is still to come."""
    failure = gate.failure_for(path)
    if failure and failure.kind == "status":
        raise OAuthError("server_error", "Refused on request", failure.status)
    return failure


def _authenticated(grants: Grants, form: dict[str, str]) -> OAuthClient:
    client = grants.clients.get(form.get("client_id", ""))
    if client is None or form.get("client_secret") != client.secret:
        raise OAuthError("invalid_client", "The `client_id` or `client_secret` provided was invalid.", 401)
    return client


def _grant(grants: Grants, form: dict[str, str]) -> Grant:
    client = _authenticated(grants, form)
    if form.get("grant_type") == "authorization_code":
        return grants.redeem(client, form.get("code", ""), form.get("redirect_uri", ""), form.get("code_verifier"))
    if form.get("grant_type") == "refresh_token":
        return grants.refresh(client, form.get("refresh_token", ""))
    raise OAuthError("unsupported_grant_type", "The `grant_type` provided is not supported.")


def _token_answer(sandbox: Sandbox, grant: Grant, *, is_new: bool) -> dict[str, Any]:
    person = sandbox.world.person(grant.person)
    answer = {
        "access_token": grant.token,
        "expires_in": int(sandbox.grants.access_life),
        "token_type": "bearer",
        "data": {"id": int(person.gid), "gid": person.gid, "name": person.name, "email": person.email or ""},
    }
    # A refresh answer brings no refresh token: the old one goes on.
    return answer | ({"refresh_token": grant.refresh_token} if is_new else {})
