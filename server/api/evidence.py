"""Everything about one order as a pack that verifies without this server."""

from typing import Any

from flask import Response
from marshmallow import Schema, fields
from marshmallow.validate import Length, OneOf

from server.asking import must_order, the_caller
from server.blueprint import Blueprint
from server.packing import ALL, DISCLOSED, packed
from server.parts import the_parts
from server.scoping import the_scope
from sync.problems import Refused

blp = Blueprint("evidence", __name__, description="Evidence packs of single orders")

ZIP = "application/zip"


class DiscloseSchema(Schema):
    """Names of private values to be shown, or `all`; none: they stay commitments."""

    disclose = fields.List(
        fields.String(validate=OneOf(sorted({ALL, *DISCLOSED}))),
        load_default=[], validate=Length(max=len(DISCLOSED) + 1),
    )  # fmt: skip


@blp.get("/v1/orders/<uuid:order>/evidence.zip")
@blp.arguments(DiscloseSchema, location="query")
@blp.response(200, content_type=ZIP)
def evidence(asked: dict[str, Any], order: Any) -> Response:
    """Every fact with its receipt and proof, originals, times with their evidence and
    the certificate; the same book gives the same bytes. Who took it is noted."""
    name, parts, disclosed = f"order:{order}", the_parts(), sorted({*asked["disclose"]})
    must_order("evidence.read", name)
    if disclosed and not the_scope().knows_owner(parts.feed.project_of(name)):
        raise Refused("disclosure_reserved")
    made = packed(parts, name, disclosed)
    parts.traces.took_evidence(the_caller().actor, name, disclosed, parts.now())
    headers = {
        "Content-Disposition": f'attachment; filename="{order}-evidence.zip"',
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(made, mimetype=ZIP, headers=headers)
