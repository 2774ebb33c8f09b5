"""The server's own secrets: the key that seals answers, the key that makes tokens.

Made once in the data folder, readable by the owner only. May not enter: whose request
it is (`auth`), what is signed (`sync/signing.py`).
"""

import contextlib
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from sync.heads import KeyWord, Trusted, key_text, line_of_keys
from sync.plain import but, plain, typed
from sync.signing import b64, public_jwk, sign, thumbprint, unb64

_MAC = 16
SIGNING, SECRET = "signing-key.pem", "secret-key"
LINE = "keys.json"  # since the first rotation: every key, and how each let in the next


@dataclass(frozen=True)
class Keys:
    """`signing` seals answers and receipts; `secret` authenticates what is opaque to
    others: time tokens and cursors."""

    signing: ec.EllipticCurvePrivateKey
    secret: bytes
    line: tuple[KeyWord, ...] = ()  # every public key, oldest first; none: just one
    former: tuple[ec.EllipticCurvePrivateKey, ...] = ()  # sign nothing any more

    def seal(self, text: bytes) -> str:
        """The server's signature."""
        return sign(self.signing, text)

    @cached_property
    def jwk(self) -> dict[str, str]:
        """The public key that tablets learn when they enrol."""
        return public_jwk(self.signing.public_key())

    @cached_property
    def name(self) -> str:
        """The public key's thumbprint."""
        return thumbprint(self.jwk)

    @property
    def words(self) -> tuple[KeyWord, ...]:
        """Every key this server ever signed with, oldest first."""
        return self.line or (KeyWord(key=self.jwk),)

    @cached_property
    def own(self) -> Trusted:
        """What this server ever signed with."""
        return line_of_keys(self.words, self.name)

    def signed(self, text: bytes, signature: str) -> bool:
        """Did this server sign this, with whichever of its keys?"""
        own = self.own
        return any(own.signed(name, text, signature) for name in own.keys)

    def private_of(self, name: str) -> ec.EllipticCurvePrivateKey | None:
        """The key with this thumbprint, to open what was once sealed to it."""
        every = (self.signing, *self.former)
        return next((one for one in every if _name(one) == name), None)

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
    pem = _once(folder / SIGNING, _new_signing_key)
    secret = _once(folder / SECRET, lambda: secrets.token_bytes(32))
    if not (folder / LINE).exists():
        return Keys(signing=_read(pem), secret=secret)
    held = json.loads((folder / LINE).read_text("ascii"))
    *former, signing = (_read(one.encode()) for one in held["keys"])
    line = tuple(typed(KeyWord, one) for one in held["line"])
    return Keys(signing=signing, secret=secret, line=line, former=tuple(former))


def rotate(folder: Path, now_ms: int) -> Keys:
    """A new key to sign with from the next start on. The present one lets it in, stays
    known as long as the server lives, and signs nothing any more."""
    old = open_keys(folder)
    new = Keys(signing=ec.generate_private_key(ec.SECP256R1()), secret=old.secret)
    word = KeyWord(key=new.jwk, since_ms=now_ms, before=old.name)
    text = key_text(word)
    word = but(word, signature=old.seal(text), answer=new.seal(text))
    line, former = (*old.words, word), (*old.former, old.signing)
    pems = [_pem(one) for one in (*former, new.signing)]
    said = {"line": plain(line), "keys": [pem.decode() for pem in pems]}
    _replace(folder / LINE, json.dumps(said).encode())  # from here on it counts
    _replace(folder / SIGNING, pems[-1])
    return open_keys(folder)


def _read(pem: bytes) -> ec.EllipticCurvePrivateKey:
    key = serialization.load_pem_private_key(pem, password=None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return key


def _name(key: ec.EllipticCurvePrivateKey) -> str:
    return thumbprint(public_jwk(key.public_key()))


def _new_signing_key() -> bytes:
    return _pem(ec.generate_private_key(ec.SECP256R1()))


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _once(path: Path, make: Callable[[], bytes]) -> bytes:
    if not path.exists():
        draft = _draft(path, make())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_bytes()


def _replace(path: Path, data: bytes) -> None:
    """In one step; once this returns it survives a power cut."""
    _draft(path, data).replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


def _draft(path: Path, data: bytes) -> Path:
    draft = path.with_suffix(f".{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    return draft
