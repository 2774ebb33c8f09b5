"""Both languages read, write, chain, hide and sign the same (M8).

The same facts go both ways: Python writes and TypeScript judges, TypeScript writes the
same values and Python judges. `make test` takes a fixed sample; TWIN_FACTS takes more.
"""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from sync.envelope import Envelope, committed, matches, read, write
from sync.facts import understand
from sync.log import root_of
from sync.plain import but, plain
from sync.problems import Refused
from sync.signing import public_jwk, push_text, read_jwk, sign, verifies
from tests.twins.conftest import Twin
from tests.twins.drawn import FACTS, SEED, Pen

pytestmark = pytest.mark.slow
IN_A_PUSH = 20
PUSHES = range(FACTS // IN_A_PUSH)
KEY = ec.derive_private_key(0x117, ec.SECP256R1())  # public data: for tests alone
LOG = "li-tablet.k3f9"


def compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def understood(body: str) -> dict[str, Any]:
    """What the twin is asked for as well, said by Python."""
    try:
        fact = understand(read(body))
    except Refused as refused:
        return {"code": refused.code, "field": refused.facts.get("field")}
    head = fact.head
    return {
        "id": fact.id, "t": fact.what.kind, "st": head.stream, "log": head.log,
        "n": head.n, "p": head.prev, "e": head.epoch, "bs": head.basis,
        "l": head.lamport, "by": head.by, "at": compact(fact.reading.wire()),
        "pc": dict(head.private), "bl": plain(head.blobs),
        "pl": compact(plain(fact.what)),
    }  # fmt: skip


class Push:
    """Facts of one log, written by Python, with the values to write them again."""

    def __init__(self, seed: int) -> None:
        pen = Pen(SEED * 1_000_003 + seed)
        self.drawn: list[dict[str, Any]] = []
        self.facts: list[dict[str, Any]] = []
        self.envelopes: list[Envelope] = []
        for _ in range(IN_A_PUSH):
            self._add(pen)
        self.root = root_of([one.id for one in self.envelopes])

    def _add(self, pen: Pen) -> None:
        what, n = pen.what(), len(self.facts) + 1
        prev = self.envelopes[-1].id if self.envelopes else None
        held = pen.private(what)
        head = but(pen.head(what, LOG, n, prev), private=committed(held))
        body = write(what.kind, what.version, head, plain(what))
        self.envelopes.append(read(body))
        self.facts.append({"b": body, "x": held})
        self.drawn.append({
            "t": what.kind, "tv": what.version, "st": head.stream, "e": head.epoch,
            "bs": head.basis, "l": head.lamport, "by": head.by, "at": compact(head.at),
            "bl": plain(head.blobs), "pl": compact(plain(what)), "x": held,
        })  # fmt: skip


@pytest.fixture(scope="module")
def pushes() -> Mapping[int, Push]:
    return Drawn()


class Drawn(dict[int, Push]):
    """Pushes by their number; a few stay, for a campaign draws very many."""

    def __missing__(self, number: int) -> Push:
        if FACTS <= 10_000:
            return self.setdefault(number, Push(number))
        return Push(number)


def test_the_sample_holds_every_kind_and_some_of_what_is_none(
    pushes: Mapping[int, Push],
):
    said = [understood(one["b"]) for n in PUSHES[:100] for one in pushes[n].facts]
    assert len({one.get("t") for one in said}) > 25
    assert sum("code" in one for one in said) * 100 >= len(said)


def test_facts_that_python_wrote_mean_the_same_in_typescript(
    twin: Twin, pushes: Mapping[int, Push]
):
    for number in PUSHES:
        for fact in pushes[number].facts:
            body = fact["b"]
            assert twin.understood(body) == understood(body), body


def test_a_push_that_python_wrote_holds_in_typescript(
    twin: Twin, pushes: Mapping[int, Push]
):
    for number in PUSHES:
        push = pushes[number]
        signature = sign(KEY, push_text(LOG, push.root))
        said = twin.asked("judge", {
            "facts": push.facts, "log": LOG, "signature": signature,
            "jwk": public_jwk(KEY.public_key()),
        })  # fmt: skip
        assert said == {
            "ids": [one.id for one in push.envelopes], "linked": True, "held": True,
            "root": push.root, "fits": True,
        }, number  # fmt: skip


def test_facts_that_typescript_wrote_are_those_that_python_writes(
    twin: Twin, pushes: Mapping[int, Push]
):
    for number in PUSHES:
        push = pushes[number]
        told = twin.asked("tell", {"log": LOG, "facts": push.drawn})
        assert [one["b"] for one in told["facts"]] == [one["b"] for one in push.facts]


def test_a_push_that_typescript_wrote_holds_in_python(
    twin: Twin, pushes: Mapping[int, Push]
):
    for number in PUSHES:
        told = twin.asked("tell", {"log": LOG, "facts": pushes[number].drawn})
        envelopes = [read(one["b"]) for one in told["facts"]]
        tips = [None, *(one.id for one in envelopes)]
        assert [one.head.prev for one in envelopes] == tips[:-1]
        assert all(
            matches(name, held, one.head.private[name])
            for one, fact in zip(envelopes, told["facts"], strict=True)
            for name, held in fact["x"].items()
        )
        root = root_of([one.id for one in envelopes])
        text = push_text(LOG, root)
        assert told["root"] == root
        assert verifies(read_jwk(told["jwk"]), text, told["signature"])


@pytest.mark.parametrize("harm", ["a fact is gone", "a value", "a salt", "signature"])
def test_a_push_that_was_tampered_with_does_not_hold_in_typescript(
    twin: Twin, pushes: Mapping[int, Push], harm: str
):
    push = pushes[0]
    signature = sign(KEY, push_text(LOG, push.root))
    facts = [dict(one, x=dict(one["x"])) for one in push.facts]
    told = next(one for one in facts if one["x"])
    name, (salt, value) = next(iter(told["x"].items()))
    if harm == "a fact is gone":
        del facts[3]
    elif harm == "a value":
        told["x"][name] = (salt, value + "!")
    elif harm == "a salt":
        told["x"][name] = ("A" * 22, value)
    else:
        signature = sign(KEY, push_text("wang-tablet.1", push.root))
    said = twin.asked("judge", {
        "facts": facts, "log": LOG, "signature": signature,
        "jwk": public_jwk(KEY.public_key()),
    })  # fmt: skip
    assert not (said["linked"] and said["held"] and said["fits"])


def test_hostile_bodies_are_refused_with_the_same_code(twin: Twin):
    """And what is taken all the same means the same (X19)."""
    pen = Pen(SEED)
    for _ in range(FACTS):
        body = pen.hostile()
        assert twin.understood(body) == understood(body), body


def test_hostile_bodies_are_of_every_sort():
    pen = Pen(SEED)
    codes = [understood(pen.hostile()).get("code") for _ in range(2000)]
    assert {
        "body_unreadable", "body_too_long", "field_missing", "field_unknown",
        "field_misshapen", "value_unknown", "version_unknown", "kind_unknown",
        "reading_malformed", None,
    } <= {*codes}  # fmt: skip
