"""Keywords made by hand. Those from Asana are only shown."""

from dataclasses import dataclass
from typing import Any

from litestar import Controller, Response, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from app.accounts.authentication import UserRequest
from app.projects import keywords
from app.projects.access import Item
from app.projects.controllers.answers import Problem, find_item, show_item
from app.projects.own import Invalid
from app.web.forms import Sent
from app.web.guards import requires_administrator
from app.web.ids import is_id
from app.web.redirect import see_other
from app.web.render import is_htmx, render


@dataclass
class KeywordForm:
    word: str = ""


class KeywordsController(Controller):
    path = "/projects/{item_id:int}/keywords"
    guards = [requires_administrator]
    status_code = 200

    @post()
    async def create(self, request: UserRequest, item_id: FromPath[int], data: Sent[KeywordForm]) -> Response[Any]:
        item = await find_item(request, item_id)
        try:
            await keywords.add_keyword(request.user.account_id, item.id, data.word)
        except Invalid as invalid:
            return await show_keywords(request, item, Problem("keyword", str(invalid), {"word": data.word}))
        return await show_keywords(request, item)

    @post("/{keyword_id:int}/delete")
    async def delete(self, request: UserRequest, item_id: FromPath[int], keyword_id: FromPath[int]) -> Response[Any]:
        item = await find_item(request, item_id)
        account_id = request.user.account_id
        if not (is_id(keyword_id) and await keywords.remove_keyword(account_id, item.id, keyword_id)):
            raise NotFoundException
        return await show_keywords(request, item)


async def show_keywords(request: UserRequest, item: Item, problem: Problem | None = None) -> Response[Any]:
    status_code = 422 if problem else 200
    if is_htmx(request):
        words = await keywords.keywords_of(request.user.account_id, item.id)
        context = {"item": item, "keywords": words, "problem": problem, "is_whole": True}
        return render(request, "projects/_keywords.html", context, status_code=status_code)
    return await show_item(request, item, problem, status_code=422) if problem else see_other(f"/projects/{item.id}")
