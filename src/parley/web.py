"""The door for HTTP: starts one web process. Holds no logic of the product."""

import socket

import asyncpg
import uvicorn
import uvloop
from starlette.types import ASGIApp, Receive, Scope, Send

from parley.core.db.revision import newest_revision
from parley.core.db.urls import role_url
from parley.core.log import configure_logging
from parley.core.resources import Resources
from parley.core.settings import Settings
from parley.core.web.app import create_api, front
from parley.core.web.policy import edge_policy
from parley.loaders import framer
from parley.modules.files.serving import FileServing
from parley.modules.ingest.receiver import Receiver
from parley.modules.realtime.hub import Hub
from parley.opening import open_house
from parley.pages import demo_pages
from parley.routes import ROUTERS
from parley.wiring import Wiring


def main(settings: Settings, *, listener: socket.socket | None = None) -> None:
    """Serve until told to stop; on the given socket if there is one."""
    configure_logging(settings.log_level, strict=settings.mode != "production")
    uvloop.run(_serve(settings, listener))


async def _serve(settings: Settings, listener: socket.socket | None) -> None:
    async with open_house(settings, name="web") as resources:
        wiring = Wiring(resources)
        url = role_url(settings, "parley_ingest", root_key=resources.root_key)
        pool = await asyncpg.create_pool(
            url, min_size=0, max_size=4, reset=_as_it_is, server_settings={"application_name": "hooks"}
        )
        receiver = wiring.receiver(pool)
        hub = Hub(resources.database, resources.bell, framer(wiring.services, wiring.channels))
        resources.bell.on_ring(lambda name: receiver.forget_routes() if name == "routes" else None)
        receiver.start()
        hub.start()
        try:
            server = _Server(_config(settings, build_app(resources, wiring, receiver, hub)), hub)
            await server.serve(sockets=None if listener is None else [listener])
        finally:
            await hub.stop()
            await receiver.stop()
            await pool.close()


async def _as_it_is(_: object) -> None:
    # The hooks' connections only insert and look up; nothing of a session is left that had to be reset, and the
    # round trip would be paid before the vendor's 200.
    return


class _Server(uvicorn.Server):
    """Ends streams and long polls when it is told to stop, or it would wait for them."""

    def __init__(self, config: uvicorn.Config, hub: Hub) -> None:
        super().__init__(config)
        self._hub = hub

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await self._hub.stop()
        await super().shutdown(sockets)


def build_app(resources: Resources, wiring: Wiring, receiver: Receiver, hub: Hub) -> ASGIApp:
    """Put the whole web process together as one ASGI application."""
    policy = edge_policy(resources.settings)
    pages = demo_pages(resources, policy)
    files = FileServing(resources.database, wiring.files, wiring.file_urls)

    async def beside_the_api(scope: Scope, receive: Receive, send: Send) -> None:
        is_file = scope["type"] == "http" and scope["path"].startswith("/files/")
        await (files if is_file else pages)(scope, receive, send)

    api = create_api(resources, ROUTERS, pages=beside_the_api, state={**wiring.state(), "hub": hub})

    async def database_is_current() -> bool:
        async with resources.database.installation_tx() as tx:
            return bool(await tx.value("SELECT version_num FROM public.alembic_version") == newest_revision())

    async def keys_answer() -> bool:
        return await resources.keystore.generation() >= 0

    async def queue_answers() -> bool:
        async with resources.database.installation_tx() as tx:
            await tx.value("SELECT id FROM jobs.pgqueuer LIMIT 1")
            return True

    checks = {"database": database_is_current, "keys": keys_answer, "queue": queue_answers}
    return front(
        api,
        resources,
        hooks=wiring.hook(receiver),
        checks=checks,
        metrics=lambda: _metrics(receiver, hub),
    )


def _config(settings: Settings, app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        host=settings.bind,
        port=settings.port,
        http="httptools",
        ws="wsproto",
        ws_per_message_deflate=False,
        ws_max_size=65_536,
        loop="none",
        lifespan="off",
        access_log=False,
        log_config=None,
        server_header=False,
        date_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=5,
        backlog=2048,
    )


def _metrics(receiver: Receiver, hub: Hub) -> str:
    counts = receiver.counts
    lines = {
        "parley_hook_calls_total": counts.calls,
        "parley_hook_items_total": counts.items,
        "parley_hook_envelopes_total": counts.envelopes,
        "parley_hook_refused_total": counts.refused,
        "parley_hook_bad_signatures_total": counts.bad_signatures,
        "parley_hook_commits_total": counts.commits,
        "parley_sockets": hub.viewers,
    }
    return "".join(f"{name} {value}\n" for name, value in lines.items())
