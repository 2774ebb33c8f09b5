"""Who came, when, and what the camera kept: the register against the field's evidence.

May not enter: money, the owner's word.
"""

from collections.abc import Iterator

from sync.missing import photos
from sync.moment import Moment
from sync.order import Order, Visit
from sync.plain import but
from sync.reconcile.case import Pair, Sides, as_text, believed, noted
from sync.standing import arrival_verdict
from sync.verdicts import Answer

OPPOSITE = {Answer.KEPT: Answer.MISSED, Answer.MISSED: Answer.KEPT}


def arrival_differs(pair: Pair) -> Sides | None:
    """The register's arrival meets no interval of the field's (V2)."""
    told, visits = pair.row.arrived_ms, pair.order.visits
    if told is None or not visits:
        return None
    held = noted(told, pair.terms.policy.tolerances.arrival_minutes)
    if any(believed(one.moment).meet(held) for one in visits):
        return None
    return Sides(register=told, field=as_text(visits[0].moment))


def arrival_missing(pair: Pair) -> Sides | None:
    """Somebody was there and the register does not say so (V2)."""
    if pair.row.arrived_ms is not None or not pair.order.visits:
        return None
    return Sides(field=as_text(pair.order.visits[0].moment))


def arrival_unrecorded(pair: Pair) -> Sides | None:
    """The register has an arrival, and the field none (V2)."""
    if pair.row.arrived_ms is None or pair.order.visits:
        return None
    return Sides(register=pair.row.arrived_ms)


def technician_differs(pair: Pair) -> Sides | None:
    """The register names somebody who was never at the home."""
    there, names = {one.by for one in pair.order.visits}, pair.terms.names
    if not pair.row.technician or not there:
        return None
    known = {name for one in there for name in (one, names.get(one, one))}
    if pair.row.technician in known:
        return None
    who = ", ".join(sorted(names.get(one, one) for one in there))
    return Sides(register=pair.row.technician, field=who)


def completion_differs(pair: Pair) -> Sides | None:
    """The register's completion meets none of the field's: each round has one (V5)."""
    told, done = pair.row.completed_ms, list(completions(pair.order))
    if told is None or not done:
        return None
    held = noted(told, pair.terms.policy.tolerances.completion_minutes)
    if any(believed(one).meet(held) for one in done):
        return None
    return Sides(register=told, field=as_text(done[-1]))


def completion_missing(pair: Pair) -> Sides | None:
    """The work was done, and a register that calls it closed has no time for it."""
    done = list(completions(pair.order))
    if pair.row.completed_ms is not None or pair.row.state != "closed" or not done:
        return None
    return Sides(field=as_text(done[-1]))


def completion_unrecorded(pair: Pair) -> Sides | None:
    """The register has a completion, and whoever was there recorded none (V5)."""
    told = pair.row.completed_ms
    if told is None or not pair.order.visits or any(completions(pair.order)):
        return None
    return Sides(register=told)


def completions(order: Order) -> Iterator[Moment]:
    """When the work was done, each round for its own."""
    for entry in order.history:
        if entry.kind == "work.completed" and entry.moment and not entry.replaced_by:
            yield entry.moment


def photos_incomplete(pair: Pair) -> Sides | None:
    """The register calls it done; pictures before or after the work are lacking, or
    their bytes have not come (V4)."""
    row = pair.row
    if row.completed_ms is None and row.result is None and row.state != "closed":
        return None
    lacking = {one.code: one.count for one in photos(pair.order, ())}
    if pair.case.absent and pair.order.photos:
        lacking["bytes"] = pair.case.absent
    if not lacking:
        return None
    said = ", ".join(f"{code} {count}" for code, count in lacking.items())
    return Sides(register=row.state or row.result or "", field=said)


def sla_differs(pair: Pair) -> Sides | None:
    """By the register's times the promise of arrival was kept and by the field's it was
    missed, or the other way round (P4). What cannot be told is no difference."""
    told, request = pair.row.arrived_ms, pair.order.request
    if told is None or request is None or not pair.order.visits:
        return None
    as_told = Moment.known(noted(told))
    agreed = pair.row.registered_ms == request.registered_ms
    if agreed and any(
        believed(one.moment).meet(as_told.bracket) for one in pair.order.visits
    ):
        return None  # the same visit, or another one that the register means
    policy = pair.terms.policy
    ours = arrival_verdict(pair.order, policy)
    if ours is None or ours.answer not in OPPOSITE:
        return None
    claimed = but(
        pair.order,
        request=but(request, registered_ms=pair.row.registered_ms),
        visits=(Visit(fact="", by="", moment=as_told),),
    )
    theirs = arrival_verdict(claimed, policy)
    if theirs is None or theirs.answer != OPPOSITE[ours.answer]:
        return None
    return Sides(register=theirs.answer.value, field=ours.answer.value)
