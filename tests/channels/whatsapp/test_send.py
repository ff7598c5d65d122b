"""Sending through the stand-in for Meta, over real HTTP: what goes out, and what each answer means."""

from typing import Any

import pytest
from tests.channels.whatsapp.conftest import LUCIA, MIA, Stage, make_channel, outgoing

from parley.core.http import OutgoingClient
from parley.modules.conversations.types import (
    Address,
    ChannelNotice,
    DeliveryState,
    MessageKind,
    NotSent,
    Outgoing,
    OutgoingFile,
    Sent,
    StatusReported,
    Unknown,
)
from parley.simulators.meta.samples import SAMPLES

K = MessageKind


def _file(sample: str, kind: MessageKind, name: str = "Übersicht.bin") -> OutgoingFile:
    content = SAMPLES[sample].read()
    return OutgoingFile(
        kind, name, SAMPLES[sample].mime_type, len(content), content, is_voice=kind is K.VOICE
    )


async def _sent(stage: Stage, message: Outgoing) -> dict[str, Any]:
    result = await stage.channel.send(stage.credentials, message)
    assert isinstance(result, Sent), result
    return (await stage.outbox())[-1]


async def test_text_goes_to_the_full_number_and_names_its_delivery(stage: Stage) -> None:
    result = await stage.channel.send(stage.credentials, outgoing())
    assert isinstance(result, Sent)
    assert result.external_id.startswith("wamid.")
    assert result.address == Address("whatsapp", MIA)
    (request,) = await stage.outbox()
    assert request["to"] == f"+{MIA}"
    assert request["text"] == {"body": "Hello from the shop", "preview_url": False}
    assert request["biz_opaque_callback_data"] == "token-1"


async def test_statuses_carry_the_token_of_the_delivery(stage: Stage) -> None:
    await stage.inbound(**{"from": "mia", "type": "text", "text": "Hi"})
    stage.hooks.clear()
    result = await stage.channel.send(stage.credentials, outgoing())
    assert isinstance(result, Sent)
    await stage.idle()
    reported = [each for each in stage.read() if isinstance(each, StatusReported)]
    assert {each.state for each in reported} >= {DeliveryState.SENT, DeliveryState.DELIVERED}
    assert {each.external_id for each in reported} == {result.external_id}
    assert {each.token for each in reported} == {"token-1"}
    assert {each.recipient for each in reported} == {Address("whatsapp", MIA)}


async def test_address_is_the_one_that_whatsapp_will_use(stage: Stage) -> None:
    result = await stage.channel.send(stage.credentials, outgoing(to="5511987654321"))
    assert isinstance(result, Sent)
    (contact,) = (await stage.tester.get("/_sim/outbox")).json()["data"]
    assert result.address == Address("whatsapp", contact["wa_id"])


async def test_person_without_number_gets_it_by_user_id(stage: Stage) -> None:
    request = await _sent(stage, outgoing(to=LUCIA))
    assert request["recipient"] == LUCIA
    assert "to" not in request


async def test_number_wins_over_user_id(stage: Stage) -> None:
    both = (Address("whatsapp.user", "GB.7315520098812045113"), Address("whatsapp", "447700900123"))
    request = await _sent(stage, Outgoing("t", both, K.TEXT, "Hi"))
    assert request["to"] == "+447700900123"
    assert "recipient" not in request


async def test_reply_names_the_message(stage: Stage) -> None:
    (asked,) = await stage.inbound(**{"from": "mia", "type": "text", "text": "Hi"})
    request = await _sent(stage, outgoing(text="Yes", reply_to=asked.external_id))  # type: ignore[union-attr]
    assert request["context"] == {"message_id": asked.external_id}  # type: ignore[union-attr]


@pytest.mark.parametrize("emoji", ["👍", None])
async def test_reaction_is_set_and_taken_back(stage: Stage, emoji: str | None) -> None:
    (asked,) = await stage.inbound(**{"from": "mia", "type": "text", "text": "Hi"})
    target = asked.external_id  # type: ignore[union-attr]
    request = await _sent(stage, outgoing(reaction=(target, emoji), reply_to=target))
    assert request["reaction"] == {"message_id": target, "emoji": emoji or ""}
    assert "context" not in request


BUTTONS = {
    "type": "buttons",
    "body": "Shall we send it?",
    "header": "Your order",
    "footer": "Answer any time",
    "buttons": [{"id": "yes", "title": "Yes"}, {"id": "no", "title": "No"}],
}
LIST = {
    "type": "list",
    "body": "How fast?",
    "button": "Choose",
    "sections": [{"title": "", "rows": [{"id": "1", "title": "Slow", "description": "A week"}]}],
}


