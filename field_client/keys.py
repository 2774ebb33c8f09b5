"""The device's key, salts and names that nobody can guess.

The only module that draws chance; `chance(n)` gives n bytes and may be handed in.
May not enter: where keys are kept, what they sign.
"""

import secrets
from collections.abc import Callable, Mapping

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from sync.envelope import SALT_BYTES, Private
from sync.signing import b64

Chance = Callable[[int], bytes]
CHANCE: Chance = secrets.token_bytes


def make_key() -> ec.EllipticCurvePrivateKey:
    """A new device key (ES256)."""
    return ec.generate_private_key(ec.SECP256R1())


def key_text(key: ec.EllipticCurvePrivateKey) -> str:
    """The key as PKCS #8 PEM; the folder's permissions are its only lock."""
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


def read_key(text: str) -> ec.EllipticCurvePrivateKey:
    """The key back from its PEM."""
    key = serialization.load_pem_private_key(text.encode(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError("a device key is an EC key")
    return key


def salted(values: Mapping[str, str], chance: Chance = CHANCE) -> Private:
    """Private values, each with a salt of its own."""
    return {name: (b64(chance(SALT_BYTES)), text) for name, text in values.items()}


def new_log(device: str, chance: Chance = CHANCE) -> str:
    """The name of a log: the device and a random instance."""
    return f"{device}.{chance(5).hex()}"


def share(chance: Chance = CHANCE) -> float:
    """A number in [0, 1) that spreads a herd (F27)."""
    return int.from_bytes(chance(4), "big") / 2**32
