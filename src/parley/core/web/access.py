"""What is known about every request afterwards: its template, its answer, its time. Never its path's values or query.

Outermost of all: gives requests an id, counts them, and turns failures that nothing else caught into a problem.
"""

import time
from collections import Counter

import structlog
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from parley.core.ids import new_id
from parley.core.web.problem import route_of, unexpected

HEADER = "x-request-id"

log = structlog.get_logger()


class RequestCounters:
    """Counts requests of this process, for Prometheus."""

    def __init__(self) -> None:
        self._answers: Counter[tuple[str, str]] = Counter()
        self._seconds = 0.0
        self.sockets = 0

    def add(self, method: str, status: int, seconds: float) -> None:
        """Count one answered request."""
        self._answers[method, f"{status // 100}xx"] += 1
        self._seconds += seconds

    def render(self) -> str:
        """Write the counters in Prometheus' text format."""
        lines = ["# TYPE parley_http_requests_total counter"]
        lines += [
            f'parley_http_requests_total{{method="{method}",status="{status}"}} {count}'
            for (method, status), count in sorted(self._answers.items())
        ]
        lines += [
            "# TYPE parley_http_request_seconds_total counter",
            f"parley_http_request_seconds_total {self._seconds:.6f}",
            "# TYPE parley_http_sockets gauge",
            f"parley_http_sockets {self.sockets}",
        ]
        return "\n".join(lines) + "\n"


class Access:
    """Logs and counts every request; answers 500 where the application fell over without a word."""

    def __init__(self, app: ASGIApp, counters: RequestCounters) -> None:
        self.app = app
        self.counters = counters

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._request(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _request(self, scope: Scope, receive: Receive, send: Send) -> None:
        request_id = str(new_id())
        scope.setdefault("state", {})["request_id"] = request_id
        began = time.perf_counter()
        status = 0

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[HEADER] = request_id
            await send(message)

        try:
            await self.app(scope, receive, noted)
        except Exception as error:
            if not status:
                await unexpected(error, route=route_of(scope))(scope, receive, noted)
        seconds = time.perf_counter() - began
        self.counters.add(scope["method"], status, seconds)
        log.info(
            "http.request",
            method=scope["method"],
            route=route_of(scope) or "-",
            status=status,
            ms=round(seconds * 1000, 1),
            request_id=request_id,
        )

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.counters.sockets += 1
        try:
            await self.app(scope, receive, send)
        except Exception as error:
            unexpected(error, route=route_of(scope))
        finally:
            self.counters.sockets -= 1
