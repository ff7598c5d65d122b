"""The console's client is generated from the API's document: a copy that is not the API's fails here."""

import json
from pathlib import Path

from parley.routes import api_document

COPY = Path(__file__).parents[1] / "frontend" / "kit" / "openapi.json"


def test_the_copy_for_the_console_is_the_api_of_today() -> None:
    copied = json.loads(COPY.read_text())
    assert copied == json.loads(json.dumps(api_document())), (
        "Renew it: bin/parley openapi > frontend/kit/openapi.json, then npm run generate in frontend/"
    )
