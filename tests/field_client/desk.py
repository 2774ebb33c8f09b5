"""A desk for one tablet: the smallest server that keeps the contract, with a network
that can be told to fail.

It plugs into the client's `Call`. It keeps facts, folds them with the real fold, seals
every answer, and does on the next requests whatever is in `plan`.
"""

import base64
import gzip
import json
from collections.abc import Callable
from dataclasses import replace

from cryptography.hazmat.primitives.asymmetric import ec

from field_client.clocks import Clocks
from field_client.transport import NoAnswer, Reply
from sync.envelope import Head, committed, read
from sync.exchange import Document, Outcome, Outcomes, Page, Receipt, Welcome
from sync.facts import Kept, understand, write_fact
from sync.facts.dispatch import Cancelled, Dispatched
from sync.facts.intake import Logged
from sync.fold import fold
from sync.order import order_stream
from sync.plain import plain
from sync.prices import Price, PriceList
from sync.signing import (
    answer_text,
    public_jwk,
    read_jwk,
    request_text,
    sign,
    thumbprint,
    verifies,
)
from sync.timing import assess

CODE = "ABCDEFGHJK"
PRICES = PriceList(
    name="2026-11",
    from_ms=0,
    prices=(Price(code="PIPE", name="软管", unit="根", price_fen=4500),),
)
Honestly = Callable[[], Reply]
Trick = Callable[["Desk", str, dict, Honestly], Reply]


