"""Connecting, mending and disconnecting a WhatsApp number, with Meta's stand-in asked live."""

import asyncio
from typing import Any

import asyncpg
import pytest
from tests.builders import Client, Office
from tests.shop import Shop

from parley.core.http import OutgoingClient, Response

SECOND = {
    "phone_number_id": "100000000000002",
    "waba_id": "200000000000001",
    "access_token": "parley-demo-token",
}


@pytest.fixture
async def admin(shop: Shop) -> Client:
    await shop.control("numbers", {"id": SECOND["phone_number_id"], "verified_name": "Second Shop"})
    return await shop.sign_in(shop.office.admin)


def form(**settings: str) -> dict[str, Any]:
    return {"channel": "whatsapp", "name": "Second", "settings": {**SECOND, **settings}}


async def test_a_number_is_checked_connected_and_receives_at_once(shop: Shop, admin: Client) -> None:
    check = {"channel": "whatsapp", "settings": SECOND}
    checked = (await admin.post("/inboxes/check", check)).json()
    assert checked["is_ok"], checked
    assert "Second Shop" in str(checked["display"])
    made = await admin.post("/inboxes", form())
    assert made.status_code == 201, made.text
    inbox = made.json()
    assert (inbox["external_id"], inbox["state"]) == (SECOND["phone_number_id"], "connected")
    assert inbox["capabilities"]["buttons"]["max"] == 3
    await shop.writes("mia", text="To the second", to=SECOND["phone_number_id"])
    conversation = await shop.first_conversation()
    assert conversation["inbox_id"] == inbox["id"]


async def test_no_answer_ever_holds_the_token(
    shop: Shop, admin: Client, superuser: asyncpg.Connection
) -> None:
    answers = [
        (await admin.post("/inboxes", form())).text,
        (await admin.get("/inboxes")).text,
        (await admin.get(f"/inboxes/{shop.inbox_id}")).text,
        (await admin.post(f"/inboxes/{shop.inbox_id}/check")).text,
        (await admin.get("/audit")).text,
    ]
    assert not any("parley-demo-token" in answer for answer in answers)
    stored = await superuser.fetch("SELECT to_jsonb(i)::text, settings FROM app.inbox i")
    assert len(stored) == 2
    assert not any("parley-demo-token" in row[0] or b"parley-demo-token" in row[1] for row in stored)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"access_token": "parley-wrong-token"}, "token_invalid"),
        ({"phone_number_id": "123456789012345"}, "number_not_found"),
    ],
)
async def test_settings_that_meta_does_not_accept_connect_nothing(
    shop: Shop, admin: Client, superuser: asyncpg.Connection, wrong: dict[str, str], code: str
) -> None:
    refused = await admin.post("/inboxes", form(**wrong))
    assert refused.status_code == 422
    problem = refused.json()
    assert problem["code"] == "inbox_check_failed"
    assert [p["code"] for p in problem["problems"]] == [code]
    assert problem["problems"][0]["message"]
    assert await superuser.fetchval("SELECT count(*) FROM app.inbox") == 1
    assert (
        await superuser.fetchval("SELECT count(*) FROM directory.route WHERE inbox_id <> $1", shop.inbox_id)
        == 0
    )


async def test_a_number_belongs_to_one_inbox_of_one_workspace(
    shop: Shop, admin: Client, other_office: Any, superuser: asyncpg.Connection
) -> None:
    assert (await admin.post("/inboxes", form())).status_code == 201
    for person in (shop.office.owner, other_office.owner):
        client = await shop.sign_in(person)
        taken = await client.post("/inboxes", form())
        assert (taken.status_code, taken.json()["code"]) == (409, "inbox_taken")
    assert await superuser.fetchval("SELECT count(*) FROM app.inbox") == 2


async def test_what_is_missing_or_unknown_is_named(admin: Client) -> None:
    missing = await admin.post(
        "/inboxes", {"channel": "whatsapp", "name": "x", "settings": {"colour": "red"}}
    )
    assert missing.status_code == 422
    assert {"colour", "access_token", "phone_number_id", "waba_id"} <= set(missing.json()["fields"])
    unknown = await admin.post("/inboxes", {"channel": "pigeon", "name": "x", "settings": {}})
    assert (unknown.status_code, unknown.json()["code"]) == (422, "channel_unknown")


async def test_a_new_token_mends_an_inbox(shop: Shop, admin: Client) -> None:
    path = f"/inboxes/{shop.inbox_id}"
    await shop.control("tokens", {"token": "parley-demo-token", "valid": False})
    checked = (await admin.post(f"{path}/check")).json()
    assert not checked["is_ok"]
    assert (await admin.get(path)).json()["state"] == "needs_attention"
    refused = await admin.patch(path, {"settings": {"access_token": "parley-wrong-token"}})
    assert refused.status_code == 422
    await shop.control("tokens", {"token": "parley-another-token", "valid": True})
    mended = await admin.patch(path, {"name": "Shop", "settings": {"access_token": "parley-another-token"}})
    assert mended.status_code == 200, mended.text
    assert (mended.json()["state"], mended.json()["name"]) == ("connected", "Shop")
    await shop.writes("mia")
    conversation = await shop.first_conversation()
    sent = await shop.sends(conversation["id"])
    await shop.delivery(sent, "delivered")


