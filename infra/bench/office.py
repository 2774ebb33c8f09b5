"""A Doorstep server made ready for measuring: tablets enrolled, orders given out.

May not enter: measuring.
"""

import json
import time
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from infra.bench.servers import Serving
from infra.bench.workload import Tablet
from server import put_together
from server.config import Config
from server.ledger import Decision
from server.parts import Parts
from sync.facts.dispatch import Dispatched
from sync.facts.intake import Logged
from sync.order import order_stream
from sync.signing import public_jwk, request_text, sign

LOT = 200
START = "from server.cli import main; main()"


@dataclass
class Office:
    """A data folder that a server can be started on."""

    folder: Path
    parts: Parts
    workers: int = 2

    def serving(self) -> Serving:
        """The server, as `doorstep serve` runs it."""
        command = ["-c", START, "serve", "--bind", "127.0.0.1:{port}",
                   "--workers", str(self.workers)]  # fmt: skip
        config = self.parts.config
        environment = {"DOORSTEP_DATA": str(config.data),
                       "DOORSTEP_DATABASE_URL": config.database_url}  # fmt: skip
        return Serving(command, self.folder, environment)

    def tablet(self, seed: int) -> Tablet:
        """One more technician with a tablet."""
        now_ms, person = self.parts.now(), f"p{seed}"
        door = self.parts.door
        door.add_person(person, person, "technician", now_ms)
        code = door.issue_code(person, now_ms + 3_600_000).partition(".")[0]
        key = ec.generate_private_key(ec.SECP256R1())
        jwk = public_jwk(key.public_key())
        device = door.enrol(code, jwk, person, now_ms).device
        epoch = self.parts.ledger.epoch
        return Tablet(device=device, person=person, key=key, seed=seed, epoch=epoch)

    def given(self, tablet: Tablet, count: int) -> list[str]:
        """So many orders are given to the person with this tablet."""
        numbers = tablet.numbers(count)
        now_ms = self.parts.now()
        decisions = [
            Decision(stream=order_stream(number), what=what, private=private)
            for number in numbers
            for what, private in (
                (Logged(number=number, registered_ms=now_ms),
                 {"owner": "赵女士", "phone": "13900000000"}),
                (Dispatched(technician=tablet.person), {}),
            )
        ]  # fmt: skip
        for at in range(0, len(decisions), LOT):
            self.parts.ledger.decide(decisions[at : at + LOT], "chen", now_ms)
        return numbers


def open_office(folder: Path, database_url: str = "", workers: int = 2) -> Office:
    """An empty one."""
    folder.mkdir(parents=True)
    config = Config(data=folder / "data", database_url=database_url)
    return Office(folder, put_together(config), workers)


@dataclass
class Line:
    """A tablet's connection to a server; `sent` and `got` count bytes of bodies."""

    tablet: Tablet
    port: int
    sent: int = 0
    got: int = 0

    def __post_init__(self) -> None:
        self._http = HTTPConnection("127.0.0.1", self.port, timeout=120)

    def hello(self) -> Any:
        """Greet and keep the token."""
        welcome = json.loads(self.ask("POST", "/v1/sync/hello", b'{"claims": []}'))
        self.tablet.token = welcome["token"]
        self._http.close()  # what follows may take longer than an idle line is kept
        return welcome

    def signed(self, method: str, target: str, body: bytes) -> dict[str, str]:
        """The headers of a request, ready to be sent."""
        tablet = self.tablet
        text = request_text(method, target, tablet.token, tablet.person, body)
        headers = {"Authorization": (
            f'Doorstep device="{tablet.device}", actor="{tablet.person}",'
            f' nonce="{tablet.token}", signature="{sign(tablet.key, text)}"'
        ), "Accept-Encoding": "gzip"}  # fmt: skip
        if body:
            headers["Content-Type"] = "application/json"
        if body[:2] == b"\x1f\x8b":
            headers["Content-Encoding"] = "gzip"
        return headers

    def ask(
        self,
        method: str,
        target: str,
        body: bytes = b"",
        headers: dict[str, str] | None = None,
    ) -> bytes:
        """The bytes of a good answer, as they came."""
        self._http.request(
            method, target, body or None, headers or self.signed(method, target, body)
        )
        answer = self._http.getresponse()
        data = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{method} {target}: {answer.status} {data[:300]!r}")
        self.sent += len(body)
        self.got += len(data)
        return data


def seconds() -> float:
    """A stopwatch."""
    return time.perf_counter()


def cpu_seconds() -> float:
    """What this process has spent on processors, in all its threads: on a busy machine
    it moves less than a stopwatch."""
    return time.process_time()
