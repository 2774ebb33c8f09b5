"""Signed heads of the book, proofs between them, and those that were once given out.

A head is signed after the commit that it speaks of, once for each size. May not enter:
HTTP, the tree itself (`server/tree.py`).
"""

import json
import os
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path

from sqlalchemy import Connection, Engine, select

from server.database import new_or_same, reading, writing
from server.keys import Keys
from server.tables import log_head
from server.tree import Reading, Standing, stands
from sync.heads import LogHead, head_text
from sync.log import consistency, inclusion
from sync.plain import as_json, but, typed
from sync.problems import Refused

FILE = "heads.jsonl"  # beside the data: outside of the database and of its backups


class Heads:
    """Signs heads; the same standing gets the same words."""

    def __init__(self, engine: Engine, keys: Keys) -> None:
        self._engine = engine
        self._keys = keys
        self._signing = threading.Lock()
        self._last: tuple[Standing, LogHead] | None = None

    def signed(self, one: Standing, now_ms: int, since_ms: int = 0) -> LogHead:
        """The head of a book that stands so and is on disk; one that was signed before
        `since_ms` is signed anew, also if nothing was written since."""
        with self._signing:
            last = self._last
            if last is None or last[0] != one or last[1].at_ms < since_ms:
                last = self._last = one, sign_head(self._keys, one, now_ms)
            return last[1]

    def now(self, now_ms: int) -> LogHead:
        """The head of the book as it stands."""
        with reading(self._engine) as connection:
            standing = stands(connection)
        return self.signed(standing, now_ms)

    def since(self, old: int, new: int) -> list[str]:
        """What shows that the book of the new size begins with the old. Refused:
        `not_found`, if it was never so long."""
        with reading(self._engine) as connection:
            if not 0 <= old <= new <= stands(connection).size:
                raise Refused("not_found")
            path = consistency(old, new, Reading(connection).over)
            return [one.hex() for one in path]

    def entry(self, position: int, now_ms: int) -> tuple[str, list[str], LogHead]:
        """The leaf at this position, and its way to the root of the head. Refused:
        `not_found`."""
        with reading(self._engine) as connection:
            standing, tree = stands(connection), Reading(connection)
            if not 0 < position <= standing.size:
                raise Refused("not_found")
            path = inclusion(position - 1, standing.size, tree.over)
            (leaf,) = tree.leaves(position - 1, position)
        head = self.signed(standing, now_ms)
        return leaf.hex(), [one.hex() for one in path], head

    def keep(self, folder: Path, now_ms: int) -> LogHead:
        """Keep the present head in the book and beside it. What was once said cannot be
        unsaid then, unless both are altered."""
        head = self.now(now_ms)
        row = {name: getattr(head, name) for name in log_head.c.keys()}  # noqa: SIM118
        with reading(self._engine) as connection:
            chosen = (log_head.c.epoch == head.epoch) & (log_head.c.size == head.size)
            known = connection.execute(select(log_head.c.size).where(chosen)).first()
        if known is None:
            with writing(self._engine) as connection:
                connection.execute(new_or_same(connection, log_head), [row])
            remember(folder / FILE, head)
        return head


def sign_head(keys: Keys, one: Standing, now_ms: int) -> LogHead:
    """The server's word that its book stands so."""
    head = LogHead(epoch=one.epoch, size=one.size, root=one.root, at_ms=now_ms,
                   key=keys.name)  # fmt: skip
    return but(head, signature=keys.seal(head_text(head)))


def remember(file: Path, head: LogHead) -> None:
    """Write a head behind those in this file; once this returns it is on disk."""
    with file.open("a", encoding="ascii") as out:
        out.write(as_json(head) + "\n")
        out.flush()
        os.fsync(out.fileno())


def remembered(file: Path) -> list[LogHead]:
    """The heads in a file: one on each line, as this server writes them down, or the
    one that a tablet keeps. What a crash has cut is passed over. Refused:
    `field_misshapen`, `field_unknown` … if it holds something else."""
    if not file.exists():
        return []
    return list(_read(file.read_text("utf-8").splitlines()))


def _read(lines: Iterable[str]) -> Iterator[LogHead]:
    for line in lines:
        try:
            said = json.loads(line)
        except ValueError:
            continue
        kept_there = said.get("head", said) if isinstance(said, dict) else said
        yield typed(LogHead, kept_there)


def kept(connection: Connection) -> list[LogHead]:
    """The heads that the book keeps itself."""
    rows = connection.execute(select(log_head).order_by(log_head.c.size)).mappings()
    return [LogHead(**row) for row in rows]
