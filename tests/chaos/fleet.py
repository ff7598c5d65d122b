"""A whole installation in processes of its own: `parley up` with everything twice, and Meta's stand-in beside it.

Nothing here is in the test's process but the stand-in and the open house with which tests prepare and look. So any
process of the product can be killed, as an operating system would do it.
"""

import asyncio
import base64
import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import asyncpg
import httpx
import uvicorn

from parley.core.db.urls import ADMIN, role_url
from parley.core.process import dies_with_us
from parley.core.resources import Resources
from parley.core.settings import Settings, to_environ
from parley.opening import open_house
from parley.simulators.meta import SimulatorConfig
from parley.simulators.meta import create_app as create_simulator

PROMISE = 30.0
"""Seconds after which everything goes on, whatever was killed."""
_START_PATIENCE = 120.0
_LOOK_SECONDS = 0.05
_COPIES = {"web": 2, "worker": 2, "postgres": 1}
_KNOBS = {
    "retry_base_s": 0.2,
    "retry_max_s": 1.0,
    "webhook_timeout_s": 5.0,
    "status_delay_ms": 0,
    "concurrency": 4,
    "mps": 0,
    "pair_limit": False,
    "enforce_window": False,
}

T = TypeVar("T")


async def until(look: Callable[[], Awaitable[T]], *, seconds: float = PROMISE, what: str = "") -> T:
    """Wait until `look` gives something true and give it; whoever waits longer than promised fails."""
    found: T | None = None
    try:
        async with asyncio.timeout(seconds):
            while not (found := await look()):  # noqa: ASYNC110 - what is waited for is in other processes
                await asyncio.sleep(_LOOK_SECONDS)
    except TimeoutError:
        raise AssertionError(f"not within {seconds:.0f} s: {what or look}, at last {found!r}") from None
    return found


class Fleet:
    """The running installation."""

    def __init__(
        self,
        supervisor: "subprocess.Popen[bytes]",
        settings: Settings,
        simulator: httpx.AsyncClient,
        log: Path,
    ) -> None:
        self.settings = settings
        self.simulator = simulator
        self.url = f"http://localhost:{settings.port}"
        self.hook = f"http://127.0.0.1:{settings.port}/hooks/meta"
        self.log = log
        self._supervisor = supervisor

    def pids(self, kind: str) -> list[int]:
        """List the processes of a kind that live now: `web`, `worker` or `postgres`."""
        children = Path(f"/proc/{self._supervisor.pid}/task/{self._supervisor.pid}/children")
        return [pid for word in children.read_text().split() if _kind_of(pid := int(word)) == kind]

    def kill(self, kind: str, *, sign: signal.Signals = signal.SIGKILL, count: int = 99) -> list[int]:
        """Send a signal to processes of a kind, to all of them unless told how many; tell which."""
        found = self.pids(kind)[:count]
        for pid in found:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, sign)
        return found

    async def is_whole(self) -> bool:
        """Tell whether every process is there and the front door is open."""
        assert self._supervisor.poll() is None, self.log.read_text()
        if any(len(self.pids(kind)) != count for kind, count in _COPIES.items()):
            return False
        try:
            async with httpx.AsyncClient(trust_env=False, timeout=2) as client:
                return (await client.get(f"{self.url}/readyz")).status_code == 200
        except httpx.HTTPError:
            return False

    async def control(self, name: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Call one of the stand-in's controls."""
        response = await self.simulator.post(f"/_sim/{name}", json=body)
        assert response.status_code == 200, response.text
        return dict(response.json())

    async def query(self, sql: str, *args: Any) -> list[asyncpg.Record]:
        """Look at what is really stored, held back by no wall; waits while the database is away."""
        url = role_url(self.settings, ADMIN)

        async def ask() -> list[list[asyncpg.Record]]:
            try:
                connection = await asyncpg.connect(url)
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                return []
            try:
                return [await connection.fetch(sql, *args)]
            except (OSError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError):
                return []
            finally:
                connection.terminate()

        return (await until(ask, what="the database answers"))[0]

    async def stop(self) -> None:
        """End the installation as Ctrl-C does."""
        self._supervisor.terminate()
        await asyncio.to_thread(self._supervisor.wait, 60)


@contextlib.asynccontextmanager
async def start_fleet(folder: Path) -> AsyncIterator[tuple[Fleet, Resources]]:
    """Start an installation below `folder` and give it with its house open in this process."""
    async with contextlib.AsyncExitStack() as stack:
        listener = _listener()
        simulator_port, port = listener.getsockname()[1], _free_port()
        settings = _settings(folder, port, simulator_port)
        await stack.enter_async_context(_simulator(settings, listener))
        client = httpx.AsyncClient(
            base_url=settings.meta_graph_url, timeout=30, trust_env=False, limits=httpx.Limits()
        )
        await stack.enter_async_context(client)
        log = folder / "fleet.log"
        fleet = Fleet(_supervisor(settings, log), settings, client, log)
        stack.push_async_callback(fleet.stop)
        await until(fleet.is_whole, seconds=_START_PATIENCE, what="the fleet has started")
        house = await stack.enter_async_context(open_house(settings, pool_size=2, name="chaos"))
        yield fleet, house


def _settings(folder: Path, port: int, simulator_port: int) -> Settings:
    key = folder / "root.key"
    key.write_bytes(base64.b64encode(secrets.token_bytes(32)))
    return Settings(
        mode="production",
        data=folder / "data",
        port=port,
        public_url=f"https://localhost:{port}",
        trusted_proxies="none",
        root_key_file=key,
        web_processes=_COPIES["web"],
        worker_processes=_COPIES["worker"],
        meta_app_id="chaos-app",
        meta_app_secret="chaos-secret",
        meta_verify_token="chaos-verify",
        meta_graph_url=f"http://127.0.0.1:{simulator_port}",
    )


def _supervisor(settings: Settings, log: Path) -> "subprocess.Popen[bytes]":
    words = [sys.executable, "-m", "parley.cli", "up", "--data", str(settings.data)]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PARLEY_")}
    with log.open("wb") as output:
        return subprocess.Popen(
            words,
            cwd=log.parent,
            env={**kept, **to_environ(settings)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=dies_with_us(signal.SIGTERM),  # noqa: PLW1509 - one prctl
        )


def _kind_of(pid: int) -> str:
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return ""
    if words[0].endswith(b"/postgres"):
        return "postgres"
    return next((kind for kind in ("web", "worker") if kind.encode() in words), "")


def _listener() -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    listener.listen(256)
    return listener


def _free_port() -> int:
    with _listener() as probe:
        return int(probe.getsockname()[1])


@contextlib.asynccontextmanager
async def _simulator(settings: Settings, listener: socket.socket) -> AsyncIterator[None]:
    app = create_simulator(
        SimulatorConfig(
            webhook_url=f"http://127.0.0.1:{settings.port}/hooks/meta",
            app_id=settings.meta_app_id,
            app_secret=settings.meta_app_secret,
            verify_token=settings.meta_verify_token,
            verify_on_start=False,
            knobs=_KNOBS,
        )
    )
    config = uvicorn.Config(app, lifespan="off", log_config=None, timeout_graceful_shutdown=1)
    async with app.router.lifespan_context(app):
        server = _Server(config)
        task = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            yield
        finally:
            server.should_exit = True
            await task


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Any:
        yield  # Ctrl-C belongs to pytest
