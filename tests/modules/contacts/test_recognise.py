"""Who is this? Numbers, user ids, both; people at once; the evidence of how they first wrote."""

import asyncio
from typing import Any

from tests.modules.conversations.world import World, at, person, text
from tests.shop import Shop

from parley.modules.contacts.recognise import recognise
from parley.modules.contacts.types import Known, Writer
from parley.modules.conversations.types import Address, AddressChanged, MessageKind

PHONE, USER = "447700900123", "GB.7315520098812045113"


async def cards(world: World) -> list[tuple[Any, ...]]:
    rows = await world.all(
        """SELECT c.name, c.first_wrote_at, c.first_wrote_channel, c.first_wrote_basis,
        (SELECT array_agg(i.external_id ORDER BY i.external_id) FROM app.contact_identity i
         WHERE i.workspace_id = $1 AND i.contact_id = c.id)
        FROM app.contact c WHERE c.workspace_id = $1 ORDER BY c.created_at, c.id"""
    )
    return [tuple(row) for row in rows]


async def conversations(world: World) -> int:
    return int(await world.value("SELECT count(*) FROM app.conversation WHERE workspace_id = $1"))


async def test_a_number_with_a_user_id_and_then_the_user_id_alone_is_one_person(world: World) -> None:
    await world.receive(text("m1", 1, who=person(PHONE, USER, "Tom")))
    await world.receive(text("m2", 2, who=person(None, USER, "Tom")))
    await world.receive(text("m3", 3, who=person(PHONE, None, "Tom")))
    assert await cards(world) == [("Tom", at(1), "whatsapp", "contacted_us", [PHONE, USER])]
    assert await conversations(world) == 1


async def test_a_user_id_alone_and_then_with_a_number_is_one_person(world: World) -> None:
    await world.receive(text("m1", 1, who=person(None, USER, "Tom")))
    await world.receive(text("m2", 2, who=person(PHONE, USER, "Tom")))
    assert [card[-1] for card in await cards(world)] == [[PHONE, USER]]
    assert await conversations(world) == 1


async def test_all_three_in_one_batch_are_one_person(world: World) -> None:
    who = (person(PHONE, USER, "Tom"), person(None, USER, "Tom"), person(PHONE, None, "Tom"))
    await world.receive(*(text(f"m{n}", n, who=each) for n, each in enumerate(who)))
    assert [card[-1] for card in await cards(world)] == [[PHONE, USER]]


async def test_two_workers_that_meet_a_person_at_once_make_one_contact(world: World) -> None:
    for n in range(5):
        phone, user = f"49170000000{n}", f"DE.{n}000000000000000000"
        both, hidden = person(phone, user, "Ada"), person(None, user, "Ada")
        await asyncio.gather(
            world.receive(text(f"a{n}", 1, who=both)), world.receive(text(f"b{n}", 2, who=hidden))
        )
    assert len(await cards(world)) == 5
    assert await conversations(world) == 5
    created = await world.value(
        "SELECT count(*) FROM app.outbox WHERE workspace_id = $1 AND type = 'contact.created'"
    )
    assert created == 5


async def test_the_slower_of_two_newcomers_gives_its_addresses_to_the_faster(world: World) -> None:
    """Played slowly: both have looked and found nobody before either has stored anything."""
    looked, may_store = asyncio.Event(), asyncio.Event()

    async def slow() -> Known:
        async with world.house.database.workspace_tx(world.workspace_id) as tx:
            run = tx.run

            class Waits:
                def __getattr__(self, name: str) -> Any:
                    return getattr(tx, name)

                async def run(self, sql: str, *args: Any) -> Any:
                    if "INSERT INTO app.contact " in sql:
                        looked.set()
                        await may_store.wait()
                    return await run(sql, *args)

            writer = Writer(
                (("whatsapp", PHONE), ("whatsapp.user", USER)), "Tom", None, world.inbox.id, "whatsapp", at(1)
            )
            (known,) = await recognise(Waits(), [writer])  # type: ignore[arg-type]
            return known

    slower = asyncio.create_task(slow())
    await looked.wait()
    await world.receive(text("m1", 2, who=person(None, USER, "Tom")))
    may_store.set()
    known = await slower
    assert not known.is_new
    assert await cards(world) == [("Tom", at(1), "whatsapp", "contacted_us", [PHONE, USER])]


