"""What one device may hand in, and what is set aside: quarantine, inside a transaction.

What nobody can read, or may not be stated by this device, is kept as raw bytes with its
place and its reason; what is over a quota is refused, and stays on the tablet. May not
enter: what becomes of facts that are understood (`server/entry.py`).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, insert, select, update
from sqlalchemy import func as sql

from server.examine import Examined
from server.places import Event, advance, place
from server.prepared import Prepared
from server.tables import chain, fact, quarantine, taken_in
from sync.exchange import Outcome, Receipt

Receipts = dict[str, Receipt]

DAY_MS = 86_400_000
TOO_LONG = "body_too_long"


@dataclass(frozen=True, kw_only=True)
class Quota:
    """What is taken from one device: bytes of facts in a day, bytes in quarantine."""

    daily_bytes: int
    aside_bytes: int


NO_QUOTA = Quota(daily_bytes=1 << 60, aside_bytes=1 << 60)

ANY = Prepared(
    select(quarantine.c.id).where(quarantine.c.device == bindparam("device")).limit(1)
)
THESE = Prepared(
    select(quarantine.c.id, quarantine.c.seq, quarantine.c.received_ms).where(
        quarantine.c.device == bindparam("device"),
        quarantine.c.id.in_(bindparam("ids", expanding=True)),
    )
)
FACTS = Prepared(
    select(fact.c.id, fact.c.seq, fact.c.received_ms)
    .join(chain, chain.c.log == fact.c.log)
    .where(
        chain.c.device == bindparam("device"),
        fact.c.id.in_(bindparam("ids", expanding=True)),
    )
)
MORE = Prepared(
    update(taken_in)
    .where(taken_in.c.device == bindparam("b_device"))
    .where(taken_in.c.day == bindparam("b_day"))
    .values(bytes=taken_in.c.bytes + bindparam("weight"))
    .returning(taken_in.c.bytes)
)


class Known(NamedTuple):
    """What is in custody already, with its first receipt."""

    id: str
    seq: int
    received_ms: int


class Aside:
    """What one transaction sets aside for a device."""

    def __init__(self, connection: Connection, now_ms: int, quota: Quota) -> None:
        self._connection = connection
        self._now_ms = now_ms
        self._quota = quota
        self._since_ms: dict[str, int] = {}  # when quarantine first saw a fact

    def first_seen_ms(self, name: str) -> int:
        """When this fact was first received: by quarantine, or now."""
        return self._since_ms.get(name, self._now_ms)

    def settle(self, names: Collection[str]) -> None:
        """These were in quarantine and are facts after all."""
        settled = sorted(self._since_ms.keys() & names)
        if settled:
            self._connection.execute(
                update(quarantine).where(quarantine.c.id.in_(settled))
                .values(settled_ms=self._now_ms)
            )  # fmt: skip

    def known(
        self, offered: Mapping[str, Examined], stored: Receipts, device: str
    ) -> Receipts:
        """Receipts of what lies in quarantine, and is still not understood."""
        if ANY.first(self._connection, {"device": device}) is None:
            return {}
        said = {"device": device, "ids": [one for one in offered if one not in stored]}
        rows = [Known(*row) for row in THESE.all(self._connection, said)]
        self._since_ms |= {row.id: row.received_ms for row in rows}
        return {row.id: again(row) for row in rows if offered[row.id].reason}

    def take(self, aside: Sequence[tuple[Examined, str]], device: str) -> Receipts:
        """Raw bytes into quarantine, each with its place and its reason; refused, if
        the device has no room left there. What was a fact before it was suspected, or
        before this server forgot its kind, remains one and is not kept twice."""
        if not aside:
            return {}
        advance(self._connection, 0)  # alone from here: nobody sets the same aside
        receipts = {
            one.id: refused(one.id, reason)
            for one, reason in aside
            if reason == TOO_LONG
        }
        offered = {one.id: one for one, _ in aside}
        said = {"device": device, "ids": list(offered)}
        facts = [Known(*row) for row in FACTS.all(self._connection, said)]
        receipts |= {row.id: again(row) for row in facts}
        receipts |= self.known(offered, receipts, device)
        new = [(one, reason) for one, reason in aside if one.id not in receipts]
        room = self._quota.aside_bytes - self._held(device)
        kept: list[tuple[Examined, str]] = []
        for one, reason in new:
            room -= one.offer.weight
            if room < 0:
                receipts[one.id] = refused(one.id, "quota_exceeded")
            else:
                kept.append((one, reason))
        return receipts | self._lay(kept, device)

    def is_too_much(
        self, fresh: Iterable[str], offered: Mapping[str, Examined], device: str
    ) -> bool:
        """Has this device handed in more than a day's worth with these? They count only
        if it has not."""
        weight = sum(offered[name].offer.weight for name in fresh)
        if not weight:
            return False
        day = self._now_ms // DAY_MS
        row = {"b_device": device, "b_day": day, "weight": weight}
        total = MORE.value(self._connection, row)
        if total is None:
            first = {"device": device, "day": day, "bytes": weight}
            self._connection.execute(insert(taken_in).values(first))
            total = weight
        if total <= self._quota.daily_bytes:
            return False
        MORE.value(self._connection, row | {"weight": -weight})
        return True

    def _held(self, device: str) -> int:
        weight = sql.length(quarantine.c.body) + sql.length(quarantine.c.private)
        held = select(sql.sum(weight)).where(
            quarantine.c.device == device, quarantine.c.settled_ms.is_(None)
        )
        return self._connection.execute(held).scalar() or 0

    def _lay(self, kept: Sequence[tuple[Examined, str]], device: str) -> Receipts:
        places = place(self._connection, [
            Event(what="quarantine", id=one.id, received_ms=self._now_ms)
            for one, _ in kept
        ])  # fmt: skip
        receipts: Receipts = {}
        for (one, reason), seq in zip(kept, places, strict=True):
            head = one.fact.head if one.fact else None
            self._connection.execute(insert(quarantine).values(
                id=one.id, device=device, body=one.offer.body,
                private=one.offer.raw_private, reason=reason, seq=seq,
                log=head.log if head else None, n=head.n if head else None,
                received_ms=self._now_ms,
            ))  # fmt: skip
            receipts[one.id] = Receipt(
                id=one.id, outcome=Outcome.QUARANTINED, position=seq,
                received_ms=self._now_ms, reason=reason,
            )  # fmt: skip
        return receipts


def refused(name: str, reason: str) -> Receipt:
    """Not in custody: the tablet keeps it and shows it."""
    return Receipt(id=name, outcome=Outcome.REFUSED, reason=reason)


def again(row: Known) -> Receipt:
    """The receipt of what is here already."""
    return Receipt(
        id=row.id, outcome=Outcome.DUPLICATE, position=row.seq,
        received_ms=row.received_ms,
    )  # fmt: skip
