"""GET /healthz: is somebody there."""

from marshmallow import Schema, fields

from server.blueprint import Blueprint
from server.parts import the_parts

blp = Blueprint("status", __name__, description="Is the server there")


class HealthSchema(Schema):
    """The server's clock, for a first look."""

    server_ms = fields.Integer(required=True)


@blp.get("/healthz")
@blp.response(200, HealthSchema)
def healthz() -> dict[str, int]:
    """The server answers; nothing else is said to strangers."""
    return {"server_ms": the_parts().now()}
