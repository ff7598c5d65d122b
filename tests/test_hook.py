"""The hook as Meta and everybody else on the internet reach it: plain HTTP to the running product."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import httpx
import orjson
import pytest
from tests.builders import make_token
from tests.shop import NUMBER, Shop, connect_whatsapp, open_shop

from parley.channels.meta.signature import sign
from parley.core.ids import NIL
from parley.core.resources import Resources
from parley.core.sealing import Place

SECRET = "parley-test-secret"
UNKNOWN_NUMBER = "999999999999999"


@pytest.fixture
async def shop(house: Resources) -> AsyncIterator[Shop]:
    async with open_shop(house, with_worker=False) as opened:
        yield opened


@pytest.fixture
async def vendor(shop: Shop) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=shop.base_url, timeout=30, trust_env=False) as client:
        yield client


def text_call(text: str = "Hello", *, number: str = NUMBER, id_: str = "wamid.1") -> bytes:
    message = {"from": "491713920011", "id": id_, "timestamp": "1", "type": "text", "text": {"body": text}}
    value = {"metadata": {"phone_number_id": number}, "messages": [message]}
    return orjson.dumps(
        {
            "object": "whatsapp_business_account",
            "entry": [{"id": "200000000000001", "changes": [{"field": "messages", "value": value}]}],
        }
    )


async def post(
    vendor: httpx.AsyncClient, body: bytes, signature: str | None = "", path: str = "/hooks/meta"
) -> httpx.Response:
    """Post a body, rightly signed unless another signature (or None, for none) is given."""
    headers = {"Content-Type": "application/json"}
    if signature is not None:
        headers["X-Hub-Signature-256"] = signature or sign(body, SECRET)
    return await vendor.post(path, content=body, headers=headers)


async def rows(superuser: asyncpg.Connection) -> tuple[int, int]:
    """Count items and envelopes."""
    row = await superuser.fetchrow(
        "SELECT (SELECT count(*) FROM ingest.item), (SELECT count(*) FROM ingest.envelope)"
    )
    assert row is not None
    return row[0], row[1]


async def only_envelope(shop: Shop, superuser: asyncpg.Connection) -> tuple[str, bytes]:
    """Open the one envelope that was kept: its fault and the bytes as they came."""
    assert (await rows(superuser))[1] == 1
    row = await superuser.fetchrow("SELECT id, fault, payload FROM ingest.envelope")
    assert row is not None
    place = Place(NIL, "ingest.envelope", "payload", row["id"])
    (plain,) = await shop.house.sealer.unseal_many(NIL, [(place, row["payload"])])
    assert isinstance(plain, bytes)
    return row["fault"], plain


async def test_the_callback_is_verified_with_our_token_only(vendor: httpx.AsyncClient) -> None:
    query = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": "parley-test-verify"}
    right = await vendor.get("/hooks/meta", params=query)
    assert (right.status_code, right.text) == (200, "1158201444")
    wrong = await vendor.get("/hooks/meta", params={**query, "hub.verify_token": "guess"})
    assert wrong.status_code == 403
    assert "1158201444" not in wrong.text
    assert (await vendor.get("/hooks/meta")).status_code == 403


@pytest.mark.parametrize(
    "signature",
    [
        None,
        "sha256=",
        "sha256=" + "0" * 64,
        sign(text_call(), "another-secret"),
        sign(text_call("Hello!"), SECRET),
        sign(text_call(), SECRET).removeprefix("sha256="),
        sign(text_call(), SECRET).upper(),
    ],
    ids=["missing", "empty", "zeros", "of another app", "of another body", "without its name", "in capitals"],
)
async def test_what_is_not_signed_by_meta_leaves_no_row(
    vendor: httpx.AsyncClient, shop: Shop, superuser: asyncpg.Connection, signature: str | None
) -> None:
    assert (await post(vendor, text_call(), signature)).status_code == 401
    assert await rows(superuser) == (0, 0)
    assert shop.receiver.counts.bad_signatures == 1


async def test_what_is_signed_right_is_durable_when_it_is_acknowledged(
    vendor: httpx.AsyncClient, superuser: asyncpg.Connection
) -> None:
    assert (await post(vendor, text_call())).status_code == 200
    assert await rows(superuser) == (1, 0)
    assert (
        await post(vendor, text_call(id_="wamid.2"), path="/hooks/meta/parley-test-app")
    ).status_code == 200
    assert await rows(superuser) == (2, 0)


async def test_escaped_words_are_verified_over_the_bytes_as_sent(
    vendor: httpx.AsyncClient, superuser: asyncpg.Connection
) -> None:
    escaped = text_call("Gruesse").replace(b"Gruesse", b"Gr\\u00fc\\u00dfe \\ud83d\\ude00 \\/")
    assert (await post(vendor, escaped)).status_code == 200
    assert await rows(superuser) == (1, 0)
    rewritten = orjson.dumps(orjson.loads(escaped))
    assert rewritten != escaped
    assert (await post(vendor, rewritten, sign(escaped, SECRET))).status_code == 401
    assert await rows(superuser) == (1, 0)


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (b'{"object": "whatsapp_business_account", "entry": [', "malformed_json"),
        (b"\xff\xfe\x00", "malformed_json"),
        (b"", "malformed_json"),
        (b"[1, 2]", "malformed_envelope"),
        (b'{"object": "whatsapp_business_account"}', "malformed_envelope"),
        (b'{"object": "permissions", "entry": []}', "unknown_object"),
        (b'{"object": "instagram", "entry": []}', "object_not_connected"),
    ],
)
async def test_what_cannot_be_read_is_acknowledged_kept_and_counted(
    vendor: httpx.AsyncClient, shop: Shop, superuser: asyncpg.Connection, body: bytes, fault: str
) -> None:
    assert (await post(vendor, body)).status_code == 200
    assert await only_envelope(shop, superuser) == (fault, body)
    assert (await rows(superuser))[0] == 0
    metrics = (await vendor.get("/metrics")).text
    assert "parley_hook_envelopes_total 1" in metrics


async def test_a_number_nobody_connected_is_kept_and_no_workspace_sees_it(
    vendor: httpx.AsyncClient, shop: Shop, superuser: asyncpg.Connection, other_office: Any
) -> None:
    assert (await post(vendor, text_call("secret", number=UNKNOWN_NUMBER))).status_code == 200
    fault, payload = await only_envelope(shop, superuser)
    assert fault == "unrouted"
    assert b"secret" in payload
    for office in (shop.office, other_office):
        program = shop.program(await make_token(shop.house, office))
        assert (await program.get("/items")).json()["items"] == []
        assert (await program.get("/conversations")).json()["items"] == []


async def test_an_app_speaks_only_for_the_numbers_connected_through_it(
    vendor: httpx.AsyncClient, shop: Shop, superuser: asyncpg.Connection
) -> None:
    await superuser.execute("UPDATE directory.route SET app = 'an app of their own'")
    assert (await post(vendor, text_call())).status_code == 200
    assert (await only_envelope(shop, superuser))[0] == "unrouted"
    assert (await rows(superuser))[0] == 0


async def test_one_call_for_two_workspaces_reaches_each_with_its_own_part(
    vendor: httpx.AsyncClient, shop: Shop, superuser: asyncpg.Connection, other_office: Any
) -> None:
    await connect_whatsapp(shop.house, other_office, shop.wiring, number="100000000000002")
    mine, theirs = orjson.loads(text_call()), orjson.loads(text_call(number="100000000000002", id_="wamid.2"))
    nobodys = orjson.loads(text_call(number=UNKNOWN_NUMBER, id_="wamid.3"))
    mine["entry"] += theirs["entry"] + nobodys["entry"]
    assert (await post(vendor, orjson.dumps(mine))).status_code == 200
    found = await superuser.fetch("SELECT workspace_id FROM ingest.item")
    assert sorted(r[0] for r in found) == sorted([shop.office.workspace_id, other_office.workspace_id])
    assert (await only_envelope(shop, superuser))[0] == "unrouted"


@pytest.mark.parametrize("is_declared", [True, False], ids=["declared", "streamed"])
async def test_a_huge_body_is_refused_before_it_is_read_whole(
    vendor: httpx.AsyncClient, shop: Shop, superuser: asyncpg.Connection, is_declared: bool
) -> None:
    size = 20 * 1024 * 1024
    parts = urlsplit(shop.base_url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    length = f"Content-Length: {size}" if is_declared else "Transfer-Encoding: chunked"
    head = f"POST /hooks/meta HTTP/1.1\r\nHost: x\r\nX-Hub-Signature-256: sha256=0\r\n{length}\r\n\r\n"
    writer.write(head.encode())
    if not is_declared:  # a little more than what is taken, and no end in sight
        for _ in range(65):
            writer.write(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")
            await writer.drain()
    async with asyncio.timeout(10):
        assert b" 413 " in await reader.readline()
    writer.close()
    assert await rows(superuser) == (0, 0)


async def test_a_body_that_does_not_end_is_not_waited_for(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("parley.channels.meta.hook._READ_SECONDS", 0.05)
    parts = urlsplit(shop.base_url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    writer.write(b"POST /hooks/meta HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n" + b"x" * 999)
    async with asyncio.timeout(10):
        assert b" 408 " in await reader.readline()
        await reader.read()  # to the end: the connection is closed, and what was read is forgotten
    writer.close()


async def test_a_caller_that_sends_it_all_still_sees_the_refusal(vendor: httpx.AsyncClient) -> None:
    assert (await vendor.post("/hooks/meta", content=b"x" * (20 * 1024 * 1024))).status_code == 413


async def test_a_body_as_large_as_meta_promises_is_taken(
    vendor: httpx.AsyncClient, superuser: asyncpg.Connection
) -> None:
    body = text_call("x" * (3 * 1024 * 1024))
    assert (await post(vendor, body)).status_code == 200
    assert await rows(superuser) == (1, 0)


@pytest.mark.parametrize("path", ["/hooks/meta/another-app", "/hooks/meta/", "/hooks/", "/hooks/metaphor"])
async def test_other_paths_are_nobodys(
    vendor: httpx.AsyncClient, superuser: asyncpg.Connection, path: str
) -> None:
    assert (await post(vendor, text_call(), path=path)).status_code == 404
    assert await rows(superuser) == (0, 0)


async def test_other_verbs_are_refused(vendor: httpx.AsyncClient) -> None:
    refused = await vendor.put("/hooks/meta", content=b"{}")
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, POST")


async def test_without_a_database_meta_is_told_to_call_again_and_nothing_is_lost(
    vendor: httpx.AsyncClient, shop: Shop, superuser: asyncpg.Connection
) -> None:
    bodies = [text_call(id_=f"wamid.{n}") for n in range(5)]
    await post(vendor, bodies[0])  # the route is known from now on, so that the next calls fail at the write
    await superuser.execute("ALTER ROLE parley_ingest NOLOGIN")
    try:
        await superuser.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'parley_ingest'"
        )
        away = await asyncio.gather(*(post(vendor, body) for body in bodies[1:]))
        shop.receiver.forget_routes()
        away.append(await post(vendor, bodies[1]))
    finally:
        await superuser.execute("ALTER ROLE parley_ingest LOGIN")
    assert {answer.status_code for answer in away} == {503}
    assert all(int(answer.headers["retry-after"]) > 0 for answer in away)
    assert await rows(superuser) == (1, 0)
    again = await asyncio.gather(*(post(vendor, body) for body in bodies[1:]))
    assert {answer.status_code for answer in again} == {200}
    assert await rows(superuser) == (5, 0)


async def test_calls_that_wait_together_share_commits(
    vendor: httpx.AsyncClient, shop: Shop, superuser: asyncpg.Connection
) -> None:
    await post(vendor, text_call())
    before = shop.receiver.counts.commits
    answers = await asyncio.gather(*(post(vendor, text_call(id_=f"wamid.{n}")) for n in range(2, 42)))
    assert {answer.status_code for answer in answers} == {200}
    assert await rows(superuser) == (41, 0)
    assert shop.receiver.counts.commits - before < 40


async def test_too_much_at_once_is_refused_instead_of_held(
    vendor: httpx.AsyncClient, shop: Shop, superuser: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("parley.modules.ingest.receiver._ROWS_WAITING_LIMIT", -1)
    refused = await post(vendor, text_call())
    assert refused.status_code == 503
    assert shop.receiver.counts.refused == 1
    assert await rows(superuser) == (0, 0)


async def test_what_curl_posts_appears_on_the_screen(house: Resources) -> None:
    async with open_shop(house) as shop, httpx.AsyncClient(base_url=shop.base_url, trust_env=False) as vendor:
        assert (await post(vendor, text_call("Is the blue one back?"))).status_code == 200
        conversation = await shop.first_conversation()
        assert conversation["last_message"]["preview"] == "Is the blue one back?"
