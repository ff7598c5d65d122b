"""The approved message templates of the demo business, and the checks of a template send."""

from __future__ import annotations

import re
from typing import Any

from .graph_errors import GraphError

JSON = dict[str, Any]
_VARIABLE = re.compile(r"\{\{(\w+)\}\}")


def _template(serial: int, name: str, language: str, category: str, body: str, **more: Any) -> JSON:
    components: list[JSON] = [{"type": "BODY", "text": body}]
    if "header" in more:
        components.insert(0, {"type": "HEADER", "format": "TEXT", "text": more["header"]})
    if "footer" in more:
        components.append({"type": "FOOTER", "text": more["footer"]})
    if "buttons" in more:
        buttons = [{"type": "QUICK_REPLY", "text": text} for text in more["buttons"]]
        components.append({"type": "BUTTONS", "buttons": buttons})
    return {
        "id": str(730000000000000 + serial),
        "name": name,
        "language": language,
        "category": category,
        "status": more.get("status", "APPROVED"),
        "components": components,
    }


TEMPLATES: tuple[JSON, ...] = (
    _template(1, "hello_world", "en_US", "UTILITY",
              "Welcome and congratulations!! This message demonstrates your ability to send a message notification "
              "from the Cloud API.", header="Hello World", footer="WhatsApp Business Platform sample message"),
    _template(2, "order_update", "en", "UTILITY",
              "Hi {{1}}, your order {{2}} is on its way and should arrive on {{3}}. Thank you!",
              buttons=["Track it", "Talk to us"]),
    _template(3, "order_update", "de", "UTILITY",
              "Hallo {{1}}, Ihre Bestellung {{2}} ist unterwegs und kommt voraussichtlich am {{3}} an. Danke!",
              buttons=["Verfolgen", "Frage stellen"]),
    _template(4, "order_update", "es", "UTILITY",
              "Hola {{1}}, tu pedido {{2}} está en camino y debería llegar el {{3}}. ¡Gracias!",
              buttons=["Seguir envío", "Preguntar"]),
    _template(5, "back_to_you", "en", "UTILITY", "Hello {{1}}, we have an answer to your question. May we go on here?",
              buttons=["Yes, please"]),
    _template(6, "back_to_you", "de", "UTILITY",
              "Hallo {{1}}, wir haben eine Antwort auf Ihre Frage. Dürfen wir hier weiterschreiben?",
              buttons=["Ja, gern"]),
    _template(7, "spring_roast", "en", "MARKETING", "Our spring roast has arrived. Would you like to taste it?",
              buttons=["Tell me more", "Not now"]),
    _template(8, "winter_sale", "en", "MARKETING", "Winter sale is over, dear {{1}}, but here is a code.",
              status="PAUSED"),
)  # fmt: skip


def find_template(name: str, language: str) -> JSON:
    """Find a template by name and language; raises 132001 unless it exists, 132015 while it is paused."""
    for template in TEMPLATES:
        if (template["name"], template["language"]) == (name, language):
            if template["status"] == "PAUSED":
                raise GraphError(132015, "Template is paused due to low quality.")
            return template
    raise GraphError(132001, f"template name ({name}) does not exist in {language}")


def check_template(content: JSON) -> JSON:
    """Match the parameters of a send against the template; returns it filled in, as a phone shows it."""
    template = find_template(str(content["name"]), str(content["language"]["code"]))
    given = {
        str(part.get("type", "")).lower(): part.get("parameters") or []
        for part in content.get("components", [])
    }
    shown: JSON = {
        "name": template["name"],
        "language": content["language"],
        "components": content.get("components", []),
    }
    for part in template["components"]:
        kind = part["type"].lower()
        if kind == "buttons":
            shown["buttons"] = [button["text"] for button in part["buttons"]]
            continue
        shown[kind] = _filled(kind, part["text"], given.get(kind, []))
    return shown


def _filled(kind: str, text: str, parameters: list[Any]) -> str:
    names = list(dict.fromkeys(_VARIABLE.findall(text)))
    if len(parameters) != len(names):
        raise GraphError(
            132000,
            f"{kind}: number of localizable_params ({len(parameters)}) does not match the expected ({len(names)})",
        )
    values: dict[str, str] = {}
    for position, parameter in enumerate(parameters):
        if not isinstance(parameter, dict) or not isinstance(parameter.get("text"), str):
            raise GraphError(132012, f"{kind}: Parameter of type TEXT is missing text value")
        values[str(parameter.get("parameter_name") or names[position])] = parameter["text"]
    return _VARIABLE.sub(lambda match: values.get(match[1], match[0]), text)
