"""The shapes of the board over HTTP: cards, lists of them, what changed.

Shape and limits only. The console's types are made from these.
"""

from marshmallow import Schema, fields
from marshmallow.validate import Length, OneOf, Range, Regexp

from server.listing import MOST
from sync.order import Stage
from sync.strength import STRENGTHS

CODE = r"^[a-z][a-z0-9_]{0,39}$"
ANSWERS = ("kept", "missed", "undetermined", "open")


def like(example: object) -> dict[str, list[object]]:
    """What such a value looks like, for the document."""
    return {"examples": [example]}


class WindowSchema(Schema):
    """When somebody will come, as agreed with the owner."""

    start_ms = fields.Integer(required=True)
    end_ms = fields.Integer(required=True)


class TripSchema(Schema):
    """A visit as estimated. `until_ms` is null while it is not known to be over;
    `sure`: by a clock that can be relied on."""

    actor = fields.String(required=True)
    from_ms = fields.Integer(required=True, allow_none=True)
    until_ms = fields.Integer(required=True, allow_none=True)
    sure = fields.Boolean(required=True)


class KnownSchema(Schema):
    """What the field has told, kept apart from what was planned, and how old it is.

    `on_way`: who set off in the last three hours and was not heard of since; `unseen`:
    people whose tablets do not hold what the desk decided yet; `taken_out`:
    held by somebody who has not been heard from for ten minutes.
    """

    on_site = fields.List(fields.String(), required=True)
    on_way = fields.List(fields.String(), required=True)
    trips = fields.List(fields.Nested(TripSchema), required=True)
    taken_out = fields.Boolean(required=True)
    unseen = fields.List(fields.String(), required=True)
    contact_ms = fields.Integer(required=True, allow_none=True)
    as_of_ms = fields.Integer(required=True)


class DeadlineSchema(Schema):
    """One promise about the order, and how it stands: worked out, never stored."""

    code = fields.String(required=True)
    rule = fields.String(required=True)
    due_first_ms = fields.Integer(required=True, allow_none=True)
    due_last_ms = fields.Integer(required=True, allow_none=True)
    answer = fields.String(required=True, validate=OneOf(ANSWERS))
    basis = fields.String(required=True, allow_none=True)
    minutes_left = fields.Integer(required=True, allow_none=True)
    stopped = fields.Boolean(required=True)
    level = fields.Integer(required=True)
    to = fields.String(required=True, allow_none=True)


class CardSchema(Schema):
    """One order on the board. Technician, appointment and stage are as planned by the
    desk; `known` is what the field has told."""

    id = fields.UUID(required=True)
    number = fields.String(required=True, allow_none=True, metadata=like("R2611-0187"))
    provisional = fields.Boolean(required=True)
    project = fields.String(required=True, metadata=like("东苑"))
    sort = fields.String(required=True)
    trade = fields.String(required=True, metadata=like("water"))
    priority = fields.String(required=True, metadata=like("urgent"))
    stage = fields.String(required=True, validate=OneOf([one.value for one in Stage]))
    home = fields.String(required=True, metadata=like("3-2-1702"))
    fault = fields.String(required=True, metadata=like("厨房水槽下渗水"))
    technician = fields.String(required=True, allow_none=True)
    helpers = fields.List(fields.String(), required=True)
    appointment = fields.Nested(WindowSchema, required=True, allow_none=True)
    registered_ms = fields.Integer(required=True, metadata=like(1_795_304_040_000))
    round = fields.Integer(required=True)
    rework = fields.Integer(required=True)
    reviews = fields.List(fields.String(), required=True)
    open = fields.Boolean(required=True)
    held = fields.Boolean(required=True)
    cancelled = fields.Boolean(required=True)
    accepted_ms = fields.Integer(required=True, allow_none=True)
    rev = fields.Integer(required=True)
    known = fields.Nested(KnownSchema, required=True)
    deadlines = fields.List(fields.Nested(DeadlineSchema), required=True)


_MANY = r"^[a-z0-9_-]{1,64}(,[a-z0-9_-]{1,64}){0,19}$"


class FilterSchema(Schema):
    """Which orders. Stages, priorities and technicians may be several, with commas; a
    technician is the lead or helps, `-` is nobody."""

    project = fields.String(validate=Length(1, 200))
    stage = fields.String(validate=Regexp(_MANY), metadata=like("dispatched,on_site"))
    technician = fields.String(validate=Regexp(_MANY), metadata=like("li,wang"))
    priority = fields.String(validate=Regexp(_MANY), metadata=like("emergency"))
    trade = fields.String(validate=Length(1, 100))
    sort_of = fields.String(validate=Length(1, 40))
    review = fields.Boolean()
    late = fields.Boolean()
    open = fields.Boolean()
    q = fields.String(
        load_default="", validate=Length(max=80), metadata=like("3-2-1702")
    )
    order_by = fields.String(
        load_default="registered", validate=OneOf(("worst", "registered", "number"))
    )


