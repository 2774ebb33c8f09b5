"""A server, or a `field sync`, in a process that dies at a chosen system call.

The process is forked from one that has everything imported; strace attaches to it
before it begins and kills it as it enters the n-th call of a kind. Requests travel over
a pipe. May not enter: what is asserted afterwards.
"""

import os
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from field_client.cli import main as field
from field_client.transport import NoAnswer, Reply
from server import create_app
from server.config import Config
from tests.daemons import cannot_run_here

WRITES = "pwrite64,write,fdatasync,fsync,ftruncate,unlink,rename,link,openat,mkdir"
CONTEXT = get_context("forkserver")
CONTEXT.set_forkserver_preload([__name__])
Life = Callable[[Any, Connection], None]
LOST = (EOFError, BrokenPipeError, ConnectionResetError)


# what the process does


def serve(config: Config, line: Connection) -> None:
    """Answer what comes over the line until nobody is there."""
    _hush(line)
    app = create_app(config)
    with suppress(EOFError):
        while True:
            method, target, headers, body = line.recv()
            answer = app.test_client().open(
                target, method=method, headers=headers, data=body
            )
            named = {name.lower(): value for name, value in answer.headers.items()}
            line.send((answer.status_code, named, answer.data))


def sync(folder: Path, line: Connection) -> None:
    """One `field sync` whose network is the line."""
    _hush(line)
    field(["sync"], home=folder, call=Asking(line))
    line.send(None)


def _hush(line: Connection) -> None:
    """Say nothing, and begin when told to."""
    for handle in (1, 2):
        os.dup2(os.open(os.devnull, os.O_WRONLY), handle)
    line.recv()


class Asking:
    """A `Call` over a pipe; a dead process gives no answer."""

    def __init__(self, line: Connection) -> None:
        self.line = line

    def __call__(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes
    ) -> Reply:
        try:
            self.line.send((method, target, dict(headers), body))
            status, named, answer = self.line.recv()
        except LOST:
            raise NoAnswer("the other side died") from None
        return Reply(status=status, headers=named, body=answer)


# how it lives and dies


@contextmanager
def living(life: Life, argument: Any, *traced: str) -> Iterator[Connection]:
    """The process under strace with these words; our end of the line."""
    ours, theirs = CONTEXT.Pipe()
    process = CONTEXT.Process(target=life, args=(argument, theirs))
    process.start()
    theirs.close()
    tracer = subprocess.Popen(
        ["strace", "-f", "-p", str(process.pid), *traced],
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert tracer.stderr is not None
    said = tracer.stderr.readline()
    if "attached" not in said:
        process.kill()
        cannot_run_here(f"strace may not look at processes: {said.strip()}")
    try:
        ours.send("begin")
        yield ours
    finally:
        ours.close()
        process.join(20)
        process.kill()
        tracer.wait(20)
        tracer.stderr.close()


def dying_at(call: str, when: int) -> tuple[str, ...]:
    """Words for strace: SIGKILL as the process enters this call."""
    inject = f"inject={call}:signal=SIGKILL:when={when}"
    return "-o", "/dev/null", "-e", f"trace={call}", "-e", inject


def failing_at(call: str, when: int, error: str) -> tuple[str, ...]:
    """Words for strace: this call, once, fails like that."""
    inject = f"inject={call}:error={error}:when={when}"
    return "-o", "/dev/null", "-e", f"trace={call}", "-e", inject


def counting(log: Path) -> tuple[str, ...]:
    """Words for strace: note every call that writes."""
    return "-o", str(log), "-e", f"trace={WRITES}"


def counted(log: Path) -> Counter[str]:
    """How often each call was made."""
    lines = [line.split(maxsplit=1)[1] for line in log.read_text().splitlines()]
    calls = (line.partition("(") for line in lines if "(" in line)
    return Counter(name for name, _, _ in calls if name in WRITES.split(","))
