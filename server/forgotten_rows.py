"""Rows of the central service log without the owner who is to be forgotten (S1).

May not enter: whose rows these are, how rows come in.
"""

from collections.abc import Collection, Iterator, Sequence

import orjson
from sqlalchemy import ColumnElement, Connection, select
from sqlalchemy import update as sql_update

from server.central_tables import central_row, central_version
from server.tables import erasure, stream
from sync.envelope import digest
from sync.order import order_stream

AT_ONCE = 500
NOTHING = "[]"
NAMED_BY = ("owner", "phone", "room")

PERSONAL = frozenset({
    "owner", "phone", "building", "unit", "room", "fault", "remark", "first_asked",
})  # fmt: skip


def forgotten(connection: Connection, numbers: Sequence[str]) -> set[str]:
    """Those of these numbers whose owner had a right to be forgotten: whatever comes
    later brings nothing of theirs back (S1)."""
    found: set[str] = set()
    for start in range(0, len(numbers), AT_ONCE):
        some = list(numbers[start : start + AT_ONCE])
        streams = {order_stream(one): one for one in some}
        bare = select(stream.c.id).where(stream.c.number.is_(None))
        asked = select(erasure.c.stream).where(
            erasure.c.stream.in_(streams),
            erasure.c.stream.not_in(bare)
            | erasure.c.commitment.in_([mark(one) for one in streams]),
        )
        named = (
            select(stream.c.number)
            .join(erasure, erasure.c.stream == stream.c.id)
            .where(stream.c.number.in_(some)).distinct()
        )  # fmt: skip
        found |= {streams[one] for one in connection.execute(asked).scalars()}
        found |= {one for one in connection.execute(named).scalars() if one}
    return found


def mark(name: str) -> str:
    """Stands for the rows of this order among what was erased, beside commitments: what
    was decided about a row may go without the row, and a row without an order."""
    return digest(name.encode())


def numbers_of(
    connection: Connection, name: str, commitments: Collection[str]
) -> list[str]:
    """What the order is called in the central log; where the book knows no number, only
    if the mark is among these. A log may know of a request that the book does not, or
    not again yet."""
    known = connection.execute(select(stream.c.number).where(stream.c.id == name)).all()
    compared = select(central_row.c.number).where(central_row.c.stream == name)
    found = {*connection.execute(compared).scalars(), *(row.number for row in known)}
    found.discard(None)
    wanted = mark(name) in commitments or not known
    if wanted and not found and name.startswith("order:"):
        alone = select(central_row.c.number).where(central_row.c.stream.is_(None))
        every = connection.execute(alone).scalars()
        found = {one for one in every if order_stream(one) == name}
    return sorted(found)


def naming(connection: Connection, words: str) -> set[str]:
    """Numbers whose rows say exactly this of an owner: a name, a phone, a room."""
    written = orjson.dumps(words).decode()
    said = select(central_row.c.number, central_row.c.said)
    said = said.where(central_row.c.said.contains(written, autoescape=True))
    cells = select(central_version.c.number, central_version.c.cells)
    cells = cells.where(central_version.c.cells.contains(written, autoescape=True))
    rows = {number for number, text in connection.execute(said)
            if words in map(orjson.loads(text).get, NAMED_BY)}  # fmt: skip
    return rows | {number for number, text in connection.execute(cells)
                   if words in orjson.loads(text)}  # fmt: skip


def said_of(
    connection: Connection, numbers: Sequence[str]
) -> Iterator[tuple[str, str]]:
    """What the rows of these numbers still say of the owner, and under which name."""
    chosen = select(central_row.c.said).where(central_row.c.number.in_(numbers))
    for text in connection.execute(chosen).scalars():
        held = orjson.loads(text) if text else {}
        yield from ((one, held[one]) for one in sorted(PERSONAL & held.keys()))


def tell(connection: Connection, numbers: Sequence[str]) -> bool:
    """Does anything of the owner stand in the rows of these numbers?"""
    if next(said_of(connection, numbers), None) is not None:
        return True
    cells = select(central_version.c.seq).where(
        central_version.c.number.in_(numbers), central_version.c.cells != NOTHING
    )
    return connection.execute(cells.limit(1)).first() is not None


def forget_rows(connection: Connection, numbers: Sequence[str]) -> None:
    """The owner of these is forgotten (S1): cells go, and what names the owner in what
    is said; file, line and every figure stay."""
    if not numbers:
        return
    chosen = central_row.c.number.in_(numbers)
    rows = connection.execute(
        select(central_row.c.number, central_row.c.said).where(chosen)
    ).all()
    for name, said in rows:
        held = orjson.loads(said) if said else None
        kept = held and {one: it for one, it in held.items() if one not in PERSONAL}
        text = (
            orjson.dumps(kept, option=orjson.OPT_SORT_KEYS).decode() if kept else said
        )
        connection.execute(
            sql_update(central_row).where(central_row.c.number == name)
            .values(said=text, home=None, cells_digest="")
        )  # fmt: skip
    _empty(connection, central_version.c.number.in_(numbers))


def forget_strangers(connection: Connection, telling: Collection[str]) -> None:
    """Rows that could not be told to belong to any number, and in which one of these
    values stands as a cell: what they said goes."""
    strange = central_version.c.number.startswith("?", autoescape=True)
    rows = select(central_version.c.seq, central_version.c.cells).where(strange)
    for words in sorted(telling):
        written = orjson.dumps(words).decode()
        found = rows.where(central_version.c.cells.contains(written, autoescape=True))
        for seq, cells in connection.execute(found).all():
            if words in orjson.loads(cells):
                _empty(connection, central_version.c.seq == seq)


def _empty(connection: Connection, chosen: ColumnElement[bool]) -> None:
    """The cells of these rows go; why one cannot be read stays as codes alone."""
    rows = select(central_version.c.seq, central_version.c.reasons).where(chosen)
    for seq, reasons in connection.execute(rows).all():
        connection.execute(
            sql_update(central_version).where(central_version.c.seq == seq)
            .values(cells=NOTHING, reasons=codes_alone(reasons))
        )  # fmt: skip


def codes_alone(reasons: str | None) -> str | None:
    """Why a row cannot be read, without what stood there."""
    if not reasons:
        return reasons
    told = [{**one, "found": ""} for one in orjson.loads(reasons)]
    return orjson.dumps(told).decode()
