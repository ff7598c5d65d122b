"""Answers made of our own frozen views, written once and without another validation on the way out.

Their shape is still in the OpenAPI document, as the route's `response_model`; tests hold the two together.
"""

from typing import Any

from starlette.responses import Response

from parley.core.encoding import json_bytes


def answer(value: Any, status: int = 200) -> Response:
    """Answer with this value as JSON."""
    return Response(json_bytes(value), status, media_type="application/json")
