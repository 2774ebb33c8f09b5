"""What the desk decides: give an order to somebody, take it back, close it, merge it,
look at what facts disagree about.

Every door of the desk (API, command line) comes through here. May not enter: HTTP,
how facts are kept.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from server.ledger import Also, Decision, Guard, Ledger
from server.originals import Originals
from server.people import People, Person
from server.qualifications import Qualifications
from sync.access import may
from sync.envelope import BlobRef
from sync.exchange import Receipt
from sync.facts import What
from sync.facts.approval import Approved
from sync.facts.dispatch import (
    Cancelled,
    Closed,
    Commented,
    Dispatched,
    PutOnHold,
    Reopened,
    Resumed,
    ReviewResolved,
)
from sync.facts.intake import DuplicateFound, Merged, Pictured, Taken
from sync.facts.owner import CertificateRevoked
from sync.facts.visit import Appointed
from sync.media import picture_type
from sync.order import Order, Stage
from sync.problems import Refused
from sync.strength import revocation


def dispatch(
    ledger: Ledger,
    people: People,
    qualifications: Qualifications,
    *,
    technician: str,
    helpers: Sequence[str],
    **how: Any,
) -> Receipt:
    """Give an order to a lead technician and helpers, all of whom may do the job that
    day (P2); again is a reassignment."""
    others = tuple(sorted(set(helpers)))
    named = tuple(dict.fromkeys((technician, *others)))
    sent = [people.working(name) for name in named]
    papers = qualifications.papers(named)

    def fit(order: Order) -> None:
        for one in sent:
            may_be_sent(one, order)
        qualifications.must_fit(order, named, papers, how["now_ms"])

    what = Dispatched(technician=technician, helpers=others)
    return decide(ledger, what, also=fit, **how)


def may_be_sent(person: Person, order: Order) -> None:
    """Refuse whoever works here no more, or not in the order's project (P2)."""
    site = order.request.site if order.request else ""
    if not person.active:
        raise Refused("person_left", person=person.id)
    if not may(person.grants, "order.work"):
        raise Refused("person_not_technician", person=person.id)
    if not may(person.grants, "order.work", site):
        raise Refused("person_elsewhere", person=person.id, project=site or "—")


def cancel(ledger: Ledger, *, reason: str, **how: Any) -> Receipt:
    """Nobody needs to go any more; who is on the way learns it at the next contact."""
    return decide(ledger, Cancelled(reason=reason), **how)


def decide(
    ledger: Ledger,
    what: What,
    *,
    stream: str,
    by: str,
    words: str,
    now_ms: int,
    seen: int | None = None,
    blobs: tuple[BlobRef, ...] = (),
    also: Guard = lambda _order: None,
    note: Also = lambda _connection, _receipts: None,
) -> Receipt:
    """State this about an order, if it may be stated as the order stands: refused if
    something came in since the newest position that the person had `seen`. `note` is
    written in the same transaction."""

    def guard(order: Order) -> None:
        must_be_seen(order, seen)
        _known(order)
        GUARDS[type(what)](order, what)
        also(order)

    private = {"words": words} if "words" in what.private else {}
    one = Decision(stream=stream, what=what, private=private, blobs=blobs, guard=guard)
    return ledger.decide([one], by, now_ms, note)[0]


def approve(
    ledger: Ledger, *, hold: str | None, up_to_fen: int, order: Order, **how: Any
) -> Receipt:
    """Let the work that waits for its cost go on, up to so much (L4)."""
    what = Approved(hold=hold or waiting_for_approval(order), up_to_fen=up_to_fen)
    return decide(ledger, what, **how)


def waiting_for_approval(order: Order) -> str:
    """The newest cost on this order that nobody has approved yet (L4)."""
    holds = [one.fact for one in order.holds if one.released is None]
    if not holds:
        raise Refused("nothing_held", number=order.number)
    return holds[-1]


def picture(ledger: Ledger, originals: Originals, data: bytes, **how: Any) -> Receipt:
    """Keep a picture that came with a request: its bytes first, then the fact that
    speaks of them, so that no tablet is told of what is not there (I1)."""
    digest, media = hashlib.sha256(data).hexdigest(), picture_type(data)
    with NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        path = Path(file.name)
        originals.take_in(path, digest, len(data), media, how["now_ms"])
    photo = BlobRef(sha256=digest, bytes=len(data), type=media, role="photo")
    return decide(ledger, Pictured(), blobs=(photo,), **how)


