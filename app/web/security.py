"""Headers that every answer carries, and the protection of forms."""

from litestar.config.csrf import CSRFConfig
from litestar.types import BeforeMessageSendHookHandler, Message, Scope

from app.settings import Settings


def content_security_policy(settings: Settings) -> str:
    # Chromium applies form-action to where a form is redirected too: enabling the integration leads to Asana.
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "manifest-src 'self'",
            f"form-action 'self' {settings.asana_origin}",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )


def security_headers(settings: Settings) -> BeforeMessageSendHookHandler:
    """A before_send hook: a middleware would not see the answers to addresses that lead nowhere."""
    protection = {
        "Content-Security-Policy": content_security_policy(settings),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
    }
    if settings.https:
        protection["Strict-Transport-Security"] = "max-age=31536000"
    added = [(name.lower().encode(), value.encode()) for name, value in protection.items()]

    async def add_headers(message: Message, _: Scope) -> None:
        if message["type"] == "http.response.start":
            headers = message.setdefault("headers", [])
            # Only static files say otherwise. Going back asks anew: a page from the browser's store would show a timer
            # as it was, and after sign-out still be read.
            if not any(name.lower() == b"cache-control" for name, _ in headers):
                headers = [*headers, (b"cache-control", b"no-store")]
            message["headers"] = [*headers, *added]

    return add_headers


def csrf_config(settings: Settings) -> CSRFConfig:
    return CSRFConfig(
        secret=settings.secret_keys[0],
        cookie_name="sundial_csrf",
        cookie_secure=settings.https,
        cookie_httponly=True,
        cookie_samesite="lax",
    )
