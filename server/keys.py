"""The server's own secrets: the key that seals answers, the key that makes tokens.

Made once in the data folder, readable by the owner only. May not enter: whose request
it is (`auth`), what is signed (`sync/signing.py`).
"""

import contextlib
import hashlib
import hmac
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from sync.signing import b64, public_jwk, sign, thumbprint, unb64

_MAC = 16


@dataclass(frozen=True)
class Keys:
    """`signing` seals answers and receipts; `secret` authenticates what is opaque to
    others: time tokens and cursors."""

    signing: ec.EllipticCurvePrivateKey
    secret: bytes

    def seal(self, text: bytes) -> str:
        """The server's signature."""
        return sign(self.signing, text)

    @property
    def jwk(self) -> dict[str, str]:
        """The public key that tablets learn when they enrol."""
        return public_jwk(self.signing.public_key())

    @property
    def name(self) -> str:
        """The public key's thumbprint."""
        return thumbprint(self.jwk)

    def mac(self, purpose: str, data: bytes) -> bytes:
        """Sixteen bytes that only this server can make."""
        text = purpose.encode() + b"\0" + data
        return hmac.new(self.secret, text, hashlib.sha256).digest()[:_MAC]

    def sealed(self, purpose: str, data: bytes) -> str:
        """Data that comes back unchanged or not at all."""
        return b64(data + self.mac(purpose, data))

    def unsealed(self, purpose: str, text: str) -> bytes | None:
        """What `sealed` made; None for anything else."""
        try:
            raw = unb64(text)
        except ValueError:
            return None
        data, mac = raw[:-_MAC], raw[-_MAC:]
        return data if hmac.compare_digest(self.mac(purpose, data), mac) else None

    def time_token(self, device: str, now_ms: int, chance: bytes) -> str:
        """A token that proves: its holder heard from the server not before `now_ms`."""
        return self.sealed(f"token {device}", now_ms.to_bytes(6, "big") + chance[:6])

    def token_ms(self, device: str, token: str | None) -> int | None:
        """When this device was given this token; None if it was not."""
        data = self.unsealed(f"token {device}", token or "")
        return int.from_bytes(data[:6], "big") if data else None


def open_keys(folder: Path) -> Keys:
    """The keys in this folder, made on first use; servers starting at once agree."""
    folder.mkdir(parents=True, exist_ok=True)
    pem = _once(folder / "signing-key.pem", _new_signing_key)
    secret = _once(folder / "secret-key", lambda: secrets.token_bytes(32))
    key = serialization.load_pem_private_key(pem, password=None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return Keys(signing=key, secret=secret)


def _new_signing_key() -> bytes:
    return ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _once(path: Path, make: Callable[[], bytes]) -> bytes:
    if not path.exists():
        draft = path.with_suffix(f".{os.getpid()}.{secrets.token_hex(4)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(make())
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_bytes()
