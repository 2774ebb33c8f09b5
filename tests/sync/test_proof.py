"""A proof of one order: the honest one holds, and each lie is named with its place."""

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from sync.envelope import BlobRef, Head, committed
from sync.facts import write_fact
from sync.facts.visit import Arrived
from sync.facts.work import Photographed
from sync.heads import KeyWord, LogHead, event_leaf, fact_leaf, head_text
from sync.log import root_of, tree_hash
from sync.order import order_stream
from sync.plain import but
from sync.proof import (
    FORM,
    Proof,
    ProvenBytes,
    ProvenFact,
    ProvenPush,
    Report,
    check,
    list_text,
    write,
)
from sync.signing import b64, public_jwk, push_text, sign, thumbprint

NOON = 1_765_684_800_000
STREAM, LOG = order_stream("1"), "t-li.a"
SERVER, TABLET, STRANGER = (ec.generate_private_key(ec.SECP256R1()) for _ in range(3))
PHOTO = b"a photo"
DIGEST = hashlib.sha256(PHOTO).hexdigest()
OTHER = order_stream("2")
SALT = b64(b"sixteen bytes ..")


def told(n: int, what: Any, prev: str | None = None, **more: Any) -> Any:
    """Li's n-th fact."""
    return write_fact(what, Head(
        stream=STREAM, log=LOG, n=n, prev=prev, epoch="e", basis=0, lamport=n, by="li",
        at={"w": NOON, "z": 480}, **more,
    ))  # fmt: skip


ARRIVED = told(1, Arrived(), private=committed({"place": (SALT, "1,2,3")}))
SHOT = told(
    2, Photographed(moment="before"), ARRIVED.id,
    blobs=(BlobRef(sha256=DIGEST, bytes=7, type="image/jpeg", role="photo"),),
)  # fmt: skip
LEAVES = [
    fact_leaf(ARRIVED.id, NOON), fact_leaf(SHOT.id, NOON),
    event_leaf("blob", DIGEST, STREAM, NOON), event_leaf("epoch", "e", None, NOON),
]  # fmt: skip


def path(at: int) -> tuple[str, ...]:
    """What leads from a leaf of four to the root."""
    pair = 2 - at // 2 * 2
    return LEAVES[at ^ 1].hex(), tree_hash(LEAVES[pair : pair + 2]).hex()


def signed(proof: Proof, key: ec.EllipticCurvePrivateKey = SERVER) -> Proof:
    """The server says that this is all."""
    return but(proof, signature=sign(key, list_text(proof)))


def headed(key: ec.EllipticCurvePrivateKey) -> tuple[KeyWord, LogHead]:
    jwk = public_jwk(key.public_key())
    head = LogHead(epoch="e", size=4, root=tree_hash(LEAVES).hex(), at_ms=NOON,
                   key=thumbprint(jwk))  # fmt: skip
    return KeyWord(key=jwk), but(head, signature=sign(key, head_text(head)))


def honest(key: ec.EllipticCurvePrivateKey = SERVER) -> Proof:
    word, head = headed(key)
    ids = (ARRIVED.id, SHOT.id)
    facts = (
        ProvenFact(position=1, received_ms=NOON, b=ARRIVED.envelope.body, path=path(0),
                   x={"place": (SALT, "1,2,3")}),
        ProvenFact(position=2, received_ms=NOON, b=SHOT.envelope.body, path=path(1)),
    )  # fmt: skip
    photo = ProvenBytes(sha256=DIGEST, stream=STREAM, position=3, received_ms=NOON,
                        path=path(2))  # fmt: skip
    push = ProvenPush(device="t-li", log=LOG, ids=ids,
                      signature=sign(TABLET, push_text(LOG, root_of(ids))))  # fmt: skip
    return signed(Proof(
        form=FORM, stream=STREAM, number="1", head=head, keys=(word,), facts=facts,
        bytes=(photo,), pushes=(push,),
        devices={"t-li": public_jwk(TABLET.public_key())},
    ), key)  # fmt: skip


def report(proof: Proof, blobs: dict[str, bytes] | None = None, **more: Any) -> Report:
    return check(write(proof), {DIGEST: PHOTO} if blobs is None else blobs, **more)


