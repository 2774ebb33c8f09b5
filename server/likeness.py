"""Which pictures look the same: a grey copy of each is kept, and each is compared once
with all that came before it, by keys and not one by one.

A pair says nothing about orders; `server/central/pictures.py` asks which orders have
them. May not enter: how likeness is measured (`server/pictures/looks.py`), decoding,
orders, people.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BindParameter,
    Connection,
    Engine,
    bindparam,
    select,
    update,
)

from server.database import new_or_same, reading, writing
from server.picture_tables import pair_head, picture_key, picture_pair, picture_print
from server.pictures import looks
from server.pictures.looks import Glance
from server.prepared import Prepared, evened
from server.tables import blob

AT_ONCE = 20
MOST_MEASURED = 12  # pictures that one is laid over: those of the nearest codes
MOST_LIKE = 20  # pairs of one picture

_NAMES: BindParameter[list[int]] = bindparam("names", expanding=True)
UNDER_KEYS = Prepared(
    select(picture_key.c.key, picture_key.c.picture, picture_key.c.code)
    .where(picture_key.c.key.in_(_NAMES))
)  # fmt: skip
GREY = Prepared(
    select(picture_print.c.picture, picture_print.c.sha256, picture_print.c.grey)
    .where(picture_print.c.picture.in_(_NAMES))
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Print:
    picture: int
    sha256: str
    grey: bytes


@dataclass(frozen=True)
class Likeness:
    """Compares what was looked at; free to repeat, also by several processes."""

    engine: Engine

    def compare(self, now_ms: int) -> Iterator[int]:
        """Compare every picture that was not compared yet; yields how many. Keys are
        committed before others are sought: of two processes one sees the other's."""
        while some := self._uncompared():
            with writing(self.engine) as connection:
                _keep_keys(connection, some)
            found = {
                tuple(sorted((one.sha256, other))): alike
                for one in some
                for other, alike in self.like(one.grey, one.picture)
            }
            with writing(self.engine) as connection:
                _note(connection, found, now_ms)
                done = [one.picture for one in some]
                connection.execute(
                    update(picture_print).values(compared=True)
                    .where(picture_print.c.picture.in_(done))
                )  # fmt: skip
            yield len(some)

    def like(self, grey: bytes, but: int = 0) -> list[tuple[str, int]]:
        """Digests of pictures that look like this one, with likeness in thousandths,
        the most alike first."""
        with reading(self.engine) as connection:
            near = _near(connection, looks.sought(grey), but)
            held = {
                picture: (sha256, bytes(theirs))
                for picture, sha256, theirs in _all(connection, GREY, near)
            }
        found = [
            (sha256, round(1000 * alike))
            for one, (sha256, theirs) in held.items()
            if (alike := looks.likeness(theirs, grey, near[one])) >= looks.ALIKE
            and alike >= looks.asked_from(theirs, grey)
        ]
        return sorted(found, key=lambda one: (-one[1], one[0]))[:MOST_LIKE]

    def _uncompared(self) -> list[_Print]:
        wanted = (
            select(picture_print).where(~picture_print.c.compared)
            .order_by(picture_print.c.picture).limit(AT_ONCE)
        )  # fmt: skip
        with reading(self.engine) as connection:
            return [
                _Print(row.picture, row.sha256, bytes(row.grey))
                for row in connection.execute(wanted)
            ]


def note_print(connection: Connection, sha256: str, grey: bytes) -> None:
    """Keep what a picture looks like. One that shows too little is known by its bytes
    alone: nothing of it is kept, and it needs no comparing."""
    telling = bool(grey) and looks.tells_enough(grey)
    at = connection.execute(
        select(blob.c.seq).where(blob.c.sha256 == sha256)
    ).scalar_one()
    connection.execute(
        new_or_same(connection, picture_print).values(
            picture=at, sha256=sha256, grey=grey if telling else None,
            compared=not telling,
        )
    )  # fmt: skip


def unknown(
    engine: Engine, after: int = 0, limit: int = AT_ONCE
) -> list[tuple[int, str]]:
    """Pictures that were looked at before anybody kept what they look like."""
    known = select(picture_print.c.picture).where(picture_print.c.picture == blob.c.seq)
    wanted = (
        select(blob.c.seq, blob.c.sha256)
        .where(blob.c.seq > after, blob.c.finding.is_not(None), blob.c.finding != "")
        .where(~known.exists()).order_by(blob.c.seq).limit(limit)
    )  # fmt: skip
    with reading(engine) as connection:
        return [(row.seq, row.sha256) for row in connection.execute(wanted)]


def _keep_keys(connection: Connection, some: Sequence[_Print]) -> None:
    rows = [
        {"key": key, "picture": one.picture, "code": code}
        for one in some
        for code, keys in [looks.kept(one.grey)]
        for key in keys
    ]
    connection.execute(new_or_same(connection, picture_key), rows)


def _near(
    connection: Connection, sought: Mapping[int, Sequence[Glance]], but: int
) -> dict[int, Glance]:
    """The pictures of the nearest codes, each with the glance that comes nearest."""
    best: dict[int, tuple[int, Glance]] = {}
    for key, picture, code in _all(connection, UNDER_KEYS, sought):
        if picture == but:
            continue
        for glance in sought[key]:
            bits = looks.differing(glance.code, code)
            if bits <= looks.MOST_BITS and bits < best.get(picture, (99,))[0]:
                best[picture] = bits, glance
    nearest = sorted(best, key=lambda one: (best[one][0], one))[:MOST_MEASURED]
    return {one: best[one][1] for one in nearest}


def _note(
    connection: Connection, found: Mapping[tuple[str, ...], int], now_ms: int
) -> None:
    if not found:
        return
    seq = connection.execute(
        update(pair_head).values(seq=pair_head.c.seq + 1).returning(pair_head.c.seq)
    ).scalar_one()
    connection.execute(new_or_same(connection, picture_pair), [
        {"one": one, "other": other, "seq": seq, "likeness": alike, "found_ms": now_ms}
        for (one, other), alike in found.items()
    ])  # fmt: skip


def _all(
    connection: Connection, asked: Prepared, names: Collection[int]
) -> Iterator[tuple[Any, ...]]:
    for some in evened(sorted(names)):  # type: ignore[arg-type]
        yield from asked.all(connection, {"names": some})
