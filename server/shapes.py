"""The shapes of the exchange over HTTP: what marshmallow checks and OpenAPI shows.

Shape and limits only; meaning is checked in `sync/`. The records themselves are those
of `sync/exchange.py`.
"""

from typing import Any

from marshmallow import EXCLUDE, Schema, fields
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


class HeadSchema(Schema):
    """How far the book had come at a time, signed by the server."""

    epoch = fields.String(required=True, validate=Length(1, 64))
    size = fields.Integer(required=True, strict=True,
                          validate=Range(0, MAX_INTEGER))  # fmt: skip
    root = fields.String(required=True, validate=Length(64, 64))
    at_ms = fields.Integer(required=True, strict=True,
                           validate=Range(0, MAX_INTEGER))  # fmt: skip
    key = fields.String(required=True, validate=Length(max=64))
    signature = fields.String(required=True, validate=Length(max=100))


class KnowsSchema(Schema):
    """What the device was shown last, in the server's own words."""

    voucher = fields.String(validate=Length(max=1000))
    cursor = fields.String(validate=Length(max=1000))
    head = fields.Nested(HeadSchema)


class OpenedSchema(Schema):
    """`epoch.opened`: where two histories part, signed by the server."""

    epoch = fields.String(required=True, validate=Length(1, 64))
    parent = fields.String(required=True, allow_none=True, validate=Length(1, 64))
    fork_position = fields.Integer(required=True, strict=True,
                                   validate=Range(0, MAX_INTEGER))  # fmt: skip
    opened_ms = fields.Integer(required=True, strict=True,
                               validate=Range(0, MAX_INTEGER))  # fmt: skip
    signature = fields.String(required=True, validate=Length(max=100))


class StorageSchema(Schema):
    """How safe a tablet's records lie: may the browser throw them away, how much more
    fits."""

    persisted = fields.Boolean(required=True)
    free_bytes = fields.Integer(required=True, strict=True,
                                validate=Range(0, MAX_INTEGER))  # fmt: skip


class HelloSchema(Schema):
    """What the device holds, what it was shown, and which program it runs. Vouchers
    come with the first hello in a new epoch."""

    claims = fields.List(fields.Nested(ClaimSchema), load_default=list,
                         validate=Length(max=50))  # fmt: skip
    knows = fields.Nested(KnowsSchema, load_default=dict)
    vouchers = fields.List(fields.String(validate=Length(max=1000)), load_default=list,
                           validate=Length(max=100))  # fmt: skip
    epochs = fields.List(fields.Nested(OpenedSchema), load_default=list,
                         validate=Length(max=50))  # fmt: skip
    client = fields.String(load_default="", validate=Length(max=80))
    protocol = fields.Integer(load_default=1)
    storage = fields.Nested(StorageSchema)


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
    voucher = fields.String()
    epochs = fields.List(fields.Nested(OpenedSchema))
    new_instance = fields.Boolean()
    incidents = fields.List(fields.String())
    limits = fields.Nested(LimitsSchema)
    uploads = fields.String()
    head = fields.Nested(HeadSchema)


class OfferSchema(Schema):
    """A fact: its exact body and its private values, name -> [salt, value]."""

    b = fields.String(required=True)
    x = fields.Dict(keys=fields.String(), load_default=dict)


class Offers(fields.List):
    """Offers as they came: each is looked at once more, whatever it holds."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> list[Any]:
        if isinstance(value, list) and all(map(_is_an_offer, value)):
            return value
        return super()._deserialize(value, *args, **kwargs)  # says what is wrong


def _is_an_offer(one: Any) -> bool:
    return (
        type(one) is dict
        and type(one.get("b")) is str
        and type(one.get("x", {})) is dict
        and one.keys() <= {"b", "x"}
    )


class PushSchema(Schema):
    """Facts, the log's claim, and the device's signature over their Merkle root."""

    claim = fields.Nested(ClaimSchema)
    facts = Offers(fields.Nested(OfferSchema), required=True,
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
    voucher = fields.String()
    head = fields.Nested(HeadSchema)


class PullSchema(Schema):
    """Where to go on, how many orders at most, how many seconds to wait for news."""

    cursor = fields.String(validate=Length(max=1000))
    limit = fields.Integer(load_default=200, validate=Range(1, MOST_ITEMS))
    wait = fields.Integer(load_default=0, validate=Range(0, 600))


class DocumentSchema(Schema):
    """One order as the server has it."""

    stream = fields.String(required=True)
    rev = fields.Integer(required=True)
    mac = fields.String()
    order = fields.Dict(required=True)
    private = fields.Dict(required=True)
    held = fields.List(fields.String())
    flaws = fields.Dict()


class SettledSchema(Schema):
    """What the desk decided about the reader's own facts."""

    review = fields.String(required=True)
    code = fields.String(required=True)
    facts = fields.List(fields.String(), required=True)
    reason = fields.String(required=True)
    fact = fields.String(required=True)


