"""Answers made of our own frozen views, written once and without another validation on the way out.

Their shape is still in the OpenAPI document, as the route's `response_model`; tests hold the two together.
"""

from typing import Any

import orjson
from starlette.responses import Response

_OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS


def json_bytes(value: Any) -> bytes:
    """Write dataclasses, ids and moments as the API writes them."""
    return orjson.dumps(value, option=_OPTIONS)


def answer(value: Any, status: int = 200) -> Response:
    """Answer with this value as JSON."""
    return Response(json_bytes(value), status, media_type="application/json")
