"""The environment, read once and checked: nothing else in the application reads `os.environ`."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TypeVar
from urllib.parse import urlsplit

T = TypeVar("T")


class BadSetting(Exception):
    """A variable of the environment that is missing or cannot be understood; the text names it."""


@dataclass(frozen=True)
class Settings:
    database_url: str
    queue_url: str
    secret_keys: tuple[str, ...]
    public_url: str
    asana_api_url: str
    asana_oauth_url: str
    asana_client_id: str | None
    asana_client_secret: str | None
    asana_webhooks: str
    smtp_url: str | None
    mail_from: str
    sync_minutes: int
    metrics_token: str | None
    log_level: str

    @property
    def https(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def webhooks_enabled(self) -> bool:
        return self.asana_webhooks == "on" or (self.asana_webhooks == "auto" and self.https)

    @property
    def asana_origin(self) -> str:
        return origin(self.asana_oauth_url)

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> "Settings":
        def read(name: str, parse: Callable[[str], T], default: T) -> T:
            text = environ.get(name, "").strip()
            if not text:
                return default
            try:
                return parse(text)
            except ValueError as error:
                raise BadSetting(f"{name}: {error}") from error

        database_url = read("DATABASE_URL", postgres_url, "")
        if not database_url:
            raise BadSetting("DATABASE_URL is not set: the address of a PostgreSQL database is needed.")
        secret_keys = read("SECRET_KEY", keys, tuple[str, ...]())
        if not secret_keys:
            raise BadSetting("SECRET_KEY is not set: at least 32 random characters are needed.")
        public_url = read("PUBLIC_URL", http_url, "http://127.0.0.1:8000")
        return cls(
            database_url=database_url,
            queue_url=read("QUEUE_URL", queue_url, database_url),
            secret_keys=secret_keys,
            public_url=public_url,
            asana_api_url=read("ASANA_API_URL", http_url, "https://app.asana.com/api/1.0"),
            asana_oauth_url=read("ASANA_OAUTH_URL", http_url, "https://app.asana.com/-"),
            asana_client_id=read("ASANA_CLIENT_ID", str, None),
            asana_client_secret=read("ASANA_CLIENT_SECRET", str, None),
            asana_webhooks=read("ASANA_WEBHOOKS", webhooks, "auto"),
            smtp_url=read("SMTP_URL", smtp_url, None),
            mail_from=read("MAIL_FROM", mail_address, f"Sundial <sundial@{urlsplit(public_url).hostname}>"),
            sync_minutes=read("SYNC_MINUTES", minutes, 15),
            metrics_token=read("METRICS_TOKEN", token, None),
            log_level=read("LOG_LEVEL", log_level, "INFO"),
        )


def postgres_url(text: str) -> str:
    if urlsplit(text).scheme not in {"postgres", "postgresql"}:
        raise ValueError("must be the address of a PostgreSQL database (postgresql://...).")
    return text


def queue_url(text: str) -> str:
    if urlsplit(text).scheme not in {"postgres", "postgresql", "redis", "rediss"}:
        raise ValueError("must begin with postgresql:// or redis://.")
    return text


def http_url(text: str) -> str:
    if not names_host(text, {"http", "https"}):
        raise ValueError("must be a full address that begins with http:// or https://.")
    return text.rstrip("/")


def webhooks(text: str) -> str:
    if text.lower() not in {"auto", "on", "off"}:
        raise ValueError("must be auto (where PUBLIC_URL is https), on or off.")
    return text.lower()


def smtp_url(text: str) -> str:
    if not names_host(text, {"smtp", "smtps"}):
        raise ValueError("must look like smtp://user:password@host:587 (or smtps://).")
    return text


def names_host(url: str, schemes: set[str]) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        # Brackets that do not match, or a port that is no number.
        return False


def mail_address(text: str) -> str:
    if "@" not in text or "\n" in text:
        raise ValueError("must be an e-mail address.")
    return text


def keys(text: str) -> tuple[str, ...]:
    """Several keys are separated by commas: the first encrypts and signs, the others still decrypt."""
    found = tuple(key.strip() for key in text.split(",") if key.strip())
    if any(len(key) < 32 for key in found):
        raise ValueError("every key needs at least 32 characters.")
    return found


def token(text: str) -> str:
    if len(text) < 16 or not text.isascii():
        raise ValueError("needs at least 16 characters of ASCII.")
    return text


def minutes(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 60:
        raise ValueError("must be a whole number of minutes from 1 to 60.")
    return int(text)


def log_level(text: str) -> str:
    if text.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        raise ValueError("must be DEBUG, INFO, WARNING or ERROR.")
    return text.upper()


def origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


@cache
def load_settings() -> Settings:
    return Settings.from_environ(os.environ)
