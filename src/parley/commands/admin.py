"""`token create` and `workspace create`: what an operator does from the command line. The doing is in `parley.admin`."""

import argparse
import importlib

from parley.commands.at_hand import database_at_hand
from parley.commands.options import add_data, run, settings_from

ROLES = ("owner", "admin", "manager", "agent")


def add_token(parser: argparse.ArgumentParser) -> None:
    """Define `token create`."""
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    create = verbs.add_parser("create", help="make an API token and print it, and nothing else")
    add_data(create)
    create.add_argument("--workspace", required=True, metavar="SLUG", help="whose data it opens")
    create.add_argument("--role", required=True, choices=ROLES, help="what it may do")
    create.set_defaults(run=create_token)


def add_workspace(parser: argparse.ArgumentParser) -> None:
    """Define `workspace create`."""
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    create = verbs.add_parser(
        "create", help="make a workspace and print the link its first owner signs up with"
    )
    add_data(create)
    create.add_argument("--slug", required=True, help="its short name in addresses and commands")
    create.add_argument("--name", required=True, help="its name for people")
    create.set_defaults(run=create_workspace)


def create_token(options: argparse.Namespace) -> int:
    """Print a fresh API token alone on a line."""
    settings = settings_from(options)
    admin = importlib.import_module("parley.admin")

    async def work() -> int:
        print(await admin.create_token(settings, options.workspace, options.role))
        return 0

    with database_at_hand(settings):
        return run(work())


def create_workspace(options: argparse.Namespace) -> int:
    """Print what `parley.admin.create_workspace` answers: the one-time link for the first owner."""
    settings = settings_from(options)
    admin = importlib.import_module("parley.admin")

    async def work() -> int:
        print(await admin.create_workspace(settings, options.slug, options.name))
        return 0

    with database_at_hand(settings):
        return run(work())
