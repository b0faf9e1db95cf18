"""Inviting co-workers: those of the chosen workspaces who are not here yet."""

from dataclasses import dataclass, field
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Template

from app import mail
from app.accounts.authentication import CurrentUser, UserRequest
from app.accounts.models import EmailTaken, Invitation
from app.integrations.asana.controllers.pages import KEYWORDS, PEOPLE, ConnectedController, back_of, onward
from app.integrations.asana.coworkers import Coworker, coworkers_of
from app.integrations.asana.models import AsanaConnection, RunState, SyncRun
from app.integrations.asana.progress import latest_progress
from app.tasks.mail import send_invitation_later
from app.web.flash import flash
from app.web.render import render

MOST_SHOWN = 300


@dataclass(frozen=True)
class Invited:
    """`link` is there only where no mail server can bring it: then it is shown this once."""

    name: str
    email: str
    link: str | None


@dataclass
class Invitations:
    made: list[Invited] = field(default_factory=list)
    # Each with the word for why, as in `Coworker.standing`.
    refused: list[tuple[Coworker, str]] = field(default_factory=list)

    @property
    def has_links(self) -> bool:
        return any(invited.link for invited in self.made)


class CoworkersController(ConnectedController):
    path = PEOPLE

    @get()
    async def index(
        self, request: UserRequest, connection: NamedDependency[AsanaConnection], q: FromQuery[str] = ""
    ) -> Template:
        return await coworkers_page(request, connection, q=q)

    @get("/list")
    async def list_again(
        self,
        request: UserRequest,
        connection: NamedDependency[AsanaConnection],
        q: FromQuery[str] = "",
        back: FromQuery[str] = "",
    ) -> Template:
        """The panel alone, for as long as people are still arriving."""
        context = await coworkers_context(connection, q=q, back=back)
        return render(request, "integrations/asana/_coworkers.html", context)

    @post()
    async def invite(self, request: UserRequest, connection: NamedDependency[AsanaConnection]) -> Response[Any]:
        form = await request.form()
        wanted = set(form.getall("person", []))
        coworkers = [each for each in await coworkers_of(connection) if str(each.id) in wanted]
        if not coworkers:
            return await coworkers_page(request, connection, is_refused=True, back=back_of(form))
        invitations = await invite_all(coworkers, request.user)
        if invitations.has_links or invitations.refused:
            context = {"invitations": invitations, "back": back_of(form)}
            return render(request, "integrations/asana/invited.html", context)
        count = len(invitations.made)
        flash(request, "The invitation is on its way." if count == 1 else f"{count} invitations are on their way.")
        return onward(back_of(form), KEYWORDS)


async def invite_all(coworkers: list[Coworker], inviter: CurrentUser) -> Invitations:
    """Each by itself: one who cannot be invited does not keep the others from being."""
    invitations = Invitations()
    for coworker in coworkers:
        if not coworker.is_invitable:
            invitations.refused.append((coworker, coworker.standing))
            continue
        try:
            invitations.made.append(await invite(coworker, inviter))
        except EmailTaken:
            invitations.refused.append((coworker, "here"))
    return invitations


async def invite(coworker: Coworker, inviter: CurrentUser) -> Invited:
    assert coworker.email is not None
    invitation, link = await Invitation.invite(
        inviter.account_id, coworker.email, name=coworker.name[:200], invited_by=inviter.id
    )
    if not mail.is_configured():
        return Invited(coworker.name, coworker.email, link)
    await send_invitation_later(invitation, link)
    return Invited(coworker.name, coworker.email, None)


async def coworkers_page(
    request: UserRequest, connection: AsanaConnection, *, q: str = "", is_refused: bool = False, back: str = ""
) -> Template:
    context = await coworkers_context(connection, q=q, is_refused=is_refused, back=back)
    context["progress"] = await latest_progress(connection.id)
    return render(request, "integrations/asana/people.html", context, status_code=422 if is_refused else 200)


async def coworkers_context(
    connection: AsanaConnection, *, q: str = "", is_refused: bool = False, back: str = ""
) -> dict[str, Any]:
    everybody = await coworkers_of(connection)
    matching = [each for each in everybody if each.matches(q)]
    return {
        "coworkers": matching[:MOST_SHOWN],
        "further": max(0, len(matching) - MOST_SHOWN),
        # So many are filtered here; fewer are filtered in the browser, where what is ticked stays ticked.
        "are_many": len(everybody) > MOST_SHOWN,
        "still_arriving": await still_arriving(connection),
        "has_mail": mail.is_configured(),
        "q": q,
        "is_refused": is_refused,
        "back": back if back == "settings" else "",
    }


async def still_arriving(connection: AsanaConnection) -> bool:
    """A pass lists the people first; once it reads projects, everybody is here."""
    return await SyncRun.exists().where(
        SyncRun.connection == connection.id,
        (SyncRun.state == RunState.queued)
        | ((SyncRun.state == RunState.running) & SyncRun.phase.is_in(["", "projects"])),
    )
