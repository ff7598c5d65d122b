"""Taking calls apart: every item finds its number and its person, and nothing makes it raise."""

import copy
import json
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.channels.whatsapp.samples import ACCOUNT, NUMBER, PHONE, USER, body, names

from parley.channels.whatsapp.parse import parse
from parley.channels.whatsapp.split import split
from parley.modules.conversations.types import MessageArrived
from parley.modules.ingest.ports import UnparsableError

SAMPLES: list[Any] = [json.loads(body(name)) for name in names()]
ODD = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=12)
    | st.sampled_from(["", "\x00", "messages", NUMBER, "9" * 40, "US.1", "1e999", "nan", -1, 10**30]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=5,
)


def _envelope(value: dict[str, Any], field: str = "messages", waba: Any = "200000000000001") -> bytes:
    entry = {"id": waba, "changes": [{"field": field, "value": value}]}
    return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()


def _text(number: int, **more: Any) -> dict[str, Any]:
    return {"id": f"wamid.{number}", "timestamp": "1790000000", "type": "text", "text": {"body": "x"}, **more}


METADATA = {"phone_number_id": NUMBER, "display_phone_number": "4930550100001"}


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        (b"", "malformed_json"),
        (b"{", "malformed_json"),
        (b"\xff\xfe", "malformed_json"),
        (b'{"object": NaN}', "malformed_json"),
        (b"[" * 100_000, "malformed_json"),
        (b"null", "malformed_json"),
        (b"[]", "malformed_envelope"),
        (b"{}", "unknown_object"),
        (b'{"object": ["page"]}', "unknown_object"),
        (b'{"object": "page", "entry": []}', "object_not_connected"),
        (b'{"object": "instagram", "entry": []}', "object_not_connected"),
        (b'{"object": "whatsapp_business_account"}', "malformed_envelope"),
        (b'{"object": "whatsapp_business_account", "entry": "x"}', "malformed_envelope"),
        (
            b'{"object": "whatsapp_business_account", "entry": [{"changes": [{"value": 1}]}]}',
            "malformed_envelope",
        ),
    ],
)
def test_what_cannot_be_taken_apart_is_named(raw: bytes, fault: str) -> None:
    found = split(raw)
    assert (found.items, found.fault) == ((), fault)


def test_message_and_status_of_one_person_share_their_order() -> None:
    found = split(body("batch")).items
    assert [(item.kind, item.order_key) for item in found] == [
        ("message", PHONE.external_id),
        ("message", "4915550100200"),
        ("status", PHONE.external_id),
        ("error", NUMBER),
    ]


def test_person_without_number_is_ordered_by_user_id() -> None:
    for name in ("person_user_id_only", "person_user_id_in_from", "status_user_id_only"):
        assert [item.order_key for item in split(body(name)).items] == [USER.external_id]


def test_number_wins_over_user_id_so_that_statuses_meet_messages() -> None:
    (item,) = split(body("person_phone_and_user_id")).items
    assert item.order_key == PHONE.external_id


def test_decorated_number_names_the_same_person() -> None:
    decorated = _text(1, **{"from": "+49 155 50100123", "from_user_id": USER.external_id})
    (item,) = split(_envelope({"metadata": METADATA, "messages": [decorated]})).items
    assert item.order_key == PHONE.external_id


def test_what_concerns_the_whole_account_is_routed_by_it() -> None:
    (item,) = split(body("account_restriction")).items
    assert (item.route, item.kind) == (ACCOUNT, "account_update")


def test_message_for_no_number_is_a_fault_and_never_guessed() -> None:
    found = split(_envelope({"messages": [_text(1, **{"from": "49155"})]}))
    assert (found.items, found.fault) == ((), "no_route")


@pytest.mark.parametrize("number", ["", "\x00", "1' OR 1", "9" * 65, None, 1.5, ["1"]])
def test_route_is_never_anything_but_a_plain_word(number: Any) -> None:
    found = split(_envelope({"metadata": {"phone_number_id": number}, "messages": [_text(1)]}))
    assert (found.items, found.fault) == ((), "no_route")


def test_one_bad_message_does_not_cost_the_others() -> None:
    messages = [_text(1, **{"from": "49155"}), "bad", None, _text(2, **{"from": "49156"})]
    found = split(_envelope({"metadata": METADATA, "messages": messages}))
    assert [item.order_key for item in found.items] == ["49155", "49156"]
    assert found.fault == "malformed_envelope"


def test_message_nested_too_deep_does_not_cost_the_others() -> None:
    deep: Any = "x"
    for _ in range(300):
        deep = [deep]
    messages = [_text(1, odd=deep), _text(2, **{"from": "49156"})]
    found = split(_envelope({"metadata": METADATA, "messages": messages}))
    assert [item.order_key for item in found.items] == ["49156"]
    assert found.fault == "malformed_envelope"


