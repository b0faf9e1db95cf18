"""Handing letters to the mail server of SMTP_URL."""

from email.message import EmailMessage
from typing import Any
from urllib.parse import unquote, urlsplit

from aiosmtplib import SMTPAuthenticationError, SMTPException, SMTPRecipientsRefused, SMTPResponseException, send

from app.settings import load_settings

TIMEOUT_SECONDS = 20
LOOPBACK = {"127.0.0.1", "::1", "localhost"}


class NotDelivered(Exception):
    """`problem` is address (the server does not take it), sign_in (the server does not take us), refused, or
    unreachable. Only what may pass by itself is worth another try.
    """

    def __init__(self, problem: str, detail: str, *, passing: bool = False) -> None:
        super().__init__(f"{problem}: {detail}")
        self.problem = problem
        self.passing = passing


def is_configured() -> bool:
    return load_settings().smtp_url is not None


async def deliver(letter: EmailMessage) -> None:
    """Raises NotDelivered."""
    url = load_settings().smtp_url
    if url is None:
        raise NotDelivered("unreachable", "SMTP_URL is not set")
    try:
        await send(letter, **server(url))
    except SMTPAuthenticationError as error:
        raise NotDelivered("sign_in", str(error)) from error
    except SMTPRecipientsRefused as error:
        codes = [refusal.code for refusal in error.recipients]
        raise NotDelivered("address", str(error), passing=all(code < 500 for code in codes)) from error
    except SMTPResponseException as error:
        raise NotDelivered("refused", str(error), passing=error.code < 500) from error
    except (SMTPException, OSError) as error:
        raise NotDelivered("unreachable", f"{type(error).__name__}: {error}", passing=True) from error


def server(url: str) -> dict[str, Any]:
    """What `aiosmtplib.send` needs for this address.

    Encryption is used where the server offers it. A password goes to another machine only with it.
    """
    parts = urlsplit(url)
    options: dict[str, Any] = {
        "hostname": parts.hostname,
        "port": parts.port,
        "use_tls": parts.scheme == "smtps",
        "timeout": TIMEOUT_SECONDS,
    }
    if parts.username:
        options["username"] = unquote(parts.username)
        options["password"] = unquote(parts.password or "")
        if parts.scheme == "smtp" and parts.hostname not in LOOPBACK:
            options["start_tls"] = True
    return options
