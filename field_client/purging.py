"""Clear what left this tablet's scope when its date has come, and state that.

Only the server's word that an order left, and the date in it by the server's time, lead
here: what is merely absent is never cleared. Spared is whatever the server may not have
yet, and work that somebody is in the middle of (invariant 36). May not enter: taking
anything home.
"""

from collections.abc import Collection, Iterable

from field_client.contact import Exchanging
from field_client.owed import Owned, Place
from field_client.projection import Held
from field_client.sight import look
from sync.envelope import Head, read
from sync.exchange import ERASED, Document
from sync.facts import Fact, write_fact
from sync.facts.device import MOST_ORDERS, ErasureDone, PurgeDone
from sync.problems import Refused

MOST_LATE_MS = 30 * 86_400_000  # a visit that nobody ended is not under way for ever
CLEARED = "cleared"  # the note of what is off this tablet and not yet stated


def purge(exchange: Exchanging) -> None:
    """Clear what is due; let go of own facts that are backed up and of which no order
    is on this tablet any more."""
    if exchange.welcome is None:
        return
    due = list(_due(exchange, exchange.welcome.server_ms))
    _clear(exchange, due)
    _state(exchange)
    left = _left(exchange) if exchange.report.complete else due
    exchange.store.outbox.let_go(left)


def forget(exchange: Exchanging, documents: Iterable[Document]) -> None:
    """What was erased at an owner's wish goes here too, and that is stated."""
    store, gone = exchange.store, set()
    for one in documents:
        names = {name for name, flaw in one.flaws.items() if flaw == ERASED}
        if names and store.outbox.forget(one.stream, names):
            gone.add(one.stream)
    for first in range(0, len(gone), MOST_ORDERS):
        some = tuple(sorted(gone)[first : first + MOST_ORDERS])
        _tell(exchange, ErasureDone(orders=some))


def _due(exchange: Exchanging, server_ms: int) -> Iterable[str]:
    """Orders that left, whose date has come, and that nothing holds back."""
    store = exchange.store
    gone = [held for held in store.projection.documents() if held.gone]
    past = [held for held in gone if _late_ms(held, server_ms) >= 0]
    pending = {one.sha256 for one in store.outbox.originals() if not one.safe}
    for held in past:
        own = store.outbox.facts(held.stream)
        if _is_owed(own, pending):
            continue
        if _late_ms(held, server_ms) > MOST_LATE_MS or not _goes_on(
            exchange, held, own
        ):
            yield held.stream


def _late_ms(held: Held, server_ms: int) -> int:
    return server_ms - held.gone.purge_ms if held.gone else -1


def _is_owed(own: Iterable[Owned], pending: Collection[str]) -> bool:
    """Is any of it, or of the bytes it speaks of, not yet safe with the server?"""
    return any(
        not one.safe or any(ref.sha256 in pending for ref in read(one.b).head.blobs)
        for one in own
    )


def _goes_on(exchange: Exchanging, held: Held, own: Iterable[Owned]) -> bool:
    """Is the technician in the home, as far as anybody said, or can nobody tell?"""
    try:
        order = look(held, own, exchange.store.projection.anchor).order
    except Refused:
        return True
    me = exchange.door.who.actor
    return any(visit.by == me and visit.under_way for visit in order.visits)


def _clear(exchange: Exchanging, due: Iterable[str]) -> None:
    """Off the tablet. Noted first, so that no crash leaves a clearing unstated."""
    projection = exchange.store.projection
    for stream in due:
        noted = projection.note(CLEARED) or []
        projection.keep_note(CLEARED, sorted({*noted, stream}))
        projection.drop(stream)


def _state(exchange: Exchanging) -> None:
    """State what was noted and is really off; a crash in between states it twice."""
    projection = exchange.store.projection
    noted = projection.note(CLEARED) or []
    off = [stream for stream in noted if projection.document(stream) is None]
    for first in range(0, len(off), MOST_ORDERS):
        _tell(exchange, PurgeDone(orders=tuple(off[first : first + MOST_ORDERS])))
    if noted:
        projection.keep_note(CLEARED, [])


def _tell(exchange: Exchanging, what: PurgeDone | ErasureDone) -> None:
    """Write it into this device's own stream; it is handed in with the next contact."""
    who, store = exchange.door.who, exchange.store
    contact = store.projection.contact()
    clocks = exchange.clocks
    reading = (
        clocks.reading(contact.anchor, contact.token) if contact else (clocks.reading())
    )

    def make(place: Place) -> tuple[Fact, dict[str, tuple[str, str]], dict[str, bytes]]:
        head = Head(
            stream=f"device:{who.device}", log=place.log, n=place.n, prev=place.prev,
            epoch=exchange.epoch, basis=0, lamport=place.n, by=who.actor,
            at=reading.wire(),
        )  # fmt: skip
        return write_fact(what, head), {}, {}

    store.outbox.write(make)


def _left(exchange: Exchanging) -> frozenset[str]:
    """Orders of own facts that are not on this tablet any more."""
    store = exchange.store
    known = {held.stream for held in store.projection.documents()}
    return frozenset(one.stream for one in store.outbox.facts()) - known
