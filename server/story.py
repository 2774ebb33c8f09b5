"""Everything about one order on one page, in the sequence in which it happened.

Each entry says who, when and what that is worth, from which device, and what its author
knew. Private values only for whoever may read them there (S1). May not enter: HTTP,
writing, what it means (`sync/`).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from server import listing, owner_links, showing
from server.board import as_order
from server.documents import Text, texts
from server.running import Promised
from server.showing import Scope
from server.tables import blob_link, device, fact, person
from server.testimony import SERVER
from server.words import say
from sync import missing as lacking
from sync import reviews
from sync.envelope import Envelope, read
from sync.facts import KINDS
from sync.facts.owner import OWNER
from sync.masking import masked
from sync.moment import Moment
from sync.order import Entry, Order, Review
from sync.plain import plain
from sync.strength import STRENGTHS, strength
from sync.words import N_


@dataclass(frozen=True, kw_only=True)
class Told:
    """A fact as the book has it."""

    envelope: Envelope
    received_ms: int
    position: int


@dataclass(frozen=True, kw_only=True)
class Around:
    """What an order's facts are read with: names, bytes, private values."""

    text: Text
    order: Order
    facts: Mapping[str, Told]
    people: Mapping[str, str]
    whole: bool  # may the reader have what is the owner's?

    @property
    def codes(self) -> dict[str, list[str]]:
        """Of each fact, why a person must look at it."""
        found: dict[str, list[str]] = {}
        for one in self.order.reviews:
            for name in one.facts:
                found.setdefault(name, []).append(one.code)
        return found


def story(
    connection: Connection, scope: Scope, promised: Promised, name: str, now_ms: int
) -> dict[str, Any] | None:
    """The order's story as this reader gets it; None if it is not in their scope."""
    names = listing.seen(connection, scope, [name])
    shown = showing.cards(connection, scope, promised, names, now_ms)
    text = texts(connection, [name]).get(name)
    if not shown or text is None:
        return None
    around = _around(connection, scope, text)
    order, told = around.order, around.facts
    logs = {one.log for one in order.history}
    asked = order.request.private if order.request else {}
    absent = _spoken_of(connection, name) - text.held.keys()
    return {
        "id": shown[0]["id"],
        "rev": text.rev,
        "card": shown[0],
        "order": plain(order),
        "private": _said(around, asked),
        "entries": [
            _entry(one, told[one.id], around)
            for one in order.history
            if one.id in told
        ],
        "missing": [_lacks(one) for one in lacking.missing(order, absent)],
        "reviews": [review_of(one) for one in order.reviews],
        "deadlines": shown[0]["deadlines"],
        "strengths": _strengths(order),
        "owner_link_ms": owner_links.until(connection, name, now_ms),
        "seen_by": _seen_by(connection, around, shown[0]["known"]["unseen"]),
        "devices": _devices(connection, logs),
        "people": dict(around.people),
        "as_of_ms": now_ms,
    }  # fmt: skip


def _around(connection: Connection, scope: Scope, text: Text) -> Around:
    order = as_order(text.text)
    project = order.request.site if order.request else ""
    return Around(
        text=text, order=order, facts=_facts(connection, text.stream),
        people=called(connection, _named(order)), whole=scope.knows_owner(project),
    )  # fmt: skip


def _facts(connection: Connection, name: str) -> dict[str, Told]:
    rows = connection.execute(
        select(fact.c.id, fact.c.body, fact.c.received_ms, fact.c.seq)
        .where(fact.c.stream == name)
    )  # fmt: skip
    return {
        one.id: Told(
            envelope=read(one.body), received_ms=one.received_ms, position=one.seq
        )
        for one in rows
    }


def _named(order: Order) -> set[str]:
    given = {who for one in order.assignments for who in one.people}
    return {one.by for one in order.history} | given


OWNERS_NAME = N_("业主")  # nobody's account: whoever holds the order's own link


def called(connection: Connection, people: Iterable[str]) -> dict[str, str]:
    """What these people are called."""
    asked = {*people}
    names = person.c.id.in_(sorted(asked))
    found = connection.execute(select(person.c.id, person.c.name).where(names))
    told = {one.id: one.name for one in found}
    return told | {OWNER: say(OWNERS_NAME, {})} if OWNER in asked else told


