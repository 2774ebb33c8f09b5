"""A process that runs commands by the line, seen from the demonstration.

May not enter: which commands there are.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Said:
    """How a command went."""

    code: int
    out: str
    err: str

    @property
    def records(self) -> list[Any]:
        """What `--json` printed: a record a line."""
        return [json.loads(line) for line in self.out.splitlines()]


class WentWrong(Exception):
    """A command did something that nobody expected; its words say what."""


class Programme:
    """One process and its two pipes. Killed and started again it is the same one."""

    def __init__(
        self, module: str, arguments: Sequence[str], environment: Mapping[str, str]
    ) -> None:
        self.module = module
        self.arguments = list(arguments)
        self.environment = dict(environment)
        self.process = self._start()

    def _start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", self.module, *self.arguments],
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def begin(self, *arguments: str) -> None:
        """Tell it what to do and do not wait."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(arguments) + "\n")
        self.process.stdin.flush()

    def end(self) -> Said:
        """Wait for what was begun."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise WentWrong(f"{self.module} died: {self.process.wait()}")
        return Said(**json.loads(line))

    def run(self, *arguments: str, fine: Sequence[int] = (0,)) -> Said:
        """One command; anything but a fine end stops the demonstration."""
        self.begin(*arguments)
        said = self.end()
        if said.code not in fine:
            told = " ".join(arguments)
            raise WentWrong(f"{self.module} {told}: {said.code}\n{said.out}{said.err}")
        return said

    def kill(self) -> None:
        """SIGKILL, in the middle of whatever it does; then start again."""
        self.process.kill()
        self.stop()
        self.process = self._start()

    def stop(self) -> None:
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                _close(pipe)
        self.process.wait(timeout=30)


def _close(pipe: Any) -> None:
    try:
        pipe.close()
    except BrokenPipeError:
        return


def bare_environment(settings: Mapping[str, str]) -> dict[str, str]:
    """The environment without any setting of the product, and with these."""
    theirs = ("DOORSTEP_", "FIELD_")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(theirs)}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **settings}
