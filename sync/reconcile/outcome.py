"""The owner's word: result, signature, closing, and what was said on the telephone.

May not enter: times of visits, money.
"""

from sync.order import Order, Stage
from sync.reconcile.case import Pair, Sides, as_text
from sync.standing import is_signed, last_result

CONTENT = frozenset({"very_satisfied", "satisfied"})
DISCONTENT = frozenset({"dissatisfied"})


def result_differs(pair: Pair) -> Sides | None:
    """The register's result is not the owner's word (A1)."""
    told, given = pair.row.result, last_result(pair.order)
    if told is None or told == given or not pair.order.visits:
        return None
    return Sides(register=told, field=given or "")


def signature_claimed(pair: Pair) -> Sides | None:
    """The register has a signature that nobody gave (A3)."""
    if not pair.row.signed or not pair.order.visits or is_signed(pair.order):
        return None
    return Sides(register=True, field=False)


def signature_denied(pair: Pair) -> Sides | None:
    """The owner signed, and the register says no (A1)."""
    if pair.row.signed is not False or not is_signed(pair.order):
        return None
    return Sides(register=False, field=True)


def closed_unaccepted(pair: Pair) -> Sides | None:
    """The register calls a repair closed that no owner accepted, and that our desk
    has neither closed nor cancelled with a reason (A3)."""
    order = pair.order
    if pair.row.state != "closed" or order.stage is Stage.ACCEPTED or not order.open:
        return None
    return Sides(register="closed", field=order.stage.value) if _repairs(pair) else None


def _repairs(pair: Pair) -> bool:
    """Enquiries and suggestions are closed without anybody's acceptance."""
    asked = pair.row.kind or (pair.order.request.sort if pair.order.request else "")
    return asked in ("", "repair")


def call_missing(pair: Pair) -> Sides | None:
    """Accepted, closed in the register, and nobody called the owner back (R1)."""
    row = pair.row
    if row.state != "closed" or row.called_back_ms is not None or row.satisfaction:
        return None
    when = accepted(pair.order)
    return None if when is None else Sides(field=when)


def accepted(order: Order) -> str | None:
    """When the owner agreed, as it is shown; None if nobody did."""
    if order.stage is not Stage.ACCEPTED or not order.rounds:
        return None
    for verdict in order.rounds[-1].verdicts:
        if verdict.answer == "accepted":
            return as_text(verdict.moment) if verdict.moment else ""
    return None


def call_contradicts(pair: Pair) -> Sides | None:
    """On the telephone the owner was content and on the card not, or the other way
    round (R1, R2). The last card counts."""
    told, cards = pair.row.satisfaction, pair.order.ratings
    if told is None or not cards:
        return None
    stars, terms = cards[-1].stars, pair.terms.policy.tolerances
    against = (told in CONTENT and stars <= terms.discontent_stars) or (
        told in DISCONTENT and stars >= terms.content_stars
    )
    return Sides(register=told, field=stars) if against else None
