"""What is owed, as the outbox's rows tell it: identity, places, facts, originals.

May not enter: SQL, decisions.
"""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sync.exchange import Receipt
from sync.plain import Record, typed


class Enrolment(Record, frozen=True, kw_only=True):
    """Who this tablet is, to which server (point 10 of its contract)."""

    device: str
    actor: str
    role: str
    server: str  # URL
    server_key: Mapping[str, str]  # JWK
    certificate: str = ""  # lets it in again where a restore forgot it


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where the next fact of a log stands."""

    log: str
    n: int
    prev: str | None


@dataclass(frozen=True, kw_only=True)
class Owned:
    """A fact of this tablet and what the server said of it."""

    id: str
    log: str
    n: int
    stream: str
    b: str
    x: Mapping[str, tuple[str, str]]
    epoch: str | None
    receipt: Receipt | None
    waiting: bool
    safe: bool

    @property
    def refused(self) -> bool:
        """Not in custody, and asking again will not help by itself."""
        return not self.waiting and not (self.receipt and self.receipt.in_custody)

    @property
    def kind(self) -> str:
        """What kind of fact it is, also if this version does not know it."""
        return str(json.loads(self.b)["t"])

    @property
    def wire(self) -> dict[str, Any]:
        """As it is handed in."""
        return {"b": self.b, "x": self.x}


@dataclass(frozen=True, kw_only=True)
class Original:
    """Bytes that belong to a fact, and how far they have got (V4)."""

    seq: int
    sha256: str
    type: str
    role: str
    size: int
    upload: str | None
    flaw: str | None
    waiting: bool
    safe: bool


def owned(row: sqlite3.Row) -> Owned:
    receipt = row["receipt"] and typed(Receipt, json.loads(row["receipt"]))
    return Owned(
        id=row["id"],
        log=row["log"],
        n=row["n"],
        stream=row["stream"],
        b=row["b"],
        x={name: tuple(held) for name, held in json.loads(row["x"]).items()},
        epoch=row["epoch"],
        receipt=receipt or None,
        waiting=bool(row["waiting"]),
        safe=bool(row["safe"]),
    )


def original(row: sqlite3.Row) -> Original:
    receipt = json.loads(row["receipt"]) if row["receipt"] else {}
    return Original(
        seq=row["seq"],
        sha256=row["sha256"],
        type=row["type"],
        role=row["role"],
        size=row["size"],
        upload=row["upload"],
        flaw=receipt.get("flaw"),
        waiting=bool(row["waiting"]),
        safe=bool(row["safe"]),
    )
