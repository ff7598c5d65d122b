"""What simulated people do on their phones, read through the stand-in's own hooks."""

from typing import Any

import pytest
from tests.channels.whatsapp.conftest import LUCIA, MIA, Stage

from parley.channels.whatsapp.addresses import phone, user_id
from parley.modules.conversations.types import (
    Address,
    AddressChanged,
    Inbound,
    MessageArrived,
    MessageEdited,
    MessageKind,
    MessageRevoked,
    ReactionSet,
)

K = MessageKind


@pytest.mark.parametrize(
    ("spec", "kind"),
    [
        ({"type": "text", "text": "Grüße 🙂 / \\ \u2028"}, K.TEXT),
        ({"type": "image", "media": {"sample": "photo"}}, K.IMAGE),
        ({"type": "video", "media": {"sample": "video"}}, K.VIDEO),
        ({"type": "document", "media": {"sample": "document"}}, K.DOCUMENT),
        ({"type": "audio", "media": {"sample": "voice"}}, K.VOICE),
        ({"type": "sticker", "media": {"sample": "sticker"}}, K.STICKER),
        ({"type": "button_reply", "title": "Yes"}, K.CHOICE),
        ({"type": "list_reply", "title": "Express"}, K.CHOICE),
        ({"type": "flow_reply", "answers": {"size": "L"}}, K.FORM),
        ({"type": "unsupported", "what": "poll_creation"}, K.UNSUPPORTED),
        ({"type": "unsupported", "code": 131060}, K.UNSUPPORTED),
    ],
)
async def test_act_of_a_person_is_read(stage: Stage, spec: dict[str, Any], kind: MessageKind) -> None:
    (found,) = await stage.inbound(**{"from": "mia", **spec})
    assert isinstance(found, MessageArrived)
    assert found.kind is kind
    assert found.person.addresses == (Address("whatsapp", MIA),)
    assert found.person.name == "Mia Brandt"


async def test_words_survive_the_escaped_wire(stage: Stage) -> None:
    words = "Grüße 🙂 / \\ \u2028 أمير"
    (found,) = await stage.inbound(**{"from": "mia", "type": "text", "text": words})
    assert isinstance(found, MessageArrived)
    assert found.text == words


@pytest.mark.parametrize("who", ["lucia", "tom"])
async def test_person_is_known_by_what_is_shown(stage: Stage, who: str) -> None:
    (found,) = await stage.inbound(**{"from": who, "type": "text", "text": "Hi"})
    assert isinstance(found, MessageArrived)
    expected = {
        "lucia": (Address("whatsapp.user", LUCIA),),
        "tom": (Address("whatsapp", "447700900123"), Address("whatsapp.user", "GB.7315520098812045113")),
    }
    assert found.person.addresses == expected[who]
    assert found.person.username in {"lucia.romero", "tom.ellis"}


async def test_reaction_edit_and_revocation_name_their_message(stage: Stage) -> None:
    (first,) = await stage.inbound(**{"from": "mia", "type": "text", "text": "Hi"})
    assert isinstance(first, MessageArrived)
    target = first.external_id

    async def only(**spec: Any) -> Inbound:
        (found,) = await stage.inbound(**{"from": "mia", **spec})
        return found

    reaction = await only(type="reaction", reaction={"message_id": target, "emoji": "❤️"})
    assert isinstance(reaction, ReactionSet)
    assert (reaction.target, reaction.emoji, reaction.is_echo) == (target, "❤️", False)
    edited = await only(type="edit", edit={"original_message_id": target, "text": "Hello"})
    assert isinstance(edited, MessageEdited)
    assert (edited.target, edited.text) == (target, "Hello")
    revoked = await only(type="revoke", revoke={"original_message_id": target})
    assert isinstance(revoked, MessageRevoked)
    assert revoked.target == target


async def test_new_number_is_read_as_a_move(stage: Stage) -> None:
    found = await stage.inbound(**{"from": "mia", "type": "system", "system": {"phone": "491713920999"}})
    moves = [each for each in found if isinstance(each, AddressChanged)]
    assert [(move.old[0].external_id, move.new[0].external_id) for move in moves] == [(MIA, "491713920999")]


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("4915550100123", "4915550100123"),
        ("+49 (155) 501-00123", "4915550100123"),
        (4915550100123, "4915550100123"),
        ("DE.1349", None),
        ("٤٩١٥٥", None),
        ("9" * 21, None),
        ("", None),
        (None, None),
        (True, None),
        (["49"], None),
    ],
)
def test_number_is_digits_or_nothing(written: Any, number: str | None) -> None:
    assert phone(written) == number


@pytest.mark.parametrize(
    ("written", "is_one"),
    [
        ("DE.1349", True),
        ("US.ENT.118", True),
        ("de.1349", False),
        ("DE.", False),
        ("DE.1 2", False),
        ("DEU.1", False),
    ],
)
def test_user_id_is_known_by_its_shape(written: str, is_one: bool) -> None:
    assert (user_id(written) is not None) == is_one
