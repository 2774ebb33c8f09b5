"""Rescue bundles: what a tablet could not hand in itself, brought by somebody.

It is taken in as if the device had pushed it: the same receipts, no duplicates, and its
facts are its own because it has signed them. To bring one twice changes nothing. May
not enter: who may bring one, HTTP.
"""

import hashlib
import io
import json
import os
import tarfile
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import select

from server import certificates
from server.database import reading
from server.examine import Author, Offer
from server.keys import Keys
from server.ledger import Evidence
from server.parts import Parts
from server.room import leave_room
from server.tables import device
from sync.bundle import BATCH, FRAME_BYTES, MAGIC, derive, nonce
from sync.envelope import SHA256_HEX, fact_id, read
from sync.exchange import Outcome
from sync.log import root_of
from sync.problems import Refused
from sync.signing import push_text, read_jwk, unb64, verifies

MOST_OPENING = 4096
MOST_TOLD = 64 * 1024 * 1024  # of facts in one bundle
TAG_BYTES = 16
UNTYPED = "application/octet-stream"


@dataclass
class Brought:
    """What a bundle held, and what became of it."""

    device: str
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    originals: int = 0
    damaged: list[str] = field(
        default_factory=list
    )  # originals that are not themselves
    unsigned: int = 0  # facts that the device has not signed


@dataclass(frozen=True, kw_only=True)
class Sender:
    """Whose bundle it is, as this server knows the device."""

    author: Author
    key: Mapping[str, str]


class Opened(io.RawIOBase):
    """The plaintext of a bundle, frame by frame; each is proven before it is read."""

    def __init__(self, file: BinaryIO, keys: Keys) -> None:
        super().__init__()
        self._file = file
        opening = _line(file, len(MAGIC))
        if opening != MAGIC:
            raise Refused("bundle_unreadable", why="not a bundle")
        said = _line(file, MOST_OPENING)
        self._header = opening + said
        self._cipher = AESGCM(_key(said, keys))
        self._number, self._held, self._over = 0, b"", False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        """The next bytes; 0 after the frame that is marked as the last."""
        while not self._held and not self._over:
            self._held = self._frame()
        taken = self._held[: len(buffer)]
        self._held = self._held[len(taken) :]
        buffer[: len(taken)] = taken
        return len(taken)

    def _frame(self) -> bytes:
        size = int.from_bytes(self._file.read(4), "big")
        frame = self._file.read(size) if size <= FRAME_BYTES + TAG_BYTES else b""
        for last in (False, True):
            try:
                plain = self._cipher.decrypt(
                    nonce(self._number, last=last), frame, self._header
                )
            except InvalidTag:
                continue
            self._number, self._over = self._number + 1, last
            return plain
        raise Refused("bundle_cut", frame=self._number)


def _line(file: BinaryIO, most: int) -> bytes:
    line = file.readline(most)
    if not line.endswith(b"\n"):
        raise Refused("bundle_unreadable", why="not a bundle")
    return line


def _key(opening: bytes, keys: Keys) -> bytes:
    try:
        said = json.loads(opening)
        server, salt = said["server"], unb64(said["salt"])
        ephemeral = read_jwk(said["ephemeral"])
    except (ValueError, KeyError, TypeError) as why:
        raise Refused("bundle_unreadable", why=type(why).__name__) from None
    own = keys.private_of(server)
    if own is None:
        raise Refused("bundle_not_ours")
    return derive(own.exchange(ec.ECDH(), ephemeral), salt)


def bring_in(
    parts: Parts, file: BinaryIO, now_ms: int, *, unsigned_too: bool = False
) -> Brought:
    """Take everything in the bundle into custody.

    `unsigned_too`: facts that the device has not signed as well, on the word of whoever
    brings them; others refuse the whole bundle with `bundle_unsigned`.
    """
    leave_room(parts.config)
    with tarfile.open(fileobj=Opened(file, parts.keys), mode="r|") as archive:
        try:
            return _unpacked(parts, _members(archive), now_ms, unsigned_too)
        except (tarfile.TarError, ValueError, KeyError, TypeError) as why:
            raise Refused("bundle_unreadable", why=type(why).__name__) from None


Member = tuple[str, IO[bytes]]


def _members(archive: tarfile.TarFile) -> Iterator[Member]:
    for entry in archive:
        if (data := archive.extractfile(entry)) is not None:
            yield entry.name, data