def test_every_entry_and_change_is_gone_through() -> None:
    def change(number: int) -> dict[str, Any]:
        return {
            "field": "messages",
            "value": {"metadata": METADATA, "messages": [_text(number, **{"from": "4"})]},
        }

    entries = [{"id": "2", "changes": [change(1), change(2)]}, {"id": "3", "changes": [change(3)]}]
    raw = json.dumps({"object": "whatsapp_business_account", "entry": entries}).encode()
    found = [orjson.loads(item.payload)["message"]["id"] for item in split(raw).items]
    assert found == ["wamid.1", "wamid.2", "wamid.3"]


def test_each_person_gets_their_own_contact_entry() -> None:
    found = [orjson.loads(item.payload).get("contact") for item in split(body("batch")).items]
    assert [contact and contact["profile"]["name"] for contact in found] == [
        "Lena Hofmann",
        "Omar",
        None,
        None,
    ]


def test_half_an_emoji_costs_no_message() -> None:
    raw = body("text").replace(b"Lena Hofmann", b"Lena \\ud83d")
    (item,) = split(raw).items
    (message,) = parse(item.payload)
    assert isinstance(message, MessageArrived)
    assert message.person.name == "Lena \ufffd"
    assert message.text == "Grüße! Is the blue one back? 🙂"


def test_byte_order_mark_is_passed_over() -> None:
    assert split(b"\xef\xbb\xbf" + body("text")) == split(body("text"))


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200) | ODD.map(lambda odd: json.dumps(odd).encode()))
def test_no_bytes_make_it_raise(raw: bytes) -> None:
    split(raw)


REASONS = {None, "no_id", "no_sender", "no_target", "malformed_body", "nothing_in_it"}


def _refusal(payload: bytes) -> object:
    """Tell why the payload is refused, or None when it is read; anything but a refusal is raised."""
    try:
        found = parse(payload)
    except UnparsableError as error:
        return error.data["reason"]
    assert found
    return None


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        found += _places(inner, (*path, key))
    return found


def _mutate(data: st.DataObject, sample: Any) -> Any:
    mutated = copy.deepcopy(sample)
    for _ in range(data.draw(st.integers(1, 3))):
        places = _places(mutated)
        if not places:
            break
        *path, last = data.draw(st.sampled_from(places))
        holder = mutated
        for key in path:
            holder = holder[key]
        action = data.draw(st.sampled_from(["replace", "remove", "double"]))
        if action == "remove":
            del holder[last]
        elif action == "double" and isinstance(holder, list):
            holder.append(holder[last])
        else:
            holder[last] = data.draw(ODD)
    return mutated


@settings(max_examples=600, deadline=None)
@given(st.data())
def test_mutated_samples_are_split_and_each_item_is_read_or_refused(data: st.DataObject) -> None:
    mutated = _mutate(data, data.draw(st.sampled_from(SAMPLES)))
    for item in split(json.dumps(mutated).encode()).items:
        assert item.route.isprintable()
        assert "\x00" not in item.order_key + item.kind
        assert _refusal(item.payload) in REASONS


@settings(max_examples=100, deadline=None)
@given(ODD)
def test_any_payload_is_read_or_refused(odd: Any) -> None:
    assert _refusal(json.dumps(odd).encode()) in {*REASONS, "not_json", "not_an_object"}


@settings(max_examples=50, deadline=None)
@given(st.permutations(range(6)), st.integers(1, 3))
def test_order_and_duplication_change_no_item(order: list[int], copies: int) -> None:
    messages = [_text(number, **{"from": f"4915550{number}"}) for number in range(6)]
    straight = split(_envelope({"metadata": METADATA, "messages": messages})).items
    shuffled = [messages[number] for number in order] * copies
    assert set(split(_envelope({"metadata": METADATA, "messages": shuffled})).items) == set(straight)


@pytest.mark.parametrize(
    ("name", "metadata", "count"),
    [("statuses", METADATA, 20_001), ("messages", {**METADATA, "x": "y" * 3_000}, 500)],
)
def test_a_call_that_would_fill_the_memory_is_kept_whole(
    name: str, metadata: dict[str, Any], count: int
) -> None:
    filling = "z" * 60 if name == "statuses" else ""
    found = split(_envelope({"metadata": metadata, name: [{"id": filling}] * count}))
    assert (found.items, found.fault) == ((), "too_many_items")


def test_people_are_found_by_number_or_name_in_a_call_of_many() -> None:
    contacts = [{"wa_id": "1"}, {"user_id": "US.2", "wa_id": "9"}, {"wa_id": "2"}, {"wa_id": []}]
    messages = [_text(1, **{"from": "2"}), _text(2, from_user_id="US.2"), _text(3, **{"from": "7"})]
    messages.append(_text(4, **{"from": "2", "from_user_id": "US.2"}))
    found = split(_envelope({"metadata": METADATA, "messages": messages, "contacts": contacts}))
    met = [json.loads(item.payload).get("contact") for item in found.items]
    assert met == [contacts[2], contacts[1], None, contacts[1]]
