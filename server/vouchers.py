"""Vouchers: what the server has seen of a device's log, in words that only it can make.

A tablet keeps them. After a restore it hands them in again, and what was seen then
counts as seen then: nobody's arrival becomes later because a server was restored. Each
also marks how far the book had come, by which going back is noticed. May not enter:
HTTP.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, update

from server import chains
from server.entry import Entry
from server.going_back import Mark, mark_here
from server.keys import Keys
from server.tables import claim
from sync.exchange import Claim

_FORM = 1


@dataclass(frozen=True, kw_only=True)
class Voucher:
    """At `mark.seen_ms` this claim was seen, and the book had come to `mark`."""

    mark: Mark
    claim: Claim | None = None


def vouch(
    connection: Connection,
    keys: Keys,
    device: str,
    claims: Sequence[Claim],
    now_ms: int,
) -> str:
    """The voucher for a device whose logs have got so far; the last claim is the one of
    the log that it writes now."""
    mark = mark_here(connection, now_ms)
    own = [one for one in claims if one.log.partition(".")[0] == device and one.tip]
    held: list[Any] = [_FORM, mark.epoch, mark.position, mark.tag, now_ms]
    if own:
        last = own[-1]
        held += [last.log, last.n, last.tip, dict(last.at)]
    return keys.sealed(_purpose(device), json.dumps(held).encode())


def opened(keys: Keys, device: str, text: str) -> Voucher | None:
    """What a voucher of this device says; None if it is none."""
    data = keys.unsealed(_purpose(device), text)
    if data is None:
        return None
    form, epoch, position, tag, seen_ms, *rest = json.loads(data)
    if form != _FORM:
        return None
    mark = Mark(epoch=epoch, position=position, tag=tag, seen_ms=seen_ms)
    if not rest:
        return Voucher(mark=mark)
    log, n, tip, at = rest
    return Voucher(mark=mark, claim=Claim(log=log, n=n, tip=tip, at=at))


def _purpose(device: str) -> str:
    return f"seen {device}"


def honour(
    connection: Connection, keys: Keys, vouchers: Sequence[Voucher], now_ms: int
) -> None:
    """What was seen before a restore counts from when it was seen."""
    seen = [(one.claim, one.mark.seen_ms or now_ms) for one in vouchers if one.claim]
    logs = {one.log for one, _ in seen}
    chains.lock(connection, logs)
    for one, seen_ms in sorted(seen, key=lambda pair: pair[1]):
        chains.note_claims(connection, [one], seen_ms)
        _since(connection, one, seen_ms)
    Entry(connection, keys, now_ms).enter({}, {}, (), logs)


def _since(connection: Connection, one: Claim, seen_ms: int) -> None:
    """A claim that was noted again meanwhile goes back to its first time."""
    known = (claim.c.log == one.log) & (claim.c.n == one.n) & (claim.c.tip == one.tip)
    connection.execute(
        update(claim)
        .where(known, claim.c.seen_ms > seen_ms, ~claim.c.confirmed)
        .values(seen_ms=seen_ms, reading=json.dumps(dict(one.at)))
    )
