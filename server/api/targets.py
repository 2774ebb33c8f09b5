"""To whom notices may go at all: kept by administrators, read by the desk.

Nothing is ever sent to what is not on this list; taken off it, what is on its way there
is given up.
"""

from typing import Any

from flask import Response
from marshmallow import Schema, fields
from marshmallow.validate import Length, OneOf, Range, Regexp

from server.answering import answer
from server.asking import must
from server.blueprint import Blueprint
from server.idempotency import keep, once
from server.notices.targets import AUDIENCES, NAME, PEOPLE, Target
from server.parts import the_parts
from sync.access import EVERY
from sync.envelope import MAX_INTEGER

blp = Blueprint("targets", __name__, description="To whom notices may go")


class NewTargetSchema(Schema):
    """Where messages may go. The address of e-mail and text messages may be `*`: that
    of whoever it is for. A robot's secret signs what it gets, and is never shown."""

    kind = fields.String(
        required=True, validate=OneOf(sorted(PEOPLE)), metadata={"example": "wecom"}
    )
    name = fields.String(required=True, validate=Length(1, 100))
    address = fields.String(required=True, validate=Length(1, 500))
    project = fields.String(load_default=EVERY, validate=Length(1, 100))
    audiences = fields.List(
        fields.String(validate=OneOf(sorted(AUDIENCES))), load_default=list,
        validate=Length(max=len(AUDIENCES)),
    )  # fmt: skip
    secret = fields.String(load_default=None, allow_none=True, validate=Length(1, 200))


class TargetSchema(Schema):
    """A target as it stands on the list."""

    id = fields.String(required=True, validate=Regexp(NAME))
    kind = fields.String(required=True)
    name = fields.String(required=True)
    address = fields.String(required=True)
    project = fields.String(required=True)
    audiences = fields.List(fields.String(), required=True)
    made_ms = fields.Integer(required=True, validate=Range(0, MAX_INTEGER))


class TargetsSchema(Schema):
    """The whole list."""

    targets = fields.List(fields.Nested(TargetSchema), required=True)


@blp.get("/v1/targets")
@blp.response(200, TargetsSchema)
def targets() -> Any:
    """The list. An address of a robot holds its key, so it is cut short."""
    must("notice.read", EVERY)
    found = the_parts().notices.targets.all(webhooks=False)
    return {"targets": [_shown(one) for one in found]}


@blp.post("/v1/targets")
@blp.arguments(NewTargetSchema)
@blp.response(201, TargetSchema)
@once
def add(said: dict[str, Any]) -> Response:
    """From now on notices may go there. Said again, nothing changes."""
    by = must("notice.manage", EVERY).actor
    parts = the_parts()
    kind, name, address = (said.pop(one) for one in ("kind", "name", "address"))
    made = parts.notices.targets.add(
        kind, name, address, by, parts.now(), **said,
        also=lambda connection, new: keep(connection, _shown(new), 201),
    )  # fmt: skip
    return _entered(_shown(made))


@blp.delete("/v1/targets/<target>")
@blp.response(204)
def remove(target: str) -> None:
    """Nothing goes there any more."""
    must("notice.manage", EVERY)
    parts = the_parts()
    parts.notices.targets.remove(target, parts.now(), webhooks=False)


def _shown(one: Target) -> dict[str, Any]:
    return {
        "id": one.id, "kind": one.kind, "name": one.name, "address": one.shown_address,
        "project": one.project, "audiences": list(one.audiences),
        "made_ms": one.made_ms,
    }  # fmt: skip


def _entered(said: dict[str, Any]) -> Response:
    made = answer(said)
    made.status_code = 201
    return made
