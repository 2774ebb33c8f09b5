"""Programs of others that are told what happens, by the Standard Webhooks convention.

A message names a fact and its order and holds nothing of an owner; the receiver asks
this API for more, with grants of its own.
"""

from typing import Any

from flask import Response
from marshmallow import Schema, fields
from marshmallow.validate import Length, OneOf, Range, Regexp

from server.answering import answer
from server.asking import must
from server.blueprint import Blueprint
from server.idempotency import keep, once
from server.notices.targets import NAME, Target
from server.parts import the_parts
from sync.access import EVERY
from sync.envelope import MAX_INTEGER
from sync.facts import KINDS

blp = Blueprint("webhooks", __name__, description="Programs that are told")


class NewWebhookSchema(Schema):
    """Where to, and of which kinds of facts; of none named: of all."""

    url = fields.String(
        required=True, validate=Length(8, 500),
        metadata={"example": "https://erp.example/doorstep"},
    )  # fmt: skip
    kinds = fields.List(
        fields.String(validate=OneOf(sorted(KINDS))), load_default=list,
        validate=Length(max=len(KINDS)),
    )  # fmt: skip


class WebhookSchema(Schema):
    """A webhook as it stands on the list."""

    id = fields.String(required=True, validate=Regexp(NAME))
    url = fields.String(required=True)
    kinds = fields.List(fields.String(), required=True)
    made_ms = fields.Integer(required=True, validate=Range(0, MAX_INTEGER))


class NewSecretSchema(WebhookSchema):
    """With its secret, which is shown this once."""

    secret = fields.String(required=True)


class SecretSchema(Schema):
    """A new secret, shown this once; for a day the former one signs as well."""

    secret = fields.String(required=True)


class WebhooksSchema(Schema):
    """The whole list."""

    webhooks = fields.List(fields.Nested(WebhookSchema), required=True)


@blp.get("/v1/webhooks")
@blp.response(200, WebhooksSchema)
def webhooks() -> Any:
    """The list."""
    must("notice.read", EVERY)
    found = the_parts().notices.targets.all(webhooks=True)
    return {"webhooks": [_shown(one) for one in found]}


@blp.post("/v1/webhooks")
@blp.arguments(NewWebhookSchema)
@blp.response(201, NewSecretSchema)
@once
def add(said: dict[str, Any]) -> Response:
    """A program is told from now on."""
    by, parts = must("notice.manage", EVERY).actor, the_parts()
    made, secret = parts.notices.targets.add_webhook(
        said["url"], by, parts.now(), said["kinds"],
        also=lambda connection, new, told: keep(connection, _told(new, told), 201),
    )  # fmt: skip
    return _entered(_told(made, secret))


@blp.delete("/v1/webhooks/<webhook>")
@blp.response(204)
def remove(webhook: str) -> None:
    """It is told nothing any more."""
    must("notice.manage", EVERY)
    parts = the_parts()
    parts.notices.targets.remove(webhook, parts.now(), webhooks=True)


@blp.post("/v1/webhooks/<webhook>/rotate")
@blp.response(200, SecretSchema)
def rotate(webhook: str) -> Any:
    """Give it a new secret."""
    must("notice.manage", EVERY)
    parts = the_parts()
    return {"secret": parts.notices.targets.rotate(webhook, parts.now())}


def _shown(one: Target) -> dict[str, Any]:
    return {
        "id": one.id, "url": one.address, "kinds": list(one.kinds),
        "made_ms": one.made_ms,
    }  # fmt: skip


def _told(one: Target, secret: str) -> dict[str, Any]:
    return {**_shown(one), "secret": secret}


def _entered(said: dict[str, Any]) -> Response:
    made = answer(said)
    made.status_code = 201
    return made
