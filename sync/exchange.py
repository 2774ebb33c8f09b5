"""Hand in facts, take home documents: what the two sides say to each other, and what a
tablet does next.

A tablet waits for one thing only, custody. No answer about one fact ever holds up
another. May not enter: HTTP, files, clocks; chance and time are handed in.
"""

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from msgspec import field

from sync.epochs import Opened
from sync.heads import LogHead
from sync.plain import Record, settle
from sync.words import N_


class Outcome(enum.StrEnum):
    """What became of one fact that was handed in."""

    STORED = "stored"
    DUPLICATE = "duplicate"
    REVIEW = "review"
    DEFERRED = "deferred"
    QUARANTINED = "quarantined"
    REFUSED = "refused"


IN_CUSTODY = frozenset(Outcome) - {Outcome.REFUSED}

OUTCOME_LABELS: dict[Outcome, str] = {
    Outcome.STORED: N_("已收"),
    Outcome.DUPLICATE: N_("已收（重复提交）"),
    Outcome.REVIEW: N_("已收，待人工核对"),
    Outcome.DEFERRED: N_("已收，等待相关工单"),
    Outcome.QUARANTINED: N_("已收，暂时隔离"),
    Outcome.REFUSED: N_("未收，仍在本机"),
}


MOST_FACTS = 100
MOST_ITEMS = 500  # of a page


class Limits(Record, frozen=True, kw_only=True):
    """What one push may hold."""

    facts: int = MOST_FACTS
    bytes: int = 256 * 1024
    body_bytes: int = 16 * 1024

    def __post_init__(self) -> None:
        settle(self)


class Claim(Record, frozen=True, kw_only=True):
    """How far a log has got, and the chain tip that freezes it in time."""

    log: str
    n: int
    tip: str | None = None
    at: Mapping[str, Any] = field(default_factory=dict)
    unsent: int = 0


class Receipt(Record, frozen=True, kw_only=True):
    """The server's word on one fact."""

    id: str
    outcome: Outcome
    position: int | None = None
    received_ms: int | None = None
    reviews: tuple[str, ...] = ()
    reason: str | None = None

    @property
    def in_custody(self) -> bool:
        """May the fact leave the outbox?"""
        return self.outcome in IN_CUSTODY


class Welcome(Record, frozen=True, kw_only=True):
    """The answer to hello."""

    epoch: str
    server_ms: int
    token: str
    durable_through: int
    poll_ms: int
    policy: str  # digest of the policy in force
    voucher: str = ""  # what the server has seen; comes back after a restore
    epochs: tuple[Opened, ...] = ()  # where histories part, if they ever did
    new_instance: bool = False  # more is known of the log: go on under a new one (F13)
    incidents: tuple[str, ...] = ()  # open ones, for whoever sees to them
    protocol: int = 1
    limits: Limits = Limits()
    uploads: str = ""  # a Bearer token for /v1/uploads; none: each piece is signed
    head: LogHead | None = None  # how far the book has come, for good

    def __post_init__(self) -> None:
        settle(self)


class Outcomes(Record, frozen=True, kw_only=True):
    """The answer to push: one receipt for each fact, in the sequence handed in."""

    epoch: str
    durable_through: int
    receipts: tuple[Receipt, ...]
    new_instance: bool = False  # the log has forked: go on under a new one (F13)
    voucher: str = ""  # what the server has seen; comes back after a restore
    head: LogHead | None = None  # how far the book has come with these in it


