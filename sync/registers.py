"""What takes the place of what, and what stands beside it.

Said again by somebody who had read it, a thing takes the place of what was said; said
by two who could not know of each other, both stand until a person says it once more.
Nothing leaves the history. May not enter: clocks, who is right.
"""

from collections.abc import Collection
from typing import Any

from sync.facts.what import Fact, but
from sync.order import Entry, Order

REGISTERS = ("survey", "items", "quote", "records", "photos", "parts")
WITHDRAWN = (
    *REGISTERS,
    "departures",
    "visits",
    "agreements",
    "taken_away",
)  # by name alone


def make_room(order: Order, fact: Fact, entry: Entry) -> Order:
    """The order in which this fact, which comes next, finds its place empty: what its
    author knew of is replaced, the rest stands beside it."""
    if not entry.about:
        return order
    named = fact.what.puts_right()
    met = [one for one in order.history if one.about == entry.about or one.id == named]
    if not met:
        return order
    standing = _standing(order)
    known = {one.id for one in met if one.id == named or entry.knew(one)} & standing
    return _replaced(order, known, {one.id for one in met} - known, by=fact.id)


def classes(order: Order) -> dict[str, str]:
    """What has become of each fact (invariant 27): it `counts`, it is `replaced`, or it
    stands `beside` another that neither knew of."""
    beside = _beside(order)
    return {
        one.id: "replaced"
        if one.replaced_by
        else "beside"
        if one.id in beside
        else "counts"
        for one in order.history
    }


def _beside(order: Order) -> set[str]:
    return {one.fact for name in REGISTERS for one in getattr(order.beside, name)}


def _standing(order: Order) -> set[str]:
    """The facts that a value of the document rests on."""
    shown = {one.fact for name in WITHDRAWN for one in _values(order, name)}
    return shown | _beside(order)


def _values(order: Order, name: str) -> tuple[Any, ...]:
    held = getattr(order, name)
    if isinstance(held, tuple):
        return held
    return () if held is None else (held,)


def _replaced(
    order: Order, known: Collection[str], unknown: Collection[str], by: str
) -> Order:
    shown: dict[str, Any] = {}
    beside: dict[str, Any] = {}
    for name in WITHDRAWN:
        values = _values(order, name)
        moves = tuple(one for one in values if one.fact in unknown)
        stays = tuple(one for one in values if one.fact not in {*known, *unknown})
        several = isinstance(getattr(order, name), tuple)
        shown[name] = stays if several else next(iter(stays), None)
        if name in REGISTERS:
            held = (*getattr(order.beside, name), *moves)
            beside[name] = tuple(one for one in held if one.fact not in known)
    history = tuple(
        but(one, replaced_by=by) if one.id in known else one for one in order.history
    )
    return but(order, beside=but(order.beside, **beside), history=history, **shown)
