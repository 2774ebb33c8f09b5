"""What a person had a right to see forgotten is gone, and stays gone (invariant 35).

Private values leave their table and the chain of facts still verifies, because facts
hold commitments alone. The list of what was erased lies outside the backups too, beside
the data and in every place, so that a restore cannot bring it back. May not enter: who
may order it, which orders are meant.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, delete, select, tuple_, update

from server import board, places
from server.database import (
    CLEAR_THE_LOG,
    new_or_same,
    reading,
    sqlite_is_safe,
    writing,
)
from server.keys import Keys
from server.places import Event
from server.prepared import NOTHING, Prepared
from server.shelf import Cellar, Shelf
from server.shelf.disk import sync_folder
from server.tables import (
    blob_link,
    erased_blob,
    erasure,
    fact,
    private,
    quarantine,
    stream,
)
from sync.envelope import read
from sync.plain import Record, plain, typed

FOLDER = "erasures"
MOST_REASON = 200
WHAT = "erased"  # the event that brings the changed order to its readers


class Act(Record, frozen=True, kw_only=True):
    """One order, and what is no longer held of it: private values by commitment, bytes
    by digest. Holds nothing personal itself; the reason must not either."""

    stream: str
    erased_ms: int
    reason: str
    commitments: tuple[str, ...] = ()
    blobs: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The act as it is written down."""
        return json.dumps(plain(self), ensure_ascii=False, sort_keys=True)

    @property
    def name(self) -> str:
        """What names it, wherever it is written down."""
        return hashlib.sha256(self.text.encode()).hexdigest()


# what the ledger asks


ANY = Prepared(select(erasure.c.stream).limit(1))


def not_erased(
    connection: Connection, rows: Sequence[dict[str, str]]
) -> list[dict[str, str]]:
    """Those of these rows of private values that may be kept. A tablet that hands in an
    old fact again does not bring back what was erased."""
    pairs = [(row["stream"], row["commitment"]) for row in rows]
    if not pairs or ANY.first(connection, NOTHING) is None:
        return list(rows)
    wanted = tuple_(erasure.c.stream, erasure.c.commitment).in_(pairs)
    gone = {
        (row.stream, row.commitment)
        for row in connection.execute(
            select(erasure.c.stream, erasure.c.commitment).where(wanted)
        )
    }
    return [row for row in rows if (row["stream"], row["commitment"]) not in gone]


def is_erased(connection: Connection, sha256: str) -> bool:
    """Were these bytes erased? They have their receipt and are not taken again."""
    chosen = select(erased_blob.c.sha256).where(erased_blob.c.sha256 == sha256)
    return connection.execute(chosen).first() is not None


# a person asks


def act_on(
    connection: Connection,
    name: str,
    roles: Collection[str],
    reason: str,
    now_ms: int,
    only: Collection[str] = (),
) -> Act:
    """What would be erased of an order: every private value, or `only` these
    commitments; and bytes in these roles of which no other order speaks."""
    held = select(private.c.commitment).where(private.c.stream == name)
    found = set(connection.execute(held).scalars())
    return Act(
        stream=name, erased_ms=now_ms, reason=reason.strip()[:MOST_REASON],
        commitments=tuple(sorted(found & set(only) if only else found)),
        blobs=tuple(sorted(_bytes(connection, name, roles))),
    )  # fmt: skip


def _bytes(connection: Connection, name: str, roles: Collection[str]) -> Iterator[str]:
    if not roles:
        return
    bodies = select(fact.c.body).where(fact.c.stream == name)
    named = {
        ref.sha256
        for body in connection.execute(bodies).scalars()
        for ref in read(body).head.blobs
        if ref.role in roles
    }
    links = select(blob_link.c.sha256).where(blob_link.c.stream != name)
    others = set(
        connection.execute(links.where(blob_link.c.sha256.in_(named))).scalars()
    )
    yield from named - others


def owners_orders(connection: Connection, owner: str) -> list[str]:
    """Every order that holds exactly this private value: a name, a phone, a room."""
    chosen = select(private.c.stream).where(private.c.value == owner).distinct()
    return sorted(connection.execute(chosen).scalars())


# it is done


def erase(engine: Engine, shelf: Shelf, keys: Keys, act: Act) -> None:
    """Erase in the live book, and bring the order to its readers as it now is. Free to
    repeat. Write the act down outside first (`write_down`): a crash in between leaves
    something to be repeated, never something that a restore would bring back."""
    with writing(engine) as connection:
        rows = board.lock(connection, [act.stream])
        apply(connection, act)
        event = Event(
            what=WHAT, id=act.name, stream=act.stream, received_ms=act.erased_ms
        )
        (at,) = places.place(connection, [event])
        change = board.Change(row=rows[act.stream], to=at)
        board.write(connection, keys, act.erased_ms, [change])
    for name in act.blobs:
        shelf.delete(name)
    scrub(engine)


def apply(connection: Connection, act: Act) -> None:
    """Take the values out of the tables, and note that they were erased."""
    gone = (private.c.stream == act.stream) & private.c.commitment.in_(act.commitments)
    connection.execute(delete(private).where(gone))
    # What lies in quarantine may hold the same values, under whatever name.
    spoken_of = quarantine.c.body.contains(act.stream, autoescape=True)
    connection.execute(update(quarantine).where(spoken_of).values(private="{}"))
    said = {"stream": act.stream, "erased_ms": act.erased_ms, "reason": act.reason}
    values = [{"commitment": one, **said} for one in act.commitments]
    bytes_ = [{"sha256": one, **said} for one in act.blobs]
    if values:
        connection.execute(new_or_same(connection, erasure), values)
    if bytes_:
        connection.execute(new_or_same(connection, erased_blob), bytes_)


