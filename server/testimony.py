"""What the server can swear to about the time of facts: brackets and contacts.

Reads tokens and claims; the assessment itself is `sync/timing.py`. May not enter:
anything that changes a document.
"""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial

from sqlalchemy import BindParameter, Connection, bindparam, select

from server.keys import Keys
from server.prepared import Prepared
from server.tables import chain, claim, fact, log_token
from sync.facts import Fact
from sync.moment import Moment, Span
from sync.problems import Refused
from sync.reading import Anchor, Reading, Witness, hello_anchor, token_anchor
from sync.timing import assess

SERVER = "server."

_FIRST: BindParameter[int] = bindparam("first")
_LAST: BindParameter[int] = bindparam("last")
_TOKENS = select(log_token.c.n, log_token.c.token_ms).where(
    log_token.c.log == bindparam("log")
)
TOKEN_BEFORE = Prepared(
    _TOKENS.where(log_token.c.n <= _FIRST)
    .order_by(log_token.c.token_ms.desc())
    .limit(1)
)
TOKENS_WITHIN = Prepared(_TOKENS.where(log_token.c.n > _FIRST, log_token.c.n <= _LAST))
_CLAIMS = (
    select(claim.c.n, claim.c.seen_ms, claim.c.reading)
    .where(claim.c.log == bindparam("log"), claim.c.confirmed)
    .order_by(claim.c.n)
)
CLAIMS_WITHIN = Prepared(_CLAIMS.where(claim.c.n >= _FIRST, claim.c.n <= _LAST))
CLAIM_BEYOND = Prepared(_CLAIMS.where(claim.c.n > _LAST).limit(1))

TokenTime = Callable[[str | None], int | None]
Held = tuple[Fact, int]  # a fact, and when the server first saw it


@dataclass(frozen=True)
class Contact:
    """A device told how far its log had got, and what its clocks said."""

    n: int
    seen_ms: int
    anchor: Anchor | None


@dataclass(frozen=True)
class Record:
    """What is known of a log, as far as it bears on some of its facts."""

    device: str
    line: Mapping[int, str]  # the fact that the chain goes through, by number
    tokens: Sequence[tuple[int, int]]  # (n, ms): from n on, a token of that time
    contacts: Sequence[Contact]  # earliest first


def moments(
    connection: Connection,
    keys: Keys,
    facts: Mapping[str, Held],
    line: Collection[str] | None = None,
) -> dict[str, Moment]:
    """When each of these facts happened; given as id -> (fact, first received, ms).
    `line`: those of them that their chains go through, where that is known already."""
    found = {}
    for name, sworn in witnesses(connection, keys, facts, line).items():
        one, received = facts[name]
        own = sworn is None
        found[name] = _server_time(received) if own else assess(one.reading, sworn)
    return found


def witnesses(
    connection: Connection,
    keys: Keys,
    facts: Mapping[str, Held],
    line: Collection[str] | None = None,
) -> dict[str, Witness | None]:
    """What the server swears to about each of them; None: its own act."""
    by_log: dict[str, list[Held]] = {}
    for one, received_ms in facts.values():
        by_log.setdefault(one.head.log, []).append((one, received_ms))
    found: dict[str, Witness | None] = {}
    for log, held in by_log.items():
        if log.startswith(SERVER):
            found |= {one.id: None for one, _ in held}
        else:
            numbers = [one.head.n for one, _ in held]
            if line is None:
                through = linked(connection, log, numbers)
            else:
                through = {one.head.n: one.id for one, _ in held if one.id in line}
            record = _record(connection, log, numbers, through)
            token_ms = cache(partial(keys.token_ms, record.device))
            found |= {
                one.id: _witness(token_ms, one, received, record)
                for one, received in held
            }
    return found


def _server_time(received_ms: int) -> Moment:
    return Moment.known(Span(received_ms, received_ms + 1), "server")


def _record(
    connection: Connection, log: str, numbers: Sequence[int], line: Mapping[int, str]
) -> Record:
    first, last = min(numbers), max(numbers)
    return Record(
        device=log.partition(".")[0],
        line=line,
        tokens=_tokens(connection, log, first, last),
        contacts=_contacts(connection, log, first, last),
    )


def _witness(
    token_ms: TokenTime, one: Fact, received_ms: int, known: Record
) -> Witness:
    """A fact is bounded by what its chain knew before and claimed after it; one beside
    the chain only by its own token and its own arrival."""
    named = token_ms(one.reading.token)
    own = [] if named is None else [named]
    after = None
    if known.line.get(one.head.n) == one.id:
        own += [ms for n, ms in known.tokens if n <= one.head.n]
        after = next((c for c in known.contacts if c.n >= one.head.n), None)
    return Witness(
        not_before_ms=max(own, default=None),
        not_after_ms=min(received_ms, after.seen_ms) if after else received_ms,
        before=None if named is None else token_anchor(one.reading, named),
        after=after.anchor if after else None,
    )


def linked(
    connection: Connection,
    log: str,
    numbers: Collection[int],
    end: tuple[int, str | None] | None = None,
) -> dict[int, str]:
    """The fact that the log's chain goes through, for each of these numbers that it has
    reached, or that it had when it ended at `end`. Where a log has forked, the chain is
    walked back from there."""
    end = end or _end(connection, log)
    if end is None or not numbers:
        return {}
    reached, wanted = end
    rows = connection.execute(
        select(fact.c.n, fact.c.id).where(
            fact.c.log == log, fact.c.n.in_(numbers), fact.c.n <= reached
        )
    ).all()
    if len({row.n for row in rows}) == len(rows):
        return {row.n: row.id for row in rows}
    back = connection.execute(
        select(fact.c.n, fact.c.id, fact.c.prev)
        .where(fact.c.log == log, fact.c.n >= min(numbers), fact.c.n <= reached)
        .order_by(fact.c.n.desc())
    )
    found = {}
    for row in back:
        if row.id == wanted:
            found[row.n], wanted = row.id, row.prev
    return found


def _end(connection: Connection, log: str) -> tuple[int, str | None] | None:
    """How far a log's chain has come."""
    row = connection.execute(
        select(chain.c.n, chain.c.tip).where(chain.c.log == log)
    ).first()
    return None if row is None else (row.n, row.tip)


def _tokens(
    connection: Connection, log: str, first: int, last: int
) -> list[tuple[int, int]]:
    """The newest token before these facts, and those that came in between."""
    before = TOKEN_BEFORE.all(connection, {"log": log, "first": first})
    said = {"log": log, "first": first, "last": last}
    return [(n, ms) for n, ms in (*before, *TOKENS_WITHIN.all(connection, said))]


def _contacts(connection: Connection, log: str, first: int, last: int) -> list[Contact]:
    """Confirmed claims that speak of these facts: who says more said it later."""
    within = CLAIMS_WITHIN.all(connection, {"log": log, "first": first, "last": last})
    beyond = CLAIM_BEYOND.all(connection, {"log": log, "last": last})
    return [
        Contact(n, seen_ms, _anchor(text, seen_ms))
        for n, seen_ms, text in (*within, *beyond)
    ]


def _anchor(text: str, seen_ms: int) -> Anchor | None:
    """The clocks in a claim; a claim without any still says how far the log had got."""
    try:
        return hello_anchor(Reading.parse(json.loads(text)), seen_ms)
    except Refused:
        return None
