"""Devices as the desk sees them: whose they are, what they last told, what would be
lost with them.

A device is seen by whoever sees one of its people. May not enter: HTTP, proving who
asks, letting in (`server/auth.py`).
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, and_, or_, select

from server import losses
from server.board_tables import acknowledged
from server.people_tables import device_state, grant
from server.tables import device, device_person, member
from sync.access import EVERY, Grants, projects
from sync.plain import plain
from sync.problems import Refused

SAID = ("id", "name", "enrolled_ms", "contact_ms", "client", "unsent", "revoked_ms")


def enrolment_link(url: str, code: str) -> str:
    """Opens the tablet's app with this code in place; after the # it reaches no log."""
    return f"{url.rstrip('/')}/tablet/#/enrol/{code.replace('.', '~')}"


def everything(
    connection: Connection, grants: Grants, action: str = "device.read"
) -> list[dict[str, Any]]:
    """Every device that these grants let somebody see, or do this to."""
    people = _people(connection)
    shown = _shown(connection, projects(grants, action))
    states = {row.device: row for row in connection.execute(select(device_state))}
    return [
        _said(row, people.get(row.id, ()), states.get(row.id))
        for row in connection.execute(select(device).order_by(device.c.id))
        if shown is None or shown.intersection(people.get(row.id, ()))
    ]


def one(
    connection: Connection, grants: Grants, name: str, action: str = "device.read"
) -> dict[str, Any]:
    """The same of one device; another's is as if it were unknown (X9)."""
    for found in everything(connection, grants, action):
        if found["id"] == name:
            return found
    raise Refused("not_found")


def report(connection: Connection, name: str) -> dict[str, Any]:
    """What a device wrote and never handed in, number by number."""
    logs = losses.report(connection, name).logs
    return {
        "logs": [
            {"log": log.log, "here": log.here, "aside": log.aside,
             "missing": log.missing, "known_through": log.known_through,
             "claimed_ms": log.claimed_ms, "broken": log.broken,
             "forks": [plain(fork) for fork in log.forks]}
            for log in logs
        ],
    }  # fmt: skip


def held(connection: Connection, name: str) -> dict[str, str]:
    """Orders whose data lie on this device, as far as is known: stream -> "held";
    "given" if no word came that it got there; "taken_back" if none came that it is off
    again."""
    rows = connection.execute(
        select(member.c.stream, member.c.state, member.c.pos, acknowledged.c.position)
        .join(device_person, device_person.c.person == member.c.actor)
        .outerjoin(acknowledged, and_(
            acknowledged.c.stream == member.c.stream,
            acknowledged.c.actor == member.c.actor,
            acknowledged.c.device == device_person.c.device,
        ))
        .where(device_person.c.device == name)
        .where(or_(
            member.c.state == "in", acknowledged.c.position.is_(None),
            member.c.pos > acknowledged.c.position,
        ))
    )  # fmt: skip
    found: dict[str, str] = {}
    for stream, state, _, reached in sorted(rows, key=lambda row: row.state):
        told = "given" if reached is None else "held"  # as of some state of it
        found.setdefault(stream, told if state == "in" else "taken_back")
    return found


def _people(connection: Connection) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    wanted = select(device_person).order_by(device_person.c.person)
    for row in connection.execute(wanted):
        found.setdefault(row.device, []).append(row.person)
    return found


def _shown(connection: Connection, where: frozenset[str]) -> frozenset[str] | None:
    """People with something to do in these projects; None: everybody."""
    if EVERY in where:
        return None
    chosen = grant.c.project.in_([EVERY, *where]) if where else grant.c.person.is_(None)
    return frozenset(connection.execute(select(grant.c.person).where(chosen)).scalars())


def _said(row: Any, people: Iterable[str], state: Any) -> dict[str, Any]:
    storage = None
    if state is not None and state.free_bytes is not None:
        storage = {"persisted": bool(state.persisted), "free_bytes": state.free_bytes}
    return {name: getattr(row, name) for name in SAID} | {
        "people": list(people),
        "drift_ms": state.drift_ms if state is not None else None,
        "storage": storage,
        "reason": (state.reason if state is not None else None) or "",
    }
