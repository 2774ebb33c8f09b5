"""What the tablet owes the server: facts and original bytes, and the identity they are
written under. Nothing but a receipt makes a fact stop waiting; nothing but
`durable_through` lets anything go (invariant 7).

May not enter: what a fact means, the network, anything that could be pulled again.
"""

# ruff: noqa: S608 - only constants of this module are put into its queries

import json
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

from field_client.database import writing
from field_client.layout import OUTBOX, VERSION
from field_client.owed import Enrolment, Original, Owned, Place, original, owned
from sync.envelope import read
from sync.exchange import Claim, Receipt
from sync.facts import Fact
from sync.plain import plain, typed
from sync.problems import Refused

WAITING = "(receipt IS NULL OR epoch IS NOT (SELECT epoch FROM server))"
SAFE = (
    "epoch IS (SELECT epoch FROM server)"
    " AND position <= (SELECT durable_through FROM server)"
)


FACTS = f"SELECT *, {WAITING} AS waiting, coalesce({SAFE}, 0) AS safe FROM fact"
# Bytes that were let go cannot wait, whatever became of the server since.
HERE = "EXISTS (SELECT 1 FROM original WHERE original.seq = blob.seq)"
BLOBS = (
    f"SELECT *, ({WAITING} AND {HERE}) AS waiting, coalesce({SAFE}, 0) AS safe"
    " FROM blob"
)


