"""`migrate` and `seed`: short-lived processes, so that what they load does not stay in the supervisor's memory."""

import argparse
import importlib
import json

from parley.commands.at_hand import database_at_hand
from parley.commands.options import add_data, complain, settings_from
from parley.core.db.urls import ADMIN, role_url
from parley.core.rootkey import load_root_key


def add_migrate(parser: argparse.ArgumentParser) -> None:
    """Define the options of `migrate`."""
    add_data(parser)
    parser.set_defaults(run=migrate)


def add_seed(parser: argparse.ArgumentParser) -> None:
    """Define the options of `seed`."""
    add_data(parser)
    parser.set_defaults(run=seed)


def migrate(options: argparse.Namespace) -> int:
    """Bring the schema to the newest revision."""
    settings = settings_from(options)
    root_key = load_root_key(settings)
    module = importlib.import_module("parley.core.db.migrate")
    with database_at_hand(settings, create=True):
        passwords = {role: root_key.database_password(role) for role in module.LOGIN_ROLES}
        module.run_upgrade(role_url(settings, ADMIN, root_key=root_key), passwords)
    return 0


def seed(options: argparse.Namespace) -> int:
    """Fill the demo and print one line of JSON: sign-in link, members, token."""
    settings = settings_from(options)
    if settings.mode == "production":
        complain("Only the demo is seeded; this is a production installation.")
        return 1
    with database_at_hand(settings):
        print(json.dumps(importlib.import_module("parley.demo").seed(settings)))
    return 0
