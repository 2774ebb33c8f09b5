"""Where a picture's bytes begin, where they end, and what else is hidden among them.

Reads the outer structure only, in plain Python and in time that grows with the
length, so it may run inside the server. May not enter: Pillow, pixels, metadata.
"""

import re
import struct
from collections.abc import Callable
from dataclasses import dataclass

_HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1", b"hevc")
_HEIF_BOXES = (
    *(b"ftyp", b"meta", b"mdat", b"moov", b"free", b"skip", b"uuid", b"idat"),
    *(b"moof", b"mpvd", b"wide", b"pdin", b"styp"),
)

# Whoever guesses a type from the bytes may take one of these for a page or program.
_PAGE = re.compile(rb"<(?:script|html|svg|\?php|!doctype\s+html)[\s>]", re.IGNORECASE)
_ARCHIVE = re.compile(rb"Rar!\x1a\x07|7z\xbc\xaf\x27\x1c")
_PROGRAM = re.compile(rb"\x7fELF|MZ|#!")
_PDF_IS_SOUGHT_IN = 1024

# A 0xFF in the middle of a scan that stands for something: not stuffing, not filling.
# (One 0xFF only: `\xff+` would go over a long run of them again for each of them.)
_MARKER = re.compile(rb"\xff([^\x00\xff])")
_FILLING = re.compile(rb"\xff+")
_BETWEEN_SCANS = {0xC4, 0xDA, 0xDB, 0xDC, 0xDD, 0xFE, *range(0xE0, 0xF0)}
_FRAMES = {0xC0, 0xC1, 0xC2, 0xC3}


# More parts than any camera writes; walking on would keep the server busy.
_MOST_PARTS = 1_000_000


class _Endless(Exception):
    """The file has more parts than `_MOST_PARTS`."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Format by its signature, and what is wrong with the outer structure."""

    format: str | None
    flaw: str | None = None


@dataclass(frozen=True, slots=True)
class _Extent:
    """Where the picture ends; None if its bytes end first."""

    end: int | None
    damaged: bool = False


def shape_of(data: bytes) -> Shape:
    """What these bytes say they are, and whether they are that and nothing more."""
    for name, begins, walk in _FORMATS:
        if begins(data):
            try:
                return Shape(name, _flaw(data, walk(data)))
            except _Endless:
                return Shape(name, "too_costly")
    return Shape(None, "not_a_picture")


def _flaw(data: bytes, extent: _Extent) -> str | None:
    if is_something_else_too(data, extent.end):
        return "polyglot"
    if extent.end is None:
        return "truncated"
    return "damaged" if extent.damaged else None


def is_something_else_too(data: bytes, end: int | None) -> bool:
    """Whether a page, an archive, a document or a program shares the file.

    Bytes behind the picture alone are no offence: phones append a second picture or
    a short film.
    """
    behind = len(data) if end is None else end
    return (
        data.find(b"%PDF-", 0, _PDF_IS_SOUGHT_IN) >= 0
        or data.find(b"%PDF-", behind) >= 0
        or _PROGRAM.match(data, behind) is not None
        or _ARCHIVE.search(data) is not None
        or _PAGE.search(data) is not None
        or _is_zip(data)
    )


def _is_zip(data: bytes) -> bool:
    """A ZIP is read from its end: a directory's end that points to a directory."""
    at = data.rfind(b"PK\x05\x06", max(0, len(data) - 65557))
    if at < 0 or at + 22 > len(data):
        return False
    entries, size = struct.unpack_from("<HI", data, at + 10)
    return bool(entries) and data.startswith(b"PK\x01\x02", max(0, at - size))


def _jpeg(data: bytes) -> _Extent:
    """Segments up to the first scan, then scans up to the end of the image."""
    at, frame, interval = 2, b"", 0
    for _ in range(_MOST_PARTS):
        if not (filled := _FILLING.match(data, at)) or filled.end() + 3 > len(data):
            return _Extent(None)
        at = filled.end()
        marker, length = data[at], int.from_bytes(data[at + 1 : at + 3])
        if marker in _FRAMES:
            frame = data[at + 3 : at + 1 + length]
        if marker == 0xDD:
            interval = int.from_bytes(data[at + 3 : at + 5])
        at += 1 + max(length, 2)
        if marker == 0xDA:
            return _scans(data, at, _restarts(frame, interval))
    raise _Endless


def _restarts(frame: bytes, interval: int) -> int | None:
    """How many restart markers one scan of this frame holds; None if unknown."""
    if not interval or len(frame) < 6 + 3 * (count := frame[5] if frame[5:] else 0):
        return None
    height, width = struct.unpack_from(">HH", frame, 1)
    factors = [frame[7 + 3 * n] for n in range(count)]
    across = 8 * max((f >> 4 for f in factors), default=1) if count > 1 else 8
    down = 8 * max((f & 15 for f in factors), default=1) if count > 1 else 8
    if not (height and width and across and down):
        return None
    units: int = -(-height // down) * -(-width // across)
    return (units - 1) // interval


def _scans(data: bytes, at: int, restarts: int | None) -> _Extent:
    """Restart markers count from 0 to 7 and round again; anything else is damage."""
    damaged, seen, scans = False, 0, 1
    for _ in range(_MOST_PARTS):
        if not (found := _MARKER.search(data, at)):
            return _Extent(None)
        marker, at = found[1][0], found.end()
        if 0xD0 <= marker <= 0xD7:
            damaged |= marker - 0xD0 != seen % 8
            seen += 1
        elif marker == 0xD9:
            whole = restarts is None or scans > 1 or seen == restarts
            return _Extent(at, damaged or not whole)
        elif marker in _BETWEEN_SCANS:
            at += max(int.from_bytes(data[at : at + 2]), 2)
            seen, scans = 0, scans + (marker == 0xDA)
        else:
            damaged = True
    raise _Endless


def _png(data: bytes) -> _Extent:
    at = 8
    for _ in range(_MOST_PARTS):
        if at + 12 > len(data):
            return _Extent(None)
        length, kind = struct.unpack_from(">I4s", data, at)
        at += 12 + length
        if kind == b"IEND":
            return _Extent(at if at <= len(data) else None)
    raise _Endless


def _webp(data: bytes) -> _Extent:
    length = int.from_bytes(data[4:8], "little")
    end = 8 + length + length % 2
    return _Extent(end if 8 + length <= len(data) else None)


def _heif(data: bytes) -> _Extent:
    """Boxes one after another; the first of an unknown kind is not the picture's."""
    at = 0
    for _ in range(_MOST_PARTS):
        if at + 8 > len(data):
            return _Extent(at if at <= len(data) else None)
        length, kind = struct.unpack_from(">I4s", data, at)
        if kind not in _HEIF_BOXES:
            return _Extent(at)
        if length == 1 and at + 16 <= len(data):
            (length,) = struct.unpack_from(">Q", data, at + 8)
        at += max(length, 8) if length else len(data) - at
    raise _Endless


_FORMATS: tuple[
    tuple[str, Callable[[bytes], bool], Callable[[bytes], _Extent]], ...
] = (
    ("JPEG", lambda data: data.startswith(b"\xff\xd8\xff"), _jpeg),
    ("PNG", lambda data: data.startswith(b"\x89PNG\r\n\x1a\n"), _png),
    ("WEBP", lambda data: data[:4] == b"RIFF" and data[8:12] == b"WEBP", _webp),
    (
        "HEIF",
        lambda data: data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS,
        _heif,
    ),
)
