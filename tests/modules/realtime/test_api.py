"""The stream and the long poll over a real server: who may listen, what they hear, how they are sent away."""

import asyncio
import datetime as dt
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from fastapi import FastAPI
from tests.builders import Client, Office, session_of
from tests.conftest import MakeProgram, SignIn
from tests.modules.realtime.dial import Socket
from tests.modules.realtime.toys import add_tag, fetch
from tests.modules.realtime.world import PATIENCE, Workspace

from parley.core import clock
from parley.core.resources import Resources
from parley.core.scope import SYSTEM, Scope
from parley.modules.accounts.actions import end_session
from parley.modules.realtime.admission import origins_of
from parley.modules.realtime.errors import TicketError
from parley.modules.realtime.frames import Framer
from parley.modules.realtime.hub import Hub, Told
from parley.modules.realtime.loaded import SharedLoader
from parley.modules.realtime.relay import Relay
from parley.modules.realtime.tickets import Ticket, Tickets

Open = Callable[..., Awaitable[Socket]]


@pytest.fixture
async def tag_hub(app: FastAPI, house: Resources) -> AsyncIterator[Hub]:
    made = Hub(house.database, house.bell, Framer({"tag": SharedLoader(fetch)}))
    before = getattr(app.state, "hub", None)
    app.state.hub = made
    yield made
    app.state.hub = before
    await made.stop()


@pytest.fixture
async def open_socket(server: str, tag_hub: Hub) -> AsyncIterator[Open]:
    opened: list[Socket] = []

    async def make(path: str, **headers: str) -> Socket:
        socket = await Socket.open(server, f"/api/v1/stream{path}", headers)
        opened.append(socket)
        return socket

    yield make
    for socket in opened:
        await socket.aclose()


@pytest.fixture
async def cookie(house: Resources, office: Office) -> str:
    return f"__Host-sid={await session_of(house, office.agent)}"


@pytest.fixture
async def tell(office: Office, house: Resources, relay: Relay) -> Callable[[str], Awaitable[uuid.UUID]]:
    await relay.drain(office.workspace_id)  # what the office itself told when it was made

    async def make(name: str) -> uuid.UUID:
        async with house.database.workspace_tx(office.workspace_id) as tx:
            tag = await add_tag(tx, name)
        await relay.drain(office.workspace_id)
        return tag

    return make


@pytest.fixture
def looked(tag_hub: Hub, monkeypatch: pytest.MonkeyPatch) -> "Looked":
    """Give a way to wait until somebody who polls has looked in vain."""
    done = asyncio.Event()
    page = tag_hub.page

    async def look(scope: Scope, after: int, limit: int, *, told: int | None = None) -> Told:
        found = await page(scope, after, limit, told=told)
        done.set()
        return found

    async def wait() -> None:
        async with asyncio.timeout(PATIENCE):
            await done.wait()

    monkeypatch.setattr(tag_hub, "page", look)
    return wait


Tell = Callable[[str], Awaitable[uuid.UUID]]
Looked = Callable[[], Awaitable[None]]


async def newest(tag_hub: Hub, office: Office) -> int:
    return await tag_hub.newest(office.workspace_id)


async def test_a_stream_greets_replays_what_was_missed_and_goes_on_live(
    server: str, tag_hub: Hub, office: Office, open_socket: Open, cookie: str, tell: Tell
) -> None:
    await tell("before")
    start = await newest(tag_hub, office)
    await tell("missed")
    socket = await open_socket(f"?after={start}", Cookie=cookie, Origin=server)
    assert await socket.receive() == {"type": "hello", "seq": start + 1}
    missed = await socket.receive()
    await tell("live")
    live = await socket.receive()
    assert [(frame["prev"], frame["seq"]) for frame in (missed, live)] == [
        (start, start + 1),
        (start + 1, start + 2),
    ]
    assert [frame["object"]["name"] for frame in (missed, live)] == ["missed", "live"]


async def test_a_stream_without_a_number_begins_now(
    server: str, open_socket: Open, cookie: str, tell: Tell
) -> None:
    await tell("before")
    socket = await open_socket("", Cookie=cookie, Origin=server)
    assert (await socket.receive())["type"] == "hello"
    await tell("after")
    assert (await socket.receive())["object"]["name"] == "after"


async def test_a_ping_is_answered_and_nonsense_is_not(server: str, open_socket: Open, cookie: str) -> None:
    socket = await open_socket("", Cookie=cookie, Origin=server)
    await socket.receive()
    for text in ("nonsense", "[]", '{"type":"other"}', '{"type":"ping"}'):
        socket.send(text)
    assert await socket.receive() == {"type": "pong"}


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost:1", ""])
async def test_the_cookie_counts_for_nothing_on_anybody_elses_page(
    origin: str, open_socket: Open, cookie: str
) -> None:
    headers = {"Cookie": cookie, **({"Origin": origin} if origin else {})}
    assert await (await open_socket("", **headers)).closed() == 4403


