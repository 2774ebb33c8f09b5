"""The published price list and what a bill adds up to, in whole fen (L1, L3).

A list has a name and a first day; a tablet prices offline with the list it holds and
the bill says which one. Nothing here changes what an owner has signed.
"""

from collections.abc import Iterable

from sync.order import Line, Order, Payer
from sync.plain import Record


class Price(Record, frozen=True, kw_only=True):
    """One row of the list. `price_fen` is for one `unit`."""

    code: str
    name: str
    unit: str
    price_fen: int
    trade: str = ""


class PriceList(Record, frozen=True, kw_only=True):
    """A version of the list, in force from the start of a day (ms UTC)."""

    name: str
    from_ms: int
    prices: tuple[Price, ...]

    def price(self, code: str) -> Price | None:
        """The row with this code."""
        return next((one for one in self.prices if one.code == code), None)


class Bill(Record, frozen=True, kw_only=True):
    """What an order costs and who bears it; the owner pays only `owner_fen` (L1)."""

    material_fen: int
    labour_fen: int
    owner_fen: int


def total_fen(lines: Iterable[Line]) -> int:
    """What these lines add up to."""
    return sum(line.quantity * line.price_fen for line in lines)


def bill(order: Order) -> Bill:
    """The bill for what was really fitted and done."""
    payers = {item.item: item.payer for item in order.items}
    material = total_fen(part.line for part in order.parts)
    labour = sum(record.labour_fen for record in order.records)
    owner = total_fen(
        part.line for part in order.parts if part.line.payer is Payer.OWNER
    ) + sum(
        record.labour_fen
        for record in order.records
        if payers.get(record.item) is Payer.OWNER
    )
    return Bill(material_fen=material, labour_fen=labour, owner_fen=owner)


def list_in_force(lists: Iterable[PriceList], at_ms: int) -> PriceList | None:
    """The newest list that has begun by this time."""
    begun = [one for one in lists if one.from_ms <= at_ms]
    return max(begun, key=lambda one: one.from_ms, default=None)