class GoneSchema(Schema):
    """An order that left the reader's scope, and what was decided since about what they
    recorded."""

    stream = fields.String(required=True)
    reason = fields.String(required=True)
    purge_ms = fields.Integer(required=True)
    mac = fields.String()
    settled = fields.List(fields.Nested(SettledSchema))


class PageSchema(Schema):
    """What changed, and where to go on."""

    cursor = fields.String(required=True)
    complete = fields.Boolean(required=True)
    epoch = fields.String(required=True)
    durable_through = fields.Integer(required=True)
    documents = fields.List(fields.Nested(DocumentSchema))
    gone = fields.List(fields.Nested(GoneSchema))
    reset = fields.String()
    head = fields.Nested(HeadSchema)


class LogSchema(Schema):
    """A log, up to a number."""

    log = fields.String(required=True, validate=Length(3, 130))
    n = fields.Integer(required=True, strict=True, validate=Range(0, MAX_INTEGER))


class ReturnedSchema(Schema):
    """A document handed back, exactly as it was sent, with its mark."""

    stream = fields.String(required=True, validate=Length(1, 80))
    rev = fields.Integer(required=True, strict=True, validate=Range(0, MAX_INTEGER))
    epoch = fields.String(required=True, validate=Length(1, 64))
    text = fields.String(required=True)
    mac = fields.String(required=True, validate=Length(max=64))


class LeftSchema(Schema):
    """Word that an order left this person's scope, handed back as it was given. What
    was decided about it is not looked at: the server knows its own decisions."""

    class Meta:
        unknown = EXCLUDE

    stream = fields.String(required=True, validate=Length(1, 80))
    epoch = fields.String(required=True, validate=Length(1, 64))
    reason = fields.String(required=True, validate=Length(1, 20))
    purge_ms = fields.Integer(required=True, strict=True,
                              validate=Range(0, MAX_INTEGER))  # fmt: skip
    mac = fields.String(required=True, validate=Length(max=64))


class HaveSchema(Schema):
    """Logs, facts (log -> [number, id]) and bytes that the device asks about; documents
    that it hands back after a restore."""

    facts = fields.Dict(
        keys=fields.String(validate=Length(3, 130)),
        values=fields.List(
            fields.Tuple((
                fields.Integer(strict=True, validate=Range(1, MAX_INTEGER)),
                fields.String(validate=Length(43, 43)),
            )),
            validate=Length(max=500),
        ),
        load_default=dict, validate=Length(max=50),
    )  # fmt: skip
    documents = fields.List(fields.Nested(ReturnedSchema), load_default=list,
                            validate=Length(max=100))  # fmt: skip
    gone = fields.List(fields.Nested(LeftSchema), load_default=list,
                       validate=Length(max=100))  # fmt: skip

    logs = fields.List(fields.Nested(LogSchema), load_default=list,
                       validate=Length(max=50))  # fmt: skip
    blobs = fields.List(fields.String(validate=Length(64, 64)), load_default=list,
                        validate=Length(max=500))  # fmt: skip


class HeldSchema(Schema):
    """Missing ranges of each log, receipts for facts and bytes, and how many documents
    were known again."""

    receipts = fields.List(fields.Nested(ReceiptSchema))
    documents = fields.Integer()
    logs = fields.Dict(required=True)
    blobs = fields.Dict(required=True)
