"""Who knocks at the server's doors: technicians' tablets that sign, and the desk.

They speak HTTP to an application in this process. May not enter: what is being tested.
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from server.ledger import Decision
from server.parts import Parts
from sync.access import Grant
from sync.envelope import BlobRef, Head
from sync.facts import write_fact
from sync.facts.dispatch import Dispatched
from sync.facts.intake import Logged
from sync.facts.what import What
from sync.facts.work import Photographed
from sync.order import order_stream
from sync.signing import public_jwk, request_text, sign

NOON = 1_765_684_800_000  # 14 December 2025, 12:00 in Shanghai
HOUR = 3_600_000
TUS = {"Tus-Resumable": "1.0.0"}
PIECE = {"Content-Type": "application/offset+octet-stream"} | TUS


def sha256_of(data: bytes) -> str:
    """How bytes are named."""
    return hashlib.sha256(data).hexdigest()


def parts_of(app: Flask) -> Parts:
    """What the application is made of."""
    parts: Parts = app.extensions["doorstep"]
    return parts


@dataclass(kw_only=True)
class Tablet:
    """A device that signs what it asks, in the hands of one person."""

    app: Flask
    device: str
    actor: str
    key: ec.EllipticCurvePrivateKey
    nonce: str = "-"
    told: list[str] = field(default_factory=list)

    def ask(
        self,
        method: str,
        target: str,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
    ) -> TestResponse:
        """One signed request."""
        said = self.signed(method, target, body) | dict(headers or {})
        client = self.app.test_client()
        return client.open(target, method=method, data=body, headers=said)

    def signed(self, method: str, target: str, body: bytes) -> dict[str, str]:
        """The header that proves who asks this."""
        text = request_text(method, target, self.nonce, self.actor, body)
        fields = {"device": self.device, "actor": self.actor, "nonce": self.nonce,
                  "signature": sign(self.key, text)}  # fmt: skip
        said = ", ".join(f'{name}="{value}"' for name, value in fields.items())
        return {"Authorization": f"Doorstep {said}"}

    def ask_json(self, method: str, target: str, body: Any) -> TestResponse:
        """One signed request with a JSON body."""
        kind = {"Content-Type": "application/json"}
        return self.ask(method, target, json.dumps(body).encode(), kind)

    def greet(self) -> "Tablet":
        """Fetch a time token."""
        answer = self.ask_json("POST", "/v1/sync/hello", {})
        assert answer.status_code == 200, answer.text
        self.nonce = answer.json["token"]
        return self

    def tell(self, what: What, number: str, *blobs: BlobRef) -> TestResponse:
        """Hand in one fact about the order with this number."""
        n = len(self.told) + 1
        head = Head(
            stream=order_stream(number), log=f"{self.device}.first", n=n,
            prev=self.told[-1] if self.told else None, epoch="e", basis=0, lamport=n,
            by=self.actor, at={"w": NOON, "z": 480}, blobs=blobs,
        )  # fmt: skip
        fact = write_fact(what, head)
        self.told.append(fact.id)
        offer = {"facts": [{"b": fact.envelope.body}]}
        answer = self.ask_json("POST", "/v1/sync/push", offer)
        assert answer.status_code == 200, answer.text
        return answer

    def photograph(self, data: bytes, number: str = "1") -> TestResponse:
        """Say that these bytes are a photo of the order; they come separately."""
        photo = BlobRef(
            sha256=sha256_of(data), bytes=len(data), type="image/jpeg", role="photo"
        )
        return self.tell(Photographed(moment="before"), number, photo)

    # uploads

    def begin(
        self,
        data: bytes,
        *,
        body: bytes = b"",
        media: str = "image/jpeg",
        **headers: str,
    ) -> TestResponse:
        """Announce these bytes; `body` comes along at once."""
        said = {"sha256": sha256_of(data), "type": media}
        pairs = (
            f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in said.items()
        )
        mine = {"Upload-Length": str(len(data)), "Upload-Metadata": ",".join(pairs)}
        mine |= (PIECE if body else TUS) | headers
        return self.ask("POST", "/v1/uploads", body, mine)

    def begun(self, data: bytes, media: str = "image/jpeg") -> str:
        """Where to send these bytes."""
        answer = self.begin(data, media=media)
        assert answer.status_code == 201, answer.text
        return answer.headers["Location"]

    def patch(
        self, where: str, offset: int, piece: bytes, headers: Mapping[str, str] = {}
    ) -> TestResponse:
        """Send one piece."""
        mine = PIECE | {"Upload-Offset": str(offset)} | dict(headers)
        return self.ask("PATCH", where, piece, mine)

    def offset(self, where: str) -> int:
        """How far the server says it got."""
        answer = self.ask("HEAD", where, headers=TUS)
        assert answer.status_code == 200, answer.status
        return int(answer.headers["Upload-Offset"])

    def send(self, data: bytes, media: str = "image/jpeg") -> TestResponse:
        """All the bytes in one piece."""
        return self.patch(self.begun(data, media), 0, data)

    def has_receipt(self, data: bytes) -> bool:
        """Does the server say that it has these bytes?"""
        name = sha256_of(data)
        answer = self.ask_json("POST", "/v1/sync/have", {"blobs": [name]})
        return answer.json["blobs"][name] is not None

    def fetch(self, data: bytes, **headers: str) -> TestResponse:
        """The original with the digest of these bytes."""
        return self.ask("GET", f"/v1/blobs/{sha256_of(data)}", headers=headers)


@dataclass(kw_only=True)
class Staff:
    """Somebody at a desk, with a token."""

    app: Flask
    actor: str
    token: str

    def ask(
        self, method: str, target: str, body: Any = None, **headers: str
    ) -> TestResponse:
        """One request with the token."""
        said = {"Authorization": f"Bearer {self.token}"} | headers
        client = self.app.test_client()
        return client.open(target, method=method, json=body, headers=said)


PASSWORD = "correct horse battery"


@dataclass(kw_only=True)
class Desk:
    """Somebody's browser, with whatever cookie it holds."""

    app: Flask
    actor: str
    browser: FlaskClient
    csrf: str = ""

    def log_in(self, password: str = PASSWORD) -> TestResponse:
        """Say who it is."""
        said = {"person": self.actor, "password": password}
        answer = self.browser.post("/v1/session", json=said)
        self.csrf = (answer.json or {}).get("csrf", "")
        return answer

    def ask(
        self, method: str, target: str, body: Any = None, **headers: str
    ) -> TestResponse:
        """One request, as a page of ours makes it."""
        said = {"X-CSRF-Token": self.csrf} | headers
        return self.browser.open(target, method=method, json=body, headers=said)


