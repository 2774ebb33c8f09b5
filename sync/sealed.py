"""A sealed PDF: the server's signature over every byte of it, inside it.

The seal is a comment between the last object and `startxref`, where PDF and PDF/A allow
one:

    %doorstep-seal 1 <thumbprint of the key> <ES256 signature>

It signs the file without that line, so whatever is changed in it, on a page or in an
attachment, shows. What is attached proves itself besides (`sync/proof.py`). May not
enter: what the pages say, files on a disk.
"""

import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

from sync.envelope import read_file
from sync.heads import LogHead, line_of_keys
from sync.problems import Refused
from sync.proof import Report, check
from sync.words import N_

_SEAL = re.compile(rb"%doorstep-seal 1 ([\w-]{43}) ([\w-]{86})\n(?=startxref\s)")
_TAIL = b"startxref"
_STREAM = re.compile(rb"stream\r?\n")
_LENGTH = re.compile(rb"/Length (\d{1,9})\b")
_EMBEDDED = b"/EmbeddedFile"
PROVES = frozenset({"stream", "head", "keys", "facts"})
MOST_BYTES = 64 * 1024 * 1024  # of one attachment

HOLDS, BROKEN, MISSING, STRANGE = "holds", "broken", "missing", "strange"
SEALS = {
    HOLDS: N_("封印完好：这个文件自服务器发出以来一个字节也没有变"),
    BROKEN: N_("封印不成立：这个文件被改动过"),
    MISSING: N_("没有封印：不是本系统发出的原文件，或被改动过"),
    STRANGE: N_("封印的密钥不是附带证明里那台服务器的"),
}


class Seal(NamedTuple):
    """Whose seal, and what it signs."""

    key: str
    signature: str
    text: bytes


@dataclass(frozen=True, kw_only=True)
class Looked:
    """What a look at a PDF found: one of SEALS, and what its proof is worth."""

    seal: str
    report: Report | None  # None: no proof is attached

    @property
    def holds(self) -> bool:
        """Is everything as it was issued and as it was recorded?"""
        return self.seal == HOLDS and self.report is not None and self.report.holds


def sealed_text(rest: bytes) -> bytes:
    """What the server signs: exactly this file."""
    return b"doorstep pdf\n" + sha256(rest).hexdigest().encode()


def sealed(pdf: bytes, key: str, seal: Callable[[bytes], str]) -> bytes:
    """The same file with its seal."""
    at = pdf.rindex(_TAIL)
    line = f"%doorstep-seal 1 {key} {seal(sealed_text(pdf))}\n".encode()
    return pdf[:at] + line + pdf[at:]


def seal_of(pdf: bytes) -> Seal | None:
    """The seal in this file; None if it has none, or several."""
    found = list(_SEAL.finditer(pdf))
    if len(found) != 1:
        return None
    one = found[0]
    rest = pdf[: one.start()] + pdf[one.end() :]
    return Seal(one[1].decode(), one[2].decode(), sealed_text(rest))


def examined(
    pdf: bytes, known: str | None = None, heads: Sequence[LogHead] = ()
) -> Looked:
    """Does this PDF hold, page and attachment? `known`, `heads`: as for `check`."""
    held = list(embedded(pdf))
    proof = next((one for one in held if _is_proof(one)), None)
    if proof is None:
        return Looked(seal=BROKEN if seal_of(pdf) else MISSING, report=None)
    first = check(proof, known=known, heads=heads)
    spoken = {*first.unseen, *first.missing}
    blobs = {name: one for one in held if (name := sha256(one).hexdigest()) in spoken}
    return Looked(
        seal=_seal_state(pdf, first, known),
        report=check(proof, blobs, known=known, heads=heads),
    )


def _seal_state(pdf: bytes, report: Report, known: str | None) -> str:
    seal = seal_of(pdf)
    if seal is None:
        return MISSING
    if report.proof is None:
        return BROKEN
    trusted = line_of_keys(report.proof.keys, known or report.key)
    if seal.key not in trusted.keys:
        return STRANGE
    held = trusted.signed(seal.key, seal.text, seal.signature)
    return HOLDS if held else BROKEN


def _is_proof(data: bytes) -> bool:
    try:
        return read_file(data).keys() >= PROVES
    except Refused:
        return False


def embedded(pdf: bytes) -> Iterator[bytes]:
    """What is attached to a PDF, as the bytes that were attached; what cannot be read
    is left out. Knows what our own papers look like, and no more of PDF."""
    at = pdf.find(_EMBEDDED)
    while at >= 0:
        begins = _STREAM.search(pdf, at)
        header = pdf[pdf.rfind(b" obj", 0, at) : begins.start()] if begins else b""
        length = _LENGTH.search(header)
        if begins and length:
            raw = pdf[begins.end() : begins.end() + int(length[1])]
            data = _unpacked(raw) if b"/FlateDecode" in header else raw
            if data is not None:
                yield data
        at = pdf.find(_EMBEDDED, at + 1)


def _unpacked(raw: bytes) -> bytes | None:
    """The whole stream and nothing behind it; None if it is not that."""
    packed = zlib.decompressobj()
    try:
        data = packed.decompress(raw, MOST_BYTES)
    except zlib.error:
        return None
    return data if packed.eof and not packed.unused_data else None
