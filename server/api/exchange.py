"""hello, push, pull, have: the exchange between tablets and server."""

from collections.abc import Mapping
from typing import Any

from flask import Response

from server.asking import the_caller, the_device
from server.blueprint import Blueprint
from server.examine import Offer
from server.ledger import Evidence
from server.parts import the_parts
from server.shapes import (
    LIMITS,
    HaveSchema,
    HeldSchema,
    HelloSchema,
    OutcomesSchema,
    PageSchema,
    PullSchema,
    PushSchema,
    WelcomeSchema,
)
from sync.exchange import Claim, Welcome
from sync.plain import plain, typed
from sync.policy import name_of

blp = Blueprint("exchange", __name__, description="Facts up, documents down")


@blp.post("/v1/sync/hello")
@blp.arguments(HelloSchema)
@blp.response(200, WelcomeSchema)
def hello(asked: dict[str, Any]) -> Any:
    """Greet: the device's claims freeze its facts in time, a token comes back."""
    parts, now = the_parts(), the_parts().now()
    caller = the_caller(token_needed=False)
    device = the_device()
    claims = [typed(Claim, one) for one in asked["claims"]]
    parts.ledger.note_claims(claims, device, now)
    unsent = sum(one.unsent for one in claims)
    parts.door.heard_from(device.device, asked["client"], unsent, now)
    return plain(Welcome(
        epoch=parts.ledger.epoch,
        server_ms=now,
        token=parts.keys.time_token(device.device, now, parts.chance(6)),
        durable_through=0,
        poll_ms=parts.config.poll_s * 1000,
        policy=name_of(parts.policy),
        limits=LIMITS,
    )) | {"actor": caller.actor}  # fmt: skip


@blp.post("/v1/sync/push")
@blp.arguments(PushSchema)
@blp.response(200, OutcomesSchema)
def push(asked: dict[str, Any]) -> Any:
    """Hand in facts; learn for each whether the server now has custody of it.

    Safe to repeat: a device that lost the answer sends the same again. One bad fact
    holds up nothing.
    """
    parts, now = the_parts(), the_parts().now()
    device, key = the_device(), the_caller().key
    if "claim" in asked:
        parts.ledger.note_claims([typed(Claim, asked["claim"])], device, now)
    offers = [Offer(body=one["b"], private=one["x"]) for one in asked["facts"]]
    return plain(parts.ledger.take_in(offers, device, now, _evidence(asked, key)))


def _evidence(asked: dict[str, Any], key: Mapping[str, str] | None) -> Evidence | None:
    if not asked["signature"] or "claim" not in asked or key is None:
        return None
    return Evidence(log=asked["claim"]["log"], key=key, signature=asked["signature"])


@blp.get("/v1/sync/pull")
@blp.arguments(PullSchema, location="query")
@blp.response(200, PageSchema)
def pull(asked: dict[str, Any]) -> Any:
    """Take home what changed since the cursor."""
    caller = the_caller()
    page = the_parts().feed.pull(
        caller.actor, caller.role, asked.get("cursor"), asked["limit"]
    )
    return Response(page.wire(), content_type="application/json")


@blp.post("/v1/sync/have")
@blp.arguments(HaveSchema)
@blp.response(200, HeldSchema)
def have(asked: dict[str, Any]) -> Any:
    """What the server lacks of the caller's logs, and its receipts for bytes."""
    device, parts = the_device(), the_parts()
    parts.uploads.finish_waiting(device.device, asked["blobs"], parts.now())
    logs = {
        one["log"]: one["n"]
        for one in asked["logs"]
        if one["log"].partition(".")[0] == device.device
    }
    return parts.feed.have(logs, asked["blobs"])
