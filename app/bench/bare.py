"""What the timesheet is compared with: Litestar, a pool, one query of fifty rows and a Jinja template, no more.

Nobody is asked who they are, and nothing is protected, compressed, counted or written down.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from jinja2 import DictLoader, Environment
from litestar import Litestar, get
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.response import Template
from litestar.template.config import TemplateConfig

from app import database

ROWS = """
    SELECT entry.id, entry.note, entry.started_at, entry.stopped_at, item.name
    FROM time_entry entry LEFT JOIN work_item item ON item.id = entry.item
    WHERE entry."user" = $1 AND entry.stopped_at IS NOT NULL ORDER BY entry.started_at DESC LIMIT 50
"""
PAGE = """<!doctype html>
<html lang="en">
<head><title>Entries</title></head>
<body>
<table>
{% for row in rows %}
<tr><td><a href="/entries/{{ row.id }}">{{ row.name }}</a></td><td>{{ row.note }}</td>
<td>{{ row.started_at.strftime("%d.%m. %H:%M") }}</td><td>{{ row.stopped_at.strftime("%H:%M") }}</td></tr>
{% endfor %}
</table>
</body>
</html>
"""


@get("/bare/{person:int}")
async def bare(person: int) -> Template:
    rows = await database.fetch(ROWS, person)
    return Template("page.html", context={"rows": rows})


@asynccontextmanager
async def lifespan(_: Litestar) -> AsyncIterator[None]:
    await database.open_pool(min_size=2, max_size=20)
    try:
        yield
    finally:
        await database.close_pool()


def create_app() -> Litestar:
    environment = Environment(loader=DictLoader({"page.html": PAGE}), autoescape=True)
    templates = TemplateConfig(instance=JinjaTemplateEngine.from_environment(environment))
    return Litestar([bare], template_config=templates, lifespan=[lifespan], openapi_config=None)