def _unpacked(
    parts: Parts, members: Iterator[Member], now_ms: int, unsigned_too: bool
) -> Brought:
    said = _told(members, "device.json")
    sender = _sender(parts, said, now_ms)
    brought = Brought(device=sender.author.device)
    types = {one["sha256"]: str(one["type"]) for one in said.get("originals", ())}
    evidence: Mapping[str, Sequence[str]] = {}
    for name, data in members:
        if name == "evidence.json":
            evidence = json.loads(data.read(MOST_TOLD))
        elif name == "facts.jsonl":
            lines = data.read(MOST_TOLD).decode().splitlines()
            offers = [_offer(line) for line in lines]
            types = _types(offers) | types
            _take_in(parts, sender, offers, evidence, brought, now_ms, unsigned_too)
        elif name.startswith("blobs/"):
            digest = name.removeprefix("blobs/")
            _keep(parts, digest, types.get(digest, UNTYPED), data, brought, now_ms)
    return brought


def _told(members: Iterator[Member], wanted: str) -> dict[str, Any]:
    name, data = next(members, ("", io.BytesIO()))
    if name != wanted:
        raise Refused("bundle_unreadable", why=f"no {wanted}")
    return dict(json.loads(data.read(MOST_TOLD)))


def _sender(parts: Parts, said: Mapping[str, Any], now_ms: int) -> Sender:
    """The device, let in again by its certificate if a restore forgot it."""
    who = said["enrolment"]
    if who.get("certificate") and "key" in said:
        certificates.let_in_again(
            parts.engine, parts.keys, who["certificate"], said["key"], now_ms,
            parts.chance,
        )  # fmt: skip
    with reading(parts.engine) as connection:
        row = connection.execute(
            select(device.c.key, device.c.revoked_ms).where(
                device.c.id == who["device"]
            )
        ).first()
    if row is None:
        raise Refused("bundle_stranger", device=who["device"])
    people = parts.door.people_of(who["device"])
    revoked = row.revoked_ms is not None
    author = Author(device=who["device"], people=people, revoked=revoked)
    return Sender(author=author, key=json.loads(row.key))


def _offer(line: str) -> Offer:
    said = json.loads(line)
    return Offer(body=said["b"], private=said["x"])


def _types(offers: Sequence[Offer]) -> dict[str, str]:
    """What kind of bytes the facts speak of, as far as this version reads them."""
    found: dict[str, str] = {}
    for one in offers:
        try:
            refs = read(one.body).head.blobs
        except Refused:
            continue
        found |= {ref.sha256: ref.type for ref in refs}
    return found


def _take_in(
    parts: Parts,
    sender: Sender,
    offers: Sequence[Offer],
    evidence: Mapping[str, Sequence[str]],
    brought: Brought,
    now_ms: int,
    unsigned_too: bool,
) -> None:
    """All facts, in the batches that the device signed."""
    batches = list(_signed(offers, evidence, sender))
    brought.unsigned = sum(len(some) for some, proof in batches if proof is None)
    if brought.unsigned and not unsigned_too:
        raise Refused("bundle_unsigned", count=brought.unsigned)
    for some, proof in batches:
        said = proof or Evidence(log=_log(some[0]), key=sender.key, signature="")
        answer = parts.ledger.take_in(some, sender.author, now_ms, said)
        brought.outcomes.update(one.outcome for one in answer.receipts)


def _signed(
    offers: Sequence[Offer], evidence: Mapping[str, Sequence[str]], sender: Sender
) -> Iterator[tuple[list[Offer], Evidence | None]]:
    key, logs = read_jwk(sender.key), [_log(one) for one in offers]
    for log in dict.fromkeys(logs):
        mine = [one for one, its in zip(offers, logs, strict=True) if its == log]
        words = [str(word) for word in evidence.get(log, ())]
        for first in range(0, len(mine), BATCH):
            some = mine[first : first + BATCH]
            word = words[first // BATCH] if first // BATCH < len(words) else ""
            root = root_of([fact_id(one.body) for one in some])
            proven = verifies(key, push_text(log, root), word)
            yield (
                some,
                (Evidence(log=log, key=sender.key, signature=word) if proven else None),
            )


def _log(offer: Offer) -> str:
    """Where a fact says that it belongs, whatever else is wrong with it."""
    try:
        return str(json.loads(offer.body)["log"])
    except (ValueError, KeyError, TypeError):
        return ""


def _keep(
    parts: Parts,
    sha256: str,
    media: str,
    data: IO[bytes],
    brought: Brought,
    now_ms: int,
) -> None:
    """One original: on the shelf and receipted, if its bytes are what its name says."""
    if not SHA256_HEX.fullmatch(sha256):
        raise Refused("bundle_unreadable", why=sha256[:80])
    with tempfile.NamedTemporaryFile(dir=parts.config.data, prefix="bundle-") as draft:
        digest, length = hashlib.sha256(), 0
        while piece := data.read(FRAME_BYTES):
            digest.update(piece)
            length += len(piece)
            draft.write(piece)
        draft.flush()
        os.fsync(draft.fileno())
        if digest.hexdigest() != sha256:
            brought.damaged.append(sha256)
            return
        parts.originals.take_in(Path(draft.name), sha256, length, media, now_ms)
    brought.originals += 1
