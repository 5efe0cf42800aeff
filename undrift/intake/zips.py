"""The parts of a zip from outside, unpacked piece by piece and never beyond what they say of themselves."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator

MEGABYTE = 1024 * 1024
CHUNK = MEGABYTE

# What comes, one way or another, where bytes of a zip are missing or wrong.
DAMAGE = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, LookupError, NotImplementedError, ValueError)

LOCAL_HEADER = struct.Struct("<4s2B4HL2L2H")


def unpacked(content: bytes, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """The part in pieces. BadZipFile where it is longer or shorter than it says, or other than its checksum."""
    header = content[entry.header_offset : entry.header_offset + LOCAL_HEADER.size]
    *_, name_length, extra_length = LOCAL_HEADER.unpack(header)
    begins = entry.header_offset + LOCAL_HEADER.size + name_length + extra_length
    packed = memoryview(content)[begins : begins + entry.compress_size]
    length = checksum = 0
    for chunk in _inflated(packed, entry.compress_type):
        length += len(chunk)
        checksum = zlib.crc32(chunk, checksum)
        if length > entry.file_size:
            break
        yield chunk
    if length != entry.file_size or checksum != entry.CRC:
        raise zipfile.BadZipFile


def _inflated(packed: memoryview, how: int) -> Iterator[bytes]:
    if how == zipfile.ZIP_STORED:
        for begins in range(0, len(packed), CHUNK):
            yield bytes(packed[begins : begins + CHUNK])
        return
    if how != zipfile.ZIP_DEFLATED:
        raise NotImplementedError
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    for begins in range(0, len(packed), CHUNK):
        rest: bytes | memoryview = packed[begins : begins + CHUNK]
        while rest and not inflater.eof:
            yield inflater.decompress(rest, CHUNK)
            rest = inflater.unconsumed_tail
    yield inflater.flush()
    if not inflater.eof:
        raise zipfile.BadZipFile
