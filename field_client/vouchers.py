"""What the server has said that it saw: vouchers, and the epochs that it opened.

They lie with the outbox, because after a restore they are what keeps this tablet's
facts from becoming later. May not enter: what a voucher says; only the server reads it.
"""

# ruff: noqa: S608 - only constants of this package are put into its queries

import json
import sqlite3
from collections.abc import Iterable, Sequence

from field_client.database import writing
from sync.epochs import Lineage, Opened, lineage_of
from sync.exchange import Claim
from sync.plain import plain, typed

MOST = 1000  # beyond it, every other one of the older half goes
AT_ONCE = 100  # in one hello
DUE = "epoch IS NOT (SELECT epoch FROM server)"


class Vouchers:
    """The vouchers in an open outbox."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db

    def keep(self, voucher: str, epoch: str, claim: Claim | None) -> None:
        """Keep what the server said of this claim; of one tip, the first word counts,
        and the newest of all says how far the book had come."""
        if not voucher:
            return
        with writing(self.db):
            self.db.execute("UPDATE server SET voucher = ?", (voucher,))
            if claim is not None and claim.tip is not None:
                self.db.execute(
                    "INSERT OR IGNORE INTO voucher (log, n, voucher, epoch)"
                    " VALUES (?, ?, ?, ?)",
                    (claim.log, claim.n, voucher, epoch),
                )
                self._thin_out()

    def _thin_out(self) -> None:
        count = self.db.execute("SELECT count(*) FROM voucher").fetchone()[0]
        if count > MOST:
            self.db.execute(
                "DELETE FROM voucher WHERE seq IN (SELECT seq FROM (SELECT seq,"
                " row_number() OVER (ORDER BY seq) AS place FROM voucher)"
                " WHERE place <= ? AND place % 2 = 0)",
                (count // 2,),
            )

    def newest(self) -> str | None:
        """The newest one."""
        found = self.db.execute("SELECT voucher FROM server").fetchone()[0]
        return None if found is None else str(found)

    def due(self) -> dict[int, str]:
        """Those that the present epoch has not been shown."""
        rows = self.db.execute(
            f"SELECT seq, voucher FROM voucher WHERE {DUE} ORDER BY seq LIMIT ?",
            (AT_ONCE,),
        )
        return {row["seq"]: row["voucher"] for row in rows}

    def shown(self, which: Iterable[int], epoch: str) -> None:
        """The server has these again."""
        with writing(self.db):
            self.db.executemany(
                "UPDATE voucher SET epoch = ? WHERE seq = ?",
                [(epoch, seq) for seq in which],
            )

    def let_go(self, safe: str) -> None:
        """Those that speak only of facts that are backed up; `safe` is the outbox's
        word for that."""
        with writing(self.db):
            self.db.execute(
                "DELETE FROM voucher WHERE NOT EXISTS (SELECT 1 FROM fact"
                " WHERE fact.log = voucher.log AND fact.n <= voucher.n"
                f" AND NOT coalesce(fact.{safe}, 0))"
            )

    # epochs

    def learn(self, epochs: Sequence[Opened]) -> None:
        """Keep where histories part, in the server's own signed words."""
        known = self.epochs()
        merged = {**known, **lineage_of(epochs)}
        if merged != dict(known):
            text = json.dumps([plain(one) for one in merged.values()])
            with writing(self.db):
                self.db.execute("UPDATE server SET epochs = ?", (text,))

    def epochs(self) -> Lineage:
        """Every epoch that this tablet was told of."""
        text = self.db.execute("SELECT epochs FROM server").fetchone()[0]
        return lineage_of(typed(Opened, one) for one in json.loads(text or "[]"))
