"""A real mail server inside the test's own event loop, that keeps what it is handed."""

import ssl
from asyncio import Server, get_running_loop
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from socket import AF_INET
from typing import Any
from urllib.parse import quote

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


@dataclass
class MailServer:
    """`refusals` answers for a recipient; `was_encrypted` and `signed_in` tell how the last letter came."""

    url: str = ""
    letters: list[EmailMessage] = field(default_factory=list)
    envelopes: list[Envelope] = field(default_factory=list)
    refusals: dict[str, str] = field(default_factory=dict)
    password: str = "p@ss:word/"
    was_encrypted: bool = False
    signed_in: bool = False

    def url_with_password(self, password: str | None = None) -> str:
        scheme, _, rest = self.url.partition("://")
        return f"{scheme}://sundial%40meridian.example:{quote(password or self.password, safe='')}@{rest}"

    def only_letter(self) -> EmailMessage:
        assert len(self.letters) == 1, self.letters
        return self.letters[0]

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _: SMTP, __: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        self.letters.append(message_from_bytes(envelope.content, policy=policy.default))
        self.envelopes.append(envelope)
        self.was_encrypted = server.transport.get_extra_info("sslcontext") is not None
        self.signed_in = bool(session.authenticated)
        return "250 OK"

    def authenticate(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        return AuthResult(success=data.password == self.password.encode(), handled=False)


@asynccontextmanager
async def running(
    host: str = "localhost", *, starttls: ssl.SSLContext | None = None, tls: ssl.SSLContext | None = None
) -> AsyncIterator[MailServer]:
    mail_server = MailServer()

    def connected() -> SMTP:
        return SMTP(
            mail_server,
            tls_context=starttls,
            authenticator=mail_server.authenticate,
            auth_require_tls=False,
            enable_SMTPUTF8=True,
        )

    server: Server = await get_running_loop().create_server(connected, host, 0, family=AF_INET, ssl=tls)
    mail_server.url = f"{'smtps' if tls else 'smtp'}://{host}:{server.sockets[0].getsockname()[1]}"
    try:
        yield mail_server
    finally:
        server.close()
