"""Static files under an address that changes with their content, so that browsers may keep them for ever.

All of them fit in memory, compressed once and as small as they get.
"""

import gzip
import hashlib
import mimetypes
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from litestar import Request, Response, Router, get
from litestar.datastructures import CacheControlHeader
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

FOR_EVER = CacheControlHeader(max_age=31_536_000, public=True, immutable=True)
STATIC = Path(__file__).parent.parent / "static"
STYLESHEET = "app.css"
# A third of our scripts, and browsers need none of it. What is vendored is sent as it came.
COMMENTS_OF_SCRIPTS = re.compile(rb"^[ \t]*//.*\n", re.MULTILINE)
COMMENTS_OF_STYLES = re.compile(r"[ \t]*/\*.*?\*/\n?", re.DOTALL)


@dataclass(frozen=True)
class StaticFile:
    media_type: str
    content: bytes
    compressed: bytes

    @classmethod
    def of(cls, name: str, content: bytes) -> "StaticFile":
        return cls(mimetypes.guess_type(name)[0] or "text/plain", content, gzip.compress(content, 9, mtime=0))

    def answer(self, request: Request[Any, Any, Any]) -> Response[bytes]:
        # Fonts and pictures are compressed already, and only grow.
        is_smaller = len(self.compressed) < 0.9 * len(self.content)
        if is_smaller and "gzip" in request.headers.get("Accept-Encoding", ""):
            return self._response(self.compressed, {"Content-Encoding": "gzip"})
        return self._response(self.content, {})

    def _response(self, content: bytes, headers: dict[str, str]) -> Response[bytes]:
        return Response(content, media_type=self.media_type, headers={**headers, "Vary": "Accept-Encoding"})


@cache
def static_prefix() -> str:
    """One hash for all files: a module or style sheet then finds its siblings by relative address."""
    digest = hashlib.sha256()
    for name, path in static_paths().items():
        digest.update(name.encode())
        digest.update(path.read_bytes())
    return f"/static/{digest.hexdigest()[:12]}"


def static_paths() -> dict[str, Path]:
    return {path.relative_to(STATIC).as_posix(): path for path in sorted(STATIC.rglob("*")) if path.is_file()}


@cache
def static_files() -> dict[str, StaticFile]:
    files = {name: StaticFile.of(name, content_of(name, path)) for name, path in static_paths().items()}
    return {**files, STYLESHEET: StaticFile.of(STYLESHEET, stylesheet_text().encode())}


def content_of(name: str, path: Path) -> bytes:
    content = path.read_bytes()
    return COMMENTS_OF_SCRIPTS.sub(b"", content) if name.startswith("js/") else content


def stylesheet_text() -> str:
    """All style sheets as one: a page asks once, and each component still has a file of its own."""
    first = STATIC / "css" / "layers.css"
    others = sorted(path for path in (STATIC / "css").glob("*.css") if path != first)
    return COMMENTS_OF_STYLES.sub("", "\n".join(path.read_text() for path in [first, *others]))


def static_url(path: str) -> str:
    return f"{static_prefix()}/{path}"


@get("/{name:path}", cache_control=FOR_EVER, include_in_schema=False)
async def serve_static(request: Request[Any, Any, Any], name: FromPath[str]) -> Response[bytes]:
    file = static_files().get(name.lstrip("/"))
    if file is None:
        raise NotFoundException
    return file.answer(request)


def static_router() -> Router:
    return Router(static_prefix(), route_handlers=[serve_static])
