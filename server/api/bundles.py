"""POST /v1/bundles: somebody brings what a tablet could not hand in itself."""

import tempfile
from typing import Any

from flask import request
from marshmallow import Schema, fields

from server.asking import must, the_caller
from server.blueprint import Blueprint
from server.bundles import bring_in
from server.incoming import Incoming
from server.parts import the_parts
from sync.problems import Refused

blp = Blueprint("bundles", __name__, description="Rescue bundles come in")

MIB = 1024 * 1024


class BroughtSchema(Schema):
    """What was in it, and what became of it."""

    device = fields.String(required=True)
    facts = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    originals = fields.Integer(required=True)
    damaged = fields.List(fields.String(), required=True)


@blp.post("/v1/bundles")
@blp.response(200, BroughtSchema)
def bring() -> dict[str, Any]:
    """Take a rescue bundle in, whole, from the desk or under any tablet's leave to hand
    in bytes: it proves itself, and to bring it twice changes nothing."""
    if not the_caller().leave:
        must("device.manage")
    parts, most = the_parts(), the_parts().config.upload_max_mb * MIB
    incoming = Incoming.of(request.environ)
    with tempfile.TemporaryFile(dir=parts.config.data) as file:
        for piece in incoming.steps(most):
            file.write(piece)
        if file.tell() > most:
            raise Refused("request_too_large", limit=most)
        file.seek(0)
        brought = bring_in(parts, file, parts.now())
    return {
        "device": brought.device,
        "facts": {one.value: count for one, count in brought.outcomes.items()},
        "originals": brought.originals,
        "damaged": brought.damaged,
    }
