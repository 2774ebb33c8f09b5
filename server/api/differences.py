"""What differs between the central log and the field: read, decided, taken back.

Whoever decides says with If-Match which decision was on the screen (`"open"`: none);
with an Idempotency-Key it is done once. What must be known of the owner stays with
whoever may know it (S1).
"""

import json
from collections.abc import Sequence
from typing import Any

import orjson
from flask import request
from marshmallow import Schema, fields
from marshmallow.validate import Length, OneOf, Range, Regexp

from server.answering import answer
from server.api.deciding import CorrectSchema, WordsSchema
from server.asking import must
from server.auth import Caller
from server.blueprint import Blueprint
from server.board_shapes import CODE, like
from server.central import settling, showing
from server.central import waiting as waits
from server.central.settling import MOST, By, Made
from server.central.waiting import STATES, Wanted
from server.database import reading
from server.idempotency import kept_with, once
from server.matching import seen_version
from server.paging import link_to
from server.parts import the_parts
from server.shapes import ReceiptSchema
from sync.access import EVERY, may, projects
from sync.envelope import DIGEST, MAX_INTEGER
from sync.exchange import Receipt
from sync.facts.reconciling import CHOICES
from sync.plain import plain
from sync.problems import Refused
from sync.reconcile import SORTS, Severity
from sync.reconcile.deciding import REASONS

blp = Blueprint("differences", __name__, description="What differs")

READ, SETTLE, SETTLE_GRAVE = (
    "difference.read", "difference.settle", "difference.settle_grave",
)  # fmt: skip
_TIME = Range(0, MAX_INTEGER)
_ID = Regexp(rf"^{DIGEST.pattern}$")


class WantedSchema(Schema):
    """Which differences."""

    state = fields.String(load_default="open", validate=OneOf(tuple(STATES)))
    project = fields.String(validate=Length(1, 200))
    code = fields.String(validate=Regexp(CODE))
    severity = fields.String(validate=OneOf([one.value for one in Severity]))
    settles = fields.String(validate=Length(1, 40))
    handler = fields.String(validate=Length(1, 64))
    number = fields.String(validate=Length(1, 64))
    cursor = fields.String(validate=Length(1, 300))
    limit = fields.Integer(load_default=50, validate=Range(1, waits.MOST))


class WhySoSchema(Schema):
    """A reason and what it is called."""

    reason = fields.String(required=True)
    label = fields.String(required=True)


class ChoiceSchema(Schema):
    """What may be decided, and the reasons that go with it."""

    choice = fields.String(required=True, validate=OneOf(CHOICES))
    label = fields.String(required=True)
    reasons = fields.List(fields.Nested(WhySoSchema), required=True)


class SuggestionSchema(Schema):
    """What the evidence speaks for, and why."""

    choice = fields.String(required=True, validate=OneOf(CHOICES))
    reason = fields.String(required=True)
    why = fields.String(required=True)


class PictureSchema(Schema):
    """A picture that two orders have: of which, and where it is shown."""

    side = fields.String(required=True, validate=OneOf(("own", "other")))
    order = fields.String(required=True)
    number = fields.String(required=True)
    sha256 = fields.String(required=True)
    preview = fields.String(required=True)


class DifferenceSchema(Schema):
    """A difference: both sides as they were compared and in words, who settles it by
    rule, who sees to it, by when. `decision`: the fact that settled it; `gone_ms`:
    since when it holds no more; `may_settle`: may whoever asks decide? `pictures`:
    both, if two orders have one that is or looks the same; `elsewhere`: why the other
    is not shown."""

    id = fields.String(required=True)
    number = fields.String(required=True)
    order = fields.String(required=True, allow_none=True)
    project = fields.String(required=True)
    code = fields.String(required=True)
    label = fields.String(required=True)
    happened = fields.String(required=True)
    severity = fields.String(required=True)
    severity_label = fields.String(required=True)
    settles = fields.String(required=True)
    cites = fields.String(required=True)
    register = fields.String(required=True)
    register_words = fields.String(required=True)
    field = fields.String(required=True)
    field_words = fields.String(required=True)
    about = fields.String(required=True)
    pictures = fields.List(fields.Nested(PictureSchema), required=True)
    elsewhere = fields.String(required=True)
    first_ms = fields.Integer(required=True, validate=_TIME)
    due_ms = fields.Integer(required=True, validate=_TIME)
    gone_ms = fields.Integer(required=True, allow_none=True, validate=_TIME)
    open = fields.Boolean(required=True)
    handler = fields.String(required=True)
    handler_name = fields.String(required=True)
    suggested = fields.Nested(SuggestionSchema, required=True)
    choices = fields.List(fields.Nested(ChoiceSchema), required=True)
    decision = fields.String(required=True, allow_none=True)
    choice = fields.String(required=True, allow_none=True)
    choice_label = fields.String(required=True)
    reason = fields.String(required=True, allow_none=True)
    reason_label = fields.String(required=True)
    settled_by = fields.String(required=True, allow_none=True)
    settled_name = fields.String(required=True)
    settled_ms = fields.Integer(required=True, allow_none=True, validate=_TIME)
    may_settle = fields.Boolean(required=True)


