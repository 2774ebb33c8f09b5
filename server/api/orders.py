"""Orders: read one, its history, the whole log; what the desk decides about it.

Whoever decides may say with If-Match which `rev` of the document was on the screen: if
something came in since, the answer is 412 and nothing is decided.
"""

from typing import Any

from marshmallow import Schema, fields
from marshmallow.validate import Length, Range, Regexp

from server import desk
from server.asking import must, the_caller
from server.blueprint import Blueprint
from server.deciding import how_decided
from server.idempotency import kept_with, once
from server.parts import the_parts
from server.scoping import the_scope
from server.shapes import DocumentSchema, ReceiptSchema
from sync.access import EVERY
from sync.envelope import ACTOR, MAX_INTEGER
from sync.facts import What
from sync.facts.dispatch import REVIEW, Cancelled, Closed, Reopened, ReviewResolved
from sync.plain import but, plain
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
    caller, feed, name = the_caller(), the_parts().feed, f"order:{order}"
    found = feed.document(caller.actor, caller.grants, name)
    if found is None:
        raise Refused("not_found")
    if the_scope().knows_owner(feed.project_of(name)):
        the_parts().traces.read_by(caller.actor, [name], the_parts().now())
    else:
        found = but(found, private={})  # also what would open the commitments (S1)
    return plain(found), 200, {"ETag": f'"{found.rev}"'}


@blp.get("/v1/orders/<uuid:order>/facts")
@blp.arguments(AfterSchema, location="query")
@blp.response(200, FactsSchema)
def history(asked: dict[str, Any], order: Any) -> Any:
    """The order's facts in commit order, exactly as they were handed in."""
    caller, feed, name = the_caller(), the_parts().feed, f"order:{order}"
    if not feed.may_see(caller.actor, caller.grants, name):
        raise Refused("not_found")
    return {"facts": feed.facts(asked["after"], asked["limit"], name)}


@blp.get("/v1/feed/facts")
@blp.arguments(AfterSchema, location="query")
@blp.response(200, FactsSchema)
def whole_log(asked: dict[str, Any]) -> Any:
    """The whole log in commit order; for service accounts and those who read all."""
    must("order.read", EVERY)
    return {"facts": the_parts().feed.facts(asked["after"], asked["limit"])}


class ResolveSchema(ReasonSchema):
    """Which review a person has looked at."""

    review = fields.String(required=True, validate=Regexp(rf"^{REVIEW.pattern}$"))


@blp.post("/v1/orders/<uuid:order>/dispatch")
@once
@blp.arguments(DispatchSchema)
@blp.response(200, ReceiptSchema)
def dispatch(asked: dict[str, Any], order: Any) -> Any:
    """Give the order to a lead technician and helpers; again is a reassignment."""
    how, parts = how_decided("order.dispatch", order, asked.pop("words")), the_parts()
    given = desk.dispatch(
        parts.ledger,
        parts.people,
        parts.qualifications,
        **asked,
        note=kept_with(),
        **how,
    )
    return plain(given)


@blp.post("/v1/orders/<uuid:order>/cancel")
@once
@blp.arguments(ReasonSchema)
@blp.response(200, ReceiptSchema)
def cancel(asked: dict[str, Any], order: Any) -> Any:
    """Nobody needs to go any more."""
    return _decided(Cancelled(reason=asked["reason"]), asked, order)


@blp.post("/v1/orders/<uuid:order>/close")
@once
@blp.arguments(ReasonSchema)
@blp.response(200, ReceiptSchema)
def close(asked: dict[str, Any], order: Any) -> Any:
    """Nothing more will happen."""
    return _decided(Closed(reason=asked["reason"]), asked, order)


@blp.post("/v1/orders/<uuid:order>/reopen")
@once
@blp.arguments(ReasonSchema)
@blp.response(200, ReceiptSchema)
def reopen(asked: dict[str, Any], order: Any) -> Any:
    """Something is left to be done after all."""
    return _decided(Reopened(reason=asked["reason"]), asked, order)


@blp.post("/v1/orders/<uuid:order>/resolve")
@once
@blp.arguments(ResolveSchema)
@blp.response(200, ReceiptSchema)
def resolve(asked: dict[str, Any], order: Any) -> Any:
    """A person has looked at a review; it is never opened again."""
    what = ReviewResolved(review=asked["review"], reason=asked["reason"])
    return _decided(what, asked, order, "review.resolve")


def _decided(
    what: What, asked: dict[str, Any], order: Any, action: str = "order.decide"
) -> Any:
    how = how_decided(action, order, asked["words"])
    return plain(desk.decide(the_parts().ledger, what, note=kept_with(), **how))
