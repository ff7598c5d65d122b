"""Every documented sample becomes exactly what the table says."""

import datetime as dt
from collections.abc import Mapping

import pytest
from tests.channels.whatsapp.expected_messages import MESSAGES
from tests.channels.whatsapp.samples import (
    ACCOUNT,
    NUMBER,
    PHONE,
    SENT_AT,
    USER,
    arrived,
    body,
    names,
    read,
)

from parley.channels.whatsapp.errors import explain
from parley.channels.whatsapp.split import split
from parley.modules.conversations.types import (
    Address,
    ChannelNotice,
    DeliveryState,
    Failure,
    Ignored,
    Inbound,
    MessageKind,
    Person,
    StatusReported,
)

MANAGER = "The WhatsApp Manager of Meta shows the reason and the next step."
REMOVED = "Our app was removed from this WhatsApp Business account. Connect the inbox again."


def _status(state: DeliveryState, failure: Failure | None = None, token: str | None = None) -> StatusReported:
    return StatusReported("wamid.out", state, SENT_AT, failure, PHONE, token)


def _failure(code: int) -> Failure:
    return explain({"code": code}).failure


PAYMENT = _failure(131042)
LOCKED = _failure(131031)

STATUSES: Mapping[str, tuple[Inbound, ...]] = {
    "status_sent": (_status(DeliveryState.SENT, token="token-1"),),
    "status_delivered": (_status(DeliveryState.DELIVERED),),
    "status_read": (_status(DeliveryState.READ),),
    "status_played": (_status(DeliveryState.PLAYED),),
    "status_failed": (_status(DeliveryState.FAILED, _failure(131047)),),
    "status_failed_payment": (
        _status(DeliveryState.FAILED, PAYMENT),
        ChannelNotice("payment_problem", PAYMENT.message, is_problem=True, at=SENT_AT),
    ),
    "status_failed_without_errors": (_status(DeliveryState.FAILED, explain({}).failure),),
    "status_deleted": (Ignored("status_deleted"),),
    "status_warning": (Ignored("status_warning"),),
    "status_new": (Ignored("status_unknown"),),
    "status_group": (Ignored("group_status"),),
    "status_user_id_only": (StatusReported("wamid.out", DeliveryState.READ, SENT_AT, None, USER),),
}


def _notice(code: str, message: str, *, is_problem: bool = True) -> tuple[Inbound, ...]:
    return (ChannelNotice(code, message, is_problem),)


NOTICES: Mapping[str, tuple[Inbound, ...]] = {
    "value_errors": _notice("account_restricted", f"{LOCKED.message} {LOCKED.hint}"),
    "account_restriction": _notice(
        "account_restricted", f"Meta has restricted this WhatsApp Business account. {MANAGER}"
    ),
    "account_disabled": _notice(
        "account_restricted", f"Meta has disabled this WhatsApp Business account, or is about to. {MANAGER}"
    ),
    "account_reinstated": _notice(
        "account_reinstated", "This WhatsApp Business account works again.", is_problem=False
    ),
    "account_app_removed": _notice("app_removed", REMOVED),
    "account_other": (Ignored("account_update_unknown"),),
    "account_alert": _notice("account_alert", f"Meta has an alert for this account. {MANAGER}"),
    "account_review": _notice(
        "account_approved", "Meta has approved this WhatsApp Business account.", is_problem=False
    ),
    "quality_flagged": _notice("quality_flagged", f"Meta rates the quality of this number as low. {MANAGER}"),
    "quality_throughput": _notice("throughput_raised", "This number may now send faster.", is_problem=False),
    "name_rejected": _notice(
        "name_rejected", f"Meta has rejected the display name of this number. {MANAGER}"
    ),
    "security_pin": _notice(
        "pin_reset_requested",
        "Somebody asked Meta to switch off the two-step PIN of this number. Was it you?",
    ),
    "template_status": (Ignored("template_update"),),
    "user_preferences": (Ignored("user_preference"),),
    "address_book": (Ignored("address_book"),),
    "history": (Ignored("history"),),
    "history_media": (Ignored("history"),),
    "calls": (Ignored("call"),),
    "standby": (Ignored("standby"),),
    "unknown_field": (Ignored("unknown_field"),),
    "empty": (Ignored("empty"),),
}

BATCH: Mapping[str, tuple[Inbound, ...]] = {
    "batch": (
        arrived("b1", MessageKind.TEXT, "one"),
        arrived(
            "b2",
            MessageKind.TEXT,
            "two",
            person=Person((Address("whatsapp", "4915550100200"),), "Omar"),
        ),
        _status(DeliveryState.READ),
        ChannelNotice("number_rate_limited", _failure(130429).message, is_problem=False),
    )
}

EXPECTED: Mapping[str, tuple[Inbound, ...]] = {
    **{name: (found,) for name, found in MESSAGES.items()},
    **STATUSES,
    **NOTICES,
    **BATCH,
}


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_sample_becomes_what_the_table_says(name: str) -> None:
    assert read(name) == EXPECTED[name]


def test_every_sample_is_in_the_table() -> None:
    assert set(names()) == set(EXPECTED)


@pytest.mark.parametrize("name", names())
def test_sample_is_taken_apart_without_fault(name: str) -> None:
    found = split(body(name))
    assert found.fault is None
    assert found.items
    assert {item.channel for item in found.items} == {"whatsapp"}
    assert {item.route for item in found.items} <= {NUMBER, ACCOUNT}


def test_times_are_utc() -> None:
    (message,) = read("text")
    assert message.sent_at.utcoffset() == dt.timedelta(0)  # type: ignore[union-attr]  # the table says what it is
