"""Documents as they go out: texts joined into bytes, never taken apart on the way.

Each carries a mark that only this server can make, so that a tablet may hand its copy
back after a restore and be believed. May not enter: who may read which order.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import orjson
from sqlalchemy import BindParameter, Connection, bindparam, select, union_all

from server.keys import Keys
from server.prepared import Prepared
from server.tables import blob, blob_link, erased_blob, erasure, private, stream
from sync.exchange import ERASED, Gone
from sync.signing import b64

Secrets = dict[str, tuple[str, str]]  # commitment -> (salt, value)
Flaws = dict[str, str | None]  # blob that is here -> what is wrong with it


@dataclass(frozen=True, kw_only=True)
class Text:
    """One order's document as it lies in its table, with what travels beside it."""

    stream: str
    rev: int
    text: str
    private: Secrets
    held: Flaws
    erased: tuple[str, ...] = ()  # commitments and blobs that went at a wish (S1)


def document_mac(keys: Keys, epoch: str, name: str, rev: int, text: bytes) -> str:
    """The mark of exactly this document: of this epoch, stream and revision."""
    said = f"{epoch}\n{name}\n{rev}\n".encode() + sha256(text).digest()
    return b64(keys.mac("document", said))


def gone_mac(keys: Keys, epoch: str, gone: Gone) -> str:
    """The mark of exactly this word, given in this epoch."""
    said = f"{epoch}\n{gone.stream}\n{gone.reason}\n{gone.purge_ms}".encode()
    return b64(keys.mac("gone", said))


def wire(keys: Keys, epoch: str, one: Text) -> bytes:
    """The document as JSON; `order` is the very text that its mark speaks of."""
    text = one.text.encode()
    mac = document_mac(keys, epoch, one.stream, one.rev, text)
    parts = [
        b'{"stream":"%b","rev":%d,"mac":"%b","order":'
        % (one.stream.encode(), one.rev, mac.encode()),
        text,
        b',"private":',
        orjson.dumps(one.private),
    ]
    if one.held:
        parts += [b',"held":', orjson.dumps(sorted(one.held))]
    flaws = {name: flaw for name, flaw in sorted(one.held.items()) if flaw}
    flaws |= dict.fromkeys(one.erased, ERASED)
    if flaws:
        parts += [b',"flaws":', orjson.dumps(flaws)]
    return b"".join([*parts, b"}"])


_NAMED: BindParameter[str] = bindparam("names", expanding=True)
_TEXTS = Prepared(
    select(stream.c.id, stream.c.rev, stream.c.document).where(stream.c.id.in_(_NAMED))
)
_PRIVATE = Prepared(
    select(
        private.c.stream, private.c.commitment, private.c.salt, private.c.value
    ).where(private.c.stream.in_(_NAMED))
)
_BLOBS = Prepared(
    select(blob_link.c.stream, blob.c.sha256, blob.c.finding)
    .join(blob, blob.c.sha256 == blob_link.c.sha256)
    .where(blob_link.c.stream.in_(_NAMED))
)


_GONE = Prepared(
    union_all(
        select(erasure.c.stream, erasure.c.commitment).where(
            erasure.c.stream.in_(_NAMED)
        ),
        select(erased_blob.c.stream, erased_blob.c.sha256).where(
            erased_blob.c.stream.in_(_NAMED)
        ),
    )
)


def texts(connection: Connection, names: Sequence[str]) -> dict[str, Text]:
    """These orders' documents with private values and the bytes that are here."""
    if not names:
        return {}
    said = {"names": list(names)}
    secrets: dict[str, Secrets] = {}
    for name, commitment, salt, value in _PRIVATE.all(connection, said):
        secrets.setdefault(name, {})[commitment] = (salt, value)
    held: dict[str, Flaws] = {}
    for name, sha, finding in _BLOBS.all(connection, said):
        held.setdefault(name, {})[sha] = flaw_of(finding)
    gone: dict[str, list[str]] = {}
    for name, what in _GONE.all(connection, said):
        gone.setdefault(name, []).append(what)
    return {
        name: Text(
            stream=name, rev=rev, text=text, private=secrets.get(name, {}),
            held=held.get(name, {}), erased=tuple(sorted(gone.get(name, ()))),
        )
        for name, rev, text in _TEXTS.all(connection, said)
    }  # fmt: skip


def flaw_of(finding: str | None) -> str | None:
    """What is wrong with bytes, of which this was found out."""
    said: Mapping[str, Any] = orjson.loads(finding) if finding else {}
    flaw: str | None = said.get("flaw")
    return flaw
