"""Does the book hold together? Every fact, every position, every picture is looked at.

Reads only. May not enter: mending.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, select
from sqlalchemy import func as sql

from server.database import reading
from server.losses import settled
from server.shelf import Shelf
from server.tables import blob, erased_blob, event, fact, head, private
from sync.envelope import commitment, fact_id, read
from sync.problems import Refused


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Something that is not as it must be; `position`: where, if it has a place."""

    code: str
    what: str
    position: int | None = None


def findings(engine: Engine, shelf: Shelf) -> Iterator[Finding]:
    """Everything that does not hold; nothing, if the book is whole."""
    with reading(engine) as connection:
        yield from _facts(connection)
        yield from _positions(connection)
        yield from _private(connection)
        held = select(blob.c.sha256, blob.c.seq).where(
            blob.c.sha256.not_in(select(erased_blob.c.sha256))
        )
        names = connection.execute(held).all()
    for name, at in sorted(names):
        if not shelf.has(name):
            yield Finding(code="blob_missing", what=name, position=at)
        elif not shelf.check(name):
            yield Finding(code="blob_damaged", what=name, position=at)


def _facts(connection: Connection) -> Iterator[Finding]:
    """Bytes still hash to their ids; chains link, or a person has said why not."""
    explained = settled(connection)
    previous: dict[tuple[str, int], set[str]] = {}
    rows = connection.execute(select(fact).order_by(fact.c.log, fact.c.n))
    for row in rows:
        if not _is_itself(row):
            yield Finding(code="fact_altered", what=row.id, position=row.seq)
        before = previous.get((row.log, row.n - 1))
        parted = before is not None and row.prev not in before
        if parted and row.id not in explained:
            yield Finding(code="chain_broken", what=row.id, position=row.seq)
        previous.setdefault((row.log, row.n), set()).add(row.id)


def _is_itself(row: Any) -> bool:
    """Are the bytes those that the id names, and do the columns say what they say?"""
    if fact_id(row.body) != row.id:
        return False
    try:
        said = read(row.body).head
    except Refused:
        return False
    columns = (row.log, row.n, row.prev, row.stream)
    return (said.log, said.n, said.prev, said.stream) == columns


def _positions(connection: Connection) -> Iterator[Finding]:
    """Count, greatest and counter are one number; nothing shares its place."""
    facts, events = (
        connection.execute(select(sql.count(), sql.max(table.c.seq))).one()
        for table in (fact, event)
    )
    seq = connection.execute(select(head.c.seq)).scalar_one()
    count, greatest = facts[0] + events[0], max(facts[1] or 0, events[1] or 0)
    if not count == greatest == seq:
        yield Finding(code="positions_torn", what=f"{count}/{greatest}/{seq}")
    doubled = select(fact.c.id).join(event, event.c.seq == fact.c.seq)
    for name in connection.execute(doubled).scalars():
        yield Finding(code="fact_unplaced", what=name)


def _private(connection: Connection) -> Iterator[Finding]:
    """Private values still match what the facts committed to."""
    promised: dict[str, tuple[str, int]] = {}
    for row in connection.execute(select(fact.c.seq, fact.c.id, fact.c.body)):
        try:
            held = read(row.body, row.id).head.private
        except Refused:
            continue  # found already
        promised |= {digest: (name, row.seq) for name, digest in held.items()}
    for row in connection.execute(select(private)):
        name, at = promised.get(row.commitment, ("", None))
        if not name or not _matches(name, row):
            yield Finding(code="private_altered", what=row.commitment, position=at)


def _matches(name: str, row: Any) -> bool:
    try:
        return commitment(name, row.salt, row.value) == row.commitment
    except ValueError:
        return False
