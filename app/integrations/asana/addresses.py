"""What an address of Asana's page points at.

Two shapes live side by side (https://help.asana.com, "URL structure"): `/0/<project>/<task>` and, since 2025,
`/1/<workspace>/project/<project>/task/<task>`. The other numbers in them cannot be relied on: a task of no project
carries its maker's list, and the last number of a project's page is a view. So only the task is read, and the project
where the address is of no task.
"""

import re
from urllib.parse import parse_qs, urlsplit

HOST = "app.asana.com"
NUMBER = r"(\d{1,20})"
# Tried in this order, against the path alone.
SHAPES = tuple(
    re.compile(shape)
    for shape in (
        rf"^/1/\d+(?:/.*)?/task/{NUMBER}(?:/|$)",
        rf"^/1/\d+/project/{NUMBER}(?:/|$)",
        rf"^/0/(?:search|home|inbox)/\d+/{NUMBER}(?:/f)?/?$",
        rf"^/0/\d+/{NUMBER}(?:/f)?/?$",
        rf"^/0/{NUMBER}/(?:list|board|timeline|calendar)(?:/|$)",
    )
)


def pointed_at(text: str) -> str | None:
    """The id of the task, or else of the project, that a pasted address leads to; None for any other text."""
    try:
        address = urlsplit(with_scheme(text.strip()))
    except ValueError:
        return None
    if address.scheme not in ("http", "https") or address.hostname != HOST:
        return None
    child = parse_qs(address.query).get("child", [""])[0]
    if re.fullmatch(NUMBER, child):
        return child
    found = (shape.match(address.path) for shape in SHAPES)
    return next((match[1] for match in found if match), None)


def with_scheme(text: str) -> str:
    return f"https://{text}" if text.startswith(f"{HOST}/") else text
