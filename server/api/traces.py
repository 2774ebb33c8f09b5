"""GET /v1/orders/<id>/traces: who read what is the owner's (S2)."""

from typing import Any

from marshmallow import Schema, fields

from server.asking import must_order
from server.blueprint import Blueprint
from server.parts import the_parts

blp = Blueprint("traces", __name__, description="Who read what")


class TraceSchema(Schema):
    """Somebody read, or did, something."""

    at_ms = fields.Integer(required=True)
    person = fields.String(required=True)
    action = fields.String(required=True)
    what = fields.String(required=True)


class TracesSchema(Schema):
    """What is known of who read it, the newest first."""

    traces = fields.List(fields.Nested(TraceSchema), required=True)


@blp.get("/v1/orders/<uuid:order>/traces")
@blp.response(200, TracesSchema)
def of_order(order: Any) -> Any:
    """Who read the owner's data of this order, once for each hour."""
    name = f"order:{order}"
    must_order("audit.read", name)
    return {"traces": the_parts().traces.of_order(name)}
