"""The single write path: facts in, positions given.

An acknowledgement leaves only after its transaction is on disk. Streams are locked in
one sequence, the counter of positions last, so positions appear in commit order and
nobody steps over a row (invariants 9, 10). May not enter: HTTP, folding rules.
"""

import json
import logging
import secrets
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, insert, select, update

from server import board, chains
from server.database import reading, writing
from server.examine import Author, Examined, Offer, examine
from server.keys import Keys
from server.tables import (
    blob,
    blob_link,
    epoch,
    fact,
    head,
    position,
    private,
    push_evidence,
    quarantine,
)
from server.testimony import moments
from sync.envelope import Head, Private, committed
from sync.exchange import Claim, Outcome, Outcomes, Receipt
from sync.facts import Fact, Kept, What, write_fact
from sync.log import root_of
from sync.order import Order, Stage
from sync.problems import Refused
from sync.signing import b64, push_text, read_jwk, verifies

log_book = logging.getLogger(__name__)

Guard = Callable[[Order], None]
Also = Callable[[Connection, list[Receipt]], None]


@dataclass(frozen=True, kw_only=True)
class Decision:
    """Something that the desk states about an order."""

    stream: str
    what: What
    private: Mapping[str, str]
    guard: Guard = lambda _order: None


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """A device's signature over what it handed in, and the key it should fit."""

    log: str
    key: Mapping[str, str]
    signature: str


