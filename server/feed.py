"""What an actor may take home: changed orders in the sequence in which they changed.

A cursor moves only to the last item handed out; an order that changes while paging
comes again later. Whatever is odd about a cursor starts from nothing, once (K1–K8).
May not enter: writing.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import orjson
from sqlalchemy import (
    BindParameter,
    Connection,
    Engine,
    bindparam,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)

from server.board import as_order, documents
from server.board_tables import order_row
from server.cursors import Cursors, Held, Reader
from server.database import reading
from server.documents import Text, flaw_of, gone_mac, texts, wire
from server.heads import Heads
from server.keys import Keys
from server.prepared import Prepared, Said
from server.tables import (
    blob,
    blob_link,
    durable,
    event,
    fact,
    head,
    member,
    quarantine,
    stream,
)
from server.tree import Standing, stands
from sync.access import EVERY, Grants, may, projects
from sync.exchange import MOST_ITEMS, Document, Gone
from sync.heads import LogHead
from sync.order import Order
from sync.plain import as_json, but
from sync.settled import settled_for

MOST_PAGE_BYTES = 2 * 1024 * 1024  # of documents in one page, but at least one of them
AT_ONCE = 100  # documents are fetched so many at a time: memory is bounded by that


@dataclass(frozen=True, kw_only=True)
class Pulled:
    """A page as it goes out: its documents are JSON already."""

    cursor: str
    complete: bool
    epoch: str
    durable_through: int
    documents: tuple[bytes, ...] = ()
    gone: tuple[Gone, ...] = ()
    reset: str | None = None
    standing: Standing | None = None  # of the whole book, if there is any news
    ahead: bool = False  # the cursor knows of something that this book has not (K9)
    told: tuple[str, ...] = ()  # orders of others whose owners it tells of (S2)

    @property
    def news(self) -> bool:
        """Does it say anything that the reader did not know?"""
        return bool(self.documents or self.gone or self.reset)

    def wire(self, head: LogHead | None = None) -> bytes:
        """The page as JSON; lists that are empty are left out."""
        said: dict[str, Any] = {
            "cursor": self.cursor, "complete": self.complete, "epoch": self.epoch,
            "durable_through": self.durable_through,
        }  # fmt: skip
        if self.reset:
            said["reset"] = self.reset
        if self.gone:
            said["gone"] = self.gone
        if head:
            said["head"] = head
        frame = as_json(said).encode()
        if not self.documents:
            return frame
        return b'%b,"documents":[%b]}' % (frame[:-1], b",".join(self.documents))


class Feed:
    """Reads documents, history and receipts in one snapshot each."""

    def __init__(
        self,
        engine: Engine,
        keys: Keys,
        page_bytes: int = MOST_PAGE_BYTES,
        heads: Heads | None = None,
    ) -> None:
        self._engine = engine
        self._heads = heads or Heads(engine, keys)
        self._keys = keys
        self._cursors = Cursors(keys)
        self._page_bytes = page_bytes

    def pull(
        self, actor: str, grants: Grants, cursor: str | None, limit: int
    ) -> Pulled:
        """A page of what changed for this person since the cursor; at most `limit`
        items, and no more bytes than fit."""
        reader = Reader.of(actor, grants)
        limit = max(1, min(limit, MOST_ITEMS))
        held = self._cursors.read(cursor) if cursor else None
        with reading(self._engine) as connection:
            now = _look(connection, reader, held)
            start = _start(reader, held, now, begins=cursor is None)
            page = Pulled(
                cursor=cursor or "", complete=True, epoch=now.epoch,
                durable_through=now.durable_through or 0,
                reset=start.reset, ahead=start.ahead,
            )  # fmt: skip
            if held and not start.reset and now.next is None:
                return page
            basket = _Basket(
                self._keys, now.epoch, self._page_bytes, reader.owners, reader.actor
            )
            _fill(
                connection,
                basket,
                _changes(connection, reader, start, limit + 1),
                limit,
            )
            at = start.at if basket.last is None else basket.last.pos
            if basket.complete:
                at = max(at, start.since)
            return replace(
                page,
                cursor=self._cursors.made(
                    reader, now.epoch, at, start.since, _name_at(connection, at)
                ),
                complete=basket.complete,
                documents=tuple(basket.documents),
                gone=tuple(basket.gone),
                told=tuple(basket.told),
                standing=stands(connection) if basket.last else None,
            )

    def wire(self, page: Pulled, now_ms: int) -> bytes:
        """A page as it goes out; what brings something comes with the book's head."""
        one = page.standing
        return page.wire(self._heads.signed(one, now_ms) if one else None)

    def document(self, actor: str, grants: Grants, name: str) -> Document | None:
        """One order, if it lies in this person's scope; else None, as if unknown."""
        with reading(self._engine) as connection:
            if not _may_see(connection, actor, grants, name):
                return None
            found = texts(connection, [name]).get(name)
            return _record(found) if found else None

    def may_see(self, actor: str, grants: Grants, name: str) -> bool:
        """Does this order lie in this person's scope?"""
        with reading(self._engine) as connection:
            return _may_see(connection, actor, grants, name)

    def project_of(self, name: str) -> str:
        """Which project this order belongs to; "" if to none, or if it is unknown."""
        with reading(self._engine) as connection:
            return _project_of(connection, name)

    def may_see_blob(self, actor: str, grants: Grants, sha256: str) -> bool:
        """Does any order in this person's scope speak of these bytes?"""
        reader = Reader.of(actor, grants)
        wanted = select(literal(1)).where(blob_link.c.sha256 == sha256)
        if not reader.wide:
            given = select(member.c.stream).where(
                member.c.actor == actor, member.c.state == "in"
            )
            here = select(order_row.c.stream).where(
                order_row.c.project.in_(sorted(reader.reads))
            )
            wanted = wanted.where(
                or_(blob_link.c.stream.in_(given), blob_link.c.stream.in_(here))
            )
        with reading(self._engine) as connection:
            return connection.execute(wanted.limit(1)).first() is not None

    def speaks_of(self, places: Collection[str], sha256: str) -> bool:
        """Does any order of these projects speak of these bytes?"""
        if EVERY in places:
            return True
        wanted = (
            select(literal(1))
            .join(order_row, order_row.c.stream == blob_link.c.stream)
            .where(blob_link.c.sha256 == sha256)
            .where(order_row.c.project.in_(sorted(places)))
        )
        with reading(self._engine) as connection:
            return connection.execute(wanted.limit(1)).first() is not None

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


