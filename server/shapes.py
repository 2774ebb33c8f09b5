"""The shapes of the exchange over HTTP: what marshmallow checks and OpenAPI shows.

Shape and limits only; meaning is checked in `sync/`. The records themselves are those
of `sync/exchange.py`.
"""

from marshmallow import Schema, fields
from marshmallow.validate import Length, Range

from sync.envelope import MAX_INTEGER
from sync.exchange import MOST_ITEMS, Limits

LIMITS = Limits()


class ClaimSchema(Schema):
    """How far a log has got. `at` are the device's clocks at sending."""

    log = fields.String(required=True, validate=Length(3, 130))
    n = fields.Integer(required=True, strict=True, validate=Range(0, MAX_INTEGER))
    tip = fields.String(allow_none=True, validate=Length(43, 43))
    at = fields.Dict(keys=fields.String())
    unsent = fields.Integer(strict=True, validate=Range(0, MAX_INTEGER))


class HelloSchema(Schema):
    """What the device holds, and which program it runs."""

    claims = fields.List(fields.Nested(ClaimSchema), load_default=list,
                         validate=Length(max=50))  # fmt: skip
    client = fields.String(load_default="", validate=Length(max=80))
    protocol = fields.Integer(load_default=1)


class LimitsSchema(Schema):
    """What one push may hold."""

    facts = fields.Integer()
    bytes = fields.Integer()
    body_bytes = fields.Integer()


class WelcomeSchema(Schema):
    """The server's time with a token that nobody can guess."""

    epoch = fields.String(required=True)
    server_ms = fields.Integer(required=True)
    token = fields.String(required=True)
    durable_through = fields.Integer(required=True)
    poll_ms = fields.Integer(required=True)
    policy = fields.String(required=True)
    protocol = fields.Integer()
    limits = fields.Nested(LimitsSchema)


class OfferSchema(Schema):
    """A fact: its exact body and its private values, name -> [salt, value]."""

    b = fields.String(required=True)
    x = fields.Dict(keys=fields.String(), load_default=dict)


class PushSchema(Schema):
    """Facts, the log's claim, and the device's signature over their Merkle root."""

    claim = fields.Nested(ClaimSchema)
    facts = fields.List(fields.Nested(OfferSchema), required=True,
                        validate=Length(1, LIMITS.facts))  # fmt: skip
    signature = fields.String(load_default="", validate=Length(max=200))


class ReceiptSchema(Schema):
    """What became of one fact."""

    id = fields.String(required=True)
    outcome = fields.String(required=True)
    position = fields.Integer()
    received_ms = fields.Integer()
    reviews = fields.List(fields.String())
    reason = fields.String()


class OutcomesSchema(Schema):
    """One receipt for each fact, in the sequence handed in."""

    epoch = fields.String(required=True)
    durable_through = fields.Integer(required=True)
    receipts = fields.List(fields.Nested(ReceiptSchema), required=True)
    new_instance = fields.Boolean()


class PullSchema(Schema):
    """Where to go on, how many orders at most, how many seconds to wait for news."""

    cursor = fields.String(validate=Length(max=1000))
    limit = fields.Integer(load_default=50, validate=Range(1, MOST_ITEMS))
    wait = fields.Integer(load_default=0, validate=Range(0, 600))


class DocumentSchema(Schema):
    """One order as the server has it."""

    stream = fields.String(required=True)
    rev = fields.Integer(required=True)
    order = fields.Dict(required=True)
    mac = fields.String()
    private = fields.Dict(required=True)
    held = fields.List(fields.String())
    flaws = fields.Dict()


class GoneSchema(Schema):
    """An order that left the reader's scope."""

    stream = fields.String(required=True)
    reason = fields.String(required=True)
    purge_ms = fields.Integer(required=True)


class PageSchema(Schema):
    """What changed, and where to go on."""

    cursor = fields.String(required=True)
    complete = fields.Boolean(required=True)
    epoch = fields.String(required=True)
    durable_through = fields.Integer(required=True)
    documents = fields.List(fields.Nested(DocumentSchema))
    gone = fields.List(fields.Nested(GoneSchema))
    reset = fields.String()


class LogSchema(Schema):
    """A log, up to a number."""

    log = fields.String(required=True, validate=Length(3, 130))
    n = fields.Integer(required=True, strict=True, validate=Range(0, MAX_INTEGER))


class HaveSchema(Schema):
    """Logs and bytes that the device asks about."""

    logs = fields.List(fields.Nested(LogSchema), load_default=list,
                       validate=Length(max=50))  # fmt: skip
    blobs = fields.List(fields.String(validate=Length(64, 64)), load_default=list,
                        validate=Length(max=500))  # fmt: skip


class HeldSchema(Schema):
    """Missing ranges of each log, and receipts for bytes."""

    logs = fields.Dict(required=True)
    blobs = fields.Dict(required=True)