@dataclass(frozen=True)
class Lane:
    """What a tablet remembers between attempts; one lane each for facts and bytes.

    The same batch failing twice is halved: at every second failure. A single fact that
    still fails is put aside, to the end of the line, and the rest goes on (F20). It
    comes to the shelf, where people see it, only if it fails again while the server
    takes others: a server that fails at everything is no fault of a fact, and the queue
    drains by itself when it is mended (invariant 6).
    """

    most: int = MOST_FACTS
    failures: int = 0  # since the last success: how long to wait
    shelf: frozenset[str] = frozenset()
    aside: tuple[str, ...] = ()
    healthy: bool = False  # has anything been taken since something was put aside?

    def batch(self, waiting: Sequence[tuple[str, int]], limits: Limits) -> list[str]:
        """What to hand in next, of (id, bytes) in the sequence they were written; what
        was put aside comes last and alone."""
        open_ = [one for one in waiting if one[0] not in self.shelf]
        free = [one for one in open_ if one[0] not in self.aside]
        if not free:
            names = {name for name, _ in open_}
            return [name for name in self.aside if name in names][:1]
        chosen: list[str] = []
        room = limits.bytes
        for name, size in free:
            if chosen and (len(chosen) >= self._count(limits) or size > room):
                break
            chosen.append(name)
            room -= size
        return chosen

    def _count(self, limits: Limits) -> int:
        return max(1, min(self.most, limits.facts))

    def went_well(self, batch: Sequence[str] = ()) -> "Lane":
        """After an answer that verified. The shelf stays until somebody tries again."""
        return Lane(
            most=min(MOST_FACTS, self.most * 2),
            shelf=self.shelf,
            aside=tuple(name for name in self.aside if name not in batch),
            healthy=True,
        )

    def lost(self, batch: Sequence[str] = ()) -> "Lane":
        """After no answer at all: nobody is to blame, wait longer and try less."""
        waiting = replace(self, failures=self.failures + 1)
        if waiting.failures % 2:
            return waiting
        if len(batch) == 1:
            return _put_aside(waiting, batch[0])
        return replace(waiting, most=_half(len(batch) or self.most))

    def failed(self, batch: Sequence[str], too_large: bool) -> "Lane":
        """After 413, or 5xx: halve the batch, put the one fact that fails aside, shelve
        it if it is to blame."""
        step = 2 - self.failures % 2 if too_large else 1  # 413 needs no second time
        waiting = replace(self, failures=self.failures + step)
        if waiting.failures % 2:
            return waiting
        if len(batch) != 1:
            return replace(waiting, most=_half(len(batch)))
        (name,) = batch
        if too_large or (self.healthy and name in self.aside):
            aside = tuple(one for one in self.aside if one != name)
            return replace(waiting, shelf=self.shelf | {name}, aside=aside)
        return replace(_put_aside(waiting, name), healthy=False)


def _put_aside(lane: Lane, name: str) -> Lane:
    others = tuple(one for one in lane.aside if one != name)
    return replace(lane, aside=(*others, name), most=1)


def _half(count: int) -> int:
    return max(1, count // 2)


LEAST_WAIT_MS = 1_000
MOST_WAIT_MS = 50_000  # leaves ten seconds of the minute for the exchange itself (M6)


def wait_ms(failures: int, chance: float, retry_after_ms: int | None = None) -> int:
    """How long to wait before the next attempt; `chance` in [0, 1) spreads a herd.

    Never longer than the maximal backoff unless the server asks for it (F27).
    """
    ceiling = min(MOST_WAIT_MS, LEAST_WAIT_MS * 2 ** min(failures, 20))
    wait = LEAST_WAIT_MS + int(chance * (ceiling - LEAST_WAIT_MS))
    return max(wait, retry_after_ms or 0)


def receipts_for(sent: Sequence[str], answer: Outcomes) -> dict[str, Receipt]:
    """The receipts that speak of what was sent; whatever else an answer holds is not
    believed. An id without a receipt, or with two that differ, is sent again."""
    found: dict[str, set[Receipt]] = {name: set() for name in sent}
    for one in answer.receipts:
        if one.id in found:
            found[one.id].add(one)
    return {name: said.pop() for name, said in found.items() if len(said) == 1}


ERASED = "erased"  # at the owner's wish (S1)


class Document(Record, frozen=True, kw_only=True):
    """One order as the server has it, for one reader."""

    stream: str
    rev: int  # position of the newest fact in it
    order: Mapping[str, Any]
    private: Mapping[str, tuple[str, ...]]  # commitment -> (salt, value)
    held: tuple[str, ...] = ()  # blobs whose bytes the server has
    # blob -> what is wrong; blob or commitment -> ERASED, for a tablet to let go of
    flaws: Mapping[str, str] = field(default_factory=dict)
    mac: str = ""  # over epoch, stream, rev and the order's exact text
    text: str = ""  # the order exactly as it came; on the tablet only


class Settled(Record, frozen=True, kw_only=True):
    """What the desk decided about facts of the reader's own, and nothing else of the
    order."""

    review: str
    code: str
    facts: tuple[str, ...]  # the reader's own
    reason: str
    fact: str  # the decision


class Gone(Record, frozen=True, kw_only=True):
    """The reader has left the scope of this order; purge not before `purge_ms`. What
    is decided afterwards about what they recorded is told all the same."""

    stream: str
    reason: str
    purge_ms: int
    mac: str = ""  # over epoch, stream, reason and purge_ms
    settled: tuple[Settled, ...] = ()


class Page(Record, frozen=True, kw_only=True):
    """The answer to pull: a page of what changed, and where to go on."""

    cursor: str
    complete: bool
    epoch: str
    durable_through: int
    documents: tuple[Document, ...] = ()
    gone: tuple[Gone, ...] = ()
    reset: str | None = None  # why the reader starts from nothing
    head: LogHead | None = None  # how far the book has come, if there is any news