class ListSchema(FilterSchema):
    """Which orders, and where to go on."""

    cursor = fields.String(validate=Length(1, 1000))
    limit = fields.Integer(load_default=200, validate=Range(1, MOST))


class OrdersSchema(Schema):
    """A page of orders. `next`: where the list goes on; `cursor`: where its changes
    do, from the first page on."""

    orders = fields.List(fields.Nested(CardSchema), required=True)
    next = fields.String(required=True, allow_none=True)
    cursor = fields.String(required=True)
    contacts = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    as_of_ms = fields.Integer(required=True)


class SinceSchema(Schema):
    """From where on: the `cursor` of a list or of earlier changes."""

    cursor = fields.String(required=True, validate=Length(1, 1000))


class ChangesSchema(Schema):
    """What changed since the cursor. `gone`: orders that left the reader's scope;
    `contacts`: when each person's tablets were last heard from."""

    orders = fields.List(fields.Nested(CardSchema), required=True)
    gone = fields.List(fields.UUID(), required=True)
    cursor = fields.String(required=True)
    complete = fields.Boolean(required=True)
    contacts = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    as_of_ms = fields.Integer(required=True)


class SpanSchema(Schema):
    """When something happened: what is proven, what is estimated, what that is worth.
    None is an open side."""

    first_ms = fields.Integer(required=True, allow_none=True)
    end_ms = fields.Integer(required=True, allow_none=True)
    estimate_first_ms = fields.Integer(required=True, allow_none=True)
    estimate_end_ms = fields.Integer(required=True, allow_none=True)
    grade = fields.String(required=True, validate=OneOf("ABCD"))


class BytesSchema(Schema):
    """Bytes that an entry speaks of; `held`: are they here?"""

    sha256 = fields.String(required=True)
    role = fields.String(required=True)
    type = fields.String(required=True)
    bytes = fields.Integer(required=True)
    held = fields.Boolean(required=True)
    flaw = fields.String(required=True, allow_none=True)


class EntrySchema(Schema):
    """One thing that happened to the order: who, when, from which device, knowing what.
    `words` are private values as far as this reader may have them, `named` what
    sheets call them by."""

    id = fields.String(required=True)
    kind = fields.String(required=True)
    label = fields.String(required=True, metadata=like("到场签到"))
    by = fields.String(required=True)
    name = fields.String(required=True)
    device = fields.String(required=True, allow_none=True)
    moment = fields.Nested(SpanSchema, required=True, allow_none=True)
    received_ms = fields.Integer(required=True)
    position = fields.Integer(required=True)
    knew_position = fields.Integer(required=True)
    words = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    named = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    blobs = fields.List(fields.Nested(BytesSchema), required=True)
    says = fields.Dict(keys=fields.String(), required=True)
    review = fields.List(fields.String(), required=True)
    replaced_by = fields.String(required=True, allow_none=True)


class MissingSchema(Schema):
    """Something that is still missing before the order can be closed."""

    code = fields.String(required=True)
    words = fields.String(required=True)


class ReviewSchema(Schema):
    """Something that waits for a person."""

    id = fields.String(required=True)
    code = fields.String(required=True)
    words = fields.String(required=True)
    facts = fields.List(fields.String(), required=True)


class SeenBySchema(Schema):
    """Does somebody who is given the order know it as it is given now?"""

    actor = fields.String(required=True)
    name = fields.String(required=True)
    seen = fields.Boolean(required=True)
    opened = fields.Boolean(required=True)
    moment = fields.Nested(SpanSchema, required=True, allow_none=True)
    contact_ms = fields.Integer(required=True, allow_none=True)


class DeviceSeenSchema(Schema):
    """A device that wrote something of this."""

    name = fields.String(required=True)
    contact_ms = fields.Integer(required=True, allow_none=True)


class StrengthSchema(Schema):
    """How strong an acceptance is: on the tablet alone, asked about, confirmed."""

    code = fields.String(required=True, validate=OneOf(sorted(STRENGTHS)))
    words = fields.String(required=True)


class StorySchema(Schema):
    """Everything about one order, in the sequence in which it happened."""

    id = fields.UUID(required=True)
    rev = fields.Integer(required=True)
    card = fields.Nested(CardSchema, required=True)
    order = fields.Dict(keys=fields.String(), required=True)
    private = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    entries = fields.List(fields.Nested(EntrySchema), required=True)
    missing = fields.List(fields.Nested(MissingSchema), required=True)
    reviews = fields.List(fields.Nested(ReviewSchema), required=True)
    deadlines = fields.List(fields.Nested(DeadlineSchema), required=True)
    strengths = fields.Dict(
        keys=fields.String(), values=fields.Nested(StrengthSchema), required=True
    )
    owner_link_ms = fields.Integer(required=True, allow_none=True)
    traces = fields.Integer()
    seen_by = fields.List(fields.Nested(SeenBySchema), required=True)
    devices = fields.Dict(
        keys=fields.String(), values=fields.Nested(DeviceSeenSchema), required=True
    )
    people = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    as_of_ms = fields.Integer(required=True)
