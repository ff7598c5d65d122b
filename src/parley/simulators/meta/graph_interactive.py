"""Limits of interactive messages: buttons, lists, links, flows and the simpler requests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .graph_errors import missing, not_valid, param

JSON = dict[str, Any]
MAX_BUTTONS = 3
MAX_ROWS = 10
MAX_SECTIONS = 10


def check_interactive(content: JSON) -> None:
    """Refuse an interactive message outside Meta's limits (codes 100, 131008 and 131009)."""
    kind = content.get("type")
    if not kind:
        raise missing("interactive['type']")
    if kind not in _KINDS:
        raise param(f"Param interactive['type'] must be one of {{{', '.join(_KINDS)}}}")
    action = content.get("action")
    if not isinstance(action, dict):
        raise missing("interactive['action']")
    _check_frame(kind, content)
    check = _ACTIONS.get(kind)
    if check:
        check(action)


def _check_frame(kind: str, content: JSON) -> None:
    body = content.get("body")
    if body is None and kind not in ("product", "voice_call", "call_permission_request"):
        raise missing("interactive['body']")
    if body is not None:
        limit = 4096 if kind == "list" else 1024
        _length("Body text", body.get("text") if isinstance(body, dict) else None, limit)
    footer = content.get("footer")
    if footer is not None:
        _length("Footer text", footer.get("text") if isinstance(footer, dict) else None, 60)
    header = content.get("header")
    if header is None:
        return
    allowed = ("text",) if kind in ("list", "product_list") else ("text", "image", "video", "document")
    form = header.get("type") if isinstance(header, dict) else None
    if form not in allowed:
        raise not_valid(f"Header type must be one of {', '.join(allowed)} for interactive type {kind}")
    if form == "text":
        _length("Header text", header.get("text"), 60)
    elif not isinstance(header.get(form), dict) or not (header[form].get("id") or header[form].get("link")):
        raise missing(f"interactive['header']['{form}']")


def _length(name: str, value: Any, most: int, least: int = 1) -> None:
    if not isinstance(value, str) or not least <= len(value) <= most:
        raise not_valid(f"{name} length invalid. Min length: {least}, Max length: {most}")


def _unique(name: str, values: list[str]) -> None:
    if len(set(values)) != len(values):
        raise not_valid(f"Duplicated {name}")


def _check_buttons(action: JSON) -> None:
    buttons = action.get("buttons")
    if not isinstance(buttons, list) or not buttons:
        raise missing("interactive['action']['buttons']")
    if len(buttons) > MAX_BUTTONS:
        raise not_valid(f"Invalid buttons count. Min allowed buttons: 1, Max allowed buttons: {MAX_BUTTONS}")
    for button in buttons:
        reply = button.get("reply") if isinstance(button, dict) else None
        if not isinstance(reply, dict) or button.get("type") != "reply":
            raise missing("interactive['action']['buttons']['reply']")
        _length("Button id", reply.get("id"), 256)
        _length("Button title", reply.get("title"), 20)
    _unique("button id", [button["reply"]["id"] for button in buttons])
    _unique("button title", [button["reply"]["title"] for button in buttons])


def _check_list(action: JSON) -> None:
    _length("List button text", action.get("button"), 20)
    sections = action.get("sections")
    if not isinstance(sections, list) or not sections:
        raise missing("interactive['action']['sections']")
    if len(sections) > MAX_SECTIONS:
        raise not_valid(
            f"Invalid sections count. Min allowed sections: 1, Max allowed sections: {MAX_SECTIONS}"
        )
    row_ids: list[str] = []
    for section in sections:
        rows = section.get("rows") if isinstance(section, dict) else None
        if not isinstance(rows, list) or not rows:
            raise missing("interactive['action']['sections']['rows']")
        if len(sections) > 1 or section.get("title"):
            _length("Section title", section.get("title"), 24)
        for row in rows:
            if not isinstance(row, dict):
                raise param("Param interactive['action']['sections']['rows'] must hold JSON objects")
            _length("Row id", row.get("id"), 200)
            _length("Row title", row.get("title"), 24)
            if row.get("description") is not None:
                _length("Row description", row["description"], 72, least=0)
            row_ids.append(row["id"])
    if len(row_ids) > MAX_ROWS:
        raise not_valid(f"Total row count exceed max allowed count: {MAX_ROWS}")
    _unique("row id", row_ids)


def _check_link(action: JSON) -> None:
    parameters = action.get("parameters")
    if action.get("name") != "cta_url" or not isinstance(parameters, dict):
        raise missing("interactive['action']['parameters']")
    _length("Display text", parameters.get("display_text"), 20)
    url = parameters.get("url")
    if not isinstance(url, str) or not url.startswith(("http://", "https://")):
        raise not_valid("Param url is not a valid URL")


def _check_flow(action: JSON) -> None:
    parameters = action.get("parameters")
    if action.get("name") != "flow" or not isinstance(parameters, dict):
        raise missing("interactive['action']['parameters']")
    if not (parameters.get("flow_id") or parameters.get("flow_name")):
        raise missing("interactive['action']['parameters']['flow_id']")
    if parameters.get("flow_message_version") != "3":
        raise not_valid("Param flow_message_version must be 3")
    _length("Flow CTA", parameters.get("flow_cta"), 20)


def _check_products(action: JSON) -> None:
    sections = action.get("sections")
    if not action.get("catalog_id") or not isinstance(sections, list):
        raise missing("interactive['action']['catalog_id']")
    count = sum(len(section.get("product_items", [])) for section in sections if isinstance(section, dict))
    if not 1 <= count <= 30:
        raise not_valid("Invalid product count. Min: 1, Max: 30")


def _check_carousel(action: JSON) -> None:
    cards = action.get("cards")
    if not isinstance(cards, list) or not 2 <= len(cards) <= 10:
        raise not_valid("Invalid cards count. Min: 2, Max: 10")


def _named(name: str) -> Callable[[JSON], None]:
    def check(action: JSON) -> None:
        if action.get("name") != name:
            raise not_valid(f"Param interactive['action']['name'] must be {name}")

    return check


_ACTIONS: dict[str, Callable[[JSON], None]] = {
    "button": _check_buttons,
    "list": _check_list,
    "cta_url": _check_link,
    "flow": _check_flow,
    "product_list": _check_products,
    "carousel": _check_carousel,
    "location_request_message": _named("send_location"),
    "address_message": _named("address_message"),
    "contact_request": _named("request_contact_info"),
    "catalog_message": _named("catalog_message"),
    "voice_call": _named("voice_call"),
    "call_permission_request": _named("call_permission_request"),
}
_KINDS = (*_ACTIONS, "product")
