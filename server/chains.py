"""The logs of devices: how far their chains are known, forks, and what they claim.

A claim ("my log has come to n, its tip is …") is confirmed once the chain up to it is
here; from then on it bounds in time whatever lies behind it (X1). May not enter: orders.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, select, update
from sqlalchemy import func as sql

from server.board import new_or_same
from server.keys import Keys
from server.tables import chain, claim, fact, log_token
from server.testimony import SERVER, tokens_named
from sync.exchange import Claim
from sync.facts import Fact


@dataclass(frozen=True)
class Improved:
    """Orders whose facts are now known to be earlier, and logs with more of them."""

    streams: frozenset[str]
    elsewhere: tuple[str, ...]


def forked(connection: Connection, facts: Sequence[Fact]) -> bool:
    """Do two facts now stand under one number of one log (invariant 21)?"""
    for log in {one.head.log for one in facts}:
        numbers = [one.head.n for one in facts if one.head.log == log]
        doubled = connection.execute(
            select(fact.c.n)
            .where(fact.c.log == log, fact.c.n.in_(numbers))
            .group_by(fact.c.n)
            .having(sql.count() > 1)
            .limit(1)
        ).first()
        if doubled is not None:
            return True
    return False


def extend(
    connection: Connection, keys: Keys, facts: Sequence[Fact], locked: set[str]
) -> Improved:
    """Note tokens, follow each log's chain as far as it goes, confirm its claims.

    A claim that also speaks of orders which are not locked is left to `confirm` in a
    transaction of its own.
    """
    logs = sorted({f.head.log for f in facts if not f.head.log.startswith(SERVER)})
    _note_tokens(connection, keys, facts)
    streams: set[str] = set()
    elsewhere: list[str] = []
    for log in logs:
        _follow(connection, log)
        touched = set(unsettled(connection, log))
        if touched <= locked:
            confirm(connection, log)
            streams |= touched
        else:
            elsewhere.append(log)
    return Improved(frozenset(streams), tuple(elsewhere))


def _note_tokens(connection: Connection, keys: Keys, facts: Sequence[Fact]) -> None:
    for (log, ms), n in sorted(tokens_named(keys, facts).items()):
        connection.execute(
            new_or_same(connection, log_token).values(log=log, token_ms=ms, n=n)
        )
        earlier = (log_token.c.log == log) & (log_token.c.token_ms == ms)
        connection.execute(
            update(log_token).where(earlier, log_token.c.n > n).values(n=n)
        )


def _follow(connection: Connection, log: str) -> None:
    """Move the known end of the chain over every fact that links to it."""
    blank = {"log": log, "device": log.partition(".")[0], "n": 0, "tip": None}
    connection.execute(new_or_same(connection, chain), [blank])
    known = connection.execute(
        select(chain).where(chain.c.log == log).with_for_update()
    ).one()
    n, tip = known.n, known.tip
    rows = connection.execute(
        select(fact.c.n, fact.c.id, fact.c.prev)
        .where(fact.c.log == log, fact.c.n > n)
        .order_by(fact.c.n, fact.c.id)
    )
    for row in rows:
        if row.n > n + 1:
            break
        if row.n == n + 1 and row.prev == tip:
            n, tip = row.n, row.id
    if n > known.n:
        connection.execute(update(chain).where(chain.c.log == log).values(n=n, tip=tip))


def note_claims(
    connection: Connection, claims: Iterable[Claim], now_ms: int
) -> list[str]:
    """Keep what a device says of its logs; the logs with something to settle."""
    late = []
    for one in claims:
        connection.execute(new_or_same(connection, claim).values(
            log=one.log, n=one.n, tip=one.tip, seen_ms=now_ms,
            reading=json.dumps(dict(one.at)), confirmed=False,
        ))  # fmt: skip
        if unsettled(connection, one.log):
            late.append(one.log)
        else:
            confirm(connection, one.log)
    return late


def _confirmable(log: str) -> ColumnElement[bool]:
    """Claims of this log that the chain bears out."""
    reached = select(chain.c.n).where(chain.c.log == log).scalar_subquery()
    stands = (
        select(fact.c.id)
        .where(fact.c.log == log, fact.c.n == claim.c.n, fact.c.id == claim.c.tip)
        .exists()
    )
    return (claim.c.log == log) & ~claim.c.confirmed & (claim.c.n <= reached) & stands


def unsettled(connection: Connection, log: str) -> list[str]:
    """Orders with facts that an unconfirmed claim would put earlier than now known."""
    claims = connection.execute(
        select(claim.c.n, claim.c.seen_ms).where(_confirmable(log))
    ).all()
    streams: set[str] = set()
    for one in claims:
        streams |= set(connection.execute(
            select(fact.c.stream).distinct().where(
                fact.c.log == log, fact.c.n <= one.n, fact.c.n > _settled(connection, log),
            )
        ).scalars())  # fmt: skip
    return sorted(streams)


def _settled(connection: Connection, log: str) -> int:
    """Facts up to this number have a confirmed claim already, and an earlier one."""
    return (
        connection.execute(
            select(sql.max(claim.c.n)).where(claim.c.log == log, claim.c.confirmed)
        ).scalar()
        or 0
    )


def confirm(connection: Connection, log: str) -> None:
    """From now on these claims bear witness."""
    connection.execute(update(claim).where(_confirmable(log)).values(confirmed=True))
