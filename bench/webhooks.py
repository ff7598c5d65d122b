"""Calls as Meta makes them: bodies with escaped unicode, signed, as bytes ready for a socket."""

import json
import random
from typing import Any

from parley.channels.meta.signature import sign

NUMBER = "100000000000001"
_ACCOUNT = "200000000000001"
_WORDS = [
    "order",
    "blue",
    "shoes",
    "size",
    "when",
    "arrives",
    "thanks",
    "hello",
    "please",
    "still",
    "waiting",
    "parcel",
    "street",
    "invoice",
    "Größe",
    "Straße",
    "mañana",
    "envío",
    "gracias",
    "pedido",
    "bonjour",
    "colis",
    "merci",
    "livraison",
    "retour",
    "échange",
    "return",
    "refund",
    "card",
    "paid",
    "🙂",
    "👍",
]


def words(chance: random.Random) -> str:
    """Say something of 3 to 20 words."""
    return " ".join(chance.choices(_WORDS, k=chance.randint(3, 20)))


def phone(n: int) -> str:
    """Give the n-th person's number."""
    return f"49155{n:08d}"


def wamid(series: str, n: int) -> str:
    """Give the id of a series' n-th message; `number_in` reads n back."""
    return f"wamid.bench.{series}.{n}"


def message(id_: str, person: int, text: str, at: float) -> bytes:
    """Write the call that brings one text message; `at` in seconds since 1970."""
    number = phone(person)
    return _envelope(
        {
            "contacts": [{"profile": {"name": f"Person {person}"}, "wa_id": number}],
            "messages": [
                {"from": number, "id": id_, "timestamp": str(int(at)), "type": "text", "text": {"body": text}}
            ],
        }
    )


def status(id_: str, state: str, person: int, at: float) -> bytes:
    """Write the call that reports what became of a message of ours."""
    return _envelope(
        {
            "statuses": [
                {
                    "id": id_,
                    "status": state,
                    "timestamp": str(int(at)),
                    "recipient_id": phone(person),
                    "pricing": {
                        "billable": True,
                        "pricing_model": "PMP",
                        "type": "regular",
                        "category": "service",
                    },
                    "conversation": {"id": f"c{person}", "origin": {"type": "service"}},
                }
            ]
        }
    )


def signed(body: bytes, secret: str, *, path: str = "/hooks/meta") -> bytes:
    """Make the whole HTTP request, signed, for a connection that is kept."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: facebookexternalua\r\nAccept: */*\r\n"
        f"Content-Type: application/json\r\nX-Hub-Signature-256: {sign(body, secret)}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def get(port: int, path: str, cookie: str) -> bytes:
    """Make the request of a browser's page that is signed in."""
    return (
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: application/json\r\nSec-Fetch-Site: same-origin\r\n"
        f"Cookie: __Host-sid={cookie}\r\n\r\n"
    ).encode()


def _envelope(value: dict[str, Any]) -> bytes:
    whole = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "4930550100001", "phone_number_id": NUMBER},
        **value,
    }
    change = {"value": whole, "field": "messages"}
    envelope = {"object": "whatsapp_business_account", "entry": [{"id": _ACCOUNT, "changes": [change]}]}
    return json.dumps(envelope, separators=(",", ":")).encode()  # ASCII only, as Meta signs it
