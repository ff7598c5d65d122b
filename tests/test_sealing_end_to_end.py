"""Nothing that people said can be found in what is stored; and a key that is destroyed takes one person's words along.

Names and numbers of contacts are ordinary columns, by decision; everything else here is a marker that must not appear.
"""

import base64
import contextlib
import dataclasses
import io
import json
import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from tests.shop import NUMBER, Shop, connect_whatsapp, open_shop

from parley.core.ids import new_id
from parley.core.keystore import KeyKind
from parley.core.log import configure_logging
from parley.core.postgres import ThrowawayPostgres
from parley.core.resources import Resources

TABLES = """
SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1
"""
REACTION = "👩‍👩‍👧‍👦"  # long enough that it cannot lie there by chance


@dataclasses.dataclass
class Markers:
    """Words that are used once each, in one place each."""

    inbound: str = dataclasses.field(default_factory=lambda: f"inbound{uuid.uuid4().hex}")
    edited: str = dataclasses.field(default_factory=lambda: f"edited{uuid.uuid4().hex}")
    outbound: str = dataclasses.field(default_factory=lambda: f"outbound{uuid.uuid4().hex}")
    note: str = dataclasses.field(default_factory=lambda: f"note{uuid.uuid4().hex}")
    button: str = dataclasses.field(default_factory=lambda: f"b{uuid.uuid4().hex[:18]}")
    file_bytes: str = dataclasses.field(default_factory=lambda: f"bytes{uuid.uuid4().hex}")
    file_name: str = dataclasses.field(default_factory=lambda: f"name{uuid.uuid4().hex}")
    inbound_bytes: str = dataclasses.field(default_factory=lambda: f"inbytes{uuid.uuid4().hex}")
    inbound_name: str = dataclasses.field(default_factory=lambda: f"inname{uuid.uuid4().hex}")
    unsent_file: str = dataclasses.field(default_factory=lambda: f"unsent{uuid.uuid4().hex}")
    quarantined: str = dataclasses.field(default_factory=lambda: f"quarantined{uuid.uuid4().hex}")
    parked: str = dataclasses.field(default_factory=lambda: f"parked{uuid.uuid4().hex}")
    unrouted: str = dataclasses.field(default_factory=lambda: f"unrouted{uuid.uuid4().hex}")
    token: str = dataclasses.field(default_factory=lambda: f"token{uuid.uuid4().hex}")

    def all(self) -> dict[str, bytes]:
        return {name: value.encode() for name, value in dataclasses.asdict(self).items()}


class _Tee(io.TextIOBase):
    def __init__(self, kept: io.StringIO) -> None:
        self._kept = kept

    def write(self, text: str) -> int:
        self._kept.write(text)
        return len(text)


