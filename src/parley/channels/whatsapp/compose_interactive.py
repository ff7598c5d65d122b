"""Write buttons and lists as the Cloud API wants them, with its limits checked before anything is sent.

Source: developers.facebook.com/docs/whatsapp/cloud-api/guides/send-messages (Interactive messages).
"""

from collections.abc import Iterable, Mapping
from typing import Any

from parley.channels.meta.reading import objects, text
from parley.channels.whatsapp.capabilities import (
    CAPABILITIES,
    MAX_BUTTON_ID,
    MAX_FOOTER,
    MAX_HEADER,
    MAX_ROW_ID,
    MAX_SECTION_TITLE,
    MAX_SECTIONS,
)
from parley.modules.conversations.types import Failure


class _LimitError(Exception):
    """A sentence that says which limit is broken."""


def compose_interactive(interactive: Mapping[str, Any]) -> dict[str, Any] | Failure:
    """Write the `interactive` object of buttons or a list, given in the shape of the API."""
    writer = {"buttons": _buttons, "list": _list}.get(text(interactive.get("type")) or "")
    if writer is None:
        return _invalid("Only buttons and lists can be offered on WhatsApp.")
    try:
        return writer(interactive)
    except _LimitError as limit:
        return _invalid(str(limit))


def _invalid(message: str) -> Failure:
    return Failure("invalid_interactive", message, "Change the buttons or the list, and send it again.")


def _buttons(interactive: Mapping[str, Any]) -> dict[str, Any]:
    rule = CAPABILITIES.buttons
    assert rule is not None
    buttons = list(objects(interactive.get("buttons")))
    if not 1 <= len(buttons) <= rule.max:
        raise _LimitError(f"There must be 1 to {rule.max} buttons.")
    replies = [
        {
            "id": _words("The id of a button", each.get("id"), MAX_BUTTON_ID),
            "title": _words("The title of a button", each.get("title"), rule.title_max),
        }
        for each in buttons
    ]
    _all_different("ids of the buttons", (reply["id"] for reply in replies))
    _all_different("titles of the buttons", (reply["title"] for reply in replies))
    action = {"buttons": [{"type": "reply", "reply": reply} for reply in replies]}
    return {"type": "button", **_frame(interactive, rule.body_max), "action": action}


def _list(interactive: Mapping[str, Any]) -> dict[str, Any]:
    rule = CAPABILITIES.list
    assert rule is not None
    sections = list(objects(interactive.get("sections")))
    if not 1 <= len(sections) <= MAX_SECTIONS:
        raise _LimitError(f"A list must have 1 to {MAX_SECTIONS} sections.")
    written: list[dict[str, Any]] = []
    for section in sections:
        title = _maybe("The title of a section", section.get("title"), MAX_SECTION_TITLE)
        if title is None and len(sections) > 1:
            raise _LimitError("Every section needs a title when there are several.")
        rows = [_row(row) for row in objects(section.get("rows"))]
        if not rows:
            raise _LimitError("Every section needs at least one row.")
        written.append({**({"title": title} if title else {}), "rows": rows})
    ids = [row["id"] for section in written for row in section["rows"]]
    if len(ids) > rule.max_rows:
        raise _LimitError(f"A list may have at most {rule.max_rows} rows in all.")
    _all_different("ids of the rows", ids)
    button = _words("The words that open the list", interactive.get("button"), rule.button_max)
    return {
        "type": "list",
        **_frame(interactive, rule.body_max),
        "action": {"button": button, "sections": written},
    }


def _row(row: Mapping[str, Any]) -> dict[str, str]:
    rule = CAPABILITIES.list
    assert rule is not None
    written = {
        "id": _words("The id of a row", row.get("id"), MAX_ROW_ID),
        "title": _words("The title of a row", row.get("title"), rule.title_max),
    }
    description = _maybe("The description of a row", row.get("description"), rule.description_max)
    return {**written, "description": description} if description else written


def _frame(interactive: Mapping[str, Any], body_max: int) -> dict[str, Any]:
    frame: dict[str, Any] = {"body": {"text": _words("The text", interactive.get("body"), body_max)}}
    if header := _maybe("The header", interactive.get("header"), MAX_HEADER):
        frame["header"] = {"type": "text", "text": header}
    if footer := _maybe("The footer", interactive.get("footer"), MAX_FOOTER):
        frame["footer"] = {"text": footer}
    return frame


def _words(what: str, value: Any, most: int) -> str:
    found = text(value)
    if found is None or not found.strip():
        raise _LimitError(f"{what} must not be empty.")
    if len(found) > most:
        raise _LimitError(f"{what} may have at most {most} characters.")
    return found


def _maybe(what: str, value: Any, most: int) -> str | None:
    return None if value is None or value == "" else _words(what, value, most)


def _all_different(what: str, values: Iterable[str]) -> None:
    found = list(values)
    if len(set(found)) != len(found):
        raise _LimitError(f"The {what} must all be different.")
