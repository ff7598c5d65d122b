"""The way out: sent once, in order, or visibly failed with a reason and a way on. Against Meta's stand-in over HTTP."""

from typing import Any

import asyncpg
import pytest
from tests.shop import Shop

from parley.core.ids import new_id
from parley.core.keystore import KeyKind


@pytest.fixture
async def conversation(shop: Shop) -> str:
    """Give a conversation that a contact has just begun."""
    await shop.writes("mia")
    return str((await shop.first_conversation())["id"])


async def attempts(shop: Shop, message: dict[str, Any]) -> list[dict[str, Any]]:
    life = (await shop.agent.get(f"/messages/{message['id']}/life")).json()["items"]
    return [event["detail"] for event in life if event["event"] == "attempt_finished"]


async def test_the_same_client_id_is_the_same_message(shop: Shop, conversation: str) -> None:
    client_id = str(new_id())
    first = await shop.sends(conversation, "Once", client_id=client_id)
    assert (await shop.sends(conversation, "Once", client_id=client_id))["id"] == first["id"]
    await shop.delivery(first, "delivered")
    assert (await shop.sends(conversation, "Once", client_id=client_id))["id"] == first["id"]
    assert len(await shop.outbox()) == 1


async def test_several_quick_messages_arrive_in_their_order(shop: Shop, conversation: str) -> None:
    words = [f"Line {n}" for n in range(5)]
    sent = [await shop.sends(conversation, line) for line in words]
    await shop.delivery(sent[-1], "delivered")
    assert [o["request"]["text"]["body"] for o in await shop.outbox()] == words
    assert [m["text"] for m in await shop.messages(conversation)][1:] == words


async def test_the_window_refuses_with_a_sentence_and_stores_nothing(
    shop: Shop, conversation: str, superuser: asyncpg.Connection
) -> None:
    await superuser.execute("UPDATE app.conversation SET last_inbound_at = now() - interval '25 hours'")
    body = {"text": "Still there?", "client_id": str(new_id())}
    refused = await shop.agent.post(f"/conversations/{conversation}/messages", body)
    assert refused.status_code == 409
    problem = refused.json()
    assert (problem["code"], problem["reason"], problem["allowed"]) == (
        "window_closed",
        "window_closed",
        "templates",
    )
    assert "24 hours" in problem["detail"]
    assert refused.headers["content-type"].startswith("application/problem+json")
    assert await superuser.fetchval("SELECT count(*) FROM app.message WHERE direction = 'out'") == 0
    assert await superuser.fetchval("SELECT count(*) FROM app.delivery") == 0
    (shown,) = await shop.conversations()
    assert not shown["window"]["is_open"]
    assert shown["window"]["message"] == problem["detail"]


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({"text": "x" * 4097}, "text_too_long", "limit"),
        ({"text": "  \n "}, "message_empty", None),
        ({}, "message_empty", None),
        (
            {
                "interactive": {
                    "type": "buttons",
                    "body": "Which?",
                    "buttons": [{"id": str(n), "title": f"Choice {n}"} for n in range(4)],
                }
            },
            "interactive_invalid",
            "limit",
        ),
        (
            {
                "interactive": {
                    "type": "buttons",
                    "body": "Which?",
                    "buttons": [{"id": "a", "title": "A"}, {"id": "a", "title": "B"}],
                }
            },
            "interactive_invalid",
            "reason",
        ),
        ({"text": "Hi", "reply_to": "018f0000-0000-7000-8000-000000000000"}, "invalid", None),
        ({"attachments": ["018f0000-0000-7000-8000-000000000000"]}, "not_found", None),
    ],
    ids=["too long", "blank", "nothing", "four buttons", "same ids", "a reply to nothing", "no such file"],
)
async def test_what_whatsapp_would_refuse_is_refused_before_it_is_stored(
    shop: Shop,
    conversation: str,
    superuser: asyncpg.Connection,
    body: dict[str, Any],
    code: str,
    field: str | None,
) -> None:
    body = {"client_id": str(new_id()), **body}
    refused = await shop.agent.post(f"/conversations/{conversation}/messages", body)
    assert refused.status_code in {404, 409, 422}
    assert refused.json()["code"] == code
    assert refused.json()["detail"]
    assert field is None or field in refused.json()
    assert await superuser.fetchval("SELECT count(*) FROM app.message WHERE direction = 'out'") == 0


