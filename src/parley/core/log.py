"""How this process writes its log: one JSON object per line on stdout, event names with fields, never content.

Here: the one configuration of structlog and of the standard library's loggers. Not here: what is logged; whoever
knows a fact logs it with `structlog.get_logger()`.
"""

import enum
import logging
import sys
import traceback
import uuid
from collections.abc import Mapping, MutableMapping
from types import TracebackType
from typing import Any, Final, TextIO, cast

import orjson
import structlog
from structlog.typing import EventDict, Processor

_PLAIN: Final = frozenset({str, int, float, bool, type(None)})
_OWN: Final = frozenset({"exc_info", "_record", "_from_structlog"})
_MAX_FRAMES = 12
_QUIET: Final[Mapping[str, int]] = {
    "uvicorn.access": logging.CRITICAL,  # core.web.access writes what is known about a request
    "sqlalchemy": logging.WARNING,
    "asyncio": logging.WARNING,
    "httpx": logging.WARNING,
    "httpcore": logging.WARNING,
    "pgqueuer": logging.WARNING,
}


class LogTypeError(TypeError):
    """Something other than a plain value was handed to the log: it might carry what nobody may read there."""


def configure_logging(level: str = "info", *, strict: bool = True) -> None:
    """Send every log line of this process to stdout as JSON.

    Values may be str, int, float, bool, None, UUID or a member of a StrEnum. Anything else, also a subclass of str
    that marks personal data, raises `LogTypeError`; when not `strict` (production) it is replaced by its type's name,
    because a line in the log is not worth a failed request.
    """
    number = logging.getLevelNamesMapping()[level.upper()]
    shared: list[Processor] = [structlog.processors.add_log_level, _stamp, _fold_exception]
    structlog.configure(
        processors=[*shared, Plain(strict=strict), _render],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.WriteLoggerFactory(file=cast(TextIO, _Stdout())),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(_Stdout())
    handler.setFormatter(_ForeignFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(number)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers[:] = []
        logger.propagate = True
        logger.setLevel(logging.NOTSET)
    for name, least in _QUIET.items():
        logging.getLogger(name).setLevel(max(least, number))


class Plain:
    """The processor that lets nothing but plain values into a line."""

    def __init__(self, *, strict: bool) -> None:
        self._strict = strict

    def __call__(self, _logger: Any, _method: str, event: EventDict) -> EventDict:
        for name, value in event.items():
            if type(value) in _PLAIN:
                continue
            if isinstance(value, uuid.UUID):
                event[name] = str(value)
            elif isinstance(value, enum.StrEnum):
                event[name] = value.value
            elif self._strict:
                raise LogTypeError(f"{name} of {event.get('event')} is a {type(value).__name__}")
            else:
                event[name] = f"<{type(value).__name__} withheld>"
        return event


def frames(trace: TracebackType | None) -> str:
    """Write where an error came from, innermost last: our own lines and functions and the innermost of all, no values."""
    found = traceback.extract_tb(trace)
    kept = [frame for frame in found[:-1] if "/parley/" in frame.filename][-_MAX_FRAMES:] + found[-1:]
    return " > ".join(
        f"{frame.filename.rpartition('site-packages/')[2].rpartition('/src/')[2]}:{frame.lineno} {frame.name}"
        for frame in kept
    )


def _fold_exception(_logger: Any, _method: str, event: EventDict) -> EventDict:
    # The text of an error may hold values of a row; its kind and its place may not.
    info = event.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    error = info[1] if isinstance(info, tuple) else info
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
        event["where"] = frames(error.__traceback__)
    return event


_stamp = structlog.processors.TimeStamper(fmt="iso", utc=True, key="at")


def _render(_logger: Any, _method: str, event: EventDict) -> str:
    return orjson.dumps(event).decode()


class _ForeignFormatter(logging.Formatter):
    """Writes other libraries' records without their arguments: those may hold addresses, paths and values."""

    def format(self, record: logging.LogRecord) -> str:
        event: MutableMapping[str, Any] = {
            "event": "library.said",
            "level": record.levelname.lower(),
            "logger": record.name,
            # Below the first line asyncio writes what it knows about a task, the words of its error among it.
            "template": str(record.msg).partition("\n")[0][:300],
        }
        if record.exc_info:
            event["exc_info"] = record.exc_info
        event = _fold_exception(None, "", _stamp(None, "", event))
        return orjson.dumps({name: value for name, value in event.items() if name not in _OWN}).decode()


class _Stdout:
    """Today's stdout: tests and supervisors exchange it."""

    def write(self, text: str) -> int:
        return sys.stdout.write(text)

    def flush(self) -> None:
        sys.stdout.flush()
