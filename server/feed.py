"""What an actor may take home: changed orders in the sequence in which they changed.

A cursor moves only to the last item handed out; an order that changes while paging
comes again later. Whatever is odd about a cursor starts from nothing, once (K1–K8).
May not enter: writing.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, literal, select, union_all

from server.database import reading
from server.keys import Keys
from server.tables import (
    blob,
    blob_link,
    event,
    fact,
    head,
    member,
    private,
    stream,
)
from sync.access import may_read_all
from sync.exchange import Document, Gone, Page

FORMAT = 2  # of cursors; 2: whether the reader sees every order
MOST = 200


class Feed:
    """Reads documents, history and receipts in one snapshot each."""

    def __init__(self, engine: Engine, keys: Keys) -> None:
        self._engine = engine
        self._keys = keys

    def pull(self, actor: str, role: str, cursor: str | None, limit: int) -> Page:
        """A page of what changed for this person since the cursor."""
        limit = max(1, min(limit, MOST))
        with reading(self._engine) as connection:
            now = connection.execute(select(head)).one()
            start, reset = self._start(connection, actor, role, cursor, now)
            rows = _changes(connection, actor, role, start, limit + 1)
            page, more = rows[:limit], len(rows) > limit
            last = page[-1].pos if page else start
            return Page(
                cursor=self._cursor(connection, actor, role, now.epoch, last),
                complete=not more,
                epoch=now.epoch,
                durable_through=0,
                documents=_documents(connection, [r for r in page if r.state == "in"]),
                gone=tuple(
                    Gone(stream=r.stream, reason=r.reason, purge_ms=r.purge_ms)
                    for r in page
                    if r.state == "out"
                ),
                reset=reset,
            )

    def _start(
        self,
        connection: Connection,
        actor: str,
        role: str,
        cursor: str | None,
        now: Any,
    ) -> tuple[int, str | None]:
        """Where to go on, or the reason for starting from nothing (K6, K9)."""
        if cursor is None:
            return 0, None
        data = self._keys.unsealed("cursor", cursor)
        held: list[Any] = json.loads(data) if data else [None]
        if held[0] != FORMAT:
            return 0, "cursor"
        _, epoch, owner, wide, at, tag = held
        if (owner, wide) != (actor, may_read_all(role)):
            return 0, "scope"
        if epoch != now.epoch or at > now.seq or tag != _tag(connection, at):
            return 0, "epoch"
        return at, None

    def _cursor(
        self, connection: Connection, actor: str, role: str, epoch: str, at: int
    ) -> str:
        tag = _tag(connection, at)
        held = [FORMAT, epoch, actor, may_read_all(role), at, tag]
        return self._keys.sealed("cursor", json.dumps(held).encode())

    def document(self, actor: str, role: str, name: str) -> Document | None:
        """One order, if it lies in this person's scope; else None, as if unknown."""
        with reading(self._engine) as connection:
            if not _may_see(connection, actor, role, name):
                return None
            rows = connection.execute(
                select(stream.c.id.label("stream"), stream.c.rev, stream.c.document)
                .where(stream.c.id == name)
            ).all()  # fmt: skip
            found = _documents(connection, rows)
            return found[0] if found else None

    def may_see(self, actor: str, role: str, name: str) -> bool:
        """Does this order lie in this person's scope?"""
        with reading(self._engine) as connection:
            return _may_see(connection, actor, role, name)

    def may_see_blob(self, actor: str, role: str, sha256: str) -> bool:
        """Does any order in this person's scope speak of these bytes?"""
        with reading(self._engine) as connection:
            names = connection.execute(
                select(blob_link.c.stream).where(blob_link.c.sha256 == sha256)
            ).scalars()
            return any(_may_see(connection, actor, role, name) for name in names.all())

    def facts(
        self, after: int, limit: int, name: str | None = None
    ) -> list[dict[str, Any]]:
        """Facts in commit order after a position; of one order, or of the whole log."""
        wanted = (
            select(fact.c.seq, fact.c.body, fact.c.received_ms, fact.c.id)
            .where(fact.c.seq > after)
            .order_by(fact.c.seq)
            .limit(limit)
        )
        if name is not None:
            wanted = wanted.where(fact.c.stream == name)
        with reading(self._engine) as connection:
            return [
                {"position": r.seq, "id": r.id, "received_ms": r.received_ms,
                 "b": r.body}
                for r in connection.execute(wanted)
            ]  # fmt: skip

    def have(self, logs: Mapping[str, int], blobs: Sequence[str]) -> dict[str, Any]:
        """What the server lacks of each log up to n, and its receipts for bytes."""
        with reading(self._engine) as connection:
            return {
                "logs": {
                    log: _missing(_numbers(connection, log, n), n)
                    for log, n in logs.items()
                },
                "blobs": {one: _receipt(connection, one) for one in blobs},
            }


