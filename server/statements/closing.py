"""Closes a statement, opens it again, and says how it stands: all of it facts.

May not enter: HTTP, who may close, how a statement looks.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, cast

from sqlalchemy import ColumnElement, Connection, select

from server.database import reading
from server.ledger import Also, Declaration
from server.parts import Parts
from server.statements.counting import Counting, as_bytes
from server.tables import fact, private
from server.tree import Reading, Standing, stands
from sync.envelope import BlobRef, fact_id, read
from sync.exchange import Receipt
from sync.facts import Fact, understand
from sync.facts.statement import StatementClosed, StatementReopened
from sync.heads import LogHead, head_text
from sync.plain import typed_json
from sync.problems import Refused
from sync.statements import (
    Change,
    Period,
    Statement,
    changes,
    figures_of,
    period,
    statement_stream,
    statement_text,
    unsound,
)

MEDIA_TYPE = "application/vnd.doorstep.statement+json"
ROLE = "statement"
MOST_OPEN = 2_000  # items with a reason each, in one closing
MOST_WORDS = 500

OPEN, CLOSED, REOPENED, RUNNING = "open", "closed", "reopened", "running"


@dataclass(frozen=True, kw_only=True)
class Act:
    """One closing or reopening. `reasons`: for each item that was named as open."""

    id: str
    position: int
    by: str
    at_ms: int
    what: StatementClosed | StatementReopened
    words: str = ""
    reasons: Mapping[str, str] | None = None
    altered: bool = False  # are its bytes others than its name says?


@dataclass(frozen=True, kw_only=True)
class Account:
    """A period as it stands: counted now, and as it was closed if it is. `findings`:
    codes of what does not hold about the closing."""

    period: Period
    project: str
    state: str  # running, open, closed, reopened
    now: Statement
    digest: str  # of what is counted now
    head: LogHead  # up to which that was
    acts: tuple[Act, ...] = ()
    closed: Statement | None = None
    closing: Act | None = None
    changes: tuple[Change, ...] = ()
    findings: tuple[str, ...] = ()

    @property
    def shown(self) -> Statement:
        """What counts: as closed, or as it stands."""
        return self.closed or self.now

    @property
    def shown_digest(self) -> str:
        """Of what counts."""
        if self.closing is None:
            return self.digest
        return cast(StatementClosed, self.closing.what).digest


def account(parts: Parts, name: str, project: str) -> Account:
    """One period as it stands. Refused: `day_malformed`."""
    one = period(name, parts.policy.calendar)
    with reading(parts.engine) as connection:
        counted = Counting(connection, parts.policy, project).statement(one)
        standing = stands(connection)
        acts = _acts(connection, statement_stream(name, project))
    return _account(parts, one, project, counted, standing, acts)


def _account(
    parts: Parts,
    one: Period,
    project: str,
    counted: Statement,
    standing: Standing,
    acts: Sequence[Act],
) -> Account:
    closing, now_ms = _closing(acts), parts.now()
    closed, findings = _looked_at(parts, closing) if closing else (None, [])
    over_ms = one.end_ms if one.end_ms <= now_ms else 0  # a quiet night, too, is over
    return Account(
        period=one, project=project, state=_state(one, acts, now_ms),
        now=counted, digest=digest_of(counted),
        head=parts.heads.signed(standing, now_ms, over_ms),
        acts=tuple(acts), closed=closed, closing=closing,
        changes=tuple(changes(closed, counted)) if closed else (),
        findings=(*findings, *_unsound(counted)),
    )  # fmt: skip


def _unsound(counted: Statement) -> list[str]:
    return ["statement_unsound"] if unsound(counted) else []


def digest_of(one: Statement) -> str:
    """The digest of a statement, in hex."""
    return hashlib.sha256(as_bytes(one)).hexdigest()


def _closing(acts: Sequence[Act]) -> Act | None:
    """What closed it, if it is closed."""
    last = acts[-1] if acts else None
    return last if last and isinstance(last.what, StatementClosed) else None


def _state(one: Period, acts: Sequence[Act], now_ms: int) -> str:
    if acts:
        return CLOSED if _closing(acts) else REOPENED
    return OPEN if one.end_ms <= now_ms else RUNNING


def _acts(connection: Connection, stream: str) -> list[Act]:
    rows = _rows(connection, fact.c.stream == stream)
    if not rows:
        return []
    kept = connection.execute(select(private).where(private.c.stream == stream))
    values = {row.commitment: row.value for row in kept}
    return [_act(row, values) for row in rows]


def _rows(connection: Connection, chosen: ColumnElement[bool]) -> Sequence[Any]:
    asked = select(fact.c.body, fact.c.id, fact.c.seq, fact.c.received_ms)
    return connection.execute(asked.where(chosen).order_by(fact.c.seq)).all()


def _act(row: Any, values: Mapping[str, str]) -> Act:
    one = understand(read(row.body, row.id))

    def held(name: str) -> str:
        return values.get(one.private.get(name, ""), "")

    return Act(
        id=row.id, position=row.seq, by=one.head.by, at_ms=row.received_ms,
        what=cast(StatementClosed | StatementReopened, one.what),
        words=held("words"), reasons=json.loads(held("reasons") or "{}"),
        altered=fact_id(row.body) != row.id,
    )  # fmt: skip


# looking at what was closed


def _looked_at(parts: Parts, act: Act) -> tuple[Statement | None, list[str]]:
    """The statement as it was closed, and what does not hold about it: its bytes,
    figures, signature, and the book that it was closed on."""
    what = cast(StatementClosed, act.what)
    found, wrong = _kept(parts, what)
    if act.altered:
        wrong.append("fact_altered")
    text = statement_text(what.period, what.project, what.digest, what.head.epoch,
                          what.head.size, what.head.root)  # fmt: skip
    if not parts.keys.own.signed(what.key, text, what.signature):
        wrong.append("signature_wrong")
    if not parts.keys.own.signed(
        what.head.key, head_text(what.head), what.head.signature
    ):
        wrong.append("head_wrong")
    if not _on_this_book(parts, what.head):
        wrong.append("book_altered")
    return found, wrong


def _kept(parts: Parts, what: StatementClosed) -> tuple[Statement | None, list[str]]:
    """What its bytes say, read whatever they are worth."""
    if not parts.shelf.has(what.digest):
        return None, ["records_missing"]
    with parts.shelf.open(what.digest) as source:
        data = source.read()
    wrong = []
    if hashlib.sha256(data).hexdigest() != what.digest:
        wrong.append("records_altered")
    try:
        found = typed_json(Statement, data.decode())
    except (Refused, ValueError):
        return None, ["records_altered"]
    if figures_of(found) != what.figures or unsound(found):
        wrong.append("figures_altered")
    return found, wrong


def _on_this_book(parts: Parts, head: LogHead) -> bool:
    """Does the book still begin as it stood then?"""
    with reading(parts.engine) as connection:
        if stands(connection).size < head.size:
            return False
        return Reading(connection).root_at(head.size) == head.root


# closing


def close(
    parts: Parts,
    name: str,
    project: str,
    *,
    seen: str,
    reasons: Mapping[str, str],
    by: str,
    also: Also = lambda _connection, _receipts: None,
) -> Receipt:
    """Close this period on the figures that the person has `seen` (their digest), with
    a reason for each item that is open.

    Refused: `statement_not_over`, `statement_closed`, `statement_moved`,
    `statement_open`, `statement_unsound` …
    """
    found = account(parts, name, project)
    _may_close(found, seen, reasons)
    data = as_bytes(found.now)
    _keep(parts, data, found.digest)
    what = StatementClosed(
        period=name, project=project, figures=figures_of(found.now),
        digest=found.digest, open=len(found.now.open), head=found.head,
        key=parts.keys.name,
        signature=parts.keys.seal(statement_text(
            name, project, found.digest, found.head.epoch, found.head.size,
            found.head.root,
        )),
    )  # fmt: skip
    records = BlobRef(sha256=found.digest, bytes=len(data), type=MEDIA_TYPE, role=ROLE)
    said = json.dumps(dict(sorted(reasons.items())), ensure_ascii=False)

    def still_open(before: Sequence[Fact]) -> None:
        if before and isinstance(before[-1].what, StatementClosed):
            raise Refused("statement_closed", period=name)

    one = Declaration(stream=statement_stream(name, project), what=what,
                      private={"reasons": said} if reasons else {},
                      blobs=(records,), guard=still_open)  # fmt: skip
    return parts.ledger.declare(one, by, parts.now(), also)


def _may_close(found: Account, seen: str, reasons: Mapping[str, str]) -> None:
    name = found.period.name
    if found.state == RUNNING or found.period.end_ms > found.head.at_ms:
        raise Refused("statement_not_over", period=name)
    if found.state == CLOSED:
        raise Refused("statement_closed", period=name)
    if wrong := unsound(found.now):
        raise Refused("statement_unsound", period=name, figures=", ".join(wrong))
    if seen != found.digest:
        raise Refused("statement_moved", period=name)
    if len(found.now.open) > MOST_OPEN:
        raise Refused("statement_too_long", limit=MOST_OPEN)
    names = {one.name for one in found.now.open}
    if surplus := reasons.keys() - names:
        raise Refused("statement_reason_unknown", item=min(surplus))
    left = [one for one in names if not reasons.get(one, "").strip()]
    if left:
        raise Refused("statement_open", period=name, count=len(left))


def _keep(parts: Parts, data: bytes, digest: str) -> None:
    """The records come into custody before anything speaks of them."""
    with NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        parts.originals.take_in(
            Path(file.name), digest, len(data), MEDIA_TYPE, parts.now()
        )


def reopen(
    parts: Parts,
    name: str,
    project: str,
    *,
    words: str,
    by: str,
    also: Also = lambda _connection, _receipts: None,
) -> Receipt:
    """Open it again, for a reason. Refused: `statement_not_closed`."""
    period(name, parts.policy.calendar)
    stream = statement_stream(name, project)
    with reading(parts.engine) as connection:
        closing = _closing(_acts(connection, stream))
    if closing is None:
        raise Refused("statement_not_closed", period=name)

    def still_closed(before: Sequence[Fact]) -> None:
        if not before or before[-1].id != closing.id:
            raise Refused("statement_not_closed", period=name)

    one = Declaration(stream=stream, what=StatementReopened(closing=closing.id),
                      private={"words": words}, guard=still_closed)  # fmt: skip
    return parts.ledger.declare(one, by, parts.now(), also)


# many at once


@dataclass(frozen=True, kw_only=True)
class Day:
    """A day or a month in a calendar: how it stands, and what it is about."""

    name: str
    state: str
    asked: int
    open: int
    changed: bool
    closed_by: str | None = None
    closed_ms: int | None = None


def calendar(parts: Parts, names: Iterable[str], project: str) -> list[Day]:
    """How each of these periods stands."""
    found = []
    with reading(parts.engine) as connection:
        counting = Counting(connection, parts.policy, project)
        told_ = _all_acts(connection, project)
        for name in names:
            one = period(name, parts.policy.calendar)
            acts = told_.get(statement_stream(name, project), [])
            found.append(_day(one, counting.statement(one), acts, parts.now()))
    return found


def _all_acts(connection: Connection, project: str) -> dict[str, list[Act]]:
    """Every closing and reopening of this project, by stream."""
    ending = statement_stream("", project)[len("statement:") :]
    rows = _rows(connection, fact.c.stream.like(f"statement:%{ending}"))
    found: dict[str, list[Act]] = {}
    for row in rows:
        stream = read(row.body, row.id).head.stream
        found.setdefault(stream, []).append(_act(row, {}))
    return found


def _day(one: Period, counted: Statement, acts: Sequence[Act], now_ms: int) -> Day:
    closing = _closing(acts)
    asked = next(told_ for told_ in counted.figures if told_.code == "asked")
    changed = closing is not None and (
        cast(StatementClosed, closing.what).digest != digest_of(counted)
    )
    return Day(
        name=one.name, state=_state(one, acts, now_ms), asked=asked.value,
        open=len(counted.open), changed=changed,
        closed_by=closing.by if closing else None,
        closed_ms=closing.at_ms if closing else None,
    )  # fmt: skip