async def test_our_own_page_may_be_reached_by_the_machines_other_name(
    server: str, open_socket: Open, cookie: str
) -> None:
    socket = await open_socket("", Cookie=cookie, Origin=server.replace("localhost", "127.0.0.1"))
    assert (await socket.receive())["type"] == "hello"


def test_in_production_only_the_public_address_is_our_own_page(house: Resources) -> None:
    from tests.conftest import with_settings

    settings = with_settings(house, mode="production", public_url="https://talk.example.org").settings
    assert origins_of(settings) == {"https://talk.example.org"}


async def test_who_is_not_signed_in_is_told_so(server: str, open_socket: Open) -> None:
    assert await (await open_socket("", Origin=server)).closed() == 4401
    bad = await open_socket("", Origin=server, Cookie="__Host-sid=wrong")
    assert await bad.closed() == 4401
    assert await (await open_socket("?ticket=wrong")).closed() == 4401


async def test_a_number_that_is_none_is_refused(server: str, open_socket: Open, cookie: str) -> None:
    for after in ("x", "-1", "9223372036854775808", "9" * 5_000):
        socket = await open_socket(f"?after={after}", Cookie=cookie, Origin=server)
        assert await socket.closed() == 4400


async def test_who_is_older_than_the_log_has_to_fetch_anew(
    server: str, house: Resources, office: Office, open_socket: Open, cookie: str, tell: Tell, sign_in: SignIn
) -> None:
    await tell("one")
    await tell("two")
    async with house.database.workspace_tx(office.workspace_id) as tx:
        await tx.run("DELETE FROM app.event WHERE workspace_id = $1 AND seq = 1", office.workspace_id)
    socket = await open_socket("?after=0", Cookie=cookie, Origin=server)
    assert (await socket.receive())["type"] == "hello"
    assert await socket.receive() == {"type": "resync"}
    assert await socket.closed() == 1000
    answer = await (await sign_in(office.agent)).get("/events?after=0")
    assert (answer.status_code, answer.json()["code"]) == (410, "events_expired")


async def test_a_stream_ends_with_its_session(
    server: str, house: Resources, office: Office, tag_hub: Hub, open_socket: Open
) -> None:
    token = await session_of(house, office.agent)
    socket = await open_socket("", Cookie=f"__Host-sid={token}", Origin=server)
    await socket.receive()
    await tag_hub.check()
    async with house.database.installation_tx() as tx:
        await end_session(tx, token)
    await tag_hub.check()
    assert await socket.closed() == 4401


async def test_a_stream_ends_at_once_when_its_member_is_deactivated(
    server: str, house: Resources, office: Office, relay: Relay, open_socket: Open, cookie: str, tell: Tell
) -> None:
    socket = await open_socket("", Cookie=cookie, Origin=server)
    await socket.receive()
    await tell("seen")
    await socket.receive()
    async with house.database.workspace_tx(office.workspace_id) as tx:
        await tx.run(
            "UPDATE app.member SET is_active = false WHERE workspace_id = $1 AND id = $2",
            office.workspace_id,
            office.agent.member_id,
        )
        await tx.emit(("member.deactivated", {"member": office.agent.member_id}))
        await add_tag(tx, "not for you any more")
    await relay.drain(office.workspace_id)
    with pytest.raises(EOFError):
        await socket.receive()
    assert socket.close_code == 4401


async def test_a_ticket_opens_a_stream_of_its_own_workspace_for_a_minute(
    office: Office, house: Resources, tag_hub: Hub, sign_in: SignIn, open_socket: Open, tell: Tell
) -> None:
    answer = await (await sign_in(office.agent)).post("/stream-tickets")
    assert answer.status_code == 201
    ticket = answer.json()["ticket"]
    socket = await open_socket(f"?ticket={ticket}")
    assert (await socket.receive())["seq"] == await newest(tag_hub, office)
    await tell("for the bearer")
    assert (await socket.receive())["object"]["name"] == "for the bearer"

    with clock.frozen(clock.now() + dt.timedelta(seconds=61)), pytest.raises(TicketError):
        Tickets(house.root_key).read(ticket)
    async with house.database.workspace_tx(office.workspace_id) as tx:
        await tx.run("UPDATE app.member SET is_active = false WHERE id = $1", office.agent.member_id)
    assert await (await open_socket(f"?ticket={ticket}")).closed() == 4401
    await tag_hub.check()
    assert await socket.closed() == 4401


async def test_a_program_opens_a_stream_with_its_token_and_with_its_ticket_until_it_is_revoked(
    office: Office, house: Resources, tag_hub: Hub, program: MakeProgram, open_socket: Open
) -> None:
    client = await program("agent")
    direct = await open_socket("", Authorization=f"Bearer {client.token}")
    ticket = (await client.post("/stream-tickets")).json()["ticket"]
    bearer = await open_socket(f"?ticket={ticket}")
    assert (await direct.receive())["type"] == (await bearer.receive())["type"] == "hello"
    async with house.database.workspace_tx(office.workspace_id) as tx:
        await tx.run(
            "UPDATE app.api_token SET revoked_at = now() WHERE workspace_id = $1", office.workspace_id
        )
    await tag_hub.check()
    assert [await direct.closed(), await bearer.closed()] == [4401, 4401]


