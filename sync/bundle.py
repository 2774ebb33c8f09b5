"""A rescue bundle: what a tablet holds, in one file that only the server can open.

Format, version 1: the line `doorstep-bundle 1`, a line of JSON (`server`: thumbprint of
the server's key, `ephemeral`: a public JWK, `salt`), then frames. A frame is 4 bytes
of length (big endian) and AES-256-GCM ciphertext of at most 1 MiB of plaintext. Its
nonce is the frame's number (11 bytes, big endian) and one byte, 1 for the last frame,
else 0; both lines are its associated data. The key is HKDF-SHA256 over the ECDH secret
with the salt and the info `doorstep bundle 1`.

The plaintext is a tar, in this sequence: `device.json` (enrolment, public key, claims,
and type and length of each original), `evidence.json` (for each log the device's
signatures over its facts as they follow, BATCH at a time, as in a push), `facts.jsonl`
(one {"b", "x"} a line, as they were written), `blobs/<sha256>`. May not enter: files.
"""

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC = b"doorstep-bundle 1\n"
INFO = b"doorstep bundle 1"
FRAME_BYTES = 1 << 20
BATCH = 100  # facts under one signature


def derive(secret: bytes, salt: bytes) -> bytes:
    """The bundle's key from the ECDH secret."""
    return HKDF(hashes.SHA256(), length=32, salt=salt, info=INFO).derive(secret)


def nonce(number: int, *, last: bool) -> bytes:
    """The nonce of this frame."""
    return number.to_bytes(11, "big") + bytes([last])
