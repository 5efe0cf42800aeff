"""The parts of a zip from outside, unpacked piece by piece and never beyond what they say of themselves."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator

MEGABYTE = 1024 * 1024
CHUNK = MEGABYTE

# What comes, one way or another, where bytes of a zip are missing or wrong.
DAMAGE = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, LookupError, NotImplementedError, ValueError)

NAME_IN_UTF_8 = 0x800
COUNTED_AT = 10  # in the last line of a zip
LOCAL_HEADER = struct.Struct("<4s2B4HL2L2H")


def entries(content: bytes) -> list[zipfile.ZipInfo]:
    """The parts in the zip's list. BadZipFile where there are fewer of them than its last line counts."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        found = archive.infolist()
    counted = struct.unpack_from("<H", content, content.rindex(b"PK\x05\x06") + COUNTED_AT)[0]
    if counted != len(found):
        raise zipfile.BadZipFile
    return found


def unspoilt(content: bytes, parts: Iterable[zipfile.ZipInfo]) -> None:
    """BadZipFile where a part has not arrived as it was sent: what is not read might be what was meant."""
    for entry in parts:
        for _ in unpacked(content, entry):
            pass


def unpacked(content: bytes, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """The part in pieces. BadZipFile where it is longer or shorter than it says, or other than its checksum."""
    begins = _begins(content, entry)
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


def _begins(content: bytes, entry: zipfile.ZipInfo) -> int:
    """Where the part's own bytes begin. BadZipFile where its name is not that of the list: no checksum covers it."""
    after = entry.header_offset + LOCAL_HEADER.size
    begins: int
    signature, *_, name_length, extra_length = LOCAL_HEADER.unpack(content[entry.header_offset : after])
    name = content[after : after + name_length].decode("utf-8" if entry.flag_bits & NAME_IN_UTF_8 else "cp437")
    if signature != b"PK\x03\x04" or name != entry.orig_filename:
        raise zipfile.BadZipFile
    begins = after + name_length + extra_length
    return begins


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
