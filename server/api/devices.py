"""POST /v1/devices: a device enrols with its one-time code and its own key."""

from typing import Any

from marshmallow import Schema, fields
from marshmallow.validate import Length

from server.asking import seal_to
from server.blueprint import Blueprint
from server.parts import the_parts
from sync.plain import plain

blp = Blueprint("devices", __name__, description="Enrolling tablets")


class EnrolSchema(Schema):
    """A code, the device's public key, and what people call the device."""

    code = fields.String(required=True, validate=Length(1, 64))
    key = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    name = fields.String(load_default="", validate=Length(max=200))


class EnrolledSchema(Schema):
    """Who the device is now, and whose seal to believe."""

    device = fields.String(required=True)
    actor = fields.String(required=True)
    role = fields.String(required=True)
    server_key = fields.Dict(required=True)
    epoch = fields.String(required=True)


@blp.post("/v1/devices")
@blp.arguments(EnrolSchema)
@blp.response(201, EnrolledSchema)
def enrol(asked: dict[str, Any]) -> dict[str, Any]:
    """Enrol; the same code with the same key again gives the same answer."""
    parts = the_parts()
    code = asked["code"].partition(".")[0].strip().upper()
    seal_to(code)
    let_in = parts.door.enrol(code, asked["key"], asked["name"], parts.now())
    return {
        **plain(let_in),
        "server_key": parts.keys.jwk,
        "epoch": parts.ledger.epoch,
    }