def found(proof: Proof, *args: Any, **more: Any) -> set[tuple[str, int | None]]:
    """Code and place of what does not hold."""
    return {(one.code, one.position) for one in report(proof, *args, **more).findings}


def fact(at: int, **changes: Any) -> Callable[[Proof], Proof]:
    def changed(proof: Proof) -> Proof:
        facts = list(proof.facts)
        facts[at] = but(facts[at], **changes)
        return but(proof, facts=tuple(facts))

    return changed


LIES: dict[str, tuple[Callable[[Proof], Proof], tuple[str, int | None]]] = {
    "a time put right": (fact(1, received_ms=NOON + 1), ("fact_altered", 2)),
    "a fact rewritten": (
        fact(1, b=told(2, Arrived(), ARRIVED.id).envelope.body), ("fact_altered", 2),
    ),
    "text that is no fact": (fact(0, b="{}"), ("fact_unreadable", 1)),
    "two in another sequence": (
        lambda it: but(it, facts=it.facts[::-1]), ("fact_moved", 1),
    ),
    "words beside a fact": (
        fact(0, x={"place": (SALT, "1,2,4")}), ("private_altered", 1),
    ),
    "another order": (lambda it: but(it, stream=OTHER), ("fact_foreign", 1)),
    "a receipt moved": (
        lambda it: but(it, bytes=(but(it.bytes[0], position=4),)),
        ("bytes_unplaced", 4),
    ),
    "a device's word bent": (
        lambda it: but(it, pushes=(but(it.pushes[0], ids=(SHOT.id,)),)),
        ("push_unsigned", 2),
    ),
    "the head's root": (
        lambda it: but(it, head=but(it.head, root="0" * 64)), ("head_unsigned", None),
    ),
}  # fmt: skip


def test_an_honest_proof_holds():
    said = report(honest())

    assert (said.findings, said.unseen, said.missing, said.unsigned) == ((), (), (), ())


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_is_named_with_its_place(lie: str):
    """Also one that the server itself signs again."""
    change, named = LIES[lie]

    assert named in found(signed(change(honest())))


@pytest.mark.parametrize("lie", LIES)
def test_nobody_else_can_change_anything(lie: str):
    change, _ = LIES[lie]

    assert not report(change(honest())).holds


@pytest.mark.parametrize("at", [0, 1])
def test_a_fact_left_out_breaks_the_list(at: int):
    proof = honest()
    left = tuple(one for n, one in enumerate(proof.facts) if n != at)

    assert ("list_unsigned", None) in found(but(proof, facts=left))


def test_a_photo_that_was_swapped_is_named():
    assert found(honest(), {DIGEST: b"another"}) == {("bytes_altered", 2)}


def test_bytes_that_nobody_spoke_of_are_named():
    other = hashlib.sha256(b"x").hexdigest()

    assert found(honest(), {other: b"x"}) == {("bytes_foreign", None)}


def test_what_is_not_at_hand_is_said_and_is_no_lie():
    said = report(honest(), {})

    assert (said.holds, said.unseen) == (True, (DIGEST,))


def test_a_proof_of_somebodys_own_making_is_not_the_servers():
    """It agrees with itself; only a key from elsewhere tells."""
    ours = thumbprint(public_jwk(SERVER.public_key()))
    made_up = honest(STRANGER)

    assert report(made_up).holds
    assert ("key_unknown", None) in found(made_up, known=ours)


def test_two_histories_of_one_length_are_found_beside_each_other():
    proof = honest()
    other = but(proof.head, root="1" * 64)
    remembered = but(other, signature=sign(SERVER, head_text(other)))

    assert found(proof, heads=[remembered]) == {("head_differs", 4)}


def test_a_fact_that_no_device_signed_is_counted():
    proof = signed(but(honest(), pushes=()))

    assert report(proof).unsigned == (1, 2)


@pytest.mark.parametrize("text", [b"", b"{}", b'{"form":"doorstep proof 9"}', b"\xff"])
def test_what_is_no_proof_is_called_so(text: bytes):
    assert [one.code for one in check(text).findings] == ["proof_unreadable"]
