"""The web server, as `sundial web` runs it.

Granian answers a bare `/health` a fifth more often. On the timesheet it makes no difference, 3.46 ms of CPU each to
uvicorn's 3.47, for nearly all of that is ours. So uvicorn stays, with its reloading, proxy headers and orderly end.
"""

import resource
import sys
from contextlib import suppress
from pathlib import Path
from socket import socket

import uvicorn
from uvicorn.supervisors import ChangeReload

from app.live import STREAMS

GRACEFUL_SECONDS = 5
FAILED_TO_START = 3


class WebServer(uvicorn.Server):
    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        """Streams never end by themselves: the server would wait for them for as long as it may."""
        STREAMS.end_all()
        await super().shutdown(sockets)


def serve(application: str, host: str, port: int, *, reload: bool = False) -> None:
    """Serves what the factory `application`, such as `app.main:create_app`, makes, until SIGTERM or Ctrl-C."""
    config = uvicorn.Config(
        application,
        factory=True,
        host=host,
        port=port,
        reload=reload,
        reload_dirs=[str(Path(__file__).parent)] if reload else None,
        reload_includes=["*.py", "*.html", "*.css", "*.js"] if reload else None,
        log_level="warning",
        # Its lines go where all others do, in the same form.
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=GRACEFUL_SECONDS,
    )
    allow_many_connections()
    server = WebServer(config)
    with suppress(KeyboardInterrupt):
        if reload:
            ChangeReload(config, target=server.run, sockets=[config.bind_socket()]).run()
            return
        server.run()
    if not server.started:
        sys.exit(FAILED_TO_START)


def allow_many_connections() -> None:
    """Every open page holds one, and systems begin with as few as 1,024 for a process that asks for no more."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    # Where there is no limit at all, some systems want it left as it is.
    with suppress(ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
