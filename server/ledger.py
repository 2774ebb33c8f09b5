"""The single write path: facts in, positions given.

An acknowledgement leaves only after its transaction is on disk. What a transaction
enters is in `server/entry.py`. May not enter: HTTP, folding rules.
"""

import json
import logging
import secrets
import threading
from collections.abc import (
    Callable,
    Collection,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache, partial

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from sqlalchemy import (
    Connection,
    Engine,
    bindparam,
    select,
    update,
)

from server import arrivals, board, chains
from server.aside import NO_QUOTA, Quota
from server.backup.durable import durable_through
from server.database import Trouble, new_or_same, reading, writing
from server.entry import Entry
from server.examine import Author, Examined, Offer, aside, examine, name_of
from server.heads import Heads
from server.keys import Keys
from server.places import epoch_of
from server.prepared import Prepared
from server.tables import (
    device,
    epoch,
    fact,
    head,
    push_evidence,
    quarantine,
)
from server.together import Together
from server.tree import Standing, stands
from server.underway import DEATHS, Underway
from server.vouchers import vouch
from sync.envelope import BlobRef, Head, Private, committed, read
from sync.exchange import Claim, Outcome, Outcomes, Receipt
from sync.facts import Fact, What, understand, write_fact
from sync.log import root_of
from sync.order import Order
from sync.plain import but
from sync.signing import b64, push_text, read_jwk, verifies

log_book = logging.getLogger(__name__)

# What a newer version may understand; the rest waits for a person's judgement.
LOOKED_AT_AGAIN = frozenset({
    "body_unreadable", "fact_failed", "field_missing", "field_misshapen",
    "field_unknown", "kind_unknown", "reading_malformed", "value_unknown",
    "version_unknown",
})  # fmt: skip
BECAME_FACTS = frozenset({Outcome.STORED, Outcome.REVIEW, Outcome.DEFERRED})

EVIDENCE = Prepared(lambda connection: new_or_same(connection, push_evidence))
OWES = Prepared(
    update(device)
    .where(device.c.id == bindparam("b_id"))
    .where(device.c.unsent.is_distinct_from(bindparam("unsent")))
    .values(unsent=bindparam("unsent"))
)

People = Callable[
    [str], Mapping[str, Collection[str]]
]  # device -> its people and their roles
Guard = Callable[[Order], None]
Also = Callable[[Connection, list[Receipt]], None]


@dataclass(frozen=True, kw_only=True)
class Decision:
    """Something that the desk states about an order."""

    stream: str
    what: What
    private: Mapping[str, str]
    blobs: tuple[BlobRef, ...] = ()  # in custody by then
    guard: Guard = lambda _order: None


@dataclass(frozen=True, kw_only=True)
class Declaration:
    """Something that the office states about itself, in a stream that is no order's:
    the guard sees what was stated there before, the earliest first."""

    stream: str
    what: What
    private: Mapping[str, str]
    blobs: tuple[BlobRef, ...] = ()  # in custody by then
    guard: Callable[[Sequence[Fact]], None] = lambda _facts: None


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """A device's signature over what it handed in, and the key it should fit."""

    log: str
    key: Mapping[str, str]
    signature: str


@dataclass(kw_only=True)
class Push:
    """What a device hands in at once, looked at; and the answer, once it is in."""

    examined: Sequence[Examined]
    author: Author
    now_ms: int
    evidence: Evidence | None = None
    claims: Sequence[Claim] = ()
    answer: Outcomes | None = None
    standing: Standing | None = None  # of the book, with this in it


class Ledger:
    """Everything that is written. One for each server process: it has its own log."""

    def __init__(
        self,
        engine: Engine,
        keys: Keys,
        chance: Callable[[int], bytes] = secrets.token_bytes,
        quota: Quota = NO_QUOTA,
        underway: Underway | None = None,
        heads: Heads | None = None,
    ) -> None:
        self._engine = engine
        self._heads = heads or Heads(engine, keys)
        self._underway = underway or Underway()
        self._keys = keys
        self._quota = quota
        self._chance = chance
        self._writing_own_log = threading.Lock()
        self._arrivals = Together(partial(arrivals.note, engine), Trouble)
        self._pushes = Together(self._admit_all, Trouble)
        self._start_log()

    def _start_log(self) -> None:
        self._log = f"server.{self._chance(8).hex()}"
        self._n, self._tip = 0, None  # type: int, str | None

    def open(self, now_ms: int) -> None:
        """Make sure that the book has an epoch; two servers at once agree on one."""
        with writing(self._engine) as connection:
            first = {"id": 1, "seq": 0, "epoch": self._chance(8).hex()}
            connection.execute(new_or_same(connection, head), [first])
            known = {"id": epoch_of(connection), "parent": None, "fork_position": 0,
                     "opened_ms": now_ms}  # fmt: skip
            connection.execute(new_or_same(connection, epoch), [known])
            board.complete(connection)

    @property
    def epoch(self) -> str:
        """The name of the ledger's present epoch."""
        with reading(self._engine) as connection:
            return epoch_of(connection)

    # what devices hand in

    def take_in(
        self,
        offers: Sequence[Offer],
        author: Author,
        now_ms: int,
        evidence: Evidence | None = None,
        claims: Sequence[Claim] = (),
    ) -> Outcomes:
        """Take custody of what a device hands in; one receipt for each offer.

        Safe to repeat: the same facts again are duplicates with the same receipt. One
        bad fact holds up nothing: what the batch as a whole cannot bear is taken in
        one by one, and what fails even then is kept as raw bytes (F20). Claims about
        other devices' logs are worth nothing.
        """
        ids = [name_of(one) for one in offers]
        deaths = self._underway.deaths(ids)
        examined = self._examined(offers, ids, deaths, author)
        own = _own(claims, author)
        try:
            if not deaths:
                return self._admit(Push(examined=examined, author=author, now_ms=now_ms,
                                        evidence=evidence, claims=own))  # fmt: skip
        except Trouble:
            raise
        except Exception:
            log_book.exception("a batch failed; taking it in one by one")
        self.note_claims(own, author, now_ms)
        answer = _joined([self._alone(one, author, now_ms) for one in examined])
        with writing(self._engine) as connection:
            _keep_evidence(connection, examined, evidence, now_ms)
        self._underway.cleared([one for one in ids if deaths.get(one, 0) < DEATHS])
        return answer

    def _examined(
        self,
        offers: Sequence[Offer],
        ids: Sequence[str],
        deaths: Mapping[str, int],
        author: Author,
    ) -> list[Examined]:
        """All offers, looked at; those that may have killed a process one by one, or
        not at all any more (F20)."""
        if not deaths:
            with self._underway.in_hand(ids):
                return [
                    examine(offer, author, name)
                    for name, offer in zip(ids, offers, strict=True)
                ]
        found = []
        for name, offer in zip(ids, offers, strict=True):
            if deaths.get(name, 0) >= DEATHS:
                found.append(aside(offer, "fact_failed"))
                continue
            with self._underway.in_hand([name]):
                found.append(examine(offer, author, name))
        return found

    def _admit(self, push: Push) -> Outcomes:
        """SQLite has one writer: pushes that wait for it share its next commit.
        PostgreSQL has many, and would wait in a circle for logs and orders."""
        if self._engine.dialect.name == "sqlite":
            self._pushes.settle(push)
        else:
            self._admit_all([push])
        assert push.answer is not None
        assert push.standing is not None
        head_ = self._heads.signed(push.standing, push.now_ms)
        return but(push.answer, head=head_)

    def _admit_all(self, pushes: Sequence[Push]) -> None:
        """All of these in one transaction, one after the other, or none."""
        ids = [one.id for push in pushes for one in push.examined]
        with writing(self._engine) as connection, self._underway.in_hand(ids):
            for push in pushes:
                push.answer = self._entered(connection, push)
            standing = stands(connection)
        for push in pushes:
            push.standing = standing

    def _entered(self, connection: Connection, push: Push) -> Outcomes:
        author, now_ms, claims = push.author, push.now_ms, push.claims
        entry = Entry(connection, self._keys, now_ms, self._quota)
        receipts = entry.admit(push.examined, author, claims)
        _keep_evidence(connection, push.examined, push.evidence, now_ms)
        _note_debt(connection, author.device, claims, receipts.values())
        return Outcomes(
            epoch=epoch_of(connection),
            durable_through=durable_through(connection),
            receipts=tuple(receipts[one.id] for one in push.examined),
            new_instance=entry.forked,
            voucher=vouch(connection, self._keys, author.device, claims, now_ms),
        )

    def _alone(self, one: Examined, author: Author, now_ms: int) -> Outcomes:
        """In a transaction of its own: should this process die, it was this one."""
        push = Push(examined=[one], author=author, now_ms=now_ms)
        try:
            self._admit_all([push])
        except Trouble:
            raise
        except Exception:
            log_book.exception("fact %s failed and is kept as it is", one.id)
            push.examined = [but(one, reason="fact_failed")]
            self._admit_all([push])
        assert push.answer is not None
        return push.answer

    def note_claims(self, claims: Iterable[Claim], author: Author, now_ms: int) -> None:
        """Note how far a device's logs have got: it freezes what lies behind in time.
        What it says of other devices' logs is worth nothing."""
        own = _own(claims, author)
        with reading(self._engine) as connection:
            new = chains.unheard(connection, own)
        if new:
            with writing(self._engine) as connection:
                Entry(connection, self._keys, now_ms).note(new)

    def replay(self, people: People, now_ms: int) -> list[Receipt]:
        """Look again at what was set aside because nobody here could read it: what is
        understood today becomes a fact with its first receipt's time (invariant 38)."""
        with reading(self._engine) as connection:
            rows = connection.execute(
                select(quarantine)
                .where(quarantine.c.settled_ms.is_(None))
                .where(quarantine.c.reason.in_(LOOKED_AT_AGAIN))
                .order_by(quarantine.c.seq)
            ).all()
        deaths = self._underway.deaths([row.id for row in rows])
        found: list[Receipt] = []
        for row in rows:
            if deaths.get(row.id, 0) >= DEATHS:
                continue  # it killed whoever folded it; the next version may try
            author = Author(device=row.device, people=people(row.device))
            private = json.loads(row.private)
            one = examine(Offer(body=row.body, private=private), author)
            if one.reason is None:
                answer = self._alone(one, author, now_ms)
                found += [r for r in answer.receipts if r.outcome in BECAME_FACTS]
        return found

    # what the desk decides

    def decide(
        self,
        decisions: Sequence[Decision],
        by: str,
        now_ms: int,
        also: Also = lambda _connection, _receipts: None,
    ) -> list[Receipt]:
        """State decisions of the desk, all or none; `also` is written with them.

        A guard that refuses makes its reason the caller's; nothing is written then.
        """
        with (
            self._own_log(),
            writing(self._engine) as connection,
            self._underway.in_hand(()),
        ):
            entry = Entry(connection, self._keys, now_ms)
            rows = board.lock(connection, [one.stream for one in decisions])
            name = epoch_of(connection)
            facts, values = {}, {}
            lamport = {stream: row.order.lamport for stream, row in rows.items()}
            for one in decisions:
                one.guard(rows[one.stream].order)
                salted = self._salted(one.private)
                lamport[one.stream] += 1
                stated = self._state(one.what, Head(
                    stream=one.stream, log=self._log, n=self._n + 1, prev=self._tip,
                    epoch=name, basis=rows[one.stream].rev,
                    lamport=lamport[one.stream], by=by,
                    at={"w": now_ms, "z": 0}, private=committed(salted),
                    blobs=one.blobs,
                ))  # fmt: skip
                facts[stated.id], values[stated.id] = stated, salted
            receipts = entry.enter(facts, values)
            answer = [receipts[name] for name in facts]
            also(connection, answer)
        return answer

    def declare(
        self,
        one: Declaration,
        by: str,
        now_ms: int,
        also: Also = lambda _connection, _receipts: None,
    ) -> Receipt:
        """State something in a stream that has no document. Whoever declares holds the
        counter of positions from the first look on: two never declare on one ground."""
        with (
            self._own_log(),
            writing(self._engine) as connection,
            self._underway.in_hand(()),
        ):
            connection.execute(select(head.c.seq).with_for_update())
            before = told(connection, one.stream)
            one.guard([said for said, _ in before])
            salted = self._salted(one.private)
            stated = self._state(one.what, Head(
                stream=one.stream, log=self._log, n=self._n + 1, prev=self._tip,
                epoch=epoch_of(connection),
                basis=max((at for _, at in before), default=0),
                lamport=1 + max((f.head.lamport for f, _ in before), default=0),
                by=by, at={"w": now_ms, "z": 0}, private=committed(salted),
                blobs=one.blobs,
            ))  # fmt: skip
            entry = Entry(connection, self._keys, now_ms)
            receipts = entry.enter({stated.id: stated}, {stated.id: salted})
            also(connection, [receipts[stated.id]])
        return receipts[stated.id]

    @contextmanager
    def _own_log(self) -> Iterator[None]:
        """Have this process's log to oneself. After any failure a new one is begun:
        whether the commit reached the disk is not known, and no number may stand for
        two decisions."""
        with self._writing_own_log:
            went_well = False
            try:
                yield
                went_well = True
            finally:
                if not went_well:
                    self._start_log()

    def _state(self, what: What, head_: Head) -> Fact:
        stated = write_fact(what, head_)
        self._n, self._tip = head_.n, stated.id
        return stated

    def _salted(self, values: Mapping[str, str]) -> Private:
        return {
            name: (b64(self._chance(16)), value)
            for name, value in sorted(values.items())
            if value
        }

    # bytes

    def blob_arrived(
        self, sha256: str, size: int, media: str, finding: str | None, now_ms: int
    ) -> None:
        """Bytes are on the shelf: note their receipt, tell whoever waits for them.
        Those that come while a commit is under way share the next one."""
        row = {"sha256": sha256, "bytes": size, "type": media,
               "received_ms": now_ms, "finding": finding}  # fmt: skip
        self._arrivals.settle(row)

    # keeping the board true

    def rebuild_board(self) -> list[str]:
        """Fold every order anew; those that had to be put right (should be none)."""
        with reading(self._engine) as connection:
            names = board.names(connection)
        return [name for name in names if self._mend(name)]

    def _mend(self, name: str) -> bool:
        with writing(self._engine) as connection:
            return board.mend(connection, self._keys, name)


def told(connection: Connection, name: str) -> list[tuple[Fact, int]]:
    """What was stated in this stream, and at which positions."""
    rows = connection.execute(
        select(fact.c.body, fact.c.id, fact.c.seq)
        .where(fact.c.stream == name).order_by(fact.c.seq)
    )  # fmt: skip
    return [(understand(read(row.body, row.id)), row.seq) for row in rows]


def _own(claims: Iterable[Claim], author: Author) -> list[Claim]:
    """Claims of a device about its own logs."""
    return [c for c in claims if c.log.partition(".")[0] == author.device and c.tip]


def _joined(answers: Sequence[Outcomes]) -> Outcomes:
    """The answers for single facts as one."""
    return Outcomes(
        epoch=answers[-1].epoch,
        durable_through=answers[-1].durable_through,
        receipts=tuple(one.receipts[0] for one in answers),
        new_instance=any(one.new_instance for one in answers),
        voucher=answers[-1].voucher,
        head=answers[-1].head,
    )


def _note_debt(
    connection: Connection,
    name: str,
    claims: Sequence[Claim],
    receipts: Iterable[Receipt],
) -> None:
    """How much the device still owes once this is in, as the desk sees it (F11)."""
    if claims:
        left = max(0, claims[-1].unsent - sum(one.in_custody for one in receipts))
        OWES.run(connection, {"b_id": name, "unsent": left})


def _keep_evidence(
    connection: Connection,
    examined: Sequence[Examined],
    said: Evidence | None,
    now_ms: int,
) -> None:
    """The device's signature over a push; a wrong one lowers what the evidence is worth
    and never custody."""
    if said is None:
        return
    ids = [one.id for one in examined]
    root = root_of(ids)
    text = push_text(said.log, root)
    row = {
        "log": said.log, "root": root, "ids": json.dumps(ids),
        "signature": said.signature[:100], "received_ms": now_ms,
        "valid": verifies(_public_key(*said.key.items()), text, said.signature),
    }  # fmt: skip
    EVIDENCE.run_all(connection, [row])


@lru_cache(maxsize=4096)
def _public_key(*members: tuple[str, str]) -> EllipticCurvePublicKey:
    """The key with these members; the same devices hand in again and again."""
    return read_jwk(dict(members))
