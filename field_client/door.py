"""Every request signed by the device, every answer sealed by the server (F26, X5).

May not enter: what is asked, how it travels.
"""

import json
import secrets
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from field_client.owed import Enrolment
from field_client.transport import Answered, Call, NoAnswer, Reply, send_pieces
from sync.plain import plain
from sync.problems import Refused
from sync.signing import (
    answer_text,
    public_jwk,
    read_jwk,
    request_text,
    sign,
    thumbprint,
    verifies,
)

NO_TOKEN = "-"  # noqa: S105 - it says that there is none
SEAL_TO = "Doorstep-Seal-To"
UNSEALED = "unsealed"
FINGER = 16  # characters of the server key's thumbprint on an enrolment code


class Door:
    """The way to one server for one device. `token` is the newest time token."""

    def __init__(
        self,
        call: Call,
        enrolment: Enrolment,
        key: ec.EllipticCurvePrivateKey,
        chance: Callable[[int], str] = secrets.token_hex,
    ) -> None:
        self.chance = chance
        self.call = call
        self.who = enrolment
        self.key = key
        self.server_key = read_jwk(enrolment.server_key)
        self.token = NO_TOKEN

    def ask(
        self,
        method: str,
        target: str,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """A believed answer below 400; `Answered` for a believed no."""
        text = request_text(method, target, self.token, self.who.actor, body)
        signature = sign(self.key, text)
        authorization = (
            f'Doorstep device="{self.who.device}", actor="{self.who.actor}",'
            f' nonce="{self.token}", signature="{signature}"'
        )
        sent = {**(headers or {}), "Authorization": authorization}
        reply = self.call(method, target, sent, body)
        return believed(reply, self.server_key, signature)

    def carry(
        self,
        method: str,
        target: str,
        grant: str,
        headers: Mapping[str, str],
        body: Iterable[bytes] = (),
    ) -> Reply:
        """The same under the leave to hand in bytes, which signs nothing: so the body
        may be read while it is sent. The answer is sealed to a word never said before.
        """
        word = self.chance(16)
        sent = {**headers, "Authorization": f"Bearer {grant}", SEAL_TO: word}
        reply = send_pieces(self.call, method, target, sent, body)
        return believed(reply, self.server_key, f"uploads {word}")

    def ask_json(self, method: str, target: str, value: Any = None) -> Any:
        """The same with JSON on both ways."""
        if value is None:
            return read_json(self.ask(method, target))
        body = json.dumps(plain(value), ensure_ascii=False).encode()
        return read_json(self.ask(method, target, body, JSON))


JSON = {"Content-Type": "application/json"}


def believed(reply: Reply, key: ec.EllipticCurvePublicKey, signature: str) -> Reply:
    """The reply if the server has sealed exactly it; else there was no answer."""
    seal = reply.headers.get("doorstep-seal", "")
    if not verifies(key, answer_text(signature, reply.status, reply.body), seal):
        raise NoAnswer(UNSEALED, reply.status)
    if reply.status >= 400:
        raise Answered(reply.status, _problem(reply), _retry_after_ms(reply))
    return reply


def read_json(reply: Reply) -> Any:
    """The JSON of a believed answer."""
    try:
        return json.loads(reply.body)
    except ValueError:
        raise NoAnswer("not JSON", reply.status) from None


def _problem(reply: Reply) -> Mapping[str, Any]:
    try:
        value = json.loads(reply.body)
    except ValueError:
        value = {}
    return value if isinstance(value, dict) else {}


def _retry_after_ms(reply: Reply) -> int | None:
    text = reply.headers.get("retry-after", "")
    return int(text) * 1000 if text.isascii() and text.isdigit() else None


def enrol(
    call: Call, server: str, code: str, key: ec.EllipticCurvePrivateKey, name: str
) -> Enrolment:
    """Who this tablet is to the server that the code names.

    The code carries the beginning of the server key's thumbprint, so that nobody in
    between can put a key of their own in its place (X20).
    """
    secret, _, finger = code.strip().partition(".")
    if not secret or len(finger) != FINGER:
        raise Refused("code_misshapen")
    asked = {"code": secret, "key": public_jwk(key.public_key()), "name": name}
    body = json.dumps(asked, ensure_ascii=False).encode()
    reply = call("POST", "/v1/devices", JSON, body)
    if reply.status >= 400:
        _say_no(reply)
    answer = read_json(reply)
    try:
        server_key = {part: str(answer["server_key"][part]) for part in _JWK}
        if not thumbprint(server_key).startswith(finger):
            raise Refused("server_not_the_one")
        believed(reply, read_jwk(server_key), secret)
        return Enrolment(
            device=answer["device"],
            actor=answer["actor"],
            role=answer["role"],
            server=server,
            server_key=server_key,
            certificate=str(answer.get("certificate", "")),
        )
    except (KeyError, TypeError):
        raise NoAnswer("not an enrolment", reply.status) from None


def come_in_again(door: Door) -> None:
    """Be known again to a server that was put back to before this device enrolled."""
    asked = {
        "certificate": door.who.certificate,
        "key": public_jwk(door.key.public_key()),
    }
    reply = door.call("POST", "/v1/devices", JSON, json.dumps(asked).encode())
    believed(reply, door.server_key, door.who.certificate)


_JWK = ("crv", "kty", "x", "y")


def _say_no(reply: Reply) -> None:
    """A no to an enrolment. The server's key is not known yet, so it is not proven;
    nothing is changed by believing it."""
    problem = _problem(reply)
    if "code" not in problem:
        raise NoAnswer("unsealed", reply.status)
    raise Answered(reply.status, problem, _retry_after_ms(reply))
