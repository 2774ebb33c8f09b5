"""What is to be told, until it was: rows that outlive every restart.

Whoever sends takes rows on lease, so that two processes do not tell the same; who died
with them leaves them to the next. May not enter: what a notice says, how it travels.
"""

import json
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from msgspec import field
from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    delete,
    func,
    or_,
    select,
    true,
    update,
)

from server.board_tables import order_row
from server.database import new_or_same, reading, writing
from server.notice_tables import notice
from sync.access import EVERY
from sync.envelope import digest
from sync.masking import without_numbers
from sync.plain import Record, plain
from sync.problems import Refused
from sync.telling import Telling

WAITING, FAILED, SENT, DEAD = "waiting", "failed", "sent", "dead"
STATES = (WAITING, FAILED, SENT, DEAD)
LEASE_MS = 120_000
AT_ONCE = 500
MOST_LISTED = 200
DAY_MS = 86_400_000


class Notice(Record, frozen=True, kw_only=True):
    """Something to be told to one target: the occasion, the order, whom it is for."""

    id: str
    kind: str
    target: str
    stream: str
    person: str
    facts: dict[str, Any]
    urgent: bool
    made_ms: int
    next_ms: int | None
    tries: int = 0
    state: str = WAITING
    error: str | None = None
    sent_ms: int | None = None


class Told(Record, frozen=True, kw_only=True):
    """What happened that somebody has to be told. `about` names it: the same is told
    to the same target once."""

    about: str
    kind: str
    target: str
    stream: str
    person: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    urgent: bool = False
    gathered: bool = False  # waits a little for others


def enter(
    connection: Connection, told: Iterable[Told], rules: Telling, now_ms: int
) -> int:
    """Put these into the outbox, each once however often it is said; how many are
    new."""
    entered = 0
    for one in told:
        once = name_of(one)
        wait_ms = rules.gather_s * 1000 if one.gathered else 0
        row = {
            "id": f"msg_{once[:27]}", "once": once, "kind": one.kind,
            "target": one.target, "stream": one.stream, "person": one.person,
            "facts": json.dumps(one.facts, sort_keys=True, ensure_ascii=False),
            "urgent": one.urgent, "made_ms": now_ms, "next_ms": now_ms + wait_ms,
            "leased_ms": 0, "tries": 0, "state": WAITING,
        }  # fmt: skip
        entered += connection.execute(new_or_same(connection, notice), [row]).rowcount
    return entered


def name_of(one: Told) -> str:
    """What is told once, whoever comes upon it again."""
    return digest(f"{one.about}\n{one.kind}\n{one.target}".encode())


def unknown(connection: Connection, told: Iterable[Told]) -> list[Told]:
    """Those of these that are not in the outbox, and were not."""
    named = {name_of(one): one for one in told}
    names = list(named)
    for start in range(0, len(names), AT_ONCE):
        some = notice.c.once.in_(names[start : start + AT_ONCE])
        for once in connection.execute(select(notice.c.once).where(some)).scalars():
            del named[once]
    return list(named.values())


def due(connection: Connection, now_ms: int) -> list[Notice]:
    """What may go out now and nobody is at, urgent ones first, by age."""
    chosen = (
        select(notice)
        .where(notice.c.state.in_([WAITING, FAILED]))
        .where(notice.c.next_ms <= now_ms, notice.c.leased_ms <= now_ms)
        .order_by(notice.c.urgent.desc(), notice.c.made_ms, notice.c.id)
        .limit(AT_ONCE)
    )
    return [_notice(row) for row in connection.execute(chosen)]


def lease(connection: Connection, some: Sequence[Notice], now_ms: int) -> bool:
    """Take these, all or none; no if somebody else was quicker."""
    free = (
        update(notice)
        .where(notice.c.id.in_([one.id for one in some]))
        .where(notice.c.state.in_([WAITING, FAILED]), notice.c.leased_ms <= now_ms)
        .values(leased_ms=now_ms + LEASE_MS)
    )
    return connection.execute(free).rowcount == len(some)


def settle(connection: Connection, some: Sequence[Notice], **said: Any) -> None:
    """What became of these."""
    names = [one.id for one in some]
    values = {"leased_ms": 0, **said}
    connection.execute(update(notice).where(notice.c.id.in_(names)).values(values))


def sent(connection: Connection, some: Sequence[Notice], now_ms: int) -> None:
    """They arrived."""
    settle(connection, some, state=SENT, sent_ms=now_ms, error=None)


def postponed(connection: Connection, some: Sequence[Notice], until_ms: int) -> None:
    """They wait for their turn; that is no try."""
    settle(connection, some, next_ms=until_ms)


