"""Certificates over HTTP, and whom to send to an order and why (P2)."""

from typing import Any

from flask import jsonify, make_response

from server.asking import must, must_order
from server.blueprint import Blueprint
from server.candidates import Candidate, candidates
from server.desk_shapes import (
    CandidatesSchema,
    CertificatesSchema,
    PutCertificatesSchema,
    QualificationsSchema,
    WhoseSchema,
)
from server.matching import marked, seen_version
from server.parts import the_parts
from server.qualifications import version_of
from server.words import say
from sync.access import EVERY
from sync.calendar import must_be_day
from sync.problems import Refused
from sync.qualifications import SPOKEN, Certificate
from sync.ranking import Reason, reasons

blp = Blueprint("qualifications", __name__, description="Who may do what")


@blp.get("/v1/orders/<uuid:order>/candidates")
@blp.response(200, CandidatesSchema)
def whom(order: Any) -> Any:
    """Everybody who works in the field, with why and why not to give them the order."""
    name, parts = f"order:{order}", the_parts()
    must_order("order.dispatch", name)
    found = candidates(
        parts.engine, parts.policy, parts.qualifications, name, parts.now()
    )
    return {"candidates": [_said(at, one) for at, one in enumerate(found, 1)]}


@blp.get("/v1/qualifications")
@blp.arguments(WhoseSchema, location="query")
@blp.response(200, QualificationsSchema)
def held(asked: dict[str, Any]) -> Any:
    """Who holds which certificate, and how it stands today."""
    must("roster.read")
    return _held([asked["person"]] if "person" in asked else None)


@blp.get("/v1/qualifications/<person>")
@blp.response(200, CertificatesSchema)
def of_one(person: str) -> Any:
    """What one person holds, and whose they are."""
    must("roster.read")
    return _answer(person)


@blp.put("/v1/qualifications/<person>")
@blp.arguments(PutCertificatesSchema)
@blp.response(200, CertificatesSchema)
def put(asked: dict[str, Any], person: str) -> Any:
    """This person holds these and no others; If-Match names the version that was seen.
    Certificates count everywhere, so it takes leave for every project."""
    must("roster.write", EVERY)
    told = [
        Certificate(what=one["what"], number=one["certificate"],
                    valid_from=one["valid_from"], valid_until=one["valid_until"])
        for one in asked["certificates"]
    ]  # fmt: skip
    for one in told:
        _must_be_days(one.valid_from, one.valid_until)
    seen = seen_version()
    the_parts().qualifications.put(person, told, asked["contractor"], seen)
    return _answer(person)


def _answer(person: str) -> Any:
    parts = the_parts()
    parts.people.called(person)
    known = parts.qualifications.papers([person])
    said = {
        "person": person, "contractor": known.firms.get(person, ""),
        "certificates": _held([person])["qualifications"],
    }  # fmt: skip
    return marked(make_response(jsonify(said)), version_of(known, person))


def _held(people: list[str] | None) -> dict[str, Any]:
    parts = the_parts()
    known = parts.qualifications.papers(people)
    today = parts.policy.calendar.day_name(parts.now())
    return {
        "demanded": known.demanded,
        "qualifications": [
            {"person": name, "what": one.what, "certificate": one.number,
             "valid_from": one.valid_from, "valid_until": one.valid_until,
             "state": one.on(today)}
            for name, all_ in sorted(known.held.items())
            for one in all_
        ],
    }  # fmt: skip


def _said(rank: int, one: Candidate) -> dict[str, Any]:
    known = one.known
    return {
        "person": known.person, "name": one.name, "rank": rank, "fits": one.fits,
        "qualified": known.qualified, "reasons": [_why(it) for it in reasons(known)],
        "expires_day": known.expires_day,
        "load": {"today": known.today, "open": known.open},
        "place": {"distance_m": known.distance_m, "of": one.near},
        "contact_ms": one.contact_ms, "on_duty": known.on_duty,
    }  # fmt: skip


def _why(one: Reason) -> dict[str, Any]:
    facts = dict(one.facts) | {"value": one.value or ""}
    if "what" in facts:
        facts["what"] = say(SPOKEN.get(facts["what"], facts["what"]), {})
    return {"code": one.code, "words": say(one.sentence, facts), "value": one.value}


def _must_be_days(*days: str) -> None:
    for text in filter(None, days):
        try:
            must_be_day(text, "day")
        except Refused:
            raise Refused("day_malformed", found=text) from None
