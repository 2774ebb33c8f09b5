"""Is the book what it was when it was written? Everything in it is worked out anew and
held against the tree, the signed heads and the bytes on the shelf (X7).

Who may write to the database cannot change, remove, add or move anything under a
signed head without being found, and the first bad position is named; who holds the
server's signing key too is found by heads that lie elsewhere (`outside`). What came in
behind the newest head is named as that (`UNSIGNED`). When a tablet called (`claim`)
stands in no head: moved alone it no longer fits the documents; moved with them nothing
tells. Reads only. May not enter: mending.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, null, select

from server import audit, board, cards
from server.audit import Finding
from server.board_tables import order_row
from server.database import reading
from server.epochs import lineage
from server.erasures import WHAT as ERASED
from server.erasures import in_the_book, written_down
from server.heads import kept
from server.hold_notes import Hold
from server.hold_tables import legal_hold
from server.holds import HELD, RELEASED
from server.keys import Keys
from server.shelf import Shelf
from server.tables import (
    blob,
    device,
    epoch,
    erased_blob,
    erasure,
    event,
    fact,
    head,
    log_leaf,
    log_node,
    private,
    push_evidence,
    quarantine,
    stream,
)
from server.testimony import SERVER
from server.tree import peaks_in
from sync.envelope import fact_id, read
from sync.epochs import lineage_of, opened_text, shared
from sync.fold import fold
from sync.heads import LogHead, event_leaf, fact_leaf
from sync.log import WIDTH, Frontier, Node, grown, root_of
from sync.problems import Refused
from sync.signing import push_text, read_jwk, verifies
from sync.words import N_

SEALS = ("quarantine", "blob", "epoch")  # events beside which a row stands

UNSIGNED = "entry_unsigned"  # accuses nobody: a server signs every ten minutes

FOUND: dict[str, str] = {
    "fact_altered": N_("第 {position} 条：记录 {what} 的内容或登记栏被改动"),
    "chain_broken": N_("第 {position} 条：记录 {what} 接不上同一设备的前一条"),
    "fact_unplaced": N_("记录 {what} 与另一条占同一位置"),
    "positions_torn": N_("条数、最大位置和计数器不一致：{what}"),
    "private_altered": N_("第 {position} 条：个人信息 {what} 被改动，或不属于任何记录"),
    "private_missing": N_("第 {position} 条：个人信息不见了，也没有删除记录（{what}）"),
    "blob_missing": N_("第 {position} 条：原件 {what} 不见了"),
    "blob_damaged": N_("第 {position} 条：原件 {what} 被换过或损坏"),
    "blob_length": N_("第 {position} 条：原件 {what} 的长度与收据不符"),
    "blob_differs": N_("第 {position} 条：原件 {what} 的收据被改动或删除"),
    "quarantine_altered": N_("第 {position} 条：隔离中的记录 {what} 被改动"),
    "quarantine_differs": N_("第 {position} 条：隔离记录 {what} 被改动或删除"),
    "epoch_differs": N_("恢复记录 {what} 与账本不符"),
    "epoch_unsigned": N_("恢复记录 {what} 的签名不成立"),
    "epoch_unknown": N_("有签名属于账本不认识的时期 {what}"),
    "erasure_unfounded": N_("{what} 被标为已删除，却没有这次删除的记录"),
    "entry_missing": N_("第 {position} 条被删去"),
    "entry_altered": N_("第 {position} 条被改动、调换，或收到时间被改"),
    "entry_added": N_("第 {position} 条是后来添进去的"),
    UNSIGNED: N_("第 {what} 条还没有签名盖住：是否后来添的，现在无从判断"),
    "log_cut": N_("第 {position} 条起被截掉"),
    "tree_altered": N_("第 {position} 条起的账本指纹（{what}）被改动"),
    "head_differs": N_("第 {position} 条起与签过字的账本（{what} 条）不符"),
    "head_unsigned": N_("账本签名（{what} 条）不是本服务器签的，或被改动"),
    "push_missing": N_("第 {position} 条：设备交来记录 {what} 时的签名不见了"),
    "hold_differs": N_("暂缓抹去的记录 {what} 被改动、添加或删除"),
    "push_altered": N_("设备交来时的签名 {what} 被换过或改动"),
    "document_altered": N_("工单 {what} 的现状与它的记录不符"),
    "document_missing": N_("工单 {what} 有记录，却不在看板上"),
}


@dataclass(frozen=True, kw_only=True)
class Witness:
    """One look at a whole book. `outside`: heads that were remembered elsewhere;
    `folder`: the data folder, where erasures are listed."""

    engine: Engine
    shelf: Shelf
    keys: Keys
    outside: Sequence[LogHead] = ()
    folder: Path | None = None

    def findings(self) -> list[Finding]:
        """Everything that is not as it was, by position; what has none comes first."""
        found = [*audit.findings(self.engine, self.shelf), *self._in_the_book()]
        alone = {(one.code, one.what): one for one in found}
        return sorted(alone.values(), key=lambda one: (one.position or 0, one.code))

    def _in_the_book(self) -> Iterator[Finding]:
        with reading(self.engine) as connection:
            yield from self._tree(connection)
            yield from self._epochs(connection)
            yield from _beside(connection)
            yield from self._erasures(connection)
            yield from self._lengths(connection)
            yield from _pushes(connection)
            yield from _private(connection)
            yield from _holds(connection)
            yield from self._board(connection)

    def _tree(self, connection: Connection) -> Iterator[Finding]:
        """Each entry against its leaf, each subtree, and every head against the root
        that the entries themselves add up to."""
        heads = sorted([*kept(connection), *self.outside], key=lambda one: one.size)
        yield from self._signed(heads)
        yield from _strangers(connection, heads)
        yield from _Walk(connection, heads).findings()

    def _signed(self, heads: Iterable[LogHead]) -> Iterator[Finding]:
        for one in heads:
            if not self.keys.own.head(one):
                yield Finding(code="head_unsigned", what=str(one.size))

    def _epochs(self, connection: Connection) -> Iterator[Finding]:
        """Each epoch is signed, and the present one is the newest that has a place."""
        newest, latest = None, -1
        for row in connection.execute(select(epoch)):
            one = next(o for o in lineage(connection) if o.epoch == row.id)
            signed = self.keys.signed(opened_text(one), one.signature)
            if one.parent is not None and not signed:
                yield Finding(code="epoch_unsigned", what=row.id, position=row.seq)
            at = row.seq if row.parent else 0
            if at is not None and at > latest:
                newest, latest = row.id, at
        present = connection.execute(select(head.c.epoch)).scalar_one()
        if present != newest:
            yield Finding(code="epoch_differs", what=present)

    def _erasures(self, connection: Connection) -> Iterator[Finding]:
        """What is said to have been erased, was: an event bears the name of the act
        that names it, and an act's name is the digest of all that it says."""
        said = select(event.c.id).where(event.c.what == ERASED)
        names = set(connection.execute(said).scalars())
        acts = [*in_the_book(connection),
                *(written_down(self.folder) if self.folder else ())]  # fmt: skip
        founded = {
            (act.stream, one)
            for act in acts if act.name in names
            for one in (*act.commitments, *act.blobs)
        }  # fmt: skip
        values = select(erasure.c.stream, erasure.c.commitment, null())
        bytes_ = select(erased_blob.c.stream, erased_blob.c.sha256, blob.c.seq)
        bytes_ = bytes_.outerjoin(blob, blob.c.sha256 == erased_blob.c.sha256)
        for query in (values, bytes_):
            for name, what, at in connection.execute(query):
                if (name, what) not in founded:
                    yield Finding(code="erasure_unfounded", what=name, position=at)

    def _lengths(self, connection: Connection) -> Iterator[Finding]:
        gone = select(erased_blob.c.sha256)
        rows = connection.execute(select(blob).where(blob.c.sha256.not_in(gone)))
        for row in rows:
            there = self.shelf.has(row.sha256)
            if there and self.shelf.length(row.sha256) != row.bytes:
                yield Finding(code="blob_length", what=row.sha256, position=row.seq)

    def _board(self, connection: Connection) -> Iterator[Finding]:
        """Every document is what its facts add up to, and so is who is given it."""
        streams = select(fact.c.stream).where(fact.c.stream.like("order:%")).distinct()
        wanted = set(connection.execute(streams).scalars())
        rows = connection.execute(select(stream)).mappings().all()
        cards_ = connection.execute(select(order_row)).mappings()
        lists = {row["stream"]: row for row in cards_}
        for row in rows:
            wanted.discard(row["id"])
            try:
                same = self._is_right(connection, row, lists.get(row["id"]))
            except (Refused, ValueError):
                same = False
            if not same:
                yield Finding(code="document_altered", what=row["id"],
                              position=row["rev"])  # fmt: skip
        for name in sorted(wanted):
            yield Finding(code="document_missing", what=name)

    def _is_right(self, connection: Connection, row: Any, listed: Any) -> bool:
        name = row["id"]
        facts = board.kept_facts(connection, self.keys, name)
        order = fold(facts)
        rev = max((one.position or 0 for one in facts), default=0)
        right = board.columns_of(order, rev)
        if any(row[one] != value for one, value in right.items()):
            return False
        held = {
            who: said for (_, who), said in board.members(connection, [name]).items()
        }
        if held != board.membership(order):
            return False
        if not name.startswith("order:"):
            return True
        wanted = cards.row_of(order, name, rev)
        return listed is not None and all(listed[k] == v for k, v in wanted.items())


