"""A rescue bundle: what is unsent, in one file that only the server can open.

Format, version 1: the line `doorstep-bundle 1`, a line of JSON (`server`: thumbprint of
the server's key, `ephemeral`: a public JWK, `salt`), then frames. A frame is 4 bytes
of length (big endian) and AES-256-GCM ciphertext of at most 1 MiB of plaintext. Its
nonce is the frame's number (11 bytes, big endian) and one byte, 1 for the last frame,
else 0; both lines are its associated data. The key is HKDF-SHA256 over the ECDH secret
with the salt and the info `doorstep bundle 1`. The plaintext is a tar: `device.json`
(enrolment and claims), `facts.jsonl` (one {"b", "x"} a line, as they were written),
`blobs/<sha256>`. May not enter: reading a bundle.
"""

import io
import json
import os
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from field_client.client import Client
from field_client.database import sync_folder
from field_client.keys import make_key
from field_client.owed import Original
from sync.plain import plain
from sync.problems import Refused
from sync.signing import b64, public_jwk, read_jwk, thumbprint

MAGIC = b"doorstep-bundle 1\n"
INFO = b"doorstep bundle 1"
FRAME_BYTES = 1 << 20


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
        nonce = self.number.to_bytes(11, "big") + bytes([last])
        frame = self.cipher.encrypt(nonce, plaintext, self.header)
        self.file.write(len(frame).to_bytes(4, "big") + frame)
        self.number += 1


def derive(secret: bytes, salt: bytes) -> bytes:
    """The bundle's key from the ECDH secret."""
    return HKDF(hashes.SHA256(), length=32, salt=salt, info=INFO).derive(secret)


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
    device = {
        "enrolment": plain(client.who),
        "claims": plain(outbox.claims(client.clocks.reading().wire())),
    }
    lines = [json.dumps(one.wire, ensure_ascii=False) + "\n" for one in facts]
    with tarfile.open(fileobj=sealed, mode="w|", format=tarfile.PAX_FORMAT) as archive:
        _add(archive, "device.json", json.dumps(device, ensure_ascii=False).encode())
        _add(archive, "facts.jsonl", "".join(lines).encode())
        count = sum(_add_original(archive, client, one) for one in originals)
    return len(facts), count


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
