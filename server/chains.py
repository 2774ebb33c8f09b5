"""The logs of devices: how far their chains are known, forks, and what they claim.

A claim ("my log has come to n, its tip is …") counts once the chain is known to go
through that tip; from then on it bounds in time whatever lies behind it (X1). A fact
that stands beside the chain, or that the chain has not reached, is bounded by nothing
but its own arrival. May not enter: orders.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import merge
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Connection, bindparam, select, update
from sqlalchemy import func as sql

from server.database import new_or_same
from server.keys import Keys
from server.prepared import Prepared
from server.tables import chain, claim, fact, log_token
from server.testimony import linked
from sync.envelope import read
from sync.exchange import Claim
from sync.facts import Fact
from sync.reading import Reading

WINDOW = 200  # facts of a log that are looked at in one go


_LOG: BindParameter[str] = bindparam("log")
LOCKED = Prepared(
    select(chain.c.log)
    .where(chain.c.log.in_(bindparam("names", expanding=True)))
    .order_by(chain.c.log)
    .with_for_update()
)
BLANK = Prepared(lambda connection: new_or_same(connection, chain))
_HELD = select(fact.c.n, fact.c.id, fact.c.seq, fact.c.received_ms).where(
    fact.c.log == _LOG
)
HELD_BETWEEN = Prepared(
    _HELD.where(fact.c.n >= bindparam("first"), fact.c.n <= bindparam("last"))
)
HELD_UNDER = Prepared(_HELD.where(fact.c.n.in_(bindparam("numbers", expanding=True))))
NOTED = Prepared(lambda connection: new_or_same(connection, claim))
HEARD = Prepared(
    select(claim.c.log, claim.c.n, claim.c.tip).where(
        claim.c.log.in_(bindparam("logs", expanding=True)),
        claim.c.n.in_(bindparam("numbers", expanding=True)),
    )
)
END = Prepared(select(chain.c.n, chain.c.tip).where(chain.c.log == _LOG))
REACH = Prepared(update(chain).where(chain.c.log == bindparam("b_log")))
STORED = Prepared(
    select(fact.c.n, fact.c.id, fact.c.prev, fact.c.stream, fact.c.body)
    .where(fact.c.log == _LOG, fact.c.n > bindparam("after"))
    .order_by(fact.c.n, fact.c.id)
    .limit(WINDOW)
)
STREAMS = Prepared(
    select(fact.c.stream)
    .where(fact.c.log == _LOG, fact.c.n > bindparam("settled"))
    .where(fact.c.n <= bindparam("last"))
    .distinct()
)
NEWEST_TOKEN = Prepared(
    select(sql.max(log_token.c.token_ms)).where(log_token.c.log == _LOG)
)
TOKENS = Prepared(lambda connection: new_or_same(connection, log_token))
SETTLED = Prepared(
    select(sql.max(claim.c.n)).where(claim.c.log == _LOG, claim.c.confirmed)
)
CLAIMS = Prepared(
    select(claim.c.n, claim.c.tip, claim.c.seen_ms)
    .where(claim.c.log == _LOG, claim.c.n > bindparam("settled"))
    .where(claim.c.n <= bindparam("reached"))
    .order_by(claim.c.n.desc())
)
CONFIRM = Prepared(
    update(claim)
    .where(claim.c.log == bindparam("b_log"), claim.c.n == bindparam("b_n"))
    .where(claim.c.tip == bindparam("b_tip"))
)


class Held(NamedTuple):
    """What lies in the book under a number of a log."""

    n: int
    id: str
    seq: int
    received_ms: int


class Said(NamedTuple):
    """A claim that was noted."""

    n: int
    tip: str
    seen_ms: int


class Link(NamedTuple):
    """A fact as its chain sees it."""

    n: int
    id: str
    prev: str | None
    stream: str
    body: str | None = None  # of one that was here before


@dataclass(frozen=True)
class Grown:
    """How far a chain has come: orders of which something old is known better now, and
    the fresh facts that it goes through."""

    better: frozenset[str]
    line: frozenset[str]


def lock(connection: Connection, logs: Iterable[str]) -> None:
    """Have these logs to oneself; taken before the lock of any order."""
    names = sorted(set(logs))
    if not names or _locked(connection, names) == len(names):
        return
    blank = [
        {"log": log, "device": log.partition(".")[0], "n": 0, "tip": None}
        for log in names
    ]
    BLANK.run_all(connection, blank)
    _locked(connection, names)


def _locked(connection: Connection, names: Sequence[str]) -> int:
    return len(LOCKED.all(connection, {"names": names}))


def held(connection: Connection, log: str, numbers: Collection[int]) -> list[Held]:
    """What lies in the book under these numbers of a log."""
    first, last = min(numbers), max(numbers)
    if last - first <= WINDOW:
        said = {"log": log, "first": first, "last": last}
        rows = HELD_BETWEEN.all(connection, said)
    else:
        rows = HELD_UNDER.all(connection, {"log": log, "numbers": sorted(numbers)})
    return [Held(*row) for row in rows]


def unheard(connection: Connection, claims: Sequence[Claim]) -> list[Claim]:
    """Those claims that were never made before: what is said again counts for nothing,
    and most greetings say nothing new."""
    if not claims:
        return []
    said = {
        "logs": sorted({one.log for one in claims}),
        "numbers": sorted({one.n for one in claims}),
    }
    known = set(HEARD.all(connection, said))
    return [one for one in claims if (one.log, one.n, one.tip) not in known]


def note_claims(connection: Connection, claims: Iterable[Claim], now_ms: int) -> None:
    """Keep what a device says of its logs; only the first time counts."""
    rows = [
        {"log": one.log, "n": one.n, "tip": one.tip, "seen_ms": now_ms,
         "reading": json.dumps(dict(one.at)), "confirmed": False}
        for one in claims
    ]  # fmt: skip
    NOTED.run_all(connection, rows)


def grow(
    connection: Connection, keys: Keys, log: str, fresh: Mapping[str, Fact]
) -> Grown:
    """Follow a locked log's chain as far as it goes, through facts that are here and
    the fresh ones that are about to be, and let the claims count that it bears out."""
    end = reached, tip = _end(connection, log)
    links = list(_links(connection, log, reached, tip, fresh))
    if links:
        reached, tip = links[-1].n, links[-1].id
        REACH.run(connection, {"b_log": log, "n": reached, "tip": tip})
        _note_tokens(connection, keys, log, links, fresh)
    through = {one.n: one.id for one in links}
    better = {one.stream for one in links if one.id not in fresh}
    better |= _confirm(connection, log, end, reached, through)
    return Grown(frozenset(better), frozenset(through.values()) & fresh.keys())


def _end(connection: Connection, log: str) -> tuple[int, str | None]:
    """How far a locked log's chain has come."""
    row = END.first(connection, {"log": log})
    assert row is not None
    return row[0], row[1]


