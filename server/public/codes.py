"""What stands on a paper and in its QR code: the digest of the sheet that was shown.

256 bits that nobody guesses, as 43 letters or 64 hex digits. The short code beside it
is 32 bits of the same, for the eye: it opens nothing without the order's number, and
after a few wrong tries for a number not even with it. May not enter: what is known of
a code.
"""

import re

from sync.envelope import SHA256_HEX
from sync.signing import b64, unb64

SHORT = re.compile(r"[0-9A-Fa-f]{4}-?[0-9A-Fa-f]{4}")
_NAME = re.compile(r"[A-Za-z0-9_-]{43}")


def digest_of(code: str) -> str | None:
    """The digest that this names, in hex; None if nothing of ours looks so. Every
    digest has one spelling of each sort."""
    said = "".join(code.split())
    if SHA256_HEX.fullmatch(said.lower()):
        return said.lower()
    if not _NAME.fullmatch(said):
        return None
    try:
        return unb64(said).hex()
    except ValueError:
        return None


def code_of(digest: str) -> str:
    """How an address names it."""
    return b64(bytes.fromhex(digest))


def grouped(digest: str) -> str:
    """All of it, for the eye."""
    return "-".join(digest[at : at + 4].upper() for at in range(0, len(digest), 4))
