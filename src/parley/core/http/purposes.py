"""The register of outgoing calls: each names its purpose, so that what leaves the house can be listed."""

import dataclasses

_registered: dict[str, "Purpose"] = {}


@dataclasses.dataclass(frozen=True, slots=True)
class Purpose:
    """Why something is called; made by `register_purpose` only."""

    name: str
    """Dotted, stable, in logs and metrics: `whatsapp.send`."""
    reason: str
    """One sentence for the register that people read."""


def register_purpose(name: str, reason: str) -> Purpose:
    """Register a purpose at import time; the same name with another reason is refused."""
    purpose = Purpose(name, reason)
    if _registered.setdefault(name, purpose) != purpose:
        raise ValueError(f"the purpose {name} is registered already, for something else")
    return purpose


def list_purposes() -> list[Purpose]:
    """List what the loaded code may call out for, by name."""
    return [_registered[name] for name in sorted(_registered)]
