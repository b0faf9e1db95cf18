"""Asana's API over HTTP, as the person whose authorization it carries. It knows nothing of our tables.

Answers are read to their end or not at all: a list that could not be read whole is an error, never a shorter list,
because whoever compares lists takes absence for a fact.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from typing import Any, Protocol, TypeVar
from urllib.parse import quote

import httpx
import msgspec
import stamina

from app.integrations.asana.answers import (
    Events,
    MadeWebhook,
    Membership,
    One,
    Page,
    Project,
    Reference,
    Section,
    Task,
    User,
    Webhook,
    WebhookFilter,
    Workspace,
)
from app.integrations.asana.errors import (
    Forbidden,
    PaymentRequired,
    RateLimited,
    SyncTokenExpired,
    Unavailable,
    UnexpectedAnswer,
    error_of,
)
from app.integrations.asana.http import AsanaHttp
from app.integrations.asana.pacing import Pace
from app.integrations.asana.pools import Pools

Row = TypeVar("Row")
Answer = TypeVar("Answer")
Params = dict[str, str]

ROWS_A_PAGE = 100
ATTEMPTS = 5
REFUSALS = 10
TIMEOUT_SECONDS = 60.0
RESTARTS_OF_A_LIST = 3

USER_FIELDS = "name,email"
PROJECT_FIELDS = "name,archived,completed,permalink_url,modified_at,members.gid"
EVENT_FIELDS = "action,resource,change.field"
TASK_FIELDS = (
    "name,completed,permalink_url,modified_at,num_subtasks,is_rendered_as_separator,"
    "assignee.name,assignee.email,parent.name,memberships.project.name,memberships.section.name"
)


class Authorization(Protocol):
    async def token(self) -> str: ...

    async def refresh(self, refused: str) -> str:
        """A token other than the refused one. Raises AccessRevoked when there is none to be had."""
        ...


@asynccontextmanager
async def asana_http(base_url: str, timeout: float | None = None) -> AsyncIterator[AsanaHttp]:
    """`timeout` is in seconds, for each read and write."""
    async with Pools() as pools:
        yield AsanaHttp(base_url, pools, timeout or TIMEOUT_SECONDS)


class AsanaClient:
    """Every method raises from `AsanaError`:

    AccessRevoked, where a renewed token is refused too; PaymentRequired, Forbidden and NotFound as Asana answers;
    RateLimited, when a request would have to wait longer than `patience`; Unavailable, after five tries; and
    UnexpectedAnswer, which trying again does not mend. https://developers.asana.com/docs/errors
    """

    def __init__(
        self,
        http: AsanaHttp,
        authorization: Authorization,
        pace: Pace,
        patience: float = 120.0,
        urgent: bool = False,
    ) -> None:
        """`patience`: how many seconds to wait at most when Asana asks to; a page's request wants less than a job.
        `urgent`: somebody is waiting, so its requests overtake those of passes.
        """
        self._http = http
        self._authorization = authorization
        self._patience = patience
        self._urgent = urgent
        self.pace = pace

    # https://developers.asana.com/reference/getuser
    async def me(self) -> User:
        return await self._one("users/me", User, opt_fields=f"{USER_FIELDS},workspaces.name")

    # https://developers.asana.com/reference/getworkspaces
    async def workspaces(self) -> list[Workspace]:
        return await self._list("workspaces", Workspace, opt_fields="name,is_organization")

    # https://developers.asana.com/reference/getusers
    async def users(self, workspace: str) -> list[User]:
        """With guests and invited people. The workspace's own list of users is cut at 2,000, this one is paged."""
        return await self._list("users", User, workspace=workspace, opt_fields=USER_FIELDS)

    # https://developers.asana.com/reference/getprojects
    async def projects(self, workspace: str) -> list[Project]:
        """Open, archived and completed ones: asking for one kind makes the other look deleted."""
        return await self._list("projects", Project, workspace=workspace, opt_fields=PROJECT_FIELDS)

    # https://developers.asana.com/reference/getproject
    async def project(self, gid: str) -> Project:
        return await self._one(f"projects/{quoted(gid)}", Project, opt_fields=PROJECT_FIELDS)

    # https://developers.asana.com/reference/getsectionsforproject
    async def sections(self, project: str) -> list[Section]:
        return await self._list(f"projects/{quoted(project)}/sections", Section, opt_fields="name")

    # https://developers.asana.com/reference/gettasksforproject
    async def tasks(self, project: str, completed_since: str, *, tags: bool = False) -> list[Task]:
        """Tasks directly in the project, in its order: the incomplete ones and those completed since then ("now" or a
        time in ISO 8601). Among them subtasks that were themselves added to the project, with `parent` set.
        """
        path = f"projects/{quoted(project)}/tasks"
        return await self._list(path, Task, completed_since=completed_since, opt_fields=task_fields(tags))

    # https://developers.asana.com/reference/getsubtasksfortask
    async def subtasks(self, task: str, *, tags: bool = False) -> list[Task]:
        """One level, complete and incomplete. Separators are among them."""
        return await self._list(f"tasks/{quoted(task)}/subtasks", Task, opt_fields=task_fields(tags))

    # https://developers.asana.com/reference/gettask
    async def task(self, gid: str, *, tags: bool = False) -> Task:
        return await self._one(f"tasks/{quoted(gid)}", Task, opt_fields=task_fields(tags))

    # https://developers.asana.com/reference/getmemberships
    async def memberships(self, project: str) -> list[Membership]:
        """The people and teams that the project is shared with."""
        return await self._list("memberships", Membership, parent=project, opt_fields="member.resource_type")

    # https://developers.asana.com/reference/getteamsforworkspace
    async def teams(self, workspace: str) -> list[Reference]:
        """Those of an organization; other workspaces have none."""
        return await self._list(f"workspaces/{quoted(workspace)}/teams", Reference, opt_fields="gid")

    # https://developers.asana.com/reference/getmemberships
    async def projects_of_team(self, team: str) -> list[Membership]:
        """The projects that are shared with it, as `parent`."""
        return await self._list(
            "memberships", Membership, member=team, resource_subtype="project_membership", opt_fields="parent.gid"
        )

    # https://developers.asana.com/reference/getusersforteam
    async def team_users(self, team: str) -> list[User]:
        """Asana takes no limit here, answers in one piece and cuts at 2,000 people."""
        return await self._list(f"teams/{quoted(team)}/users", User, opt_fields=USER_FIELDS)

    # https://developers.asana.com/reference/getevents
    async def event_token(self, project: str) -> str | None:
        """A token for what happens in the project from now on; None where Asana keeps no events for us.

        Asana hands it out in a refusal, which is the only answer to a question without a token.
        """
        try:
            await self._get("events", Events, {"resource": project})
        except SyncTokenExpired as told:
            return told.sync
        except (Forbidden, PaymentRequired):
            return None
        raise UnexpectedAnswer("events: an answer to a question without a token", 200)

    # https://developers.asana.com/reference/getevents
    async def events(self, project: str, token: str) -> Events:
        """A hundred events at most, and the token to go on with. Raises SyncTokenExpired, with the next token, when
        the stream cannot go on from this one: after 24 hours, or sooner.
        """
        return await self._get("events", Events, {"resource": project, "sync": token, "opt_fields": EVENT_FIELDS})

    # https://developers.asana.com/reference/getwebhooks
    async def webhooks(self, workspace: str) -> list[Webhook]:
        """Those that this person made with this application, whatever they lead to."""
        return await self._list("webhooks", Webhook, workspace=workspace, opt_fields="active,target")

    # https://developers.asana.com/reference/createwebhook
    async def create_webhook(self, resource: str, target: str, filters: list[WebhookFilter]) -> MadeWebhook:
        """Before it answers, Asana sends the secret to the target. Asked once: whether it made one can only be told
        from its answer.
        """
        body = {"data": {"resource": resource, "target": target, "filters": filters}}
        return decoded(await self._answer("webhooks", {"opt_fields": "active,target"}, "POST", body), MadeWebhook)

    # https://developers.asana.com/reference/deletewebhook
    async def delete_webhook(self, gid: str) -> None:
        async for attempt in tries():
            with attempt:
                await self._answer(f"webhooks/{quoted(gid)}", {}, "DELETE")

    async def _one(self, path: str, kind: type[Row], **params: str) -> Row:
        answer = await self._get(path, One[kind], params)  # type: ignore[valid-type]
        return answer.data

    async def _list(self, path: str, kind: type[Row], **params: str) -> list[Row]:
        for _ in range(RESTARTS_OF_A_LIST):
            try:
                return [row async for page in self._pages(path, kind, params) for row in page]
            except OffsetExpired:
                continue
        raise Unavailable(f"{path}: the list could not be read to its end, its offsets expired again and again")

    async def _pages(self, path: str, kind: type[Row], params: Params) -> AsyncIterator[list[Row]]:
        params = {**params, "limit": str(ROWS_A_PAGE)}
        while True:
            page = await self._page(path, Page[kind], params)  # type: ignore[valid-type]
            yield page.data
            if page.next_page is None:
                return
            if page.next_page.offset == params.get("offset"):
                raise UnexpectedAnswer(f"{path}: the next page is this page again", 200)
            params["offset"] = page.next_page.offset

    async def _page(self, path: str, kind: type[Answer], params: Params) -> Answer:
        try:
            return await self._get(path, kind, params)
        except UnexpectedAnswer as error:
            # An offset lives for some minutes. Its refusal is a 400 like any other, told only by a sentence.
            # https://developers.asana.com/docs/pagination
            if error.status == 400 and "offset" in params:
                raise OffsetExpired(str(error)) from error
            raise

    async def _get(self, path: str, kind: type[Answer], params: Params) -> Answer:
        try:
            return decoded(await self._answer(path, params), kind)
        except Unavailable as error:
            failed: Unavailable | None = error
        # Only now, as keeping count of attempts costs a tenth of a request, and the first one is good nearly always.
        async for attempt in tries():
            with attempt:
                if failed:
                    first, failed = failed, None
                    raise first
                return decoded(await self._answer(path, params), kind)
        raise AssertionError("unreachable: the last attempt returns or raises")

    async def _answer(self, path: str, params: Params, method: str = "GET", body: object = None) -> httpx.Response:
        token = await self._authorization.token()
        response = await self._send(path, params, token, method, body)
        if response.status_code == 401:
            token = await self._authorization.refresh(refused=token)
            response = await self._send(path, params, token, method, body)
        if response.status_code not in (200, 201):
            raise error_of(response)
        return response

    async def _send(self, path: str, params: Params, token: str, method: str, body: object) -> httpx.Response:
        """Refused for asking too fast, it asks again when the pace allows: all that use this pace wait meanwhile."""
        for _ in range(REFUSALS):
            async with self.pace.turn(self._patience, self._urgent):
                response = await sent(self._http, method, path, params=params, token=token, body=body)
                if response.status_code != 429:
                    return response
                error = error_of(response)
                self.pace.refused(error.retry_after if isinstance(error, RateLimited) else None)
        return response