async def test_a_file_that_whatsapp_does_not_take_is_refused(shop: Shop, conversation: str) -> None:
    file_id = await shop.upload(b"PK\x03\x04" + b"\0" * 100, "archive.zip", "application/zip")
    body = {"attachments": [file_id], "client_id": str(new_id())}
    refused = await shop.agent.post(f"/conversations/{conversation}/messages", body)
    assert (refused.status_code, refused.json()["code"]) == (422, "attachment_refused")
    assert refused.json()["reason"] == "type_refused"


async def test_what_the_vendor_throttles_is_tried_again_and_sent_once(shop: Shop, conversation: str) -> None:
    await shop.knobs(fail_next={"code": 130429})
    sent = await shop.sends(conversation)
    await shop.delivery(sent, "delivered")
    assert [a["outcome"] for a in await attempts(shop, sent)] == ["not_sent", "sent"]
    assert len(await shop.outbox()) == 1


async def test_a_blocked_contact_is_refused_until_the_failed_message_goes_through(
    shop: Shop, conversation: str
) -> None:
    await shop.knobs(fail_next={"code": 130403})
    failed = await shop.sends(conversation)
    delivery = await shop.delivery(failed, "failed")
    assert (delivery["reason"]["code"], delivery["reason"]["can_retry"]) == ("contact_blocked", True)
    path = f"/conversations/{conversation}/messages"
    refused = await shop.agent.post(path, {"text": "Hello again"})
    assert (refused.status_code, refused.json()["code"]) == (409, "contact_blocked")
    assert refused.json()["detail"]
    await shop.agent.post(f"/messages/{failed['id']}/retry")  # unblocked meanwhile
    await shop.delivery(failed, "delivered")
    assert (await shop.agent.post(path, {"text": "Hello again"})).status_code == 201


async def test_a_permanent_refusal_says_why_and_what_to_do(shop: Shop, conversation: str) -> None:
    await shop.knobs(fail_next={"code": 131047})
    sent = await shop.sends(conversation)
    delivery = await shop.delivery(sent, "failed")
    assert delivery["reason"]["code"] == "window_closed"
    assert "24 hours" in delivery["reason"]["message"]
    assert delivery["reason"]["hint"]
    assert delivery["reason"]["can_retry"] is False
    assert await shop.outbox() == []


async def test_a_failure_reported_later_fails_the_message_and_a_member_sends_it_again(
    shop: Shop, conversation: str
) -> None:
    await shop.knobs(fail_async={"code": 131026})
    sent = await shop.sends(conversation)
    delivery = await shop.delivery(sent, "failed")
    assert delivery["reason"]["code"] == "recipient_not_on_whatsapp"
    assert delivery["reason"]["hint"]
    again = await shop.agent.post(f"/messages/{sent['id']}/retry")
    assert again.status_code == 200, again.text
    await shop.delivery(sent, "delivered")
    assert len(await shop.outbox()) == 2
    refused = await shop.agent.post(f"/messages/{sent['id']}/retry")
    assert (refused.status_code, refused.json()["code"]) == (409, "not_retryable")


async def test_what_became_of_the_first_try_says_nothing_about_the_second(
    shop: Shop, conversation: str
) -> None:
    await shop.knobs(fail_async={"code": 131026})
    sent = await shop.sends(conversation)
    await shop.delivery(sent, "failed")
    (first,) = await shop.outbox()
    await shop.knobs(fail_next={"code": 130429, "count": 1})  # the second try waits, its id is not known yet
    await shop.agent.post(f"/messages/{sent['id']}/retry")
    await shop.control("status", {"id": first["id"], "status": "failed", "code": 131026})
    await shop.delivery(sent, "delivered")
    assert len(await shop.outbox()) == 2


