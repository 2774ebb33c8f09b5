"""The stage: a server, a desk, two tablets with their own bad networks, and one clock.

Starts and stops the processes, and nothing else starts any. May not enter: what
happens in the month.
"""

import json
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Self
from urllib.request import urlopen

from infra.demo.clock import SetClock
from infra.demo.happenings import Technician
from infra.demo.network import CLEAR, ROUGH, BadNetwork
from infra.demo.prices import PRICES
from infra.demo.programme import ROOT, Programme, WentWrong, bare_environment
from sync.plain import plain
from sync.policy import Policy
from sync.prices import Price, PriceList

PATIENCE_S = 180
MOST_TRIES = 80
# partly; no answer; a request whose bytes were damaged on the way is not believed
TRY_AGAIN = (3, 75, 77)


class Stage:
    """Everything that runs, in one folder. Leave it and nothing runs any more."""

    def __init__(
        self,
        folder: Path,
        *,
        technicians: tuple[Technician, ...],
        begin_ms: int,
        seed: int,
        database_url: str = "",
    ) -> None:
        self.folder = folder
        self.technicians = technicians
        self.seed = seed
        self.begin_ms = begin_ms
        self.clock = SetClock(folder / "clock", begin_ms)
        self.port = free_port()
        self.tries = 0
        self.kills = 0
        policy = folder / "policy.json"
        policy.write_text(json.dumps(plain(_policy(begin_ms)), ensure_ascii=False))
        settings = {
            "DOORSTEP_DATA": str(folder / "server"),
            "DOORSTEP_POLICY_FILE": str(policy),
        }
        if database_url:
            settings["DOORSTEP_DATABASE_URL"] = database_url
        self.environment = bare_environment(settings)
        self.tablets: dict[str, Programme] = {}
        self.networks: dict[str, BadNetwork] = {}
        self._open = ExitStack()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self._open.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def home_of(self, who: str) -> Path:
        """The folder of somebody's tablet."""
        return self.folder / f"tablet-{who}"

    def _start(self) -> None:
        clock = str(self.clock.file)
        self.desk = Programme("infra.demo.serve", [clock], self.environment)
        self._open.callback(self.desk.stop)
        self.desk.run("init")
        self._serve(clock)
        for number, technician in enumerate(self.technicians):
            who, home = technician.id, self.home_of(technician.id)
            network = BadNetwork("127.0.0.1", self.port, self.seed * 10 + number)
            self.networks[who] = self._open.enter_context(network)
            told = [clock, str(technician.clock_off_ms), str(self.begin_ms), str(home)]
            tablet = Programme("infra.demo.tablet", told, self.environment)
            self._open.callback(tablet.stop)
            self.tablets[who] = tablet

    def _serve(self, clock: str) -> None:
        log = self._open.enter_context((self.folder / "server.log").open("wb"))
        bind = ("--bind", f"127.0.0.1:{self.port}", "--threads", "8")
        server = subprocess.Popen(
            [sys.executable, "-m", "infra.demo.serve", clock, "serve", *bind],
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        self._open.callback(end, server)
        until_it_answers(server, self.port, self.folder / "server.log")

    # --- what happens on it ---------------------------------------------------------

    def exchange(self, who: str) -> None:
        """Try until everything is handed over; the network is as bad as it is."""
        tablet, network = self.tablets[who], self.networks[who]
        network.weather = ROUGH
        for _ in range(MOST_TRIES):
            self.tries += 1
            said = tablet.run("sync", "--again", fine=(0, *TRY_AGAIN))
            if said.code == 0:
                return
        raise WentWrong(f"{who}: {MOST_TRIES} exchanges and not done\n{said.err}")

    def exchange_killed(self, who: str, photo: bytes) -> bool:
        """The tablet dies in the middle of sending this photo; it is started again."""
        tablet, network = self.tablets[who], self.networks[who]
        network.weather = CLEAR
        network.stall_next_request(0.5, on=photo[len(photo) // 2 :][:64])
        tablet.begin("sync", "--again")
        hung = network.stalled.wait(PATIENCE_S)
        tablet.kill()
        network.go_on()
        self.kills += hung
        return hung


def _policy(begin_ms: int) -> Policy:
    prices = tuple(
        Price(code=code, name=name, unit=unit, price_fen=fen)
        for code, name, unit, fen in PRICES
    )
    day = 24 * 3_600_000
    listed = PriceList(name="2026-11", from_ms=begin_ms - 30 * day, prices=prices)
    return Policy(price_lists=(listed,))


def free_port() -> int:
    """One that nobody listens on."""
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        port: int = line.getsockname()[1]
        return port


def until_it_answers(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Wait for a server that was started; what it said, if it does not come up."""
    begun = time.monotonic()
    while not _answers(f"http://127.0.0.1:{port}/healthz"):
        if server.poll() is not None or time.monotonic() - begun > PATIENCE_S:
            raise WentWrong(log.read_text())
        time.sleep(0.05)


def _answers(url: str) -> bool:
    with suppress(OSError), urlopen(url, timeout=2) as answer:  # noqa: S310
        return bool(answer.status == 200)
    return False


def end(process: subprocess.Popen[bytes]) -> None:
    """Ask it to end, and see that it does."""
    process.terminate()
    try:
        process.wait(timeout=15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
