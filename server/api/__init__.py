"""JSON for tablets, desks and services. One blueprint a module; this folder lists them.

A route reads who asks, checks shape, calls one thing, returns. May not enter: rules.
"""

from flask import Flask

from server.api import (
    blobs,
    bundles,
    devices,
    exchange,
    orders,
    policy,
    status,
    uploads,
)
from server.blueprint import Api

BLUEPRINTS = (
    status.blp, devices.blp, exchange.blp, orders.blp, policy.blp, blobs.blp,
    uploads.blp, bundles.blp,
)  # fmt: skip


def register(app: Flask) -> None:
    """Open every door in this folder, and describe them in OpenAPI."""
    api = Api(app)
    for blueprint in BLUEPRINTS:
        api.register_blueprint(blueprint)