def _spoken_of(connection: Connection, name: str) -> set[str]:
    wanted = select(blob_link.c.sha256).where(blob_link.c.stream == name)
    return set(connection.execute(wanted).scalars())


# what is said


def _entry(one: Entry, told: Told, around: Around) -> dict[str, Any]:
    """One thing that happened, with its private values and bytes."""
    envelope, kind = told.envelope, KINDS[one.kind]
    return {
        "id": one.id,
        "kind": one.kind,
        "label": say(kind.label, {}),
        "by": one.by,
        "name": around.people.get(one.by, one.by),
        "device": None if one.log.startswith(SERVER) else one.log.partition(".")[0],
        "moment": span(one.moment),
        "received_ms": told.received_ms,
        "position": told.position,
        "knew_position": one.basis,
        "words": _said(around, envelope.head.private, decided=kind.decides),
        "named": dict(envelope.head.private),
        "blobs": [
            plain(ref) | {"held": ref.sha256 in around.text.held,
                          "flaw": around.text.held.get(ref.sha256)}
            for ref in envelope.head.blobs
        ],
        "says": dict(envelope.payload),
        "review": around.codes.get(one.id, []),
        "replaced_by": one.replaced_by or None,
    }  # fmt: skip


def _said(
    around: Around, named: Mapping[str, str], *, decided: bool = False
) -> dict[str, str]:
    """Private values by name, as far as this reader may have them."""
    held = around.text.private
    values = {name: held[at][1] for name, at in named.items() if at in held}
    return values if around.whole else masked(values, decided=decided)


def span(moment: Moment | None) -> dict[str, Any] | None:
    """When it happened: what is proven and what is estimated."""
    if moment is None:
        return None
    return {
        "first_ms": moment.not_before_ms,
        "end_ms": moment.not_after_ms,
        "estimate_first_ms": moment.earliest_ms,
        "estimate_end_ms": moment.latest_ms,
        "grade": moment.grade.value,
    }


def review_of(one: Review) -> dict[str, Any]:
    """Something that waits for a person, in words."""
    words = say(reviews.LABELS.get(one.code, one.code), {})
    return {"id": one.id, "code": one.code, "words": words, "facts": list(one.facts)}


def _strengths(order: Order) -> dict[str, dict[str, str]]:
    """How strong what was signed is, by its sheet (A0)."""
    signed = {one.sheet for round_ in order.rounds for one in round_.verdicts}
    codes = {sheet: strength(order, sheet) for sheet in sorted(signed)}
    return {
        sheet: {"code": code, "words": say(STRENGTHS[code], {})}
        for sheet, code in codes.items()
    }


def _lacks(one: lacking.Missing) -> dict[str, str]:
    facts = {
        "number": one.number, "count": one.count,
        "due": yuan(one.due_fen), "paid": yuan(one.paid_fen),
    }  # fmt: skip
    return {"code": one.code, "words": say(lacking.LABELS[one.code], facts)}


def yuan(fen: int) -> str:
    """An amount as it is written on a bill."""
    return f"¥{fen // 100}.{fen % 100:02d}"


# who knows of it


def _seen_by(
    connection: Connection, around: Around, unseen: Collection[str]
) -> list[dict[str, Any]]:
    """Everybody who is given the order now: does their tablet hold it as it is given,
    have they opened it, when were they last heard from?"""
    heard = showing.contacts(connection)
    opened = {one.by: one.moment for one in around.order.seen}
    given = around.order.assignment.people if around.order.assignment else ()
    return [
        {
            "actor": one,
            "name": around.people.get(one, one),
            "seen": one not in unseen,
            "opened": one in opened,
            "moment": span(opened.get(one)),
            "contact_ms": heard.get(one),
        }
        for one in sorted(given)
    ]


def _devices(connection: Connection, logs: Iterable[str]) -> dict[str, Any]:
    names = {one.partition(".")[0] for one in logs if not one.startswith(SERVER)}
    wanted = select(device.c.id, device.c.name, device.c.contact_ms).where(
        device.c.id.in_(sorted(names))
    )
    return {
        one.id: {"name": one.name, "contact_ms": one.contact_ms}
        for one in connection.execute(wanted)
    }