def failed(
    connection: Connection,
    some: Sequence[Notice],
    rules: Telling,
    now_ms: int,
    error: str,
    *,
    lasting: bool = False,
    after_s: int | None = None,
) -> None:
    """They did not arrive: try again later, or give up and wait for a person."""
    for one in some:
        tries = one.tries + 1
        dead = lasting or tries >= rules.tries
        wait_ms = max(rules.wait_ms(tries), (after_s or 0) * 1000)
        settle(
            connection, [one], tries=tries, error=error,
            state=DEAD if dead else FAILED, next_ms=now_ms + wait_ms,
        )  # fmt: skip


def sweep(connection: Connection, rules: Telling, now_ms: int) -> None:
    """What was sent or given up long ago is forgotten."""
    old = now_ms - rules.keep_days * DAY_MS
    over = notice.c.state.in_([SENT, DEAD]) & (notice.c.made_ms < old)
    connection.execute(delete(notice).where(over))


class Outbox:
    """For people who look it up."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def list(
        self,
        after: str | None = None,
        limit: int = MOST_LISTED,
        projects: Collection[str] = (EVERY,),
        *,
        state: str | None = None,
        target: str | None = None,
    ) -> list[Notice]:
        """Those of these projects' orders, the newest first, behind the one named."""
        chosen = select(notice).order_by(notice.c.made_ms.desc(), notice.c.id.desc())
        chosen = chosen.where(_of(projects))
        if state is not None:
            chosen = chosen.where(notice.c.state == state)
        if target is not None:
            chosen = chosen.where(notice.c.target == target)
        with reading(self._engine) as connection:
            if after is not None:
                chosen = chosen.where(_behind(connection, after))
            rows = connection.execute(chosen.limit(min(limit, MOST_LISTED)))
            return [_notice(row) for row in rows]

    def numbers(self, found: Iterable[Notice]) -> dict[str, str]:
        """By which number people know the order of each, by its stream."""
        of = {one.stream for one in found if one.stream}
        chosen = select(order_row.c.stream, order_row.c.number)
        with reading(self._engine) as connection:
            rows = connection.execute(chosen.where(order_row.c.stream.in_(of)))
            return {stream: number or "" for stream, number in rows}

    def counts(self, projects: Collection[str] = (EVERY,)) -> dict[str, int]:
        """How many there are in each state."""
        counted = select(notice.c.state, func.count()).group_by(notice.c.state)
        with reading(self._engine) as connection:
            rows = connection.execute(counted.where(_of(projects)))
            found = {state: int(many) for state, many in rows}
        return {state: found.get(state, 0) for state in STATES}

    def replay(self, name: str, now_ms: int) -> Notice:
        """Try again what was given up, as if for the first time."""
        with writing(self._engine) as connection:
            values = {"state": WAITING, "tries": 0, "next_ms": now_ms, "leased_ms": 0,
                      "error": None}  # fmt: skip
            mine = (notice.c.id == name) & (notice.c.state == DEAD)
            if connection.execute(update(notice).where(mine).values(values)).rowcount:
                chosen = select(notice).where(notice.c.id == name)
                return _notice(connection.execute(chosen).one())
            known = connection.execute(select(notice.c.id).where(notice.c.id == name))
            raise Refused("not_found" if known.first() is None else "notice_not_dead")


def _of(projects: Collection[str]) -> ColumnElement[bool]:
    """About an order of these projects."""
    if EVERY in projects:
        return true()
    theirs = select(order_row.c.stream).where(order_row.c.project.in_(projects))
    return notice.c.stream.in_(theirs)


def _behind(connection: Connection, name: str) -> Any:
    row = connection.execute(
        select(notice.c.made_ms).where(notice.c.id == name)
    ).first()
    if row is None:
        raise Refused("cursor_unknown")
    same = (notice.c.made_ms == row.made_ms) & (notice.c.id < name)
    return or_(notice.c.made_ms < row.made_ms, same)


def _notice(row: Any) -> Notice:
    over = row.state in (SENT, DEAD)
    return Notice(
        id=row.id, kind=row.kind, target=row.target, stream=row.stream,
        person=row.person, facts=json.loads(row.facts), urgent=bool(row.urgent),
        made_ms=row.made_ms, next_ms=None if over else row.next_ms, tries=row.tries,
        state=row.state, error=row.error, sent_ms=row.sent_ms,
    )  # fmt: skip


def shown(one: Notice) -> dict[str, Any]:
    """As people look it up; why it failed, without a telephone that may stand there."""
    empty = {"next_ms": None, "error": None, "sent_ms": None, "tries": 0,
             "state": WAITING}  # fmt: skip
    said = {**empty, **plain(one)}
    return said | {"error": said["error"] and without_numbers(said["error"])}
