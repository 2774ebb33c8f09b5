"""Tablets: one enrols with its one-time code and its own key; the desk gives out codes,
sees how each one is, and shuts out what is lost.

Whoever gives out a code may do so wherever its person holds anything: a tablet opens
what its person may see, and no more than its giver's own (X9, X20).
"""

from typing import Any

from flask import Response, request
from marshmallow import Schema, fields
from marshmallow.validate import Length, Regexp

from server import certificates, devices, listing, showing
from server.asking import must, seal_to
from server.auth import Caller
from server.blueprint import Blueprint
from server.database import reading
from server.devices import enrolment_link
from server.parts import the_parts
from server.people_shapes import CodeSchema
from server.running import Promised
from server.scoping import the_scope
from server.shapes import StorageSchema
from sync.access import FIELD, roles_of
from sync.envelope import ACTOR
from sync.plain import plain
from sync.problems import Refused

CODE_MS = 10 * 60_000

blp = Blueprint("devices", __name__, description="Enrolling tablets")


class EnrolSchema(Schema):
    """A code, the device's public key, and what people call the device. A device that
    was let in before a restore shows its certificate instead of a code."""

    code = fields.String(load_default="", validate=Length(max=64))
    certificate = fields.String(validate=Length(max=1000))
    key = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    name = fields.String(load_default="", validate=Length(max=200))


class EnrolledSchema(Schema):
    """Who the device is now, and whose seal to believe."""

    device = fields.String(required=True)
    actor = fields.String(required=True)
    role = fields.String(required=True)
    certificate = fields.String()
    server_key = fields.Dict(required=True)
    epoch = fields.String(required=True)


@blp.post("/v1/devices")
@blp.arguments(EnrolSchema)
@blp.response(201, EnrolledSchema)
def enrol(asked: dict[str, Any]) -> dict[str, Any]:
    """Enrol; the same code with the same key again gives the same answer."""
    parts, now = the_parts(), the_parts().now()
    certificate = asked.get("certificate")
    if certificate is not None:
        seal_to(certificate)
        let_in = certificates.let_in_again(
            parts.engine, parts.keys, certificate, asked["key"], now, parts.chance
        )
    else:
        code = asked["code"].partition(".")[0].strip().upper()
        seal_to(code)
        let_in = parts.door.enrol(code, asked["key"], asked["name"], now)
        certificate = certificates.issued(
            parts.engine, parts.keys, let_in, asked["key"], asked["name"], now
        )
    return {
        **plain(let_in),
        "certificate": certificate,
        "server_key": parts.keys.jwk,
        "epoch": parts.ledger.epoch,
    }