# Where a reader goes on


@dataclass(frozen=True, kw_only=True)
class _Start:
    """Where to go on; with a reason if it is from nothing."""

    at: int = 0
    since: int = 0
    reset: str | None = None
    ahead: bool = False


def _start(reader: Reader, held: Held | None, now: Any, *, begins: bool) -> _Start:
    """Where to go on, or the reason for starting from nothing (K6, K9)."""
    if begins:
        return _Start(since=now.seq)
    if held is None:
        return _Start(reset="cursor")
    if odd := held.odd(reader, now.epoch):
        return _Start(reset=odd)
    if held.at > now.seq or not held.saw(now.fact or now.event or ""):
        return _Start(reset="epoch", ahead=True)
    return _Start(at=held.at, since=held.since)


_AT: BindParameter[int] = bindparam("at")
_ACTOR: BindParameter[str] = bindparam("actor")
_NAMES = (
    select(fact.c.id).where(fact.c.seq == _AT).scalar_subquery().label("fact"),
    select(event.c.id).where(event.c.seq == _AT).scalar_subquery().label("event"),
)
_THROUGH = (
    select(durable.c.seq).where(durable.c.epoch == head.c.epoch).scalar_subquery()
)
_NOW = select(head.c.seq, head.c.epoch, _THROUGH, *_NAMES)
_NEXT_WIDE = select(func.min(stream.c.head)).where(stream.c.head > _AT)
_NEXT = select(func.min(member.c.pos)).where(
    member.c.actor == _ACTOR, member.c.pos > _AT
)
_LOOK_WIDE = Prepared(_NOW.add_columns(_NEXT_WIDE.scalar_subquery()))
_LOOK_NARROW = Prepared(_NOW.add_columns(_NEXT.scalar_subquery()))
_LOOK_HERE = Prepared(
    _NOW.add_columns(literal(0))
)  # who is at a desk is not in a hurry
_NAME_AT = Prepared(select(*_NAMES))


class _Now(NamedTuple):
    """How far the book has come, what lies at the cursor, and where the next change of
    its reader does."""

    seq: int
    epoch: str
    durable_through: int | None
    fact: str | None
    event: str | None
    next: int | None


