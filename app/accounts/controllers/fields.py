"""What several pages about people put into their forms."""

from typing import Any

from app.accounts.forms import Form
from app.accounts.words import timezones


def with_timezones(form: Form, **context: Any) -> dict[str, Any]:
    return {"form": form, "timezones": timezones(), **context}
