"""JSON for tablets, desks and services. One blueprint a module; this folder lists them.

A route reads who asks, checks shape, calls one thing, returns. May not enter: rules.
"""

from flask import Flask

from server.api import (
    blobs,
    board,
    bundles,
    central,
    certificate,
    corrections,
    deciding,
    devices,
    differences,
    evidence,
    exchange,
    exports,
    homes,
    intake,
    log,
    notices,
    orders,
    owner,
    people,
    policy,
    projects,
    qualifications,
    reviews,
    roster,
    session,
    statements,
    status,
    story,
    targets,
    traces,
    uploads,
    views,
    webhooks,
)
from server.blueprint import Api

BLUEPRINTS = (
    status.blp, devices.blp, exchange.blp, policy.blp, log.blp,
    board.blp, story.blp, orders.blp, deciding.blp, reviews.blp, views.blp, exports.blp,
    certificate.blp, owner.blp, evidence.blp, blobs.blp, uploads.blp, bundles.blp,
    session.blp, people.blp,
    projects.blp, traces.blp, intake.blp, homes.blp, roster.blp,
    qualifications.blp,
    notices.blp, targets.blp, webhooks.blp, central.blp, differences.blp,
    corrections.blp,
    statements.blp,
)  # fmt: skip


def register(app: Flask) -> None:
    """Open every door in this folder, and describe them in OpenAPI."""
    api = Api(app)
    for blueprint in BLUEPRINTS:
        api.register_blueprint(blueprint)