class DifferencesSchema(Schema):
    """A page of them, and how many there are of each code."""

    differences = fields.List(fields.Nested(DifferenceSchema), required=True)
    counts = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    next = fields.String(required=True, allow_none=True)
    as_of_ms = fields.Integer(required=True, validate=_TIME)


class VersionSchema(Schema):
    """A row as it stood in its file."""

    file = fields.String(required=True)
    name = fields.String(required=True)
    line = fields.Integer(required=True)
    brought_ms = fields.Integer(required=True, validate=_TIME)
    columns = fields.List(fields.String(), required=True)
    cells = fields.List(fields.String(), required=True)


class EvidenceSchema(Schema):
    """One thing there is to go by."""

    code = fields.String(required=True)
    words = fields.String(required=True)


class SettlementSchema(Schema):
    """What somebody decided about this number and cause, with the sides of then."""

    fact = fields.String(required=True)
    name = fields.String(required=True)
    at_ms = fields.Integer(required=True, allow_none=True)
    choice = fields.String(required=True)
    choice_label = fields.String(required=True)
    reason_label = fields.String(required=True)
    words = fields.String(required=True)
    register_words = fields.String(required=True)
    field_words = fields.String(required=True)
    undone = fields.Boolean(required=True)


class DetailSchema(Schema):
    """A difference with what the log has said of its number, what there is to go by
    and what was decided before."""

    difference = fields.Nested(DifferenceSchema, required=True)
    versions = fields.List(fields.Nested(VersionSchema), required=True)
    evidence = fields.List(fields.Nested(EvidenceSchema), required=True)
    history = fields.List(fields.Nested(SettlementSchema), required=True)


class SettleSchema(WordsSchema):
    """What is decided, and why; `changes`: what the request says from now on, if it is
    to be corrected in the same breath."""

    choice = fields.String(required=True, validate=OneOf(CHOICES),
                           metadata=like("field"))  # fmt: skip
    reason = fields.String(required=True, validate=OneOf(tuple(REASONS)),
                           metadata=like("evidence"))  # fmt: skip


class PutRightSchema(CorrectSchema):
    """What a request says from now on."""

    class Meta:
        """The words are the decision's."""

        exclude = ("words",)


class SettleOneSchema(SettleSchema):
    """The same about one."""

    changes = fields.Nested(PutRightSchema, load_default=dict)


class SettleManySchema(SettleSchema):
    """The same about many of one cause."""

    differences = fields.List(fields.String(validate=_ID), required=True,
                              validate=Length(1, MOST))  # fmt: skip


class HandlerSchema(Schema):
    """Who sees to it: whoever asks, if nobody is said; nobody, if it is empty."""

    person = fields.String(validate=Length(0, 64))


class SettledManySchema(Schema):
    """A receipt for each decision, in the sequence of what was asked."""

    receipts = fields.List(fields.Nested(ReceiptSchema), required=True)


@blp.get("/v1/differences")
@blp.arguments(WantedSchema, location="query")
@blp.response(200, DifferencesSchema)
def differences(asked: dict[str, Any]) -> Any:
    """What differs between the central log and the field, the oldest first."""
    caller, parts = must(READ), the_parts()
    limit, text = asked.pop("limit"), asked.pop("cursor", None)
    wanted = Wanted(projects=projects(caller.grants, READ), **asked)
    after = _after(text) if text else None
    with reading(parts.engine) as connection:
        found = waits.page(connection, wanted, after, limit)
        counts = waits.counts(connection, wanted)
        shown = showing.shown(
            connection, found, parts.policy, _may(caller), wanted.projects
        )
    next_ = _cursor(found[-1]) if len(found) == limit else None
    said = {
        "differences": shown, "counts": counts, "next": next_, "as_of_ms": parts.now(),
    }  # fmt: skip
    return answer(said, link_to(next_))