class Desk:
    """Orders, facts and bytes of one server."""

    def __init__(self, now_ms: int = 1_793_500_000_000) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.jwk = public_jwk(self.key.public_key())
        self.code = f"{CODE}.{thumbprint(self.jwk)[:16]}"
        self.now_ms, self.epoch, self.durable = now_ms, "first", 0
        self.device_key: ec.EllipticCurvePublicKey | None = None
        self.kept: list[tuple[str, dict]] = []  # body, private; position = index + 1
        self.x: dict[str, list[str]] = {}
        self.blobs: dict[str, tuple[int, bytes]] = {}
        self.uploads: dict[str, tuple[str, int, bytes]] = {}
        self.asked: list[str] = []
        self.plan: list[Trick] = []
        self.always: Trick | None = None
        self.forked = False
        self.reset: str | None = None
        self.n = 0
        self.reading: list[str] = []  # bodies in the push that is being answered

    # what the desk does itself

    def decide(self, number: str, what: object, **private: str) -> None:
        """Write a decision of the desk into its own log."""
        salt = base64.urlsafe_b64encode(b"s" * 16).decode().rstrip("=")
        held = {name: (salt, text) for name, text in private.items()}
        self.n += 1
        last = [body for body, _ in self.kept if read(body).head.log == "server.one"]
        head = Head(
            stream=order_stream(number), log="server.one", n=self.n,
            prev=read(last[-1]).id if last else None, epoch=self.epoch,
            basis=len(self.kept), lamport=len(self.kept) + 1, by="chen",
            at={"w": self.now_ms, "z": 480}, private=committed(held),
        )  # fmt: skip
        self._keep(write_fact(what, head).envelope.body, held)

    def log_request(self, number: str, technician: str = "li") -> None:
        """A request enters the books and is given to somebody."""
        logged = Logged(number=number, registered_ms=self.now_ms, site="江岸")
        self.decide(number, logged, owner="赵女士", fault="厨房漏水", room="1201")
        self.decide(number, Dispatched(technician=technician))

    def cancel(self, number: str) -> None:
        """Nobody needs to go any more."""
        self.decide(number, Cancelled(reason="业主取消"))

    def _keep(self, body: str, private: dict) -> int:
        for position, (known, _x) in enumerate(self.kept, 1):
            if known == body:
                return position
        self.kept.append((body, private))
        promised = read(body).head.private
        self.x.update({promised[name]: list(pair) for name, pair in private.items()})
        return len(self.kept)

    def bodies(self, log_of: str = "tab-1") -> list[str]:
        """What came from this device, in the sequence it was taken in."""
        return [b for b, _ in self.kept if read(b).head.log.startswith(log_of)]

    # the door

    def __call__(self, method: str, target: str, headers: dict, body: bytes) -> Reply:
        self.asked.append(f"{method} {target.partition('?')[0]}")
        trick = self.plan.pop(0) if self.plan else self.always
        self.reading = bodies_in(headers, body)

        def honestly() -> Reply:
            return self._honest(method, target, headers, body)

        if trick is None:
            return honestly()
        return trick(self, target, headers, honestly)

    def _honest(self, method: str, target: str, headers: dict, body: bytes) -> Reply:
        if target == "/v1/devices":
            return self._enrol(json.loads(body))
        signature = signature_in(headers)
        assert self._is_authentic(method, target, headers, body, signature)
        data = gzip.decompress(body) if "Content-Encoding" in headers else body
        return self.sealed(self._answer(method, target, headers, data), signature)

    def sealed(self, reply: Reply, signature: str) -> Reply:
        """The reply with the server's seal."""
        seal = sign(self.key, answer_text(signature, reply.status, reply.body))
        return replace(reply, headers={**reply.headers, "doorstep-seal": seal})

    def _is_authentic(self, method, target, headers, body, signature) -> bool:  # noqa: ANN001
        nonce = headers["Authorization"].split('nonce="')[1].split('"')[0]
        text = request_text(method, target, nonce, "li", body)
        assert self.device_key
        return verifies(self.device_key, text, signature)

    def _enrol(self, asked: dict) -> Reply:
        self.device_key = read_jwk(asked["key"])
        answer = {
            "device": "tab-1", "actor": "li", "role": "technician",
            "server_key": self.jwk, "epoch": self.epoch,
        }  # fmt: skip
        return self.sealed(answer_of(answer, 201), asked["code"])

    def _answer(self, method: str, target: str, headers: dict, body: bytes) -> Reply:
        path = target.partition("?")[0]
        if path.startswith("/v1/uploads"):
            return self._tus(method, path, headers, body)
        asked = json.loads(body) if body else {}
        answers = {
            "/v1/sync/hello": self._hello,
            "/v1/sync/push": self._push,
            "/v1/sync/pull": self._pull,
            "/v1/sync/have": self._have,
            "/v1/policy": self._policy,
        }
        return answer_of(plain(answers[path](asked)))

    def _hello(self, _asked: dict) -> Welcome:
        return Welcome(
            epoch=self.epoch, server_ms=self.now_ms, token=f"token{len(self.asked)}",
            durable_through=self.durable, poll_ms=1000, policy="one",
        )  # fmt: skip

    def _push(self, asked: dict) -> Outcomes:
        receipts = []
        for fact in asked["facts"]:
            before = len(self.kept)
            position = self._keep(fact["b"], fact["x"])
            new = position > before
            outcome = Outcome.STORED if new else Outcome.DUPLICATE
            one = Receipt(id=read(fact["b"]).id, outcome=outcome, position=position)
            receipts.append(one)
        return Outcomes(
            epoch=self.epoch, durable_through=self.durable, receipts=tuple(receipts),
            new_instance=self.forked,
        )  # fmt: skip

    def _pull(self, _asked: dict) -> Page:
        streams = {read(body).head.stream for body, _ in self.kept}
        return Page(
            cursor=f"c{len(self.kept)}", complete=True, epoch=self.epoch,
            durable_through=self.durable, reset=self.reset,
            documents=tuple(self._document(one) for one in sorted(streams)),
        )  # fmt: skip

    def _document(self, stream: str) -> Document:
        kept = [
            Kept(fact=fact, moment=assess(fact.reading), position=position)
            for position, (body, _x) in enumerate(self.kept, 1)
            if (fact := understand(read(body))).head.stream == stream
        ]
        return Document(
            stream=stream, rev=kept[-1].position or 0, order=plain(fold(kept)),
            private={name: tuple(pair) for name, pair in self.x.items()},
            held=tuple(self.blobs),
        )  # fmt: skip

    def _have(self, asked: dict) -> dict:
        found = {name: self.blobs.get(name) for name in asked["blobs"]}
        return {
            "logs": {},
            "blobs": {
                name: one and {"position": one[0], "received_ms": 1, "flaw": None}
                for name, one in found.items()
            },
        }

    def _policy(self, _asked: dict) -> dict:
        return {"name": "one", "policy": {"price_lists": [plain(PRICES)]}}

    def _tus(self, method: str, path: str, headers: dict, body: bytes) -> Reply:
        if method == "POST":
            name = f"/v1/uploads/{len(self.uploads)}"
            told = headers["Upload-Metadata"].split(",")[0].split()[1]
            sha256 = base64.b64decode(told).decode()
            self.uploads[name] = (sha256, int(headers["Upload-Length"]), b"")
            return Reply(status=201, headers={"location": name, "upload-offset": "0"})
        if path not in self.uploads:
            return answer_of({"code": "not_found"}, 404)
        sha256, length, data = self.uploads[path]
        if method == "PATCH":
            if int(headers["Upload-Offset"]) != len(data):
                return answer_of({"code": "upload_offset_differs"}, 409)
            data += body
            self.uploads[path] = (sha256, length, data)
            if len(data) == length:
                self.kept.append(self.kept[0])  # a receipt takes a position too
                self.blobs[sha256] = (len(self.kept), data)
        return Reply(status=204, headers={"upload-offset": str(len(data))})