class Ledger:
    """Everything that is written. One for each server process: it has its own log."""

    def __init__(
        self,
        engine: Engine,
        keys: Keys,
        chance: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        self._engine = engine
        self._keys = keys
        self._chance = chance
        self._own_log = threading.Lock()
        self._start_log()

    def _start_log(self) -> None:
        self._log = f"server.{self._chance(8).hex()}"
        self._n, self._tip = 0, None  # type: int, str | None

    def open(self, now_ms: int) -> None:
        """Make sure that the book has an epoch; two servers at once agree on one."""
        with writing(self._engine) as connection:
            name = self._chance(8).hex()
            first = {"id": 1, "seq": 0, "epoch": name}
            connection.execute(board.new_or_same(connection, head), [first])
            name = connection.execute(select(head.c.epoch)).scalar_one()
            known = {"id": name, "parent": None, "fork_position": 0,
                     "opened_ms": now_ms}  # fmt: skip
            connection.execute(board.new_or_same(connection, epoch), [known])

    # what devices hand in

    def take_in(
        self,
        offers: Sequence[Offer],
        author: Author,
        now_ms: int,
        evidence: Evidence | None = None,
    ) -> Outcomes:
        """Take custody of what a device hands in; one receipt for each offer.

        Safe to repeat: the same facts again are duplicates with the same receipt. One
        bad fact holds up nothing: what the batch as a whole cannot bear is taken in
        one by one, and what fails even then is kept as raw bytes (F20).
        """
        examined = [examine(offer, author) for offer in offers]
        try:
            return self._take_in(examined, author, now_ms, evidence)
        except Refused:
            raise
        except Exception:
            log_book.exception("a batch failed; taking it in one by one")
        parts = [self._alone(one, author, now_ms) for one in examined]
        return Outcomes(
            epoch=parts[-1].epoch,
            durable_through=parts[-1].durable_through,
            receipts=tuple(part.receipts[0] for part in parts),
            new_instance=any(part.new_instance for part in parts),
        )

    def _alone(self, one: Examined, author: Author, now_ms: int) -> Outcomes:
        try:
            return self._take_in([one], author, now_ms, None)
        except Refused:
            raise
        except Exception:
            log_book.exception("fact %s failed and is kept as it is", one.id)
            aside = Examined(id=one.id, offer=one.offer, reason="fact_failed")
            return self._take_in([aside], author, now_ms, None)

    def _take_in(
        self,
        examined: Sequence[Examined],
        author: Author,
        now_ms: int,
        evidence: Evidence | None,
    ) -> Outcomes:
        with writing(self._engine) as connection:
            entry = _Entry(connection, self._keys, now_ms)
            receipts = entry.admit(examined, author)
            if evidence is not None:
                _keep_evidence(connection, examined, evidence, now_ms)
            name = connection.execute(select(head.c.epoch)).scalar_one()
        self._settle(entry.late_claims, now_ms)
        return Outcomes(
            epoch=name,
            durable_through=0,
            receipts=tuple(receipts[one.id] for one in examined),
            new_instance=entry.forked,
        )

    def note_claims(self, claims: Iterable[Claim], author: Author, now_ms: int) -> None:
        """Note how far a device's logs have got: it freezes what lies behind in time."""
        own = [c for c in claims if c.log.partition(".")[0] == author.device and c.tip]
        if own:
            with writing(self._engine) as connection:
                late = chains.note_claims(connection, own, now_ms)
            self._settle(late, now_ms)

    def _settle(self, late: Iterable[str], now_ms: int) -> None:
        """Fold anew what a confirmed claim puts earlier; a transaction of its own."""
        for log in sorted(set(late)):
            with writing(self._engine) as connection:
                _Entry(connection, self._keys, now_ms).settle(log)

    # what the desk decides

    def decide(
        self,
        decisions: Sequence[Decision],
        by: str,
        now_ms: int,
        also: Also = lambda _connection, _receipts: None,
    ) -> list[Receipt]:
        """State decisions of the desk, all of them or none; `also` is written with them.

        A guard that refuses makes its reason the caller's; nothing is written then.
        """
        with self._own_log:
            try:
                return self._decide(decisions, by, now_ms, also)
            except Refused:
                raise
            except Exception:
                self._start_log()  # whether it was committed is not known
                raise

    def _decide(
        self, decisions: Sequence[Decision], by: str, now_ms: int, also: Also
    ) -> list[Receipt]:
        with writing(self._engine) as connection:
            entry = _Entry(connection, self._keys, now_ms)
            rows = board.lock(connection, [one.stream for one in decisions])
            name = connection.execute(select(head.c.epoch)).scalar_one()
            facts, values = [], []
            n, tip = self._n, self._tip
            lamport = {stream: row.order.lamport for stream, row in rows.items()}
            for one in decisions:
                one.guard(rows[one.stream].order)
                salted = self._salted(one.private)
                lamport[one.stream] += 1
                n += 1
                fact_ = write_fact(one.what, Head(
                    stream=one.stream, log=self._log, n=n, prev=tip, epoch=name,
                    basis=rows[one.stream].rev, lamport=lamport[one.stream], by=by,
                    at={"w": now_ms, "z": 0}, private=committed(salted),
                ))  # fmt: skip
                tip = fact_.id
                facts.append(fact_)
                values.append(salted)
            receipts = entry.enter(facts, values, rows)
            also(connection, [receipts[one.id] for one in facts])
        self._n, self._tip = n, tip
        return [receipts[one.id] for one in facts]

    def _salted(self, values: Mapping[str, str]) -> dict[str, tuple[str, str]]:
        return {
            name: (b64(self._chance(16)), value)
            for name, value in sorted(values.items())
            if value
        }

    # bytes

    def blob_arrived(
        self, sha256: str, size: int, media: str, finding: str | None, now_ms: int
    ) -> None:
        """Bytes are on the shelf: note their receipt and tell whoever waits for them."""
        with writing(self._engine) as connection:
            links = select(blob_link.c.stream).where(blob_link.c.sha256 == sha256)
            streams = sorted(connection.execute(links).scalars())
            rows = board.lock(connection, streams)
            row = {"sha256": sha256, "bytes": size, "type": media,
                   "received_ms": now_ms, "finding": finding, "seq": 0}  # fmt: skip
            if not connection.execute(
                board.new_or_same(connection, blob).values(row)
            ).rowcount:
                return
            places: list[str | None] = list(rows) or [None]
            last, _ = advance(connection, len(places))
            first = last - len(places) + 1
            connection.execute(insert(position), [
                {"seq": first + i, "what": "blob", "stream": name, "id": sha256,
                 "received_ms": now_ms, "log": None, "n": None}
                for i, name in enumerate(places)
            ])  # fmt: skip
            connection.execute(
                update(blob).where(blob.c.sha256 == sha256).values(seq=first)
            )
            for i, name in enumerate(rows):
                board.move(connection, name, rows[name].order, first + i, now_ms)

    # keeping the board true

    def rebuild_board(self) -> list[str]:
        """Fold every order anew; the streams that had to be changed."""
        with writing(self._engine) as connection:
            return board.rebuild(connection, self._keys)

    @property
    def epoch(self) -> str:
        """The name of the ledger's present epoch."""
        with reading(self._engine) as connection:
            return connection.execute(select(head.c.epoch)).scalar_one()


class _Entry:
    """One entry into the book, inside one transaction."""

    def __init__(self, connection: Connection, keys: Keys, now_ms: int) -> None:
        self.connection = connection
        self.keys = keys
        self.now_ms = now_ms
        self.forked = False
        self.late_claims: list[str] = []
        self._set_aside_ms: dict[str, int] = {}

    def admit(self, examined: Sequence[Examined], author: Author) -> dict[str, Receipt]:
        """Facts into the book, the rest into quarantine."""
        offered = {one.id: one for one in examined}
        understood = [one for one in offered.values() if one.fact and not one.reason]
        streams = {one.fact.head.stream for one in understood if one.fact}
        rows = board.lock(self.connection, streams)
        strangers = self._strangers(understood, rows)
        reasons = {
            one.id: one.reason or ("stranger" if one.id in strangers else None)
            for one in offered.values()
        }
        receipts = self._known(reasons)
        fresh, aside = [], []
        for one in offered.values():
            reason = reasons[one.id]
            if one.id in receipts:
                self._attach(one)
            elif one.fact is None or reason:
                aside.append((one, reason or "kind_unknown"))
            else:
                fresh.append(one)
        receipts |= self._set_aside(aside, author.device)
        facts = [one.fact for one in fresh if one.fact]
        private_values = [_as_private(one.offer.private) for one in fresh]
        return receipts | self.enter(facts, private_values, rows)

    def enter(
        self,
        facts: Sequence[Fact],
        values: Sequence[Private],
        rows: Mapping[str, board.Row],
    ) -> dict[str, Receipt]:
        """New facts of locked streams: kept, placed, folded, brought to their readers."""
        if not facts:
            return {}
        connection = self.connection
        connection.execute(insert(fact), [
            {"log": one.head.log, "n": one.head.n, "id": one.id,
             "stream": one.head.stream, "body": one.envelope.body,
             "prev": one.head.prev, "received_ms": self._first_seen_ms(one)}
            for one in sorted(facts, key=lambda f: (f.head.log, f.head.n, f.id))
        ])  # fmt: skip
        for one, held in zip(facts, values, strict=True):
            self._keep_private(one, held)
        self._link_blobs(facts)
        self.forked = chains.forked(connection, facts)
        moving = {one.head.stream for one in facts}
        improved = chains.extend(connection, self.keys, facts, moving)
        self.late_claims += improved.elsewhere
        last, _ = advance(connection, len(facts))
        first = last - len(facts) + 1
        placed = {one.id: first + i for i, one in enumerate(facts)}
        connection.execute(insert(position), [
            {"seq": placed[one.id], "what": "fact", "stream": one.head.stream,
             "log": one.head.log, "n": one.head.n, "id": one.id,
             "received_ms": self._first_seen_ms(one)}
            for one in facts
        ])  # fmt: skip
        return self._fold(facts, placed, rows, improved.streams)

    def _fold(
        self,
        facts: Sequence[Fact],
        placed: Mapping[str, int],
        rows: Mapping[str, board.Row],
        improved: frozenset[str],
    ) -> dict[str, Receipt]:
        when = moments(
            self.connection,
            self.keys,
            {one.id: (one, self._first_seen_ms(one)) for one in facts},
        )
        by_stream: dict[str, list[Kept]] = {}
        for one in facts:
            kept = Kept(fact=one, moment=when[one.id], position=placed[one.id])
            by_stream.setdefault(one.head.stream, []).append(kept)
        receipts: dict[str, Receipt] = {}
        for name in sorted(by_stream.keys() | improved):
            fresh = by_stream.get(name, [])
            anew = name in improved
            order = board.write(self.connection, self.keys, rows[name], fresh, anew)
            to = max((one.position or 0 for one in fresh), default=rows[name].head)
            board.move(self.connection, name, order, to, self.now_ms)
            receipts |= self._receipts(order, fresh)
        return receipts

    def _receipts(self, order: Order, fresh: Sequence[Kept]) -> dict[str, Receipt]:
        doubted: dict[str, list[str]] = {}
        for review in order.reviews:
            for name in review.facts:
                doubted.setdefault(name, []).append(review.code)
        found = {}
        for one in fresh:
            name = one.fact.id
            outcome = Outcome.REVIEW if name in doubted else Outcome.STORED
            if order.stage is Stage.UNKNOWN:
                outcome = Outcome.DEFERRED
            found[name] = Receipt(
                id=name, outcome=outcome, position=one.position,
                received_ms=self._first_seen_ms(one.fact), reviews=tuple(doubted.get(name, ())),
            )  # fmt: skip
        return found

    def settle(self, log: str) -> None:
        """Fold anew the orders whose facts a claim of this log puts earlier in time."""
        streams = chains.unsettled(self.connection, log)
        rows = board.lock(self.connection, streams)
        chains.confirm(self.connection, log)
        if not rows:
            return
        last, _ = advance(self.connection, len(rows))
        first = last - len(rows) + 1
        for i, name in enumerate(sorted(rows)):
            self.connection.execute(insert(position).values(
                seq=first + i, what="time", stream=name, log=log, id=log,
                received_ms=self.now_ms,
            ))  # fmt: skip
            order = board.write(self.connection, self.keys, rows[name], (), True)
            board.move(self.connection, name, order, first + i, self.now_ms)

    def _known(self, reasons: Mapping[str, str | None]) -> dict[str, Receipt]:
        """Receipts of what is in custody already: the first one, for ever. What lies in
        quarantine and is now understood is not among them; it keeps its first time."""
        rows = self.connection.execute(
            select(position).where(
                position.c.id.in_(sorted(reasons)),
                position.c.what.in_(("fact", "quarantine")),
            ).order_by(position.c.seq)
        ).all()  # fmt: skip
        self._set_aside_ms = {
            row.id: row.received_ms for row in rows if row.what == "quarantine"
        }
        return {
            row.id: Receipt(
                id=row.id, outcome=Outcome.DUPLICATE, position=row.seq,
                received_ms=row.received_ms,
            )
            for row in rows
            if row.what == "fact" or reasons[row.id]
        }  # fmt: skip

    def _first_seen_ms(self, one: Fact) -> int:
        return self._set_aside_ms.get(one.id, self.now_ms)

    def _strangers(
        self, understood: Sequence[Examined], rows: Mapping[str, board.Row]
    ) -> set[str]:
        """Facts about a known order by people who never had to do with it."""
        facts = [one.fact for one in understood if one.fact]
        known = [one for one in facts if rows[one.head.stream].order.request]
        had = board.ever_members(
            self.connection,
            (one.head.stream for one in known),
            (one.head.by for one in known),
        )
        return {one.id for one in known if (one.head.stream, one.head.by) not in had}

    def _set_aside(
        self, aside: Sequence[tuple[Examined, str]], device: str
    ) -> dict[str, Receipt]:
        """Raw bytes into quarantine, each with its place and its reason."""
        if not aside:
            return {}
        last, _ = advance(self.connection, len(aside))
        receipts = {}
        for seq, (one, reason) in enumerate(aside, last - len(aside) + 1):
            self.connection.execute(
                board.new_or_same(self.connection, quarantine).values(
                    id=one.id, device=device, body=one.offer.body,
                    private=one.offer.raw_private, reason=reason, seq=seq,
                    received_ms=self.now_ms,
                )
            )  # fmt: skip
            self.connection.execute(insert(position).values(
                seq=seq, what="quarantine", id=one.id, received_ms=self.now_ms,
            ))  # fmt: skip
            receipts[one.id] = Receipt(
                id=one.id, outcome=Outcome.QUARANTINED, position=seq,
                received_ms=self.now_ms, reason=reason,
            )  # fmt: skip
        return receipts

    def _attach(self, one: Examined) -> None:
        """Private values that come late to a known fact."""
        if one.fact is not None and one.reason is None:
            self._keep_private(one.fact, _as_private(one.offer.private))

    def _keep_private(self, one: Fact, held: Private) -> None:
        rows = [
            {"commitment": one.private[name], "stream": one.head.stream,
             "salt": salt, "value": value}
            for name, (salt, value) in sorted(held.items())
        ]  # fmt: skip
        if rows:
            self.connection.execute(board.new_or_same(self.connection, private), rows)

    def _link_blobs(self, facts: Iterable[Fact]) -> None:
        rows = [
            {"sha256": ref.sha256, "stream": one.head.stream}
            for one in facts
            for ref in one.head.blobs
        ]
        if rows:
            self.connection.execute(board.new_or_same(self.connection, blob_link), rows)


def _as_private(held: Mapping[str, object]) -> dict[str, tuple[str, str]]:
    return {name: (pair[0], pair[1]) for name, pair in held.items()}  # type: ignore[index]


def advance(connection: Connection, by: int) -> tuple[int, str]:
    """Take the next positions. The last lock of every transaction: positions appear in
    commit order and without gaps because nobody else gets one before the commit."""
    row = connection.execute(
        update(head).where(head.c.id == 1).values(seq=head.c.seq + by)
        .returning(head.c.seq, head.c.epoch)
    ).one()  # fmt: skip
    return row.seq, row.epoch


def _keep_evidence(
    connection: Connection,
    examined: Sequence[Examined],
    evidence: Evidence,
    now_ms: int,
) -> None:
    """The device's signature over the push; a wrong one lowers what the evidence is
    worth and never custody."""
    ids = [one.id for one in examined]
    root = root_of(ids)
    fits = verifies(
        read_jwk(evidence.key), push_text(evidence.log, root), evidence.signature
    )
    connection.execute(board.new_or_same(connection, push_evidence).values(
        log=evidence.log, root=root, ids=json.dumps(ids),
        signature=evidence.signature[:100], valid=fits, received_ms=now_ms,
    ))  # fmt: skip
