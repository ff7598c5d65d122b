"""Numbers, accounts and tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import Stage

NUMBER = "/v25.0/100000000000001"


async def test_number_answers_with_the_fields_asked_for(stage: Stage) -> None:
    asked = await stage.client.get(f"{NUMBER}?fields=display_phone_number,throughput")
    assert asked.json() == {
        "display_phone_number": "+1 555 010 0001",
        "throughput": {"level": "STANDARD"},
        "id": "100000000000001",
    }
    assert (await stage.client.get(f"{NUMBER}?fields=shoe_size")).json()["error"]["code"] == 100
    listed = (await stage.client.get("/v25.0/200000000000001/phone_numbers")).json()
    assert [number["verified_name"] for number in listed["data"]] == ["Kaffee Kontor"]


async def test_another_number_works_like_the_first(stage: Stage) -> None:
    await stage.sim("numbers", id="100000000000002", waba_id="200000000000002")
    made = await stage.inbound(text="Hi", to="100000000000002")
    assert made["posted"][0]["metadata"]["phone_number_id"] == "100000000000002"
    assert b'"id":"200000000000002"' in stage.receiver.received[0][1]
    assert (
        await stage.post({"type": "text", "text": {"body": "x"}}, number="100000000000002")
    ).status_code == 200


@pytest.mark.parametrize("path", ["/v25.0/404", "/v25.0/404/phone_numbers"])
async def test_unknown_objects_are_code_100_subcode_33(stage: Stage, path: str) -> None:
    error = (await stage.client.get(path)).json()["error"]
    assert (error["code"], error["error_subcode"]) == (100, 33)


@pytest.mark.parametrize(
    ("token", "code", "subcode"),
    [(None, 104, None), ("wrong", 190, None), ("revoked", 190, 460), ("expired", 190, 463)],
)
async def test_tokens_that_do_not_work(
    stage: Stage, token: str | None, code: int, subcode: int | None
) -> None:
    await stage.sim("tokens", token="revoked", valid=False)
    await stage.sim("tokens", token="expired", expires_at=1.0)
    answer = await stage.client.get(NUMBER, headers={"Authorization": f"Bearer {token}" if token else ""})
    error = answer.json()["error"]
    assert answer.status_code == 401
    assert (error["code"], error.get("error_subcode")) == (code, subcode)


async def test_debug_token_names_the_accounts(stage: Stage) -> None:
    headers = {"Authorization": "Bearer parley-demo-app|parley-demo-secret"}
    path = "/debug_token?input_token="
    good = (await stage.client.get(path + "parley-demo-token", headers=headers)).json()["data"]
    assert good["is_valid"] is True
    assert good["granular_scopes"][0] == {
        "scope": "whatsapp_business_management",
        "target_ids": ["200000000000001"],
    }
    bad = (await stage.client.get(path + "wrong", headers=headers)).json()["data"]
    assert (bad["is_valid"], bad["error"]["code"]) == (False, 190)


@pytest.mark.parametrize(
    "headers",
    [{"Host": "evil.example"}, {"Host": "127.0.0.1.evil.example:8001"}, {"Origin": "https://evil.example"}],
)
async def test_foreign_hosts_and_pages_are_refused(stage: Stage, headers: dict[str, str]) -> None:
    assert (await stage.client.get("/_sim/outbox", headers=headers)).status_code == 403
    assert (await stage.client.get("/_sim/outbox", headers={"Host": "localhost:8001"})).status_code == 200