async def test_buttons_are_offered(stage: Stage) -> None:
    request = await _sent(stage, outgoing(K.INTERACTIVE, interactive=BUTTONS))
    assert request["interactive"] == {
        "type": "button",
        "body": {"text": "Shall we send it?"},
        "header": {"type": "text", "text": "Your order"},
        "footer": {"text": "Answer any time"},
        "action": {
            "buttons": [
                {"type": "reply", "reply": {"id": "yes", "title": "Yes"}},
                {"type": "reply", "reply": {"id": "no", "title": "No"}},
            ]
        },
    }


async def test_list_is_offered(stage: Stage) -> None:
    request = await _sent(stage, outgoing(K.INTERACTIVE, interactive=LIST))
    assert request["interactive"] == {
        "type": "list",
        "body": {"text": "How fast?"},
        "action": {
            "button": "Choose",
            "sections": [{"rows": [{"id": "1", "title": "Slow", "description": "A week"}]}],
        },
    }


@pytest.mark.parametrize(
    ("sample", "kind", "caption", "sent_as", "extra"),
    [
        ("photo", K.IMAGE, "Here", "image", {"caption": "Here"}),
        ("video", K.VIDEO, None, "video", {}),
        ("document", K.DOCUMENT, "It", "document", {"caption": "It", "filename": "Übersicht.bin"}),
        ("voice", K.VOICE, None, "audio", {"voice": True}),
        ("voice", K.AUDIO, None, "audio", {}),
        ("sticker", K.STICKER, None, "sticker", {}),
    ],
)
async def test_file_is_uploaded_and_played(
    stage: Stage, sample: str, kind: MessageKind, caption: str | None, sent_as: str, extra: dict[str, Any]
) -> None:
    await stage.inbound(**{"from": "mia", "type": "text", "text": "Hi"})
    stage.hooks.clear()
    request = await _sent(stage, outgoing(kind, file=_file(sample, kind), text=caption))
    assert request["type"] == sent_as
    assert {name: value for name, value in request[sent_as].items() if name != "id"} == extra
    await stage.idle()
    assert DeliveryState.FAILED not in {
        each.state for each in stage.read() if isinstance(each, StatusReported)
    }


async def test_nothing_is_sent_when_the_upload_is_refused(stage: Stage) -> None:
    await stage.tell("knobs", fail_next={"code": 131053, "on": "media"})
    result = await stage.channel.send(stage.credentials, outgoing(K.IMAGE, file=_file("photo", K.IMAGE)))
    assert isinstance(result, NotSent)
    assert result.failure.code == "media_not_taken"
    assert await stage.outbox() == []


async def test_lost_answer_of_an_upload_is_surely_not_sent(stage: Stage) -> None:
    await stage.tell("knobs", fail_next={"code": None, "on": "media"})
    result = await stage.channel.send(stage.credentials, outgoing(K.IMAGE, file=_file("photo", K.IMAGE)))
    assert isinstance(result, NotSent)
    assert (result.failure.code, result.retry_after) == ("vendor_unreachable", 5.0)


@pytest.mark.parametrize(
    ("code", "ours", "is_retried", "breaks"),
    [
        (190, "token_invalid", False, True),
        (10, "permission_missing", False, True),
        (131031, "account_restricted", False, True),
        (130429, "number_rate_limited", True, False),
        (131056, "pair_rate_limited", True, False),
        (131016, "vendor_overloaded", True, False),
        (131047, "window_closed", False, False),
        (131026, "recipient_not_on_whatsapp", False, False),
        (424242, "vendor_error", False, False),
    ],
)
async def test_refusal_is_surely_not_sent(
    stage: Stage, code: int, ours: str, is_retried: bool, breaks: bool
) -> None:
    await stage.tell("knobs", fail_next={"code": code})
    result = await stage.channel.send(stage.credentials, outgoing())
    assert isinstance(result, NotSent)
    assert (result.failure.code, result.failure.vendor_code) == (ours, str(code))
    assert (result.retry_after is not None, result.breaks_inbox) == (is_retried, breaks)
    assert await stage.outbox() == []


async def test_revoked_and_expired_tokens_are_told_apart(stage: Stage) -> None:
    await stage.tell("tokens", token="parley-demo-token", valid=False)
    revoked = await stage.channel.send(stage.credentials, outgoing())
    await stage.tell("tokens", token="parley-demo-token", valid=True, expires_at=1)
    expired = await stage.channel.send(stage.credentials, outgoing())
    assert isinstance(revoked, NotSent)
    assert isinstance(expired, NotSent)
    assert (revoked.failure.code, expired.failure.code) == ("token_invalid", "token_expired")
    assert revoked.breaks_inbox
    assert expired.breaks_inbox


async def test_unknown_number_breaks_the_inbox(stage: Stage) -> None:
    credentials = type(stage.credentials)(stage.credentials.inbox_id, "99999", stage.credentials.settings)
    result = await stage.channel.send(credentials, outgoing())
    assert isinstance(result, NotSent)
    assert (result.failure.code, result.failure.vendor_code) == ("number_not_found", "100/33")
    assert result.breaks_inbox


