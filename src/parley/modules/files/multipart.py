"""One file out of a `multipart/form-data` body (RFC 7578), as it comes in: never in memory as a whole, never on disk.

Starlette's own form parser would put a large file into a temporary file, in the clear.
"""

from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Mapping

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import ClientDisconnect

from parley.core.errors import InvalidError

_FIELD = b"file"
_MAX_PARTS = 32
_Headers = Mapping[bytes, bytes]
_Event = tuple[str, bytes | _Headers]


class FilePart:
    """The part named `file`. Iterating gives its bytes, once; the end comes only when the whole body was well-formed."""

    def __init__(
        self, name: str | None, declared_type: str | None, events: AsyncGenerator[_Event, None]
    ) -> None:
        self.name = name
        self.declared_type = declared_type
        self._events = events

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for kind, data in self._events:
            if isinstance(data, bytes) and kind == "data":
                yield data
            elif kind == "end":
                break
        async for _ in self._events:  # whatever else the form holds
            pass


async def read_file_part(content_type: str, body: AsyncIterator[bytes]) -> FilePart:
    """Read up to the beginning of the part named `file`; other parts are passed over. Raises `InvalidError`."""
    kind, options = parse_options_header(content_type)
    boundary = options.get(b"boundary", b"")
    if kind != b"multipart/form-data" or not 0 < len(boundary) <= 200:
        raise _faulty("Send the file as multipart/form-data, in a part named file.")
    parts = _Parts(boundary)
    events = parts.read(body)
    async for _, headers in events:
        if isinstance(headers, bytes):
            continue
        disposition, names = parse_options_header(headers.get(b"content-disposition", b""))
        if disposition == b"form-data" and names.get(b"name") == _FIELD:
            name, declared = names.get(b"filename"), headers.get(b"content-type")
            return FilePart(
                None if name is None else _unescaped(name.decode("utf-8", errors="replace")),
                None if declared is None else declared.decode("latin-1"),
                events,
            )
    raise _faulty("There is no part named file.")


class _Parts:
    """Turns the body into events: a part begins, gives data, ends."""

    def __init__(self, boundary: bytes) -> None:
        self._headers: dict[bytes, bytes] = {}
        self._name = self._value = b""
        self._events: deque[_Event] = deque()
        self._is_whole = False
        self._parts = 0
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": self._header_name,
                "on_header_value": self._header_value,
                "on_header_end": self._header_end,
                "on_headers_finished": lambda: self._events.append(("part", self._headers)),
                "on_part_data": lambda data, start, end: self._events.append(("data", data[start:end])),
                "on_part_end": lambda: self._events.append(("end", b"")),
                "on_end": self._finish,
            },
        )

    async def read(self, body: AsyncIterator[bytes]) -> AsyncGenerator[_Event, None]:
        try:
            async for chunk in body:
                if chunk:
                    self._parser.write(chunk)
                while self._events:
                    yield self._events.popleft()
        except FormParserError:
            raise _faulty("The body is not well-formed multipart/form-data.") from None
        except ClientDisconnect:
            raise _cut_off() from None
        if not self._is_whole:
            raise _cut_off()

    def _begin(self) -> None:
        self._parts += 1
        if self._parts > _MAX_PARTS:  # millions of tiny ones fit into one body
            raise FormParserError
        self._headers = {}

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        self._headers[self._name.lower()] = self._value
        self._name = self._value = b""

    def _finish(self) -> None:
        self._is_whole = True


def _unescaped(name: str) -> str:
    # Browsers write these three as percent escapes, and nothing else (HTML, multipart form data).
    return name.replace("%22", '"').replace("%0D", "\r").replace("%0A", "\n")


def _cut_off() -> InvalidError:
    return _faulty("The body ended before the file did. Send it again.")


def _faulty(fault: str) -> InvalidError:
    return InvalidError(fields={"file": fault})
