"""People: who works here and what each may do where.

Whoever changes somebody may do so in every project where that person holds anything:
nobody takes over an account that opens more than their own (X9).
"""

from typing import Any

from flask import Response
from marshmallow import Schema, fields
from marshmallow.validate import Length, Range, Regexp

from server.answering import answer
from server.asking import must
from server.auth import Caller
from server.blueprint import Blueprint
from server.idempotency import keep, once
from server.matching import marked, seen_version
from server.paging import link_to
from server.parts import the_parts
from server.people import MOST_GRANTS, Person
from server.people_shapes import CodeSchema, GrantSchema, NothingSchema
from sync.access import Grant
from sync.envelope import ACTOR
from sync.plain import typed
from sync.problems import Refused

blp = Blueprint("people", __name__, description="Who works here")

_NAME = Length(1, 200)
_PHONE = Regexp(r"^[0-9+() -]{0,40}$")
_GRANTS = fields.List(fields.Nested(GrantSchema), required=True,
                      validate=Length(max=MOST_GRANTS))  # fmt: skip


class PersonSchema(Schema):
    """Somebody who works here, or did (`active` is false)."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    grants = fields.List(fields.Nested(GrantSchema), required=True)
    phone = fields.String(required=True)
    email = fields.String(required=True)
    active = fields.Boolean(required=True)


class PeopleSchema(Schema):
    """People by id; `next`: go on after this one."""

    people = fields.List(fields.Nested(PersonSchema), required=True)
    next = fields.String(required=True, allow_none=True)


class WhoSchema(Schema):
    """Which people: who hold this role, or anything in this project."""

    role = fields.String(load_default="", validate=Length(max=20))
    project = fields.String(load_default="", validate=Length(max=100))
    after = fields.String(load_default="", validate=Length(max=64))
    limit = fields.Integer(load_default=200, validate=Range(1, 500))


class NewPersonSchema(Schema):
    """Somebody new. The id stands in every record they write and never changes."""

    id = fields.String(required=True, validate=Regexp(rf"^{ACTOR.pattern}$"))
    name = fields.String(required=True, validate=_NAME)
    grants = _GRANTS
    phone = fields.String(load_default="", validate=_PHONE)
    email = fields.String(load_default="", validate=Length(max=200))


class ChangedPersonSchema(Schema):
    """What is different now. Grants have a door of their own."""

    name = fields.String(validate=_NAME)
    phone = fields.String(validate=_PHONE)
    email = fields.String(validate=Length(max=200))
    active = fields.Boolean()


class GrantsSchema(Schema):
    """Everything that a person may do from now on."""

    grants = _GRANTS


@blp.get("/v1/people")
@blp.arguments(WhoSchema, location="query")
@blp.response(200, PeopleSchema)
def everybody(asked: dict[str, Any]) -> Response:
    """Who works here, a page at a time."""
    must("people.read")
    found, next_ = the_parts().people.page(**asked)
    said = {"people": [_said(one) for one in found], "next": next_}
    return answer(said, link_to(next_, "after"))


@blp.post("/v1/people")
@blp.arguments(NewPersonSchema)
@blp.response(201, PersonSchema)
@once
def enlist(asked: dict[str, Any]) -> Response:
    """Somebody new works here; they choose their password with a one-time code."""
    caller, parts = must("people.write"), the_parts()
    new = typed(Person, asked)
    _covers(caller, new.grants)
    parts.people.enlist(
        new, caller.actor, parts.now(),
        also=lambda connection, made: keep(connection, _said(made), 201),
    )  # fmt: skip
    return _whole(new.id, 201)


@blp.get("/v1/people/<person>")
@blp.response(200, PersonSchema)
def read(person: str) -> Response:
    """One of them; the ETag is needed to change anything."""
    must("people.read")
    return _whole(person)


@blp.patch("/v1/people/<person>")
@blp.arguments(ChangedPersonSchema)
@blp.response(200, PersonSchema)
def change(asked: dict[str, Any], person: str) -> Response:
    """Name, phone, email, and whether they still work here."""
    caller, parts = _who_may_change(person), the_parts()
    seen, now_ms = seen_version(), parts.now()
    parts.people.change(person, asked, seen, caller.actor, now_ms)
    return _whole(person)


@blp.put("/v1/people/<person>/grants")
@blp.arguments(GrantsSchema)
@blp.response(200, PersonSchema)
def regrant(asked: dict[str, Any], person: str) -> Response:
    """What they may do from now on, and nothing else; in force at once."""
    caller, parts = must("people.write"), the_parts()
    before = frozenset(parts.people.one(person).grants)
    wanted = frozenset(typed(Grant, one) for one in asked["grants"])
    _covers(caller, before ^ wanted)
    seen, now_ms = seen_version(), parts.now()
    parts.people.regrant(person, wanted, seen, caller.actor, now_ms)
    return _whole(person)


@blp.post("/v1/people/<person>/password-code")
@blp.arguments(NothingSchema)
@blp.response(201, CodeSchema)
def password_code(_asked: dict[str, Any], person: str) -> Any:
    """A one-time code with which they choose a password, to be told in person."""
    caller, parts = _who_may_change(person), the_parts()
    if not parts.people.one(person).active:
        raise Refused("person_left", person=person)
    code, expires_ms = parts.passwords.issue_code(person, parts.now())
    parts.traces.did(caller.actor, "people.code", person, parts.now())
    return {"code": code, "expires_ms": expires_ms}


def _who_may_change(name: str) -> Caller:
    caller = must("people.write")
    _covers(caller, the_parts().people.one(name).grants)
    return caller


def _covers(caller: Caller, grants: Any) -> None:
    """Refuses whoever may not write people wherever these are held."""
    if not all(caller.may("people.write", one.project) for one in grants):
        raise Refused("forbidden")


def _whole(name: str, status: int = 200) -> Response:
    found = the_parts().people.one(name)
    made = answer(_said(found))
    made.status_code = status
    return marked(made, str(found.rev))


def _said(one: Person) -> dict[str, Any]:
    return {
        "id": one.id, "name": one.name, "phone": one.phone, "email": one.email,
        "active": one.active,
        "grants": [
            {"role": held.role, "project": held.project} for held in one.grants
        ],
    }  # fmt: skip
