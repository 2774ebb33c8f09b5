"""The tablet's folder: the outbox, the projection, and one lock for the exchange.

Two processes may use a folder at once: both may write, one exchanges. May not enter:
what is kept (`outbox`, `projection`), the network.
"""

import json
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from field_client.database import connect, held, sync_folder
from field_client.outbox import Outbox
from field_client.projection import Projection
from field_client.vouchers import Vouchers
from sync.exchange import Claim
from sync.problems import Refused

MEMORY = "outbox.known.json"
RESERVE_BYTES = 50 * 1024 * 1024  # kept free of photos, for facts (F24)


class Store:
    """An open folder; close it, or use it in a `with`."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder = folder
        with held(folder / "opening.lock", wait=True):
            fresh = not (folder / "outbox.db").exists()
            self.outbox = _outbox(folder)
            self.vouchers = Vouchers(self.outbox.db)
            self.projection = _projection(folder / "projection.db")
            if fresh:
                sync_folder(folder)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close both databases."""
        self.outbox.db.close()
        self.projection.db.close()

    @contextmanager
    def exchanging(self) -> Iterator[None]:
        """The right to exchange, for one process at a time; `exchange_busy` if another
        has it. The logs of both databases are folded in at the end."""
        with held(self.folder / "exchange.lock", wait=False):
            yield
            for db in (self.outbox.db, self.projection.db):
                db.execute("PRAGMA wal_checkpoint(PASSIVE)")

    def remember(self, claims: Sequence[Claim], at_ms: int) -> None:
        """Note beside the outbox what it held, for the day when it is gone (F13)."""
        last = claims[-1]
        held = {
            "log": last.log,
            "n": last.n,
            "unsent": sum(one.unsent for one in claims),
            "at_ms": at_ms,
        }
        draft = self.folder / f"{MEMORY}.new"
        draft.write_text(json.dumps(held), "utf-8")
        draft.replace(self.folder / MEMORY)

    def free_bytes(self) -> int:
        """What the disk has left."""
        return shutil.disk_usage(self.folder).free

    def make_room(self, size: int) -> None:
        """Refuse bytes that would use up what facts may need (F24)."""
        if self.free_bytes() - size < RESERVE_BYTES:
            raise Refused("tablet_nearly_full", free=self.free_bytes() // 2**20)


def _outbox(folder: Path) -> Outbox:
    """The outbox. One that was here and is gone, or cannot be read, is never begun anew
    in silence: what it held is named, and nothing in the folder is touched (F13)."""
    path = folder / "outbox.db"
    memory = folder / MEMORY
    if memory.exists() and (not path.exists() or path.stat().st_size == 0):
        raise Refused("outbox_lost", path=path, **_remembered(memory))
    try:
        outbox = Outbox(_private(path))
        outbox.lay_out()
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError as why:
        held = _remembered(memory) if memory.exists() else {}
        raise Refused("outbox_broken", path=path, why=why, **held) from None
    return outbox


def _remembered(memory: Path) -> dict[str, object]:
    try:
        held = json.loads(memory.read_text("utf-8"))
    except ValueError:
        return {}
    return {name: held[name] for name in ("log", "n", "unsent") if name in held}


def _private(path: Path) -> sqlite3.Connection:
    """A database that nobody else on the machine may read."""
    path.touch(mode=0o600)
    return connect(path)


def _projection(path: Path) -> Projection:
    """The projection; one that cannot be read or is of another version is dropped."""
    try:
        projection = Projection(_private(path))
        if projection.fits():
            return projection
        projection.db.close()
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):
            raise
    for ending in ("", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    projection = Projection(_private(path))
    projection.fits()
    return projection
