"""What the book says of a sheet, by its digest, to whoever holds a paper of it.

Reads only, and no more than one order; personal data leaves here masked (S1). May not
enter: HTTP, words, photos.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import Connection, select

from server.board import as_order
from server.board_tables import order_row
from server.database import reading
from server.documents import texts
from server.homes import Place
from server.paper.knowledge import Sheet, latest, read_sheet
from server.parts import Parts
from server.story import called
from server.tables import blob, blob_link, erased_blob, fact
from server.tree import Reading, stands
from sync.card import HOME
from sync.heads import fact_leaf
from sync.log import included, inclusion
from sync.masking import MASKS
from sync.order import Order, Round, Verdict
from sync.problems import Refused
from sync.sheet import short_code
from sync.strength import open_dispute, revocation
from sync.warranty import warranties

VALID, SUPERSEDED, DISPUTED, REVOKED = "valid", "superseded", "disputed", "revoked"
NOT_PASSED, TORN = "not_passed", "torn"


@dataclass(frozen=True, kw_only=True)
class Custody:
    """The owner's word in the log: its place, and whether the tree really holds it."""

    position: int
    received_ms: int
    size: int
    key: str
    whole: bool


@dataclass(frozen=True, kw_only=True)
class Found:
    """A sheet that somebody put a hand to, with its order as it stands."""

    order: Order
    round: int
    verdict: Verdict
    texts: Mapping[str, str]  # commitment -> value, as far as it was not erased
    people: Mapping[str, str]
    custody: Custody
    sheet: Sheet | None  # None: its bytes are on their way, were erased, or are odd
    warranty_until: str = ""

    @property
    def number(self) -> str:
        """What the order is called."""
        return self.order.number or self.order.stream.removeprefix("order:")[:8]

    @property
    def state(self) -> str:
        """How the paper stands today: what weighs most, first."""
        sheet = self.verdict.sheet
        if not self.custody.whole:
            return TORN
        if revocation(self.order, sheet) is not None:
            return REVOKED
        if self.successor is not None:
            return SUPERSEDED
        waiting = {one.code for one in self.order.reviews}
        if open_dispute(self.order, sheet) is not None or "contradiction" in waiting:
            return DISPUTED
        return VALID if self.verdict.answer == "accepted" else NOT_PASSED

    @property
    def successor(self) -> Verdict | None:
        """The acceptance that took the place of this word, if another one did."""
        now = latest(self.order)
        return now if now is not None and now.fact != self.verdict.fact else None

    def text(self, promised: Mapping[str, str], name: str) -> str:
        """A private value as a stranger may read it."""
        value = self.texts.get(promised.get(name, ""), "")
        return MASKS[name](value) if value and name in MASKS else ""


def found_by(parts: Parts, digest: str) -> Found | None:
    """The sheet with this digest; None if nobody put a hand to such a one, as far as
    anything has come."""
    with reading(parts.engine) as connection:
        links = select(blob_link.c.stream).where(blob_link.c.sha256 == digest)
        for name in sorted(connection.execute(links).scalars()):
            if found := _in_order(parts, connection, name, digest):
                break
        else:
            return None
    return replace(found, warranty_until=_warranty(parts, found))


def digest_by_short(parts: Parts, number: str, short: str) -> str | None:
    """The digest of this order's sheet that has this short code."""
    wanted = short.replace("-", "").upper()
    chosen = select(order_row.c.stream).where(order_row.c.number == number)
    with reading(parts.engine) as connection:
        for name in connection.execute(chosen).scalars():
            order = as_order(texts(connection, [name])[name].text)
            for _, one in words_of(order):
                if short_code(one.sheet).replace("-", "") == wanted:
                    return one.sheet
    return None


def words_of(order: Order) -> list[tuple[int, Verdict]]:
    """Every word of the owner on a whole sheet, with its round."""
    rounds: list[tuple[int, Round]] = list(enumerate(order.rounds, 1))
    return [(n, one) for n, part in rounds for one in part.verdicts]


def _in_order(
    parts: Parts, connection: Connection, name: str, digest: str
) -> Found | None:
    text = texts(connection, [name]).get(name)
    if text is None:
        return None
    order = as_order(text.text)
    mine = [(n, one) for n, one in words_of(order) if one.sheet == digest]
    if not mine:
        return None
    number, verdict = mine[-1]
    return Found(
        order=order, round=number, verdict=verdict,
        texts={name: pair[1] for name, pair in text.private.items()},
        people=called(connection, {one.by for one in order.visits} | order.people),
        custody=_custody(parts, connection, verdict.fact),
        sheet=_sheet(parts, connection, digest),
    )  # fmt: skip


def _custody(parts: Parts, connection: Connection, name: str) -> Custody:
    """Looked up and worked out anew: is the entry where the signed root says?"""
    chosen = select(fact.c.seq, fact.c.received_ms).where(fact.c.id == name)
    row = connection.execute(chosen).one()
    standing, tree = stands(connection), Reading(connection)
    path = inclusion(row.seq - 1, standing.size, tree.over)
    leaf, root = fact_leaf(name, row.received_ms), bytes.fromhex(standing.root)
    return Custody(
        position=row.seq, received_ms=row.received_ms, size=standing.size,
        key=parts.keys.name,
        whole=included(leaf, row.seq - 1, standing.size, path, root),
    )  # fmt: skip


def _sheet(parts: Parts, connection: Connection, digest: str) -> Sheet | None:
    here = select(blob.c.sha256).where(blob.c.sha256 == digest)
    gone = select(erased_blob.c.sha256).where(erased_blob.c.sha256 == digest)
    if connection.execute(here).first() is None or connection.execute(gone).first():
        return None
    with parts.shelf.open(digest) as source:
        data = source.read()
    try:
        return read_sheet(data)
    except Refused:
        return None


def _warranty(parts: Parts, found: Found) -> str:
    """Until which day this trade is under warranty in that home, if anybody knows when
    it was handed over (L2)."""
    asked = found.order.request
    if asked is None:
        return ""
    home = [found.texts.get(asked.private.get(name, ""), "") for name in HOME]
    place = Place(project=asked.site, **dict(zip(HOME, home, strict=True)))
    known = parts.homes.known([place]).get(place)
    day = known.handed_over_day if known else ""
    every = warranties(day, parts.policy.warranty_years)
    return next((one.until_day for one in every if one.trade == asked.trade), "")