def _look(connection: Connection, reader: Reader, held: Held | None) -> _Now:
    """Where the book stands, what lies at the cursor and where the next change does:
    all that a pull without news needs, in one row."""
    said: dict[str, Any] = {"at": held.at if held else 0}
    look = _LOOK_WIDE if reader.wide else _LOOK_HERE
    if reader.narrow:
        look, said = _LOOK_NARROW, said | {"actor": reader.actor}
    row = look.first(connection, said)
    assert row is not None
    return _Now(*row)


def _name_at(connection: Connection, at: int) -> str:
    """The id of what lies at this position; a restored server has something else."""
    there = _NAME_AT.first(connection, {"at": at})
    assert there is not None
    return there[0] or there[1] or ""


# What changed

_CHANGES_WIDE = Prepared(
    select(stream.c.id, stream.c.head, literal("in"), null(), null())
    .where(stream.c.head > _AT)
    .order_by(stream.c.head)
    .limit(bindparam("most"))
)  # fmt: skip
_CHANGES = Prepared(
    select(
        member.c.stream, member.c.pos, member.c.state, member.c.reason,
        member.c.purge_ms,
    )
    .where(
        member.c.actor == _ACTOR,
        member.c.pos > _AT,
        or_(member.c.state == "in", member.c.pos > bindparam("since")),
    )
    .order_by(member.c.pos)
    .limit(bindparam("most"))
)  # fmt: skip


class _Moved(NamedTuple):
    """An order that changed, or left, for its reader."""

    stream: str
    pos: int
    state: str
    reason: str | None
    purge_ms: int | None
    project: str | None = None  # of an order of others


_HERE: BindParameter[list[str]] = bindparam("reads", expanding=True)
_OURS = select(order_row.c.stream).where(order_row.c.project.in_(_HERE))
_OF_PROJECTS = Prepared(
    select(
        stream.c.id, stream.c.head, literal("in"), null(), null(), order_row.c.project
    )
    .join(order_row, order_row.c.stream == stream.c.id)
    .where(order_row.c.project.in_(_HERE), stream.c.head > _AT)
    .order_by(stream.c.head)
    .limit(bindparam("most"))
)  # fmt: skip
_GIVEN_ELSEWHERE = Prepared(
    select(
        member.c.stream, member.c.pos, member.c.state, member.c.reason,
        member.c.purge_ms,
    )
    .where(
        member.c.actor == _ACTOR,
        member.c.pos > _AT,
        or_(member.c.state == "in", member.c.pos > bindparam("since")),
        member.c.stream.not_in(_OURS),
    )
    .order_by(member.c.pos)
    .limit(bindparam("most"))
)  # fmt: skip
_MOVED_AWAY = Prepared(
    select(stream.c.id, stream.c.head, order_row.c.former)
    .join(order_row, order_row.c.stream == stream.c.id)
    .where(
        order_row.c.former != "[]", order_row.c.project.not_in(_HERE),
        stream.c.head > _AT, stream.c.head > bindparam("since"),
        stream.c.id.not_in(select(member.c.stream).where(member.c.actor == _ACTOR)),
    )
)  # fmt: skip
_WIDE_ROWS = Prepared(
    select(order_row.c.stream, order_row.c.project)
    .where(order_row.c.stream.in_(bindparam("names", expanding=True)))
)  # fmt: skip
AWAY = "moved"  # why an order left the scope of whoever reads its project


def _changes(
    connection: Connection, reader: Reader, start: _Start, most: int
) -> list[_Moved]:
    said: dict[str, Any] = {"at": start.at, "most": most}
    if reader.wide:
        found = [_Moved(*row) for row in _CHANGES_WIDE.all(connection, said)]
        names = {"names": [one.stream for one in found]}
        of = {name: place for name, place in _WIDE_ROWS.all(connection, names)}  # noqa: C416 - rows, not pairs
        return [one._replace(project=of.get(one.stream, "")) for one in found]
    mine = said | {"actor": reader.actor, "since": start.since}
    if reader.narrow:
        return [_Moved(*row) for row in _CHANGES.all(connection, mine)]
    return _changes_here(connection, sorted(reader.reads), said, mine)


