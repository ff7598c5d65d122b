"""The form that connects a WhatsApp number, and how its values are read. The live check is in `health`."""

import re
from collections.abc import Mapping

from parley.modules.inboxes.types import FormField, Problem

PHONE_NUMBER_ID = "phone_number_id"
WABA_ID = "waba_id"
ACCESS_TOKEN = "access_token"  # noqa: S105 - the field's name

_META_ID = r"[0-9]{5,20}"

FIELDS = (
    FormField(
        PHONE_NUMBER_ID,
        "Phone number ID",
        "text",
        "Meta's ID of the number, not the number itself: in the app dashboard under WhatsApp, API Setup.",
        pattern=_META_ID,
    ),
    FormField(
        WABA_ID,
        "WhatsApp Business account ID",
        "text",
        "The account that the number belongs to; shown beside the phone number ID.",
        pattern=_META_ID,
    ),
    FormField(
        ACCESS_TOKEN,
        "Access token",
        "secret",
        "A token of a system user with whatsapp_business_messaging and whatsapp_business_management, without expiry. "
        "The temporary token of the dashboard works for a day.",
        pattern=r"[!-~]{8,2000}",
    ),
)


def clean(settings: Mapping[str, str]) -> dict[str, str]:
    """Take the values of the form without the blanks that copying brings along."""
    return {field.name: (settings.get(field.name) or "").strip() for field in FIELDS}


def access_token(settings: Mapping[str, str]) -> str:
    """Read the token that calls to the Graph carry."""
    return (settings.get(ACCESS_TOKEN) or "").strip()


def find_faults(settings: Mapping[str, str]) -> tuple[Problem, ...]:
    """List what is missing or cannot be right, before Meta is asked anything."""
    problems = []
    for field in FIELDS:
        value = settings.get(field.name, "")
        if not value:
            problems.append(Problem("required", f"{field.label} is missing.", field.name))
        elif field.pattern and not re.fullmatch(field.pattern, value):
            problems.append(
                Problem("malformed", f"{field.label} does not look right. {field.help}", field.name)
            )
    return tuple(problems)
