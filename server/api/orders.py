"""Orders: read one, its history, the whole log; what the desk decides about it.

Whoever decides may say with If-Match which `rev` of the document was on the screen: if
something came in since, the answer is 412 and nothing is decided.
"""

import re
from typing import Any

from flask import request
from marshmallow import Schema, fields
from marshmallow.validate import Length, Range, Regexp

from server import desk
from server.asking import the_caller, the_desk
from server.blueprint import Blueprint
from server.parts import the_parts
from server.shapes import DocumentSchema, ReceiptSchema
from sync.access import may_read_all
from sync.envelope import ACTOR, MAX_INTEGER
from sync.facts import What
from sync.facts.dispatch import REVIEW, Cancelled, Closed, Reopened, ReviewResolved
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


class ReasonSchema(Schema):
    """Why this is decided."""

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


class ResolveSchema(ReasonSchema):
    """Which review a person has looked at."""

    review = fields.String(required=True, validate=Regexp(rf"^{REVIEW.pattern}$"))


def _seen() -> int | None:
    """The `rev` that the caller had on the screen, if they say so."""
    said = request.headers.get("If-Match")
    if said is None:
        return None
    if not re.fullmatch(r'"[0-9]{1,16}"', said):
        raise Refused("request_malformed", why="If-Match")
    return int(said.strip('"'))


def _how(order: Any, words: str) -> dict[str, Any]:
    """Of which order, by whom, when, having seen what."""
    return {
        "stream": f"order:{order}", "by": the_desk().actor, "words": words,
        "now_ms": the_parts().now(), "seen": _seen(),
    }  # fmt: skip


@blp.post("/v1/orders/<uuid:order>/dispatch")
@blp.arguments(DispatchSchema)
@blp.response(200, ReceiptSchema)
def dispatch(asked: dict[str, Any], order: Any) -> Any:
    """Give the order to a lead technician and helpers; again is a reassignment."""
    how, parts = _how(order, asked.pop("words")), the_parts()
    return plain(desk.dispatch(parts.ledger, parts.door, **asked, **how))


@blp.post("/v1/orders/<uuid:order>/cancel")
@blp.arguments(ReasonSchema)
@blp.response(200, ReceiptSchema)
def cancel(asked: dict[str, Any], order: Any) -> Any:
    """Nobody needs to go any more."""
    return _decided(Cancelled(reason=asked["reason"]), asked, order)


@blp.post("/v1/orders/<uuid:order>/close")
@blp.arguments(ReasonSchema)
@blp.response(200, ReceiptSchema)
def close(asked: dict[str, Any], order: Any) -> Any:
    """Nothing more will happen."""
    return _decided(Closed(reason=asked["reason"]), asked, order)


@blp.post("/v1/orders/<uuid:order>/reopen")
@blp.arguments(ReasonSchema)
@blp.response(200, ReceiptSchema)
def reopen(asked: dict[str, Any], order: Any) -> Any:
    """Something is left to be done after all."""
    return _decided(Reopened(reason=asked["reason"]), asked, order)


@blp.post("/v1/orders/<uuid:order>/resolve")
@blp.arguments(ResolveSchema)
@blp.response(200, ReceiptSchema)
def resolve(asked: dict[str, Any], order: Any) -> Any:
    """A person has looked at a review; it is never opened again."""
    what = ReviewResolved(review=asked["review"], reason=asked["reason"])
    return _decided(what, asked, order)


def _decided(what: What, asked: dict[str, Any], order: Any) -> Any:
    how = _how(order, asked["words"])
    return plain(desk.decide(the_parts().ledger, what, **how))
