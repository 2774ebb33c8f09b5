"""What is known when a paper is made: the sheet's bytes and what proves them.

May not enter: words, how it looks, databases.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sync.envelope import fact_id
from sync.order import (
    Agreement,
    Inspection,
    Item,
    Order,
    Part,
    Request,
    Round,
    Survey,
    TakenAway,
    Verdict,
    WorkRecord,
)
from sync.plain import Record, typed
from sync.prices import Bill
from sync.problems import Refused
from sync.proof import Proof, ProvenFact
from sync.sheet import TEMPLATE


@dataclass(frozen=True, kw_only=True)
class Bytes:
    """Bytes that a sheet names, as far as they are here."""

    sha256: str
    length: int | None = None  # None: they have not come
    received_ms: int | None = None
    preview: bytes | None = None  # of a photo that can be shown
    flaw: str | None = None  # why it cannot
    erased: bool = False


@dataclass(frozen=True, kw_only=True)
class Known:
    """Everything a paper is made of; the same knowledge gives the same paper."""

    order: Order
    at_ms: int  # when the newest position of the book came in
    round: int
    verdict: Verdict
    sheet: bytes
    proof: Proof  # of the whole order, with every private value that is held
    texts: Mapping[str, tuple[str, str]]  # commitment -> (salt, value)
    people: Mapping[str, str] = field(default_factory=dict)
    strokes: bytes | None = None
    held: Mapping[str, Bytes] = field(default_factory=dict)

    @cached_property
    def said(self) -> dict[str, Any]:
        """The sheet, read."""
        found: dict[str, Any] = json.loads(self.sheet)
        return found

    @property
    def number(self) -> str:
        """What the order is called."""
        return self.order.number or self.order.stream.removeprefix("order:")

    @property
    def stands(self) -> bool:
        """Is this the newest word of the owner on this order?"""
        last = latest(self.order)
        return last is not None and last.fact == self.verdict.fact

    @cached_property
    def custody(self) -> ProvenFact | None:
        """The owner's word itself, as the book has it."""
        name = self.verdict.fact
        return next((one for one in self.proof.facts if fact_id(one.b) == name), None)

    @property
    def device(self) -> str | None:
        """Which device signed that it handed the owner's word in."""
        name = self.verdict.fact
        return next((one.device for one in self.proof.pushes if name in one.ids), None)


MOST_SHEET = 1024 * 1024  # bytes


class Visited(Record, frozen=True, kw_only=True):
    """A visit as it stands on a sheet."""

    by: str
    claimed_ms: int | None
    fact: str


class Pictured(Record, frozen=True, kw_only=True):
    """A photo as a sheet names it."""

    sha256: str
    moment: str
    item: int | None


class Sheet(Record, frozen=True, kw_only=True):
    """What a sheet of this version holds (`sync/sheet.py`), for a look at its shape."""

    template: int
    language: str
    consent: str
    stream: str
    number: str | None
    round: int
    request: Request | None
    visits: tuple[Visited, ...]
    survey: Survey | None
    items: tuple[Item, ...]
    agreements: tuple[Agreement, ...]
    inspections: tuple[Inspection, ...]
    records: tuple[WorkRecord, ...]
    parts: tuple[Part, ...]
    goods: Mapping[str, tuple[str, ...]]
    bill: Bill
    photos: tuple[Pictured, ...]
    taken_away: tuple[TakenAway, ...]
    covers: tuple[str, ...]


def read_sheet(data: bytes) -> Sheet:
    """The sheet in these bytes. A tablet wrote them: whatever they are, they are looked
    at before anything is made of them. Refused: `sheet_unreadable`,
    `paper_too_large`."""
    if len(data) > MOST_SHEET:
        raise Refused("paper_too_large")
    try:
        found = typed(Sheet, json.loads(data))
    except (ValueError, RecursionError):
        raise Refused("sheet_unreadable", why="JSON") from None
    except Refused as why:
        raise Refused("sheet_unreadable", why=why.code) from None
    if found.template != TEMPLATE or any(len(one) != 2 for one in found.goods.values()):
        raise Refused("sheet_unreadable", why="template")
    return found


def latest(order: Order) -> Verdict | None:
    """The owner's newest word that a hand was put to as an acceptance."""
    given = [
        one
        for part in order.rounds
        for one in part.verdicts
        if one.answer == "accepted" and one.signature
    ]
    return given[-1] if given else None


def chosen(order: Order, round_number: int | None) -> tuple[int, Verdict] | None:
    """The round that is asked for with its last word; not said: the one that was
    accepted. None as long as nothing was accepted."""
    accepted = latest(order)
    if accepted is None:
        return None
    rounds: list[tuple[int, Round]] = list(enumerate(order.rounds, 1))
    if round_number is None:
        number = next(n for n, one in rounds if accepted in one.verdicts)
        return number, accepted
    found = dict(rounds).get(round_number)
    return (round_number, found.verdicts[-1]) if found and found.verdicts else None