def test_a_ticket_that_was_changed_is_not_ours(house: Resources, office: Office) -> None:
    tickets = Tickets(house.root_key)
    text, _ = tickets.write(office.agent.scope)
    assert tickets.read(text) == Ticket(office.workspace_id, office.agent.scope.actor)
    for at in range(0, len(text) - 1, 7):
        changed = text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :]
        with pytest.raises(TicketError):
            tickets.read(changed)
    for nonsense in ("", "ä", "====", text[:-4]):
        with pytest.raises(TicketError):
            tickets.read(nonsense)
    with pytest.raises(TicketError):
        tickets.write(Scope(office.workspace_id, SYSTEM, frozenset()))


async def test_a_long_poll_tells_what_a_stream_tells(
    office: Office, tag_hub: Hub, sign_in: SignIn, server: str, open_socket: Open, cookie: str, tell: Tell
) -> None:
    start = await newest(tag_hub, office)
    for name in ("one", "two", "three"):
        await tell(name)
    socket = await open_socket(f"?after={start}", Cookie=cookie, Origin=server)
    await socket.receive()
    streamed = [await socket.receive() for _ in range(3)]
    browser = await sign_in(office.agent)
    whole = (await browser.get(f"/events?after={start}")).json()
    assert whole == {"frames": streamed, "seq": start + 3}
    first = (await browser.get(f"/events?after={start}&limit=2")).json()
    rest = (await browser.get(f"/events?after={first['seq']}&limit=2")).json()
    assert first["frames"] + rest["frames"] == streamed
    assert (await browser.get(f"/events?after={start + 3}")).json() == {"frames": [], "seq": start + 3}


async def test_a_long_poll_waits_until_something_happens_that_its_reader_may_know(
    office: Office, house: Resources, relay: Relay, tag_hub: Hub, sign_in: SignIn, tell: Tell, looked: Looked
) -> None:
    browser = await sign_in(office.agent)
    start = await newest(tag_hub, office)
    waiting = asyncio.create_task(browser.get(f"/events?after={start}&wait=25"))
    await looked()
    await Workspace(office.workspace_id, house.database).emit(("nobodys.business", {}))
    await relay.drain(office.workspace_id)
    await tell("news")
    async with asyncio.timeout(PATIENCE):
        answer = (await waiting).json()
    assert [(frame["prev"], frame["seq"]) for frame in answer["frames"]] == [(start, start + 2)]
    assert answer["seq"] == start + 2


async def test_a_poll_looks_past_what_its_reader_may_not_know(
    office: Office, house: Resources, relay: Relay, tag_hub: Hub, sign_in: SignIn, tell: Tell
) -> None:
    start = await newest(tag_hub, office)
    workspace = Workspace(office.workspace_id, house.database)
    await workspace.emit(("nobodys.business", {}), ("nobodys.business", {}))
    await tell("news")
    await workspace.emit(("nobodys.business", {}))
    await relay.drain(office.workspace_id)
    browser = await sign_in(office.agent)
    first = (await browser.get(f"/events?after={start}&limit=1")).json()
    assert [(frame["prev"], frame["seq"]) for frame in first["frames"]] == [(start, start + 3)]
    assert (await browser.get(f"/events?after={start + 3}&limit=1")).json() == {
        "frames": [],
        "seq": start + 4,
    }


async def test_a_long_poll_ends_with_its_session(
    office: Office, house: Resources, tag_hub: Hub, clients: Callable[..., Client], tell: Tell, looked: Looked
) -> None:
    token = await session_of(house, office.agent)
    browser = clients()
    browser.cookies["__Host-sid"] = token
    start = await newest(tag_hub, office)
    waiting = asyncio.create_task(browser.get(f"/events?after={start}&wait=25"))
    await looked()
    async with house.database.installation_tx() as tx:
        await end_session(tx, token)
    await tell("not for you any more")
    async with asyncio.timeout(PATIENCE):
        assert (await waiting).status_code == 401


async def test_nobody_polls_unasked(client: Client, tag_hub: Hub) -> None:
    assert (await client.get("/events?after=0")).status_code == 401
    assert (await client.post("/stream-tickets")).status_code == 401


async def test_events_of_another_workspace_are_not_heard(
    server: str, house: Resources, other_office: Office, open_socket: Open, relay: Relay, tell: Tell
) -> None:
    cookie = f"__Host-sid={await session_of(house, other_office.owner)}"
    socket = await open_socket("", Cookie=cookie, Origin=server)
    start = (await socket.receive())["seq"]
    await tell("theirs")
    async with house.database.workspace_tx(other_office.workspace_id) as tx:
        await add_tag(tx, "ours")
    await relay.drain(other_office.workspace_id)
    frame = await socket.receive()
    assert (frame["prev"], frame["object"]["name"]) == (start, "ours")
