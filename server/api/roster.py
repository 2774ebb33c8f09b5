"""The duty roster over HTTP: read days, put one (P1)."""

from typing import Any

from flask import jsonify, make_response

from server.asking import must
from server.blueprint import Blueprint
from server.desk_shapes import DaysSchema, DutySchema, PutDutySchema, RosterSchema
from server.matching import marked, seen_version
from server.parts import the_parts
from server.people import MOST_PROJECT
from server.roster import Duty
from sync.access import projects
from sync.calendar import must_be_day
from sync.problems import Refused

blp = Blueprint("roster", __name__, description="Who is on duty")


@blp.get("/v1/roster")
@blp.arguments(DaysSchema, location="query")
@blp.response(200, RosterSchema)
def days(asked: dict[str, Any]) -> Any:
    """Who is on duty on these days, in one project or in all that one may see."""
    caller = must("roster.read", asked.get("project"))
    here = projects(caller.grants, "roster.read")
    if "project" in asked:
        here = frozenset({asked["project"]})
    found = the_parts().rosters.between(here, _day(asked["from_"]), _day(asked["to"]))
    return {"roster": [_said(one) for one in found]}


@blp.get("/v1/roster/<project>/<day>")
@blp.response(200, DutySchema)
def one_day(project: str, day: str) -> Any:
    """Who is on duty there that day; version 0 if nobody said yet."""
    must("roster.read", project)
    return _answer(the_parts().rosters.on(project, _day(day)))


@blp.put("/v1/roster/<project>/<day>")
@blp.arguments(PutDutySchema)
@blp.response(200, DutySchema)
def put(asked: dict[str, Any], project: str, day: str) -> Any:
    """This is the roster of that day; If-Match names the version that was seen."""
    caller, parts = must("roster.write", project), the_parts()
    if len(project) > MOST_PROJECT:
        raise Refused("field_misshapen", field="project")
    said = Duty(
        project=project, day=_day(day), lead=asked["lead"],
        technicians=tuple(dict.fromkeys(asked["technicians"])),
    )  # fmt: skip
    seen = seen_version()
    return _answer(parts.rosters.put(said, caller.actor, parts.now(), seen=seen))


def _answer(one: Duty) -> Any:
    return marked(make_response(jsonify(_said(one))), str(one.rev))


def _said(one: Duty) -> dict[str, Any]:
    return {"project": one.project, "day": one.day, "lead": one.lead,
            "technicians": list(one.technicians), "rev": one.rev}  # fmt: skip


def _day(text: str) -> str:
    """A day that there is."""
    try:
        must_be_day(text, "day")
    except Refused:
        raise Refused("day_malformed", found=text) from None
    return text
