"""Collect what a paper is made of: from the book and from the shelf, in one snapshot.

May not enter: words, who may have it, writing.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Engine, select

from server.board import as_order
from server.database import reading
from server.documents import texts
from server.heads import sign_head
from server.keys import Keys
from server.originals import Originals
from server.paper.knowledge import Bytes, Known, chosen, read_sheet
from server.paper.sheet_words import MOST_PICTURES
from server.proofs import Proofs
from server.story import called
from server.tables import blob, erased_blob, event, fact
from server.tree import Standing
from sync.order import Order, Verdict
from sync.plain import but, typed
from sync.problems import Refused
from sync.proof import Proof

SIDE = 1024  # pixels of a photo's longer side: 300 to the inch on half a page
MOST_LOOKS = 5  # at an order that changes while it is looked at


def known(
    engine: Engine, keys: Keys, proofs: Proofs, originals: Originals, name: str,
    round_number: int | None = None,
) -> Known:  # fmt: skip
    """What is known of this order's acceptance, or of an earlier round of it.

    Refused: `not_found`; `not_accepted` as long as nobody has accepted anything;
    `sheet_absent` while the sheet's bytes are on their way, or were erased;
    `paper_busy` if the order changes again and again meanwhile.
    """
    for _ in range(MOST_LOOKS):
        with reading(engine) as connection:
            text = texts(connection, [name]).get(name)
            if text is None:
                raise Refused("not_found")
            order = as_order(text.text)
            found = chosen(order, round_number)
            if found is None:
                raise Refused("not_accepted", number=order.number or "")
            bytes_ = _bytes(connection, order, found[1])
            people = called(connection, _people(order))
        proof = typed(Proof, json.loads(proofs.proof_of(name, 0)))
        if proof.facts[-1].position == text.rev:
            break
    else:
        raise Refused("paper_busy")
    with reading(engine) as connection:
        at_ms = received_ms(connection, proof.head.size)
    sheet = _here(originals, bytes_, found[1].sheet)
    if sheet is None:
        raise Refused("sheet_absent", number=order.number or "")
    listed = [one.sha256 for one in read_sheet(sheet).photos][:MOST_PICTURES]
    return Known(
        order=order, at_ms=at_ms, round=found[0], verdict=found[1], sheet=sheet,
        proof=dated(proof, keys, at_ms), texts=text.private, people=people,
        strokes=_here(originals, bytes_, found[1].signature),
        held=bytes_ | dict(_previews(originals, bytes_, listed)),
    )  # fmt: skip


def _people(order: Order) -> set[str]:
    verdicts = [one for part in order.rounds for one in part.verdicts]
    responsible = {one.responsible for one in verdicts if one.responsible}
    return {one.by for one in order.history} | responsible


def dated(proof: Proof, keys: Keys, at_ms: int) -> Proof:
    """The proof under a head of the time of its newest entry, and not of the moment of
    asking: the same book, the same bytes."""
    head = proof.head
    standing = Standing(epoch=head.epoch, size=head.size, root=head.root)
    return but(proof, head=sign_head(keys, standing, at_ms))


def received_ms(connection: Connection, position: int) -> int:
    """When what lies at this position of the book came in."""
    for table in (fact, event):
        at = select(table.c.received_ms).where(table.c.seq == position)
        if (found := connection.execute(at).scalar()) is not None:
            return int(found)
    return 0


def _bytes(connection: Connection, order: Order, verdict: Verdict) -> dict[str, Bytes]:
    """What the order's sheets name: photos, strokes, the sheet itself."""
    named = {one.blob.sha256 for one in order.photos} | {
        one for one in (verdict.sheet, verdict.signature) if one
    }
    rows = connection.execute(select(blob).where(blob.c.sha256.in_(sorted(named))))
    here = {row.sha256: row for row in rows}
    erased = select(erased_blob.c.sha256).where(erased_blob.c.sha256.in_(sorted(named)))
    gone = set(connection.execute(erased).scalars())
    return {name: _held(name, here.get(name), name in gone) for name in sorted(named)}


def _held(name: str, row: Any, erased: bool) -> Bytes:
    if row is None:
        return Bytes(sha256=name, erased=erased)
    return Bytes(sha256=name, length=row.bytes, received_ms=row.received_ms,
                 erased=erased)  # fmt: skip


def _here(
    originals: Originals, bytes_: Mapping[str, Bytes], name: str | None
) -> bytes | None:
    """These bytes, if they came and were not erased; never other bytes."""
    held = bytes_.get(name or "")
    if held is None or held.length is None or held.erased:
        return None
    with originals.shelf.open(held.sha256) as source:
        data = source.read()
    if sha256(data).hexdigest() != held.sha256:
        raise Refused("blob_digest_differs")
    return data


def _previews(
    originals: Originals, bytes_: Mapping[str, Bytes], shown: Iterable[str]
) -> Iterator[tuple[str, Bytes]]:
    for name in shown:
        held = bytes_.get(name)
        if held is None or held.length is None or held.erased:
            continue
        yield name, _preview(originals, held)


def _preview(originals: Originals, held: Bytes) -> Bytes:
    original = originals.held(held.sha256)
    assert original is not None
    try:
        made = originals.preview(original, SIDE)
    except Refused as why:
        if why.code not in ("picture_not_shown", "blob_missing"):
            raise
        return Bytes(sha256=held.sha256, length=held.length,
                     received_ms=held.received_ms, flaw=why.code)  # fmt: skip
    return Bytes(sha256=held.sha256, length=held.length,
                 received_ms=held.received_ms, preview=made)  # fmt: skip
