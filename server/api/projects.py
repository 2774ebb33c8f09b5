"""Projects: the sites that people hold roles in, named as the register names them."""

from typing import Any

from flask import Response
from marshmallow import Schema, fields
from marshmallow.validate import Length

from server.answering import answer
from server.asking import must
from server.blueprint import Blueprint
from server.idempotency import keep, once
from server.matching import marked, seen_version
from server.parts import the_parts
from server.projects import Project
from sync.access import EVERY, projects
from sync.problems import Refused

blp = Blueprint("projects", __name__, description="Sites")


class ProjectSchema(Schema):
    """A site. `active`: something is still done there."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    active = fields.Boolean(required=True)


class ProjectsSchema(Schema):
    """Every site that the caller has anything to do with."""

    projects = fields.List(fields.Nested(ProjectSchema), required=True)


class NewProjectSchema(Schema):
    """A site, by the name that the register has for it."""

    id = fields.String(required=True, validate=Length(1, 100))
    name = fields.String(required=True, validate=Length(1, 200))


class ChangedProjectSchema(Schema):
    """What is different now."""

    name = fields.String(validate=Length(1, 200))
    active = fields.Boolean()


@blp.get("/v1/projects")
@blp.response(200, ProjectsSchema)
def everything() -> Any:
    """Every site that the caller has anything to do with."""
    mine = projects(must("project.read").grants, "project.read")
    return {
        "projects": [
            _said(one)
            for one in the_parts().projects.all()
            if EVERY in mine or one.id in mine
        ]
    }


@blp.post("/v1/projects")
@blp.arguments(NewProjectSchema)
@blp.response(201, ProjectSchema)
@once
def enter(asked: dict[str, Any]) -> Response:
    """A site is begun."""
    caller, parts = must("project.write", EVERY), the_parts()
    new = Project(**asked)
    parts.projects.enter(
        new, caller.actor, parts.now(),
        also=lambda connection: keep(connection, _said(new), 201),
    )  # fmt: skip
    return _whole(asked["id"], 201)


@blp.get("/v1/projects/<path:project>")
@blp.response(200, ProjectSchema)
def read(project: str) -> Response:
    """One site; the ETag is needed to change it."""
    _seen(project)
    return _whole(project)


@blp.patch("/v1/projects/<path:project>")
@blp.arguments(ChangedProjectSchema)
@blp.response(200, ProjectSchema)
def change(asked: dict[str, Any], project: str) -> Response:
    """What it is called, and whether anything is still done there."""
    _seen(project)
    caller, parts = must("project.write", project), the_parts()
    seen, now_ms = seen_version(), parts.now()
    parts.projects.change(project, asked, seen, caller.actor, now_ms)
    return _whole(project)


def _seen(project: str) -> None:
    """Refuses what the caller has nothing to do with, as if it were unknown."""
    mine = projects(must("project.read").grants, "project.read")
    if EVERY not in mine and project not in mine:
        raise Refused("not_found")


def _whole(name: str, status: int = 200) -> Response:
    found = the_parts().projects.one(name)
    made = answer(_said(found))
    made.status_code = status
    return marked(made, str(found.rev))


def _said(one: Project) -> dict[str, Any]:
    return {"id": one.id, "name": one.name, "active": one.active}
