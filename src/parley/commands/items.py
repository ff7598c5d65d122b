"""`items list|show|replay`: what came in and could not be understood. Reading and replaying are in `parley.admin`."""

import argparse
import importlib
import json
from typing import Any
from uuid import UUID

from parley.commands.at_hand import database_at_hand
from parley.commands.options import add_data, run, settings_from

STATES = ("waiting", "processed", "parked", "quarantined")


def add_items(parser: argparse.ArgumentParser) -> None:
    """Define `items list`, `items show` and `items replay`."""
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    listing = verbs.add_parser("list", help="one line of JSON per item, newest first")
    listing.add_argument("--state", choices=STATES, default="quarantined", help="by default: quarantined")
    listing.add_argument("--limit", type=int, default=50, metavar="N")
    listing.set_defaults(verb="list")
    for verb, told in (("show", "everything about one item as JSON"), ("replay", "process one item again")):
        one = verbs.add_parser(verb, help=told)
        one.add_argument("item", type=UUID, metavar="ID")
        one.set_defaults(verb=verb)
    for each in verbs.choices.values():
        add_data(each)
        each.add_argument("--workspace", required=True, metavar="SLUG", help="whose items")
        each.set_defaults(run=items)


def items(options: argparse.Namespace) -> int:
    """Print items as JSON, or process one again and print what became of it."""
    settings = settings_from(options)
    admin = importlib.import_module("parley.admin")

    async def work() -> int:
        found: list[dict[str, Any]]
        if options.verb == "list":
            found = await admin.list_items(
                settings, options.workspace, state=options.state, limit=options.limit
            )
        elif options.verb == "show":
            found = [await admin.show_item(settings, options.workspace, options.item)]
        else:
            found = [await admin.replay_item(settings, options.workspace, options.item)]
        for item in found:
            print(json.dumps(item, default=str, ensure_ascii=False))
        return 0

    with database_at_hand(settings):
        return run(work())
