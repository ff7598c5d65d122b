"""Who may call this process from where, as decided by the settings: hosts, proxies, limits, content security policies.

Pure: nothing here reads or answers a request. The walls that apply it are `security`, `csrf` and `body_cap`.
"""

import dataclasses
import ipaddress
from collections.abc import Mapping
from urllib.parse import urlsplit

from parley.core.settings import Settings

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

MEGABYTE = 1024 * 1024
API = "/api/"
API_CSP = "default-src 'none'; frame-ancestors 'none'"


@dataclasses.dataclass(frozen=True, slots=True)
class EdgePolicy:
    """What the walls around the application enforce."""

    hosts: frozenset[str]
    """Values of the Host header that are ours, lower case, with the port where there is one."""
    redirect_host: str = ""
    """Pages asked for on another of our hosts are sent here; empty means nowhere."""
    is_https: bool = False
    refuses_forwarding: bool = False
    """Whether a request that came through somebody's proxy is refused: the demo is for this machine alone."""
    proxies: tuple[Network, ...] = ()
    """Peers whose X-Forwarded-For and X-Forwarded-Proto are believed."""
    files_origin: str = ""
    body_limit: int = MEGABYTE
    body_limits: Mapping[str, int] = dataclasses.field(default_factory=dict)
    """Limits in bytes of single paths that take more."""

    def limit_of(self, path: str) -> int:
        """Tell how many bytes a body for this path may have."""
        return self.body_limits.get(path, self.body_limit)


def edge_policy(settings: Settings) -> EdgePolicy:
    """Derive the policy from the settings."""
    limits = {"/api/v1/files": 110 * MEGABYTE}
    files = urlsplit(settings.files_url)
    files_origin = f"{files.scheme}://{files.netloc}" if files.netloc else ""
    if settings.mode == "production":
        public = urlsplit(settings.public_url)
        hosts = {public.netloc.lower()} | ({files.netloc.lower()} if files.netloc else set())
        return EdgePolicy(
            hosts=frozenset(hosts),
            is_https=public.scheme == "https",
            proxies=_networks(settings.trusted_proxies),
            files_origin=files_origin,
            body_limits=limits,
        )
    names = ("localhost", "127.0.0.1", "[::1]")
    return EdgePolicy(
        hosts=frozenset(f"{name}:{settings.port}" for name in names)
        | (frozenset(names) if settings.port == 80 else frozenset()),
        redirect_host=f"localhost:{settings.port}",
        refuses_forwarding=True,
        files_origin=files_origin,
        body_limits=limits,
    )


def page_csp(nonce: str, host: str, files_origin: str = "") -> str:
    """Write the policy of one page: no script but ours from files, styles by this nonce, nothing from elsewhere."""
    files = f" {files_origin}" if files_origin else ""
    return (
        "default-src 'none'; script-src 'self'; "
        f"style-src 'self' 'nonce-{nonce}'; "
        f"img-src 'self' blob: data:{files}; media-src 'self' blob:{files}; font-src 'self'; "
        f"connect-src 'self' ws://{host} wss://{host}; manifest-src 'self'; "
        "frame-ancestors 'none'; base-uri 'none'; form-action 'self'; "
        "require-trusted-types-for 'script'; trusted-types parley default"
    )


def _networks(text: str) -> tuple[Network, ...]:
    named = (part.strip() for part in text.split(",") if part.strip() not in {"", "none"})
    return tuple(ipaddress.ip_network(part, strict=False) for part in named)