def _changes(
    connection: Connection, actor: str, role: str, after: int, limit: int
) -> Sequence[Any]:
    if may_read_all(role):
        wanted = (
            select(
                stream.c.id.label("stream"), stream.c.head.label("pos"),
                stream.c.rev, stream.c.document,
            )
            .add_columns(literal("in").label("state"))
            .where(stream.c.head > after, stream.c.id.like("order:%"))
            .order_by(stream.c.head)
        )  # fmt: skip
    else:
        wanted = (
            select(
                member.c.stream, member.c.pos, member.c.state, member.c.reason,
                member.c.purge_ms, stream.c.rev, stream.c.document,
            )
            .join(stream, stream.c.id == member.c.stream)
            .where(member.c.actor == actor, member.c.pos > after)
            .order_by(member.c.pos)
        )  # fmt: skip
    return connection.execute(wanted.limit(limit)).all()


def _documents(connection: Connection, rows: Sequence[Any]) -> tuple[Document, ...]:
    names = [row.stream for row in rows]
    secrets = _private(connection, names)
    bytes_held = _held(connection, names)
    return tuple(
        Document(
            stream=row.stream,
            rev=row.rev,
            order=json.loads(row.document),
            private=secrets.get(row.stream, {}),
            held=tuple(sorted(bytes_held.get(row.stream, {}))),
            flaws={
                name: flaw
                for name, flaw in sorted(bytes_held.get(row.stream, {}).items())
                if flaw
            },
        )
        for row in rows
    )


def _private(
    connection: Connection, names: Sequence[str]
) -> dict[str, dict[str, tuple[str, ...]]]:
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for row in connection.execute(select(private).where(private.c.stream.in_(names))):
        found.setdefault(row.stream, {})[row.commitment] = (row.salt, row.value)
    return found


def _held(
    connection: Connection, names: Sequence[str]
) -> dict[str, dict[str, str | None]]:
    """Stream -> blob that is here -> what is wrong with it, if anything."""
    rows = connection.execute(
        select(blob_link.c.stream, blob.c.sha256, blob.c.finding)
        .join(blob, blob.c.sha256 == blob_link.c.sha256)
        .where(blob_link.c.stream.in_(names))
    )
    found: dict[str, dict[str, str | None]] = {}
    for row in rows:
        found.setdefault(row.stream, {})[row.sha256] = _flaw(row.finding)
    return found


def held_blobs(connection: Connection) -> frozenset[str]:
    """Every blob whose bytes are here."""
    return frozenset(connection.execute(select(blob.c.sha256)).scalars())


def _flaw(finding: str | None) -> str | None:
    return json.loads(finding).get("flaw") if finding else None


def _may_see(connection: Connection, actor: str, role: str, name: str) -> bool:
    if may_read_all(role):
        return True
    row = connection.execute(
        select(member.c.state).where(
            member.c.actor == actor, member.c.stream == name, member.c.state == "in"
        )
    ).first()
    return row is not None


def _tag(connection: Connection, at: int) -> str:
    """A mark of what lies at this position; a restored server has something else."""
    there = union_all(
        *(select(table.c.id).where(table.c.seq == at) for table in (fact, event))
    )
    return (connection.execute(there).scalar() or "")[:8]


def _numbers(connection: Connection, log: str, upto: int) -> list[int]:
    """Numbers of this log in custody, set aside or not."""
    kept = select(fact.c.n).where(fact.c.log == log, fact.c.n <= upto)
    return list(connection.execute(kept.order_by(fact.c.n)).scalars())


def _missing(present: Sequence[int], upto: int) -> list[list[int]]:
    """The gaps in 1…upto, as [from, to] pairs."""
    gaps, expected = [], 1
    for n in [*present, upto + 1]:
        if n > expected:
            gaps.append([expected, n - 1])
        expected = max(expected, n + 1)
    return gaps


def _receipt(connection: Connection, sha256: str) -> dict[str, Any] | None:
    row = connection.execute(select(blob).where(blob.c.sha256 == sha256)).first()
    if row is None:
        return None
    return {"position": row.seq, "received_ms": row.received_ms,
            "flaw": _flaw(row.finding)}  # fmt: skip
