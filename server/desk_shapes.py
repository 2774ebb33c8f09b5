"""The shapes of the desk's lists over HTTP: intake, homes, rosters, qualifications.

Shape and limits only. The console's types are made from these.
"""

from marshmallow import Schema, ValidationError, fields, validates_schema
from marshmallow.validate import Length, OneOf, Range, Regexp

from server.board_shapes import CardSchema
from server.roster import MOST_TECHNICIANS
from server.taking import PRIORITIES, SORTS
from sync.envelope import ACTOR, MAX_INTEGER

DAY = r"^(?:20[0-9]{2})-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])$"
STATES = ("valid", "expired", "not_yet")
MOST_CERTIFICATES = 100  # of one person

_ACTOR = Regexp(rf"^{ACTOR.pattern}$")


def _text(most: int, **said: object) -> fields.String:
    return fields.String(load_default="", validate=Length(max=most), **said)  # type: ignore[arg-type]


class PlaceSchema(Schema):
    """What names a home."""

    project = fields.String(required=True, validate=Length(1, 100))
    building = _text(40)
    unit = _text(40)
    room = _text(40)


class AgreedSchema(Schema):
    """When somebody will come, as agreed on the telephone."""

    start_ms = fields.Integer(required=True, validate=Range(0, MAX_INTEGER))
    end_ms = fields.Integer(required=True, validate=Range(0, MAX_INTEGER))

    @validates_schema
    def is_a_stretch(self, said: dict[str, int], **_: object) -> None:
        """It ends after it begins."""
        if said["end_ms"] < said["start_ms"]:
            raise ValidationError("end_ms < start_ms", "end_ms")


class AskedSchema(Schema):
    """What somebody asks for, as the desk writes it down."""

    channel = fields.String(load_default="phone", validate=Length(1, 40))
    sort = fields.String(load_default="repair", validate=OneOf(SORTS))
    project = _text(100)
    building = _text(40)
    unit = _text(40)
    room = _text(40)
    owner = _text(100)
    phone = _text(40)
    trade = _text(40)
    priority = fields.String(load_default="normal", validate=OneOf(PRIORITIES))
    fault = _text(2000)
    remark = _text(2000)
    appointment = fields.Nested(AgreedSchema, load_default=None, allow_none=True)


class EnteredSchema(Schema):
    """What was taken, under our own number until the register gives one. `duplicates`:
    open orders of the same home and trade; `repeats`: those whose repair did not last,
    the newest of which this one is linked to."""

    id = fields.UUID(required=True)
    number = fields.String(required=True)
    provisional = fields.Boolean(required=True)
    duplicates = fields.List(fields.UUID(), required=True)
    repeats = fields.List(fields.UUID(), required=True)


class NumberSchema(Schema):
    """The register's number for an order that was taken here."""

    number = fields.String(required=True, validate=Length(1, 60))


class NumberedSchema(Schema):
    """Which order goes on under the number."""

    id = fields.UUID(required=True)
    number = fields.String(required=True)


class TakeSchema(Schema):
    """Who sees the request through from now on; nobody named: whoever asks."""

    person = fields.String(load_default=None, allow_none=True, validate=_ACTOR)
    words = _text(1000)


class LookUpSchema(Schema):
    """The end of a phone number, a room, or how a name begins; and a trade to compare
    with, where it is known already."""

    q = fields.String(required=True, validate=Length(max=80))
    trade = fields.String(validate=Length(max=40))


class ResidentSchema(Schema):
    """Somebody who lives in a home or speaks for it. `relation` is empty where only a
    request named them."""

    name = _text(100)
    phone = _text(40)
    relation = _text(20)
    since = fields.String(load_default="", validate=Regexp(rf"^$|{DAY}"))


class WarrantySchema(Schema):
    """Until which day, itself included, a trade is under warranty (L2)."""

    trade = fields.String(required=True)
    until_day = fields.String(required=True)


class HomeSchema(PlaceSchema):
    """A home with its people."""

    handed_over_day = fields.String(load_default="", validate=Regexp(rf"^$|{DAY}"))
    note = _text(500)
    residents = fields.List(
        fields.Nested(ResidentSchema), load_default=list, validate=Length(max=20)
    )


class FoundHomeSchema(HomeSchema):
    """A home with its people, its warranties and its newest orders."""

    warranty = fields.List(fields.Nested(WarrantySchema), required=True)
    orders = fields.List(fields.Nested(CardSchema), required=True)


