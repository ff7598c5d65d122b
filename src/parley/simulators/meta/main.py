"""The command line of the simulator. Everything is an argument; no environment variable is read."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

import uvicorn

from .app import create_app
from .config import BusinessNumber, SimulatorConfig
from .simulator import Simulator


class _Server(uvicorn.Server):
    """Tell open live streams to end before waiting for them."""

    def __init__(self, config: uvicorn.Config, sim: Simulator) -> None:
        super().__init__(config)
        self._sim = sim

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._sim.hub.closing.set()
        super().handle_exit(sig, frame)


def parse(arguments: Sequence[str] | None = None) -> SimulatorConfig:
    """Read a configuration from command-line arguments."""
    defaults, number = SimulatorConfig(), BusinessNumber()
    parser = argparse.ArgumentParser(prog="python -m parley.simulators.meta", description=__doc__)
    parser.add_argument("--port", type=int, default=defaults.port)
    parser.add_argument("--webhook-url", default=defaults.webhook_url)
    parser.add_argument("--app-id", default=defaults.app_id)
    parser.add_argument("--app-secret", default=defaults.app_secret)
    parser.add_argument("--verify-token", default=defaults.verify_token)
    parser.add_argument("--token", default=defaults.token, help="the access token that is valid")
    parser.add_argument("--state", type=Path, default=None, metavar="FILE", help="keep chats in this file")
    parser.add_argument("--phone-number-id", default=number.id)
    parser.add_argument("--display-phone-number", default=number.display_phone_number)
    parser.add_argument("--verified-name", default=number.verified_name)
    parser.add_argument("--waba-id", default=number.waba_id)
    parser.add_argument("--coexistence", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--traffic", action=argparse.BooleanOptionalAction, default=False,
                        help="let simulated customers write by themselves")  # fmt: skip
    parser.add_argument("--verify", action=argparse.BooleanOptionalAction, default=True,
                        help="verify the webhook at start")  # fmt: skip
    given = parser.parse_args(arguments)
    return SimulatorConfig(
        port=given.port,
        webhook_url=given.webhook_url,
        app_id=given.app_id,
        app_secret=given.app_secret,
        verify_token=given.verify_token,
        token=given.token,
        numbers=(
            BusinessNumber(
                given.phone_number_id, given.display_phone_number, given.verified_name, given.waba_id,
                coexistence=given.coexistence,
            ),
        ),
        state_file=given.state,
        traffic=given.traffic,
        verify_on_start=given.verify,
    )  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve a simulator on the loopback interface until it is told to stop."""
    config = parse(arguments)
    app = create_app(config)
    settings = uvicorn.Config(
        app,
        host="127.0.0.1",
        port=config.port,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=2,
    )
    with contextlib.suppress(KeyboardInterrupt):
        _Server(settings, app.state.sim).run()
