"""The simulator as a web application: which paths lead where, and what starts and stops with it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import httpx
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from . import control, persistence, phone_api
from .config import SimulatorConfig
from .graph import attachments, graph
from .guard import LocalOnly
from .simulator import Simulator
from .traffic import Traffic

_GRAPH_METHODS = ["GET", "POST", "DELETE"]


def create_app(
    config: SimulatorConfig, webhook_transport: httpx.AsyncBaseTransport | None = None
) -> Starlette:
    """Build a simulator with a state of its own; `webhook_transport` replaces the network in tests."""
    sim = Simulator(config, webhook_transport)

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        work: list[asyncio.Task[object]] = []
        if config.state_file:
            persistence.load(sim, config.state_file)
            work.append(asyncio.create_task(persistence.keep(sim, config.state_file)))
        if config.verify_on_start:
            work.append(asyncio.create_task(sim.verify_callback(tries=120)))
        if config.traffic:
            work.append(asyncio.create_task(Traffic(sim).run()))
        try:
            yield
        finally:
            for task in work:
                task.cancel()
            await asyncio.gather(*work, return_exceptions=True)
            await sim.close()

    app = Starlette(
        routes=[
            Route("/", _to_phone),
            *control.routes,
            *phone_api.routes,
            Route("/whatsapp_business/attachments/", attachments),
            Route("/{path:path}", graph, methods=_GRAPH_METHODS),
        ],
        middleware=[Middleware(LocalOnly)],
        lifespan=lifespan,
    )
    app.state.sim = sim
    return app


async def _to_phone(_: Request) -> Response:
    return RedirectResponse("/sim/", 307)
