"""The state of a department as bytes: versioned, bounded, quick. Parts that did not change are not written anew."""

import struct
from collections.abc import Sequence
from typing import Any

import orjson
import zstandard

from soundings.services.firestorms.sample import Sample, Seen

VERSION = 2
"""2: hours in half precision, people who pass hostile words on, the end of the last storm."""
_PACK = zstandard.ZstdCompressor(level=1)
_UNPACK = zstandard.ZstdDecompressor()
_LENGTH = struct.Struct(">I")
LARGEST = 64 * 1024 * 1024
"""Bytes of one part when unpacked; a state is far below, a broken one must not fill the memory."""


class UnknownVersion(ValueError):
    """Written by a newer version: start the newer one, or drop the state and learn again."""


def pack(value: object) -> bytes:
    return squeeze(orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS))


def unpack(data: bytes) -> Any:
    """What was packed: lists for tuples. Whoever reads a state knows its form, since the version says it."""
    return orjson.loads(unsqueeze(data))


def squeeze(data: bytes) -> bytes:
    return _PACK.compress(data)


def unsqueeze(data: bytes) -> bytes:
    return _UNPACK.decompress(data, max_output_size=LARGEST)


def pack_sample(sample: Sample) -> bytes:
    """The same bytes for the same posts, however they came."""
    return pack([sample.bound, sample.theta, [_row(seen) for seen in sorted(sample)]])


def _row(seen: Seen) -> list[str | int]:
    """Without the last two fields where they are not known: no source without such counts pays for them."""
    return list(seen if seen.answers >= 0 else seen[:-2])


def unpack_sample(data: bytes) -> Sample:
    bound, theta, posts = unpack(data)
    return Sample(bound, theta, (Seen(*post) for post in posts))


def join(parts: Sequence[bytes]) -> bytes:
    return b"".join([bytes([VERSION]), *(piece for part in parts for piece in (_LENGTH.pack(len(part)), part))])


def split(data: bytes) -> list[bytes]:
    """
    Raises:
        UnknownVersion: the state was written by a newer version.
    """
    if not data or data[0] != VERSION:
        raise UnknownVersion(f"state of version {data[0] if data else 'none'}, this is {VERSION}")
    parts, at = [], 1
    while at < len(data):
        (length,) = _LENGTH.unpack_from(data, at)
        at += _LENGTH.size
        parts.append(data[at : at + length])
        at += length
    return parts