def _changes_here(
    connection: Connection, reads: list[str], said: Said, mine: Said
) -> list[_Moved]:
    """Orders of these projects, what is given to the reader elsewhere, and what has
    gone to another project."""
    here = {"reads": reads}
    rows = [*_OF_PROJECTS.all(connection, {**said, **here}),
            *_GIVEN_ELSEWHERE.all(connection, {**mine, **here})]  # fmt: skip
    found = [_Moved(*row) for row in rows]
    went = {**mine, **here}
    del went["most"]
    for name, pos, former in _MOVED_AWAY.all(connection, went):
        if not set(reads).isdisjoint(orjson.loads(former)):
            found.append(_Moved(name, pos, "out", AWAY, 0))
    return sorted(found, key=lambda one: one.pos)[: said["most"]]


@dataclass
class _Basket:
    """What a page holds: what fits, in the sequence of positions."""

    keys: Keys
    epoch: str
    room: int
    owners: frozenset[str]  # where the reader may know them
    actor: str
    left: dict[str, Order] = field(default_factory=dict)  # what is out of their scope
    told: list[str] = field(default_factory=list)
    documents: list[bytes] = field(default_factory=list)
    gone: list[Gone] = field(default_factory=list)
    last: Any = None
    complete: bool = False

    def put(self, row: Any, found: Mapping[str, Text]) -> bool:
        """Did it fit? The first always does."""
        if row.state == "out":
            left = Gone(stream=row.stream, reason=row.reason, purge_ms=row.purge_ms)
            mac = gone_mac(self.keys, self.epoch, left)
            told = settled_for(self.left[row.stream], self.actor)
            self.gone.append(but(left, mac=mac, settled=told))
        else:
            whole = found[row.stream]
            if row.project is not None and not self._knows(row.project):
                whole = replace(whole, private={})
            document = wire(self.keys, self.epoch, whole)
            if self.documents and len(document) > self.room:
                return False
            self.documents.append(document)
            self.room -= len(document)
            if row.project is not None and whole.private:
                self.told.append(row.stream)
        self.last = row
        return True

    def _knows(self, project: str) -> bool:
        """May the reader know who lives there (S1)?"""
        return EVERY in self.owners or project in self.owners


def _fill(
    connection: Connection, basket: _Basket, rows: Sequence[Any], limit: int
) -> None:
    """Put in what fits; complete only if nothing was left (K5)."""
    for first in range(0, min(len(rows), limit), AT_ONCE):
        some = rows[first : min(first + AT_ONCE, limit)]
        found = texts(connection, [row.stream for row in some if row.state == "in"])
        out = [row.stream for row in some if row.state == "out"]
        basket.left = documents(connection, out)
        if not all(basket.put(row, found) for row in some):
            return
    basket.complete = len(rows) <= limit


def _reads_all(grants: Grants) -> bool:
    return may(grants, "order.read", EVERY)


def _may_see(connection: Connection, actor: str, grants: Grants, name: str) -> bool:
    if _reads_all(grants):
        return True
    row = connection.execute(
        select(member.c.state).where(
            member.c.actor == actor, member.c.stream == name, member.c.state == "in"
        )
    ).first()
    here = projects(grants, "order.read")
    return row is not None or bool(here and _project_of(connection, name) in here)


_DOCUMENT = Prepared(select(stream.c.document).where(stream.c.id == bindparam("name")))


def _project_of(connection: Connection, name: str) -> str:
    text = _DOCUMENT.value(connection, {"name": name})
    request = as_order(text).request if text else None
    return request.site if request else ""


def _record(found: Text) -> Document:
    return Document(
        stream=found.stream,
        rev=found.rev,
        order=orjson.loads(found.text),
        private=found.private,
        held=tuple(sorted(found.held)),
        flaws={name: flaw for name, flaw in sorted(found.held.items()) if flaw},
    )


def held_blobs(connection: Connection) -> frozenset[str]:
    """Every blob whose bytes are here."""
    return frozenset(connection.execute(select(blob.c.sha256)).scalars())


def _numbers(connection: Connection, log: str, upto: int) -> list[int]:
    """Numbers of this log in custody, set aside or not."""
    kept = union_all(*(
        select(table.c.n).where(table.c.log == log, table.c.n <= upto)
        for table in (fact, quarantine)
    ))  # fmt: skip
    return sorted(connection.execute(kept).scalars())


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
            "flaw": flaw_of(row.finding)}  # fmt: skip
