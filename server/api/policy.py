"""GET /v1/policy: the company's numbers, as the tablets hold them."""

from typing import Any

from marshmallow import Schema, fields

from server.asking import the_caller
from server.blueprint import Blueprint
from server.parts import the_parts
from sync.policy import whole

blp = Blueprint("policy", __name__, description="The company's numbers")


class PolicySchema(Schema):
    """The policy and the digest that names it."""

    name = fields.String(required=True)
    policy = fields.Dict(required=True)


@blp.get("/v1/policy")
@blp.response(200, PolicySchema)
def read() -> Any:
    """Prices, promises and door steps in force."""
    the_caller()
    parts = the_parts()
    return {"name": parts.policy_name, "policy": whole(parts.policy)}
