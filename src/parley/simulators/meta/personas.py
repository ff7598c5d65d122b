"""The people with phones: who they are, how Meta identifies them, and the ones every simulator starts with."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from .ids import bsuid, digits

IDENTITIES = ("phone", "phone_bsuid", "bsuid", "bsuid_in_from")


@dataclass(slots=True)
class Persona:
    """One customer and their phone."""

    id: str
    name: str
    phone: str | None = None
    """Digits without a plus; this is the wa_id. The person has one even when it is not shared."""
    bsuid: str | None = None
    username: str | None = None
    identity: str = "phone"
    """What webhooks reveal: `phone`, `phone_bsuid`, `bsuid`, or `bsuid_in_from` (a BSUID where a number belongs)."""
    language: str = "en"
    auto: bool = False
    """Writes, reads and answers by itself."""
    read_receipts: bool = True
    airplane: bool = False
    about: str = ""

    @property
    def shows_phone(self) -> bool:
        return self.phone is not None and self.identity in ("phone", "phone_bsuid")

    @property
    def shows_bsuid(self) -> bool:
        return self.bsuid is not None and self.identity != "phone"

    @property
    def address(self) -> str:
        """What message ids and logs call this person: the number where it is known, else the BSUID."""
        return (self.phone if self.shows_phone else self.bsuid) or self.id

    def as_dict(self) -> dict[str, Any]:
        return {f.name: getattr(self, f.name) for f in fields(self)}


def persona_from(data: dict[str, Any], persona_id: str) -> Persona:
    """Build a persona from a description; raises ValueError on an unknown identity mode or a broken number."""
    identity = str(data.get("identity") or _implied_identity(data))
    if identity not in IDENTITIES:
        raise ValueError(f"identity must be one of {', '.join(IDENTITIES)}")
    phone = digits(str(data["phone"])) if data.get("phone") else None
    if phone is not None and not (phone.isascii() and phone.isdigit() and 7 <= len(phone) <= 15):
        raise ValueError("phone must be a number with its country code, such as +49 171 3920011")
    if phone is None and identity in ("phone", "phone_bsuid"):
        raise ValueError("a persona that is known by its number needs a phone")
    user_id = data.get("bsuid") or (bsuid(str(data.get("country") or "US")) if identity != "phone" else None)
    return Persona(
        id=persona_id,
        name=str(data.get("name") or phone or "Somebody")[:80],
        phone=phone,
        bsuid=str(user_id)[:140] if user_id else None,
        username=str(data["username"])[:60] if data.get("username") else None,
        identity=identity,
        language=str(data.get("language") or "en")[:5],
        auto=bool(data.get("auto", False)),
        read_receipts=bool(data.get("read_receipts", True)),
        airplane=bool(data.get("airplane", False)),
        about=str(data.get("about") or "")[:200],
    )


def _implied_identity(data: dict[str, Any]) -> str:
    if data.get("phone"):
        return "phone_bsuid" if data.get("bsuid") else "phone"
    return "bsuid"


def default_personas() -> list[Persona]:
    """The cast: four phones for whoever tries the product, and customers who act by themselves."""
    yours = [
        Persona("mia", "Mia Brandt", "491713920011", language="de", about="Phone number only"),
        Persona(
            "tom", "Tom Ellis", "447700900123", "GB.7315520098812045113", "tom.ellis", "phone_bsuid",
            about="Phone number and business-scoped id",
        ),
        Persona(
            "lucia", "Lucía Romero", "34600000112", "ES.4402981177350026718", "lucia.romero", "bsuid", "es",
            about="Has a username; the number stays private",
        ),
        Persona("amir", "أمير حدّاد", "971500000142", language="ar", about="Writes from right to left"),
    ]  # fmt: skip
    customers = [
        Persona("jonas", "Jonas Keller", "491713920023", language="de", auto=True),
        Persona(
            "grace", "Grace Okafor", "447700900456", "GB.1180274450937716208", None, "phone_bsuid", auto=True
        ),
        Persona("mateo", "Mateo Ibáñez", "34600000178", language="es", auto=True),
        Persona("helen", "Helen Park", "15550100144", language="en", auto=True),
        Persona(
            "sofie", "Sofie Lindner", "491713920047", "DE.5520187743019826640", "sofie.l", "bsuid", "de", True
        ),
        Persona("camila", "Camila Ríos", "5215550100177", language="es", auto=True),
    ]
    return yours + customers
