"""GET /live: the stream of signals for one browser."""

from litestar import get
from litestar.response.streaming import ASGIStreamingResponse
from litestar.types import Receive, Send

from app.accounts.authentication import CurrentUser, UserRequest
from app.live.streams import STREAMS
from app.web.guards import requires_user

# A proxy that gathered the answer before passing it on would tell nothing until it ends.
HEADERS = {"Cache-Control": "no-store, no-transform", "X-Accel-Buffering": "no"}


class LiveResponse(ASGIStreamingResponse):
    """Counts among the streams exactly as long as it is being sent."""

    def __init__(self, user: CurrentUser) -> None:
        super().__init__(iterator=(), headers=HEADERS, media_type="text/event-stream")
        self.user = user

    async def send_body(self, send: Send, receive: Receive) -> None:
        with STREAMS.opened(self.user.id, self.user.session_id) as stream:
            self.iterator = stream.messages()
            await super().send_body(send, receive)


@get("/live", guards=[requires_user])
async def live(request: UserRequest) -> LiveResponse:
    return LiveResponse(request.user)
