"""The web application: wiring only."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from threading import Thread
from typing import Any

from litestar import Litestar, Request
from litestar.template.config import TemplateConfig

from app import database
from app.accounts.authentication import Authentication
from app.accounts.controllers import ACCOUNT_PAGES
from app.accounts.first_visit import FirstVisit
from app.health import health
from app.help.areas import help_path
from app.help.controllers import HelpController
from app.integrations.asana import words as asana_words
from app.integrations.banner import add_banner
from app.integrations.controllers import INTEGRATION_PAGES
from app.live import STREAMS, listening
from app.live.controllers import live
from app.logs import configure_logs
from app.metrics import SERVED, metrics
from app.projects.controllers import PROJECT_PAGES
from app.settings import load_settings
from app.tasks.queue import close_queue, open_queue
from app.timesheet.controllers import (
    ENTRY_PAGES,
    TAG_PAGES,
    WEEK_PAGES,
    PickerController,
    TimerController,
    TimesheetController,
)
from app.timesheet.running import add_running
from app.web.compression import Compression
from app.web.errors import HANDLERS
from app.web.flash import carry_flashes
from app.web.render import compile_pages, make_engine
from app.web.security import csrf_config, security_headers
from app.web.static import static_router

ROUTE_HANDLERS = [
    health,
    metrics,
    live,
    *ACCOUNT_PAGES,
    TimesheetController,
    *WEEK_PAGES,
    TimerController,
    *ENTRY_PAGES,
    PickerController,
    *TAG_PAGES,
    *PROJECT_PAGES,
    *INTEGRATION_PAGES,
    HelpController,
]


@asynccontextmanager
async def lifespan(_: Litestar) -> AsyncIterator[None]:
    opened_here = await database.open_pool(min_size=2, max_size=20, planned_once=True)
    await open_queue()
    Thread(target=compile_pages, name="compile pages", daemon=True).start()
    async with listening(STREAMS):
        yield
    await close_queue()
    if opened_here:
        await database.close_pool()


async def add_surroundings(request: Request[Any, Any, Any]) -> None:
    """What stands around the content of every page."""
    await add_banner(request)
    await add_running(request)


def create_app() -> Litestar:
    settings = load_settings()
    configure_logs(settings.log_level)
    return Litestar(
        route_handlers=[*ROUTE_HANDLERS, static_router()],
        middleware=[SERVED.middleware, Compression(), Authentication(), FirstVisit()],
        csrf_config=csrf_config(settings),
        template_config=TemplateConfig(instance=make_engine(asana_words=asana_words, help_path=help_path)),
        exception_handlers=HANDLERS,
        before_request=add_surroundings,
        before_send=[carry_flashes, security_headers(settings)],
        lifespan=[lifespan],
        openapi_config=None,
        request_max_body_size=1_000_000,
    )
