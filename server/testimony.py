"""What the server can swear to about the time of facts: brackets and contacts.

Reads tokens and claims; the assessment itself is `sync/timing.py`. May not enter:
anything that changes a document.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from server.keys import Keys
from server.tables import claim, log_token
from sync.facts import Fact
from sync.moment import Moment, Span
from sync.problems import Refused
from sync.reading import Reading, Witness, hello_anchor, token_anchor
from sync.timing import assess

SERVER = "server."


@dataclass(frozen=True)
class Contact:
    """A device told how far its log had got, and what its clocks said."""

    n: int
    seen_ms: int
    reading: Reading | None


def moments(
    connection: Connection, keys: Keys, facts: Mapping[str, tuple[Fact, int]]
) -> dict[str, Moment]:
    """When each of these facts happened; given as id -> (fact, first received, ms)."""
    by_log: dict[str, list[tuple[Fact, int]]] = {}
    for fact, received_ms in facts.values():
        by_log.setdefault(fact.head.log, []).append((fact, received_ms))
    found: dict[str, Moment] = {}
    for log, held in by_log.items():
        found |= _of_log(connection, keys, log, held)
    return found


def _of_log(
    connection: Connection, keys: Keys, log: str, held: list[tuple[Fact, int]]
) -> dict[str, Moment]:
    if log.startswith(SERVER):
        return {
            fact.id: Moment.known(Span(received, received + 1), "server")
            for fact, received in held
        }
    numbers = [fact.head.n for fact, _ in held]
    tokens = _tokens(connection, log, max(numbers))
    contacts = _contacts(connection, log, min(numbers), max(numbers))
    device = log.partition(".")[0]
    return {
        fact.id: assess(
            fact.reading,
            _witness(fact, received, keys.token_ms(device, fact.reading.token),
                     tokens, contacts),
        )
        for fact, received in held
    }  # fmt: skip


def _witness(
    fact: Fact,
    received_ms: int,
    token_ms: int | None,
    tokens: list[tuple[int, int]],
    contacts: list[Contact],
) -> Witness:
    older = [ms for n, ms in tokens if n <= fact.head.n]
    after = next((one for one in contacts if one.n >= fact.head.n), None)
    seen = received_ms if after is None else min(received_ms, after.seen_ms)
    anchor = None if token_ms is None else token_anchor(fact.reading, token_ms)
    return Witness(
        not_before_ms=max(older, default=None),
        not_after_ms=seen,
        before=anchor,
        after=hello_anchor(after.reading, after.seen_ms)
        if after and after.reading
        else None,
    )


def _tokens(connection: Connection, log: str, upto: int) -> list[tuple[int, int]]:
    """(n, ms): from fact n on, the log knew a token of that time."""
    rows = connection.execute(
        select(log_token.c.n, log_token.c.token_ms).where(
            log_token.c.log == log, log_token.c.n <= upto
        )
    )
    return [(row.n, row.token_ms) for row in rows]


def _contacts(connection: Connection, log: str, first: int, last: int) -> list[Contact]:
    """Confirmed claims that speak of these facts, earliest first."""
    wanted = select(claim.c.n, claim.c.seen_ms, claim.c.reading).where(
        claim.c.log == log, claim.c.confirmed, claim.c.n >= first
    )
    ordered = wanted.order_by(claim.c.n, claim.c.seen_ms)
    within = connection.execute(ordered.where(claim.c.n <= last)).all()
    beyond = connection.execute(ordered.where(claim.c.n > last).limit(1)).all()
    return [Contact(r.n, r.seen_ms, _reading(r.reading)) for r in (*within, *beyond)]


def _reading(text: str) -> Reading | None:
    try:
        return Reading.parse(json.loads(text))
    except Refused:
        return None


def tokens_named(keys: Keys, facts: Iterable[Fact]) -> dict[tuple[str, int], int]:
    """(log, token time) -> the first of these facts that names the token."""
    first: dict[tuple[str, int], int] = {}
    for fact in facts:
        log, n = fact.head.log, fact.head.n
        ms = keys.token_ms(log.partition(".")[0], fact.reading.token)
        if ms is not None:
            first[log, ms] = min(n, first.get((log, ms), n))
    return first
