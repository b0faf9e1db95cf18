"""Forms about people: what was typed, what it means, and a sentence at each field that cannot be taken."""

from collections.abc import Iterable
from typing import Any

from litestar import Request

from app.accounts import passwords, words

ENTER_EMAIL = "Enter an e-mail address, like name@example.com."


class Form:
    """`form["name"]` is the field as it was typed. The readers return what it means and note what is wrong with it."""

    def __init__(self, typed: Iterable[tuple[str, object]] = ()) -> None:
        self.typed = {name: value for name, value in typed if isinstance(value, str)}
        self.errors: dict[str, str] = {}

    def __getitem__(self, name: str) -> str:
        return self.typed.get(name, "")

    def get(self, name: str, default: str = "") -> str:
        """For templates: what was typed, or what stands there before anybody typed."""
        return self.typed.get(name, default)

    def error(self, name: str) -> str | None:
        return self.errors.get(name)

    def refuse(self, name: str, sentence: str) -> None:
        self.errors.setdefault(name, sentence)

    def name(self, field: str, missing: str) -> str:
        name = words.one_line(self[field])
        if not name:
            self.refuse(field, missing)
        elif len(name) > words.LONGEST_NAME:
            self.refuse(field, f"Up to {words.LONGEST_NAME} characters fit here; this has {len(name):,}.")
        return name

    def email(self, field: str = "email") -> str:
        address = words.email_address(self[field])
        if address is None:
            self.refuse(field, ENTER_EMAIL)
        return address or ""

    def new_password(self, field: str, *unlike: str) -> str:
        if refusal := passwords.refusal(self[field], *unlike):
            self.refuse(field, refusal)
        return self[field]

    def timezone(self, field: str = "timezone") -> str:
        if not words.is_timezone(self[field]):
            self.refuse(field, "Choose a time zone from the list.")
        return self[field]

    def choice(self, field: str, allowed: Iterable[str], otherwise: str) -> str:
        if self[field] not in allowed:
            self.refuse(field, otherwise)
        return self[field]

    def whole_number(self, field: str, allowed: range, otherwise: str) -> int:
        text = self[field].strip()
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
        if number is None or number not in allowed:
            self.refuse(field, otherwise)
            return allowed.start
        return number


async def read_form(request: Request[Any, Any, Any]) -> Form:
    form = await request.form()
    return Form(form.multi_items())
