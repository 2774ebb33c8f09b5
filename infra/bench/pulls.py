"""Taking home: a first walk, a look without news, one change; in time and in bytes.

Bytes are counted on the socket, both ways, with headers, cursor and authentication. May
not enter: how a server is started.
"""

import gzip
import json
import socket
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from statistics import median, quantiles
from typing import Any

from infra.bench.office import Line, Office, seconds
from infra.bench.servers import Serving
from infra.bench.workload import Tablet, Written, in_batches
from server.ledger import Decision
from sync.facts.intake import Amended
from sync.order import order_stream
from sync.signing import request_text, sign

PULL = "/v1/sync/pull"
FIRST = f"{PULL}?limit=500"
SLOW_BITS, SLOW_S = 2_000_000, 0.150  # a second; there and back

Row = dict[str, Any]


@dataclass(frozen=True)
class Heard:
    """One answer: what it says, how long it took, what went over the wire."""

    body: bytes
    ms: float
    up: int
    down: int


@dataclass
class Wire:
    """A line that is kept open, with nothing between us and its bytes."""

    tablet: Tablet
    port: int
    line: socket.socket = field(init=False)

    def __post_init__(self) -> None:
        self.line = socket.create_connection(("127.0.0.1", self.port))
        self.line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def close(self) -> None:
        """Hang up."""
        self.line.close()

    def ask(self, method: str, target: str, body: bytes = b"") -> Heard:
        """Signed before the clock starts, unpacked after it stops."""
        asked = self._signed(method, target, body)
        began = seconds()
        self.line.sendall(asked)
        head, data = self._answer()
        ms = (seconds() - began) * 1000
        if not head.startswith(b"HTTP/1.1 200 "):
            raise RuntimeError(f"{target}: {head!r} {data[:300]!r}")
        packed = b"content-encoding: gzip" in head.lower()
        plain = gzip.decompress(data) if packed else data
        return Heard(plain, ms, len(asked), len(head) + len(data))

    def send(self, method: str, target: str) -> None:
        """Ask, and do not listen."""
        self.line.sendall(self._signed(method, target, b""))

    def _signed(self, method: str, target: str, body: bytes) -> bytes:
        one = self.tablet
        text = request_text(method, target, one.token, one.person, body)
        signature = sign(one.key, text)
        said = {"device": one.device, "actor": one.person, "nonce": one.token,
                "signature": signature}  # fmt: skip
        who = ",".join(f'{name}="{value}"' for name, value in said.items())
        lines = [
            f"{method} {target} HTTP/1.1",
            f"Host: 127.0.0.1:{self.port}",
            f"Authorization: Doorstep {who}",
            "Accept-Encoding: gzip",
        ]
        if body:
            lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
        return "\r\n".join([*lines, "", ""]).encode() + body

    def _answer(self) -> tuple[bytes, bytes]:
        """The head with its empty line, and the body."""
        heard = b""
        while b"\r\n\r\n" not in heard:
            heard += self._more()
        head, _, body = heard.partition(b"\r\n\r\n")
        names = dict(line.lower().split(b":", 1) for line in head.splitlines()[1:])
        length, pieces = int(names[b"content-length"]), [body]
        got = len(body)
        while got < length:
            pieces.append(self._more())
            got += len(pieces[-1])
        return head + b"\r\n\r\n", b"".join(pieces)

    def _more(self) -> bytes:
        if not (piece := self.line.recv(1 << 18)):
            raise RuntimeError("the server hung up")
        return piece


