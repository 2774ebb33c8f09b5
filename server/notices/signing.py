"""Signatures that receivers can check: Standard Webhooks, and the robots' own.

https://www.standardwebhooks.com: HMAC-SHA256 over `id.timestamp.body`, the very bytes
that are sent, under each secret that holds now. May not enter: sending, a clock.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable, Iterable
from urllib.parse import quote_plus

PREFIX = "whsec_"
SECRET_BYTES = 32


def new_secret(chance: Callable[[int], bytes]) -> str:
    """A secret, as its receiver is shown it once."""
    return PREFIX + base64.b64encode(chance(SECRET_BYTES)).decode()


def webhook_headers(
    name: str, at_s: int, body: bytes, secrets: Iterable[str]
) -> dict[str, str]:
    """What a receiver checks a message by; one signature for each secret."""
    said = f"{name}.{at_s}.".encode() + body
    signatures = [f"v1,{_hmac(_key(one), said)}" for one in secrets]
    return {
        "webhook-id": name,
        "webhook-timestamp": str(at_s),
        "webhook-signature": " ".join(signatures),
    }


def _key(secret: str) -> bytes:
    try:
        return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error:
        return secret.encode()


def dingtalk_query(secret: str, at_ms: int) -> str:
    """What is added to a DingTalk robot's address if it wants to be sure."""
    signature = _hmac(secret.encode(), f"{at_ms}\n{secret}".encode())
    return f"&timestamp={at_ms}&sign={quote_plus(signature)}"


def feishu_fields(secret: str, at_s: int) -> dict[str, str]:
    """What is added to a Feishu robot's message if it wants to be sure."""
    return {"timestamp": str(at_s), "sign": _hmac(f"{at_s}\n{secret}".encode(), b"")}


def _hmac(key: bytes, said: bytes) -> str:
    return base64.b64encode(hmac.new(key, said, hashlib.sha256).digest()).decode()
