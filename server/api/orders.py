"""Orders: read one, its history, the whole log; dispatch and cancel."""

from typing import Any

from marshmallow import Schema, fields
from marshmallow.validate import Length, Range, Regexp

from server import desk
from server.asking import the_caller, the_desk
from server.blueprint import Blueprint
from server.parts import the_parts
from server.shapes import DocumentSchema, ReceiptSchema
from sync.access import may_read_all
from sync.envelope import ACTOR, MAX_INTEGER
from sync.plain import plain
from sync.problems import Refused

blp = Blueprint("orders", __name__, description="Work orders")

_ACTOR = Regexp(rf"^{ACTOR.pattern}$")


class AfterSchema(Schema):
    """Which facts: those after a position."""

    after = fields.Integer(load_default=0, validate=Range(0, MAX_INTEGER))
    limit = fields.Integer(load_default=200, validate=Range(1, 1000))


class FactSchema(Schema):
    """A fact with its place in the ledger."""

    position = fields.Integer(required=True)
    id = fields.String(required=True)
    received_ms = fields.Integer(required=True)
    b = fields.String(required=True)


class FactsSchema(Schema):
    """Facts in commit order."""

    facts = fields.List(fields.Nested(FactSchema), required=True)


class DispatchSchema(Schema):
    """To whom the order goes."""

    technician = fields.String(required=True, validate=_ACTOR)
    helpers = fields.List(fields.String(validate=_ACTOR), load_default=list,
                          validate=Length(max=20))  # fmt: skip
    words = fields.String(load_default="", validate=Length(max=1000))


class CancelSchema(Schema):
    """Why nobody needs to go."""

    reason = fields.String(required=True, validate=Regexp(r"^[a-z_]{1,40}$"))
    words = fields.String(load_default="", validate=Length(max=1000))


@blp.get("/v1/orders/<uuid:order>")
@blp.response(200, DocumentSchema)
def read(order: Any) -> Any:
    """One order as it stands, if it lies in the caller's scope."""
    caller = the_caller()
    found = the_parts().feed.document(caller.actor, caller.role, f"order:{order}")
    if found is None:
        raise Refused("not_found")
    return plain(found)


@blp.get("/v1/orders/<uuid:order>/facts")
@blp.arguments(AfterSchema, location="query")
@blp.response(200, FactsSchema)
def history(asked: dict[str, Any], order: Any) -> Any:
    """The order's facts in commit order, exactly as they were handed in."""
    caller, feed, name = the_caller(), the_parts().feed, f"order:{order}"
    if not feed.may_see(caller.actor, caller.role, name):
        raise Refused("not_found")
    return {"facts": feed.facts(asked["after"], asked["limit"], name)}


@blp.get("/v1/feed/facts")
@blp.arguments(AfterSchema, location="query")
@blp.response(200, FactsSchema)
def whole_log(asked: dict[str, Any]) -> Any:
    """The whole log in commit order; for service accounts and those who read all."""
    if not may_read_all(the_caller().role):
        raise Refused("forbidden")
    return {"facts": the_parts().feed.facts(asked["after"], asked["limit"])}


@blp.post("/v1/orders/<uuid:order>/dispatch")
@blp.arguments(DispatchSchema)
@blp.response(200, ReceiptSchema)
def dispatch(asked: dict[str, Any], order: Any) -> Any:
    """Give the order to a lead technician and helpers; again is a reassignment."""
    caller, parts = the_desk(), the_parts()
    return plain(desk.dispatch(
        parts.ledger, parts.door, stream=f"order:{order}", by=caller.actor,
        now_ms=parts.now(), **asked,
    ))  # fmt: skip


@blp.post("/v1/orders/<uuid:order>/cancel")
@blp.arguments(CancelSchema)
@blp.response(200, ReceiptSchema)
def cancel(asked: dict[str, Any], order: Any) -> Any:
    """Nobody needs to go any more."""
    caller, parts = the_desk(), the_parts()
    return plain(desk.cancel(
        parts.ledger, stream=f"order:{order}", by=caller.actor, now_ms=parts.now(),
        **asked,
    ))  # fmt: skip
