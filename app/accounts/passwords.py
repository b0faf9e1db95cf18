"""Passwords: what is accepted, and how they are kept."""

import asyncio
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

SHORTEST = 10
LONGEST = 200

hasher = PasswordHasher()
# Each hash takes 64 MiB while it is worked out, so a crowd at the door waits instead of exhausting the memory.
threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="argon2")


def refusal(password: str, *unlike: str) -> str | None:
    """Why this cannot be a password, in a sentence; None when it can. `unlike` are the person's name and e-mail."""
    length = len(normal(password))
    if not plain(password):
        return "Choose a password."
    if length < SHORTEST:
        return f"A password needs at least {SHORTEST} characters; this one has {length}."
    if length > LONGEST:
        return f"A password can have up to {LONGEST} characters; this one has {length:,}."
    if plain(password) in obvious(unlike):
        return "Choose a password that is not your name or e-mail address."
    return None


def obvious(words: tuple[str, ...]) -> set[str]:
    return {plain(part) for word in words for part in (word, word.partition("@")[0])} - {""}


def plain(text: str) -> str:
    """Without regard to case and spaces."""
    return "".join(normal(text).casefold().split())


def normal(password: str) -> str:
    """The same characters typed on another system may arrive composed differently."""
    return unicodedata.normalize("NFKC", password)


async def hash_password(password: str) -> str:
    return await asyncio.get_running_loop().run_in_executor(threads, hasher.hash, normal(password))


async def is_right(password: str, password_hash: str | None) -> bool:
    """Takes as long for somebody who has no password, or does not exist, as for somebody who has one."""
    found = await asyncio.get_running_loop().run_in_executor(threads, verify, password_hash, password)
    return found and password_hash is not None


def verify(password_hash: str | None, password: str) -> bool:
    try:
        return hasher.verify(password_hash or hash_of_nobody(), normal(password))
    except (Argon2Error, InvalidHashError):
        return False


def is_outdated(password_hash: str) -> bool:
    """Whether it was made with weaker parameters than today's."""
    return hasher.check_needs_rehash(password_hash)


@cache
def hash_of_nobody() -> str:
    return hasher.hash("nobody has this password")
