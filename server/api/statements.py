"""Statements of a day or a month: figures, the records behind them, closing.

Reading is for whoever may see statements of that project; without a project it is about
all of them, for whoever may see all. May not enter: how anything is counted.
"""

from typing import Any, cast

from flask import Response
from marshmallow import Schema, fields
from marshmallow.validate import Length, OneOf, Range, Regexp

from server.asking import must
from server.blueprint import Blueprint
from server.board_shapes import like
from server.idempotency import kept_with, once
from server.parts import the_parts
from server.shapes import HeadSchema, ReceiptSchema
from server.statements import closing, files, paper
from server.statements.closing import Account, Act
from server.statements.naming import label_of
from server.words import say
from sync.access import EVERY
from sync.envelope import MAX_INTEGER, SHA256_HEX
from sync.facts.statement import StatementClosed
from sync.plain import plain
from sync.problems import Refused
from sync.statements import ALL, BASES, FEN, ITEMS, SECTIONS, Item, days_of, period

blp = Blueprint("statements", __name__, description="Statements of a day or a month")

MOST_RECORDS = 1_000
STATES = (closing.RUNNING, closing.OPEN, closing.CLOSED, closing.REOPENED)
_PROJECT = Length(max=200)  # empty: all of them
_NAME = r"^(order|review|difference):[A-Za-z0-9_-]{1,64}$"
_TIME = Range(0, MAX_INTEGER)


class OfProjectSchema(Schema):
    """Of which project; none: of all of them together."""

    project = fields.String(load_default=ALL, validate=_PROJECT)


class MonthSchema(OfProjectSchema):
    """Which month."""

    month = fields.String(required=True, validate=Regexp(r"^\d{4}-\d{2}$"),
                          metadata=like("2026-11"))  # fmt: skip


class DayStateSchema(Schema):
    """How a day or a month stands. `asked`: requests of it; `open`: what is open of
    them; `changed`: it is closed and the book says something else by now."""

    name = fields.String(required=True)
    state = fields.String(required=True, validate=OneOf(STATES))
    asked = fields.Integer(required=True)
    open = fields.Integer(required=True)
    changed = fields.Boolean(required=True)
    closed_by = fields.String(required=True, allow_none=True)
    closed_ms = fields.Integer(required=True, allow_none=True, validate=_TIME)


class StatementMonthSchema(Schema):
    """A month and its days."""

    month = fields.Nested(DayStateSchema, required=True)
    days = fields.List(fields.Nested(DayStateSchema), required=True)


class FigureSchema(Schema):
    """A figure; `unit`: records, or fen. `digest`: of the list of records behind it."""

    code = fields.String(required=True)
    label = fields.String(required=True)
    value = fields.Integer(required=True)
    unit = fields.String(required=True, validate=OneOf(("records", "fen")))
    digest = fields.String(required=True)


class SectionSchema(Schema):
    """Figures that belong together, and on which day they count."""

    code = fields.String(required=True)
    label = fields.String(required=True)
    basis = fields.String(required=True)
    figures = fields.List(fields.Nested(FigureSchema), required=True)


class ItemSchema(Schema):
    """Something open. `reason`: why it may be, as whoever closed has said."""

    name = fields.String(required=True)
    kind = fields.String(required=True)
    label = fields.String(required=True)
    id = fields.String(required=True)
    number = fields.String(required=True)
    about = fields.String(required=True)
    reason = fields.String(required=True)


class CountedRecordSchema(Schema):
    """A record behind a figure."""

    id = fields.String(required=True)
    number = fields.String(required=True)
    about = fields.String(required=True)
    value = fields.Integer(required=True)


class ChangeSchema(Schema):
    """A figure that is another one since it was closed, by these records."""

    code = fields.String(required=True)
    label = fields.String(required=True)
    was = fields.Integer(required=True)
    now = fields.Integer(required=True)
    unit = fields.String(required=True)
    came = fields.List(fields.Nested(CountedRecordSchema), required=True)
    went = fields.List(fields.Nested(CountedRecordSchema), required=True)


class ActSchema(Schema):
    """A closing or a reopening: the fact, who, when, why."""

    id = fields.String(required=True)
    what = fields.String(required=True, validate=OneOf(("closed", "reopened")))
    by = fields.String(required=True)
    at_ms = fields.Integer(required=True, validate=_TIME)
    position = fields.Integer(required=True)
    words = fields.String(required=True)
    digest = fields.String(required=True)
    open = fields.Integer(required=True)


