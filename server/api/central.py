"""The central service log by the API: rows are pushed, headings are kept."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from flask import request
from marshmallow import Schema, fields
from marshmallow.validate import Length, OneOf

from server.asking import must
from server.blueprint import Blueprint
from server.central import mappings
from server.central.mappings import NONE, Headings
from server.central.rows import WHATS, Bringing, Outcome, Source
from server.idempotency import once
from server.parts import the_parts
from server.words import say
from sync.access import EVERY
from sync.problems import Refused
from sync.register import REASONS, Reason, Sheet, SheetRow

blp = Blueprint("central", __name__, description="The central service log")

MOST_ROWS = 1_000
_NAME = Length(1, 80)
_CELL = fields.String(validate=Length(0, 4_000))


class RowsSchema(Schema):
    """Rows as the central log has them: heading and cell, both as text."""

    source = fields.String(load_default="api", validate=Length(1, 300))
    mapping = fields.String(validate=_NAME)
    rows = fields.List(
        fields.Dict(keys=fields.String(validate=Length(1, 200)), values=_CELL),
        required=True, validate=Length(1, MOST_ROWS),
    )  # fmt: skip


class WhySchema(Schema):
    """Why a row cannot be read."""

    code = fields.String(required=True)
    column = fields.String(required=True)
    words = fields.String(required=True)


class BecameSchema(Schema):
    """What became of one row, by its place in what was sent, from 1."""

    row = fields.Integer(required=True)
    number = fields.String(required=True)
    outcome = fields.String(required=True, validate=OneOf(WHATS))
    reasons = fields.List(fields.Nested(WhySchema), required=True)


class RowsBroughtSchema(Schema):
    """What became of all of them. `file`: the digest by which they are known."""

    file = fields.String(required=True)
    rows = fields.List(fields.Nested(BecameSchema), required=True)


class HeadingsSchema(Schema):
    """Their headings and ours."""

    columns = fields.Dict(
        keys=fields.String(validate=Length(1, 200)),
        values=fields.String(validate=Length(1, 200)),
        required=True, validate=Length(1, 200),
    )  # fmt: skip


class SavedSchema(HeadingsSchema):
    """The same, under its name."""

    name = fields.String(required=True, validate=_NAME)


class MappingsSchema(Schema):
    """All that are saved."""

    mappings = fields.List(fields.Nested(SavedSchema), required=True)


@blp.post("/v1/central/rows")
@once
@blp.arguments(RowsSchema)
@blp.response(200, RowsBroughtSchema)
def push(asked: dict[str, Any]) -> Any:
    """Rows come in; each has an outcome of its own, and one that is wrong holds up no
    other. Sending the same again changes nothing."""
    caller, parts = must("log.write", EVERY), the_parts()
    name = asked.get("mapping")
    headings = mappings.saved(parts.engine, name) if name else NONE
    digest = hashlib.sha256(request.get_data()).hexdigest()
    source = Source(asked["source"], digest, caller.actor, name)
    sheet = headings.applied(_sheet(asked["rows"], asked["source"]))
    bringing = Bringing(
        parts.engine, source, sheet, parts.config.utc_offset_minutes, parts.now(), True
    )
    found = [_became(one) for some in bringing.run() for one in some]
    return {"file": digest, "rows": found}


def _sheet(rows: Sequence[Mapping[str, str]], name: str) -> Sheet:
    """The rows under all headings that any of them has."""
    columns = tuple(dict.fromkeys(heading for row in rows for heading in row))
    if not columns:
        raise Refused("rows_empty")
    cells = (tuple(row.get(heading, "") for heading in columns) for row in rows)
    return Sheet(
        name, columns, tuple(SheetRow(n, one) for n, one in enumerate(cells, 1))
    )


def _became(one: Outcome) -> dict[str, Any]:
    return {
        "row": one.line, "number": one.number, "outcome": one.what,
        "reasons": [_told(why) for why in one.reasons],
    }  # fmt: skip


def _told(why: Reason) -> dict[str, Any]:
    facts = asdict(why) | {"instead": say(why.instead, {})}
    words = say(REASONS[why.code], facts)
    return {"code": why.code, "column": why.column, "words": words}


@blp.get("/v1/central/mappings")
@blp.response(200, MappingsSchema)
def all_mappings() -> Any:
    """What a company's own headings mean."""
    must("log.write", EVERY)
    found = mappings.all_saved(the_parts().engine)
    return {"mappings": [{"name": it.name, "columns": it.columns} for it in found]}


@blp.put("/v1/central/mappings/<name>")
@blp.arguments(HeadingsSchema)
@blp.response(200, SavedSchema)
def put_mapping(asked: dict[str, Any], name: str) -> Any:
    """One of them, kept or changed."""
    caller, parts = must("log.write", EVERY), the_parts()
    if len(name) > 80:
        raise Refused("mapping_malformed", found=name[:80])
    made = Headings(name=name, columns=asked["columns"])
    mappings.save(parts.engine, made, caller.actor, parts.now())
    return {"name": name, "columns": made.columns}
