"""The answer to a link that leads nowhere any more."""

from typing import Any

from litestar import Request
from litestar.response import Template

from app.web.render import render


def refused_link_page(request: Request[Any, Any, Any], template: str, reason: str) -> Template:
    """410: the link led somewhere once. 404: it never did."""
    return render(request, template, {"reason": reason}, status_code=404 if reason == "unknown" else 410)
