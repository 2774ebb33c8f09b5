"""Writing a rescue bundle: what is unsent, in one file that only the server can open.

Its format is in `sync/bundle.py`. Anybody may hand it in: the device's own signatures
are inside. May not enter: reading a bundle.
"""

import io
import json
import os
import tarfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from field_client.client import Client
from field_client.database import sync_folder
from field_client.keys import make_key, read_key
from field_client.owed import Original, Owned
from sync.bundle import BATCH, FRAME_BYTES, MAGIC, derive, nonce
from sync.log import root_of
from sync.plain import plain
from sync.problems import Refused
from sync.signing import b64, public_jwk, push_text, read_jwk, sign, thumbprint


class Sealed(io.RawIOBase):
    """A stream whose plaintext goes into a file frame by frame."""

    def __init__(self, file: BinaryIO, key: bytes, header: bytes) -> None:
        super().__init__()
        self.file, self.cipher, self.header = file, AESGCM(key), header
        self.number, self.held = 0, bytearray()
        file.write(header)

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        """Take plaintext; full frames go out, the last one waits for `finish`."""
        piece = bytes(data)  # type: ignore[call-overload]
        self.held += piece
        while len(self.held) > FRAME_BYTES:
            self._frame(bytes(self.held[:FRAME_BYTES]), last=False)
            del self.held[:FRAME_BYTES]
        return len(piece)

    def finish(self) -> None:
        """Write the last frame; without it a bundle is known to be cut short."""
        self._frame(bytes(self.held), last=True)

    def _frame(self, plaintext: bytes, *, last: bool) -> None:
        said = nonce(self.number, last=last)
        frame = self.cipher.encrypt(said, plaintext, self.header)
        self.file.write(len(frame).to_bytes(4, "big") + frame)
        self.number += 1


def export_bundle(client: Client, path: Path, *, everything: bool) -> tuple[int, int]:
    """Write the bundle; how many facts and originals are in it. The file appears whole
    or not at all."""
    who, ephemeral, salt = client.who, make_key(), client.chance(16)
    server = read_jwk(who.server_key)
    opening = {
        "server": thumbprint(dict(who.server_key)),
        "ephemeral": public_jwk(ephemeral.public_key()),
        "salt": b64(salt),
    }
    header = MAGIC + json.dumps(opening, separators=(",", ":")).encode() + b"\n"
    key = derive(ephemeral.exchange(ec.ECDH(), server), salt)
    draft = path.with_name(path.name + ".part")
    try:
        with draft.open("wb") as file:
            sealed = Sealed(file, key, header)
            counts = _fill(client, sealed, everything=everything)
            sealed.finish()
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        sync_folder(path.parent)
    except OSError as why:
        draft.unlink(missing_ok=True)
        raise Refused("file_unwritable", path=path, why=why.strerror) from None
    return counts


def _fill(client: Client, sealed: Sealed, *, everything: bool) -> tuple[int, int]:
    outbox = client.store.outbox
    facts = [
        one
        for one in outbox.facts()
        if one.waiting or one.refused or (everything and not one.safe)
    ]
    originals = [
        one
        for one in outbox.originals()
        if one.waiting or (everything and not one.safe)
    ]
    key = read_key(outbox.key(_no_key))
    device = {
        "enrolment": plain(client.who),
        "key": public_jwk(key.public_key()),
        "claims": plain(outbox.claims(client.clocks.reading().wire())),
        "originals": [
            {"sha256": one.sha256, "type": one.type, "bytes": one.size}
            for one in originals
        ],
    }
    evidence = {log: _signed(key, log, facts) for log in {one.log for one in facts}}
    lines = [json.dumps(one.wire, ensure_ascii=False) + "\n" for one in facts]
    with tarfile.open(fileobj=sealed, mode="w|", format=tarfile.PAX_FORMAT) as archive:
        _add(archive, "device.json", json.dumps(device, ensure_ascii=False).encode())
        _add(archive, "evidence.json", json.dumps(evidence).encode())
        _add(archive, "facts.jsonl", "".join(lines).encode())
        count = sum(_add_original(archive, client, one) for one in originals)
    return len(facts), count


def _signed(
    key: ec.EllipticCurvePrivateKey, log: str, facts: Sequence[Owned]
) -> list[str]:
    """The device's word on its facts of this log, a batch at a time."""
    ids = [one.id for one in facts if one.log == log]
    batches = (ids[first : first + BATCH] for first in range(0, len(ids), BATCH))
    return [sign(key, push_text(log, root_of(some))) for some in batches]


def _no_key() -> str:
    raise Refused("not_enrolled")


def _add(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(data)
    archive.addfile(entry, io.BytesIO(data))


def _add_original(archive: tarfile.TarFile, client: Client, one: Original) -> int:
    pieces = client.store.outbox.pieces(one.seq)
    first = next(pieces, None)
    if first is None:
        return 0  # let go after it was backed up
    entry = tarfile.TarInfo(f"blobs/{one.sha256}")
    entry.size = one.size
    archive.addfile(entry, _Pieces(first, pieces))
    return 1


class _Pieces(io.RawIOBase):
    """Pieces of bytes as a file that is read once."""

    def __init__(self, first: bytes, rest: Iterator[bytes]) -> None:
        super().__init__()
        self.held, self.rest = first, rest

    def read(self, size: int = -1) -> bytes:
        while size < 0 or len(self.held) < size:
            if (piece := next(self.rest, None)) is None:
                break
            self.held += piece
        if size < 0:
            size = len(self.held)
        taken, self.held = self.held[:size], self.held[size:]
        return taken