def erase_again(engine: Engine, shelf: Shelf, keys: Keys, folder: Path) -> int:
    """Nothing that was erased comes back with an older book, nobody having told us that
    it is one: every act that is noted beside the data and not in the book is repeated.
    How many there were."""
    with reading(engine) as connection:
        late = not_in_the_book(connection, written_down(folder))
        here = select(stream.c.id).where(stream.c.id.in_([act.stream for act in late]))
        known = set(connection.execute(here).scalars())
    for act in late:
        if act.stream in known:
            erase(engine, shelf, keys, act)
        else:
            with writing(engine) as connection:
                apply(connection, act)
    return len(late)


def scrub(engine: Engine) -> bool:
    """Leave no trace in what lies around the tables: pages that were split or freed,
    the write-ahead log of SQLite, the dead rows of PostgreSQL (whose own log goes as it
    is recycled). Writers wait meanwhile. False: a server on an old SQLite checkpoints
    for all; it will clear the log at its next turn."""
    if engine.dialect.name != "sqlite":
        with engine.connect() as plain_connection:
            connection = plain_connection.execution_options(
                isolation_level="AUTOCOMMIT"
            )
            for table in (private, quarantine):
                connection.exec_driver_sql(f"VACUUM (FULL) {table.name}")
        return True
    lent = engine.raw_connection()
    try:
        lent.cursor().execute("VACUUM")
        return _clear_log(lent.cursor(), Path(engine.url.database or ""))
    finally:
        lent.close()


def _clear_log(cursor: Any, database: Path) -> bool:
    """Two connections must not checkpoint at once on an old SQLite: whoever holds the
    checkpointer's lock does it, and is asked by a file beside the database."""
    with Path(f"{database}.checkpointer").open("w") as lock:
        if not sqlite_is_safe():
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                Path(f"{database}{CLEAR_THE_LOG}").touch()
                return False
        busy: int = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    return not busy


# the list outside the backups


def write_down(folder: Path, act: Act) -> None:
    """Note the act beside the data; once this returns it survives a power cut."""
    folder = folder / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = folder / f"{act.name}.draft"
    with draft.open("w", encoding="utf-8") as file:
        file.write(act.text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(folder / f"{act.name}.json")
    for one in (folder, folder.parent):
        sync_folder(one)


def written_down(folder: Path) -> list[Act]:
    """Every act that is noted beside the data."""
    return [
        typed(Act, json.loads(file.read_text("utf-8")))
        for file in sorted((folder / FOLDER).glob("*.json"))
    ]


def in_the_book(connection: Connection) -> list[Act]:
    """Every act that the tables know of, one for each order and moment."""
    acts: dict[tuple[str, int, str], tuple[list[str], list[str]]] = {}
    for row in connection.execute(select(erasure)):
        key = (row.stream, row.erased_ms, row.reason)
        acts.setdefault(key, ([], []))[0].append(row.commitment)
    for row in connection.execute(select(erased_blob)):
        key = (row.stream, row.erased_ms, row.reason)
        acts.setdefault(key, ([], []))[1].append(row.sha256)
    return [
        Act(stream=stream, erased_ms=erased_ms, reason=reason,
            commitments=tuple(sorted(values)), blobs=tuple(sorted(bytes_)))
        for (stream, erased_ms, reason), (values, bytes_) in sorted(acts.items())
    ]  # fmt: skip


def not_in_the_book(connection: Connection, acts: Iterable[Act]) -> list[Act]:
    """Those of these acts of which the tables do not know everything."""
    rows = connection.execute(select(erasure.c.stream, erasure.c.commitment))
    values = {(row.stream, row.commitment) for row in rows}
    bytes_ = erased_here(connection)
    return [
        act
        for act in acts
        if not {(act.stream, one) for one in act.commitments} <= values
        or not bytes_.issuperset(act.blobs)
    ]


def send(place: Cellar, acts: Iterable[Act], scratch: Path) -> None:
    """Note these in a place for backups, and erase the bytes that lie there."""
    there = set(place.files(FOLDER))
    for act in acts:
        path = f"{FOLDER}/{act.name}.json"
        for name in act.blobs:
            place.delete(name)
        if path not in there:
            with place.workplace(scratch) as work:
                (work / "act").write_text(act.text, "utf-8")
                place.keep(path, work / "act")


def acts_in(place: Cellar) -> list[Act]:
    """Every act that is noted in a place for backups."""
    found = []
    for path in place.files(FOLDER):
        with place.read(path) as file:
            found.append(typed(Act, json.loads(file.read())))
    return found


def erased_blobs(place: Cellar) -> frozenset[str]:
    """Bytes that no backup in this place holds any more, by intent."""
    return frozenset(name for act in acts_in(place) for name in act.blobs)


def erased_here(connection: Connection) -> frozenset[str]:
    """Bytes that were erased: their receipts stand, and nobody misses them."""
    return frozenset(connection.execute(select(erased_blob.c.sha256)).scalars())
