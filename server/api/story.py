"""GET /v1/orders/<id>/story: everything about one order, on one page."""

from typing import Any

from server import story
from server.answering import answer
from server.asking import the_caller
from server.blueprint import Blueprint
from server.board_shapes import StorySchema
from server.database import reading
from server.parts import the_parts
from server.running import Promised
from server.scoping import the_scope
from sync.problems import Refused

blp = Blueprint("story", __name__, description="Everything about one order")


@blp.get("/v1/orders/<uuid:order>/story")
@blp.response(200, StorySchema)
def read(order: Any) -> Any:
    """Everything about one order, in the sequence in which it happened."""
    parts, name, scope = the_parts(), f"order:{order}", the_scope()
    with reading(parts.engine) as connection:
        promised = Promised(connection, parts.policy)
        told = story.story(connection, scope, promised, name, parts.now())
    if told is None:
        raise Refused("not_found")
    project = told["card"]["project"]
    if scope.knows_owner(project):
        parts.traces.read_by(scope.actor, [name], parts.now())
    if the_caller().may("audit.read", project):
        told["traces"] = len(parts.traces.of_order(name))
    return answer(told, {"ETag": f'"{told["rev"]}"'})
