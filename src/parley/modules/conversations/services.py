"""What reading and writing conversations needs besides the transaction, handed in by wiring."""

import dataclasses
from collections.abc import Mapping

from parley.core.sealing import Sealer
from parley.modules.conversations.ports import Transport
from parley.modules.files.store import FileStore
from parley.modules.files.urls import FileUrls


@dataclasses.dataclass(frozen=True, slots=True)
class Services:
    """The sealer, the channels' sending sides by name, the signer of file addresses, the store of files."""

    sealer: Sealer
    transports: Mapping[str, Transport]
    file_urls: FileUrls
    files: FileStore
