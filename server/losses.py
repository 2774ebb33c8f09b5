"""What a device said it had and never handed in: the loss that cannot be prevented, by
number (F11, F13; invariants 21, 22).

Exact up to the last number that anybody has heard of; what a tablet wrote after that,
nobody can know. Only a person settles it, with a reason, as an incident. May not enter:
giving anybody the blame.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, func, select, union

from server import incidents
from server.tables import claim, device, device_person, fact, incident, quarantine
from sync.envelope import digest
from sync.plain import Record, plain
from sync.problems import Refused

KIND = "device"

Stretch = tuple[int, int]  # from, through


class Fork(Record, frozen=True, kw_only=True):
    """Two facts, or a fact and a claim, under one number: both sides are named."""

    n: int
    held: tuple[str, ...]  # ids of the facts that are here; all of them count
    claimed: tuple[str, ...] = ()  # ids of which only a claim was heard


class LogReport(Record, frozen=True, kw_only=True):
    """One log of a device: what is here, what is not, where it parts."""

    log: str
    here: tuple[Stretch, ...]
    aside: tuple[Stretch, ...]  # in quarantine: in custody, as raw bytes
    missing: tuple[Stretch, ...]  # these numbers were given out, and never came
    known_through: int  # whatever may have been written after it is unknown
    claimed_ms: int | None
    forks: tuple[Fork, ...] = ()
    broken: tuple[str, ...] = ()  # facts that do not follow from the one before


class Report(Record, frozen=True, kw_only=True):
    """A device: whose it is, when it was last heard of, what it still owed then."""

    device: str
    name: str
    people: tuple[str, ...]
    contact_ms: int | None
    revoked_ms: int | None
    unsent: int | None
    logs: tuple[LogReport, ...]

    @property
    def missing(self) -> int:
        """How many facts are known to be missing."""
        return sum(last - first + 1 for log in self.logs for first, last in log.missing)

    @property
    def owes(self) -> bool:
        """Is there anything that a person has to know of?"""
        odd = any(log.forks or log.broken for log in self.logs)
        return bool(self.missing or self.unsent or odd)


def report(connection: Connection, name: str) -> Report:
    """What is known of this device's facts."""
    row = connection.execute(select(device).where(device.c.id == name)).first()
    if row is None:
        raise Refused("not_found")
    people = select(device_person.c.person).where(device_person.c.device == name)
    aside = _quarantined(connection, name)
    claims = _claims(connection, name)
    ours = fact.c.log.startswith(f"{name}.", autoescape=True)
    written = connection.execute(select(fact.c.log).distinct().where(ours)).scalars()
    logs = sorted({*written, *aside, *claims})
    return Report(
        device=name,
        name=row.name,
        people=tuple(sorted(connection.execute(people).scalars())),
        contact_ms=row.contact_ms,
        revoked_ms=row.revoked_ms,
        unsent=row.unsent,
        logs=tuple(
            _of_log(connection, log, aside.get(log, ()), claims.get(log, ()))
            for log in logs
        ),
    )


def put_before_the_desk(connection: Connection, name: str, now_ms: int) -> str | None:
    """An incident for what this device owes, if anything; the same debt is the same
    incident, so nothing that was settled opens again. Its name, or None."""
    found = report(connection, name)
    if not found.owes:
        return None
    known = plain(found.logs)
    debt = [(one["log"], one.get("missing"), one.get("broken")) for one in known]
    mark = digest(json.dumps([debt, found.unsent]).encode())[:8]
    incident_name = f"{KIND}-{name[:46]}-{mark}"
    incidents.report(connection, incident_name, KIND, plain(found), now_ms)
    return incident_name


def replaced_by(connection: Connection, name: str, now_ms: int) -> None:
    """A person has a new device: what the older ones still owe is put before the desk,
    because they may never be heard of again."""
    mine = select(device_person.c.person).where(device_person.c.device == name)
    older = select(device_person.c.device).where(
        device_person.c.person.in_(mine), device_person.c.device != name
    )
    for one in sorted(set(connection.execute(older).scalars())):
        put_before_the_desk(connection, one, now_ms)


def settled(connection: Connection) -> frozenset[str]:
    """Facts whose broken chain a person has looked at and explained."""
    rows = connection.execute(
        select(incident.c.facts).where(
            incident.c.kind == KIND, incident.c.closed_ms.is_not(None)
        )
    ).scalars()
    return frozenset(
        name
        for text in rows
        for log in json.loads(text).get("logs", ())
        for name in log.get("broken", ())
    )


# one log


