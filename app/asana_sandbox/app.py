"""The sandbox as a web application: API, OAuth, control side and its own page, wired together."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from litestar import Litestar, asgi
from litestar.di import Provide
from litestar.handlers import ASGIRouteHandler
from litestar.logging import LoggingConfig
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.static_files import create_static_files_router
from litestar.template.config import TemplateConfig
from litestar.types import Receive, Scope, Send

from .api import Api
from .control import ControlSide
from .gate import Gate, Limits
from .grants import ACCESS_LIFE, CODE_LIFE, DEFAULT_CLIENT, GRANULAR_CLIENT, Grants, OAuthClient
from .model import State
from .oauth import OAuthPages
from .pages import PAGES, template_engine
from .pages.headers import secure
from .parts import Sandbox
from .search_index import SearchIndex
from .seed import seeded_world
from .store import Store
from .webhooks import Deliveries, Pace
from .world import World

HERE = Path(__file__).parent


@dataclass
class Options:
    clients: list[OAuthClient] = field(default_factory=lambda: [DEFAULT_CLIENT, GRANULAR_CLIENT])
    token_life: float = ACCESS_LIFE
    code_life: float = CODE_LIFE
    offset_life: float = 900.0
    limits: Limits = field(default_factory=Limits)
    state_file: Path | None = None
    pace: Pace = field(default_factory=Pace)
    # What the control side's reset goes back to.
    seed: Callable[[], State] = lambda: seeded_world().state


def create_sandbox(world: World, options: Options | None = None) -> Litestar:
    options = options or Options()
    grants = Grants(world, {each.id: each for each in options.clients}, options.token_life, options.code_life)
    store = Store(options.state_file, world)
    deliveries = Deliveries(world, options.pace)
    gate, index = Gate(options.limits), SearchIndex(world)
    sandbox = Sandbox(world, grants, gate, store, deliveries, index, options.seed, options.offset_life)

    @asynccontextmanager
    async def running(_app: Litestar) -> AsyncIterator[None]:
        await store.save_if_changed()
        await deliveries.start()
        try:
            yield
        finally:
            await deliveries.stop()
            await store.save_if_changed()

    return Litestar(
        route_handlers=[
            _mount(Api(sandbox)),
            OAuthPages,
            ControlSide,
            *PAGES,
            create_static_files_router("/-/static", directories=[HERE / "static"]),
        ],
        dependencies={"sandbox": Provide(lambda: sandbox, sync_to_thread=False)},
        template_config=TemplateConfig(instance=JinjaTemplateEngine.from_environment(template_engine())),
        after_request=secure,
        lifespan=[running],
        openapi_config=None,
        logging_config=LoggingConfig(configure_root_logger=False, log_exceptions="always"),
    )


def _mount(api: Api) -> ASGIRouteHandler:
    @asgi("/api/1.0", is_mount=True, copy_scope=False)
    async def asana_api(scope: Scope, receive: Receive, send: Send) -> None:
        await api(scope, receive, send)

    return asana_api
