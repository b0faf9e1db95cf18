"""The page that all actions on people answer with."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from litestar import Request
from litestar.response import Template

from app import mail
from app.accounts.authentication import CurrentUser
from app.accounts.forms import Form
from app.accounts.people import invited_to, members_of
from app.web.render import render


@dataclass(frozen=True)
class Link:
    """Shown in the answer that made it and never again: only its hash is kept."""

    name: str
    email: str
    link: str


async def people_page(
    request: Request[CurrentUser, Any, Any],
    form: Form | None = None,
    *,
    links: Sequence[Link] = (),
    links_are: str = "invitations",
    refusal: str | None = None,
    status_code: int = 200,
) -> Template:
    wanted = request.query_params.get("q", "")
    context = {
        "q": wanted,
        "form": form or Form(),
        "members": await members_of(request.user.account_id, wanted),
        "invited": await invited_to(request.user.account_id),
        "has_mail": mail.is_configured(),
        "links": links,
        "links_are": links_are,
        "refusal": refusal,
    }
    return render(request, "accounts/people.html", context, status_code=status_code)