class DeviceSchema(Schema):
    """A tablet, as it last told of itself. `drift_ms`: its clock minus ours."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    people = fields.List(fields.String(), required=True)
    enrolled_ms = fields.Integer(required=True)
    contact_ms = fields.Integer(required=True, allow_none=True)
    client = fields.String(required=True, allow_none=True)
    unsent = fields.Integer(required=True, allow_none=True)
    drift_ms = fields.Integer(required=True, allow_none=True)
    storage = fields.Nested(StorageSchema, required=True, allow_none=True)
    revoked_ms = fields.Integer(required=True, allow_none=True)
    reason = fields.String(required=True)


class DevicesSchema(Schema):
    """Every tablet."""

    devices = fields.List(fields.Nested(DeviceSchema), required=True)


_STRETCHES = fields.List(
    fields.List(fields.Integer(), validate=Length(equal=2)), required=True
)


class ForkSchema(Schema):
    """Two facts, or a fact and a claim, under one number."""

    n = fields.Integer(required=True)
    held = fields.List(fields.String(), required=True)
    claimed = fields.List(fields.String())


class LogReportSchema(Schema):
    """One log of a tablet: what is here, what is not, as stretches of numbers."""

    log = fields.String(required=True)
    here = _STRETCHES
    aside = _STRETCHES
    missing = _STRETCHES
    known_through = fields.Integer(required=True)
    claimed_ms = fields.Integer(required=True, allow_none=True)
    broken = fields.List(fields.String(), required=True)
    forks = fields.List(fields.Nested(ForkSchema), required=True)


class HeldOrderSchema(Schema):
    """An order whose data lay on the tablet, as far as the caller may know it."""

    id = fields.UUID(required=True)
    number = fields.String(required=True, allow_none=True)
    home = fields.String(required=True)
    state = fields.String(required=True)


class DeviceReportSchema(DeviceSchema):
    """A tablet with what it never handed in and what it held. `others`: how many
    orders that is besides, which the caller may not see."""

    logs = fields.List(fields.Nested(LogReportSchema), required=True)
    orders = fields.List(fields.Nested(HeldOrderSchema), required=True)
    others = fields.Integer(required=True)


class ForWhomSchema(Schema):
    """Whose tablet it will be."""

    person = fields.String(required=True, validate=Regexp(rf"^{ACTOR.pattern}$"))


class LinkSchema(CodeSchema):
    """A one-time code, also as an address that opens the app with it."""

    link = fields.String(required=True)


class LossSchema(Schema):
    """Why a tablet is shut out."""

    reason = fields.String(required=True, validate=Length(1, 1000))


@blp.get("/v1/devices")
@blp.response(200, DevicesSchema)
def everything() -> Any:
    """Every tablet of people whom the caller has anything to do with."""
    caller = must("device.read")
    with reading(the_parts().engine) as connection:
        return {"devices": devices.everything(connection, caller.grants)}


@blp.get("/v1/devices/<device>")
@blp.response(200, DeviceReportSchema)
def read(device: str) -> Any:
    """One tablet: what it never handed in, number by number, and what it held."""
    caller, parts = must("device.read"), the_parts()
    scope, now_ms = the_scope(), parts.now()
    with reading(parts.engine) as connection:
        promised = Promised(connection, parts.policy)
        found = devices.one(connection, caller.grants, device)
        held = devices.held(connection, device)
        names = listing.seen(connection, scope, sorted(held))
        cards = showing.cards(connection, scope, promised, names, now_ms)
        report = devices.report(connection, device)
    orders = [
        {"id": one["id"], "number": one["number"], "home": one["home"],
         "state": held[f"order:{one['id']}"]}
        for one in cards
    ]  # fmt: skip
    return found | report | {"orders": orders, "others": len(held) - len(orders)}


@blp.post("/v1/devices/codes")
@blp.arguments(ForWhomSchema)
@blp.response(201, LinkSchema)
def code(asked: dict[str, Any]) -> Any:
    """A one-time code with which a tablet of this person enrols."""
    caller, parts, name = must("device.manage"), the_parts(), asked["person"]
    _may_equip(caller, name)
    expires_ms = parts.now() + CODE_MS
    made = parts.door.issue_code(name, expires_ms)
    parts.traces.did(caller.actor, "device.code", name, parts.now())
    link = enrolment_link(request.host_url, made)
    return {"code": made, "link": link, "expires_ms": expires_ms}


@blp.post("/v1/devices/<device>/revoke")
@blp.arguments(LossSchema)
@blp.response(204)
def revoke(asked: dict[str, Any], device: str) -> Response:
    """A tablet is lost or stolen: it reads nothing more, and what it still hands in is
    set aside."""
    caller, parts = must("device.manage"), the_parts()
    with reading(parts.engine) as connection:
        devices.one(connection, caller.grants, device, "device.manage")
    parts.door.revoke(device, parts.now(), caller.actor, asked["reason"])
    return Response(status=204)


def _may_equip(caller: Caller, name: str) -> None:
    """A tablet of somebody who decides at a desk is given out by administrators."""
    person = the_parts().people.one(name)
    if not person.active:
        raise Refused("person_left", person=name)
    field = roles_of(person.grants) <= FIELD
    action = "device.manage" if field else "people.write"
    if not all(caller.may(action, one.project) for one in person.grants):
        raise Refused("forbidden")
