"""Doors that read JSON strictly, and say in OpenAPI how they refuse.

May not enter: any route.
"""

from collections.abc import Iterator
from typing import Any

import flask_smorest
import orjson
from apispec import BasePlugin
from flask import Request, request
from marshmallow import INCLUDE, Schema, fields
from webargs.flaskparser import FlaskParser, is_json_request

from server.problems import PROBLEM
from sync.problems import Refused

AS_HANDED_IN = frozenset({"facts"})  # kept raw whatever they hold (quarantine)


class ProblemSchema(Schema):
    """A refusal (RFC 9457): `code` for programs, `detail` for people; what else is
    known of it stands beside them."""

    class Meta:
        """Facts of the refusal are members of their own."""

        unknown = INCLUDE

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    code = fields.String(required=True)
    detail = fields.String(required=True)


class StrictParser(FlaskParser):
    """Refuses what Python reads and a database cannot keep, or what exhausts it (X18).

    Deep nesting and endless numbers end in other errors than bad JSON does.
    """

    def load_json(self, req: Request, schema: Schema) -> Any:
        """The JSON value of a body."""
        try:
            value = super().load_json(req, schema)
            if not all(_can_be_kept(text) for text in _texts(value)):
                raise Refused("request_malformed", why="NUL / UTF-8")
        except (ValueError, RecursionError):
            raise Refused("request_malformed", why="JSON") from None
        return value

    def _raw_load_json(self, req: Request) -> Any:
        """The quick way where it can read the body; the long way keeps what only the
        long way can read, such as half a surrogate pair in a fact."""
        if not is_json_request(req):
            return super()._raw_load_json(req)
        try:
            return orjson.loads(req.get_data(cache=True))
        except orjson.JSONDecodeError:
            return super()._raw_load_json(req)


class Blueprint(flask_smorest.Blueprint):
    """A blueprint whose doors read strictly."""

    ARGUMENTS_PARSER = StrictParser()

    def arguments(self, schema: Any, **said: Any) -> Any:
        """What a door reads. Its shape is made once, not anew for every request."""
        return super().arguments(
            schema() if isinstance(schema, type) else schema, **said
        )


class SayProblems(BasePlugin):
    """Every error in the document has the media type that errors really have."""

    def response_helper(self, response: dict[str, Any], **_: Any) -> None:
        """Called for shared responses, which are all errors."""
        for shape in list(response.get("content", {}).values()):
            response["content"] = {PROBLEM: shape}


class Api(flask_smorest.Api):
    """The list of doors as an OpenAPI document."""

    ERROR_SCHEMA = ProblemSchema

    def __init__(self, app: Any) -> None:
        super().__init__(app, spec_kwargs={"extra_plugins": [SayProblems()]})
        app.before_request(_must_be_kept)


def _must_be_kept() -> None:
    """Refuse an address that a database could not be asked about."""
    said = [*(request.view_args or {}).values(), *request.args.values()]
    if not all(_can_be_kept(str(one)) for one in said):
        raise Refused("request_malformed", why="NUL / UTF-8")


def _texts(value: Any) -> Iterator[str]:
    """Every text in a JSON value but those that are kept as handed in."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, dict):
        for key, held in value.items():
            yield from _texts(key)
            if key not in AS_HANDED_IN:
                yield from _texts(held)


def _can_be_kept(text: str) -> bool:
    return "\0" not in text and not any(0xD800 <= ord(c) <= 0xDFFF for c in text)
