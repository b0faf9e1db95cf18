"""A visitor who asks the application without a browser: cookies kept, forms with their CSRF token."""

from datetime import UTC, datetime
from typing import Any

import httpx
from litestar import Litestar
from litestar.middleware.csrf import generate_csrf_token

from app.accounts.authentication import COOKIE
from app.accounts.models import Session, User
from app.crypto import new_token, token_hash
from app.settings import load_settings

HTMX = {"HX-Request": "true"}


class Visitor(httpx.AsyncClient):
    def __init__(self, app: Litestar, address: str = "127.0.0.1") -> None:
        super().__init__(transport=httpx.ASGITransport(app=app, client=(address, 123)), base_url="http://testserver")
        self.app = app
        token = generate_csrf_token(load_settings().secret_keys[0])
        self.cookies.set("sundial_csrf", token, domain="testserver.local")
        self.headers["x-csrftoken"] = token

    async def signed_in_as(self, user: User) -> "Visitor":
        """A new visitor with a session of this user's."""
        token = new_token()
        # The database's clock is not the one that tests set, so this holds whatever time either of them shows.
        expires_at = datetime(2100, 1, 1, tzinfo=UTC)
        await Session(user=user.id, token_hash=token_hash(token), expires_at=expires_at).save()
        other = Visitor(self.app)
        other.cookies.set(COOKIE, token, domain="testserver.local")
        return other

    async def htmx_get(self, path: str, **options: Any) -> httpx.Response:
        return await self.get(path, headers=HTMX, **options)

    async def htmx_post(self, path: str, data: dict[str, Any] | None = None, **options: Any) -> httpx.Response:
        return await self.post(path, data=data, headers=HTMX, **options)
