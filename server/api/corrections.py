"""GET /v1/central/corrections: what the central log has to put right, as a file."""

from typing import Any

from flask import Response
from marshmallow import Schema, fields
from marshmallow.validate import Length, OneOf, Range

from server import exports
from server.api.exports import CSV, XLSX
from server.asking import must
from server.blueprint import Blueprint
from server.central import corrections
from server.central.corrections import COLUMNS, MOST, Asked
from server.database import reading
from server.parts import the_parts
from sync.access import projects
from sync.envelope import MAX_INTEGER
from sync.problems import Refused

blp = Blueprint("corrections", __name__, description="What the log has to put right")

_TIME = Range(0, MAX_INTEGER)


class CorrectionsSchema(Schema):
    """Which lines: decided in [from, until); with `every` also those that the log has
    put right since."""

    format = fields.String(load_default="csv", validate=OneOf(("csv", "xlsx")))
    project = fields.String(validate=Length(1, 200))
    from_ms = fields.Integer(load_default=0, validate=_TIME)
    until_ms = fields.Integer(validate=_TIME)
    every = fields.Boolean(load_default=False)


@blp.get("/v1/central/corrections")
@blp.arguments(CorrectionsSchema, location="query")
@blp.response(200, content_type="text/csv")
def file(asked: dict[str, Any]) -> Any:
    """A line for each decision that the field is right, as CSV or as a workbook."""
    parts, ending = the_parts(), asked.pop("format")
    where = projects(must("difference.read").grants, "difference.read")
    with reading(parts.engine) as connection:
        offset = parts.policy.calendar.offset_minutes
        lines = corrections.lines(connection, Asked(projects=where, **asked), offset)
    if len(lines) > MOST:
        raise Refused("too_many_to_export", limit=MOST)
    csv = ending == "csv"
    body = exports.as_csv(lines, COLUMNS) if csv else corrections.workbook(lines)
    name = f'attachment; filename="corrections.{ending}"'
    kind = CSV if csv else XLSX
    return Response(body, headers={"Content-Type": kind, "Content-Disposition": name})