async def test_gateway_error_leaves_it_unknown(stage: Stage) -> None:
    await stage.tell("knobs", fail_next={"code": None, "http_status": 502})
    result = await stage.channel.send(stage.credentials, outgoing())
    assert isinstance(result, Unknown)
    assert result.failure.code == "no_answer"


async def test_cut_connection_leaves_it_unknown_and_the_status_tells(stage: Stage) -> None:
    await stage.inbound(**{"from": "mia", "type": "text", "text": "Hi"})
    stage.hooks.clear()
    await stage.tell("knobs", drop_response=1)
    assert isinstance(await stage.channel.send(stage.credentials, outgoing()), Unknown)
    assert len(await stage.outbox()) == 1
    await stage.idle()
    assert {each.token for each in stage.read() if isinstance(each, StatusReported)} == {"token-1"}


async def test_closed_port_is_surely_not_sent_and_a_forbidden_address_is_not_tried_again(
    stage: Stage,
) -> None:
    closed = "http://127.0.0.1:9"
    for trusted, code, retry_after in (
        ([closed], "vendor_unreachable", 5.0),
        ([], "vendor_not_allowed", None),
    ):
        client = OutgoingClient(trusted)
        result = await make_channel(client, closed).send(stage.credentials, outgoing())
        await client.aclose()
        assert isinstance(result, NotSent)
        assert (result.failure.code, result.retry_after) == (code, retry_after)


async def test_failure_after_acceptance_is_read_with_its_reason(stage: Stage) -> None:
    await stage.tell("knobs", fail_async={"code": 131042})
    assert isinstance(await stage.channel.send(stage.credentials, outgoing()), Sent)
    await stage.idle()
    found = stage.read()
    failed = next(each for each in found if isinstance(each, StatusReported) and each.failure)
    assert failed.state is DeliveryState.FAILED
    assert failed.failure is not None
    assert failed.failure.code == "payment_problem"
    assert any(isinstance(each, ChannelNotice) and each.is_problem for each in found)


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (outgoing(text="  "), "text_empty"),
        (outgoing(text="x" * 4097), "text_too_long"),
        (Outgoing("t", (), K.TEXT, "Hi"), "no_address"),
        (Outgoing("t", (Address("email", "a@example.com"),), K.TEXT, "Hi"), "no_address"),
        (outgoing(K.LOCATION), "kind_not_supported"),
        (outgoing(K.INTERACTIVE, interactive={"type": "list"}), "invalid_interactive"),
        (outgoing(K.IMAGE, file=_file("photo", K.IMAGE), text="x" * 1025), "caption_too_long"),
        (outgoing(K.VOICE, file=_file("voice", K.VOICE), text="Hi"), "caption_not_supported"),
        (outgoing(K.IMAGE, file=_file("sticker", K.IMAGE)), "media_type_refused"),
    ],
)
async def test_what_whatsapp_refuses_is_not_tried(stage: Stage, message: Outgoing, code: str) -> None:
    result = await stage.channel.send(stage.credentials, message)
    assert isinstance(result, NotSent)
    assert (result.failure.code, result.retry_after, result.breaks_inbox) == (code, None, False)
    assert await stage.outbox() == []


async def test_longest_text_and_most_buttons_are_taken(stage: Stage) -> None:
    await _sent(stage, outgoing(text="ü" * 4096))
    buttons = [{"id": f"{n}" * 256, "title": f"{n}" * 20} for n in range(3)]
    await _sent(
        stage, outgoing(K.INTERACTIVE, interactive={**BUTTONS, "body": "x" * 1024, "buttons": buttons})
    )
    rows = [{"id": f"{n}" * 200, "title": f"{n}" * 24, "description": "d" * 72} for n in range(10)]
    sections = [{"title": "t" * 24, "rows": [row]} for row in rows]
    await _sent(
        stage, outgoing(K.INTERACTIVE, interactive={**LIST, "body": "x" * 4096, "sections": sections})
    )


@pytest.mark.parametrize("is_typing", [False, True])
async def test_mark_read_shows_on_the_phone(stage: Stage, is_typing: bool) -> None:
    (asked,) = await stage.inbound(**{"from": "mia", "type": "text", "text": "Hi"})
    external_id = asked.external_id  # type: ignore[union-attr]
    assert await stage.channel.mark_read(stage.credentials, external_id, is_typing=is_typing)
    assert not await stage.channel.mark_read(stage.credentials, "wamid.nobody", is_typing=is_typing)


async def test_token_is_never_in_what_is_shown(stage: Stage) -> None:
    await stage.tell("tokens", token="parley-demo-token", valid=False)
    result = await stage.channel.send(stage.credentials, outgoing())
    assert "parley-demo-token" not in repr((result, stage.credentials, outgoing()))