def _of_log(
    connection: Connection, log: str, aside: Sequence[int], claims: Sequence[Any]
) -> LogReport:
    here = _here(connection, log)
    held = _stretches(aside)
    told = max((row.n for row in claims), default=0)
    known = max([told, *(last for _, last in (*here, *held))])
    return LogReport(
        log=log,
        here=here,
        aside=held,
        missing=_gaps(sorted((*here, *held)), known),
        known_through=known,
        claimed_ms=max((row.seen_ms for row in claims), default=None),
        forks=_forks(connection, log, claims),
        broken=_broken(connection, log),
    )


def _here(connection: Connection, log: str) -> tuple[Stretch, ...]:
    """The numbers that are here, as stretches without a gap."""
    rank = func.dense_rank().over(order_by=fact.c.n)
    ranked = (
        select(fact.c.n, (fact.c.n - rank).label("island"))
        .where(fact.c.log == log)
        .subquery()
    )
    rows = connection.execute(
        select(func.min(ranked.c.n), func.max(ranked.c.n))
        .group_by(ranked.c.island)
        .order_by(func.min(ranked.c.n))
    )
    return tuple((first, last) for first, last in rows)


def _stretches(numbers: Iterable[int]) -> tuple[Stretch, ...]:
    found: list[Stretch] = []
    for n in sorted(set(numbers)):
        if found and found[-1][1] == n - 1:
            found[-1] = (found[-1][0], n)
        else:
            found.append((n, n))
    return tuple(found)


def _gaps(held: Sequence[Stretch], through: int) -> tuple[Stretch, ...]:
    """The numbers up to `through` that none of these stretches holds."""
    found: list[Stretch] = []
    reached = 0
    for first, last in [*held, (through + 1, through + 1)]:
        if first > reached + 1:
            found.append((reached + 1, first - 1))
        reached = max(reached, last)
    return tuple(found)


def _forks(connection: Connection, log: str, claims: Sequence[Any]) -> tuple[Fork, ...]:
    """Numbers that stand for more than one fact, as far as facts and claims tell."""
    doubled = select(fact.c.n).where(fact.c.log == log).group_by(fact.c.n)
    told = select(claim.c.n).where(claim.c.log == log)
    looked_at = union(doubled.having(func.count() > 1), told)
    rows = connection.execute(
        select(fact.c.n, fact.c.id).where(fact.c.log == log, fact.c.n.in_(looked_at))
    )
    held: dict[int, set[str]] = {}
    for n, name in rows:
        held.setdefault(n, set()).add(name)
    tips: dict[int, set[str]] = {}
    for row in claims:
        tips.setdefault(row.n, set()).add(row.tip)
    return tuple(
        _fork(n, held.get(n, set()), tips.get(n, set()))
        for n in sorted(held.keys() | tips.keys())
        if len(held.get(n, set()) | tips.get(n, set())) > 1
    )


def _fork(n: int, held: set[str], told: set[str]) -> Fork:
    return Fork(n=n, held=tuple(sorted(held)), claimed=tuple(sorted(told - held)))


def _broken(connection: Connection, log: str) -> tuple[str, ...]:
    """Facts that name another fact before them than any that is here."""
    before = fact.alias()
    follows = (before.c.log == fact.c.log) & (before.c.n == fact.c.n - 1)
    there = select(before.c.id).where(follows).exists()
    linked = select(before.c.id).where(follows, before.c.id == fact.c.prev).exists()
    rows = select(fact.c.id).where(fact.c.log == log, there, ~linked)
    return tuple(connection.execute(rows.order_by(fact.c.n, fact.c.id)).scalars())


# what was heard of and is not among the facts


def _claims(connection: Connection, name: str) -> dict[str, list[Any]]:
    ours = claim.c.log.startswith(f"{name}.", autoescape=True)
    found: dict[str, list[Any]] = {}
    for row in connection.execute(select(claim).where(ours).order_by(claim.c.n)):
        found.setdefault(row.log, []).append(row)
    return found


def _quarantined(connection: Connection, name: str) -> dict[str, list[int]]:
    """Numbers by log that lie in quarantine, as far as their bytes can be read."""
    rows = select(quarantine.c.body).where(quarantine.c.device == name)
    found: dict[str, list[int]] = {}
    for body in connection.execute(rows).scalars():
        log, n = _place(body)
        if log.startswith(f"{name}.") and n > 0:
            found.setdefault(log, []).append(n)
    return found


def _place(body: str) -> tuple[str, int]:
    """Where raw bytes say that they belong; nowhere, if they say nothing of the kind.
    Nothing else in them is believed."""
    try:
        frame = json.loads(body)
    except (ValueError, RecursionError):
        return "", 0
    if not isinstance(frame, Mapping):
        return "", 0
    log, n = frame.get("log"), frame.get("n")
    if not isinstance(log, str) or type(n) is not int:
        return "", 0
    return log, n
