"""Sundial's own application, that also says with every answer how long it took: `Server-Timing: app;dur=8.3`."""

from time import perf_counter

from litestar.types import ASGIApp, Message, Receive, Scope, Send

from app import main


class Timed:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        began = perf_counter()

        async def send_timed(message: Message) -> None:
            if message["type"] == "http.response.start":
                took = f"app;dur={(perf_counter() - began) * 1000:.3f}"
                message["headers"] = [*message["headers"], (b"server-timing", took.encode())]
            await send(message)

        await self._app(scope, receive, send_timed)


def create_app() -> ASGIApp:
    return Timed(main.create_app())
