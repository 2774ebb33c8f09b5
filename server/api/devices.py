"""POST /v1/devices: a device enrols with its one-time code and its own key."""

from typing import Any

from marshmallow import Schema, fields
from marshmallow.validate import Length

from server import certificates
from server.asking import seal_to
from server.blueprint import Blueprint
from server.parts import the_parts
from sync.plain import plain

blp = Blueprint("devices", __name__, description="Enrolling tablets")


class EnrolSchema(Schema):
    """A code, the device's public key, and what people call the device. A device that
    was let in before a restore shows its certificate instead of a code."""

    code = fields.String(load_default="", validate=Length(max=64))
    certificate = fields.String(validate=Length(max=1000))
    key = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    name = fields.String(load_default="", validate=Length(max=200))


class EnrolledSchema(Schema):
    """Who the device is now, and whose seal to believe."""

    device = fields.String(required=True)
    actor = fields.String(required=True)
    role = fields.String(required=True)
    certificate = fields.String()
    server_key = fields.Dict(required=True)
    epoch = fields.String(required=True)


@blp.post("/v1/devices")
@blp.arguments(EnrolSchema)
@blp.response(201, EnrolledSchema)
def enrol(asked: dict[str, Any]) -> dict[str, Any]:
    """Enrol; the same code with the same key again gives the same answer."""
    parts, now = the_parts(), the_parts().now()
    certificate = asked.get("certificate")
    if certificate is not None:
        seal_to(certificate)
        let_in = certificates.let_in_again(
            parts.engine, parts.keys, certificate, asked["key"], now, parts.chance
        )
    else:
        code = asked["code"].partition(".")[0].strip().upper()
        seal_to(code)
        let_in = parts.door.enrol(code, asked["key"], asked["name"], now)
        certificate = certificates.issued(
            parts.engine, parts.keys, let_in, asked["key"], asked["name"], now
        )
    return {
        **plain(let_in),
        "certificate": certificate,
        "server_key": parts.keys.jwk,
        "epoch": parts.ledger.epoch,
    }