class FoundSchema(Schema):
    """The homes that were meant. `duplicates`: open orders of the same home and trade
    that were asked for lately; `repeats`: accepted lately (I5)."""

    homes = fields.List(fields.Nested(FoundHomeSchema), required=True)
    duplicates = fields.List(fields.Nested(CardSchema), required=True)
    repeats = fields.List(fields.Nested(CardSchema), required=True)


class PutDutySchema(Schema):
    """Who is on duty, and who leads them; the lead may be empty."""

    lead = fields.String(required=True, validate=Regexp(rf"^$|^{ACTOR.pattern}$"))
    technicians = fields.List(
        fields.String(validate=_ACTOR), required=True,
        validate=Length(max=MOST_TECHNICIANS),
    )  # fmt: skip


class DutySchema(PutDutySchema):
    """Who is on duty in a project on a day; version 0 if nobody said."""

    project = fields.String(required=True)
    day = fields.String(required=True)
    rev = fields.Integer(required=True)


class DaysSchema(Schema):
    """Which days, both included; of one project, or of all that one may see."""

    project = fields.String(validate=Length(1, 100))
    from_ = fields.String(required=True, data_key="from", validate=Regexp(DAY))
    to = fields.String(required=True, validate=Regexp(DAY))


class RosterSchema(Schema):
    """What is known of these days."""

    roster = fields.List(fields.Nested(DutySchema), required=True)


class CertificateSchema(Schema):
    """What somebody may do: `what` is a trade, "safety" or "agreement". The last day
    is included; an empty one has no end."""

    what = fields.String(required=True, validate=Length(1, 40))
    certificate = _text(80)
    valid_from = fields.String(load_default="", validate=Regexp(rf"^$|{DAY}"))
    valid_until = fields.String(load_default="", validate=Regexp(rf"^$|{DAY}"))


class QualificationSchema(CertificateSchema):
    """A certificate, whose it is, and how it stands today."""

    person = fields.String(required=True)
    state = fields.String(
        required=True, validate=OneOf(("valid", "expired", "not_yet"))
    )


class QualificationsSchema(Schema):
    """Certificates; `demanded`: is anybody without one turned away (P2)?"""

    demanded = fields.Boolean(required=True)
    qualifications = fields.List(fields.Nested(QualificationSchema), required=True)


class CertificatesSchema(Schema):
    """What one person holds; `contractor`: whose they are, if not the company's own."""

    person = fields.String(required=True)
    contractor = fields.String(required=True)
    certificates = fields.List(fields.Nested(QualificationSchema), required=True)


class WhoseSchema(Schema):
    """Whose certificates; everybody's if nobody is named."""

    person = fields.String(validate=_ACTOR)


class PutCertificatesSchema(Schema):
    """What somebody holds: these and no others. `contractor`: whose people they are."""

    certificates = fields.List(
        fields.Nested(CertificateSchema), required=True,
        validate=Length(max=MOST_CERTIFICATES),
    )  # fmt: skip
    contractor = _text(64)


class LoadSchema(Schema):
    """Orders in hand, and those of them that are agreed for the day."""

    today = fields.Integer(required=True)
    open = fields.Integer(required=True)


class WhereSchema(Schema):
    """How far from the order somebody last was, as the crow flies, and at which order
    that was."""

    distance_m = fields.Integer(required=True, allow_none=True)
    of = fields.String(required=True, allow_none=True)


class ReasonForSchema(Schema):
    """Why somebody stands where they stand; `value` is what it is about."""

    code = fields.String(required=True)
    words = fields.String(required=True)
    value = fields.String(required=True, allow_none=True)


class CandidateSchema(Schema):
    """Somebody of the field. `qualified`: may be given the order at all; `fits`: that,
    and on duty if anybody is."""

    person = fields.String(required=True)
    name = fields.String(required=True)
    rank = fields.Integer(required=True)
    fits = fields.Boolean(required=True)
    qualified = fields.Boolean(required=True)
    reasons = fields.List(fields.Nested(ReasonForSchema), required=True)
    expires_day = fields.String(required=True, allow_none=True)
    load_ = fields.Nested(LoadSchema, required=True, data_key="load", attribute="load")
    place = fields.Nested(WhereSchema, required=True)
    contact_ms = fields.Integer(required=True, allow_none=True)
    on_duty = fields.Boolean(required=True)


class CandidatesSchema(Schema):
    """Whom to send, the one to think of first on top."""

    candidates = fields.List(fields.Nested(CandidateSchema), required=True)
