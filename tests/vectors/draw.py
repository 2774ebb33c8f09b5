"""Draws the vectors that every twin must meet: `python -m tests.vectors.draw`.

A vector that was once released is never changed: golden facts are taken into custody
for ever (invariant 37). May not enter: anything that differs from run to run.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from sync.envelope import commitment
from sync.facts.dispatch import Cancelled
from sync.facts.survey import PlanAgreed
from sync.facts.visit import Arrived
from sync.facts.work import PartUsed, Photographed
from sync.log import root_of
from sync.order import Line, Payer
from sync.plain import plain
from sync.sheet import covers, draw_up, shown_hash
from sync.signing import (
    answer_text,
    public_jwk,
    push_text,
    request_text,
    sign,
    thumbprint,
)
from tests.story import Story, picture, salted
from tests.sync.test_envelope import GOOD, POISON, SALT, body, poisoned, taken
from tests.vectors.bills import prices
from tests.vectors.clocks import timing
from tests.vectors.durations import durations
from tests.vectors.histories import histories
from tests.vectors.lineages import epochs
from tests.vectors.logs import heads
from tests.vectors.planner import exchange
from tests.vectors.settlements import settlements

HERE = Path(__file__).parent
KEY = ec.derive_private_key(0x117, ec.SECP256R1())  # public data: for tests alone
OWNER = {"owner": "赵女士 👩‍🔧", "words": 'e\u0301 ≠ é; "引号" \\ / \u2028'}
PRIVATE = {
    "nothing": (SALT, ""),
    "place": (SALT[:-1] + "B", "391234567,1161234567,8"),  # bits that do not count
    "phone": ("-_" * 11, "\u0001 \U0010ffff"),
}
SHA = "a" * 64
SIGNED: dict[str, Any] = {"round": 1, "sheet": SHA, "covers": []}
RECORDED: dict[str, Any] = {
    "item": 1, "cause": "", "remedy": "", "labour_minutes": 1, "labour_fen": 0,
}  # fmt: skip
LINE: dict[str, Any] = {"code": "1", "quantity": 1, "price_fen": 1}
# Payloads that no one can mean, by what is wrong with them.
MISFITS: dict[str, tuple[str, dict[str, Any]]] = {
    "round 0": ("acceptance.accepted", {**SIGNED, "round": 0}),
    "round 100": ("acceptance.accepted", {**SIGNED, "round": 100}),
    "a sheet in upper case": ("acceptance.accepted", {**SIGNED, "sheet": "A" * 64}),
    "no round at all": ("acceptance.accepted", {"sheet": SHA, "covers": []}),
    "covers of numbers": ("acceptance.accepted", {**SIGNED, "covers": [1]}),
    "less than no time": ("work.recorded", {**RECORDED, "labour_minutes": -1}),
    "less than no money": ("work.recorded", {**RECORDED, "labour_fen": -1}),
    "too much money": ("work.recorded", {**RECORDED, "labour_fen": 10**12 + 1}),
    "a price below nothing": (
        "work.part_used", {"line": {**LINE, "price_fen": -1}, "price_list": ""},
    ),
    "a line of too much money": (
        "survey.quoted",
        {"lines": [{**LINE, "quantity": 10**8, "price_fen": 10**5}], "price_list": ""},
    ),
    "an unknown payer": (
        "work.part_used", {"line": {**LINE, "payer": "C"}, "price_list": ""},
    ),
    "two unknown fields": (
        "dispatch.cancelled", {"reason": "", "\U0001f527": 1, "\uffee": 1},
    ),
    "true for one": (
        "acceptance.inspected", {"round": True, "item": 1, "passed": True},
    ),
    "null for a text": ("dispatch.cancelled", {"reason": None}),
}  # fmt: skip
HEADS: dict[str, dict[str, Any]] = {
    "a stream that is none": {"st": "order:1"},
    "a device's stream": {"st": "device:li"},
    "a log without an instance": {"log": "li"},
    "a first fact with one before it": {"n": 1},
    "a later fact with none before it": {"p": None},
    "another version": {"v": 2},
    "a version that is true": {"v": True},
    "a number that is true": {"n": True, "p": None},
    "an unknown kind": {"t": "visit.flown_in"},
    "a later version of a kind": {"tv": 2},
    "a field of a later version": {"zz": 1},
    "an unknown commitment": {"pc": {"phone": "a" * 43}},
    "a commitment that is none": {"pc": {"phone": "a" * 42}},
    "33 blobs": {"bl": GOOD["bl"] * 33},
    "a role twice": {"bl": GOOD["bl"] * 2},
    "a role of another kind": {"bl": [GOOD["bl"][0] | {"role": "sheet"}]},
    "bytes of nothing": {"bl": [GOOD["bl"][0] | {"bytes": 0}]},
    "no zone": {"at": {"w": 1}},
    "a boot id that is a number": {"at": {"w": 1, "z": 0, "i": 1}},
    "a token without end": {"at": {"w": 1, "z": 0, "k": "x" * 513}},
    "16 KiB and one byte": {"pl": {"moment": "漏" * 5_400}},
}
TAP = PartUsed(
    line=Line(code="龙头-1", quantity=2, price_fen=4_550, item=1, payer=Payer.OWNER),
    price_list="2026",
)


def repaired() -> Story:
    """An ordinary repair, with everything in it."""
    story = Story()
    story.dispatched("li", "wang")
    story.told_by("li", Arrived(), private={"place": "391234567,1161234567,8"})
    story.told_by("li", Photographed(moment="before"), blobs=[picture("tap")])
    story.told_by("li", PlanAgreed(relation="owner"), private={"owner": OWNER["owner"]})
    story.told_by("li", TAP)
    story.repaired_by("li")
    story.accepted_at("li")
    return story


def reassigned() -> Story:
    """Li arrives while the desk gives the order to Wang and then cancels it."""
    story = Story()
    story.dispatched("li")
    with story.offline("li"):
        story.dispatched("wang")
        story.told_by("chen", Cancelled(reason="mended itself"))
        story.repaired_by("li")
    return story


def contradicted() -> Story:
    """Signed on one tablet, sent back on the other."""
    story = Story()
    story.dispatched("li", "wang")
    story.repaired_by("li")
    with story.offline("li", "wang"):
        story.accepted_at("li")
        story.rejected_at("wang")
    return story


def reworked() -> Story:
    """Sent back, mended another day, signed."""
    story = Story()
    story.dispatched("li")
    story.repaired_by("li")
    story.rejected_at("li")
    story.later(1440)
    story.repaired_by("li")
    story.accepted_at("li", 2)
    return story


STORIES: tuple[Callable[[], Story], ...] = (
    repaired,
    reassigned,
    contradicted,
    reworked,
)


def envelopes() -> Any:
    """Bodies with their ids, commitments with their values, and what is no fact."""
    told = [one for tell in STORIES for one in tell().told]
    refused = {
        name: {"b": text, "code": taken(text)}
        for field in ("n", "at", "pl")
        for poison, value in POISON.items()
        if len(value) < 1000
        for name, text in [(f"{poison} as {field}", poisoned(value, field))]
    }
    refused |= {
        f"{poison} as at, written tightly": {"b": text, "code": taken(text)}
        for poison, value in POISON.items()
        if len(value) < 1000
        for text in [poisoned(value, "at").replace(": ", ":").replace(", ", ",")]
    }
    refused |= {
        name: {"b": text, "code": taken(text)}
        for name, changes in (HEADS | _misfits()).items()
        for text in [body(**changes)]
    }
    held = {**salted(OWNER), **PRIVATE}
    return {
        "facts": [
            {"b": one.fact.envelope.body, "id": one.fact.id} for one in told
        ] + [{"b": body(), "id": _id(body())}],
        "commitments": [
            {"name": name, "salt": salt, "value": value,
             "commitment": commitment(name, salt, value)}
            for name, (salt, value) in held.items()
        ],
        "refused": refused,
    }  # fmt: skip


def _misfits() -> dict[str, dict[str, Any]]:
    return {
        name: {"t": kind, "pl": payload, "bl": []}
        for name, (kind, payload) in MISFITS.items()
    }


def _id(text: str) -> str:
    fact = taken(text)
    assert not isinstance(fact, str)
    assert fact.head.log == GOOD["log"]
    return fact.id


def folds() -> Any:
    """Facts with what their keeper says of them, and the order they add up to."""
    found = []
    for tell in STORIES:
        story = tell()
        order = story.order
        page = draw_up(order, 1, "zh", "…")
        found.append({
            "story": tell.__doc__,
            "facts": [
                {"b": one.fact.envelope.body, "position": one.position,
                 "moment": plain(one.moment)}
                for one in story.told
            ],
            "order": plain(order),
            "sheet": {"round": 1, "language": "zh", "consent": "…",
                      "text": page.decode(), "sha256": shown_hash(page),
                      "covers": list(covers(order))},
        })  # fmt: skip
    return found


def signatures() -> Any:
    """Texts that are signed, with signatures that fit; and roots over ids."""
    ids = [one.fact.id for one in repaired().told]
    jwk = public_jwk(KEY.public_key())
    texts = {
        "request": request_text("POST", "/v1/sync/push", "nonce", "li", b"{}"),
        "answer": answer_text("signature", 200, b"{}"),
        "push": push_text("li.1", root_of(ids)),
    }
    return {
        "jwk": jwk,
        "thumbprint": thumbprint(jwk),
        "signed": {
            name: {"text": text.decode(), "signature": sign(KEY, text)}
            for name, text in texts.items()
        },
        "roots": [
            {"ids": ids[:count], "root": root_of(ids[:count])} for count in range(9)
        ],
    }


VECTORS: dict[str, Callable[[], Any]] = {
    "envelopes.json": envelopes,
    "folds.json": folds,
    "histories.json": histories,
    "signatures.json": signatures,
    "exchange.json": exchange,
    "timing.json": timing,
    "prices.json": prices,
    "promises.json": durations,
    "epochs.json": epochs,
    "heads.json": heads,
    "settled.json": settlements,
}


def text_of(drawn: Any) -> str:
    """As it stands in the file."""
    return json.dumps(drawn, ensure_ascii=True, indent=1) + "\n"


if __name__ == "__main__":
    for file, draw in VECTORS.items():
        (HERE / file).write_text(text_of(draw()), "utf-8")
