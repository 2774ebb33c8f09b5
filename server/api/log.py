"""The book as evidence: its head, what proves a head or an entry, the server's keys."""

from typing import Any

from marshmallow import Schema, fields
from marshmallow.validate import Range

from server.asking import the_caller
from server.blueprint import Blueprint
from server.parts import the_parts
from server.shapes import HeadSchema
from sync.envelope import MAX_INTEGER
from sync.plain import plain

blp = Blueprint("log", __name__, description="The book as evidence (RFC 6962)")

POSITION = Range(1, MAX_INTEGER)


class BetweenSchema(Schema):
    """Two sizes of the book."""

    old = fields.Integer(required=True, validate=Range(0, MAX_INTEGER))
    new = fields.Integer(required=True, validate=Range(0, MAX_INTEGER))


class LogPathSchema(Schema):
    """Hashes in hex, as RFC 6962 puts them in sequence."""

    path = fields.List(fields.String(), required=True)


class WhichSchema(Schema):
    """A position in the book."""

    position = fields.Integer(required=True, validate=POSITION)


class LogEntrySchema(Schema):
    """The leaf at a position, and its way to the root of a head."""

    leaf = fields.String(required=True)
    path = fields.List(fields.String(), required=True)
    head = fields.Nested(HeadSchema, required=True)


class KeyWordSchema(Schema):
    """A key, and how the one before let it in."""

    key = fields.Dict(required=True)
    since_ms = fields.Integer()
    before = fields.String()
    signature = fields.String()
    answer = fields.String()


class KeysSchema(Schema):
    """Every key that ever signed here, the oldest first."""

    keys = fields.List(fields.Nested(KeyWordSchema), required=True)


@blp.get("/v1/log/head")
@blp.response(200, HeadSchema)
def head() -> Any:
    """How far the book has come, signed."""
    the_caller()
    parts = the_parts()
    return plain(parts.heads.now(parts.now()))


@blp.get("/v1/log/consistency")
@blp.arguments(BetweenSchema, location="query")
@blp.response(200, LogPathSchema)
def consistency(asked: dict[str, int]) -> Any:
    """What shows that the longer book begins with the shorter one."""
    the_caller()
    return {"path": the_parts().heads.since(asked["old"], asked["new"])}


@blp.get("/v1/log/entry")
@blp.arguments(WhichSchema, location="query")
@blp.response(200, LogEntrySchema)
def entry(asked: dict[str, int]) -> Any:
    """What shows that an entry lies at its position; the leaf tells nothing else."""
    the_caller()
    parts = the_parts()
    leaf, path, signed = parts.heads.entry(asked["position"], parts.now())
    return {"leaf": leaf, "path": path, "head": plain(signed)}


@blp.get("/v1/log/keys")
@blp.response(200, KeysSchema)
def keys() -> Any:
    """The server's keys. Nobody has to be believed: who knows one of them sees by the
    signatures which others belong to it."""
    return {"keys": [plain(one) for one in the_parts().keys.words]}
