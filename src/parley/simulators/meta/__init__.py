"""A stand-in for Meta's messaging platforms: the Graph API, signed webhooks, and phones for people.

It speaks Meta's HTTP and nothing else; the product cannot tell it from the vendor. WhatsApp is here so far;
Messenger and Instagram would add their own `graph_*` and payload makers beside it.
"""

from .app import create_app
from .config import BusinessNumber, Knobs, SimulatorConfig
from .main import main

__all__ = ["BusinessNumber", "Knobs", "SimulatorConfig", "create_app", "main"]
