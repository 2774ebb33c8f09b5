"""What a copy holds: counted, and its root worked out. Reads only.

May not enter: what to do if it is not what it should be.
"""

import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from server.backup.copying import looking
from sync.envelope import fact_id
from sync.log import root_of


@dataclass(frozen=True, kw_only=True)
class BlobRow:
    """Bytes that have a receipt."""

    sha256: str
    bytes: int
    seq: int


@dataclass(frozen=True, kw_only=True)
class Contents:
    """A copy in numbers. `altered`: facts whose bytes are not those of their ids."""

    revision: str
    epoch: str
    seq: int
    greatest: int
    facts: int
    events: int
    root: str
    blobs: tuple[BlobRow, ...]
    altered: tuple[str, ...] = ()


def contents(file: Path) -> Contents:
    """What this copy holds. The root is worked out from the facts' bytes and not from
    what stands beside them. Raises `sqlite3.DatabaseError` where it cannot be read."""
    with looking(file) as connection:
        ids, altered = [], []
        for row in connection.execute("SELECT id, body FROM fact ORDER BY seq"):
            ids.append(fact_id(row["body"]))
            if row["id"] != ids[-1]:
                altered.append(row["id"])
        return Contents(
            revision=_one(connection, "SELECT version_num FROM alembic_version"),
            epoch=_one(connection, "SELECT epoch FROM head"),
            seq=_one(connection, "SELECT seq FROM head"),
            greatest=_one(connection, "SELECT max(max(coalesce((SELECT max(seq) FROM"
                          " fact), 0)), coalesce((SELECT max(seq) FROM event), 0))"),
            facts=len(ids),
            events=_one(connection, "SELECT count(*) FROM event"),
            root=root_of(ids),
            blobs=_blobs(connection),
            altered=tuple(altered),
        )  # fmt: skip


def _one(connection: sqlite3.Connection, query: str) -> Any:
    return connection.execute(query).fetchone()[0]


def _blobs(connection: sqlite3.Connection) -> tuple[BlobRow, ...]:
    """Bytes that a copy must bring along; those that were erased it must not."""
    rows = connection.execute(
        "SELECT sha256, bytes, seq FROM blob"
        " WHERE sha256 NOT IN (SELECT sha256 FROM erased_blob) ORDER BY sha256"
    )
    return tuple(BlobRow(sha256=r["sha256"], bytes=r["bytes"], seq=r["seq"])
                 for r in rows)  # fmt: skip
