"""Everything beside the book where an owner's values lie: rows of the central service
log, notices, lists of residents, saved searches, answers that are kept, small copies of
pictures. What was erased from the book goes there too (S1).

Figures, times and digests stay. May not enter: the book itself (`server/erasures.py`),
whose wish it is.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote_plus

import orjson
from sqlalchemy import Connection, delete, or_, select, update

from server.board_tables import posted, saved_view
from server.desk_tables import resident
from server.forgotten_rows import (
    forget_rows,
    forget_strangers,
    numbers_of,
    said_of,
)
from server.notice_tables import notice
from server.owner_tables import owner_code, owner_link, owner_report
from server.picture_tables import picture_key, picture_pair, picture_print
from server.tables import fact, private, stream
from sync.envelope import read

LEAST = 2  # letters: what is shorter says nothing of anybody
NAMES = ("owner", "signer", "witness")
OF_ROWS = frozenset({"owner", "phone", "fault", "remark"})

Values = Mapping[str, frozenset[str]]  # name of a private value -> what it said


def values_of(
    connection: Connection, name: str, commitments: Collection[str]
) -> dict[str, frozenset[str]]:
    """What these commitments stand for, as far as it is still held, and what the
    central log says of the owner."""
    rows = select(private.c.commitment, private.c.value).where(
        private.c.stream == name, private.c.commitment.in_(sorted(commitments))
    )
    held = {row.commitment: row.value for row in connection.execute(rows)}
    found: dict[str, set[str]] = {}
    bodies = select(fact.c.body).where(fact.c.stream == name)
    for body in connection.execute(bodies).scalars():
        for field, promised in read(body).head.private.items():
            if promised in held:
                found.setdefault(field, set()).add(held[promised])
    for field, said_ in said_of(connection, numbers_of(connection, name, commitments)):
        if field in OF_ROWS:
            found.setdefault(field, set()).add(said_)
    return {field: frozenset(said) for field, said in found.items()}


def forget(
    connection: Connection,
    name: str,
    values: Values,
    blobs: Collection[str],
    numbers: Sequence[str],
) -> None:
    """Nothing of these lies beside the book any more, nor of the owner in the rows of
    these numbers. Free to repeat."""
    telling = {one for said in values.values() for one in said if len(one) >= LEAST}
    forget_rows(connection, numbers)
    forget_strangers(connection, people_of(values))
    _residents(connection, name, values)
    _notices(connection, name)
    _links(connection, name)
    _views(connection, telling)
    _answers(connection, name, telling)
    _pictures(connection, blobs)


def people_of(values: Values) -> set[str]:
    """What says who it is, wherever it stands."""
    fields = (*NAMES, "phone")
    return {one for field in fields for one in values.get(field, ())
            if len(one) >= LEAST}  # fmt: skip


def spoken_of(
    connection: Connection, people: Collection[str]
) -> Iterator[tuple[str, str]]:
    """Private values that name one of these where no order is: why a statement was
    closed so, what was decided about a row. Stream and commitment."""
    orders = select(stream.c.id).where(stream.c.number.is_not(None))
    beside = select(private.c.stream, private.c.commitment)
    beside = beside.where(private.c.stream.not_in(orders))
    for words in sorted(people):
        chosen = beside.where(private.c.value.contains(words, autoescape=True))
        yield from ((row.stream, row.commitment) for row in connection.execute(chosen))


def _residents(connection: Connection, name: str, values: Values) -> None:
    """Whom the request named, unless another order of theirs still stands."""
    phones = {one for one in values.get("phone", ()) if len(one) >= LEAST}
    for phone in sorted(phones):
        elsewhere = select(private.c.stream).where(
            private.c.value == phone, private.c.stream != name
        )
        if connection.execute(elsewhere.limit(1)).first() is None:
            connection.execute(delete(resident).where(resident.c.phone == phone))
    for owner in sorted(values.get("owner", ())):
        bare = (resident.c.name == owner) & (resident.c.phone == "")
        elsewhere = select(private.c.stream).where(
            private.c.value == owner, private.c.stream != name
        )
        if connection.execute(elsewhere.limit(1)).first() is None:
            connection.execute(delete(resident).where(bare))


def _notices(connection: Connection, name: str) -> None:
    """What is on its way to the owner is not sent any more; why something failed may
    hold an address."""
    connection.execute(
        delete(notice).where(notice.c.stream == name, notice.c.person == "")
    )
    connection.execute(update(notice).where(notice.c.stream == name).values(error=None))


def _links(connection: Connection, name: str) -> None:
    """Nobody comes in by the owner's link any more, and what they wrote goes."""
    for table in (owner_link, owner_code, owner_report):
        connection.execute(delete(table).where(table.c.stream == name))


def _views(connection: Connection, telling: Collection[str]) -> None:
    """A search that was saved with a name in it."""
    for words in sorted(telling):
        connection.execute(delete(saved_view).where(or_(
            saved_view.c.query.contains(words, autoescape=True),
            saved_view.c.query.contains(quote_plus(words), autoescape=True),
            saved_view.c.name.contains(words, autoescape=True),
        )))  # fmt: skip


def _answers(connection: Connection, name: str, telling: Collection[str]) -> None:
    """Answers kept for those who ask twice: the values in them go, the rest stays."""
    bare = name.partition(":")[2]
    rows = select(posted).where(posted.c.answer.contains(bare, autoescape=True))
    for row in connection.execute(rows).all():
        said = orjson.loads(row.answer)
        kept = orjson.dumps(without(said, telling)).decode()
        if kept != row.answer:
            mine = (posted.c.person == row.person) & (posted.c.key == row.key)
            connection.execute(update(posted).where(mine).values(answer=kept))


def without(said: Any, telling: Collection[str]) -> Any:
    """The same JSON value with every text that is one of these empty."""
    if isinstance(said, dict):
        return {key: without(held, telling) for key, held in said.items()}
    if isinstance(said, list):
        return [without(held, telling) for held in said]
    return "" if isinstance(said, str) and said in telling else said


def _pictures(connection: Connection, blobs: Collection[str]) -> None:
    """The small grey copies of pictures that went, and what they look like."""
    if not blobs:
        return
    names = sorted(blobs)
    places = select(picture_print.c.picture).where(picture_print.c.sha256.in_(names))
    connection.execute(delete(picture_key).where(picture_key.c.picture.in_(places)))
    connection.execute(delete(picture_print).where(picture_print.c.sha256.in_(names)))
    either = picture_pair.c.one.in_(names) | picture_pair.c.other.in_(names)
    connection.execute(delete(picture_pair).where(either))
