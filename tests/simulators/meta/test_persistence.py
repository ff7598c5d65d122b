"""A restart keeps the phones."""

from __future__ import annotations

from pathlib import Path

import httpx

from parley.simulators.meta import SimulatorConfig, create_app


async def run(file: Path, *, write: bool) -> list[str]:
    """Start a simulator on the state file, perhaps write a photo and a text, stop it; returns what the chat showed."""
    config = SimulatorConfig(verify_on_start=False, state_file=file)
    app = create_app(config, httpx.MockTransport(lambda _: httpx.Response(200)))
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as web,
    ):
        if write:
            await web.post("/_sim/inbound", json={"type": "image", "caption": "kept"})
            await web.post("/_sim/inbound", json={"from": "+447700900999", "text": "Grüße"})
            await web.get("/_sim/idle")
        people = (await web.get("/sim/api/state")).json()["people"]
        chats = [
            (await web.get(f"/sim/api/chats/{one['id']}")).json()["messages"]
            for one in people
            if one["count"]
        ]
        for message in (message for chat in chats for message in chat if message["type"] == "image"):
            assert (await web.get(f"/sim/media/{message['content']['id']}")).status_code == 200
        return sorted(
            message["content"].get("body") or message["content"]["caption"]
            for chat in chats
            for message in chat
        )


async def test_chats_people_and_files_survive_a_restart(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "phones.json"
    assert await run(file, write=True) == ["Grüße", "kept"]
    assert await run(file, write=False) == ["Grüße", "kept"]


async def test_broken_state_file_is_ignored(tmp_path: Path) -> None:
    file = tmp_path / "phones.json"
    for broken in (b"{", b"[]", b'{"version": 99}', b'{"version": 1, "personas": [{"x": 1}]}'):
        file.write_bytes(broken)
        assert await run(file, write=False) == []
