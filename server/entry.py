"""One entry into the book, inside one transaction: what is known, stored, folded.

Locks are taken in one sequence that everybody keeps: logs, orders, the counter of
positions. May not enter: beginning and ending transactions (`server/ledger.py`).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import Connection, insert

from server import board, chains, tree
from server.aside import NO_QUOTA, Aside, Known, Quota, Receipts, again, refused
from server.database import new_or_same
from server.epochs import Counting
from server.erasures import not_erased
from server.examine import Author, Examined, Offer
from server.keys import Keys
from server.places import Event, advance, note
from server.prepared import Prepared
from server.tables import blob_link, fact, private
from server.testimony import SERVER, moments
from sync.envelope import Private
from sync.exchange import Claim, Outcome, Receipt
from sync.facts import Fact, Kept
from sync.heads import fact_leaf
from sync.order import Order

ORDERS = "order:"

KEPT = Prepared(insert(fact))
PRIVATE = Prepared(lambda connection: new_or_same(connection, private))
LINKS = Prepared(lambda connection: new_or_same(connection, blob_link))


class Entry:
    """What one transaction enters; `forked` says afterwards if a log has forked."""

    def __init__(
        self,
        connection: Connection,
        keys: Keys,
        now_ms: int,
        quota: Quota = NO_QUOTA,
    ) -> None:
        self._connection = connection
        self._keys = keys
        self._now_ms = now_ms
        self._aside = Aside(connection, now_ms, quota)
        self.forked = False

    def admit(
        self,
        examined: Sequence[Examined],
        author: Author,
        claims: Sequence[Claim] = (),
    ) -> Receipts:
        """Facts into the book, the rest into quarantine; a receipt for each id."""
        offered = {one.id: one for one in examined}
        facts = {
            one.id: one.fact
            for one in offered.values()
            if one.fact is not None and one.reason is None
        }
        logs = {one.head.log for one in facts.values()}
        chains.lock(self._connection, logs | {one.log for one in claims})
        chains.note_claims(self._connection, claims, self._now_ms)
        receipts = self._known(offered, author.device)
        late = self._attach(offered[name] for name in facts.keys() & receipts.keys())
        new = {name: one for name, one in facts.items() if name not in receipts}
        strangers = self._strangers(new.values())
        fresh = {name: one for name, one in new.items() if name not in strangers}
        if self._aside.is_too_much(fresh, offered, author.device):
            receipts |= {name: refused(name, "quota_exceeded") for name in fresh}
            fresh = {}
        values = {name: _as_private(offered[name].offer) for name in fresh}
        receipts |= self.enter(fresh, values, late, {one.log for one in claims})
        aside = [
            (one, one.reason or "stranger")
            for one in offered.values()
            if one.id not in receipts
        ]
        return receipts | self._aside.take(aside, author.device)

    def note(self, claims: Sequence[Claim]) -> None:
        """What a device says of its logs; what is known better by it is made anew."""
        logs = {one.log for one in claims}
        chains.lock(self._connection, logs)
        chains.note_claims(self._connection, claims, self._now_ms)
        self.enter({}, {}, (), logs)

    def enter(
        self,
        facts: Mapping[str, Fact],
        values: Mapping[str, Private],
        better: Collection[str] = (),
        claimed: Collection[str] = (),
    ) -> Receipts:
        """New facts: kept, placed, folded, brought to their readers. The orders in
        `better`, of which something old is known better now, are made anew; so are
        those that the chains of the logs in `claimed` bear witness to."""
        by_log: dict[str, dict[str, Fact]] = {log: {} for log in claimed}
        for name, one in facts.items():
            by_log.setdefault(one.head.log, {})[name] = one
        anew, line = set(better), set[str]()
        for log in sorted(by_log):
            if not log.startswith(SERVER):
                grown = chains.grow(self._connection, self._keys, log, by_log[log])
                anew |= grown.better
                line |= grown.line
        orders = {one.head.stream for one in facts.values()}
        rows = board.lock(
            self._connection, {s for s in orders | anew if s.startswith(ORDERS)}
        )
        still = sorted(name for name in anew - orders if name in rows)
        count = len(facts) + len(still)
        first = advance(self._connection, count) if count else 0
        places = dict(zip(facts, range(first, first + len(facts)), strict=True))
        self._keep(facts, places)
        note(self._connection, first + len(facts), [
            Event(what="order", id=name, stream=name, received_ms=self._now_ms)
            for name in still
        ])  # fmt: skip
        self._keep_private(facts, values)
        self._link_blobs(facts.values())
        to = {name: first + len(facts) + n for n, name in enumerate(still)}
        return self._fold(facts, places, line, rows, to, anew)

    def _keep(self, facts: Mapping[str, Fact], places: Mapping[str, int]) -> None:
        rows = [
            {"seq": places[name], "log": one.head.log, "n": one.head.n, "id": name,
             "stream": one.head.stream, "body": one.envelope.body,
             "prev": one.head.prev, "received_ms": self._aside.first_seen_ms(name)}
            for name, one in facts.items()
        ]  # fmt: skip
        KEPT.run_all(self._connection, rows)
        tree.grow(self._connection, min(places.values(), default=0), [
            fact_leaf(name, self._aside.first_seen_ms(name)) for name in facts
        ])  # fmt: skip
        self._aside.settle(facts.keys())

    def _fold(
        self,
        facts: Mapping[str, Fact],
        places: Mapping[str, int],
        line: Collection[str],
        rows: Mapping[str, board.Row],
        to: dict[str, int],
        anew: Collection[str],
    ) -> Receipts:
        """Every touched order gets its facts and its readers."""
        first_ms = self._aside.first_seen_ms
        held = {name: (one, first_ms(name)) for name, one in facts.items()}
        when = moments(self._connection, self._keys, held, line)
        fresh: dict[str, list[Kept]] = {}
        counting = Counting(self._connection)
        for name, one in facts.items():
            at = places[name]
            kept = Kept(fact=one, moment=when[name], position=at,
                        basis=counting.basis(one.head, at))  # fmt: skip
            fresh.setdefault(one.head.stream, []).append(kept)
        for name, new in fresh.items():
            to[name] = max(one.position or 0 for one in new)
        orders = board.write(self._connection, self._keys, self._now_ms, [
            board.Change(row=rows[name], fresh=tuple(fresh.get(name, ())),
                         to=to[name], anew=name in anew)
            for name in sorted(to) if name in rows
        ])  # fmt: skip
        receipts: Receipts = {}
        for name, new in fresh.items():
            receipts |= self._receipts(orders.get(name), new)
        return receipts

    def _receipts(self, order: Order | None, fresh: Sequence[Kept]) -> Receipts:
        codes: dict[str, tuple[str, ...]] = {}
        for review in order.reviews if order else ():
            for name in review.facts:
                codes[name] = (*codes.get(name, ()), review.code)
        deferred = order is not None and order.request is None
        return {
            one.fact.id: Receipt(
                id=one.fact.id,
                outcome=_outcome(deferred, one.fact.id in codes),
                position=one.position,
                reviews=codes.get(one.fact.id, ()),
                received_ms=self._aside.first_seen_ms(one.fact.id),
            )
            for one in fresh
        }

    # what is here already, and what nobody may enter

    def _known(self, offered: Mapping[str, Examined], device: str) -> Receipts:
        """Receipts of what is in custody already: the first one, for ever. What lies in
        quarantine and is now understood is not among them; it keeps its first time."""
        by_log: dict[str, set[int]] = {}
        for one in offered.values():
            if one.fact is not None:
                by_log.setdefault(one.fact.head.log, set()).add(one.fact.head.n)
        receipts: Receipts = {}
        for log, numbers in by_log.items():
            under: dict[int, set[str]] = {}
            for row in chains.held(self._connection, log, numbers):
                under.setdefault(row.n, set()).add(row.id)
                if row.id in offered:
                    receipts[row.id] = again(Known(row.id, row.seq, row.received_ms))
            for one in offered.values():
                if one.fact and one.fact.head.log == log and not one.reason:
                    under.setdefault(one.fact.head.n, set()).add(one.id)
            self.forked |= any(len(under.get(n, ())) > 1 for n in numbers)
        return receipts | self._aside.known(offered, receipts, device)

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

    # what travels beside a fact

    def _attach(self, known: Iterable[Examined]) -> set[str]:
        """Private values that come late to a known fact; the orders that got some."""
        rows = [
            row
            for one in known
            for row in _private_rows(one.fact, _as_private(one.offer))
        ]
        late: set[str] = set()
        for row in not_erased(self._connection, rows):
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
        PRIVATE.run_all(self._connection, not_erased(self._connection, rows))

    def _link_blobs(self, facts: Iterable[Fact]) -> None:
        rows = [
            {"sha256": ref.sha256, "stream": one.head.stream}
            for one in facts
            for ref in one.head.blobs
        ]
        LINKS.run_all(self._connection, rows)


def _outcome(deferred: bool, doubted: bool) -> Outcome:
    if deferred:
        return Outcome.DEFERRED
    return Outcome.REVIEW if doubted else Outcome.STORED


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