class StatementSchema(Schema):
    """A statement: as it was closed if it is, else as the book stands.

    `digest`: over figures and records, the same in every file; `head`: the book that it
    was counted on, `signature` and `key`: the server's word on both (none as long as it
    is open); `findings`: what does not hold about it.
    """

    period = fields.String(required=True)
    project = fields.String(required=True)
    state = fields.String(required=True, validate=OneOf(STATES))
    first_ms = fields.Integer(required=True, validate=_TIME)
    end_ms = fields.Integer(required=True, validate=_TIME)
    digest = fields.String(required=True)
    head = fields.Nested(HeadSchema, required=True)
    key = fields.String(required=True, allow_none=True)
    signature = fields.String(required=True, allow_none=True)
    sections = fields.List(fields.Nested(SectionSchema), required=True)
    open = fields.List(fields.Nested(ItemSchema), required=True)
    changes = fields.List(fields.Nested(ChangeSchema), required=True)
    acts = fields.List(fields.Nested(ActSchema), required=True)
    findings = fields.List(fields.String(), required=True)
    as_of_ms = fields.Integer(required=True, validate=_TIME)


class BehindSchema(OfProjectSchema):
    """Which figure, from which record on."""

    figure = fields.String(
        required=True, validate=Regexp(r"^[a-z_]{1,40}(:[a-z_]{1,40})?$")
    )
    skip = fields.Integer(load_default=0, validate=Range(0, MAX_INTEGER))


class RecordsSchema(Schema):
    """Records behind a figure, a page of them; `next`: what to skip to go on."""

    figure = fields.Nested(FigureSchema, required=True)
    records = fields.List(fields.Nested(CountedRecordSchema), required=True)
    next = fields.Integer(required=True, allow_none=True)


class CloseSchema(Schema):
    """The digest of the figures that the person has seen, and why each item that is
    open may be: reasons by the items' names."""

    project = fields.String(load_default=ALL, validate=_PROJECT)
    digest = fields.String(required=True, validate=Regexp(rf"^{SHA256_HEX.pattern}$"))
    reasons = fields.Dict(
        keys=fields.String(validate=Regexp(_NAME)),
        values=fields.String(validate=Length(1, closing.MOST_WORDS)),
        load_default=dict, validate=Length(0, closing.MOST_OPEN),
    )  # fmt: skip


class ReopenSchema(Schema):
    """Why it must be open again."""

    project = fields.String(load_default=ALL, validate=_PROJECT)
    words = fields.String(required=True, validate=Length(1, 1000))


def _must(action: str, project: str) -> Any:
    return must(action, project if project != ALL else EVERY)


@blp.get("/v1/statements")
@blp.arguments(MonthSchema, location="query")
@blp.response(200, StatementMonthSchema)
def month(asked: dict[str, Any]) -> Any:
    """How a month and each of its days stand."""
    _must("statement.read", asked["project"])
    parts, name = the_parts(), asked["month"]
    days = days_of(period(name, parts.policy.calendar))
    found = closing.calendar(parts, [name, *days], asked["project"])
    return {"month": found[0], "days": found[1:]}


@blp.get("/v1/statements/<period>")
@blp.arguments(OfProjectSchema, location="query")
@blp.response(200, StatementSchema)
def statement(asked: dict[str, Any], period: str) -> Any:
    """A day (`2026-11-20`) or a month (`2026-11`)."""
    return _shown(_asked_for(asked["project"], period))


def _asked_for(project: str, name: str) -> Account:
    _must("statement.read", project)
    return closing.account(the_parts(), name, project)


@blp.get("/v1/statements/<period>/records")
@blp.arguments(BehindSchema, location="query")
@blp.response(200, RecordsSchema)
def records(asked: dict[str, Any], period: str) -> Any:
    """The records behind one of its figures."""
    found = _asked_for(asked["project"], period).shown
    figure = next((f for f in found.figures if f.code == asked["figure"]), None)
    if figure is None:
        raise Refused("figure_unknown", figure=asked["figure"])
    end = asked["skip"] + MOST_RECORDS
    return {
        "figure": _figure(figure), "next": end if end < len(figure.records) else None,
        "records": figure.records[asked["skip"] : end],
    }  # fmt: skip


@blp.get("/v1/statements/<period>/statement.csv")
@blp.arguments(OfProjectSchema, location="query")
@blp.response(200, content_type="text/csv")
def as_csv(asked: dict[str, Any], period: str) -> Any:
    """Figures, items and records as CSV."""
    found = _asked_for(asked["project"], period)
    return _file(files.as_csv(found, the_parts()), found, "csv")


