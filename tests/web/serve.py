"""`doorstep` that hands out the apps from folders of the tests' own.

It is forked from a process that has everything imported: hundreds of tests start one,
and importing costs more than most of them do. A test may put another version of an app
there while the server runs. May not enter: anything else that is different from what
its users start.
"""

import ctypes
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from multiprocessing import get_context
from pathlib import Path

from server import web_apps
from server.cli import main

ROOT = Path(__file__).parents[2]
CONTEXT = get_context("forkserver")
CONTEXT.set_forkserver_preload([__name__])
PR_SET_PDEATHSIG = 1  # prctl(2)


class Forked:
    """A server that was forked, with as much of `Popen` as is asked of one."""

    def __init__(
        self,
        words: Sequence[str],
        environment: Mapping[str, str],
        log: Path,
        apps: Mapping[str, Path],
    ) -> None:
        told = (tuple(words), dict(environment), log, dict(apps))
        self._process = CONTEXT.Process(target=_serve, args=told, daemon=True)
        self._process.start()
        assert self._process.pid is not None
        self.pid = self._process.pid

    def poll(self) -> int | None:
        """Its exit code, once it has ended."""
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int | None:
        """Until it has ended, or for so many seconds."""
        self._process.join(timeout)
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        """Ask it for something."""
        os.kill(self.pid, number)


def _serve(
    words: Sequence[str], environment: Mapping[str, str], log: Path,
    apps: Mapping[str, Path],
) -> None:  # fmt: skip
    os.setsid()
    if sys.platform == "linux":  # a test run that is killed takes its servers along
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    with log.open("ab") as said:
        os.dup2(said.fileno(), 1)
        os.dup2(said.fileno(), 2)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(ROOT)
    web_apps.BUILT.update(apps)
    sys.exit(main(words))
