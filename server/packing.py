"""Make the evidence pack of one order (`sync/pack.py`): the same book, the same bytes.

May not enter: who may have it, HTTP, words on the cover.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from server.board import as_order
from server.database import reading
from server.documents import texts
from server.issuing import issued
from server.paper.cover import Covered, cover_html, cover_text
from server.paper.gathering import dated, received_ms
from server.parts import Parts
from server.tables import blob, erased_blob
from server.testimony import witnesses
from sync.envelope import BlobRef, read
from sync.facts import KINDS, understand
from sync.order import Order
from sync.pack import (
    CERTIFICATE,
    COVERS,
    ENDINGS,
    FORM,
    INDEX,
    ORIGINALS,
    SIGNATURE,
    TIMES,
    VERIFIER,
    PackedFile,
    PackIndex,
    TimedFact,
    Times,
    index_text,
    time_of,
)
from sync.plain import as_json, typed
from sync.problems import Refused
from sync.proof import NAME as PROOF
from sync.proof import Proof, write
from sync.reading import Witness
from sync.stored_zip import MOST_BYTES, zipped

PAGE = Path(__file__).parent / "built" / "verify" / "index.html"  # if it was built
MOST_LOOKS = 5  # at an order that changes while it is looked at
NO_PAPER = frozenset({
    "not_accepted", "sheet_absent", "sheet_unreadable", "paper_too_large",
})  # fmt: skip
ALL = "all"
DISCLOSED = frozenset(name for kind in KINDS.values() for name in kind.private)


@dataclass(frozen=True, kw_only=True)
class _Gathered:
    """What one order's pack is made of."""

    proof: Proof
    order: Order
    at_ms: int
    witnesses: Mapping[str, Witness | None]
    here: Mapping[str, BlobRef]  # bytes to be taken along
    missing: tuple[str, ...]
    erased: tuple[str, ...]
    withheld: tuple[str, ...]


def packed(parts: Parts, name: str, disclosed: Collection[str]) -> bytes:
    """Everything about this order as one ZIP. `disclosed`: names of private values to
    be shown, or "all"; none: they stay commitments, and strokes stay out.

    Refused: `not_found`, `paper_busy`, `evidence_too_large`, `blob_digest_differs`.
    """
    found = _gathered(parts, name, disclosed)
    files: dict[str, bytes] = {}
    whole = ALL in disclosed
    try:
        files[CERTIFICATE] = issued(parts, name, "company", None, whole=whole)
        why = None
    except Refused as refusal:
        if refusal.code not in NO_PAPER:
            raise
        why = refusal.code
    files[PROOF] = write(found.proof)
    files[TIMES] = as_json(_times(found)).encode()
    files |= _originals(parts, found)
    covered = _covered(parts, found, disclosed, why)
    front = dict(zip(COVERS, (cover_html(covered), cover_text(covered)), strict=True))
    if PAGE.is_file():
        front[VERIFIER] = PAGE.read_bytes()
    files = front | files
    index = _index(found, disclosed, files, why)
    text = json.dumps(json.loads(as_json(index)), ensure_ascii=False, indent=1).encode()
    seal = f"{parts.keys.name} {parts.keys.seal(index_text(text))}\n".encode()
    return zipped([*files.items(), (INDEX, text), (SIGNATURE, seal)])


def _gathered(parts: Parts, name: str, disclosed: Collection[str]) -> _Gathered:
    shown = None if ALL in disclosed else frozenset(disclosed)
    for _ in range(MOST_LOOKS):
        proof = typed(Proof, json.loads(parts.proofs.proof_of(name, 0, shown)))
        with reading(parts.engine) as connection:
            text = texts(connection, [name]).get(name)
            if text is None:
                raise Refused("not_found")
            if text.rev == proof.facts[-1].position:
                return _collected(connection, parts, proof, text.text, disclosed)
    raise Refused("paper_busy")


def _collected(
    connection: Connection, parts: Parts, proof: Proof, text: str,
    disclosed: Collection[str],
) -> _Gathered:  # fmt: skip
    at_ms = received_ms(connection, proof.head.size)
    facts = [(understand(read(one.b)), one.received_ms) for one in proof.facts]
    sworn = witnesses(connection, parts.keys, {one.id: (one, ms) for one, ms in facts})
    spoken = {ref.sha256: ref for one, _ in facts for ref in one.head.blobs}
    rows = select(blob.c.sha256).where(blob.c.sha256.in_(sorted(spoken)))
    arrived = set(connection.execute(rows).scalars())
    rows = select(erased_blob.c.sha256).where(erased_blob.c.sha256.in_(sorted(spoken)))
    erased = set(connection.execute(rows).scalars())
    hidden = {name for name, ref in spoken.items() if _is_private(ref, disclosed)}
    taken = arrived - erased - hidden
    return _Gathered(
        proof=dated(proof, parts.keys, at_ms), order=as_order(text), at_ms=at_ms,
        witnesses=sworn, here={name: spoken[name] for name in sorted(taken)},
        missing=tuple(sorted(spoken.keys() - arrived - erased)),
        erased=tuple(sorted(erased)), withheld=tuple(sorted(hidden - erased)),
    )  # fmt: skip


def _is_private(ref: BlobRef, disclosed: Collection[str]) -> bool:
    """Strokes say a name: they go along where the signer is disclosed."""
    return ref.role == "signature" and not {ALL, "signer"} & set(disclosed)


def _times(found: _Gathered) -> Times:
    facts = []
    for one in found.proof.facts:
        sworn = found.witnesses[read(one.b).id]
        facts.append(TimedFact(position=one.position, witness=sworn,
                               moment=time_of(one, sworn)))  # fmt: skip
    return Times(facts=tuple(facts))


def _originals(parts: Parts, found: _Gathered) -> Iterator[tuple[str, bytes]]:
    """The bytes themselves, looked over on the way; never other bytes."""
    if sum(ref.bytes for ref in found.here.values()) > MOST_BYTES // 2:
        raise Refused("evidence_too_large")
    for name, ref in found.here.items():
        with parts.originals.shelf.open(name) as source:
            data = source.read()
        if sha256(data).hexdigest() != name:
            raise Refused("blob_digest_differs")
        yield f"{ORIGINALS}{name}.{ENDINGS.get(ref.type, 'bin')}", data


def _index(
    found: _Gathered, disclosed: Collection[str], files: Mapping[str, bytes],
    why: str | None,
) -> PackIndex:  # fmt: skip
    head: Any = found.proof.head
    return PackIndex(
        form=FORM, stream=found.proof.stream, number=found.proof.number,
        epoch=head.epoch, size=head.size, root=head.root, at_ms=found.at_ms,
        disclosed=tuple(sorted(disclosed)), certificate=why,
        missing=found.missing, erased=found.erased, withheld=found.withheld,
        files=tuple(
            PackedFile(name=name, sha256=sha256(data).hexdigest(), bytes=len(data))
            for name, data in files.items()
        ),
    )  # fmt: skip


def _covered(
    parts: Parts, found: _Gathered, disclosed: Collection[str], why: str | None
) -> Covered:
    return Covered(
        proof=found.proof, order=found.order, at_ms=found.at_ms,
        here=found.here, missing=len(found.missing), erased=len(found.erased),
        withheld=len(found.withheld), disclosed=bool(disclosed), certificate=why,
        offset_minutes=parts.config.utc_offset_minutes,
    )  # fmt: skip
