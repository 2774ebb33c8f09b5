"""Intake: a call is looked up, taken, given the register's number, handed over (I1–I5).

Whoever takes a request sees it through until it is handed over. What the desk knows of
people is found only by those who may know it, and only in their projects (S1).
"""

from collections.abc import Iterable, Mapping
from typing import Any

from server import listing, lookup, numbering, showing, taking
from server.asking import must, must_order, the_caller
from server.blueprint import Blueprint
from server.database import reading
from server.desk_shapes import (
    AskedSchema,
    EnteredSchema,
    FoundSchema,
    LookUpSchema,
    NumberedSchema,
    NumberSchema,
    TakeSchema,
)
from server.homes import Home
from server.idempotency import kept_with, once
from server.parts import the_parts
from server.running import Promised
from server.scoping import the_scope
from server.shapes import ReceiptSchema
from sync.access import EVERY, Grants, projects
from sync.plain import plain
from sync.problems import Refused
from sync.warranty import warranties

blp = Blueprint("intake", __name__, description="Requests as they come in")


@blp.post("/v1/orders")
@once
@blp.arguments(AskedSchema)
@blp.response(201, EnteredSchema)
def take(asked: dict[str, Any]) -> Any:
    """Take a request, under our own number until the register gives one."""
    said = {name: value for name, value in asked.items() if value is not None}
    if agreed := said.pop("appointment", None):
        said["appointment"] = taking.Window(**agreed)
    request = taking.Asked.tidy(**said)
    caller, parts = must("intake.write", request.project), the_parts()
    made = taking.take(
        parts.ledger, parts.engine, parts.policy, request, by=caller.actor,
        called=parts.people.called(caller.actor), now_ms=parts.now(),
        chance=parts.chance, note=lambda made: kept_with(lambda _: _entered(made), 201),
    )  # fmt: skip
    return _entered(made)


@blp.get("/v1/intake/lookup")
@blp.arguments(LookUpSchema, location="query")
@blp.response(200, FoundSchema)
def look_up(asked: dict[str, Any]) -> Any:
    """Who could be calling: homes by phone, room or name, with what was done there."""
    must("intake.write")
    parts, now_ms = the_parts(), the_parts().now()
    homes = lookup.look_up(parts.engine, asked["q"], open_to(the_caller().grants))
    parts.traces.read_by(the_caller().actor, read_of(homes), now_ms)
    alike = taking.compared(
        parts.engine, parts.policy, [one.place for one in homes], asked.get("trade"),
        now_ms,
    )  # fmt: skip
    same, again = alike.duplicates, alike.repeats
    cards = _cards([*same, *again, *(name for one in homes for name in one.orders)])
    return {
        "homes": [_home(one, cards) for one in homes],
        "duplicates": [cards[name] for name in same if name in cards],
        "repeats": [cards[name] for name in again if name in cards],
    }


@blp.post("/v1/orders/<uuid:order>/number")
@once
@blp.arguments(NumberSchema)
@blp.response(200, NumberedSchema)
def number(asked: dict[str, Any], order: Any) -> Any:
    """The register's number for an order that was taken here; if the register's row
    came first, the two become one, and the answer says which goes on."""
    name, parts = f"order:{order}", the_parts()
    caller = must_order("intake.write", name)
    given = numbering.unified(asked["number"])
    goes_on = numbering.give_number(
        parts.ledger, parts.engine, order=name, said=given, by=caller.actor,
        now_ms=parts.now(),
        note=lambda stays: kept_with(lambda _: {"id": _id(stays), "number": given}),
    )  # fmt: skip
    return {"id": _id(goes_on), "number": given}


@blp.post("/v1/orders/<uuid:order>/take")
@once
@blp.arguments(TakeSchema)
@blp.response(200, ReceiptSchema)
def hand_over(asked: dict[str, Any], order: Any) -> Any:
    """From now on this person sees the request through (I2)."""
    name, parts = f"order:{order}", the_parts()
    caller = must_order("intake.write", name)
    to = asked["person"] or caller.actor
    site = parts.feed.project_of(name)
    if not may_take(parts.people.grants_of(to), site):
        raise Refused("person_not_desk", person=to)
    receipt = taking.hand_over(
        parts.ledger, to=to, stream=name, by=caller.actor, words=asked["words"],
        now_ms=parts.now(), note=kept_with(),
    )  # fmt: skip
    return plain(receipt)


def _entered(made: taking.Entered) -> dict[str, Any]:
    return {
        "id": _id(made.stream), "number": made.number, "provisional": True,
        "duplicates": [_id(one) for one in made.duplicates],
        "repeats": [_id(one) for one in made.repeats],
    }  # fmt: skip


def may_take(grants: Grants, project: str) -> bool:
    """May somebody with these see a request of this project through?"""
    here = projects(grants, "intake.write")
    return EVERY in here or project in here


def open_to(grants: Grants) -> frozenset[str]:
    """Where somebody with these may look people up: where they take requests and may
    know owners."""
    takes, knows = projects(grants, "intake.write"), projects(grants, "owner.read")
    if EVERY in takes:
        return knows
    return takes if EVERY in knows else takes & knows


def read_of(homes: Iterable[Home]) -> list[str]:
    """What whoever sees these homes has read of: the homes and their orders (S2)."""
    known = list(homes)
    orders = (name for one in known for name in one.orders)
    return list(dict.fromkeys([*(one.place.trace for one in known), *orders]))


def _cards(names: Iterable[str]) -> Mapping[str, Any]:
    """The cards of those of these orders that the caller may see, by stream."""
    parts, scope = the_parts(), the_scope()
    with reading(parts.engine) as connection:
        seen = listing.seen(connection, scope, list(dict.fromkeys(names)))
        promised = Promised(connection, parts.policy)
        found = showing.cards(connection, scope, promised, seen, parts.now())
    return {f"order:{one['id']}": one for one in found}


def _home(one: Home, cards: Mapping[str, Any]) -> dict[str, Any]:
    policy = the_parts().policy
    place = one.place
    return {
        "project": place.project, "building": place.building, "unit": place.unit,
        "room": place.room, "handed_over_day": one.handed_over_day, "note": one.note,
        "residents": [
            {"name": who.name, "phone": who.phone, "relation": who.relation,
             "since": who.since}
            for who in one.residents
        ],
        "warranty": plain(warranties(one.handed_over_day, policy.warranty_years)),
        "orders": [cards[name] for name in one.orders if name in cards],
    }  # fmt: skip


def _id(name: str) -> str:
    return name.removeprefix("order:")
