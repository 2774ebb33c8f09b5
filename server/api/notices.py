"""What was told, what is on its way, and what nobody could be told: that one may be
tried again.
"""

from collections.abc import Sequence
from typing import Any

from marshmallow import Schema, fields
from marshmallow.validate import OneOf, Range, Regexp

from server.answering import answer
from server.asking import must
from server.blueprint import Blueprint
from server.notices.outbox import MOST_LISTED, STATES, Notice, Outbox, shown
from server.notices.targets import NAME
from server.paging import link_to
from server.parts import the_parts
from sync.access import EVERY, projects
from sync.envelope import MAX_INTEGER

blp = Blueprint("notices", __name__, description="What was told")

_TIME = Range(0, MAX_INTEGER)


class AskedSchema(Schema):
    """Which ones; the newest first."""

    state = fields.String(validate=OneOf(STATES))
    target = fields.String(validate=Regexp(NAME))
    cursor = fields.String(validate=Regexp(NAME))
    limit = fields.Integer(load_default=100, validate=Range(1, MOST_LISTED))


class NoticeSchema(Schema):
    """A notice: its occasion, the order with its number ("" if it has none), whom it is
    for. What it says is put together when it goes out."""

    id = fields.String(required=True, validate=Regexp(NAME))
    kind = fields.String(required=True)
    target = fields.String(required=True)
    order = fields.String(required=True)
    number = fields.String(required=True)
    person = fields.String(required=True)
    urgent = fields.Boolean(required=True)
    state = fields.String(required=True, validate=OneOf(STATES))
    tries = fields.Integer(required=True, validate=_TIME)
    made_ms = fields.Integer(required=True, validate=_TIME)
    next_ms = fields.Integer(required=True, allow_none=True, validate=_TIME)
    sent_ms = fields.Integer(required=True, allow_none=True, validate=_TIME)
    error = fields.String(required=True, allow_none=True)


TOLD = NoticeSchema().fields.keys()


class CountsSchema(Schema):
    """How many there are in each state."""

    waiting = fields.Integer(required=True)
    failed = fields.Integer(required=True)
    sent = fields.Integer(required=True)
    dead = fields.Integer(required=True)


class NoticesSchema(Schema):
    """A page of the outbox."""

    notices = fields.List(fields.Nested(NoticeSchema), required=True)
    counts = fields.Nested(CountsSchema, required=True)
    next = fields.String(required=True, allow_none=True)


@blp.get("/v1/notices")
@blp.arguments(AskedSchema, location="query")
@blp.response(200, NoticesSchema)
def notices(asked: dict[str, Any]) -> Any:
    """The outbox, a page at a time."""
    where = projects(must("notice.read").grants, "notice.read")
    outbox, limit = the_parts().notices.outbox, asked.pop("limit")
    found = outbox.list(asked.pop("cursor", None), limit, where, **asked)
    next_ = found[-1].id if len(found) == limit else None
    said = {
        "notices": _shown(outbox, found),
        "counts": outbox.counts(where),
        "next": next_,
    }
    return answer(said, link_to(next_))


@blp.post("/v1/notices/<notice>/replay")
@blp.response(200, NoticeSchema)
def replay(notice: str) -> Any:
    """Try again what was given up."""
    must("notice.manage", EVERY)
    parts = the_parts()
    outbox = parts.notices.outbox
    (said,) = _shown(outbox, [outbox.replay(notice, parts.now())])
    return said


def _shown(outbox: Outbox, found: Sequence[Notice]) -> list[dict[str, Any]]:
    """As they are told: an order by its name and number, without figures."""
    numbers = outbox.numbers(found)
    return [
        {name: value for name, value in shown(one).items() if name in TOLD}
        | {"order": one.stream.removeprefix("order:")}
        | {"number": numbers.get(one.stream, "")}
        for one in found
    ]
