"""The logs of devices: how far their chains are known, forks, and what they claim.

A claim ("my log has come to n, its tip is …") counts once the chain is known to go
through that tip; from then on it bounds in time whatever lies behind it (X1). A fact
that stands beside the chain, or that the chain has not reached, is bounded by nothing
but its own arrival. May not enter: orders.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select, update
from sqlalchemy import func as sql

from server.database import new_or_same
from server.keys import Keys
from server.tables import chain, claim, fact, log_token
from server.testimony import linked
from sync.envelope import read
from sync.exchange import Claim
from sync.facts import Fact
from sync.reading import Reading

WINDOW = 200  # facts of a log that are looked at in one go


def lock(connection: Connection, logs: Iterable[str]) -> None:
    """Have these logs to oneself; taken before the lock of any order."""
    names = sorted(set(logs))
    if not names:
        return
    blank = [
        {"log": log, "device": log.partition(".")[0], "n": 0, "tip": None}
        for log in names
    ]
    connection.execute(new_or_same(connection, chain), blank)
    chosen = select(chain.c.log).where(chain.c.log.in_(names)).order_by(chain.c.log)
    connection.execute(chosen.with_for_update()).all()


def note_claims(connection: Connection, claims: Iterable[Claim], now_ms: int) -> None:
    """Keep what a device says of its logs; only the first time counts."""
    rows = [
        {"log": one.log, "n": one.n, "tip": one.tip, "seen_ms": now_ms,
         "reading": json.dumps(dict(one.at)), "confirmed": False}
        for one in claims
    ]  # fmt: skip
    if rows:
        connection.execute(new_or_same(connection, claim), rows)


def grow(
    connection: Connection, keys: Keys, log: str, fresh: Mapping[str, Fact]
) -> set[str]:
    """Follow a locked log's chain as far as it goes, and let the claims count that it
    bears out; the orders with facts, besides the fresh ones, whose time is now known
    better."""
    known = connection.execute(select(chain).where(chain.c.log == log)).one()
    links = list(_links(connection, log, known.n, known.tip))
    reached = known.n
    if links:
        reached, tip = links[-1].n, links[-1].id
        connection.execute(
            update(chain).where(chain.c.log == log).values(n=reached, tip=tip)
        )
        _note_tokens(connection, keys, log, links, fresh)
    better = {row.stream for row in links if row.id not in fresh}
    return better | _confirm(connection, log, reached, fresh)


def _links(connection: Connection, log: str, n: int, tip: str | None) -> Iterator[Any]:
    """The facts that carry the chain on from its tip; stops at the first gap."""
    while True:
        start = n
        rows = connection.execute(
            select(fact.c.n, fact.c.id, fact.c.prev, fact.c.stream, fact.c.body)
            .where(fact.c.log == log, fact.c.n > n, fact.c.n <= n + WINDOW)
            .order_by(fact.c.n, fact.c.id)
        )
        for row in rows:
            if row.n == n + 1 and row.prev == tip:
                n, tip = row.n, row.id
                yield row
        if n < start + WINDOW:
            return


def _note_tokens(
    connection: Connection,
    keys: Keys,
    log: str,
    links: Sequence[Any],
    fresh: Mapping[str, Fact],
) -> None:
    """Since which fact the chain knows a newer token than ever before."""
    newest = connection.execute(
        select(sql.max(log_token.c.token_ms)).where(log_token.c.log == log)
    ).scalar()
    device, rows = log.partition(".")[0], []
    for link in links:
        one = fresh.get(link.id)
        at = one.reading if one else Reading.parse(read(link.body).head.at)
        ms = keys.token_ms(device, at.token)
        if ms is not None and (newest is None or ms > newest):
            rows.append({"log": log, "token_ms": ms, "n": link.n})
            newest = ms
    if rows:
        connection.execute(new_or_same(connection, log_token), rows)


def _confirm(
    connection: Connection, log: str, reached: int, fresh: Mapping[str, Fact]
) -> set[str]:
    """Let the claims bear witness that the chain goes through."""
    settled = _settled(connection, log)
    counting = _borne_out(connection, log, settled, reached)
    if not counting:
        return set()
    for one in counting:
        chosen = (claim.c.log == log) & (claim.c.n == one.n) & (claim.c.tip == one.tip)
        connection.execute(update(claim).where(chosen).values(confirmed=True))
    last = max(one.n for one in counting)
    rows = connection.execute(
        select(fact.c.id, fact.c.stream).where(
            fact.c.log == log, fact.c.n > settled, fact.c.n <= last
        )
    )
    return {row.stream for row in rows if row.id not in fresh}


def _settled(connection: Connection, log: str) -> int:
    """Up to this number facts have their claim; a later one can say nothing more."""
    found = select(sql.max(claim.c.n)).where(claim.c.log == log, claim.c.confirmed)
    return connection.execute(found).scalar() or 0


def _borne_out(
    connection: Connection, log: str, settled: int, reached: int
) -> list[Any]:
    """Claims that the chain goes through, and that were made before any that says more:
    the others add nothing."""
    rows = connection.execute(
        select(claim)
        .where(claim.c.log == log, claim.c.n > settled, claim.c.n <= reached)
        .order_by(claim.c.n.desc())
    ).all()
    through = linked(connection, log, {row.n for row in rows})
    counting: list[Any] = []
    for row in rows:
        earlier = not counting or row.seen_ms < counting[-1].seen_ms
        if through.get(row.n) == row.tip and earlier:
            counting.append(row)
    return counting


def forked(connection: Connection, facts: Iterable[Fact]) -> bool:
    """Do two facts stand under one number of one log (invariant 21)?"""
    numbers: dict[str, set[int]] = {}
    for one in facts:
        numbers.setdefault(one.head.log, set()).add(one.head.n)
    for log, held in numbers.items():
        doubled = (
            select(fact.c.n).where(fact.c.log == log, fact.c.n.in_(held))
            .group_by(fact.c.n).having(sql.count() > 1).limit(1)
        )  # fmt: skip
        if connection.execute(doubled).first() is not None:
            return True
    return False
