"""What a signature proves, and that nothing malformed ever raises."""

import base64
import hashlib
import json

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.problems import Refused
from sync.signing import (
    answer_text,
    b64,
    public_jwk,
    push_text,
    read_jwk,
    request_text,
    sign,
    thumbprint,
    unb64,
    verifies,
)

P256 = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
KEY = ec.derive_private_key(0x117, ec.SECP256R1())
OTHER = ec.derive_private_key(0x118, ec.SECP256R1())
TEXT = b"doorstep"
unhurried = settings(deadline=None, max_examples=50)


def test_a_signature_fits_its_key_and_its_text_alone():
    signature = sign(KEY, TEXT)
    assert verifies(KEY.public_key(), TEXT, signature)
    assert not verifies(OTHER.public_key(), TEXT, signature)
    assert not verifies(KEY.public_key(), TEXT + b".", signature)


def test_signing_needs_no_chance():
    """RFC 6979: the same key and text give the same signature, in every run."""
    assert sign(KEY, TEXT) == sign(KEY, TEXT)


def test_a_signature_is_r_and_s_side_by_side():
    """RFC 7518, 3.4: 64 bytes, as browsers make it, never DER."""
    assert len(unb64(sign(KEY, TEXT))) == 64


def test_the_small_and_the_large_s_are_both_signatures():
    """Browsers make either; nothing here is named by its signature."""
    raw = unb64(sign(KEY, TEXT))
    s = P256 - int.from_bytes(raw[32:], "big")
    twin = b64(raw[:32] + s.to_bytes(32, "big"))
    assert twin != sign(KEY, TEXT)
    assert verifies(KEY.public_key(), TEXT, twin)


@unhurried
@given(st.integers(0, 511))
def test_one_bit_decides(bit: int):
    raw = bytearray(unb64(sign(KEY, TEXT)))
    raw[bit // 8] ^= 1 << bit % 8
    assert not verifies(KEY.public_key(), TEXT, b64(bytes(raw)))


@pytest.mark.parametrize(
    "signature",
    [
        "",
        "A",
        "AA",
        "====",
        "短",
        "\ud800",
        "A" * 85,
        "A" * 86,
        "_" * 86,
        "A" * 87,
        "A" * 5000,
        b64(b"\xff" * 64),
        b64(bytes(64)),
        b64(b"0D\x02 " + b"a" * 60),
        sign(KEY, TEXT) + "AA",
        sign(KEY, TEXT)[:-2],
        " " + sign(KEY, TEXT),
    ],
)
def test_what_is_no_signature_fits_nothing(signature: str):
    assert not verifies(KEY.public_key(), TEXT, signature)


@unhurried
@given(st.text(st.characters(exclude_categories=[])))
def test_no_text_is_a_signature_by_chance(signature: str):
    assert not verifies(KEY.public_key(), TEXT, signature)


@pytest.mark.parametrize("letter", ["*", "\n", " ", "=", "+", "/", "é"])
def test_a_signature_has_one_spelling(letter: str):
    """Letters outside the alphabet are no decoration."""
    signature = sign(KEY, TEXT)
    for spelled in (signature + letter, signature[:9] + letter + signature[9:]):
        assert not verifies(KEY.public_key(), TEXT, spelled)


@unhurried
@given(st.binary())
def test_base64url_comes_back_as_it_was(data: bytes):
    assert unb64(b64(data)) == data
    assert not set(b64(data)) & set("+/=")


def test_a_key_goes_through_its_jwk():
    again = read_jwk(json.loads(json.dumps(public_jwk(KEY.public_key()))))
    assert again == KEY.public_key()


@pytest.mark.parametrize(
    "change",
    [
        {"kty": "RSA"},
        {"crv": "P-384"},
        {"x": ""},
        {"x": "A"},
        {"x": 5},
        {"x": None},
        {"x": ["A"]},
        {"x": b64(bytes(32))},
        {"x": b64(b"\xff" * 32)},
        {"x": "短"},
        {"x": "\ud800"},
        {"y": public_jwk(OTHER.public_key())["y"]},
        {"x": b64(bytes(1) + unb64(public_jwk(KEY.public_key())["x"]))},
    ],
)
def test_anything_but_a_point_on_the_curve_is_refused(change: dict[str, object]):
    with pytest.raises(Refused) as refused:
        read_jwk(public_jwk(KEY.public_key()) | change)
    assert refused.value.code == "key_unreadable"


@pytest.mark.parametrize("name", ["kty", "crv", "x", "y"])
def test_a_key_with_a_member_missing_is_refused(name: str):
    held = public_jwk(KEY.public_key())
    with pytest.raises(Refused):
        read_jwk({key: value for key, value in held.items() if key != name})


def test_a_keys_name_is_that_of_rfc_7638():
    """The hash of the needed members, in their sequence, without blanks."""
    jwk = public_jwk(KEY.public_key())
    text = f'{{"crv":"P-256","kty":"EC","x":"{jwk["x"]}","y":"{jwk["y"]}"}}'
    expected = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest())
    assert thumbprint(jwk | {"use": "sig"}) == expected.decode().rstrip("=")


def test_a_request_an_answer_and_a_push_are_never_the_same_text():
    """What was signed for one purpose serves no other."""
    texts = {
        request_text("post", "/v1", "nonce", "li", b""),
        answer_text("nonce", 200, b""),
        push_text("li.1", "root"),
    }
    first = {text.split(b"\n")[0] for text in texts}
    assert len(first) == 3


@pytest.mark.parametrize(
    "other",
    [
        ("GET", "/v1", "nonce", "li", b"body"),
        ("POST", "/v2", "nonce", "li", b"body"),
        ("POST", "/v1", "other", "li", b"body"),
        ("POST", "/v1", "nonce", "wang", b"body"),
        ("POST", "/v1", "nonce", "li", b"bodies"),
    ],
)
def test_a_request_is_signed_with_all_its_parts(
    other: tuple[str, str, str, str, bytes],
):
    assert request_text("POST", "/v1", "nonce", "li", b"body") != request_text(*other)


def test_an_answer_is_sealed_for_its_request_and_status():
    one = answer_text("signature", 200, b"body")
    assert one != answer_text("signature", 201, b"body")
    assert one != answer_text("another", 200, b"body")
    assert one != answer_text("signature", 200, b"nobody")
