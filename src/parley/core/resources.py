"""What a process holds open, gathered in one place and handed to whoever needs it. Opened and closed by the doors."""

import dataclasses

from parley.core.bell import Bell
from parley.core.db.tx import Database
from parley.core.http import OutgoingClient
from parley.core.keystore import KeyStore
from parley.core.rootkey import RootKey
from parley.core.sealing import Sealer
from parley.core.settings import Settings
from parley.core.storage import Storage


@dataclasses.dataclass(frozen=True, slots=True)
class Resources:
    """The open house of one process."""

    settings: Settings
    root_key: RootKey
    database: Database
    bell: Bell
    keystore: KeyStore
    sealer: Sealer
    storage: Storage
    outgoing: OutgoingClient
