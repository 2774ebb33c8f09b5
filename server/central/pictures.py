"""Which pictures of some orders are also on an earlier order, or look like one there.

Of two orders the one that was asked for later speaks of the other; an order without a
number counts as earlier, for no pass comes to it. Orders that became one are one order.
May not enter: how likeness is found, who is to blame.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, select, union_all

from server.board_tables import order_row
from server.picture_tables import picture_pair
from server.prepared import Prepared, evened
from server.tables import blob_link, stream
from server.words import say
from sync.access import EVERY
from sync.order import Order
from sync.reconcile import OF_PICTURES, Reuse
from sync.words import N_

CODES = frozenset(one.code for one in OF_PICTURES)
_NAMES: BindParameter[list[str]] = bindparam("names", expanding=True)
LINKED = Prepared(
    select(
        blob_link.c.sha256, order_row.c.stream, order_row.c.number,
        order_row.c.registered_ms,
    )
    .join(order_row, order_row.c.stream == blob_link.c.stream)
    .where(blob_link.c.sha256.in_(_NAMES))
)  # fmt: skip
ALIKE = Prepared(
    union_all(
        select(picture_pair.c.one, picture_pair.c.other)
        .where(picture_pair.c.one.in_(_NAMES)),
        select(picture_pair.c.other, picture_pair.c.one)
        .where(picture_pair.c.other.in_(_NAMES)),
    )
)  # fmt: skip
OF_ORDERS = Prepared(
    select(blob_link.c.sha256).where(blob_link.c.stream.in_(_NAMES)).distinct()
)
WITH_NUMBERS = Prepared(
    select(stream.c.number)
    .join(blob_link, blob_link.c.stream == stream.c.id)
    .where(blob_link.c.sha256.in_(_NAMES), stream.c.number.is_not(None)).distinct()
)  # fmt: skip


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """An order with a picture, the earliest first."""

    numbered: bool
    registered_ms: int
    number: str
    stream: str


def reused(
    connection: Connection, orders: Mapping[str, Order]
) -> dict[str, tuple[Reuse, ...]]:
    """For each number the pictures that an earlier order has, each with the earliest
    such; a picture that is there by its bytes is not sought by its looks."""
    mine = {one.blob.sha256 for order in orders.values() for one in order.photos}
    alike = _alike(connection, mine)
    every = mine.union(*alike.values())
    places: dict[str, list[Place]] = {}
    for sha256, name, number, asked_ms in _all(connection, LINKED, every):
        at = Place(number is not None, asked_ms, number or "", name)
        places.setdefault(sha256, []).append(at)
    for there in places.values():
        there.sort()
    return {
        number: found
        for number, order in orders.items()
        if (found := tuple(_of(order, places, alike)))
    }


def _of(
    order: Order,
    places: Mapping[str, list[Place]],
    alike: Mapping[str, Collection[str]],
) -> Iterator[Reuse]:
    for sha256 in dict.fromkeys(one.blob.sha256 for one in order.photos):
        earlier = _earliest(order, [sha256], places)
        exact = earlier is not None
        if earlier is None:
            earlier = _earliest(order, sorted(alike.get(sha256, ())), places)
        if earlier is not None:
            place, theirs = earlier
            yield Reuse(mine=sha256, theirs=theirs, number=place.number, exact=exact)


def _earliest(
    order: Order, names: Iterable[str], places: Mapping[str, list[Place]]
) -> tuple[Place, str] | None:
    """The earliest other order with one of these, if it is before this one."""
    same = {order.stream, order.merged_into, *order.duplicates}
    asked_ms = order.request.registered_ms if order.request else 0
    me = Place(order.number is not None, asked_ms, order.number or "", order.stream)
    found = [
        (place, sha256)
        for sha256 in names
        for place in places.get(sha256, ())
        if place < me and place.stream not in same
    ]
    return min(found, default=None)


def _alike(connection: Connection, names: Collection[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for one, other in _all(connection, ALIKE, names):
        found.setdefault(one, set()).add(other)
    return found


def sharing(connection: Connection, streams: Iterable[str]) -> Iterator[str]:
    """Numbers of orders that share a picture with these, by bytes or by looks."""
    mine = {sha256 for (sha256,) in _all(connection, OF_ORDERS, streams)}
    alike = _alike(connection, mine)
    yield from speaking_of(connection, mine.union(*alike.values()))


def newly_alike(connection: Connection, seq: int) -> Iterator[str]:
    """Numbers of orders with a picture of which likeness was found since."""
    rows = connection.execute(
        select(picture_pair.c.one, picture_pair.c.other)
        .where(picture_pair.c.seq > seq)
    )  # fmt: skip
    yield from speaking_of(connection, {sha256 for row in rows for sha256 in row})


def speaking_of(connection: Connection, names: Iterable[str]) -> Iterator[str]:
    """Numbers of orders with these pictures."""
    for (number,) in _all(connection, WITH_NUMBERS, names):
        yield number


def _all(
    connection: Connection, asked: Prepared, names: Iterable[str]
) -> Iterator[tuple[Any, ...]]:
    for some in evened(sorted(names)):
        yield from asked.all(connection, {"names": some})


@dataclass(frozen=True, kw_only=True)
class BothSides:
    """The pictures that a difference is about, own first. `elsewhere`: the other one is
    where whoever asks may not look; then nothing is said of it but this."""

    pictures: tuple[Mapping[str, str], ...] = ()
    elsewhere: str = ""


def both_sides(
    connection: Connection, row: Any, projects: Collection[str]
) -> BothSides:
    """For whoever may see what differs in these projects."""
    if row.code not in CODES:
        return BothSides()
    mine = _picture("own", row.stream, row.number, row.field)
    theirs = connection.execute(
        select(order_row.c.stream, order_row.c.project, order_row.c.number)
        .join(blob_link, blob_link.c.stream == order_row.c.stream)
        .where(blob_link.c.sha256 == row.register)
        .where(order_row.c.stream != row.stream)
        .where(
            order_row.c.number == row.about if row.about
            else order_row.c.number.is_(None)
        ).limit(1)
    ).first()  # fmt: skip
    if theirs is None or not {EVERY, theirs.project} & {*projects}:
        words = say(N_("另一张照片在您无权查看的工单中"), {})
        return BothSides(pictures=(mine,), elsewhere=words)
    other = _picture("other", theirs.stream, theirs.number or "", row.register)
    return BothSides(pictures=(mine, other))


def _picture(side: str, name: str, number: str, sha256: str) -> dict[str, str]:
    return {
        "side": side, "order": name.removeprefix("order:"), "number": number,
        "sha256": sha256, "preview": f"/v1/blobs/{sha256}/preview",
    }  # fmt: skip
