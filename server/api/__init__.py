"""JSON for tablets, desks and services. One blueprint a module; this folder is the list.

A route reads who asks, checks shape, calls one thing, returns. May not enter: rules.
"""

from flask_smorest import Api

from server.api import blobs, devices, exchange, orders, policy, status, uploads

BLUEPRINTS = (
    status.blp, devices.blp, exchange.blp, orders.blp, policy.blp, blobs.blp,
    uploads.blp,
)  # fmt: skip


def register(api: Api) -> None:
    """Open every door in this folder."""
    for blueprint in BLUEPRINTS:
        api.register_blueprint(blueprint)
