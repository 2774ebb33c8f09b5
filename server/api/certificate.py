"""The acceptance form on paper, for whoever may read the order."""

from typing import Any

from flask import Response
from marshmallow import Schema, fields
from marshmallow.validate import OneOf, Range

from server.asking import the_caller
from server.blueprint import Blueprint
from server.issuing import issued
from server.paper import HEADINGS
from server.parts import the_parts
from server.scoping import the_scope
from sync.facts.acceptance import MOST_ROUNDS
from sync.problems import Refused

blp = Blueprint("certificate", __name__, description="Acceptance forms as PDF")

PDF = "application/pdf"


class CopySchema(Schema):
    """Whose copy; an earlier `round` has a form of its own."""

    copy = fields.String(load_default="owner", validate=OneOf(sorted(HEADINGS)))
    round = fields.Integer(load_default=None, validate=Range(1, MOST_ROUNDS))


@blp.get("/v1/orders/<uuid:order>/certificate.pdf")
@blp.arguments(CopySchema, location="query")
@blp.response(200, content_type=PDF)
def certificate(asked: dict[str, Any], order: Any) -> Response:
    """What the owner signed, with what proves it attached. Only once somebody has
    accepted; the same facts give the same bytes."""
    caller, parts, name = the_caller(), the_parts(), f"order:{order}"
    if not parts.feed.may_see(caller.actor, caller.grants, name):
        raise Refused("not_found")
    whole = the_scope().knows_owner(parts.feed.project_of(name))
    made = issued(parts, name, asked["copy"], asked["round"], whole=whole)
    if whole:
        parts.traces.read_by(caller.actor, [name], parts.now())
    headers = {
        "Content-Disposition": f'attachment; filename="{order}-{asked["copy"]}.pdf"',
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(made, mimetype=PDF, headers=headers)
