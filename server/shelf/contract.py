"""What a shelf promises, and the few steps every shelf shares.

A shelf keeps immutable bytes under the SHA-256 of those bytes and nothing else: a
name is 64 lowercase hex digits or it is refused, so no name can leave the shelf
(X15). May not enter: a file system, S3, an order, a fact.
"""

import hashlib
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Protocol

from sync.problems import Refused

_BLOB_NAME = re.compile(r"[0-9a-f]{64}")
_STEP = 256 * 1024
_DERIVED_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


class Shelf(Protocol):
    """Bytes named by their digest. Every method may be called from any thread.

    A blob is there whole or not at all, whatever interrupts a `put` (F4, invariant
    33). Refused: `blob_name_malformed`, `blob_missing`, `storage_unavailable` (try
    later), `storage_full`.
    """

    near: bool
    """Is keeping a file as quick as writing one, so that a request may wait for it?"""

    def keep_file(self, sha256: str, file: Path, length: int) -> None:
        """Keep a file whose bytes were verified and synced; otherwise like `put`.

        It may go on to be the same file under two names: nobody may write to it again.
        """

    def put(self, sha256: str, source: BinaryIO, length: int) -> None:
        """Keep the bytes of `source`; once this returns they survive a power cut.

        Free to repeat and to run twice at once; putting again heals a rotten copy.
        Refused: `blob_digest_differs`, `blob_length_differs`; nothing is kept then.
        """

    def has(self, sha256: str) -> bool:
        """Whether the blob can be read. Only `put` promises that it will stay."""

    def length(self, sha256: str) -> int:
        """How many bytes the blob has."""

    def open(self, sha256: str, start: int = 0, end: int | None = None) -> BinaryIO:
        """The bytes from `start` up to, not including, `end`; the caller closes.

        An `end` behind the last byte means the last byte (HTTP ranges). Refused:
        `range_out_of_bounds` where `start` lies behind the last byte.
        """

    def names(self) -> Iterator[str]:
        """Every blob here, in ascending sequence."""

    def check(self, sha256: str) -> bool:
        """Read the blob again: do its bytes still hash to its name (F23)?"""

    def delete(self, sha256: str) -> None:
        """Erase the blob and what was derived from it; free to repeat."""

    def put_derived(self, sha256: str, name: str, data: bytes) -> None:
        """Keep something made from a blob, such as a preview; a later one replaces."""

    def derived(self, sha256: str, name: str) -> bytes | None:
        """What was made from the blob under this name; None if it must be made."""

    def drop_derived(self, sha256: str) -> None:
        """Throw away everything made from the blob; free to repeat."""

    def sweep(self, before_ms: int) -> int:
        """Remove what interrupted puts left behind before then (F22); how many."""


def is_blob_name(text: str) -> bool:
    """Whether this can name a blob."""
    return _BLOB_NAME.fullmatch(text) is not None


def blob_name(sha256: str) -> str:
    """The name itself, if it is one."""
    if not is_blob_name(sha256):
        raise Refused("blob_name_malformed")
    return sha256


def derived_name(name: str) -> str:
    """The name itself; ours alone choose it, so a wrong one is a bug."""
    if not _DERIVED_NAME.fullmatch(name):
        raise ValueError(name)
    return name


def verified(source: BinaryIO, sha256: str, length: int, step: int) -> Iterator[bytes]:
    """The source in blocks of `step` bytes, the last one shorter.

    Ends normally only if the whole was `length` bytes with this digest. Whoever
    writes the blocks may make them visible only after that.
    """
    seen, left = hashlib.sha256(), length
    while left and (block := _block(source, min(step, left))):
        seen.update(block)
        left -= len(block)
        yield block
    if left or source.read(1):
        raise Refused("blob_length_differs", sha256=sha256, length=length)
    if seen.hexdigest() != sha256:
        raise Refused("blob_digest_differs", sha256=sha256)


def _block(source: BinaryIO, size: int) -> bytes:
    """Exactly `size` bytes, fewer only at the end: a socket hands out crumbs."""
    block = bytearray()
    while len(block) < size and (crumb := source.read(size - len(block))):
        block += crumb
    return bytes(block)


def is_whole(source: BinaryIO, sha256: str) -> bool:
    """Whether all that can be read from the source has this digest."""
    seen = hashlib.sha256()
    with source:
        while block := source.read(_STEP):
            seen.update(block)
    return seen.hexdigest() == sha256


def stretch(length: int, start: int, end: int | None) -> tuple[int, int]:
    """The range asked for, within a blob of this length."""
    end = length if end is None else min(end, length)
    if not 0 <= start <= end:
        raise Refused("range_out_of_bounds", length=length)
    return start, end


class Stretch(io.RawIOBase):
    """At most `length` bytes of another stream, which it closes with itself."""

    def __init__(self, source: BinaryIO, length: int) -> None:
        self._source = source
        self._left = length

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill the buffer as far as one read of the source goes."""
        got = self._source.read(min(len(buffer), self._left))
        buffer[: len(got)] = got
        self._left -= len(got)
        return len(got)

    def close(self) -> None:
        """Close the source too."""
        self._source.close()
        super().close()
