"""uvicorn's HTTP protocol, with the connection at hand so that an ordered failure can cut it."""

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


class CuttableProtocol(HttpToolsProtocol):
    def on_message_begin(self) -> None:
        super().on_message_begin()
        close, abort = self.transport.close, self.transport.abort
        self.scope["extensions"] = {"sandbox.connection": {"close": close, "abort": abort}}
