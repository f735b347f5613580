"""Logs as JSON, one line an event, on standard error: our own events and those of Django and granian alike.

Values are JSON strings, so a line break in a path or a user agent stays inside its line. Tokens in addresses are
hidden, and tracebacks show no local variables.
"""

import logging
import re
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

# Preview and password-reset addresses let in whoever knows them.
TOKENS = re.compile(r"(/vorschau/|/reset/[^/\s]+/)[^/\s]+")


def hide_tokens(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    for key in ("event", "path", "exception"):
        if isinstance(event.get(key), str):
            event[key] = TOKENS.sub(r"\1***", event[key])
    return event


PROCESSORS: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
    structlog.processors.format_exc_info,
    hide_tokens,
]


def formatter() -> logging.Formatter:
    """Formats records of structlog and of the standard library as the same JSON."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=PROCESSORS,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(),  # in ASCII: to many readers U+2028 and U+0085 end a line too
        ],
    )


LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "racedesk.logs.formatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        # The request log has a line for every answer already; here only what went wrong on our side.
        "django.request": {"level": "ERROR"},
        # A stranger's Host header is answered with 400, which the request log shows.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        # Its own steps are of interest to nobody; a job that failed is an error.
        "procrastinate": {"level": "WARNING"},
        "_granian": {"handlers": [], "level": "INFO", "propagate": True},
    },
}


def configure() -> None:
    """Send structlog's events through the standard library, to the handler of `LOGGING`."""
    structlog.configure(
        processors=[*PROCESSORS, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
