"""Structured logs: lines for people on a terminal, JSON elsewhere.

They say which run, connection or row something is about, by number. Names, addresses and tokens have no business there:
nobody who reads a server's log has asked to see the office's work.
"""

import logging
import re
import sys

import structlog
from saq import Job
from structlog.typing import EventDict, Processor, WrappedLogger

# An exception's text may quote what it was about: PostgreSQL names the row, a mail server the address.
SECRETS = (
    (re.compile(r"[^\s<>@\"'(),;:=\[\]]+@[^\s<>@\"'(),;:=\[\]]+\.[a-z0-9-]+", re.IGNORECASE), "<address>"),
    (re.compile(r"\bBearer \S+"), "Bearer <token>"),
    (re.compile(r"^(DETAIL): .*", re.MULTILINE), r"\1: <left out>"),
    (re.compile(r"(invalid input for query argument \$\d+): .*"), r"\1"),
)


def configure_logs(level: str) -> None:
    structlog.configure(
        processors=[*shared_processors(), renderer()],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    logging.basicConfig(level=level, handlers=[handler_of_others()])
    # The first two speak of every request, and the third complains of its own idle waiting at every stop.
    for name, quietest in (("httpx", "WARNING"), ("httpcore", "WARNING"), ("saq", "ERROR")):
        logging.getLogger(name).setLevel(quietest)
    logging.getLogger("saq").addFilter(without_arguments)


def handler_of_others() -> logging.Handler:
    """For lines of packages that log by the standard library: the same form, the same care."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared_processors()],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer()],
        )
    )
    return handler


def shared_processors() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.processors.format_exc_info,
        without_secrets,
    ]


def renderer() -> Processor:
    if sys.stderr.isatty():
        return structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    return structlog.processors.JSONRenderer(ensure_ascii=False)


def without_secrets(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    return {key: cleaned(value) if isinstance(value, str) else value for key, value in event.items()}


def cleaned(text: str) -> str:
    for pattern, replacement in SECRETS:
        text = pattern.sub(replacement, text)
    return text


def without_arguments(record: logging.LogRecord) -> bool:
    """A job's arguments may be somebody's address. What it is called, and its key, are enough to find it."""
    if isinstance(record.args, tuple):
        record.args = tuple(f"{arg.function} {arg.key}" if isinstance(arg, Job) else arg for arg in record.args)
    return True
