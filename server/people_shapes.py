"""Shapes that several doors of people share. Shape and limits only."""

from marshmallow import Schema, fields
from marshmallow.validate import Length


class GrantSchema(Schema):
    """A role in a project; `*`: in every one."""

    role = fields.String(required=True, validate=Length(1, 20))
    project = fields.String(required=True, validate=Length(1, 100))


class NothingSchema(Schema):
    """Nothing needs to be said."""


class CodeSchema(Schema):
    """A one-time code, shown this once."""

    code = fields.String(required=True)
    expires_ms = fields.Integer(required=True)
