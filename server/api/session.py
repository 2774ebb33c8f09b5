"""Logging in at a desk, and out; where one is logged in; choosing a password.

What a browser holds is a cookie that no page can read. Whoever changes anything with
it says the session's `csrf` too (`server/asking.py`).
"""

from typing import Any

from flask import Response, request, url_for
from marshmallow import Schema, fields
from marshmallow.validate import Length, OneOf

from server.answering import answer
from server.asking import the_caller, the_session
from server.blueprint import Blueprint
from server.browsers import (
    from_our_page,
    hold_cookie,
    hold_memo,
    let_go_of_cookie,
    let_go_of_memo,
    the_memo,
    whence,
)
from server.parts import the_parts
from server.people_shapes import GrantSchema
from server.sessions import Session
from sync.envelope import ACTOR
from sync.problems import Refused
from sync.words import LANGUAGES

blp = Blueprint("session", __name__, description="Logging in at a desk")


class SessionSchema(Schema):
    """Who is logged in, and what they may do."""

    person = fields.String(required=True)
    name = fields.String(required=True)
    grants = fields.List(fields.Nested(GrantSchema), required=True)
    csrf = fields.String(required=True)
    language = fields.String(required=True)
    expires_ms = fields.Integer(required=True)
    openid = fields.Boolean(required=True)


class LogInSchema(Schema):
    """Who it is, as they say."""

    person = fields.String(required=True, validate=Length(1, 64))
    password = fields.String(required=True, validate=Length(1, 200))


class WaySchema(Schema):
    """How one may log in here."""

    password = fields.Boolean(required=True)
    openid = fields.Boolean(required=True)


class LanguageSchema(Schema):
    """What a person wants to read."""

    language = fields.String(required=True, validate=OneOf(LANGUAGES))


class LoggedInSchema(Schema):
    """One place where a person is logged in; `current`: this one."""

    id = fields.String(required=True)
    begun_ms = fields.Integer(required=True)
    seen_ms = fields.Integer(required=True)
    expires_ms = fields.Integer(required=True)
    client = fields.String(required=True)
    address = fields.String(required=True)
    openid = fields.Boolean(required=True)
    current = fields.Boolean(required=True)


class SessionsSchema(Schema):
    """Every place where a person is logged in."""

    sessions = fields.List(fields.Nested(LoggedInSchema), required=True)


class PasswordSchema(Schema):
    """A one-time code, and the password that its holder chooses."""

    code = fields.String(required=True, validate=Length(1, 40))
    password = fields.String(required=True, validate=Length(1, 200))


class PersonNameSchema(Schema):
    """Whose password it is now."""

    person = fields.String(required=True)


@blp.get("/v1/session/ways")
@blp.response(200, WaySchema)
def ways() -> Any:
    """How one may log in here, for whoever is about to."""
    return {"password": True, "openid": the_parts().openid.there}


@blp.post("/v1/session")
@blp.arguments(LogInSchema)
@blp.response(201, SessionSchema)
def log_in(asked: dict[str, Any]) -> Response:
    """Log in. Whatever is wrong, the answer is the same; who guesses, waits."""
    from_our_page()
    parts, now_ms, name = the_parts(), the_parts().now(), asked["person"]
    if not ACTOR.fullmatch(name):
        name = "?"  # nobody has it; asked for all the same, to take as long
    parts.passwords.prove(name, asked["password"], whence().address, now_ms)
    token = parts.sessions.begin(name, whence(), now_ms)
    made = answer(_said(parts.sessions.of(token, now_ms)))
    made.status_code = 201
    return hold_cookie(made, token)


@blp.get("/v1/session")
@blp.response(200, SessionSchema)
def read() -> Any:
    """Who is logged in here."""
    return _said(the_session())


@blp.patch("/v1/session")
@blp.arguments(LanguageSchema)
@blp.response(200, SessionSchema)
def speak(asked: dict[str, Any]) -> Any:
    """Choose what to read from now on, wherever one logs in."""
    mine, parts = the_session(), the_parts()
    parts.people.speak(mine.person, asked["language"])
    return _said(mine) | asked


@blp.delete("/v1/session")
@blp.response(204)
def log_out() -> Response:
    """Log out: what the browser held opens nothing any more, wherever it went."""
    mine = the_session()
    the_parts().sessions.end(mine.person, mine.id)
    return let_go_of_cookie(Response(status=204))


@blp.get("/v1/session/openid")
@blp.response(302)
def ask_provider() -> Response:
    """To the provider, if there is one; it sends the browser back here."""
    parts = the_parts()
    address, memo = parts.openid.begin(_back(), parts.now())
    return hold_memo(_to(address), memo)


@blp.get("/v1/session/openid/answer")
@blp.response(302)
def provider_answers() -> Response:
    """Back from the provider: into the console, or to its login with what was wrong."""
    parts, now_ms = the_parts(), the_parts().now()
    try:
        known = parts.openid.finish(the_memo(), request.args.to_dict(), _back(), now_ms)
        name = parts.people.at_provider(known.subject, known.email)
    except Refused as refusal:
        return let_go_of_memo(_to(f"/console/#/login?refused={refusal.code}"))
    token = parts.sessions.begin(name, whence(), now_ms, openid=True)
    return let_go_of_memo(hold_cookie(_to("/console/"), token))


def _back() -> str:
    return url_for("session.provider_answers", _external=True)


def _to(address: str) -> Response:
    return Response(status=302, headers={"Location": address})


@blp.get("/v1/sessions")
@blp.response(200, SessionsSchema)
def everywhere() -> Any:
    """Where the caller is logged in."""
    caller, parts = the_caller(), the_parts()
    found = parts.sessions.of_person(caller.actor, parts.now())
    return {
        "sessions": [{**one, "current": one["id"] == caller.session} for one in found]
    }


@blp.delete("/v1/sessions/<id_>")
@blp.response(204)
def end(id_: str) -> Response:
    """End one of one's own sessions, such as on a machine left behind."""
    the_parts().sessions.end(the_caller().actor, id_)
    return Response(status=204)


@blp.post("/v1/password")
@blp.arguments(PasswordSchema)
@blp.response(200, PersonNameSchema)
def choose_password(asked: dict[str, Any]) -> Any:
    """Choose a password with a one-time code; ends every session of that person."""
    from_our_page()
    parts = the_parts()
    name = parts.passwords.choose(
        asked["code"], asked["password"], whence().address, parts.now()
    )
    return {"person": name}


def _said(one: Session) -> dict[str, Any]:
    """As its holder reads it; what names it stays here."""
    return {
        "person": one.person, "name": one.name, "csrf": one.csrf,
        "grants": [
            {"role": held.role, "project": held.project}
            for held in sorted(one.grants, key=lambda held: (held.role, held.project))
        ],
        "language": one.language, "expires_ms": one.expires_ms, "openid": one.openid,
    }  # fmt: skip
