"""What the desk does for an owner: a link to their own page, a question to their phone,
a certificate taken back.

What owners say themselves comes through their own page (`server/public/`), never here.
"""

from typing import Any

from flask import Response
from marshmallow import Schema, fields
from marshmallow.validate import Length, OneOf, Regexp

from server import desk, owner_links
from server.asking import must, must_order
from server.blueprint import Blueprint
from server.board_shapes import like
from server.confirming import Confirming
from server.deciding import how_decided
from server.idempotency import kept_with, once
from server.owner_reports import reports
from server.parts import the_parts
from server.shapes import ReceiptSchema
from sync.envelope import SHA256_HEX
from sync.facts.owner import REVOCATIONS, CertificateRevoked
from sync.plain import plain

blp = Blueprint("owner", __name__, description="Owners: link, question, revocation")


class OwnerLinkSchema(Schema):
    """The owner's own page; whoever has this address reads the order whole."""

    path = fields.String(required=True, metadata=like("/o/…"))
    url = fields.String(required=True)


class OwnerReasonSchema(Schema):
    """Why."""

    reason = fields.String(required=True, validate=Length(1, 200))


class RevokeSchema(Schema):
    """Which certificate is worth nothing any more, and why."""

    sheet = fields.String(required=True, validate=Regexp(rf"^{SHA256_HEX.pattern}$"))
    reason = fields.String(required=True, validate=OneOf(sorted(REVOCATIONS)))
    words = fields.String(load_default="", validate=Length(max=1000))


class OwnerReportSchema(Schema):
    """What an owner said of somebody who works here (C6)."""

    id = fields.String(required=True)
    stream = fields.String(required=True)
    number = fields.String(required=True, allow_none=True)
    words = fields.String(required=True)
    made_ms = fields.Integer(required=True)


class OwnerReportsSchema(Schema):
    """The newest ones."""

    reports = fields.List(fields.Nested(OwnerReportSchema), required=True)


@blp.post("/v1/orders/<uuid:order>/owner/link")
@blp.response(200, OwnerLinkSchema)
def make_link(order: Any) -> Any:
    """The owner's own page, for the desk to hand on: the one that stands, or a new one
    where none does."""
    name, parts = f"order:{order}", the_parts()
    caller = must_order("order.decide", name)
    token = owner_links.made(parts.engine, parts.keys, name, caller.actor, parts.now())
    url = owner_links.address(parts.config.public_url, token)
    return {"path": f"/o/{token}", "url": url}


@blp.delete("/v1/orders/<uuid:order>/owner/link")
@blp.arguments(OwnerReasonSchema)
@blp.response(204)
def stop_link(asked: dict[str, Any], order: Any) -> Response:
    """Every link to this order is over; a new one can be made."""
    name, parts = f"order:{order}", the_parts()
    by = must_order("order.decide", name).actor
    owner_links.revoke(parts.engine, name, by, asked["reason"], parts.now())
    return Response(status=204)


@blp.post("/v1/orders/<uuid:order>/owner/ask")
@blp.response(200, ReceiptSchema)
def ask(order: Any) -> Any:
    """Have a code sent to the owner's own phone, to confirm the sheet that stands. No
    answer stays no answer."""
    name, parts = f"order:{order}", the_parts()
    by = must_order("order.decide", name).actor
    asking = Confirming(parts.engine, parts.keys, parts.ledger)
    return plain(asking.ask(name, by, parts.now()))


@blp.post("/v1/orders/<uuid:order>/owner/revoke")
@once
@blp.arguments(RevokeSchema)
@blp.response(200, ReceiptSchema)
def revoke(asked: dict[str, Any], order: Any) -> Any:
    """Take a certificate back: whoever checks it reads that, and why."""
    what = CertificateRevoked(sheet=asked["sheet"], reason=asked["reason"])
    how = how_decided("order.approve", order, asked["words"])
    return plain(desk.decide(the_parts().ledger, what, note=kept_with(), **how))


@blp.get("/v1/owner/reports")
@blp.response(200, OwnerReportsSchema)
def owner_reports() -> Any:
    """What owners said of people who work here: to managers of the project alone."""
    caller, parts = must("report.read"), the_parts()
    found = reports(parts.engine, caller.grants)
    streams = {one["stream"] for one in found}
    parts.traces.read_by(caller.actor, streams, parts.now())
    return {"reports": found}