async def test_the_evidence_is_the_earliest_message_in_whichever_order_they_came(world: World) -> None:
    await world.receive(text("m2", 20, who=person(name=None)))
    await world.receive(text("m4", 40))  # tells the name, but not when they first wrote
    assert [card[:2] for card in await cards(world)] == [("Mia", at(20))]
    await world.receive(text("m1", 10))
    await world.receive(text("m3", 30))
    assert await cards(world) == [("Mia", at(10), "whatsapp", "contacted_us", ["491713920011"])]


async def test_who_never_wrote_has_no_evidence(world: World) -> None:
    await world.receive(text("e1", 5, is_echo=True))
    assert await cards(world) == [("Mia", None, None, None, ["491713920011"])]
    await world.receive(text("s1", 6, kind=MessageKind.SYSTEM))
    assert (await cards(world))[0][1] is None
    assert await world.value("SELECT last_inbound_at FROM app.conversation WHERE workspace_id = $1") is None
    await world.receive(text("m1", 7))
    assert await cards(world) == [("Mia", at(7), "whatsapp", "contacted_us", ["491713920011"])]


async def test_a_new_number_belongs_to_the_same_person_and_is_told_once(world: World) -> None:
    await world.receive(text("m1", 1))
    old, new = Address("whatsapp", "491713920011"), Address("whatsapp", "491713920099")
    moved = AddressChanged("s1", (old,), (new,), None, at(2))
    for _ in range(2):
        await world.receive(moved)
    await world.receive(text("m2", 3, who=person("491713920099")))
    assert [card[-1] for card in await cards(world)] == [["491713920011", "491713920099"]]
    assert await conversations(world) == 1
    verbs = await world.all("SELECT verb FROM app.activity WHERE workspace_id = $1")
    assert [row[0] for row in verbs] == ["number_changed"]


async def test_a_number_that_is_somebody_elses_stays_theirs(world: World) -> None:
    await world.receive(text("m1", 1), text("m2", 2, who=person("491713920099", None, "Ben")))
    old, new = Address("whatsapp", "491713920011"), Address("whatsapp", "491713920099")
    await world.receive(AddressChanged("s1", (old,), (new,), None, at(3)))
    assert sorted(card[-1][0] for card in await cards(world)) == ["491713920011", "491713920099"]


async def test_the_card_shows_addresses_and_where_they_first_wrote(shop: Shop, other_office: Any) -> None:
    await shop.writes("tom", text="Hi")
    conversation = await shop.first_conversation()
    path = f"/contacts/{conversation['contact']['id']}"
    card = (await shop.agent.get(path)).json()
    assert (card["name"], card["name_source"], card["created_source"]) == (
        "Tom Ellis",
        "whatsapp",
        "whatsapp",
    )
    assert card["first_wrote_via"] == {"inbox_id": str(shop.inbox_id), "channel": "whatsapp"}
    assert card["first_wrote_at"]
    assert [i["display"] for i in card["identities"]] == ["+447700900123", "@tom.ellis"]
    listed = (await shop.agent.get(f"{path}/identities")).json()["items"]
    assert listed == card["identities"]
    for text_ in ("ellis", "7700900", "Tom E"):
        found = (await shop.agent.get("/contacts", params={"q": text_})).json()["items"]
        assert [c["id"] for c in found] == [card["id"]], text_
    assert (await shop.agent.get("/contacts", params={"q": "%"})).json()["items"] == []
    renamed = await shop.agent.patch(path, {"name": "  Thomas  "})
    assert (renamed.json()["name"], renamed.json()["name_source"]) == ("Thomas", "member")
    await shop.writes("tom", text="Again")
    await shop.processed()
    assert (await shop.agent.get(path)).json()["name"] == "Thomas"
    stranger = await shop.sign_in(other_office.owner)
    assert (await stranger.get(path)).status_code == 404
    assert (await stranger.patch(path, {"name": "Mine"})).status_code == 404
    assert (await stranger.get("/contacts")).json()["items"] == []
