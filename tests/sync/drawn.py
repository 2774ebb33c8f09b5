"""Facts drawn at random: any kind with any payload, by several people and logs.

What a payload may hold is read off the kind's annotations, so a new kind is drawn from
the day it is listed.
"""

import enum
import types
import typing
from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import strategies as st

from sync.envelope import MAX_INTEGER, BlobRef, Head, digest
from sync.facts import KINDS, Fact, Kept, What, write_fact
from sync.facts.acceptance import MOST_ROUNDS
from sync.facts.dispatch import ReviewResolved
from sync.facts.reconciling import CHOICES, SettlementUndone
from sync.facts.survey import ItemFound
from sync.facts.work import (
    Correctable,
    PartUsed,
    Photographed,
    Recorded,
    Retracted,
)
from sync.moment import Moment
from sync.order import MOST_FEN, Line, order_stream
from sync.plain import but, fields
from sync.reading import Reading, Witness
from sync.reviews import review
from sync.timing import assess
from tests.story import NINE

STREAM = order_stream("BX-2026-0118")
OTHER = order_stream("BX-2026-0119")
PEOPLE = ("li", "wang", "chen")
LOGS = ("li.1", "li.2", "wang.1", "server.1")

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
short = texts.map(lambda text: text[:12])
numbers = st.integers(-MAX_INTEGER, MAX_INTEGER)
hashes = st.binary(min_size=32, max_size=32).map(bytes.hex)
lines = st.builds(
    Line,
    code=short,
    quantity=st.integers(-1000, 1000),
    price_fen=st.integers(0, 10**9),
    item=st.none() | st.integers(1, 3),
)

names = st.binary(min_size=8, max_size=8).map(digest)  # of facts that are not here

wild = st.integers(-MAX_INTEGER, MAX_INTEGER)
clocks = st.builds(  # whatever a device's clocks may show
    Reading,
    wall_ms=wild,
    offset_minutes=wild,
    boot_ms=st.none() | wild,
    boot=st.none() | st.text("ab", max_size=2),
    token=st.none() | st.text("ab", max_size=2),
    token_wall_ms=st.none() | wild,
    token_boot_ms=st.none() | wild,
    rtt_ms=st.none() | wild,
)

# Fields that mean less than their type allows.
NARROWER: dict[str, st.SearchStrategy[Any]] = {
    "round": st.integers(1, 3) | st.integers(1, MOST_ROUNDS),
    "sheet": hashes,
    "item": st.integers(1, 3),
    "labour_minutes": st.integers(0, 10_000),
    "labour_fen": st.integers(0, MOST_FEN),
    "technician": st.sampled_from(PEOPLE[:2]),
    "into": st.sampled_from([STREAM, OTHER]),
    "duplicate": st.sampled_from([STREAM, OTHER]),
    "repeats": st.none() | st.sampled_from([STREAM, OTHER]),
    "corrects": st.none() | names,
    "fact": names,
    "review": names.map(lambda name: name[:16]),
    "Countersigned.survey": names,
    "arrival": names,
    "hold": names,
    "FoundOnSite.beside": st.none() | st.sampled_from([STREAM, OTHER]),
    "start_ms": st.integers(0, NINE),
    "end_ms": st.integers(NINE, 2 * NINE),
    "estimate_fen": st.integers(0, MOST_FEN),
    "up_to_fen": st.integers(0, MOST_FEN),
    "amount_fen": st.integers(0, MOST_FEN),
    "stars": st.integers(1, 5),
    "choice": st.sampled_from(CHOICES),
    "DifferenceSettled.number": st.sampled_from(["1", "2"]),
    "DifferenceTaken.number": st.sampled_from(["1", "2"]),
    "settled": names,
}


def drawn(record: type, name: str, kind: Any) -> st.SearchStrategy[Any]:
    """Any value of this field."""
    for known in (f"{record.__name__}.{name}", name):
        if known in NARROWER:
            return NARROWER[known]
    return of(kind)


