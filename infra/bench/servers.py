"""Servers that are measured: each in processes of its own, stopped when left.

May not enter: what is asked of them.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Self

PATIENCE_S = 60
TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


class Serving:
    """A server while it runs. `command` is told its port by "{port}"."""

    def __init__(
        self, command: Sequence[str], folder: Path, environment: Mapping[str, str]
    ) -> None:
        self.port = _free_port()
        self._command = [part.format(port=self.port) for part in command]
        self._log = folder / f"server-{self.port}.log"
        self._environment = {**os.environ, **environment}

    def __enter__(self) -> Self:
        with self._log.open("w") as log:
            self._process = subprocess.Popen(
                [sys.executable, *self._command], stdout=log, stderr=log,
                env=self._environment, start_new_session=True,
            )  # fmt: skip
        until = time.monotonic() + PATIENCE_S
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(self._log.read_text()[-2000:])
            time.sleep(0.05)
        return self

    def __exit__(self, *_: object) -> None:
        os.killpg(self._process.pid, signal.SIGTERM)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def _answers(self) -> bool:
        try:
            with closing(HTTPConnection("127.0.0.1", self.port, timeout=2)) as line:
                line.request("GET", "/healthz")
                return line.getresponse().status == 200
        except OSError:
            return False

    def cpu_s(self) -> float:
        """CPU time of all its processes so far, in seconds."""
        used = 0.0
        for stat in self._stats():
            fields = stat.read_text().rpartition(")")[2].split()
            used += (int(fields[11]) + int(fields[12])) / TICKS
        return used

    def memory_mb(self) -> float:
        """What all its processes hold in memory, in MiB."""
        held = (int((s.parent / "statm").read_text().split()[1]) for s in self._stats())
        return sum(held) * PAGE / 2**20

    def _stats(self) -> list[Path]:
        """The files in /proc of every process in this session."""
        found = []
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[3]) == self._process.pid:
                found.append(stat)
        return found


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port
