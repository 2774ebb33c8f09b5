"""GET /v1/reviews: what waits for a person, with both sides and a suggestion."""

from typing import Any

from marshmallow import Schema, fields
from marshmallow.validate import Length, OneOf, Range, Regexp

from server import listing, reviewing
from server.answering import answer
from server.blueprint import Blueprint
from server.board_shapes import CODE, CardSchema, ReviewSchema, SpanSchema
from server.database import reading
from server.listing import Wanted
from server.paging import link_to
from server.parts import the_parts
from server.running import Promised
from server.scoping import the_scope

blp = Blueprint("reviews", __name__, description="What waits for a person")


class WaitingSchema(Schema):
    """Which reviews."""

    project = fields.String(validate=Length(1, 200))
    code = fields.String(validate=Regexp(CODE))
    cursor = fields.String(validate=Length(1, 1000))
    limit = fields.Integer(load_default=50, validate=Range(1, 200))


class LineSchema(Schema):
    """One fact of a side."""

    id = fields.String(required=True)
    kind = fields.String(required=True)
    label = fields.String(required=True)
    by = fields.String(required=True)
    name = fields.String(required=True)
    moment = fields.Nested(SpanSchema, required=True, allow_none=True)


class SideSchema(Schema):
    """The facts that stand together: `a` what the field recorded, `b` what the desk
    decided, or the later one."""

    side = fields.String(required=True, validate=OneOf("ab"))
    entries = fields.List(fields.String(), required=True)
    lines = fields.List(fields.Nested(LineSchema), required=True)


class OpenReviewSchema(Schema):
    """Something that waits, on its order, with what is suggested: `a`, `b`, or `m` for
    by hand."""

    order = fields.Nested(CardSchema, required=True)
    review = fields.Nested(ReviewSchema, required=True)
    sides = fields.List(fields.Nested(SideSchema), required=True)
    suggested = fields.String(required=True, validate=OneOf("abm"))
    choices = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    position = fields.Integer(required=True)


class OpenReviewsSchema(Schema):
    """A page of what waits."""

    reviews = fields.List(fields.Nested(OpenReviewSchema), required=True)
    next = fields.String(required=True, allow_none=True)
    as_of_ms = fields.Integer(required=True)


@blp.get("/v1/reviews")
@blp.arguments(WaitingSchema, location="query")
@blp.response(200, OpenReviewsSchema)
def waiting(asked: dict[str, Any]) -> Any:
    """What waits for a person, the oldest order first."""
    parts, scope, now_ms = the_parts(), the_scope(), the_parts().now()
    wanted = Wanted(project=asked.get("project"), order_by="reviews")
    text = asked.get("cursor")
    after = listing.read_cursor(parts.keys, scope, wanted, text) if text else None
    with reading(parts.engine) as connection:
        found = reviewing.waiting(
            connection, scope, Promised(connection, parts.policy), wanted,
            asked.get("code"), after, asked["limit"], now_ms,
        )  # fmt: skip
    next_ = listing.cursor(parts.keys, scope, wanted, found.next)
    said = {"reviews": found.reviews, "next": next_, "as_of_ms": now_ms}
    return answer(said, link_to(next_))
