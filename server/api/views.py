"""Saved views: what a person looks at again and again, under a name."""

from typing import Any

from flask import request
from marshmallow import Schema, fields
from marshmallow.validate import Length

from server import views
from server.asking import the_caller
from server.blueprint import Blueprint
from server.matching import seen_version
from server.parts import the_parts
from sync.plain import plain
from sync.problems import Refused

blp = Blueprint("views", __name__, description="Saved views of a person")

MOST_NAME = 80


class ViewSchema(Schema):
    """A query with a name. `version` is what If-Match says when it is changed."""

    name = fields.String(required=True)
    query = fields.String(required=True)
    version = fields.Integer(required=True)


class ViewsSchema(Schema):
    """A person's views, by name."""

    views = fields.List(fields.Nested(ViewSchema), required=True)


class QuerySchema(Schema):
    """The query of the list, as it stands in an address."""

    query = fields.String(required=True, validate=Length(max=1000))


@blp.get("/v1/views")
@blp.response(200, ViewsSchema)
def read() -> Any:
    """One's own views."""
    found = views.views(the_parts().engine, the_caller().actor)
    return {"views": [plain(one) for one in found]}


@blp.put("/v1/views/<name>")
@blp.arguments(QuerySchema)
@blp.response(200, ViewSchema)
@blp.alt_response(201, schema=ViewSchema, description="It is new")
def keep(asked: dict[str, Any], name: str) -> Any:
    """Keep a query under a name. One that is there is changed with If-Match alone."""
    if len(name) > MOST_NAME or not name.strip() or not name.isprintable():
        raise Refused("field_misshapen", field="name")
    engine, person = the_parts().engine, the_caller().actor
    seen = seen_version() if "If-Match" in request.headers else ""
    kept, new = views.keep(engine, person, name, asked["query"], seen)
    return plain(kept), 201 if new else 200, {"ETag": f'"{kept.version}"'}


@blp.delete("/v1/views/<name>")
@blp.response(204)
def forget(name: str) -> Any:
    """It is not needed any more."""
    views.forget(the_parts().engine, the_caller().actor, name)
