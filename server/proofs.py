"""Makes the proof of one order (`sync/proof.py`): what a certificate carries along.

May not enter: HTTP, PDF, checking.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, Engine, select

from server.database import reading
from server.epochs import lineage
from server.heads import Heads
from server.keys import Keys
from server.tables import (
    blob,
    device,
    event,
    fact,
    private,
    push_evidence,
    stream,
)
from server.tree import Reading, stands
from sync.envelope import Envelope, read
from sync.log import inclusion
from sync.plain import but
from sync.problems import Refused
from sync.proof import (
    FORM,
    Proof,
    ProvenBytes,
    ProvenFact,
    ProvenPush,
    list_text,
    write,
)

Salted = Mapping[str, tuple[str, str]]  # commitment -> (salt, value)


class Proofs:
    """Reads the book in one snapshot for each proof."""

    def __init__(self, engine: Engine, keys: Keys, heads: Heads) -> None:
        self._engine = engine
        self._keys = keys
        self._heads = heads

    def proof_of(
        self, name: str, now_ms: int, shown: Collection[str] | None = None
    ) -> bytes:
        """All that the book holds of this order, for anybody to check; `proof.json`.

        `shown`: names of the private values that the reader may see (`name`, `phone`
        …); None: all that are held. What was erased is not there, and the proof holds
        all the same. Refused: `not_found`."""
        with reading(self._engine) as connection:
            proof = self._of(_Reading(connection, name), now_ms, shown)
        return write(but(proof, signature=self._keys.seal(list_text(proof))))

    def _of(
        self, book: "_Reading", now_ms: int, shown: Collection[str] | None
    ) -> Proof:
        facts = tuple(book.facts(shown))
        if not facts:
            raise Refused("not_found")
        pushes = tuple(book.pushes())
        return Proof(
            form=FORM, stream=book.name, number=book.number(), keys=self._keys.words,
            head=self._heads.signed(book.standing, now_ms), facts=facts,
            epochs=tuple(one for one in lineage(book.connection) if one.parent),
            bytes=tuple(book.bytes()), pushes=pushes,
            devices=book.devices({one.device for one in pushes}),
        )  # fmt: skip


class _Reading:
    """One order as one snapshot of the book has it."""

    def __init__(self, connection: Connection, name: str) -> None:
        self.connection = connection
        self.name = name
        self.standing = stands(connection)
        self._tree = Reading(connection)
        chosen = select(fact).where(fact.c.stream == name).order_by(fact.c.seq)
        self._rows = connection.execute(chosen).all()
        self._said = {row.id: read(row.body) for row in self._rows}

    def number(self) -> str | None:
        """What people call the order."""
        called = select(stream.c.number).where(stream.c.id == self.name)
        number: str | None = self.connection.execute(called).scalar()
        return number

    def facts(self, shown: Collection[str] | None) -> Iterator[ProvenFact]:
        """Each fact with its receipt, by position."""
        rows = self.connection.execute(
            select(private).where(private.c.stream == self.name)
        )
        held = {row.commitment: (row.salt, row.value) for row in rows}
        for row in self._rows:
            yield ProvenFact(
                position=row.seq, received_ms=row.received_ms, b=row.body,
                x=_beside(self._said[row.id], held, shown), path=self._path(row.seq),
            )  # fmt: skip

    def _path(self, position: int) -> tuple[str, ...]:
        path = inclusion(position - 1, self.standing.size, self._tree.over)
        return tuple(one.hex() for one in path)

    def bytes(self) -> Iterator[ProvenBytes]:
        """Receipts for what the facts speak of, by position: under this order's name
        where there is one, else the first."""
        names = {ref.sha256 for said in self._said.values() for ref in said.head.blobs}
        entries = (
            select(event)
            .join(blob, blob.c.sha256 == event.c.id)
            .where(event.c.what == "blob", event.c.id.in_(sorted(names)))
            .order_by(event.c.seq.desc())
        )
        found: dict[str, Any] = {}
        for row in self.connection.execute(entries):
            if found.get(row.id) is None or found[row.id].stream != self.name:
                found[row.id] = row
        for row in sorted(found.values(), key=lambda one: one.seq):
            yield ProvenBytes(
                sha256=row.id, stream=row.stream, position=row.seq,
                received_ms=row.received_ms, path=self._path(row.seq),
            )  # fmt: skip

    def pushes(self) -> Iterator[ProvenPush]:
        """What devices signed when they handed these facts in. One that never fitted is
        no evidence, and is left out."""
        logs = {row.log for row in self._rows}
        times = {row.received_ms for row in self._rows}
        rows = self.connection.execute(
            select(push_evidence)
            .where(push_evidence.c.log.in_(sorted(logs)), push_evidence.c.valid)
            .where(push_evidence.c.received_ms.in_(sorted(times)))
            .order_by(push_evidence.c.log, push_evidence.c.root)
        )
        for row in rows:
            ids = json.loads(row.ids)
            if not self._said.keys().isdisjoint(ids):
                yield ProvenPush(device=row.log.partition(".")[0], log=row.log,
                                 ids=tuple(ids), signature=row.signature)  # fmt: skip

    def devices(self, names: Iterable[str]) -> dict[str, dict[str, str]]:
        """The public keys of these devices."""
        rows = self.connection.execute(
            select(device.c.id, device.c.key).where(device.c.id.in_(sorted(names)))
        )
        return {name: json.loads(key) for name, key in rows}


def _beside(
    said: Envelope, held: Salted, shown: Collection[str] | None
) -> dict[str, tuple[str, str]]:
    """The private values beside a fact, as far as they are held and shown."""
    return {
        name: held[promised]
        for name, promised in said.head.private.items()
        if promised in held and (shown is None or name in shown)
    }