class OffsetExpired(Exception):
    """The list has to be read again from its first page."""


def tries() -> AsyncIterator[stamina.Attempt]:
    return aiter(
        stamina.retry_context(
            on=Unavailable, attempts=ATTEMPTS, timeout=None, wait_initial=0.2, wait_max=8.0, wait_jitter=0.4
        )
    )


async def sent(
    http: AsanaHttp, method: str, path: str, *, params: Params, token: str, body: object = None
) -> httpx.Response:
    """`body` goes as JSON."""
    try:
        json = None if body is None else msgspec.json.encode(body)
        return await http.request(method, path, params=params, token=token, json=json)
    except httpx.RequestError as error:
        raise Unavailable(f"{path}: {type(error).__name__}") from error


def decoded(response: httpx.Response, kind: type[Answer]) -> Answer:
    try:
        answer: Answer = decoder_of(kind).decode(response.content)  # type: ignore[arg-type]
    except msgspec.ValidationError as error:
        raise UnexpectedAnswer(f"{response.request.url.path}: {error}", response.status_code) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        # Half of a JSON text, or the page of something that stands between us: the next answer may be whole.
        raise Unavailable(f"{response.request.url.path}: the answer is not JSON") from error
    return answer


@cache
def decoder_of(kind: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(kind)


def task_fields(tags: bool) -> str:
    return f"{TASK_FIELDS},tags.name" if tags else TASK_FIELDS


def quoted(gid: str) -> str:
    return quote(gid, safe="")
