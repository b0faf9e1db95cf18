"""Where Asana sends what happened. Public: the address is known to Asana alone, and each delivery is signed.

https://developers.asana.com/docs/webhooks-guide
"""

from typing import Any

import structlog
from litestar import Controller, Request, Response, post
from litestar.params import FromPath

from app.integrations.asana.webhooks import PATH, Webhook, webhook_by_key
from app.tasks.sync import catch_up_soon

log = structlog.get_logger()

LARGEST_DELIVERY = 5_000_000
# 410 makes Asana delete the webhook at once. Anything else but success it tries again, for a day.
TAKEN, REFUSED, UNSIGNED, NOT_OURS = 204, 400, 401, 410


class WebhooksController(Controller):
    path = PATH

    @post("/{key:str}", exclude_from_csrf=True, request_max_body_size=LARGEST_DELIVERY)
    async def receive(self, request: Request[Any, Any, Any], key: FromPath[str]) -> Response[None]:
        webhook = await webhook_by_key(key)
        if webhook is None:
            return answer(NOT_OURS)
        if secret := request.headers.get("X-Hook-Secret"):
            return await shake_hands(webhook, secret)
        body = await request.body()
        if not webhook.signed(body, request.headers.get("X-Hook-Signature", "")):
            log.warning("webhook: not signed by Asana", webhook=webhook.id)
            return answer(UNSIGNED)
        if await webhook.take(body):
            await catch_up_soon(webhook.connection)
        return answer(TAKEN)


async def shake_hands(webhook: Webhook, secret: str) -> Response[None]:
    if await webhook.accept(secret):
        return answer(TAKEN, {"X-Hook-Secret": secret})
    log.warning("webhook: a handshake that was not awaited", webhook=webhook.id)
    return answer(REFUSED)


def answer(status_code: int, headers: dict[str, str] | None = None) -> Response[None]:
    return Response(None, status_code=status_code, headers=headers)