def merge(
    ledger: Ledger,
    *,
    stream: str,
    into: str,
    by: str,
    words: str,
    now_ms: int,
    seen: int | None = None,
    note: Also = lambda _connection, _receipts: None,
) -> Sequence[Receipt]:
    """Two orders for one request: the other one goes on for both; all or nothing."""
    if stream == into:
        raise Refused("merged_with_itself")

    def as_seen(order: Order) -> None:
        must_be_seen(order, seen)
        may_be_merged(order)

    gone = Decision(
        stream=stream, what=Merged(into=into), private={"words": words}, guard=as_seen
    )
    stays = Decision(
        stream=into, what=DuplicateFound(duplicate=stream), private={},
        guard=may_go_on,
    )  # fmt: skip
    return ledger.decide([gone, stays], by, now_ms, note)


def must_be_seen(order: Order, seen: int | None) -> None:
    """Did nothing come in since what was on the screen, if that was said?"""
    newest = max((one.position or 0 for one in order.history), default=0)
    if seen is not None and seen != newest:
        raise Refused("version_changed")


def _known(order: Order) -> None:
    if order.request is None:
        raise Refused("not_found")


def _may_dispatch(order: Order, _: What) -> None:
    if order.cancelled is not None:
        raise Refused("order_cancelled", number=order.number)
    if order.closed is not None:
        raise Refused("already_closed", number=order.number)
    if order.stage is Stage.ACCEPTED:
        raise Refused("order_accepted", number=order.number)


def _may_cancel(order: Order, _: What) -> None:
    if order.cancelled is not None:
        raise Refused("already_cancelled", number=order.number)


def _may_close(order: Order, _: What) -> None:
    if order.closed is not None:
        raise Refused("already_closed", number=order.number)
    if any(review.code == "contradiction" for review in order.reviews):
        raise Refused("contradiction_open", number=order.number)


def _may_reopen(order: Order, _: What) -> None:
    if order.closed is None or order.merged_into is not None:
        raise Refused("not_closed", number=order.number)


def _may_hold(order: Order, _: What) -> None:
    _goes_on(order)
    if order.held:
        raise Refused("already_held", number=order.number)


def _may_resume(order: Order, _: What) -> None:
    if not order.held:
        raise Refused("not_held", number=order.number)


def _may_change(order: Order, _: What) -> None:
    _goes_on(order)


def _goes_on(order: Order) -> None:
    if not order.open or order.stage is Stage.ACCEPTED:
        raise Refused("order_over", number=order.number)


def _is_waiting(order: Order, what: What) -> None:
    waiting = {one.id for one in order.reviews}
    if isinstance(what, ReviewResolved) and what.review not in waiting:
        raise Refused("not_found")


def _waits(order: Order, what: What) -> None:
    holds = {one.fact for one in order.holds if one.released is None}
    if isinstance(what, Approved) and what.hold not in holds:
        raise Refused("nothing_held", number=order.number)


def may_be_merged(order: Order) -> None:
    """Refuse to merge what nobody knows or what is part of a merger already."""
    if not order.history:
        raise Refused("not_found")
    if order.merged_into is not None or order.duplicates:
        raise Refused("already_merged", number=order.number)


def may_go_on(order: Order) -> None:
    """Refuse to let an order go on for another one if it does not go on itself."""
    _known(order)
    if not order.open:
        raise Refused("order_not_open", number=order.number)


def _may_revoke(order: Order, what: What) -> None:
    assert isinstance(what, CertificateRevoked)
    signed = {one.sheet for part in order.rounds for one in part.verdicts}
    if what.sheet not in signed:
        raise Refused("certificate_unknown", sheet=what.sheet)
    if revocation(order, what.sheet) is not None:
        raise Refused("certificate_revoked")


GUARDS: Mapping[type[What], Callable[[Order, What], None]] = {
    Dispatched: _may_dispatch,
    Cancelled: _may_cancel,
    Closed: _may_close,
    Reopened: _may_reopen,
    ReviewResolved: _is_waiting,
    Approved: _waits,
    PutOnHold: _may_hold,
    Resumed: _may_resume,
    Commented: lambda _order, _what: None,
    Appointed: _may_change,
    CertificateRevoked: _may_revoke,
    Taken: lambda _order, _what: None,
    Pictured: lambda _order, _what: None,
}
