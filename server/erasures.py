"""What a person had a right to see forgotten is gone, and stays gone (invariant 35).

Private values leave their table and the chain of facts still verifies, because facts
hold commitments alone. The list of what was erased lies outside the backups too, beside
the data and in every place, so that a restore cannot bring it back. May not enter: who
may order it, which orders are meant.
"""

import fcntl
import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, delete, select, tuple_, update

from server import board, outside, places
from server.board_tables import order_words, posted, saved_view
from server.central_tables import central_row, central_version
from server.database import (
    CLEAR_THE_LOG,
    new_or_same,
    reading,
    sqlite_is_safe,
    writing,
)
from server.desk_tables import resident
from server.forgetting import forget, people_of, spoken_of, values_of
from server.forgotten_rows import mark, naming, numbers_of, tell
from server.keys import Keys
from server.notice_tables import notice
from server.owner_tables import owner_code, owner_link, owner_report
from server.picture_tables import picture_key, picture_pair, picture_print
from server.places import Event
from server.prepared import NOTHING, Prepared
from server.shelf import Cellar, Shelf
from server.tables import (
    blob_link,
    erased_blob,
    erasure,
    fact,
    member,
    private,
    quarantine,
    stream,
)
from sync.envelope import read
from sync.order import order_stream
from sync.plain import Record, but, plain, typed

SCRUBBED = (
    private, quarantine, order_words, central_row, central_version, resident, notice,
    saved_view, posted, owner_link, owner_code, owner_report,
    picture_print, picture_key, picture_pair,
)  # fmt: skip
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
    commitments; and bytes in these roles of which no other order speaks. A mark stands
    for what the central log says of the owner."""
    held = select(private.c.commitment).where(private.c.stream == name)
    found = set(connection.execute(held).scalars())
    if tell(connection, numbers_of(connection, name, [mark(name)])):
        found.add(mark(name))
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


def acts_beside(connection: Connection, acts: Sequence[Act]) -> list[Act]:
    """What would go with these where no order is, because it names the same people."""
    known, found = {act.stream for act in acts}, dict[str, Act]()
    for act in acts:
        values = values_of(connection, act.stream, act.commitments)
        for name, promised in spoken_of(connection, people_of(values)):
            if name not in known:
                bare = but(act, stream=name, commitments=(), blobs=())
                one = found.get(name, bare)
                said = tuple(sorted({*one.commitments, promised}))
                found[name] = but(one, commitments=said)
    return [found[name] for name in sorted(found)]


def owners_orders(connection: Connection, owner: str) -> list[str]:
    """Every order that holds exactly this private value (a name, a phone, a room), and
    every number of which the central log says it."""
    chosen = select(private.c.stream).where(private.c.value == owner).distinct()
    here = set(connection.execute(chosen).scalars())
    return sorted(here | {_home_of(connection, one)
                          for one in naming(connection, owner)})  # fmt: skip


def _home_of(connection: Connection, number: str) -> str:
    """The order with this number; where it would be, if there is none."""
    own = select(stream.c.id).where(stream.c.number == number).order_by(stream.c.id)
    return connection.execute(own).scalar() or order_stream(number)


def in_the_log(connection: Connection, number: str) -> str | None:
    """Where the order of this number would be, if the central log says anything of its
    owner."""
    return order_stream(number) if tell(connection, [number]) else None


# it is done


def erase(engine: Engine, shelf: Shelf, keys: Keys, act: Act) -> None:
    """Erase in the live book, and bring the order to its readers as it now is. Free to
    repeat. Write the act down outside first (`write_down`): a crash in between leaves
    something to be repeated, never something that a restore would bring back."""
    with writing(engine) as connection:
        if _has_readers(connection, act):
            _erase_order(connection, keys, act)
        else:
            apply(connection, act)
            note(connection, act)
    for name in act.blobs:
        shelf.delete(name)
    scrub(engine)


def _has_readers(connection: Connection, act: Act) -> bool:
    """Is it an order of this book? Statements are none, nor is a row of the log."""
    here = select(stream.c.id).where(stream.c.id == act.stream)
    return connection.execute(here).first() is not None


def _erase_order(connection: Connection, keys: Keys, act: Act) -> None:
    rows = board.lock(connection, [act.stream])
    apply(connection, act)
    at = note(connection, act)
    change = board.Change(row=rows[act.stream], to=at)
    board.write(connection, keys, act.erased_ms, [change])
    _hurry(connection, act, at)


def _hurry(connection: Connection, act: Act, at: int) -> None:
    """Whoever the order has left is told again, and that its date has come."""
    left = (member.c.stream == act.stream) & (member.c.state == "out")
    connection.execute(
        update(member).where(left).values(pos=at, purge_ms=act.erased_ms)
    )


def apply(connection: Connection, act: Act) -> None:
    """Take the values out of the tables, and note that they were erased."""
    values = values_of(connection, act.stream, act.commitments)
    numbers = numbers_of(connection, act.stream, act.commitments)
    forget(connection, act.stream, values, act.blobs, numbers)
    gone = (private.c.stream == act.stream) & private.c.commitment.in_(act.commitments)
    connection.execute(delete(private).where(gone))
    connection.execute(delete(order_words).where(order_words.c.stream == act.stream))
    # What lies in quarantine may hold the same values, under whatever name.
    spoken_of = quarantine.c.body.contains(act.stream, autoescape=True)
    connection.execute(update(quarantine).where(spoken_of).values(private="{}"))
    said = {"stream": act.stream, "erased_ms": act.erased_ms, "reason": act.reason}
    promised = [{"commitment": one, **said} for one in act.commitments]
    bytes_ = [{"sha256": one, **said} for one in act.blobs]
    if promised:
        connection.execute(new_or_same(connection, erasure), promised)
    if bytes_:
        connection.execute(new_or_same(connection, erased_blob), bytes_)


def erase_again(engine: Engine, shelf: Shelf, keys: Keys, folder: Path) -> int:
    """Nothing that was erased comes back with an older book, nobody having told us that
    it is one: every act that is noted beside the data and not in the book is repeated.
    How many there were."""
    with reading(engine) as connection:
        late = not_in_the_book(connection, written_down(folder))
    for act in late:
        erase(engine, shelf, keys, act)
    return len(late)


def note(connection: Connection, act: Act) -> int:
    """The book says that this was done to it; at which position."""
    event = Event(what=WHAT, id=act.name, stream=act.stream, received_ms=act.erased_ms)
    (at,) = places.place(connection, [event])
    return at


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
            for table in SCRUBBED:
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
    outside.write_down(folder / FOLDER, act.name, act.text)


def written_down(folder: Path) -> list[Act]:
    """Every act that is noted beside the data."""
    return [_read(text) for text in outside.written_down(folder / FOLDER)]


def _read(text: str) -> Act:
    return typed(Act, json.loads(text))


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
    said = list(acts)
    for act in said:
        for name in act.blobs:
            place.delete(name)
    outside.send(place, FOLDER, {act.name: act.text for act in said}, scratch)


def acts_in(place: Cellar) -> list[Act]:
    """Every act that is noted in a place for backups."""
    return [_read(text) for text in outside.notes_in(place, FOLDER)]


def erased_blobs(place: Cellar) -> frozenset[str]:
    """Bytes that no backup in this place holds any more, by intent."""
    return frozenset(name for act in acts_in(place) for name in act.blobs)


def erased_here(connection: Connection) -> frozenset[str]:
    """Bytes that were erased: their receipts stand, and nobody misses them."""
    return frozenset(connection.execute(select(erased_blob.c.sha256)).scalars())
