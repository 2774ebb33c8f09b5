"""What a technician is held back from, and why: one rule for each.

These are the steps that would hurt the owner or leave a worthless signature. Whatever
else is unusual is written down as it happened and put before a person by the fold.
May not enter: how a refusal looks.
"""

from collections.abc import Callable

from field_client.sight import Sight
from sync.facts import KINDS, What
from sync.facts.acceptance import SHOWN
from sync.order import Order, Payer
from sync.problems import Refused

Check = Callable[[Sight], None]


def in_turn(what: What, order: Order) -> bool:
    """Does such a fact fit where the work stands?"""
    return order.stage in what.fits or order.stage in what.moves


def known_item(item: int | None) -> Check:
    """The item was found before anything is said about it (V3)."""

    def check(sight: Sight) -> None:
        if item is not None and item not in {one.item for one in sight.order.items}:
            raise Refused("item_unknown", item=item)

    return check


def agreed_if_paid(payer: Payer) -> Check:
    """The owner said yes to the quotation before paid work starts (V3, L3)."""

    def check(sight: Sight) -> None:
        if payer is Payer.OWNER and not _quote_agreed(sight.order):
            raise Refused("agree_first")

    return check


def _quote_agreed(order: Order) -> bool:
    kinds = [entry.kind for entry in order.history]
    if "survey.quoted" not in kinds:
        return False
    after = kinds[len(kinds) - 1 - kinds[::-1].index("survey.quoted") :]
    return any(kind in AGREEMENTS for kind in after)


AGREEMENTS = frozenset({"survey.plan_agreed", "survey.plan_changed"})
assert KINDS.keys() >= AGREEMENTS


def quoted_if_paid(sight: Sight) -> None:
    """A yes to paid items needs a price first (L3)."""
    paid = any(item.payer is Payer.OWNER for item in sight.order.items)
    if paid and sight.order.quote is None:
        raise Refused("quote_first")


def photo_agreed(sight: Sight) -> None:
    """Photos of the home need the owner's consent (V4a)."""
    consents = [visit.photo_consent for visit in sight.order.visits]
    if not consents or consents[-1] is not True:
        raise Refused("photo_not_agreed")


def completed(sight: Sight) -> None:
    """The owner is asked to inspect what is done, not what is under way (A1)."""
    if sight.order.stage not in SHOWN:
        raise Refused("not_completed")


def all_passed(sight: Sight) -> None:
    """Every item was inspected, and passed the last time (A1)."""
    words = _last_words(sight.order)
    for item in sight.order.items:
        if item.item not in words:
            raise Refused("inspect_first", item=item.item)
        if not words[item.item]:
            raise Refused("item_failed", item=item.item)


def any_failed(sight: Sight) -> None:
    """Work is sent back for an item that failed (A1)."""
    if all(_last_words(sight.order).values()):
        raise Refused("nothing_failed")


def _last_words(order: Order) -> dict[int, bool]:
    """What the owner said last about each item."""
    return {
        word.item: word.passed for round_ in order.rounds for word in round_.inspections
    }


def both(one: Check, other: Check) -> Check:
    """Two rules at once."""

    def check(sight: Sight) -> None:
        one(sight)
        other(sight)

    return check
