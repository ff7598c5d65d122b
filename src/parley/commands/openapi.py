"""`openapi`: the API's document, from which the console's client is generated."""

import argparse
import importlib
import json


def add_openapi(parser: argparse.ArgumentParser) -> None:
    """Define `openapi`."""
    parser.set_defaults(run=openapi)


def openapi(_: argparse.Namespace) -> int:
    """Print the OpenAPI document."""
    print(json.dumps(importlib.import_module("parley.routes").api_document(), indent=1, sort_keys=True))
    return 0