@blp.get("/v1/differences/<difference>")
@blp.response(200, DetailSchema)
def difference(difference: str) -> Any:
    """One difference, and all that it rests on."""
    caller, parts = must(READ), the_parts()
    with reading(parts.engine) as connection:
        where = projects(caller.grants, READ)
        found = waits.one(connection, difference, where)
        if found is None:
            raise Refused("not_found")
        knows = may(caller.grants, "owner.read", found.project or EVERY)
        (shown,) = showing.shown(connection, [found], parts.policy, _may(caller), where)
        said = showing.around(connection, found, parts.policy, knows=knows)
    if knows and found.stream:
        parts.traces.read_by(caller.actor, [found.stream], parts.now())
    mark = {"ETag": f'"{found.decision or "open"}"'}
    return answer({"difference": shown, **said}, mark)


@blp.post("/v1/differences/<difference>/settle")
@once
@blp.arguments(SettleOneSchema)
@blp.response(200, ReceiptSchema)
def settle(asked: dict[str, Any], difference: str) -> Any:
    """Decide about one difference: exactly the two values that it names."""
    caller, parts, made = must(READ), the_parts(), Made(**asked)
    (kept,) = settling.settle(
        parts.ledger, parts.engine, [difference], made, _by(caller), kept_with()
    )
    return plain(kept)


@blp.post("/v1/differences/settle")
@once
@blp.arguments(SettleManySchema)
@blp.response(200, SettledManySchema)
def settle_many(asked: dict[str, Any]) -> Any:
    """Decide the same about many of one cause, all or none."""
    caller, parts, names = must(READ), the_parts(), asked.pop("differences")
    kept = settling.settle(
        parts.ledger, parts.engine, names, Made(**asked), _by(caller, many=True),
        kept_with(_receipts),
    )  # fmt: skip
    return _receipts(kept)


@blp.post("/v1/differences/<difference>/undo")
@once
@blp.arguments(WordsSchema)
@blp.response(200, ReceiptSchema)
def undo(asked: dict[str, Any], difference: str) -> Any:
    """Take a decision back, as long as nothing rests on it."""
    caller, parts = must(READ), the_parts()
    kept = settling.undo(
        parts.ledger, parts.engine, difference, asked["words"], parts.policy.calendar,
        _by(caller), kept_with(),
    )  # fmt: skip
    return plain(kept)


@blp.post("/v1/differences/<difference>/take")
@once
@blp.arguments(HandlerSchema)
@blp.response(200, ReceiptSchema)
def take(asked: dict[str, Any], difference: str) -> Any:
    """Somebody sees to it."""
    caller, parts = must(READ), the_parts()
    person = asked.get("person", caller.actor)
    if person:
        parts.people.working(person)
    kept = settling.take(
        parts.ledger, parts.engine, difference, person, _by(caller), kept_with()
    )
    return plain(kept)


def _by(caller: Caller, *, many: bool = False) -> By:
    seen = seen_version() if "If-Match" in request.headers and not many else None
    return By(
        person=caller.actor, now_ms=the_parts().now(), seen=seen,
        projects=projects(caller.grants, READ), may=_may(caller),
    )  # fmt: skip


def _may(caller: Caller) -> settling.MaySettle:
    """By rule some are a manager's alone."""

    def allowed(row: Any) -> bool:
        grave = SORTS[row.code].settles == "manager"
        action = SETTLE_GRAVE if grave else SETTLE
        return may(caller.grants, action, row.project or EVERY)

    return allowed


def _receipts(kept: Sequence[Receipt]) -> dict[str, Any]:
    return {"receipts": [plain(one) for one in kept]}


def _cursor(last: Any) -> str:
    said = json.dumps([last.first_ms, last.id]).encode()
    return the_parts().keys.sealed("differences", said)


def _after(text: str) -> tuple[int, str]:
    data = the_parts().keys.unsealed("differences", text)
    if data is None:
        raise Refused("cursor_unknown")
    first_ms, name = orjson.loads(data)
    return first_ms, name