def _entries(connection: Connection) -> dict[int, bytes]:
    """What lies at each position, as a leaf worked out from the entry itself."""
    found = {}
    for seq, body, ms in connection.execute(
        select(fact.c.seq, fact.c.body, fact.c.received_ms)
    ):
        found[seq] = fact_leaf(fact_id(body), ms)
    for row in connection.execute(select(event)):
        leaf = event_leaf(row.what, row.id, row.stream, row.received_ms)
        found[row.seq] = leaf if row.seq not in found else b""
    return found


def _leaves(connection: Connection) -> Iterator[bytes]:
    """The leaves as they were written when the entries came in."""
    reached = 0
    for first, hashes in connection.execute(
        select(log_leaf).order_by(log_leaf.c.first)
    ):
        raw = bytes(hashes)
        for _ in range(reached + 1, first):
            yield b""
        start = max(0, reached + 1 - first)
        for at in range(start * WIDTH, len(raw), WIDTH):
            yield raw[at : at + WIDTH]
        reached = max(reached, first - 1 + len(raw) // WIDTH)


class _Walk:
    """From the first entry to the last, with the tree growing along."""

    def __init__(self, connection: Connection, heads: Iterable[LogHead]) -> None:
        row = connection.execute(select(head)).one()
        known = lineage_of(lineage(connection))
        self._seq, self._peaks = row.seq, row.peaks
        self._heads = [one for one in heads
                       if one.size <= shared(one.epoch, row.epoch, known)]  # fmt: skip
        self._entries = _entries(connection)
        self._leaves = _leaves(connection)
        self._nodes = {(level, at): bytes(held) for level, at, held
                       in connection.execute(select(log_node))}  # fmt: skip
        self._tree, self._good, self._well = Frontier(), 0, True
        self._signed = 0  # up to here some head speaks of it, right or wrong

    def findings(self) -> Iterator[Finding]:
        """What does not hold on the way, and at its end."""
        yield from self._passed()  # of an empty book
        for at in range(1, self._seq + 1):
            leaf = self._entries.pop(at, None)
            noted = next(self._leaves, None)
            self._well = self._well and leaf is not None and noted == leaf
            if leaf is None:
                yield Finding(code="entry_missing", what=str(at), position=at)
            elif noted != leaf:
                yield Finding(code="entry_altered", what=str(at), position=at)
            self._tree, whole = grown(self._tree, [leaf or b""])
            yield from self._whole(whole)
            yield from self._passed()
        yield from self._end()

    def _whole(self, whole: Iterable[Node]) -> Iterator[Finding]:
        for one in whole:
            same = self._nodes.pop((one.level, one.at), None) == one.hash
            if self._well and not same:
                yield _subtree(one.level, one.at)

    def _passed(self) -> Iterator[Finding]:
        """The heads of just this size. What one denies and the one before confirmed was
        done between them; where an entry was found already, it is the reason."""
        while self._heads and self._heads[0].size == self._tree.size:
            one = self._heads.pop(0)
            self._signed = one.size
            if one.root == self._tree.root.hex():
                self._good = one.size
            elif self._well:
                yield Finding(code="head_differs", what=str(one.size),
                              position=self._good + 1)  # fmt: skip

    def _end(self) -> Iterator[Finding]:
        """Nothing lies behind the end, and nobody saw more."""
        after = self._seq + 1
        if self._well and peaks_in(self._peaks) != self._tree.peaks:
            yield Finding(code="tree_altered", what="head", position=after)
        if self._heads or next(self._leaves, None) is not None:
            yield Finding(code="log_cut", what=str(self._seq), position=after)
        elif self._well and self._signed < self._seq:
            first = self._signed + 1
            yield Finding(code=UNSIGNED, what=f"{first}–{self._seq}", position=first)
        for level, at in sorted(self._nodes):
            yield _subtree(level, at)
        for at in sorted(self._entries):
            yield Finding(code="entry_added", what=str(at), position=at)


def _subtree(level: int, at: int) -> Finding:
    place = (at << level) + 1
    return Finding(code="tree_altered", what=f"{level}/{at}", position=place)


def _strangers(connection: Connection, heads: Iterable[LogHead]) -> Iterator[Finding]:
    """Heads of an epoch that this book has never heard of."""
    known = {one.epoch for one in lineage(connection)}
    for one in heads:
        if one.epoch not in known:
            yield Finding(code="epoch_unknown", what=one.epoch)


def _beside(connection: Connection) -> Iterator[Finding]:
    """Raw bytes, receipts and epochs against the entries that they were given."""
    noted: dict[tuple[str, int], tuple[str, int]] = {}
    for row in connection.execute(select(quarantine)):
        if fact_id(row.body) != row.id:
            yield Finding(code="quarantine_altered", what=row.id, position=row.seq)
        noted["quarantine", row.seq] = row.id, row.received_ms
    for row in connection.execute(select(blob)):
        noted["blob", row.seq] = row.sha256, row.received_ms
    for row in connection.execute(select(epoch).where(epoch.c.seq.is_not(None))):
        noted["epoch", row.seq] = row.id, row.opened_ms
    events = connection.execute(select(event).where(event.c.what.in_(SEALS)))
    told = {(row.what, row.seq): (row.id, row.received_ms) for row in events}
    for key, said in noted.items():
        if told.get(key) != said:
            yield Finding(code=f"{key[0]}_differs", what=said[0], position=key[1])
    named = {(what, said[0]) for (what, _), said in noted.items()}
    for (what, at), (name, _) in sorted(told.items()):
        if (what, name) not in named:
            yield Finding(code=f"{what}_differs", what=name, position=at)


def _pushes(connection: Connection) -> Iterator[Finding]:
    """What devices signed still fits, or never did; and of every fact of a device
    it is known under which signature it came, if only under none."""
    keys = {row.id: row.key for row in connection.execute(select(device))}
    told: set[str] = set()
    for row in connection.execute(select(push_evidence)):
        jwk = keys.get(row.log.partition(".")[0], "{}")
        if not _fits(row, jwk):
            yield Finding(code="push_altered", what=f"{row.log} {row.root[:8]}")
        told.update(_ids(row.ids))
    rows = select(fact.c.seq, fact.c.log, fact.c.id).order_by(fact.c.seq)
    for seq, log, name in connection.execute(rows):
        if not log.startswith(SERVER) and name not in told:
            yield Finding(code="push_missing", what=name, position=seq)


def _ids(text: str) -> list[str]:
    try:
        return [str(one) for one in orjson.loads(text)]
    except (ValueError, TypeError):
        return []


def _fits(row: Any, jwk: str) -> bool:
    try:
        ids = orjson.loads(row.ids)
        if root_of(ids) != row.root:
            return False
        return _verifies(jwk, push_text(row.log, row.root), row.signature) == row.valid
    except (ValueError, AttributeError, TypeError):
        return False


def _verifies(jwk: str, text: bytes, signature: str) -> bool:
    try:
        return verifies(_key(jwk), text, signature)
    except (Refused, ValueError):
        return False


@lru_cache(maxsize=4096)
def _key(jwk: str) -> Any:
    return read_jwk(orjson.loads(jwk))


def _holds(connection: Connection) -> Iterator[Finding]:
    """Legal holds say what their events were about, and none is missing."""
    rows = {
        row.id: Hold(stream=row.stream, by=row.by, reason=row.reason,
                     held_ms=row.held_ms, until_ms=row.until_ms).name == row.id
        for row in connection.execute(select(legal_hold))
    }  # fmt: skip
    let_go = select(legal_hold.c.id).where(legal_hold.c.released_ms.is_not(None))
    noted = {HELD: set(rows), RELEASED: set(connection.execute(let_go).scalars())}
    for what, names in noted.items():
        told = select(event.c.id, event.c.seq).where(event.c.what == what)
        places = {row.id: row.seq for row in connection.execute(told)}
        for name in sorted(names ^ places.keys()):
            yield Finding(code="hold_differs", what=name, position=places.get(name))
    for name, same in rows.items():
        if not same:
            yield Finding(code="hold_differs", what=name)


def _private(connection: Connection) -> Iterator[Finding]:
    """What facts committed to is here, or was erased."""
    held = _pairs(connection, private) | _pairs(connection, erasure)
    for row in connection.execute(select(fact.c.seq, fact.c.stream, fact.c.body)):
        try:
            said = read(row.body).head.private
        except Refused:
            continue  # found already
        for name, promised in said.items():
            if (row.stream, promised) not in held:
                yield Finding(code="private_missing", what=f"{row.seq} {name}",
                              position=row.seq)  # fmt: skip


def _pairs(connection: Connection, table: Any) -> set[tuple[str, str]]:
    rows = connection.execute(select(table.c.stream, table.c.commitment))
    return {(name, one) for name, one in rows}