class Outbox:
    """The outbox in one open database."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db
        db.row_factory = sqlite3.Row

    def lay_out(self) -> None:
        """Make the tables of a new outbox; refuse a layout from the future."""
        with writing(self.db):
            if not self.db.execute(
                "SELECT 1 FROM sqlite_master WHERE name = 'layout'"
            ).fetchone():
                for statement in OUTBOX.split(";")[:-1]:
                    self.db.execute(statement)
                self.db.execute("INSERT INTO layout VALUES (?)", (VERSION,))
                self.db.execute("INSERT INTO server VALUES (1, NULL, 0, NULL, NULL)")
        if (found := self.layout()) != VERSION:
            raise Refused("layout_unknown", version=found)

    def layout(self) -> int:
        """The layout's version."""
        return int(self._one("SELECT version FROM layout")["version"])

    # who writes

    def key(self, make: Callable[[], str]) -> str:
        """The device key; made once, before anybody is asked to enrol it."""
        with writing(self.db):
            row = self._one("SELECT key FROM device")
            if row is None:
                self.db.execute("INSERT INTO device VALUES (1, ?, NULL)", (make(),))
                row = self._one("SELECT key FROM device")
        return str(row["key"])

    def enrolment(self) -> Enrolment | None:
        """Who this tablet is; None before it was enrolled."""
        row = self._one("SELECT enrolment FROM device")
        if row is None or row["enrolment"] is None:
            return None
        return typed(Enrolment, json.loads(row["enrolment"]))

    def enrol(self, enrolment: Enrolment, log: str) -> None:
        """Keep who this tablet is, and open its first log."""
        with writing(self.db):
            text = json.dumps(plain(enrolment))
            self.db.execute("UPDATE device SET enrolment = ?", (text,))
            self._open(log)

    def open_log(self, old: str, new: str) -> None:
        """Go on under a new instance if `old` is still the one in use (F13). What was
        written under the old one stays as it is."""
        with writing(self.db):
            if self._current()["name"] == old:
                self._open(new)

    def _open(self, log: str) -> None:
        self.db.execute("INSERT INTO log (name, n) VALUES (?, 0)", (log,))

    def _current(self) -> sqlite3.Row:
        row = self._one("SELECT * FROM log ORDER BY seq DESC LIMIT 1")
        if row is None:
            raise Refused("not_enrolled")
        return row

    def claims(self, at: Mapping[str, int | str | None]) -> tuple[Claim, ...]:
        """How far each log has got (F11)."""
        rows = self.db.execute("SELECT name FROM log ORDER BY seq").fetchall()
        return tuple(self.claim(row["name"], at) for row in rows)

    def claim(self, log: str, at: Mapping[str, int | str | None]) -> Claim:
        """How far this log has got, and how much of it waits."""
        row = self._one("SELECT * FROM log WHERE name = ?", log)
        unsent = self._one(
            f"SELECT count(*) AS c FROM fact WHERE log = ? AND {WAITING}", log
        )
        return Claim(log=log, n=row["n"], tip=row["tip"], at=at, unsent=unsent["c"])

    # writing

    def write(
        self,
        make: Callable[[Place], tuple[Fact, Mapping[str, Any], Mapping[str, bytes]]],
    ) -> Fact:
        """Keep one fact with its private values and originals, all or nothing (F12).

        `make` is called inside the transaction with the place that the fact takes; what
        it reads there cannot change before the fact is on disk.
        """
        with writing(self.db):
            log = self._current()
            place = Place(log=log["name"], n=log["n"] + 1, prev=log["tip"])
            fact, private, originals = make(place)
            self._keep(fact, private)
            for ref in fact.head.blobs:
                self._keep_original(ref.sha256, ref.type, ref.role, originals)
            self.db.execute(
                "UPDATE log SET n = ?, tip = ? WHERE name = ?",
                (place.n, fact.id, place.log),
            )
        return fact

    def _keep(self, fact: Fact, private: Mapping[str, Any]) -> None:
        self.db.execute(
            "INSERT INTO fact (id, log, n, stream, b, x) VALUES (?, ?, ?, ?, ?, ?)",
            (
                fact.id,
                fact.head.log,
                fact.head.n,
                fact.head.stream,
                fact.envelope.body,
                json.dumps(private, ensure_ascii=False),
            ),
        )

    def _keep_original(
        self, sha256: str, type_: str, role: str, originals: Mapping[str, bytes]
    ) -> None:
        data = originals[role]
        known = self._one("SELECT seq FROM blob WHERE sha256 = ?", sha256)
        seq = (
            known["seq"]
            if known
            else self.db.execute(
                "INSERT INTO blob (sha256, type, role, size) VALUES (?, ?, ?, ?)",
                (sha256, type_, role, len(data)),
            ).lastrowid
        )
        if self._one("SELECT seq FROM original WHERE seq = ?", seq) is None:
            self.db.execute("INSERT INTO original VALUES (?, ?)", (seq, data))

    # reading

    def facts(self, stream: str | None = None) -> list[Owned]:
        """All facts that are held, of one order or of all, as they were written."""
        if stream is None:
            return [owned(row) for row in self.db.execute(f"{FACTS} ORDER BY seq")]
        rows = self.db.execute(f"{FACTS} WHERE stream = ? ORDER BY seq", (stream,))
        return [owned(row) for row in rows]

    def waiting(self) -> list[Owned]:
        """Facts without a receipt that counts."""
        rows = self.db.execute(f"{FACTS} WHERE {WAITING} ORDER BY seq")
        return [owned(row) for row in rows]

    @property
    def owes(self) -> bool:
        """Is there anything that the server has not receipted?"""
        return any(
            self._one(f"SELECT 1 FROM {owed} LIMIT 1")
            for owed in (f"fact WHERE {WAITING}", f"blob WHERE {WAITING} AND {HERE}")
        )

    def originals(self) -> list[Original]:
        """All bytes that are known of, as they were taken."""
        return [original(row) for row in self.db.execute(f"{BLOBS} ORDER BY seq")]

    def part(self, seq: int, start: int, length: int) -> bytes:
        """A piece of an original."""
        with self.db.blobopen("original", "bytes", seq, readonly=True) as data:
            data.seek(start)
            return data.read(length)

    def pieces(self, seq: int, length: int = 1 << 18) -> Iterator[bytes]:
        """An original, piece by piece; nothing if it was let go."""
        if self._one("SELECT seq FROM original WHERE seq = ?", seq) is None:
            return
        with self.db.blobopen("original", "bytes", seq, readonly=True) as data:
            while piece := data.read(length):
                yield piece

    # what the server said

    def meet(self, epoch: str, durable_through: int) -> bool:
        """Note the server's epoch and how far it is backed up. True if it went back in
        time: then everything that is held waits again (F17)."""
        with writing(self.db):
            before = self._one("SELECT * FROM server")
            fresh = before["epoch"] != epoch
            through = durable_through
            if not fresh:
                through = max(through, before["durable_through"])
            self.db.execute(
                "UPDATE server SET epoch = ?, durable_through = ?", (epoch, through)
            )
        return fresh and before["epoch"] is not None

    def outdated(self) -> list[Owned]:
        """Facts that were in custody before the server went back in time."""
        rows = self.db.execute(
            f"{FACTS} WHERE receipt IS NOT NULL AND {WAITING} ORDER BY seq"
        )
        return [
            one for one in map(owned, rows) if one.receipt and one.receipt.in_custody
        ]

    def settle(self, receipts: Iterable[Receipt], epoch: str) -> None:
        """Keep the server's word on these facts."""
        with writing(self.db):
            self.db.executemany(
                "UPDATE fact SET receipt = ?, epoch = ?, position = ? WHERE id = ?",
                [
                    (json.dumps(plain(one)), epoch, _counted(one), one.id)
                    for one in receipts
                ],
            )

    def settle_original(
        self, sha256: str, epoch: str, position: int, receipt: Mapping[str, Any]
    ) -> None:
        """Keep the server's word on exactly these bytes."""
        with writing(self.db):
            self.db.execute(
                "UPDATE blob SET receipt = ?, epoch = ?, position = ?, upload = NULL"
                " WHERE sha256 = ?",
                (json.dumps(receipt), epoch, position, sha256),
            )

    def note_upload(self, sha256: str, upload: str | None) -> None:
        """Where the bytes are going, so that another process can go on."""
        with writing(self.db):
            self.db.execute(
                "UPDATE blob SET upload = ? WHERE sha256 = ?", (upload, sha256)
            )

    def offer_again(self) -> None:
        """Let refused facts wait once more, because a person asked for it."""
        refused = [one.id for one in self.facts() if one.refused]
        with writing(self.db):
            self.db.executemany(
                "UPDATE fact SET receipt = NULL WHERE id = ?",
                [(one,) for one in refused],
            )

    def let_go(self, streams_gone: Iterable[str] = ()) -> None:
        """Let go of originals that are receipted and backed up, and of facts whose
        order has left this tablet as well (S1)."""
        with writing(self.db):
            self.db.execute(
                "DELETE FROM original WHERE seq IN"
                f" (SELECT seq FROM blob WHERE receipt IS NOT NULL AND {SAFE})"
            )
            self.db.executemany(
                f"DELETE FROM fact WHERE stream = ? AND receipt IS NOT NULL AND {SAFE}",
                [(one,) for one in streams_gone],
            )

    def forget(self, stream: str, names: Collection[str]) -> bool:
        """Let go of private values (by commitment) and originals (by digest) that were
        erased at their owner's wish, whatever else waits. Was anything here?"""
        self.db.execute("PRAGMA secure_delete = ON")
        here = False
        with writing(self.db):
            for row in self.db.execute(
                "SELECT seq, b, x FROM fact WHERE stream = ?", (stream,)
            ).fetchall():
                promised = read(row["b"]).head.private
                held = json.loads(row["x"])
                kept = {n: v for n, v in held.items() if promised.get(n) not in names}
                if kept != held:
                    text = json.dumps(kept, ensure_ascii=False)
                    self.db.execute("UPDATE fact SET x = ? WHERE seq = ?",
                                    (text, row["seq"]))  # fmt: skip
                    here = True
            for name in names:
                gone = self.db.execute(
                    "DELETE FROM original WHERE seq IN"
                    " (SELECT seq FROM blob WHERE sha256 = ?)", (name,)
                )  # fmt: skip
                here = here or gone.rowcount > 0
        return here

    def _one(self, query: str, *values: object) -> Any:
        return self.db.execute(query, values).fetchone()


def _counted(receipt: Receipt) -> int | None:
    """The position of what is in custody; a refused fact has none."""
    return receipt.position if receipt.in_custody else None
