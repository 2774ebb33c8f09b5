"""What tablets hand back after a restore: documents that the lost part had shown them.

A document is believed if it carries this server's own mark. Decisions of the desk in it
that the book does not hold are named in the incident of the restore, for a person;
nothing is decided by itself. May not enter: HTTP.
"""

import hmac
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, select

from server import incidents
from server.database import new_or_same, reading, writing
from server.documents import document_mac, gone_mac
from server.incidents import Lost
from server.keys import Keys
from server.places import epoch_of
from server.tables import fact, member, quarantine, returned, stream
from sync.envelope import digest
from sync.exchange import Gone, Outcome, Receipt
from sync.facts import KINDS
from sync.plain import Record

Asked = Mapping[str, Sequence[tuple[int, str]]]  # log -> numbers and ids


@dataclass(frozen=True, kw_only=True)
class Returned:
    """An order's document, exactly as it was once sent."""

    stream: str
    rev: int
    epoch: str
    text: str
    mac: str


@dataclass(frozen=True, kw_only=True)
class Left:
    """Word that an order left somebody's scope, exactly as it was once given."""

    stream: str
    epoch: str
    reason: str
    purge_ms: int
    mac: str


class Compared(Record, frozen=True, kw_only=True):
    """Receipts for facts that are here, and how many documents were known again."""

    receipts: tuple[Receipt, ...]
    documents: int


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What a tablet from a lost history still holds."""

    facts: Asked
    documents: Sequence[Returned] = ()
    gone: Sequence[Left] = ()


def compare(
    engine: Engine, keys: Keys, device: str, actor: str, shown: Shown, now_ms: int
) -> Compared:
    """What a tablet from a lost history holds, beside what is here."""
    known = 0
    if shown.documents or shown.gone:
        with writing(engine) as connection:
            known = take_back(connection, keys, shown.documents, device, now_ms)
            known += take_word(connection, keys, shown.gone, actor, now_ms)
    with reading(engine) as connection:
        return Compared(
            receipts=tuple(receipts(connection, device, shown.facts)), documents=known
        )


# What took an order away from somebody, by the reason that was given.
TAKEN = {
    "cancelled": "dispatch.cancelled",
    "closed": "dispatch.closed",
    "reassigned": "dispatch.dispatched",
}


def take_word(
    connection: Connection, keys: Keys, gone: Sequence[Left], actor: str, now_ms: int
) -> int:
    """Orders that this person was told to be rid of, and that the book still gives to
    them or does not know: the decision behind it is lost. How many words were ours."""
    ours = [one for one in gone if _was_said(keys, one)]
    lost = [
        Lost(
            fact=digest(f"{one.stream}\n{one.reason}\n{one.purge_ms}".encode()),
            stream=one.stream,
            decision={
                "kind": TAKEN.get(one.reason, one.reason), "by": "",
                "number": _number(connection, one.stream), "taken_from": actor,
            },
        )
        for one in ours
        if not _is_out(connection, one.stream, actor)
    ]  # fmt: skip
    incidents.name_lost(connection, epoch_of(connection), lost, now_ms)
    return len(ours)


def _was_said(keys: Keys, one: Left) -> bool:
    said = Gone(stream=one.stream, reason=one.reason, purge_ms=one.purge_ms)
    mac = gone_mac(keys, one.epoch, said)
    return hmac.compare_digest(mac.encode(), one.mac.encode())


def _is_out(connection: Connection, name: str, actor: str) -> bool:
    chosen = (member.c.stream == name) & (member.c.actor == actor)
    return connection.execute(select(member.c.state).where(chosen)).scalar() == "out"


def _number(connection: Connection, name: str) -> str | None:
    wanted = select(stream.c.number).where(stream.c.id == name)
    found: str | None = connection.execute(wanted).scalar()
    return found


def take_back(
    connection: Connection,
    keys: Keys,
    documents: Sequence[Returned],
    device: str,
    now_ms: int,
) -> int:
    """Keep what names a lost decision, and put it before a person; how many were ours.
    Safe to repeat: a decision is named once, whichever tablets bring it up."""
    ours = [one for one in documents if _is_ours(keys, one)]
    name = epoch_of(connection)
    for one in ours:
        lost = list(_lost(connection, one))
        if lost and incidents.name_lost(connection, name, lost, now_ms):
            connection.execute(new_or_same(connection, returned).values(
                stream=one.stream, epoch=one.epoch, rev=one.rev, document=one.text,
                device=device, returned_ms=now_ms,
            ))  # fmt: skip
    return len(ours)


def _is_ours(keys: Keys, one: Returned) -> bool:
    try:
        text = one.text.encode()
    except UnicodeEncodeError:
        return False
    mac = document_mac(keys, one.epoch, one.stream, one.rev, text)
    return hmac.compare_digest(mac.encode(), one.mac.encode())


def _lost(connection: Connection, one: Returned) -> Iterator[Lost]:
    """Decisions of the desk in this document that the book does not hold."""
    order: Mapping[str, Any] = json.loads(one.text)
    number = (order.get("request") or {}).get("number")
    for entry in order.get("history", ()):
        kind = KINDS.get(entry["kind"])
        if kind is None or not kind.decides or _holds(connection, entry):
            continue
        said = {"kind": entry["kind"], "by": entry["by"], "number": number}
        yield Lost(
            fact=entry["id"], stream=one.stream,
            decision=said | dict(_what(order, entry["id"])),
        )  # fmt: skip


def _holds(connection: Connection, entry: Mapping[str, Any]) -> bool:
    """Is this very fact in the book?"""
    wanted = select(fact.c.seq).where(
        fact.c.log == entry["log"], fact.c.n == entry["n"], fact.c.id == entry["id"]
    )
    return connection.execute(wanted).first() is not None


def _what(order: Mapping[str, Any], name: str) -> Iterator[tuple[str, Any]]:
    """What the decision said, as far as the order shows it."""
    for given in order.get("assignments", ()):
        if given.get("fact") == name:
            people = (given["technician"], *given.get("helpers", ()))
            yield "people", [who for who in people if who]
    for ended in ("cancelled", "closed"):
        if (said := order.get(ended)) and said.get("fact") == name:
            yield "reason", said.get("reason")


def receipts(connection: Connection, device: str, asked: Asked) -> list[Receipt]:
    """Receipts for those of these facts (log -> number and id) that are in custody: a
    tablet that comes from a lost history need not hand them in again."""
    found: dict[str, Receipt] = {}
    for log, facts in asked.items():
        names = {name for _, name in facts}
        held = select(fact.c.id, fact.c.seq, fact.c.received_ms).where(
            fact.c.log == log, fact.c.n.in_([n for n, _ in facts])
        )
        aside = select(
            quarantine.c.id, quarantine.c.seq, quarantine.c.received_ms
        ).where(quarantine.c.device == device, quarantine.c.id.in_(names))
        for wanted in (aside, held):
            found |= {
                row.id: Receipt(
                    id=row.id, outcome=Outcome.DUPLICATE, position=row.seq,
                    received_ms=row.received_ms,
                )
                for row in connection.execute(wanted)
                if row.id in names
            }  # fmt: skip
    return list(found.values())
