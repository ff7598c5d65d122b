"""Seeding fills an empty house once, through the product's own doors, and leaves nothing that would be sent later."""

import asyncio
import dataclasses
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import asyncpg
import orjson
import pytest
from tests.builders import Client
from tests.conftest import with_settings

from parley.core.resources import Resources
from parley.core.settings import Settings
from parley.demo import NotTheDemoError, cast, seed
from parley.demo.script import Act, Answer, Deed
from parley.demo.seeding import seed_house
from parley.demo.stories import STORIES
from parley.simulators.meta import persistence
from parley.simulators.meta.config import SimulatorConfig
from parley.simulators.meta.personas import default_personas
from parley.simulators.meta.samples import SAMPLES
from parley.simulators.meta.simulator import Simulator

_TABLES = """SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
WHERE schemaname IN ('app', 'accounts', 'directory', 'ingest', 'audit', 'jobs') ORDER BY 1"""


@pytest.fixture
async def demo(house: Resources, tmp_path: Path) -> Resources:
    """Give an empty house in demo mode with a data folder of its own."""
    return with_settings(house, mode="demo", data=tmp_path)


async def test_seeding_twice_gives_the_same_answer_and_the_same_rows(
    demo: Resources, superuser: asyncpg.Connection
) -> None:
    first = await seed_house(demo)
    rows, chats = await _dump(superuser), (demo.settings.data / "simulator.json").read_bytes()
    assert await seed_house(demo) == first
    assert await _dump(superuser) == rows
    assert (demo.settings.data / "simulator.json").read_bytes() == chats
    assert first["sign_in_link"].startswith(f"http://localhost:{demo.settings.port}/demo/sign-in/")
    assert first["phone"] == f"http://localhost:{demo.settings.port + 1}/sim/"
    assert [member["role"] for member in first["members"]] == ["owner", "manager", "agent"]


async def test_what_is_printed_opens_the_demo(
    demo: Resources, server: str, clients: Callable[..., Client]
) -> None:
    answer = await seed_house(demo)
    program = clients(token=answer["token"])
    found = (await program.get("/conversations", params={"limit": 200})).json()["items"]
    assert len(found) == len(STORIES)
    assert {each["status"] for each in found} == {"open", "snoozed", "closed"}
    assert sum(each["unread_count"] > 0 for each in found) > 5
    assert [each["state"] for each in (await program.get("/inboxes")).json()["items"]] == ["connected"]
    for member in answer["members"]:
        browser = clients()
        await browser.get("/me")
        form = {"email": member["email"], "password": member["password"]}
        signed = await browser.post("/auth/sign-in", form)
        assert (signed.status_code, signed.json()["member"]["role"]) == (200, member["role"])


async def test_nothing_is_left_to_be_sent(demo: Resources, superuser: asyncpg.Connection) -> None:
    await seed_house(demo)
    jobs = await superuser.fetch("SELECT entrypoint, execute_after > now() AS is_later FROM jobs.pgqueuer")
    assert {(job["entrypoint"], job["is_later"]) for job in jobs} == {("wake_conversation", True)}
    states = await superuser.fetch("SELECT DISTINCT state FROM app.delivery")
    assert {row["state"] for row in states} <= {"sent", "delivered", "read", "failed"}
    assert await superuser.fetchval("SELECT count(*) FROM app.attachment WHERE state <> 'stored'") == 0
    assert await superuser.fetchval("SELECT count(*) FROM app.attempt WHERE finished_at IS NULL") == 0


async def test_the_stories_show_what_the_product_can(demo: Resources, superuser: asyncpg.Connection) -> None:
    await seed_house(demo)
    kinds = {row["kind"] for row in await superuser.fetch("SELECT DISTINCT kind FROM app.message")}
    assert kinds >= {"text", "image", "voice", "document", "sticker", "location", "contacts"}
    assert kinds >= {"choice", "interactive", "order", "unsupported"}
    facts = await superuser.fetchrow(
        """SELECT count(edited_at) AS edited, count(revoked_at) AS revoked, count(reply_to_id) AS quotes,
            (SELECT count(*) FROM app.reaction WHERE author_type = 'contact') AS theirs,
            (SELECT count(*) FROM app.reaction WHERE author_type = 'member') AS ours,
            (SELECT count(*) FROM app.note WHERE mentions <> '[]') AS mentions,
            (SELECT count(*) FROM app.conversation WHERE previous_id IS NOT NULL) AS followed
        FROM app.message"""
    )
    assert facts is not None
    assert min(facts.values()) > 0, dict(facts)
    failed = await superuser.fetchval(
        "SELECT failure->>'message' FROM app.delivery WHERE state = 'failed' LIMIT 1"
    )
    assert failed


