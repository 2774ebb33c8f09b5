"""Orders as one reader gets to see them: cards with what the field has told of late.

Planned is what the desk decided, known is what tablets have told, and how old that is.
Owners' data only for whoever may read it there (S1). May not enter: which orders are
asked for (`server/listing.py`), writing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Self

import msgspec
from sqlalchemy import BindParameter, Connection, bindparam, func, select

from server.board_tables import acknowledged, order_row, order_words
from server.prepared import NOTHING, Prepared, evened
from server.running import Promised, stands
from server.tables import device, device_person
from sync.access import EVERY, Grants, projects
from sync.card import HOME, Card, Way, home_of, is_provisional
from sync.deadlines import Running
from sync.plain import plain

ON_WAY_MS = 3 * 3_600_000  # nobody drives for so long
TAKEN_OUT_MS = 10 * 60_000  # not heard from for so long: out there with the order


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Whose eyes these are: `reads` whole projects, and every order that is given to
    `actor`; in which projects `owners` may be known."""

    actor: str
    reads: frozenset[str]
    owners: frozenset[str]

    @classmethod
    def of(cls, actor: str, grants: Grants) -> Self:
        """What these grants open to this person."""
        return cls(
            actor=actor, reads=projects(grants, "order.read"),
            owners=projects(grants, "owner.read"),
        )  # fmt: skip

    @property
    def reads_all(self) -> bool:
        return EVERY in self.reads

    def knows_owner(self, project: str) -> bool:
        """May they know who lives there?"""
        return EVERY in self.owners or project in self.owners

    @property
    def mark(self) -> str:
        """What a cursor is bound to: other grants see other orders."""
        return "\n".join((self.actor, *sorted(self.reads), "", *sorted(self.owners)))


class Row(NamedTuple):
    """An order's row, as far as it is shown."""

    stream: str
    rev: int
    project: str
    card: str


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is known beside the documents of some orders."""

    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    held: Mapping[tuple[str, str], int] = field(default_factory=dict)
    contacts: Mapping[str, int] = field(default_factory=dict)
    promised: Mapping[str, Sequence[Running]] = field(default_factory=dict)


_NAMES: BindParameter[list[str]] = bindparam("names", expanding=True)
ROWS = Prepared(
    select(*(order_row.c[name] for name in Row._fields))
    .where(order_row.c.stream.in_(_NAMES))
)  # fmt: skip
WORDS = Prepared(
    select(order_words.c.stream, order_words.c.field, order_words.c.value)
    .where(order_words.c.stream.in_(_NAMES))
    .where(order_words.c.field.in_([*HOME, "fault"]))
)  # fmt: skip
HELD = Prepared(
    select(acknowledged.c.stream, acknowledged.c.actor, acknowledged.c.position)
    .where(acknowledged.c.stream.in_(_NAMES))
)  # fmt: skip
CONTACTS = Prepared(
    select(device_person.c.person, func.max(device.c.contact_ms))
    .join(device, device.c.id == device_person.c.device)
    .where(device.c.revoked_ms.is_(None), device.c.contact_ms.is_not(None))
    .group_by(device_person.c.person)
)


def cards(
    connection: Connection,
    scope: Scope,
    promised: Promised,
    names: Sequence[str],
    now_ms: int,
) -> list[dict[str, Any]]:
    """These orders' cards, in this sequence, as this reader gets them."""
    rows: dict[str, Row] = {}
    words: dict[str, dict[str, str]] = {}
    held: dict[tuple[str, str], int] = {}
    for some in evened(names):
        said = {"names": some}
        rows |= {one[0]: Row(*one) for one in ROWS.all(connection, said)}
        held |= {(name, who): at for name, who, at in HELD.all(connection, said)}
        for name, what, value in WORDS.all(connection, said):
            words.setdefault(name, {})[what] = value
    known = Known(
        words=words,
        held=held,
        contacts=contacts(connection) if names else {},
        promised=promised.of(names),
    )
    return [_shown(rows[one], known, scope, now_ms) for one in names if one in rows]


def contacts(connection: Connection) -> dict[str, int]:
    """When each person's tablets were last heard from."""
    return {name: int(ms) for name, ms in CONTACTS.all(connection, NOTHING)}


_READ = msgspec.json.Decoder(Card)


def _shown(row: Row, known: Known, scope: Scope, now_ms: int) -> dict[str, Any]:
    card = _READ.decode(row.card)
    whole = scope.knows_owner(row.project)
    words = known.words.get(row.stream, {})
    window = card.appointment
    return {
        "id": row.stream.removeprefix("order:"),
        "number": card.number,
        "provisional": is_provisional(card.number),
        "project": card.project,
        "sort": card.sort,
        "trade": card.trade,
        "priority": card.priority,
        "stage": card.stage,
        "home": home_of(*(words.get(one, "") for one in HOME), whole=whole),
        "fault": words.get("fault", "") if whole else "",
        "technician": card.technician,
        "helpers": list(card.helpers),
        "appointment": plain(window) if window else None,
        "registered_ms": card.registered_ms,
        "round": card.round,
        "rework": card.rework,
        "reviews": list(card.reviews),
        "open": card.open,
        "held": card.held,
        "cancelled": card.cancelled,
        "accepted_ms": card.accepted_ms,
        "rev": row.rev,
        "known": _known(row.stream, card, known, now_ms),
        "deadlines": stands(known.promised.get(row.stream, ()), now_ms),
    }


def _known(name: str, card: Card, known: Known, now_ms: int) -> dict[str, Any]:
    """What the field has told, and when it last did."""
    heard = [known.contacts[one] for one in card.people if one in known.contacts]
    return {
        "on_site": list(card.on_site),
        "on_way": [one.actor for one in card.on_way if _is_coming(one, now_ms)],
        "trips": [plain(one) for one in card.trips],
        "taken_out": card.open and any(
            (name, one) in known.held and _is_silent(known.contacts.get(one), now_ms)
            for one in card.people
        ),
        "unseen": [
            one.actor
            for one in card.given
            if known.held.get((name, one.actor), -1) < one.position
        ],
        "contact_ms": max(heard, default=None),
        "as_of_ms": now_ms,
    }  # fmt: skip


def _is_coming(one: Way, now_ms: int) -> bool:
    """Not if it was long ago: they are there, or it came to nothing."""
    return one.from_ms is not None and now_ms - one.from_ms < ON_WAY_MS


def _is_silent(contact_ms: int | None, now_ms: int) -> bool:
    return contact_ms is None or now_ms - contact_ms >= TAKEN_OUT_MS