def with_password(app: Flask, actor: str, *grants: Grant) -> Desk:
    """Somebody at a desk with a password, not logged in yet."""
    parts = parts_of(app)
    parts.people.add(actor, actor.title(), grants, parts.now())
    code, _ = parts.passwords.issue_code(actor, parts.now())
    parts.passwords.choose(code, PASSWORD, "", parts.now())
    return Desk(app=app, actor=actor, browser=app.test_client())


def enrol(app: Flask, actor: str) -> Tablet:
    """A new tablet in the hands of a technician who may be new too."""
    parts = parts_of(app)
    parts.door.add_person(actor, actor.title(), "technician", parts.now())
    code = parts.door.issue_code(actor, parts.now() + HOUR).partition(".")[0]
    key = ec.generate_private_key(ec.SECP256R1())
    body = {"code": code, "key": public_jwk(key.public_key())}
    answer = app.test_client().post("/v1/devices", json=body)
    assert answer.status_code == 201, answer.text
    device = answer.json["device"]
    return Tablet(app=app, device=device, actor=actor, key=key).greet()


def employ(app: Flask, actor: str, role: str) -> Staff:
    """Somebody with a desk and a token."""
    parts = parts_of(app)
    parts.door.add_person(actor, actor.title(), role, parts.now())
    token = parts.door.issue_token(actor, parts.now() + 24 * HOUR)
    return Staff(app=app, actor=actor, token=token)


def give(app: Flask, number: str, technician: str) -> str:
    """A request under this number, dispatched; the order's stream."""
    parts, stream = parts_of(app), order_stream(number)
    asked = Logged(number=number, registered_ms=NOON - HOUR)
    for what in (asked, Dispatched(technician=technician)):
        decision = Decision(stream=stream, what=what, private={})
        parts.ledger.decide([decision], "chen", parts.now())
    return stream