@pytest.fixture
async def logs(house: Resources, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[io.StringIO]:
    """Keep everything that is logged, at the lowest level."""
    kept = io.StringIO()
    with contextlib.ExitStack() as stack:
        stack.enter_context(contextlib.redirect_stdout(_Tee(kept)))
        stack.enter_context(contextlib.redirect_stderr(_Tee(kept)))
        configure_logging("debug")
        yield kept
    configure_logging(house.settings.log_level)


@pytest.fixture
async def shop(house: Resources) -> AsyncIterator[Shop]:
    async with open_shop(house) as opened:
        yield opened


async def live(shop: Shop, markers: Markers) -> dict[str, Any]:
    """Let everything be said once: in, out, files, notes, buttons, reactions, edits, quarantine, parked, unrouted."""
    await connect_whatsapp(
        shop.house, shop.office, shop.wiring, number="100000000000077", token=markers.token
    )
    written = await shop.writes("mia", text=markers.inbound)
    conversation = await shop.first_conversation()
    await shop.writes("mia", "edit", edit={"original_message_id": written["id"], "text": markers.edited})
    await shop.writes("mia", "reaction", reaction={"message_id": written["id"], "emoji": REACTION})
    document = base64.b64encode(f"%PDF-1.4\n{markers.inbound_bytes}\n".encode()).decode()
    media = {"base64": document, "mime_type": "application/pdf", "filename": f"{markers.inbound_name}.pdf"}
    await shop.writes("mia", "document", media=media)
    bad = {
        "from": "491713920011",
        "id": "wamid.bad",
        "timestamp": "1",
        "type": "text",
        "text": markers.quarantined,
    }
    await shop.control("raw", {"value": {"metadata": {"phone_number_id": NUMBER}, "messages": [bad]}})
    edit = {
        "original_message_id": "wamid.unknown",
        "message": {"type": "text", "text": {"body": markers.parked}},
    }
    late = {"from": "491713920011", "id": "wamid.late", "timestamp": "1", "type": "edit", "edit": edit}
    await shop.control("raw", {"value": {"metadata": {"phone_number_id": NUMBER}, "messages": [late]}})
    await shop.control(
        "raw", {"value": {"metadata": {"phone_number_id": "1"}, "messages": [{"x": markers.unrouted}]}}
    )
    await shop.sends(conversation["id"], markers.outbound)
    offered = {"type": "buttons", "body": "Which?", "buttons": [{"id": "a", "title": markers.button}]}
    await shop.sends(conversation["id"], None, interactive=offered)
    file_id = await shop.upload(
        f"%PDF-1.4\n{markers.file_bytes}".encode(), f"{markers.file_name}.pdf", "application/pdf"
    )
    await shop.upload(markers.unsent_file.encode(), f"{markers.unsent_file}.txt", "text/plain")
    last = await shop.sends(conversation["id"], None, attachments=[file_id])
    await shop.delivery(last, "delivered")
    note = {"text": markers.note, "client_id": str(new_id())}
    assert (await shop.agent.post(f"/conversations/{conversation['id']}/notes", note)).status_code == 201
    await shop.message(
        conversation["id"],
        lambda m: (
            m["attachments"]
            and m["attachments"][0]["name"] == f"{markers.inbound_name}.pdf"
            and m["attachments"][0]["state"] == "stored"
        ),
    )
    await shop.processed()
    return conversation


async def shown(shop: Shop, markers: Markers, conversation: dict[str, Any]) -> str:
    """Read what a member sees of all that: if it were not there, finding no trace would prove nothing."""
    admin = await shop.sign_in(shop.office.admin)
    text = json.dumps(await shop.timeline(conversation["id"]), ensure_ascii=False)
    for item in (await admin.get("/items", params={"limit": "200"})).json()["items"]:
        text += str((await admin.get(f"/items/{item['id']}")).json())
    for message in await shop.messages(conversation["id"]):
        for attachment in message["attachments"]:
            text += (await shop.fetch(attachment["url"])).text
    return text


async def dump(superuser: asyncpg.Connection) -> bytes:
    """Read every row of every table, as JSON and with every bytea column as it is."""
    parts: list[bytes] = []
    for (table,) in await superuser.fetch(TABLES):
        for row in await superuser.fetch(f"SELECT * FROM {table}"):
            parts += [value if isinstance(value, bytes) else str(value).encode() for value in row.values()]
        parts += [r[0].encode() for r in await superuser.fetch(f"SELECT to_jsonb(t)::text FROM {table} t")]
    return b"\n".join(parts)


def spellings(marker: bytes) -> list[bytes]:
    """Give the ways in which bytes may lie in a file or a dump: plain, hex, UTF-16, base64 at each offset."""
    # Only the characters that do not depend on what stands before and after.
    encoded = [
        base64.b64encode(b"x" * n + marker)[(0, 2, 3)[n] : (n + len(marker)) * 8 // 6] for n in range(3)
    ]
    return [marker, marker.hex().encode(), marker.decode().encode("utf-16-le"), *encoded]


def found_in(where: str, content: bytes, markers: dict[str, bytes]) -> list[str]:
    return [
        f"{name} in {where}"
        for name, marker in markers.items()
        if any(s in content for s in spellings(marker))
    ]


def files_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def test_no_trace_of_what_was_said_is_stored(
    logs: io.StringIO, shop: Shop, superuser: asyncpg.Connection, postgres: ThrowawayPostgres
) -> None:
    markers = Markers()
    conversation = await live(shop, markers)
    visible = await shown(shop, markers, conversation)
    hidden = {"unsent_file", "unrouted", "token"}
    assert [n for n, m in markers.all().items() if n not in hidden and m.decode() not in visible] == []
    assert REACTION in visible
    wanted = {**markers.all(), "reaction": REACTION.encode()}
    traces = found_in("the dump", await dump(superuser), wanted)
    await superuser.execute("CHECKPOINT")
    data = postgres.cluster
    folders = {"PostgreSQL's files": data, "the data folder": shop.house.settings.data}
    for name, folder in folders.items():
        stored = files_below(folder)
        assert stored
        for path in stored:
            with contextlib.suppress(FileNotFoundError):
                traces += found_in(f"{name}: {path.relative_to(folder)}", path.read_bytes(), wanted)
    assert any("pg_wal" in str(path) for path in files_below(data))
    logged = logs.getvalue()
    traces += found_in("the logs", logged.encode(), wanted)
    assert traces == []
    assert '"event":"http.request"' in logged, "nothing was logged, so nothing was proven"


async def test_the_search_for_traces_finds_what_is_there(
    superuser: asyncpg.Connection, shop: Shop, postgres: ThrowawayPostgres
) -> None:
    """A canary: a name in an ordinary column is found in the dump, and in the files after a checkpoint."""
    canary = f"Canary{uuid.uuid4().hex}"
    person = {"id": "canary", "name": canary, "phone": "4917100000001"}
    await shop.writes(person)  # type: ignore[arg-type]
    await shop.first_conversation()
    wanted = {"canary": canary.encode()}
    assert found_in("dump", await dump(superuser), wanted)
    await superuser.execute("CHECKPOINT")
    data = postgres.cluster
    found = [path for path in files_below(data) if found_in("", path.read_bytes(), wanted)]
    assert any("pg_wal" in str(path) for path in found)
    assert any("base" in path.parts for path in found)
    for offset in range(3):
        hidden = base64.b64encode(b"?" * offset + canary.encode() + b"??")
        assert found_in("", b"..." + hidden, wanted)


async def test_destroying_one_key_takes_exactly_that_contacts_words(
    shop: Shop, superuser: asyncpg.Connection
) -> None:
    mine, theirs = Markers(), Markers()
    conversation = await live(shop, mine)
    await shop.writes("tom", text=theirs.inbound)

    async def toms() -> Any:
        return next((c for c in await shop.conversations() if c["contact"]["name"] == "Tom Ellis"), None)

    tom = await shop.until(toms)
    pdf = await shop.upload(f"%PDF-1.4\n{theirs.file_bytes}".encode(), "plan.pdf", "application/pdf")
    await shop.sends(tom["id"], None, attachments=[pdf])
    note = {"text": theirs.note, "client_id": str(new_id())}
    await shop.agent.post(f"/conversations/{tom['id']}/notes", note)
    admin = await shop.sign_in(shop.office.admin)
    listed = (await admin.get("/items", params={"limit": "200"})).json()["items"]
    owners = {
        str(r["id"]): str(r["contact_id"])
        for r in await superuser.fetch("SELECT id, contact_id FROM ingest.item")
    }
    urls = [a["url"] for m in await shop.messages(conversation["id"]) for a in m["attachments"]]
    kept = [a["url"] for m in await shop.messages(tom["id"]) for a in m["attachments"]]
    contact = conversation["contact"]["id"]
    await shop.house.keystore.destroy_subject(shop.office.workspace_id, KeyKind.CONTACT, uuid.UUID(contact))

    timeline = [i for i in await shop.timeline(conversation["id"]) if i["type"] != "activity"]
    assert {(i["is_readable"], i["text"]) for i in timeline} == {(False, None)}
    assert not any(i.get("reactions") or i.get("content") for i in timeline)
    assert not any(a["name"] for i in timeline for a in i.get("attachments", ()))
    assert [(await shop.fetch(url)).status_code for url in urls] == [410] * len(urls)
    own = [item["id"] for item in listed if owners[item["id"]] == contact]
    assert len(own) >= 4
    for item_id in own:
        assert (await admin.get(f"/items/{item_id}")).json()["payload"] is None
    text = str(await shop.timeline(conversation["id"])) + str(await shop.conversations())
    assert [n for n, m in mine.all().items() if m.decode() in text] == []

    others = [i for i in await shop.timeline(tom["id"]) if i["type"] != "activity"]
    assert {i["is_readable"] for i in others} == {True}
    assert theirs.inbound in str(others)
    assert theirs.note in str(others)
    assert [theirs.file_bytes in (await shop.fetch(url)).text for url in kept] == [True]
    answer = await shop.sends(tom["id"], "Still here")
    assert answer["is_readable"]
    refused = await shop.agent.post(
        f"/conversations/{conversation['id']}/notes", {"text": "x", "client_id": str(new_id())}
    )
    assert refused.status_code >= 400  # nothing new can be sealed for somebody who is erased


async def test_words_moved_to_another_row_are_refused(shop: Shop, superuser: asyncpg.Connection) -> None:
    await shop.writes("mia", text="First words")
    await shop.writes("mia", text="Second words")
    await shop.processed()
    conversation = await shop.first_conversation()
    for text in ("First note", "Second note"):
        await shop.agent.post(
            f"/conversations/{conversation['id']}/notes", {"text": text, "client_id": str(new_id())}
        )
    assert {i["is_readable"] for i in await shop.timeline(conversation["id"])} == {True}
    for table in ("app.message", "app.note"):
        await superuser.execute(
            f"""UPDATE {table} a SET body = b.body FROM {table} b
            WHERE a.id <> b.id AND a.conversation_id = b.conversation_id"""
        )
    swapped = await shop.timeline(conversation["id"])
    assert len(swapped) == 4
    assert {(i["is_readable"], i["text"]) for i in swapped} == {(False, None)}


async def test_words_of_another_workspace_are_refused(
    shop: Shop, superuser: asyncpg.Connection, other_office: Any
) -> None:
    """Even a row copied whole, with the same ids, does not open under another workspace."""
    await shop.writes("mia", text="Only here")
    conversation = await shop.first_conversation()
    for table in ("contact", "inbox", "conversation", "message"):
        row = await superuser.fetchval(f"SELECT to_jsonb(t) FROM app.{table} t")
        await superuser.execute(
            f"""INSERT INTO app.{table} SELECT (jsonb_populate_record(NULL::app.{table},
            $1::jsonb || jsonb_build_object('workspace_id', $2::text))).*""",
            row,
            str(other_office.workspace_id),
        )
    stranger = await shop.sign_in(other_office.owner)
    copied = (await stranger.get(f"/conversations/{conversation['id']}/messages")).json()["items"]
    assert [(m["is_readable"], m["text"]) for m in copied] == [(False, None)]
