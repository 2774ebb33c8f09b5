"""Receipts for bytes that lie on the shelf, each in every order that speaks of them.

Bytes and the facts about them may come in any sequence, and at the same moment. May not
enter: bytes.
"""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import (
    BindParameter,
    Connection,
    Engine,
    bindparam,
    insert,
    null,
    select,
    union_all,
)

from server import board, places
from server.database import writing
from server.places import Event, advance
from server.tables import blob, blob_link


class SpokenOfMeanwhile(Exception):
    """These bytes, or a fact about them, were noted while their receipt was written."""


def note(engine: Engine, rows: Sequence[Mapping[str, object]]) -> None:
    """Note that these bytes arrived, all or none; free to repeat."""
    while True:
        try:
            with writing(engine) as connection:
                _note(connection, rows)
        except SpokenOfMeanwhile:
            continue
        return


def _note(connection: Connection, rows: Sequence[Mapping[str, object]]) -> None:
    """Receipts for bytes that have none, each in every order that speaks of it."""
    by_name = {str(row["sha256"]): row for row in rows}
    before = _spoken_of(connection, by_name)
    new = {name: row for name, row in by_name.items() if (name, None) not in before}
    streams = {name: sorted(s for n, s in before if n == name and s) for name in new}
    held = board.lock(connection, {s for found in streams.values() for s in found})
    entries: list[tuple[str, str | None]] = [
        (name, one) for name in new for one in streams[name] or (None,)
    ]
    if not entries:
        return
    first = advance(connection, len(entries))
    if _spoken_of(connection, by_name) != before:
        raise SpokenOfMeanwhile
    placed = list(enumerate(entries, first))
    at = {name: seq for seq, (name, _) in reversed(placed)}
    connection.execute(insert(blob), [{**row, "seq": at[n]} for n, row in new.items()])
    times = {name: int(str(row["received_ms"])) for name, row in new.items()}
    places.note(connection, first, [
        Event(what="blob", id=name, stream=stream, received_ms=times[name])
        for name, stream in entries
    ])  # fmt: skip
    for seq, (name, stream) in placed:
        if stream:
            board.move(connection, held[stream], seq, times[name])


def _spoken_of(
    connection: Connection, names: Iterable[str]
) -> set[tuple[str, str | None]]:
    """The orders that speak of these bytes; with None, those that have a receipt."""
    rows = connection.execute(_SPOKEN_OF, {"names": list(names)})
    return {(name, stream) for name, stream in rows}


_NAMES: BindParameter[list[str]] = bindparam("names", expanding=True)
_SPOKEN_OF = union_all(
    select(blob_link.c.sha256, blob_link.c.stream).where(
        blob_link.c.sha256.in_(_NAMES)
    ),
    select(blob.c.sha256, null()).where(blob.c.sha256.in_(_NAMES)),
)