def answer_of(value: object, status: int = 200) -> Reply:
    """An answer in JSON."""
    return Reply(status=status, body=json.dumps(value, ensure_ascii=False).encode())


def bodies_in(headers: dict, body: bytes) -> list[str]:
    """The facts in a push; nothing in another request."""
    if "Content-Encoding" not in headers:
        return []
    return [fact["b"] for fact in json.loads(gzip.decompress(body))["facts"]]


def signature_in(headers: dict) -> str:
    """The device's signature on a request."""
    return headers["Authorization"].split('"')[-2]


# what the network or the server may do to a request


def works(_desk: Desk, _target: str, _headers: dict, honestly: Honestly) -> Reply:
    """Nothing goes wrong."""
    return honestly()


def no_network(_desk: Desk, _target: str, _headers: dict, _: Honestly) -> Reply:
    """The request never arrives."""
    raise NoAnswer("ConnectError")


def answer_lost(_desk: Desk, _target: str, _headers: dict, honestly: Honestly) -> Reply:
    """The server does it; nobody hears of it (F1)."""
    honestly()
    raise NoAnswer("ReadTimeout")


def portal(_desk: Desk, _target: str, _headers: dict, _: Honestly) -> Reply:
    """A captive portal says 200 to everything (F26)."""
    return Reply(status=200, body=b"<html>login</html>")


def forges(seal_of: Callable[["Desk", Reply], Reply]) -> Trick:
    """Somebody in between says that everything was stored, under some seal."""

    def say(desk: Desk, _target: str, _headers: dict, _: Honestly) -> Reply:
        stored = [
            {"id": read(body).id, "outcome": "stored", "position": 9}
            for body in desk.reading
        ]
        answer = {"epoch": desk.epoch, "durable_through": 0, "receipts": stored}
        return seal_of(desk, answer_of(answer))

    return say


def no_seal(_desk: Desk, reply: Reply) -> Reply:
    """None at all."""
    return reply


def strange_seal(_desk: Desk, reply: Reply) -> Reply:
    """A seal of another server."""
    return Desk().sealed(reply, "whatever was asked")


def old_seal(desk: Desk, reply: Reply) -> Reply:
    """The server's own seal, but on the answer to another request."""
    return desk.sealed(reply, "another request")


def no_is(status: int, code: str = "", **headers: str) -> Trick:
    """The server itself says no."""

    def say(desk: Desk, _target: str, asked: dict, _: Honestly) -> Reply:
        reply = answer_of({"code": code, "status": status}, status)
        reply = replace(reply, headers=headers)
        return desk.sealed(reply, signature_in(asked))

    return say


def only(path: str, trick: Trick) -> Trick:
    """The trick, for requests to this path; others are answered."""

    def say(desk: Desk, target: str, headers: dict, honestly: Honestly) -> Reply:
        chosen = trick if target.startswith(path) else works
        return chosen(desk, target, headers, honestly)

    return say


def judges(fact: str, outcome: str) -> Trick:
    """The server's word on this fact, whatever was handed in."""

    def say(desk: Desk, _target: str, headers: dict, _: Honestly) -> Reply:
        place = None if outcome == "refused" else 7
        one = {"id": fact, "outcome": outcome, "position": place}
        answer = {"epoch": desk.epoch, "durable_through": 0, "receipts": [one]}
        return desk.sealed(answer_of(answer), signature_in(headers))

    return say


def fails_on(poison: str) -> Trick:
    """The server falls over this one fact, wherever it is (F20)."""

    def say(desk: Desk, target: str, headers: dict, honestly: Honestly) -> Reply:
        if poison in desk.reading:
            return no_is(500)(desk, target, headers, honestly)
        return honestly()

    return say


class SetClocks(Clocks):
    """Clocks set by hand."""

    def __init__(self, wall_ms: int = 1_793_500_000_000) -> None:
        self.now_ms, self.started, self.slept = wall_ms, "boot-1", []

    def wall_ms(self) -> int:
        return self.now_ms

    def offset_minutes(self) -> int:
        return 480

    def boot_ms(self) -> int:
        return self.now_ms - 1_793_000_000_000

    def boot(self) -> str:
        return self.started

    def sleep(self, wait_ms: int) -> None:
        self.slept.append(wait_ms)
        self.now_ms += wait_ms
