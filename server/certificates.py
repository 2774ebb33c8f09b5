"""Certificates: that a device was let in, in words that only this server can make.

A device that enrolled after the backup is unknown once that backup is put back, and
what it holds could never come home. Its certificate lets it in again, with its own key
only. May not enter: HTTP.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, select

from server import incidents
from server.auth import Enrolled, admit, thumbprint_of
from server.database import reading, writing
from server.epochs import Chance
from server.going_back import Mark, forgotten, mark_here
from server.incidents import Lost
from server.keys import Keys
from server.people import enter
from server.places import epoch_of
from server.tables import device_person, person
from sync.access import Grant
from sync.envelope import digest
from sync.problems import Refused

PURPOSE = "certificate"
MOST = 60  # letters of a name


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """Which device was let in, for whom, with which key, when the book stood where."""

    device: str
    actor: str
    name: str
    role: str
    shown: str
    key: str  # thumbprint
    mark: Mark


def issued(
    engine: Engine,
    keys: Keys,
    one: Enrolled,
    key: Mapping[str, str],
    shown: str,
    now_ms: int,
) -> str:
    """The certificate of a device that was let in just now."""
    with reading(engine) as connection:
        mark = mark_here(connection, now_ms)
        name = select(person.c.name).where(person.c.id == one.actor)
        called = connection.execute(name).scalar() or one.actor
    held = [one.device, one.actor, called[:MOST], one.role, shown[:MOST],
            thumbprint_of(dict(key)), mark.epoch, mark.position, mark.tag,
            now_ms]  # fmt: skip
    return keys.sealed(PURPOSE, json.dumps(held, ensure_ascii=False).encode())


def _read(keys: Keys, text: str) -> Certificate:
    data = keys.unsealed(PURPOSE, text)
    if data is None:
        raise Refused("code_wrong")
    name, actor, called, role, shown, key, epoch, position, tag, ms = json.loads(data)
    return Certificate(
        device=name, actor=actor, name=called, role=role, shown=shown, key=key,
        mark=Mark(epoch=epoch, position=position, tag=tag, seen_ms=ms),
    )  # fmt: skip


def let_in_again(
    engine: Engine,
    keys: Keys,
    text: str,
    key: dict[str, str],
    now_ms: int,
    chance: Chance,
) -> Enrolled:
    """A device that this book has forgotten is known again, and so is a person who came
    to it later; one that it knows, revoked or not, stays as it is. The desk is told,
    because a revocation may be lost too."""
    one = _read(keys, text)
    if thumbprint_of(key) != one.key:
        raise Refused("code_wrong")
    with writing(engine) as connection:
        known = select(device_person.c.person).where(
            device_person.c.device == one.device, device_person.c.person == one.actor
        )
        if connection.execute(known).first() is None:
            forgotten(connection, keys, one.mark, now_ms, chance)
            _know_again(connection, one, key, now_ms)
    return Enrolled(device=one.device, actor=one.actor, role=one.role)


def _know_again(
    connection: Connection, one: Certificate, key: dict[str, str], now_ms: int
) -> None:
    known = select(person.c.id).where(person.c.id == one.actor)
    if connection.execute(known).first() is None:
        enter(connection, one.actor, one.name, [Grant(role=one.role)], now_ms)
    admit(connection, one.device, one.actor, key, one.shown, now_ms)
    lost = Lost(
        fact=digest(f"device {one.device} {one.actor}".encode()),
        stream=f"device:{one.device}",
        decision={"kind": "device.enrolled", "by": "", "number": one.device,
                  "people": [one.actor]},
    )  # fmt: skip
    incidents.name_lost(connection, epoch_of(connection), [lost], now_ms)