@blp.get("/v1/statements/<period>/statement.xlsx")
@blp.arguments(OfProjectSchema, location="query")
@blp.response(200, content_type=files.MEDIA["xlsx"])
def as_xlsx(asked: dict[str, Any], period: str) -> Any:
    """The same as a workbook: figures, what is open, records."""
    found = _asked_for(asked["project"], period)
    return _file(files.as_xlsx(found, the_parts()), found, "xlsx")


@blp.get("/v1/statements/<period>/statement.pdf")
@blp.arguments(OfProjectSchema, location="query")
@blp.response(200, content_type=files.MEDIA["pdf"])
def as_pdf(asked: dict[str, Any], period: str) -> Any:
    """Figures and what is open on paper; the same statement gives the same bytes."""
    found = _asked_for(asked["project"], period)
    return _file(paper.as_pdf(found, the_parts()), found, "pdf")


def _file(body: bytes, found: Account, ending: str) -> Response:
    name = f"statement-{found.period.name}.{ending}"
    headers = {
        "Content-Type": files.MEDIA[ending],
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(body, headers=headers)


@blp.post("/v1/statements/<period>/close")
@once
@blp.arguments(CloseSchema)
@blp.response(200, ReceiptSchema)
def close(asked: dict[str, Any], period: str) -> Any:
    """Close it on these figures. Refused: it is not over, it is closed, its figures
    moved, something is open without a reason."""
    caller = _must("statement.close", asked["project"])
    made = closing.close(
        the_parts(), period, asked["project"], seen=asked["digest"],
        reasons=asked["reasons"], by=caller.actor, also=kept_with(),
    )  # fmt: skip
    return plain(made)


@blp.post("/v1/statements/<period>/reopen")
@once
@blp.arguments(ReopenSchema)
@blp.response(200, ReceiptSchema)
def reopen(asked: dict[str, Any], period: str) -> Any:
    """Open it again, for a reason."""
    caller = _must("statement.close", asked["project"])
    made = closing.reopen(
        the_parts(), period, asked["project"], words=asked["words"],
        by=caller.actor, also=kept_with(),
    )  # fmt: skip
    return plain(made)


# how it is shown


def _shown(found: Account) -> dict[str, Any]:
    act, shown = found.closing, found.shown
    said = cast(StatementClosed, act.what) if act else None
    reasons = (act.reasons if act else None) or {}
    return {
        "period": found.period.name, "project": found.project, "state": found.state,
        "first_ms": found.period.first_ms, "end_ms": found.period.end_ms,
        "digest": found.shown_digest,
        "head": plain(said.head if said else found.head),
        "key": said.key if said else None,
        "signature": said.signature if said else None,
        "sections": [
            {"code": code, "label": say(label, {}), "basis": say(BASES[code], {}),
             "figures": [_figure(one) for one in files.of_section(shown, code)]}
            for code, label in SECTIONS.items()
        ],
        "open": [_item(one, reasons.get(one.name, "")) for one in shown.open],
        "changes": [
            {"code": one.code, "label": label_of(one.code), "was": one.was,
             "now": one.now, "unit": _unit(one.code),
             "came": one.came[:MOST_RECORDS], "went": one.went[:MOST_RECORDS]}
            for one in found.changes
        ],
        "acts": [_act(one) for one in found.acts],
        "findings": list(found.findings), "as_of_ms": found.head.at_ms,
    }  # fmt: skip


def _unit(code: str) -> str:
    return "fen" if code in FEN else "records"


def _figure(one: Any) -> dict[str, Any]:
    return {"code": one.code, "label": label_of(one.code), "value": one.value,
            "unit": _unit(one.code), "digest": one.digest}  # fmt: skip


def _item(one: Item, reason: str) -> dict[str, Any]:
    return {
        "name": one.name, "kind": one.kind, "label": say(ITEMS[one.kind], {}),
        "id": one.id, "number": one.number, "about": one.about, "reason": reason,
    }  # fmt: skip


def _act(one: Act) -> dict[str, Any]:
    shut = isinstance(one.what, StatementClosed)
    return {
        "id": one.id, "what": "closed" if shut else "reopened", "by": one.by,
        "at_ms": one.at_ms, "position": one.position, "words": one.words,
        "digest": one.what.digest if isinstance(one.what, StatementClosed) else "",
        "open": one.what.open if isinstance(one.what, StatementClosed) else 0,
    }  # fmt: skip
