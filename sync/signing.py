"""What is signed, and how: ES256 (ECDSA P-256 with SHA-256, RFC 7518) throughout.

A device signs each request and the root of each push; the server seals each answer of
the exchange, so that a captive portal's 200 is never an acknowledgement (F26). Keys are
made and kept by the outer layers. May not enter: transport, storage, chance.
"""

import base64
import json
from collections.abc import Mapping

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)

from sync.envelope import digest
from sync.problems import Refused

_WIDTH = 32


def b64(data: bytes) -> str:
    """base64url without padding (RFC 7515)."""
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def unb64(text: str) -> bytes:
    """The bytes of base64url without padding; every text has one spelling, and any
    other raises ValueError."""
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if b64(data) != text:
        raise ValueError("not base64url without padding")
    return data


def request_text(
    method: str, target: str, nonce: str, actor: str, body: bytes
) -> bytes:
    """What a device signs to ask something: this request, from this person, after the
    contact whose time token is `nonce` (X5)."""
    lines = ("doorstep request", method.upper(), target, nonce, actor, digest(body))
    return "\n".join(lines).encode()


def answer_text(request_signature: str, status: int, body: bytes) -> bytes:
    """What the server seals: this answer, to that request and no other."""
    return f"doorstep answer\n{request_signature}\n{status}\n{digest(body)}".encode()


def push_text(log: str, root: str) -> bytes:
    """What a device signs as evidence that it handed in these facts."""
    return f"doorstep push\n{log}\n{root}".encode()


def sign(key: ec.EllipticCurvePrivateKey, text: bytes) -> str:
    """A signature as raw r||s, which browsers make too."""
    algorithm = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)
    r, s = decode_dss_signature(key.sign(text, algorithm))
    return b64(r.to_bytes(_WIDTH, "big") + s.to_bytes(_WIDTH, "big"))


def verifies(key: ec.EllipticCurvePublicKey, text: bytes, signature: str) -> bool:
    """Does this signature fit? Anything malformed does not."""
    try:
        raw = unb64(signature)
        if len(raw) != 2 * _WIDTH:
            return False
        r, s = int.from_bytes(raw[:_WIDTH], "big"), int.from_bytes(raw[_WIDTH:], "big")
        key.verify(encode_dss_signature(r, s), text, ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return True


def public_jwk(key: ec.EllipticCurvePublicKey) -> dict[str, str]:
    """The key as the members that RFC 7638 hashes, in its sequence."""
    numbers = key.public_numbers()
    x, y = (n.to_bytes(_WIDTH, "big") for n in (numbers.x, numbers.y))
    return {"crv": "P-256", "kty": "EC", "x": b64(x), "y": b64(y)}


def read_jwk(jwk: Mapping[str, object]) -> ec.EllipticCurvePublicKey:
    """The key in a JWK; refuses anything but a point on P-256."""
    try:
        known = jwk["kty"], jwk["crv"]
        raw = [unb64(str(jwk[name])) for name in ("x", "y")]
        x, y = (int.from_bytes(number, "big") for number in raw)
        point = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    except (KeyError, ValueError):
        raise Refused("key_unreadable") from None
    if known != ("EC", "P-256") or {len(number) for number in raw} != {_WIDTH}:
        raise Refused("key_unreadable")
    return point


def thumbprint(jwk: Mapping[str, str]) -> str:
    """The name of a key (RFC 7638)."""
    members = {name: jwk[name] for name in ("crv", "kty", "x", "y")}
    return digest(json.dumps(members, separators=(",", ":")).encode())
