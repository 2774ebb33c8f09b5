"""Handing in facts: one client and eight, batches and single facts, beside the floor.

May not enter: how a server is started.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from infra.bench.office import Line, Office, open_office, seconds
from infra.bench.servers import Serving
from infra.bench.workload import ORDER_FACTS, Written, in_batches

PUSH = "/v1/sync/push"
Request = tuple[bytes, dict[str, str]]


@dataclass(frozen=True, kw_only=True)
class Result:
    """What one run of pushes came to."""

    facts: int
    wall_s: float
    cpu_s: float
    memory_mb: float
    up_bytes: float  # a fact
    down_bytes: float

    @property
    def rate(self) -> float:
        """Facts a second."""
        return self.facts / self.wall_s

    @property
    def cpu_10k(self) -> float:
        """Seconds of server CPU for 10,000 facts."""
        return self.cpu_s / self.facts * 10_000


def ours(folder: Path, url: str, clients: int, facts: int, size: int) -> Result:
    """Our server, empty but for the orders."""
    office = open_office(folder, url)
    return pushed_to(office, clients, facts, size)


def pushed_to(
    office: Office, clients: int, facts: int, size: int, first: int = 1
) -> Result:
    """So many facts from so many tablets, in batches of this size."""
    orders = -(-facts // clients // ORDER_FACTS)
    tablets = [office.tablet(one) for one in range(first, first + clients)]
    numbers = [office.given(tablet, orders) for tablet in tablets]
    office.parts.engine.dispose()
    with office.serving() as server:
        lines = [Line(tablet, server.port) for tablet in tablets]
        for line in lines:
            line.hello()
        written = [list(one.repairs(mine)) for one, mine in
                   zip(tablets, numbers, strict=True)]  # fmt: skip
        ready = [_ready(line, mine, size) for line, mine in
                 zip(lines, written, strict=True)]  # fmt: skip
        return _run(server, lines, ready, sum(map(len, written)))


def floor(folder: Path, url: str, clients: int, facts: int, size: int) -> Result:
    """The same bodies, to the server that only keeps rows."""
    office = open_office(folder / "office", "")
    orders = -(-facts // clients // ORDER_FACTS)
    tablets = [office.tablet(one) for one in range(1, clients + 1)]
    written = [list(one.repairs(one.numbers(orders))) for one in tablets]
    url = url or f"sqlite:///{folder}/floor.db"
    command = ["-m", "infra.bench.floor", url, "127.0.0.1:{port}", str(office.workers)]
    with Serving(command, folder, {}) as server:
        lines = [Line(tablet, server.port) for tablet in tablets]
        ready = [_ready(line, mine, size) for line, mine in
                 zip(lines, written, strict=True)]  # fmt: skip
        return _run(server, lines, ready, sum(map(len, written)))


def _ready(line: Line, facts: Sequence[Written], size: int) -> list[Request]:
    """Every push packed and signed before the clock starts."""
    bodies = [line.tablet.push(batch) for batch in in_batches(facts, size)]
    return [(body, line.signed("POST", PUSH, body)) for body in bodies]


def _run(
    server: Serving,
    lines: Sequence[Line],
    ready: Sequence[Sequence[Request]],
    facts: int,
) -> Result:
    for line in lines:
        line.sent = line.got = 0
    troubles: list[BaseException] = []
    threads = [
        threading.Thread(target=_guarded(troubles, line, requests))
        for line, requests in zip(lines, ready, strict=True)
    ]
    cpu, began = server.cpu_s(), seconds()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wall, cpu = seconds() - began, server.cpu_s() - cpu
    if troubles:
        raise troubles[0]
    return Result(
        facts=facts, wall_s=wall, cpu_s=cpu, memory_mb=server.memory_mb(),
        up_bytes=sum(line.sent for line in lines) / facts,
        down_bytes=sum(line.got for line in lines) / facts,
    )  # fmt: skip


def _guarded(
    troubles: list[BaseException], line: Line, requests: Sequence[Request]
) -> Callable[[], None]:
    def run() -> None:
        try:
            for body, headers in requests:
                line.ask("POST", PUSH, body, headers)
        except BaseException as error:  # noqa: BLE001 - told by the main thread
            troubles.append(error)

    return run