async def test_an_answer_that_got_lost_is_unconfirmed_and_never_sent_again_by_itself(
    shop: Shop, conversation: str
) -> None:
    await shop.knobs(drop_response=1, status_delay_ms=600_000)
    sent = await shop.sends(conversation)
    delivery = await shop.delivery(sent, "unconfirmed")
    assert delivery["reason"]["can_retry"] is True
    following = await shop.sends(conversation, "And this?")
    await shop.delivery(following, "sent")
    assert [o["request"]["text"]["body"] for o in await shop.outbox()] == ["Yes, until six!", "And this?"]
    (lost, _) = await shop.outbox()
    await shop.control("status", {"id": lost["id"], "status": "delivered"})
    await shop.delivery(sent, "delivered")
    found = await shop.message(conversation, lambda m: m["id"] == sent["id"])
    assert found["external_id"] == lost["id"]
    assert [a["outcome"] for a in await attempts(shop, sent)] == ["unknown"]


async def test_statuses_that_overtake_the_answer_are_not_lost(shop: Shop, conversation: str) -> None:
    await shop.knobs(status_before_response=True, status_order=["read", "delivered", "sent"])
    sent = await shop.sends(conversation)
    await shop.delivery(sent, "read")
    life = [e["event"] for e in (await shop.agent.get(f"/messages/{sent['id']}/life")).json()["items"]]
    assert {"queued", "sent", "delivered", "read"} <= set(life)


async def test_a_token_that_meta_no_longer_takes_breaks_the_inbox_visibly(
    shop: Shop, conversation: str
) -> None:
    await shop.control("tokens", {"token": "parley-demo-token", "valid": False})
    sent = await shop.sends(conversation)
    delivery = await shop.delivery(sent, "failed")
    assert delivery["reason"]["code"] == "token_invalid"
    assert delivery["reason"]["can_retry"] is True
    (inbox,) = (await shop.agent.get("/inboxes")).json()["items"]
    assert (inbox["state"], inbox["state_code"]) == ("needs_attention", "token_invalid")
    await shop.control("tokens", {"token": "parley-demo-token", "valid": True})
    await shop.agent.post(f"/messages/{sent['id']}/retry")
    await shop.delivery(sent, "delivered")


async def test_after_a_change_of_number_answers_go_to_the_new_one(shop: Shop, conversation: str) -> None:
    await shop.writes("mia", "system", system={"phone": "491713920099"})
    await shop.processed()
    sent = await shop.sends(conversation)
    await shop.delivery(sent, "delivered")
    assert [o["to"] for o in await shop.outbox()] == ["+491713920099"]
    shown = [i["verb"] for i in await shop.timeline(conversation) if i["type"] == "activity"]
    assert shown == ["number_changed"]


async def test_somebody_without_a_number_is_answered_at_their_user_id(shop: Shop) -> None:
    await shop.writes("lucia", text="¡Hola!")
    conversation = await shop.first_conversation()
    sent = await shop.sends(conversation["id"], "¡Buenas!")
    await shop.delivery(sent, "delivered")
    (out,) = await shop.outbox()
    assert out["request"]["recipient"] == "ES.4402981177350026718"
    assert [m["content"]["body"] for m in await shop.phone("lucia")] == ["¡Hola!", "¡Buenas!"]


async def test_what_was_erased_before_it_was_sent_fails_instead_of_waiting_for_ever(
    shop: Shop, conversation: str, superuser: asyncpg.Connection
) -> None:
    await shop.knobs(fail_next={"code": 4})  # tried again in five minutes
    sent = await shop.sends(conversation, "For your eyes")

    async def was_tried() -> bool:
        return bool(await attempts(shop, sent))

    await shop.until(was_tried)
    contact = await superuser.fetchval("SELECT contact_id FROM app.message WHERE id = $1", sent["id"])
    await shop.house.keystore.destroy_subject(shop.office.workspace_id, KeyKind.CONTACT, contact)
    await superuser.execute("UPDATE jobs.pgqueuer SET execute_after = now()")
    delivery = await shop.delivery(sent, "failed")
    assert delivery["reason"]["code"] == "content_erased"
    assert await shop.outbox() == []