def _links(
    connection: Connection,
    log: str,
    n: int,
    tip: str | None,
    fresh: Mapping[str, Fact],
) -> Iterator[Link]:
    """The facts that carry the chain on from its tip; stops at the first gap."""
    beside = sorted(
        (
            Link(one.head.n, name, one.head.prev, one.head.stream)
            for name, one in fresh.items()
            if one.head.n > n
        ),
        key=_place,
    )
    for one in merge(_stored(connection, log, n), beside, key=_place):
        if one.n > n + 1:
            return
        if one.n == n + 1 and one.prev == tip:
            n, tip = one.n, one.id
            yield one


def _place(link: Link) -> tuple[int, str]:
    return link.n, link.id


def _stored(connection: Connection, log: str, n: int) -> Iterator[Link]:
    """The facts of a log that are here already, from behind this number."""
    while True:
        rows = STORED.all(connection, {"log": log, "after": n})
        yield from (Link(*row) for row in rows)
        if len(rows) < WINDOW:
            return
        n = rows[-1][0]


def _note_tokens(
    connection: Connection,
    keys: Keys,
    log: str,
    links: Sequence[Any],
    fresh: Mapping[str, Fact],
) -> None:
    """Since which fact the chain knows a newer token than ever before."""
    newest = NEWEST_TOKEN.value(connection, {"log": log})
    device, rows = log.partition(".")[0], []
    before, ms = None, None
    for link in links:
        token = _token(link, fresh)
        if token != before:
            before, ms = token, keys.token_ms(device, token)
        if ms is not None and (newest is None or ms > newest):
            rows.append({"log": log, "token_ms": ms, "n": link.n})
            newest = ms
    TOKENS.run_all(connection, rows)


def _token(link: Link, fresh: Mapping[str, Fact]) -> str | None:
    if link.body is None:
        return fresh[link.id].reading.token
    return Reading.parse(read(link.body).head.at).token


def _confirm(
    connection: Connection,
    log: str,
    end: tuple[int, str | None],
    reached: int,
    through: Mapping[int, str],
) -> set[str]:
    """Let the claims bear witness that the chain goes through; the orders with facts
    from before of which more is known by that."""
    settled = _settled(connection, log)
    counting = _borne_out(connection, log, settled, end, reached, through)
    if not counting:
        return set()
    for one in counting:
        said = {"b_log": log, "b_n": one.n, "b_tip": one.tip, "confirmed": True}
        CONFIRM.run(connection, said)
    last = max(one.n for one in counting)
    said = {"log": log, "settled": settled, "last": last}
    return {stream for (stream,) in STREAMS.all(connection, said)}


def _settled(connection: Connection, log: str) -> int:
    """Up to this number facts have their claim; a later one can say nothing more."""
    return SETTLED.value(connection, {"log": log}) or 0


def _borne_out(
    connection: Connection,
    log: str,
    settled: int,
    end: tuple[int, str | None],
    reached: int,
    through: Mapping[int, str],
) -> list[Said]:
    """Claims that the chain goes through, and that were made before any that says more:
    the others add nothing."""
    said = {"log": log, "settled": settled, "reached": reached}
    rows = [Said(*row) for row in CLAIMS.all(connection, said)]
    known = dict(through)
    if older := {row.n for row in rows} - through.keys():
        known |= linked(connection, log, older, end)
    counting: list[Said] = []
    for row in rows:
        earlier = not counting or row.seen_ms < counting[-1].seen_ms
        if known.get(row.n) == row.tip and earlier:
            counting.append(row)
    return counting
