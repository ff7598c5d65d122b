"""Opus sound in its two wrappers: reads what browsers record (WebM) and writes what WhatsApp sends (Ogg).

Nothing is decoded; the packets are only wrapped anew. Sources: RFC 3533 (Ogg), RFC 7845 (Opus in Ogg),
RFC 9559 (Matroska, of which WebM is a part).
"""

from __future__ import annotations

import secrets
import struct
from collections.abc import Iterator

_SEGMENT, _CLUSTER, _TRACKS, _TRACK_ENTRY, _BLOCK_GROUP = 0x18538067, 0x1F43B675, 0x1654AE6B, 0xAE, 0xA0
_INSIDE = (_SEGMENT, _CLUSTER, _TRACKS, _TRACK_ENTRY, _BLOCK_GROUP)
_CODEC_ID, _CODEC_PRIVATE, _SIMPLE_BLOCK, _BLOCK = 0x86, 0x63A2, 0xA3, 0xA1
_EBML = b"\x1aE\xdf\xa3"
_POLYNOMIAL = 0x04C11DB7


def is_webm(data: bytes) -> bool:
    return data[:4] == _EBML


def webm_to_ogg(data: bytes) -> bytes:
    """Move the Opus packets of a WebM recording into an Ogg file; raises ValueError when there are none."""
    head, packets, opus = b"", [], False
    for element, body in _elements(data):
        if element == _CODEC_ID:
            opus = opus or body == b"A_OPUS"
        elif element == _CODEC_PRIVATE and body.startswith(b"OpusHead"):
            head = body
        elif element in (_SIMPLE_BLOCK, _BLOCK):
            packets.append(_frame(body))
    if not opus or not head or not packets:
        raise ValueError("the recording holds no Opus sound")
    return ogg_opus(head, packets)


def ogg_opus(head: bytes, packets: list[bytes]) -> bytes:
    """Write Opus packets into an Ogg file, about a second per page."""
    serial = secrets.randbits(32)
    tags = b"OpusTags" + struct.pack("<I", 6) + b"parley" + struct.pack("<I", 0)
    pages = [_page(serial, 0, 0, [head], 0x02), _page(serial, 1, 0, [tags], 0)]
    position = struct.unpack_from("<H", head, 10)[0]
    waiting: list[bytes] = []
    for index, packet in enumerate(packets):
        waiting.append(packet)
        position += _samples(packet)
        last = index == len(packets) - 1
        if last or len(waiting) == 50 or sum(len(p) // 255 + 1 for p in waiting) > 200:
            pages.append(_page(serial, len(pages), position, waiting, 0x04 if last else 0))
            waiting = []
    return b"".join(pages)


def _elements(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Walk the elements flat: containers are entered, so that those of unknown length need no end."""
    at = 0
    while at < len(data):
        element, at = _number(data, at, keep_marker=True)
        size, at = _number(data, at, keep_marker=False)
        if element in _INSIDE:
            continue
        yield element, data[at : at + size]
        at += size


def _number(data: bytes, at: int, *, keep_marker: bool) -> tuple[int, int]:
    first = data[at] if at < len(data) else 0
    width = 9 - first.bit_length()
    if first == 0 or width > 8 or at + width > len(data):
        raise ValueError("the recording is damaged")
    value = int.from_bytes(data[at : at + width], "big")
    return (value if keep_marker else value & ((1 << (7 * width)) - 1)), at + width


def _frame(block: bytes) -> bytes:
    _, at = _number(block, 0, keep_marker=False)
    if len(block) < at + 3 or block[at + 2] & 0x06:
        raise ValueError("the recording is packed in a way that is not understood")
    return block[at + 3 :]


def _samples(packet: bytes) -> int:
    """Return the length of a packet in samples at 48 kHz (RFC 6716, 3.1)."""
    if not packet:
        return 0
    config, code = packet[0] >> 3, packet[0] & 3
    if config < 12:
        frame = (480, 960, 1920, 2880)[config % 4]
    elif config < 16:
        frame = (480, 960)[config % 2]
    else:
        frame = (120, 240, 480, 960)[config % 4]
    if code == 3:
        return frame * (packet[1] & 0x3F) if len(packet) > 1 else 0
    return frame * (1 if code == 0 else 2)


def _page(serial: int, sequence: int, position: int, packets: list[bytes], flags: int) -> bytes:
    lacing = b"".join(b"\xff" * (len(packet) // 255) + bytes([len(packet) % 255]) for packet in packets)
    fields = struct.pack("<4sBBqIII", b"OggS", 0, flags, position, serial, sequence, 0)
    page = bytearray(fields + bytes([len(lacing)]) + lacing + b"".join(packets))
    struct.pack_into("<I", page, 22, _checksum(page))
    return bytes(page)


def _table() -> list[int]:
    table = []
    for byte in range(256):
        rest = byte << 24
        for _ in range(8):
            rest = (rest << 1) ^ _POLYNOMIAL if rest & 0x80000000 else rest << 1
        table.append(rest & 0xFFFFFFFF)
    return table


_CRC = _table()


def _checksum(data: bytes | bytearray) -> int:
    rest = 0
    for byte in data:
        rest = ((rest << 8) & 0xFFFFFFFF) ^ _CRC[(rest >> 24) ^ byte]
    return rest