def measure(
    office: Office, seed: int = 900, orders: int = 200, looks: int = 300
) -> list[Row]:
    """What a tablet with so many orders of twelve facts pays for taking them home."""
    tablet = office.tablet(seed)
    numbers = office.given(tablet, orders)
    facts = list(tablet.repairs(numbers))
    with office.serving() as server:
        line = Line(tablet, server.port)
        line.hello()
        for batch in in_batches(facts, 100):
            line.ask("POST", "/v1/sync/push", tablet.push(batch))
        with closing(Wire(tablet, server.port)) as wire:
            cursor, first = _first_walks(server, wire, facts)
            return [
                first,
                _empty(server, wire, cursor, looks),
                _one_change(office, wire, cursor, numbers, looks // 10),
                _hello(wire, looks),
            ]


def _first_walks(
    server: Serving, wire: Wire, facts: Sequence[Written], times: int = 7
) -> tuple[str, Row]:
    """From nothing to complete, some times over; the floor is the same facts, packed,
    in one answer."""
    walks: list[list[Heard]] = []
    cpu, cursor = server.cpu_s(), ""
    for _ in range(times):
        walks.append([])
        complete = False
        while not complete:
            target = f"{PULL}?cursor={cursor}" if walks[-1] else FIRST
            heard = wire.ask("GET", target)
            page = json.loads(heard.body)
            cursor, complete = page["cursor"], page["complete"]
            walks[-1].append(heard)
    cpu_ms = (server.cpu_s() - cpu) * 1000 / times
    least = min(sum(one.ms for one in walk) for walk in walks)
    ms = median(sum(one.ms for one in walk) for walk in walks)
    down = sum(one.down for one in walks[0])
    raw = json.dumps([[one.body, one.private] for one in facts], ensure_ascii=False)
    return cursor, {
        "measure": "first sync", "ms": ms, "ms_least": least, "cpu_ms": cpu_ms,
        "kb_gzip": down / 1000, "requests": len(walks[0]),
        "kb_plain": sum(len(one.body) for one in walks[0]) / 1000,
        "kb_floor": len(gzip.compress(raw.encode(), 6)) / 1000,
        "s_slow": len(walks[0]) * SLOW_S + down * 8 / SLOW_BITS + ms / 1000,
    }  # fmt: skip


def _empty(server: Serving, wire: Wire, cursor: str, looks: int) -> Row:
    """Nothing new."""
    cpu = server.cpu_s()
    row = _asked(
        "empty pull", looks, lambda: wire.ask("GET", f"{PULL}?cursor={cursor}")
    )
    return row | {"cpu_ms": (server.cpu_s() - cpu) * 1000 / looks}


def _one_change(
    office: Office, wire: Wire, cursor: str, numbers: Sequence[str], looks: int
) -> Row:
    """The desk puts a request right; the tablet looks."""
    at = cursor
    now_ms = office.parts.now()

    def look() -> Heard:
        nonlocal at
        number = numbers[len(at) % len(numbers)]
        what = Amended(number=number, registered_ms=now_ms)
        decision = Decision(stream=order_stream(number), what=what, private={})
        office.parts.ledger.decide([decision], "chen", now_ms)
        heard = wire.ask("GET", f"{PULL}?cursor={at}")
        page = json.loads(heard.body)
        if len(page["documents"]) != 1:
            raise RuntimeError("not one change")
        at = page["cursor"]
        return heard

    return _asked("pull of one change", looks, look)


def _hello(wire: Wire, looks: int) -> Row:
    """A greeting that says nothing new."""
    claim = {"log": wire.tablet.log, "n": wire.tablet.n, "tip": wire.tablet.tip}
    body = json.dumps({"claims": [claim], "client": "bench"}).encode()
    return _asked("hello", looks, lambda: wire.ask("POST", "/v1/sync/hello", body))


def _asked(name: str, times: int, ask: Callable[[], Heard]) -> Row:
    ask()
    heard = [ask() for _ in range(times)]
    return {
        "measure": name,
        "ms": median(one.ms for one in heard),
        "ms_p95": quantiles((one.ms for one in heard), n=20)[-1],
        "bytes_up": heard[-1].up,
        "bytes_down": heard[-1].down,
        "bytes": heard[-1].up + heard[-1].down,
    }