async def test_another_number_may_not_be_put_under_an_inbox(shop: Shop, admin: Client) -> None:
    swapped = await admin.patch(f"/inboxes/{shop.inbox_id}", {"settings": SECOND})
    assert (swapped.status_code, swapped.json()["code"]) == (422, "inbox_check_failed")
    assert (await admin.get(f"/inboxes/{shop.inbox_id}")).json()["external_id"] == "100000000000001"


async def test_disconnecting_ends_route_and_credentials_and_keeps_what_was_said(
    shop: Shop, admin: Client, superuser: asyncpg.Connection
) -> None:
    await shop.writes("mia", text="Before")
    conversation = await shop.first_conversation()
    assert (await admin.delete(f"/inboxes/{shop.inbox_id}")).status_code == 204
    assert await superuser.fetchval("SELECT settings FROM app.inbox WHERE id = $1", shop.inbox_id) is None
    assert await superuser.fetchval("SELECT count(*) FROM directory.route") == 0
    assert (await admin.get("/inboxes")).json()["items"] == []
    (message,) = await shop.messages(conversation["id"])
    assert message["text"] == "Before"
    body = {"text": "Hello?", "client_id": "018f0000-0000-7000-8000-000000000001"}
    refused = await shop.agent.post(f"/conversations/{conversation['id']}/messages", body)
    assert (refused.status_code, refused.json()["code"]) == (409, "inbox_disconnected")
    (shown,) = await shop.conversations()
    assert shown["window"]["code"] == "inbox_disconnected"
    assert (await admin.delete(f"/inboxes/{shop.inbox_id}")).status_code in {404, 409}


async def test_only_admins_manage_inboxes(shop: Shop) -> None:
    for person in (shop.office.agent, shop.office.manager):
        client = await shop.sign_in(person)
        assert (await client.get("/inboxes")).status_code == 200
        assert (await client.post("/inboxes", form())).status_code == 403
        assert (await client.patch(f"/inboxes/{shop.inbox_id}", {"name": "Mine"})).status_code == 403
        assert (await client.delete(f"/inboxes/{shop.inbox_id}")).status_code == 403


async def test_no_transaction_is_open_while_meta_thinks(
    shop: Shop, admin: Client, superuser: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, one_by_one, request = 0, asyncio.Lock(), OutgoingClient.request

    async def once_idle(self: OutgoingClient, *args: Any, **options: Any) -> Response:
        nonlocal asked
        asked += 1
        async with asyncio.timeout(3), one_by_one:
            while await superuser.fetchval(
                "SELECT count(*) FROM pg_stat_activity WHERE state = 'idle in transaction'"
                " AND datname = current_database()"
            ):
                pass
        return await request(self, *args, **options)

    monkeypatch.setattr(OutgoingClient, "request", once_idle)
    path = f"/inboxes/{shop.inbox_id}"
    answers = [
        await admin.post("/inboxes", form(), headers={"Idempotency-Key": "connect-it-once"}),
        await admin.patch(path, {"settings": {"access_token": "parley-demo-token"}}),
        await admin.post(f"{path}/check"),
        await admin.delete(path),
    ]
    assert [response.status_code for response in answers] == [201, 200, 200, 204]
    before = asked
    assert before >= 4
    other = await admin.delete(f"/inboxes/{answers[0].json()['id']}")
    assert (other.status_code, asked > before) == (204, True)


async def test_nobody_goes_deaf_when_another_workspace_leaves_the_account(
    shop: Shop, admin: Client, other_office: Office
) -> None:
    async def subscribed() -> int:
        url = f"/v25.0/{SECOND['waba_id']}/subscribed_apps"
        headers = {"Authorization": "Bearer parley-demo-token"}
        return len((await shop.simulator.get(url, headers=headers)).json()["data"])

    stranger = await shop.sign_in(other_office.owner)
    made = (await stranger.post("/inboxes", form())).json()
    assert await subscribed() == 1
    assert (await stranger.delete(f"/inboxes/{made['id']}")).status_code == 204
    assert await subscribed() == 1
    await shop.writes("mia", text="Do you still hear me?")
    assert (await shop.first_conversation())["inbox_id"] == str(shop.inbox_id)
    assert (await admin.delete(f"/inboxes/{shop.inbox_id}")).status_code == 204
    assert await subscribed() == 0
