"""What the desk decides about an order beyond giving and closing it.

Each is a fact with a reason. With If-Match the answer is 412 if something came in since
the `rev` that was on the screen; with an Idempotency-Key it is done once.
"""

from typing import Any

from marshmallow import Schema, fields, validates_schema
from marshmallow.exceptions import ValidationError
from marshmallow.validate import Length, OneOf, Range, Regexp

from server import correcting, desk
from server.asking import must
from server.blueprint import Blueprint
from server.board import document
from server.board_shapes import like
from server.database import reading
from server.deciding import how_decided
from server.idempotency import kept_with, once
from server.listing import PRIORITIES
from server.parts import the_parts
from server.shapes import ReceiptSchema
from sync.envelope import DIGEST, MAX_INTEGER
from sync.facts import What
from sync.facts.dispatch import Commented, PutOnHold, Resumed
from sync.facts.visit import Appointed
from sync.order import MOST_FEN, Order
from sync.plain import plain

blp = Blueprint("deciding", __name__, description="What the desk decides")

REASON = Regexp(r"^[a-z_]{1,40}$")
WORDS = Length(max=1000)


class WordsSchema(Schema):
    """Why, in a person's words."""

    words = fields.String(load_default="", validate=WORDS, metadata=like("配件周三到"))


class HoldSchema(WordsSchema):
    """What the order waits for: parts, owner, approval, weather, contractor, other;
    until when that is likely to take. Nothing resumes by itself."""

    reason = fields.String(required=True, validate=REASON, metadata=like("parts"))
    until_ms = fields.Integer(strict=True, load_default=None, allow_none=True,
                              validate=Range(0, MAX_INTEGER))  # fmt: skip


class CommentSchema(Schema):
    """A word about the order."""

    words = fields.String(
        required=True, validate=Length(1, 1000), metadata=like("请带三米梯子")
    )


class AppointSchema(WordsSchema):
    """When somebody will come, as agreed with the owner; why, if it is another time."""

    start_ms = fields.Integer(required=True, strict=True,
                              validate=Range(0, MAX_INTEGER))  # fmt: skip
    end_ms = fields.Integer(required=True, strict=True,
                            validate=Range(0, MAX_INTEGER))  # fmt: skip
    reason = fields.String(load_default="", validate=Regexp(r"^[a-z_]{0,40}$"))

    @validates_schema
    def goes_forward(self, said: dict[str, Any], **_: Any) -> None:
        """A window ends after it begins."""
        if said["end_ms"] <= said["start_ms"]:
            raise ValidationError("end_ms <= start_ms", "end_ms")


class ApproveSchema(WordsSchema):
    """Which cost, the newest that waits if it is not said, and up to how much."""

    hold = fields.String(validate=Regexp(rf"^{DIGEST.pattern}$"))
    up_to_fen = fields.Integer(required=True, strict=True, validate=Range(0, MOST_FEN))


class MergeSchema(WordsSchema):
    """The order that goes on for both."""

    into = fields.UUID(required=True)


class CorrectSchema(WordsSchema):
    """What the request says from now on; what is left out stays."""

    project = fields.String(validate=Length(1, 100))
    trade = fields.String(validate=Length(1, 100))
    priority = fields.String(validate=OneOf(PRIORITIES))
    sort = fields.String(
        validate=OneOf(("repair", "complaint", "enquiry", "suggestion"))
    )
    channel = fields.String(validate=Length(max=40))
    building = fields.String(validate=Length(max=40))
    unit = fields.String(validate=Length(max=40))
    room = fields.String(validate=Length(max=40), metadata=like("1702"))
    owner = fields.String(validate=Length(max=100))
    phone = fields.String(validate=Length(max=40), metadata=like("13800138000"))
    fault = fields.String(validate=Length(max=1000))
    remark = fields.String(validate=Length(max=1000))


def _decided(what: What, order: Any, words: str, action: str = "order.decide") -> Any:
    how = how_decided(action, order, words)
    return plain(desk.decide(the_parts().ledger, what, note=kept_with(), **how))


@blp.post("/v1/orders/<uuid:order>/hold")
@once
@blp.arguments(HoldSchema)
@blp.response(200, ReceiptSchema)
def hold(asked: dict[str, Any], order: Any) -> Any:
    """The order waits for something: what is promised about it does not count on."""
    words = asked.pop("words")
    return _decided(PutOnHold(**asked), order, words)


@blp.post("/v1/orders/<uuid:order>/resume")
@once
@blp.arguments(WordsSchema)
@blp.response(200, ReceiptSchema)
def resume(asked: dict[str, Any], order: Any) -> Any:
    """What the order waited for is there."""
    return _decided(Resumed(), order, asked["words"])


@blp.post("/v1/orders/<uuid:order>/comment")
@once
@blp.arguments(CommentSchema)
@blp.response(200, ReceiptSchema)
def comment(asked: dict[str, Any], order: Any) -> Any:
    """Leave word for whoever goes, or asks later."""
    return _decided(Commented(), order, asked["words"])


@blp.post("/v1/orders/<uuid:order>/appoint")
@once
@blp.arguments(AppointSchema)
@blp.response(200, ReceiptSchema)
def appoint(asked: dict[str, Any], order: Any) -> Any:
    """Say when somebody will come; again is another appointment."""
    words = asked.pop("words")
    return _decided(Appointed(**asked), order, words)


@blp.post("/v1/orders/<uuid:order>/approve")
@once
@blp.arguments(ApproveSchema)
@blp.response(200, ReceiptSchema)
def approve(asked: dict[str, Any], order: Any) -> Any:
    """Let the work that waits for its cost go on."""
    parts, how = the_parts(), how_decided("order.approve", order, asked["words"])
    with reading(parts.engine) as connection:
        waits = document(connection, how["stream"]) or Order()
    made = desk.approve(
        parts.ledger, hold=asked.get("hold"), up_to_fen=asked["up_to_fen"],
        order=waits, note=kept_with(), **how,
    )  # fmt: skip
    return plain(made)


@blp.post("/v1/orders/<uuid:order>/merge")
@once
@blp.arguments(MergeSchema)
@blp.response(200, ReceiptSchema)
def merge(asked: dict[str, Any], order: Any) -> Any:
    """The same request as another one, whose order goes on for both."""
    how = how_decided("order.decide", order, asked["words"])
    other = how_decided("order.decide", asked["into"], "")["stream"]
    made = desk.merge(the_parts().ledger, into=other, note=kept_with(), **how)
    return plain(made[0])


@blp.post("/v1/orders/<uuid:order>/correct")
@once
@blp.arguments(CorrectSchema)
@blp.response(200, ReceiptSchema)
def correct(asked: dict[str, Any], order: Any) -> Any:
    """Put right what the request says."""
    how, parts = how_decided("order.decide", order, asked.pop("words")), the_parts()
    if "project" in asked:  # nobody puts an order where they may not decide
        must("order.decide", asked["project"])
    made = correcting.correct(
        parts.ledger, parts.engine, asked, note=kept_with(), **how
    )
    return plain(made)
