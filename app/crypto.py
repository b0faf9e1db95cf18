"""Secrets at rest: what must be read again is encrypted, what need only be recognised is hashed."""

import base64
import hashlib
import secrets
from functools import cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from app.settings import load_settings


class Unreadable(Exception):
    """Encrypted with a key that the server no longer has."""


def encrypt(text: str) -> str:
    return fernet().encrypt(text.encode()).decode()


def decrypt(text: str) -> str:
    """Raises Unreadable."""
    try:
        return fernet().decrypt(text.encode()).decode()
    except InvalidToken as error:
        raise Unreadable from error


@cache
def fernet() -> MultiFernet:
    return MultiFernet([Fernet(fernet_key(key)) for key in load_settings().secret_keys])


def fernet_key(secret_key: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(b"at rest:" + secret_key.encode()).digest())


def new_token() -> str:
    """A random token of 256 bits, for links and cookies."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """Random tokens need no salt and no slow hash: there is nothing to guess."""
    return hashlib.sha256(token.encode()).hexdigest()
