"""Tags: what the field suggests to everyone, and the page on which administrators keep them."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery
from litestar.response import Template

from app.accounts.authentication import UserRequest
from app.timesheet import vocabulary
from app.timesheet.forms import MergeForm, TagForm
from app.timesheet.tags import NotTags, offer, tidy_name
from app.timesheet.vocabulary import Word
from app.web.flash import flash
from app.web.forms import Sent
from app.web.guards import requires_administrator, requires_user
from app.web.ids import LARGEST_POSITION, is_id, read_id
from app.web.redirect import go_to, see_other
from app.web.render import is_htmx, render


async def find_word(request: UserRequest, tag_id: FromPath[int]) -> Word:
    """A tag of the administrator's own account. Any other is as if it did not exist."""
    word = await vocabulary.word(request.user.account_id, tag_id) if is_id(tag_id) else None
    if word is None:
        raise NotFoundException
    return word


class TagOffersController(Controller):
    path = "/tags/options"
    guards = [requires_user]

    @get()
    async def index(self, request: UserRequest, q: FromQuery[str] = "", chosen: FromQuery[str] = "") -> Template:
        """What the field of tags suggests: with nothing typed what the person uses most."""
        return render(request, "timesheet/tags/_options.html", {"offer": await offer(request.user, q, chosen)})


@dataclass
class Open:
    """The tag whose name is being changed, what was typed for it, and why that is refused."""

    id: int
    name: str
    refusal: NotTags | None = None


@dataclass
class New:
    """What was typed for a new tag, and why it is refused."""

    name: str = ""
    refusal: NotTags | None = None


class TagsController(Controller):
    path = "/tags"
    guards = [requires_administrator]
    status_code = 200

    @get()
    async def index(self, request: UserRequest, q: FromQuery[str] = "", start: FromQuery[str] = "") -> Template:
        context = await page_of(request, q, min(read_id(start) or 0, LARGEST_POSITION))
        return render(request, f"timesheet/tags/{'_list' if is_htmx(request) else 'index'}.html", context)

    @post()
    async def make(self, request: UserRequest, data: Sent[TagForm]) -> Response[Any]:
        try:
            await vocabulary.make(request.user.account_id, data.name)
        except NotTags as refusal:
            context = await page_of(request) | {"new": New(data.name, refusal)}
            return render(request, "timesheet/tags/index.html", context, status_code=422)
        flash(request, f"The tag “{tidy_name(data.name)}” is made.")
        return see_other("/tags")


class TagController(Controller):
    path = "/tags/{tag_id:int}"
    guards = [requires_administrator]
    status_code = 200
    dependencies = {"word": Provide(find_word)}

    @get()
    async def show(self, request: UserRequest, word: NamedDependency[Word]) -> Response[Any]:
        return await show_row(request, word)

    @get("/name")
    async def edit(self, request: UserRequest, word: NamedDependency[Word]) -> Response[Any]:
        return await show_row(request, word, Open(word.id, word.name))

    @post("/name")
    async def rename(self, request: UserRequest, word: NamedDependency[Word], data: Sent[TagForm]) -> Response[Any]:
        try:
            await vocabulary.rename(request.user.account_id, word.id, data.name)
        except NotTags as refusal:
            return await show_row(request, word, Open(word.id, data.name, refusal))
        return await show_row(request, replace(word, name=tidy_name(data.name)))

    @post("/merge")
    async def merge(self, request: UserRequest, word: NamedDependency[Word], data: Sent[MergeForm]) -> Response[Any]:
        into = await vocabulary.word(request.user.account_id, read_id(data.into) or 0)
        if into is None or into.id == word.id or into.is_archived:
            raise NotFoundException
        await vocabulary.merge(request.user, word.id, into.id)
        flash(request, f"What was marked “{word.name}” is marked “{into.name}” now.")
        return go_to(request, "/tags")

    @post("/archive")
    async def archive(self, request: UserRequest, word: NamedDependency[Word]) -> Response[Any]:
        await vocabulary.archive(request.user.account_id, word.id)
        return await show_row(request, replace(word, is_archived=True))

    @post("/revive")
    async def revive(self, request: UserRequest, word: NamedDependency[Word]) -> Response[Any]:
        await vocabulary.revive(request.user.account_id, word.id)
        return await show_row(request, replace(word, is_archived=False))


async def page_of(request: UserRequest, q: str = "", start: int = 0) -> dict[str, Any]:
    found = await vocabulary.vocabulary(request.user.account_id, q, start)
    return {"vocabulary": found, "q": q.strip(), "start": start, "new": New(), "opened": None}


async def show_row(request: UserRequest, word: Word, opened: Open | None = None) -> Response[Any]:
    """The tag's line for htmx, for a browser the page with the tag in sight."""
    status_code = 422 if opened and opened.refusal else 200
    if is_htmx(request):
        context = {"word": word, "opened": opened}
        return render(request, "timesheet/tags/_row.html", context, status_code=status_code)
    if opened is None:
        return see_other(f"/tags?{urlencode({'q': word.name})}")
    context = await page_of(request, word.name) | {"opened": opened}
    return render(request, "timesheet/tags/index.html", context, status_code=status_code)