def of(kind: Any) -> st.SearchStrategy[Any]:
    """Any value of this declared type."""
    if kind is Line:
        return lines
    if kind is Any:
        return short
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        return st.one_of(*(of(one) for one in arguments))
    if origin is tuple:
        return st.lists(of(arguments[0]), max_size=3).map(tuple)
    if origin is Mapping:
        return st.dictionaries(short, of(arguments[1]), max_size=3)
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return st.sampled_from(kind)
    plain_ones = {int: numbers, str: short, bool: st.booleans(), type(None): st.none()}
    return plain_ones[kind] if kind in plain_ones else records(kind)


def records(record: type) -> st.SearchStrategy[Any]:
    """Any record of this type, as its annotations say."""
    hints = typing.get_type_hints(record)
    names = [field.name for field in fields(record)]
    held = {name: drawn(record, name, hints[name]) for name in names}
    if "item" in held and type(None) in typing.get_args(hints["item"]):
        held["item"] = st.none() | held["item"]
    return st.builds(record, **held)


whats = st.sampled_from(sorted(KINDS)).map(KINDS.__getitem__).flatmap(records)
words = st.sampled_from(
    [kind for name, kind in sorted(KINDS.items()) if name.startswith("acceptance.")]
).flatmap(records)

sayings = st.sampled_from(  # that take the place of others
    [
        ItemFound,
        Recorded,
        PartUsed,
        Photographed,
        Retracted,
        ReviewResolved,
        SettlementUndone,
    ]
).flatmap(records)


def blobs_for(what: What) -> tuple[BlobRef, ...]:
    """Bytes for every role that this kind may speak of."""
    return tuple(
        BlobRef(sha256=digest(role.encode()).encode().hex()[:64], bytes=9,
                type="image/png", role=role)
        for role in what.blobs
    )  # fmt: skip


@st.composite
def heads(draw: st.DrawFn, what: What, most: int) -> Head:
    """Any head: forks, gaps and leaps of the Lamport number included."""
    n = draw(st.integers(1, 6))
    return Head(
        stream=STREAM,
        log=draw(st.sampled_from(LOGS)),
        n=n,
        prev=None if n == 1 else digest(b"whatever"),
        epoch="e1",
        basis=draw(st.integers(0, most)),
        lamport=draw(st.integers(1, 9) | st.sampled_from([9_999, 20_005, MAX_INTEGER])),
        by=draw(st.sampled_from(PEOPLE)),
        at={"w": NINE + draw(st.integers(0, 90)) * 60_000, "z": 480},
        private={name: digest(name.encode()) for name in draw(chosen(what.private))},
        blobs=blobs_for(what) if draw(st.booleans()) else (),
    )


def chosen(names: tuple[str, ...]) -> st.SearchStrategy[list[str]]:
    """Some of these names."""
    return st.lists(st.sampled_from(names), unique=True) if names else st.just([])


@st.composite
def facts(draw: st.DrawFn, most: int = 9, before: Sequence[Fact] = ()) -> Fact:
    """Any fact; now and then owners have a lot to say, and somebody puts right what was
    stated before."""
    what = draw(whats | words | sayings)
    if before and draw(st.booleans()):
        what = speaking_of(draw(st.sampled_from(before)), what)
    return write_fact(what, draw(heads(what, most)))


def speaking_of(earlier: Fact, what: What) -> What:
    """The same, about a fact or a review that there is."""
    if isinstance(what, Retracted):
        return but(what, fact=earlier.id)
    if isinstance(what, Correctable):
        return but(what, corrects=earlier.id)
    if isinstance(what, SettlementUndone):
        return but(what, settled=earlier.id)
    if isinstance(what, ReviewResolved):
        return but(what, review=review("out_of_turn", (earlier.id,)).id)
    return what


def moment(fact: Fact) -> Moment:
    """When it happened, for a server that saw it at once."""
    wall_ms = fact.reading.wall_ms
    return assess(
        fact.reading, Witness(not_before_ms=wall_ms, not_after_ms=wall_ms + 1000)
    )


@st.composite
def told(draw: st.DrawFn, most: int = 9) -> list[Kept]:
    """What a server holds of one order: positions in commit order, none twice."""
    found: dict[str, Fact] = {}
    for _ in range(draw(st.integers(0, most))):
        one = draw(facts(most, tuple(found.values())))
        found[one.id] = one
    return [
        Kept(fact=one, moment=moment(one), position=place)
        for place, one in enumerate(found.values(), 1)
    ]
