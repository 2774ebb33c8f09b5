"""One entry into the book, inside one transaction: what is known, stored, set aside.

Locks are taken in one sequence that everybody keeps: logs, orders, the counter of
positions. May not enter: beginning and ending transactions (`server/ledger.py`).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import Connection, insert, select

from server import board, chains
from server.database import new_or_same
from server.examine import Author, Examined, Offer
from server.keys import Keys
from server.places import Event, advance, place
from server.tables import blob_link, fact, position, private, quarantine
from server.testimony import SERVER, moments
from sync.envelope import Private
from sync.exchange import Claim, Outcome, Receipt
from sync.facts import Fact, Kept
from sync.order import Order

Receipts = dict[str, Receipt]


class Entry:
    """What one transaction enters; `forked` says afterwards if a log has forked."""

    def __init__(self, connection: Connection, keys: Keys, now_ms: int) -> None:
        self._connection = connection
        self._keys = keys
        self._now_ms = now_ms
        self._set_aside_ms: dict[str, int] = {}  # when quarantine first saw a fact
        self.forked = False

    def admit(self, examined: Sequence[Examined], author: Author) -> Receipts:
        """Facts into the book, the rest into quarantine; a receipt for each id."""
        offered = {one.id: one for one in examined}
        facts = {
            one.id: one.fact
            for one in offered.values()
            if one.fact is not None and one.reason is None
        }
        chains.lock(self._connection, {one.head.log for one in facts.values()})
        receipts = self._known(offered)
        late = self._attach(offered[name] for name in facts.keys() & receipts.keys())
        new = {name: one for name, one in facts.items() if name not in receipts}
        strangers = self._strangers(new.values())
        fresh = {name: one for name, one in new.items() if name not in strangers}
        values = {name: _as_private(offered[name].offer) for name in fresh}
        receipts |= self.enter(fresh, values, late)
        self.forked = chains.forked(self._connection, facts.values())
        aside = [
            (one, one.reason or "stranger")
            for one in offered.values()
            if one.id not in receipts
        ]
        return receipts | self._set_aside(aside, author.device)

    def note(self, claims: Sequence[Claim]) -> None:
        """What a device says of its logs; what is known better by it is made anew."""
        logs = sorted({one.log for one in claims})
        chains.lock(self._connection, logs)
        chains.note_claims(self._connection, claims, self._now_ms)
        better: set[str] = set()
        for log in logs:
            better |= chains.grow(self._connection, self._keys, log, {})
        self.enter({}, {}, better)

    def enter(
        self,
        facts: Mapping[str, Fact],
        values: Mapping[str, Private],
        better: Collection[str] = (),
    ) -> Receipts:
        """New facts: kept, placed, folded, brought to their readers. The orders in
        `better`, of which something old is known better now, are made anew."""
        self._keep(facts.values())
        anew = set(better)
        for log in sorted({one.head.log for one in facts.values()}):
            if not log.startswith(SERVER):
                anew |= chains.grow(self._connection, self._keys, log, facts)
        moving = {one.head.stream for one in facts.values()}
        rows = board.lock(self._connection, moving | anew)
        self._keep_private(facts, values)
        self._link_blobs(facts.values())
        return self._fold(facts, rows, anew)

    def _keep(self, facts: Iterable[Fact]) -> None:
        rows = [
            {"log": one.head.log, "n": one.head.n, "id": one.id,
             "stream": one.head.stream, "body": one.envelope.body,
             "prev": one.head.prev, "received_ms": self._first_seen_ms(one.id)}
            for one in sorted(facts, key=lambda f: (f.head.log, f.head.n, f.id))
        ]  # fmt: skip
        if rows:
            self._connection.execute(insert(fact), rows)

    def _fold(
        self, facts: Mapping[str, Fact], rows: Mapping[str, board.Row], anew: set[str]
    ) -> Receipts:
        """Every touched order gets its facts, its positions and its readers."""
        still = sorted(anew - {one.head.stream for one in facts.values()})
        places = iter(place(self._connection, [
            *(Event(what="fact", id=one.id, stream=one.head.stream, log=one.head.log,
                    n=one.head.n, received_ms=self._first_seen_ms(one.id))
              for one in facts.values()),
            *(Event(what="order", id=name, stream=name, received_ms=self._now_ms)
              for name in still),
        ]))  # fmt: skip
        held = {name: (one, self._first_seen_ms(name)) for name, one in facts.items()}
        when = moments(self._connection, self._keys, held)
        fresh: dict[str, list[Kept]] = {}
        for name, one in facts.items():
            kept = Kept(fact=one, moment=when[name], position=next(places))
            fresh.setdefault(one.head.stream, []).append(kept)
        to = {
            name: max(one.position or 0 for one in new) for name, new in fresh.items()
        }
        to |= dict(zip(still, places, strict=True))
        receipts: Receipts = {}
        for name in sorted(to):
            new = fresh.get(name, [])
            order = board.write(
                self._connection, self._keys, rows[name], new, anew=name in anew
            )
            board.move(self._connection, name, order, to[name], self._now_ms)
            receipts |= {one.fact.id: self._receipt(order, one) for one in new}
        return receipts

    def _receipt(self, order: Order, one: Kept) -> Receipt:
        name = one.fact.id
        codes = tuple(r.code for r in order.reviews if name in r.facts)
        outcome = Outcome.REVIEW if codes else Outcome.STORED
        if order.request is None:
            outcome = Outcome.DEFERRED
        return Receipt(
            id=name, outcome=outcome, position=one.position, reviews=codes,
            received_ms=self._first_seen_ms(name),
        )  # fmt: skip

    def _first_seen_ms(self, name: str) -> int:
        return self._set_aside_ms.get(name, self._now_ms)

    # what is here already, and what nobody may enter

    def _known(self, offered: Mapping[str, Examined]) -> Receipts:
        """Receipts of what is in custody already: the first one, for ever. What lies in
        quarantine and is now understood is not among them; it keeps its first time."""
        rows = self._connection.execute(
            select(position).where(
                position.c.id.in_(sorted(offered)),
                position.c.what.in_(("fact", "quarantine")),
            ).order_by(position.c.seq)
        ).all()  # fmt: skip
        self._set_aside_ms |= {
            row.id: row.received_ms for row in rows if row.what == "quarantine"
        }
        return {
            row.id: Receipt(
                id=row.id, outcome=Outcome.DUPLICATE, position=row.seq,
                received_ms=row.received_ms,
            )
            for row in rows
            if row.what == "fact" or offered[row.id].reason
        }  # fmt: skip

    def _strangers(self, facts: Collection[Fact]) -> set[str]:
        """Facts about a known order by people who never had to do with it."""
        known = board.requested(self._connection, {one.head.stream for one in facts})
        had = board.ever_members(
            self._connection, known, {one.head.by for one in facts}
        )
        return {
            one.id
            for one in facts
            if one.head.stream in known and (one.head.stream, one.head.by) not in had
        }

    def _set_aside(
        self, aside: Sequence[tuple[Examined, str]], device: str
    ) -> Receipts:
        """Raw bytes into quarantine, each with its place and its reason."""
        if not aside:
            return {}
        advance(self._connection, 0)  # alone from here: nobody sets the same aside
        receipts = self._known({one.id: one for one, _ in aside})
        new = [(one, reason) for one, reason in aside if one.id not in receipts]
        places = place(self._connection, [
            Event(what="quarantine", id=one.id, received_ms=self._now_ms)
            for one, _ in new
        ])  # fmt: skip
        for (one, reason), seq in zip(new, places, strict=True):
            self._connection.execute(insert(quarantine).values(
                id=one.id, device=device, body=one.offer.body,
                private=one.offer.raw_private, reason=reason, seq=seq,
                received_ms=self._now_ms,
            ))  # fmt: skip
            receipts[one.id] = Receipt(
                id=one.id, outcome=Outcome.QUARANTINED, position=seq,
                received_ms=self._now_ms, reason=reason,
            )  # fmt: skip
        return receipts

    # what travels beside a fact

    def _attach(self, known: Iterable[Examined]) -> set[str]:
        """Private values that come late to a known fact; the orders that got some."""
        late: set[str] = set()
        for one in known:
            for row in _private_rows(one.fact, _as_private(one.offer)):
                kept = new_or_same(self._connection, private).values(row)
                new = kept.returning(private.c.stream)
                late |= set(self._connection.execute(new).scalars())
        return late

    def _keep_private(
        self, facts: Mapping[str, Fact], values: Mapping[str, Private]
    ) -> None:
        rows = [
            row
            for name, one in facts.items()
            for row in _private_rows(one, values[name])
        ]
        if rows:
            self._connection.execute(new_or_same(self._connection, private), rows)

    def _link_blobs(self, facts: Iterable[Fact]) -> None:
        rows = [
            {"sha256": ref.sha256, "stream": one.head.stream}
            for one in facts
            for ref in one.head.blobs
        ]
        if rows:
            self._connection.execute(new_or_same(self._connection, blob_link), rows)


def _private_rows(one: Fact | None, held: Private) -> list[dict[str, str]]:
    """The private values of a fact as they lie in their table."""
    if one is None:
        return []
    return [
        {"commitment": one.private[name], "stream": one.head.stream,
         "salt": salt, "value": value}
        for name, (salt, value) in sorted(held.items())
    ]  # fmt: skip


def _as_private(offer: Offer) -> dict[str, tuple[str, str]]:
    """The private values of an offer that was looked at: name -> (salt, value)."""
    return {name: (pair[0], pair[1]) for name, pair in offer.private.items()}
