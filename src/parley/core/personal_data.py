"""What every stored column is: the classification from which data map, export, erasure and retention are computed.

Categories are fideslang keys (Ethyca, https://ethyca.github.io/fideslang/). A column without a `Datum` fails the
build; a table's columns say who they are about, why they are kept, and what erasure does to them.
"""

import dataclasses
import enum
from typing import Any

from sqlalchemy.orm import DeclarativeBase, MappedColumn, mapped_column


class Subject(enum.StrEnum):
    NOBODY = "nobody"
    CONTACT = "contact"
    MEMBER = "member"
    USER = "user"
    WORKSPACE = "workspace"


class Basis(enum.StrEnum):
    CONTRACT = "contract"
    CONSENT = "consent"
    LEGITIMATE_INTEREST = "legitimate_interest"
    LEGAL_DUTY = "legal_duty"


class Erasure(enum.StrEnum):
    """What happens to the column when its subject is erased."""

    DELETE = "delete"
    """The row goes, or the value becomes null."""
    SHRED = "shred"
    """Sealed: the key is destroyed first, the bytes go with the row."""
    KEEP = "keep"
    """Says nothing about anybody once the rest is gone."""


class Retention(enum.StrEnum):
    """The rule that ends the column's life; periods are settings."""

    WORKSPACE = "workspace"
    CONTENT = "content"
    CONTACT = "contact"
    ACCOUNT = "account"
    MEMBER = "member"
    ITEM = "item_30_days"
    EVENT_LOG = "event_log_7_days"
    IDEMPOTENCY = "idempotency_1_day"
    SECURITY_LOG = "security_log_12_months"
    CREDENTIAL = "until_disconnected"


@dataclasses.dataclass(frozen=True, slots=True)
class Datum:
    """The classification of one column.

    `role` is ours under data protection law for this datum: processor for what belongs to a workspace's customers,
    controller for accounts. `for_ai` says whether the value may be put before a language model at all.
    """

    category: str
    subject: Subject
    purpose: str
    basis: Basis
    retention: Retention
    erasure: Erasure
    for_ai: bool = False
    role: str = "processor"
    is_sealed: bool = False


def technical(retention: Retention = Retention.WORKSPACE) -> Datum:
    """Classify a column that keeps the house in order and says nothing about a person."""
    return Datum(
        "system.operations",
        Subject.NOBODY,
        "essential.service",
        Basis.CONTRACT,
        retention,
        Erasure.KEEP,
    )


def of_workspace(category: str = "user.workplace", *, sealed: bool = False) -> Datum:
    """Classify what a business tells about itself or sets for itself."""
    return Datum(
        category,
        Subject.WORKSPACE,
        "essential.service",
        Basis.CONTRACT,
        Retention.CREDENTIAL if sealed else Retention.WORKSPACE,
        Erasure.SHRED if sealed else Erasure.DELETE,
        role="controller" if not sealed else "processor",
        is_sealed=sealed,
    )


def of_user(category: str, *, retention: Retention = Retention.ACCOUNT) -> Datum:
    """Classify what belongs to a person who signs in."""
    return Datum(
        category,
        Subject.USER,
        "essential.service.authentication",
        Basis.CONTRACT,
        retention,
        Erasure.DELETE,
        role="controller",
    )


def of_member(category: str = "user.unique_id.pseudonymous", *, erasure: Erasure = Erasure.DELETE) -> Datum:
    """Classify what a member is or did in a workspace."""
    return Datum(
        category,
        Subject.MEMBER,
        "essential.service.operations",
        Basis.CONTRACT,
        Retention.MEMBER,
        erasure,
    )


def of_contact(
    category: str,
    *,
    retention: Retention = Retention.CONTACT,
    for_ai: bool = False,
    erasure: Erasure = Erasure.DELETE,
) -> Datum:
    """Classify what is known about a contact, in ordinary columns."""
    return Datum(
        category,
        Subject.CONTACT,
        "essential.service.communication",
        Basis.CONTRACT,
        retention,
        erasure,
        for_ai=for_ai,
    )


def sealed_content(retention: Retention = Retention.CONTENT, *, for_ai: bool = True) -> Datum:
    """Classify conversation content: sealed under the contact's key, unreadable once that key is destroyed."""
    return Datum(
        "user.content.private",
        Subject.CONTACT,
        "essential.service.communication",
        Basis.CONTRACT,
        retention,
        Erasure.SHRED,
        for_ai=for_ai,
        is_sealed=True,
    )


class Base(DeclarativeBase):
    """The mother of all tables. Classes name tables and columns; nothing is ever loaded as an object."""


def classified(datum: Datum, *args: Any, **options: Any) -> MappedColumn[Any]:
    """Declare a column together with what it is."""
    return mapped_column(*args, info={"datum": datum}, **options)


def datum_of(column: Any) -> Datum | None:
    """Find a column's classification."""
    found = column.info.get("datum")
    return found if isinstance(found, Datum) else None
