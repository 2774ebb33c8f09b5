"""hello, push, pull, have: the exchange between tablets and server."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from flask import Response

from server import returning
from server.acknowledging import Tablet, note_held
from server.asking import the_caller, the_caller_still, the_device
from server.auth import Caller
from server.blueprint import Blueprint
from server.cursors import Cursors
from server.database import Trouble
from server.erasures import erase_again
from server.examine import Author, Offer
from server.feed import Pulled
from server.greeting import Shown, behind, look_back, standing
from server.holds import hold_again_here
from server.ledger import Evidence
from server.parts import the_parts
from server.returning import Left, Returned, compare
from server.room import leave_room
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
from server.vouchers import opened
from sync.access import EVERY
from sync.envelope import MAX_INTEGER
from sync.epochs import Opened
from sync.exchange import Claim, Welcome
from sync.heads import LogHead
from sync.plain import as_json, plain, typed
from sync.problems import Refused

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
    _look_back(_shown(asked, device), now)
    unsent = sum(one.unsent for one in claims)
    with _if_there_is_room():
        parts.ledger.note_claims(claims, device, now)
        parts.door.heard_from(
            device.device, asked["client"], unsent, now, _state(asked, claims, now)
        )
    stands = standing(
        parts.engine, parts.keys, device.device, claims, now,
        for_the_desk=caller.may("order.read", EVERY),
    )  # fmt: skip
    return plain(Welcome(
        epoch=stands.epoch,
        server_ms=now,
        token=parts.keys.time_token(device.device, now, parts.chance(6)),
        durable_through=stands.durable_through,
        poll_ms=parts.config.poll_s * 1000,
        policy=parts.policy_name,
        limits=LIMITS,
        uploads=parts.door.grant_uploads(device, caller.actor, now),
        voucher=stands.voucher,
        epochs=stands.epochs,
        incidents=stands.incidents,
        new_instance=behind(parts.engine, claims),
        head=parts.heads.signed(stands.standing, now),
    )) | {"actor": caller.actor}  # fmt: skip


def _state(
    asked: dict[str, Any], claims: Sequence[Claim], now_ms: int
) -> dict[str, Any]:
    """How wrong its clock is, and how safe its records lie, as far as it says."""
    wall = claims[-1].at.get("w") if claims else None
    far = {}
    if isinstance(wall, int) and 0 < wall <= MAX_INTEGER:
        far = {"drift_ms": wall - now_ms}
    return far | asked.get("storage", {})


@contextmanager
def _if_there_is_room() -> Iterator[None]:
    """A server whose disk is full notes nothing and is read all the same; its voucher
    says of the claims what it could not note (F7)."""
    try:
        yield
    except Refused as refusal:
        if refusal.code != "storage_full":
            raise


def _look_back(shown: Shown, now_ms: int) -> None:
    """Notice if the book went back; what was erased since is erased again (X21)."""
    parts = the_parts()
    if look_back(parts.engine, parts.keys, shown, now_ms, parts.chance):
        erase_again(parts.engine, parts.shelf, parts.keys, parts.config.data)
        hold_again_here(parts.engine, parts.config.data, now_ms)


def _shown(asked: dict[str, Any], device: Author) -> Shown:
    """What the device shows, as far as it is in this server's own words."""
    keys, knows = the_parts().keys, asked["knows"]
    held = (opened(keys, device.device, text) for text in asked["vouchers"])
    return Shown(
        newest=opened(keys, device.device, knows.get("voucher", "")),
        cursor=Cursors(keys).read(knows.get("cursor", "")),
        head=typed(LogHead, knows["head"]) if "head" in knows else None,
        epochs=[Opened(**one) for one in asked["epochs"]],
        vouchers=[one for one in held if one],
    )


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
    leave_room(parts.config)
    claims = [typed(Claim, asked["claim"])] if "claim" in asked else []
    offers = [Offer(body=one["b"], private=one.get("x", {})) for one in asked["facts"]]
    evidence = _evidence(asked, key)
    outcomes = parts.ledger.take_in(offers, device, now, evidence, claims)
    return Response(as_json(outcomes), content_type="application/json")


def _evidence(asked: dict[str, Any], key: Mapping[str, str] | None) -> Evidence | None:
    if not asked["signature"] or "claim" not in asked or key is None:
        return None
    return Evidence(log=asked["claim"]["log"], key=key, signature=asked["signature"])


@blp.get("/v1/sync/pull")
@blp.arguments(PullSchema, location="query")
@blp.response(200, PageSchema)
def pull(asked: dict[str, Any]) -> Any:
    """Take home what changed since the cursor; `wait` seconds for it if need be."""
    _note_held(asked.get("cursor"))
    page, parts = _page(the_caller(), asked), the_parts()
    if asked["wait"] and not page.news:
        caller = the_caller()
        if parts.waiting.until(lambda: _page(caller, asked).news, asked["wait"]):
            page = _page(the_caller_still(), asked)
    return Response(parts.feed.wire(page, parts.now()), content_type="application/json")


def _note_held(cursor: str | None) -> None:
    """A tablet that comes back for more has kept what it was given before (P6)."""
    parts, caller = the_parts(), the_caller()
    if cursor and caller.author and not caller.author.revoked:
        with suppress(Trouble):  # who reads is not turned away for what is noted
            told = Tablet(caller.author.device, caller.actor, caller.grants, cursor)
            note_held(parts.engine, parts.keys, told, parts.now())


def _page(caller: Caller, asked: dict[str, Any]) -> Pulled:
    """The page at the cursor. If that knows more than this book, then the book went
    back in time, and now it is known (K9)."""
    parts = the_parts()
    wanted = caller.actor, caller.grants, asked.get("cursor"), asked["limit"]
    page = parts.feed.pull(*wanted)
    if page.ahead:
        seen = Shown(cursor=Cursors(parts.keys).read(asked["cursor"]))
        _look_back(seen, parts.now())
        page = parts.feed.pull(*wanted)
    if page.told:
        parts.traces.read_by(caller.actor, page.told, parts.now())
    return page


@blp.post("/v1/sync/have")
@blp.arguments(HaveSchema)
@blp.response(200, HeldSchema)
def have(asked: dict[str, Any]) -> Any:
    """What the server lacks of the caller's logs; receipts for facts and bytes. Takes
    back documents from a history that was lost."""
    device, parts = the_device(), the_parts()
    parts.uploads.finish_waiting(device.device, asked["blobs"], parts.now())
    mine = f"{device.device}."
    logs = {
        one["log"]: one["n"] for one in asked["logs"] if one["log"].startswith(mine)
    }
    facts = {log: held for log, held in asked["facts"].items() if log.startswith(mine)}
    shown = returning.Shown(
        facts=facts,
        documents=[Returned(**one) for one in asked["documents"]],
        gone=[Left(**one) for one in asked["gone"]],
    )
    known = parts.feed.have(logs, asked["blobs"])
    actor = the_caller().actor
    kept = compare(parts.engine, parts.keys, device.device, actor, shown, parts.now())
    return known | plain(kept)
