"""Homes and who lives there, one at a time; lists come in by `doorstep import`."""

from typing import Any

from flask import jsonify, make_response

from server.asking import must
from server.auth import Caller
from server.blueprint import Blueprint
from server.desk_shapes import HomeSchema, PlaceSchema
from server.homes import Home, Place, Resident, version_of
from server.matching import marked, seen_version
from server.parts import the_parts
from sync.plain import plain
from sync.problems import Refused

blp = Blueprint("homes", __name__, description="Homes and who lives there")


@blp.get("/v1/homes")
@blp.arguments(PlaceSchema, location="query")
@blp.response(200, HomeSchema)
def read(asked: dict[str, Any]) -> Any:
    """A home as the desk was told of it."""
    caller, parts = _must(asked["project"]), the_parts()
    place = Place(**asked)
    found = parts.homes.known([place]).get(place)
    if found is None:
        raise Refused("not_found")
    parts.traces.read_by(caller.actor, [place.trace], parts.now())
    return _answer(found)


@blp.put("/v1/homes")
@blp.arguments(HomeSchema)
@blp.response(200, HomeSchema)
def put(asked: dict[str, Any]) -> Any:
    """This is the home with its people from now on; If-Match names the version that was
    seen, or `*` for whatever it was."""
    _must(asked["project"])
    people = tuple(Resident(**one) for one in asked.pop("residents"))
    kept = {name: asked.pop(name) for name in ("handed_over_day", "note")}
    home = Home(place=Place(**asked), residents=people, **kept)
    seen = seen_version()
    return _answer(the_parts().homes.put(home, seen))


def _must(project: str) -> Caller:
    """Whoever takes requests there and may know who lives there (S1)."""
    must("intake.write", project)
    return must("owner.read", project)


def _answer(one: Home) -> Any:
    said = plain(one.place) | {
        "handed_over_day": one.handed_over_day,
        "note": one.note,
        "residents": [
            {"name": who.name, "phone": who.phone, "relation": who.relation,
             "since": who.since}
            for who in one.residents
        ],
    }  # fmt: skip
    for name in ("building", "unit", "room"):
        said.setdefault(name, "")
    return marked(make_response(jsonify(said)), version_of(one))
