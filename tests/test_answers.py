"""What routes really answer has the shape that the API's document says."""

from typing import Any

import jsonschema_rs
import pytest
from tests.builders import Client, make_token
from tests.shop import Shop
from tests.test_routes import Ids, _ids, shop  # noqa: F401 - the shop is a fixture

from parley.core.resources import Resources
from parley.core.web.routes import PREFIX
from parley.routes import api_document

DOCUMENT = api_document()
READS = sorted(
    path.removeprefix(PREFIX)
    for path, operations in DOCUMENT["paths"].items()
    if "get" in operations and "{token}" not in path
)


@pytest.fixture
async def everything(shop: Shop, house: Resources) -> dict[str, Any]:  # noqa: F811
    owner = Client(shop.base_url, token=await make_token(house, shop.office))
    ids: Ids = await _ids(shop)
    answers = {}
    for path in READS:
        response = await owner.get(
            ids.path(path), params={"wait": "0", "after": "0"} if path == "/events" else None
        )
        answers[path] = response
    await owner.aclose()
    return answers


async def test_every_answer_is_as_documented(everything: dict[str, Any]) -> None:
    faults = []
    for path, response in everything.items():
        if path == "/me":  # a token is nobody
            continue
        if response.status_code != 200:
            faults.append(f"{path}: {response.status_code} {response.text[:200]}")
            continue
        operation = DOCUMENT["paths"][PREFIX + path]["get"]
        schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
        whole = {**schema, "components": DOCUMENT["components"]}
        validator = jsonschema_rs.Draft202012Validator(whole)
        faults += [
            f"{path}: {error.instance_path} {error.message[:160]}"
            for error in validator.iter_errors(response.json())
        ]
        assert schema, f"{path} says nothing about its answer"
    assert faults == []
    filled = [path for path, response in everything.items() if '"items":[{' in response.text]
    assert {
        "/conversations",
        "/conversations/{conversation_id}/timeline",
        "/contacts",
        "/items",
        "/inboxes",
    } <= set(filled)
