"""A legal hold postpones an erasure: what may be needed before a court is kept, and
what its owner asked for is done when the hold ends.

Placing and letting go are events of the book, so nobody can say later that there was no
hold; both are noted outside of it first (`server/hold_notes.py`), so that an older book
that is put back holds again. May not enter: what an erasure is (`server/erasures.py`).
"""

import json
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from sqlalchemy import Connection, Engine, delete, insert, select, update

from server import places
from server.database import reading, writing
from server.hold_notes import (
    Hold,
    Note,
    Release,
    Waiting,
    asks_no_more,
    write_down,
    written_down,
)
from server.hold_tables import erasure_waiting, legal_hold
from server.places import Event
from sync.problems import Refused

HELD, RELEASED = "hold", "released"  # events
MOST_REASON = 200


def hold(engine: Engine, folder: Path, one: Hold) -> None:
    """Place it. Refused: `erasure_held`."""
    with writing(engine) as connection:
        if holds_on(connection, [one.stream], one.held_ms):
            raise Refused("erasure_held")
        write_down(folder, Note(hold=one))
        _place(connection, one, one.held_ms)


def release(
    engine: Engine, folder: Path, name: str, by: str, reason: str, now_ms: int
) -> None:
    """Let the order go. Refused: `erasure_not_held`."""
    said = Release(by=by, reason=reason.strip()[:MOST_REASON], at_ms=now_ms)
    with writing(engine) as connection:
        found = holds_on(connection, [name], now_ms)
        if not found:
            raise Refused("erasure_not_held")
        for one in found:
            write_down(folder, Note(hold=one, release=said))
            _let_go(connection, one, said)


def _place(connection: Connection, one: Hold, now_ms: int) -> None:
    row = {name: getattr(one, name) for name in Hold.__struct_fields__}
    connection.execute(insert(legal_hold).values(id=one.name, **row))
    _note(connection, HELD, one.name, one.stream, now_ms)


def _let_go(connection: Connection, one: Hold, said: Release) -> None:
    connection.execute(
        update(legal_hold)
        .where(legal_hold.c.id == one.name)
        .values(released_ms=said.at_ms, released_by=said.by, why_released=said.reason)
    )
    _note(connection, RELEASED, one.name, one.stream, said.at_ms)


def _note(
    connection: Connection, what: str, name: str, stream: str, now_ms: int
) -> None:
    event = Event(what=what, id=name, stream=stream, received_ms=now_ms)
    places.place(connection, [event])


def holds_on(
    connection: Connection, names: Collection[str], now_ms: int
) -> list[Hold]:  # fmt: skip
    """The holds that stand now on these orders."""
    rows = connection.execute(
        select(legal_hold).where(
            legal_hold.c.stream.in_(sorted(names)), legal_hold.c.released_ms.is_(None)
        )
    )
    return [
        Hold(stream=row.stream, by=row.by, reason=row.reason, held_ms=row.held_ms,
             until_ms=row.until_ms)
        for row in rows
        if row.until_ms is None or row.until_ms > now_ms
    ]  # fmt: skip


def wait(engine: Engine, folder: Path, asked: Collection[Waiting]) -> None:
    """These erasures wait; who asks again says the newest word."""
    with writing(engine) as connection:
        for one in asked:
            write_down(folder, Note(asked=one))
            _queue(connection, one)


def _queue(connection: Connection, one: Waiting) -> None:
    mine = erasure_waiting.c.stream == one.stream
    connection.execute(delete(erasure_waiting).where(mine))
    connection.execute(insert(erasure_waiting).values(
        stream=one.stream, by=one.by, reason=one.reason[:MOST_REASON],
        roles=json.dumps(one.roles), asked_ms=one.asked_ms,
    ))  # fmt: skip


def waiting(connection: Connection) -> Iterator[Waiting]:
    """What waits, the oldest first."""
    rows = select(erasure_waiting).order_by(erasure_waiting.c.asked_ms)
    for row in connection.execute(rows):
        roles = tuple(json.loads(row.roles))
        yield Waiting(stream=row.stream, by=row.by, reason=row.reason, roles=roles,
                      asked_ms=row.asked_ms)  # fmt: skip


def due(engine: Engine, now_ms: int) -> list[Waiting]:
    """What waits for nothing any more."""
    with reading(engine) as connection:
        some = list(waiting(connection))
        names = [one.stream for one in some]
        held = {one.stream for one in holds_on(connection, names, now_ms)}
    return [one for one in some if one.stream not in held]


def done(engine: Engine, folder: Path, names: Collection[str]) -> None:
    """These wait no longer."""
    with writing(engine) as connection:
        gone = erasure_waiting.c.stream.in_(sorted(names))
        connection.execute(delete(erasure_waiting).where(gone))
    asks_no_more(folder, names)


# an older book was put back


def in_the_book(connection: Connection) -> list[Note]:
    """Everything that the tables know of."""
    notes = [Note(asked=one) for one in waiting(connection)]
    for row in connection.execute(select(legal_hold)):
        one = Hold(stream=row.stream, by=row.by, reason=row.reason,
                   held_ms=row.held_ms, until_ms=row.until_ms)  # fmt: skip
        notes.append(Note(hold=one))
        if row.released_ms is not None:
            said = Release(by=row.released_by or "", reason=row.why_released or "",
                           at_ms=row.released_ms)  # fmt: skip
            notes.append(Note(hold=one, release=said))
    return notes


def hold_again(connection: Connection, notes: Iterable[Note], now_ms: int) -> None:
    """What was held is held again and what was let go is let go, as far as the book
    does not know it; and what waited waits. Free to repeat."""
    some = sorted(notes, key=lambda one: one.release is not None)
    rows = connection.execute(select(legal_hold.c.id, legal_hold.c.released_ms))
    known = {row.id: row.released_ms is not None for row in rows}
    queued = {one.stream for one in waiting(connection)}
    for note in some:
        one = note.hold
        if one is not None and one.name not in known:
            _place(connection, one, now_ms)
            known[one.name] = False
        if one is not None and note.release is not None and not known[one.name]:
            _let_go(connection, one, note.release)
            known[one.name] = True
        if note.asked is not None and note.asked.stream not in queued:
            _queue(connection, note.asked)


def hold_again_here(engine: Engine, folder: Path, now_ms: int) -> None:
    """Everything that is noted beside the data holds in this book too."""
    notes = written_down(folder)
    with reading(engine) as connection:
        known = {one.name for one in in_the_book(connection)}
    if any(one.name not in known for one in notes):
        with writing(engine) as connection:
            hold_again(connection, notes, now_ms)
