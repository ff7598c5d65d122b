"""`web`, `worker` and `simulator`: one process each, as the supervisor starts them or an operator on another machine."""

import argparse
import importlib
import socket

from parley.commands.options import add_data, settings_from


def add_web(parser: argparse.ArgumentParser) -> None:
    """Define the options of `web`."""
    add_data(parser)
    parser.add_argument("--port", type=int, metavar="N", help="where to listen (PARLEY_PORT)")
    parser.add_argument("--fd", type=int, metavar="N", help=argparse.SUPPRESS)
    parser.set_defaults(run=web)


def add_worker(parser: argparse.ArgumentParser) -> None:
    """Define the options of `worker`."""
    add_data(parser)
    parser.set_defaults(run=worker)


def add_simulator(parser: argparse.ArgumentParser) -> None:
    """Define the options of `simulator`."""
    add_data(parser)
    parser.add_argument(
        "--port", type=int, metavar="N", help="the product's port; the simulator listens on N + 1"
    )
    parser.set_defaults(run=simulator)


def web(options: argparse.Namespace) -> int:
    """Serve HTTP, on a socket handed over by the supervisor if there is one."""
    settings = settings_from(options)
    listener = None if options.fd is None else socket.socket(fileno=options.fd)
    importlib.import_module("parley.web").main(settings, listener=listener)
    return 0


def worker(options: argparse.Namespace) -> int:
    """Do what waits in the queue, until told to stop."""
    importlib.import_module("parley.worker").main(settings_from(options))
    return 0


def simulator(options: argparse.Namespace) -> int:
    """Run the stand-in for Meta beside the demo; it knows nothing of ours, so it is told everything."""
    settings = settings_from(options, mode="demo")
    arguments = {
        "port": str(settings.port + 1),
        "webhook-url": f"http://127.0.0.1:{settings.port}/hooks/meta",
        "app-id": settings.meta_app_id,
        "app-secret": settings.meta_app_secret,
        "verify-token": settings.meta_verify_token,
        "state": str(settings.data / "simulator.json"),
    }
    traffic = "--traffic" if settings.traffic else "--no-traffic"
    given = [f"--{name}={value}" for name, value in arguments.items()]
    importlib.import_module("parley.simulators.meta.main").main([*given, traffic])
    return 0
