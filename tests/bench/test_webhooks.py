"""What the benchmark posts is what WhatsApp posts: our own channel reads it."""

from bench.webhooks import message, phone, signed, status, wamid

from parley.channels.meta.signature import is_signed
from parley.channels.whatsapp.parse import parse
from parley.channels.whatsapp.split import split
from parley.modules.conversations.types import DeliveryState, MessageArrived, StatusReported


def test_a_message_is_read_as_that_message() -> None:
    (item,) = split(message(wamid("x", 3), 12, "Größe 🙂", 1_790_000_000)).items
    (event,) = parse(item.payload)
    assert isinstance(event, MessageArrived)
    assert (event.external_id, event.text) == ("wamid.bench.x.3", "Größe 🙂")
    assert event.person.addresses[0].external_id == phone(12)


def test_a_status_is_read_as_that_status() -> None:
    (item,) = split(status("wamid.1", "read", 5, 1_790_000_000)).items
    (event,) = parse(item.payload)
    assert isinstance(event, StatusReported)
    assert (event.external_id, event.state) == ("wamid.1", DeliveryState.READ)


def test_a_request_is_signed_and_as_long_as_it_says() -> None:
    body = message(wamid("x", 1), 1, "ü", 0)
    head, _, rest = signed(body, "secret").partition(b"\r\n\r\n")
    headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
    assert rest == body
    assert body.isascii()
    assert int(headers["Content-Length"]) == len(body)
    assert is_signed(body, headers["X-Hub-Signature-256"], ["secret"])
