"""The wall around every request: whose host it names, how it came, and the headers that every answer carries.

Here: Host, forwarding, and response headers. Not here: forged requests (`csrf`), sizes (`body_cap`).
"""

import ipaddress
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from parley.core.errors import AppError
from parley.core.web.policy import API, API_CSP, EdgePolicy
from parley.core.web.problem import problem_of

_FORWARDING = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip")
_PERMISSIONS = "camera=(), geolocation=(), microphone=(self), payment=(), usb=(), interest-cohort=()"


class HostRefusedError(AppError):
    """The request names a host that is not ours: a wrong address, or a page that rebinds its name to us."""

    code = "host_refused"
    status = 421
    message = "Parley does not answer under this name. Use the address that it printed when it started."


class ForwardingRefusedError(AppError):
    """The demo was reached through a proxy."""

    code = "forwarding_refused"
    status = 403
    message = (
        "This is the demo: it answers only this machine, without a proxy. Use `bin/parley up` to host Parley."
    )


class Security:
    """Refuses what does not belong here and puts the security headers on everything else."""

    def __init__(self, app: ASGIApp, policy: EdgePolicy) -> None:
        self.app = app
        self.policy = policy
        self._fixed = {
            "x-content-type-options": "nosniff",
            "referrer-policy": "same-origin",
            "cross-origin-opener-policy": "same-origin",
            "cross-origin-resource-policy": "same-origin",
            "permissions-policy": _PERMISSIONS,
        }
        if policy.is_https:
            self._fixed["strict-transport-security"] = "max-age=63072000; includeSubDomains"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        refusal = self._refusal(scope, headers)
        if refusal is not None and scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 4403})
            return
        self._believe_proxy(scope, headers)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._add_headers(scope["path"], MutableHeaders(scope=message))
            await send(message)

        await (refusal or self.app)(scope, receive, send_with_headers)

    def _refusal(self, scope: Scope, headers: Headers) -> Response | None:
        if self.policy.refuses_forwarding and any(name in headers for name in _FORWARDING):
            return problem_of(ForwardingRefusedError())
        host = headers.get("host", "").lower()
        if host not in self.policy.hosts:
            return problem_of(HostRefusedError())
        target = self.policy.redirect_host
        if (
            target
            and host != target
            and scope["type"] == "http"
            and scope["method"] in {"GET", "HEAD"}
            and not scope["path"].startswith(API)
        ):
            query = scope.get("query_string", b"").decode("latin-1")
            path = "/" + scope.get("raw_path", scope["path"].encode()).decode("latin-1").lstrip("/")
            return RedirectResponse(f"http://{target}{path}{'?' + query if query else ''}", 307)
        return None

    def _believe_proxy(self, scope: Scope, headers: Headers) -> None:
        if not self.policy.proxies or not scope.get("client"):
            return
        address = scope["client"][0]
        if not self._is_proxy(address):
            return
        # A proxy may add a line of its own instead of lengthening the caller's: the last of all lines is the nearest.
        hops = ",".join(headers.getlist("x-forwarded-for")).split(",")
        for hop in reversed([part.strip() for part in hops]):
            if not _is_address(hop):
                break
            address = hop
            if not self._is_proxy(hop):
                break
        scope["client"] = (address, 0)
        if headers.get("x-forwarded-proto") == "https":
            scope["scheme"] = "wss" if scope["type"] == "websocket" else "https"

    def _is_proxy(self, address: str) -> bool:
        try:
            found = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(found in network for network in self.policy.proxies)

    def _add_headers(self, path: str, headers: MutableHeaders) -> None:
        for name, value in self._fixed.items():
            headers.setdefault(name, value)
        if path.startswith(API):
            headers.setdefault("cache-control", "no-store")
        headers.setdefault("content-security-policy", API_CSP)


def is_same_origin(headers: Headers) -> bool:
    """Tell whether a request with an Origin comes from a page of the host that it is sent to; false without one.

    Browsers always send Origin when they open a socket (RFC 6455, section 10.2), so sockets ask this.
    """
    origin = urlsplit(headers.get("origin", ""))
    return bool(origin.netloc) and origin.netloc.lower() == headers.get("host", "").lower()


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