async def test_nothing_that_was_said_can_be_read_in_the_database_or_the_files(
    demo: Resources, settings: Settings, superuser: asyncpg.Connection
) -> None:
    await seed_house(demo)
    stored = "\n".join((await _dump(superuser)).values())
    said = set(_words())
    assert len(said) > 200
    readable = [words for words in said if words in stored or words.encode().hex() in stored]
    assert readable == []
    photo = SAMPLES["photo"].read()[5_000:5_064]
    files = [path for path in (settings.data / "files").rglob("*") if path.is_file()]
    assert files
    assert not any(photo in path.read_bytes() for path in files)


async def test_every_story_goes_on_on_a_phone(demo: Resources) -> None:
    await seed_house(demo)
    file = demo.settings.data / "simulator.json"
    sim = Simulator(SimulatorConfig(state_file=file))
    assert persistence.load(sim, file)
    number = sim.first_number().id
    for customer in (cast.MIA, cast.TOM, cast.LUCIA, cast.AMIR):
        chat = sim.chats.get(customer.id, number)
        assert chat is not None
        assert sim.window_is_open(customer.id, number)
        assert [message.at for message in chat.messages.values()] == sorted(
            m.at for m in chat.messages.values()
        )
    assert not sim.window_is_open(cast.GRETA.id, number)
    pictures = [m for chat in sim.chats.all() for m in chat.messages.values() if m.type in {"image", "audio"}]
    assert pictures
    for message in pictures:
        media = sim.media.get(message.content["id"], sim.clock())
        assert media is not None
        assert sim.media.read(media)
    await sim.close()


def test_the_four_phones_are_those_of_the_simulator() -> None:
    theirs = {persona.id: persona for persona in default_personas()}
    for customer in (cast.MIA, cast.TOM, cast.LUCIA, cast.AMIR):
        persona = theirs[customer.id]
        assert (customer.name, customer.phone, customer.user_id, customer.username) == (
            *(persona.name, persona.phone, persona.bsuid, persona.username),
        )
        assert customer.hides_phone is not persona.shows_phone
    others = {story.customer for story in STORIES} - {cast.MIA, cast.TOM, cast.LUCIA, cast.AMIR}
    assert not {customer.phone for customer in others} & {persona.phone for persona in theirs.values()}


async def test_seed_is_for_the_demo_alone(settings: Settings, tmp_path: Path, house: Resources) -> None:
    with pytest.raises(NotTheDemoError):
        seed(dataclasses.replace(settings, mode="production"))
    shutil.copy(settings.data / "root.key", tmp_path)
    demo = dataclasses.replace(settings, mode="demo", data=tmp_path)
    answer = await asyncio.to_thread(seed, demo)
    assert await asyncio.to_thread(seed, demo) == answer
    assert orjson.loads(orjson.dumps(answer)) == answer


async def _dump(superuser: asyncpg.Connection) -> dict[str, str]:
    tables = [row[0] for row in await superuser.fetch(_TABLES)]
    return {
        table: "\n".join(sorted(row[0] for row in await superuser.fetch(f"SELECT t::text FROM {table} t")))
        for table in tables
    }


def _words() -> Iterator[str]:
    for step in (step for story in STORIES for step in story.steps):
        match step:
            case Act():
                yield from (text for text in _texts(step.spec) if len(text) > 11)
            case Answer():
                yield from (text for text in (step.text, *_texts(step.offered)) if text and len(text) > 11)
            case Deed(verb="note"):
                yield step.value[0]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, each in value.items():
            if name not in {"type", "sample", "source_id"}:
                yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
