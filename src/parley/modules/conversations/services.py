"""What reading and writing conversations needs besides the transaction, handed in by wiring."""

import dataclasses
from collections.abc import Mapping

from parley.core.sealing import Sealer
from parley.modules.conversations.ports import Transport
from parley.modules.files.urls import FileUrls


@dataclasses.dataclass(frozen=True, slots=True)
class Services:
    """The sealer, the channels' sending sides by name, and the signer of file addresses."""

    sealer: Sealer
    transports: Mapping[str, Transport]
    file_urls: FileUrls
