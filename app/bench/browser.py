"""A browser reduced to asking: one connection that stays open, one question at a time, and nothing that costs much.

On a machine that runs client, server and database side by side, a client that is slow itself would be what is measured.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlencode

from httptools import HttpResponseParser

from app.bench.outcome import Failed
from app.launch import HOST

ANSWERED_WITHIN_SECONDS = 30
SESSION, CSRF = "sundial_session", "sundial_csrf="


@dataclass
class Answer:
    headers: dict[bytes, bytes] = field(default_factory=dict)
    status: int = 0
    body: bytes = b""

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def server_ms(self) -> float:
        """What the server says that it took."""
        return float(self.headers[b"server-timing"].partition(b"dur=")[2])


class Connection(asyncio.Protocol):
    """Calls of the parser's are named as it wants them."""

    def __init__(self) -> None:
        self.is_open = True
        self._answer = Answer()
        self._answered: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, _: Exception | None) -> None:
        self.is_open = False
        if not self._answered.done():
            self._answered.set_exception(ConnectionResetError("The server ended the connection."))

    async def ask(self, request: bytes) -> Answer:
        self._answer = Answer()
        self._answered = asyncio.get_running_loop().create_future()
        self._parser = HttpResponseParser(self)
        self._transport.write(request)
        async with asyncio.timeout(ANSWERED_WITHIN_SECONDS):
            return await self._answered

    def close(self) -> None:
        self._transport.close()

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_header(self, name: bytes, value: bytes) -> None:
        self._answer.headers[name.lower()] = value

    def on_body(self, body: bytes) -> None:
        self._answer.body += body

    def on_message_complete(self) -> None:
        self._answer.status = self._parser.get_status_code()
        self._answered.set_result(self._answer)


class Browser:
    """Of somebody who is signed in, or of nobody. What protects the forms is learned from the first page."""

    def __init__(self, port: int, session: str = "") -> None:
        self._port = port
        self._cookies = [f"{SESSION}={session}"] if session else []
        self._csrf = ""
        self._connection: Connection | None = None

    async def get(self, path: str, *, compressed: bool = True, htmx: bool = False) -> Answer:
        return well(path, await self.look(path, compressed=compressed, htmx=htmx))

    async def look(self, path: str, *, compressed: bool = True, htmx: bool = False) -> Answer:
        """The answer, whatever it is."""
        answer = await self._ask([f"GET {path} HTTP/1.1", *self._about_itself(compressed, htmx)])
        cookie = answer.headers.get(b"set-cookie", b"").decode().partition(";")[0]
        if cookie.startswith(CSRF):
            self._csrf = cookie.removeprefix(CSRF)
            self._cookies.append(cookie)
        return answer

    async def post(self, path: str, form: dict[str, str]) -> Answer:
        """As htmx sends a form."""
        body = urlencode(form)
        of_form = [
            f"X-CSRFToken: {self._csrf}",
            "Content-Type: application/x-www-form-urlencoded",
            f"Content-Length: {len(body)}",
        ]
        return well(path, await self._ask([f"POST {path} HTTP/1.1", *self._about_itself(htmx=True), *of_form], body))

    async def _ask(self, head: list[str], body: str = "") -> Answer:
        request = "\r\n".join([*head, "", body]).encode()
        if self._connection is not None and self._connection.is_open:
            # The server ends connections that were idle for a while, perhaps just now; browsers ask again, too.
            with suppress(ConnectionResetError):
                return await self._connection.ask(request)
        self._connection = await self._connect()
        return await self._connection.ask(request)

    async def _connect(self) -> Connection:
        loop = asyncio.get_running_loop()
        return (await loop.create_connection(Connection, HOST, self._port))[1]

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()

    def _about_itself(self, compressed: bool = True, htmx: bool = False) -> list[str]:
        return [
            f"Host: {HOST}:{self._port}",
            "Accept: text/html",
            f"Accept-Encoding: {'gzip, deflate, br, zstd' if compressed else 'identity'}",
            *([f"Cookie: {'; '.join(self._cookies)}"] if self._cookies else []),
            *(["HX-Request: true"] if htmx else []),
        ]


def well(path: str, answer: Answer) -> Answer:
    if answer.status != 200:
        raise Failed(f"{path} was answered {answer.status}.")
    return answer
