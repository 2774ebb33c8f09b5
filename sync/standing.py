"""How an order stands, in the few figures that a dispatcher reads off one line.

Everything is worked out from the document; nothing here is ever stored. May not
enter: how a line looks.
"""

from collections.abc import Collection

from sync.moment import Moment, Span
from sync.order import Order, Stage
from sync.plain import Record
from sync.policy import Policy
from sync.prices import Bill, bill
from sync.verdicts import Verdict, judge


class Standing(Record, frozen=True, kw_only=True):
    """One order, read at a glance."""

    stream: str
    number: str | None
    stage: str  # unknown as long as nobody asked for it
    cancelled: bool
    closed: bool
    technician: str | None
    seen: bool
    arrival: Moment | None
    arrival_verdict: Verdict | None
    visits: int
    photos_taken: int
    photos_received: int
    rounds: int
    result: str | None  # pass, fail: the owner's word in the last round
    signed: bool
    bill: Bill
    reviews: tuple[str, ...]


def standing(order: Order, held: Collection[str], policy: Policy) -> Standing:
    """How this order stands; `held` are the blobs whose bytes the server has."""
    given = order.assignment
    photos = {photo.blob.sha256 for photo in order.photos}
    return Standing(
        stream=order.stream,
        number=order.number,
        stage=(order.stage if order.request else Stage.UNKNOWN).value,
        cancelled=order.cancelled is not None,
        closed=order.closed is not None,
        technician=given.technician if given else None,
        seen=given is not None and any(one.by in given.people for one in order.seen),
        arrival=first_arrival(order),
        arrival_verdict=arrival_verdict(order, policy),
        visits=len(order.visits),
        photos_taken=len(photos),
        photos_received=len(photos & set(held)),
        rounds=len(order.rounds),
        result=last_result(order),
        signed=is_signed(order),
        bill=bill(order),
        reviews=tuple(review.code for review in order.reviews),
    )


def first_arrival(order: Order) -> Moment | None:
    """The moment of the first visit: causal order, no clock compared."""
    return order.visits[0].moment if order.visits else None


def arrival_verdict(order: Order, policy: Policy) -> Verdict | None:
    """Was somebody there in time (P4)? None if nothing was asked for."""
    request = order.request
    if request is None:
        return None
    start_ms = request.registered_ms
    asked = Moment.known(Span(start_ms, start_ms + request.registered_width_ms))
    promise = policy.promises.promise(
        "arrival", start_ms, policy.calendar, request.priority
    )
    if promise is None:
        return None
    arrived, worth = first_arrival(order), policy.promises.worth
    held = stops(order, arrived.latest_ms if arrived else None)
    return judge(promise, asked, arrived, policy.calendar, worth, held)


def stops(order: Order, until_ms: int | None) -> tuple[Span, ...]:
    """The stretches in which the order was on hold, earliest first and apart; one that
    goes on ends then for now, or is left out."""
    found: list[Span] = []
    last_ms = None
    for halt in order.halts:
        first_ms = halt.moment.earliest_ms
        end_ms = halt.resumed.earliest_ms if halt.resumed else until_ms
        if first_ms is None or end_ms is None:
            continue
        first_ms = first_ms if last_ms is None else max(first_ms, last_ms)
        if first_ms < end_ms:
            found.append(Span(first_ms, end_ms))
            last_ms = end_ms
    return tuple(found)


def last_result(order: Order) -> str | None:
    """The last round's result: a failed item is a fail; a pass is one that the owner
    accepted, never merely a refusal to sign (A1, A3)."""
    inspected = [one for one in order.rounds if one.inspections]
    if not inspected:
        return None
    if not all(one.passed for one in inspected[-1].inspections):
        return "fail"
    accepted = any(v.answer == "accepted" for v in inspected[-1].verdicts)
    return "pass" if accepted else None


def is_signed(order: Order) -> bool:
    """Did the owner put a hand to the last round (A1, A3)?"""
    last = order.rounds[-1].verdicts if order.rounds else ()
    return any(verdict.signature for verdict in last)
