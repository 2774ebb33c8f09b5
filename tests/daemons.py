"""Real servers beside the tests: started as child processes, gone when the tests are.

Knows processes and temporary folders, nothing of databases or stores. What cannot run
on this machine is skipped with a reason; where CI=true it fails instead, so that a
missing installation step cannot hide.
"""

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn, TypedDict

import pytest

PATIENCE_S = 30  # how long a server may take to answer for the first time


def cannot_run_here(reason: str) -> NoReturn:
    """Skip the test; where CI=true, fail it."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{reason}; CI must have it", pytrace=False)
    pytest.skip(reason)


def needs_strace() -> None:
    """Skip where there is no strace; in CI there must be one."""
    if shutil.which("strace") is None:
        cannot_run_here("strace is not installed")


@contextmanager
def scratch(purpose: str, owner: str | None = None) -> Iterator[Path]:
    """A folder of our own with a short name (a socket's path has 107 bytes)."""
    folder = Path(tempfile.mkdtemp(prefix=f"doorstep-{purpose}-"))
    if owner:
        shutil.chown(folder, owner)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def somebody_else() -> str | None:
    """Whom to run as when the tests are root, for servers that refuse root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


@contextmanager
def daemon(
    argv: Sequence[str | Path],
    log: Path,
    *,
    user: str | None = None,
    stop: signal.Signals = signal.SIGTERM,
) -> Iterator[subprocess.Popen[bytes]]:
    """A server in the foreground of its own session: Ctrl-C reaches the tests alone,
    which then stop it; a killed test run takes it along.
    """
    with log.open("ab") as output:
        process = subprocess.Popen(
            [str(word) for word in argv],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=log.parent,
            start_new_session=True,
            preexec_fn=_leave_with_parent(stop),  # noqa: PLW1509 - no threads yet
            **_identity(user),
        )
    try:
        yield process
    finally:
        process.send_signal(stop)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def finish(argv: Sequence[str | Path], *, cwd: Path, user: str | None = None) -> None:
    """Run a program to its end; what it says is shown only if it fails."""
    done = subprocess.run(
        [str(word) for word in argv],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=PATIENCE_S,
        cwd=cwd,
        **_identity(user),
    )
    if done.returncode:
        said = (done.stdout + done.stderr).decode(errors="replace")
        pytest.fail(f"{argv!r} ended with {done.returncode}:\n{said}", pytrace=False)


class _Identity(TypedDict, total=False):
    user: int
    group: int
    extra_groups: list[str | int]


def _identity(user: str | None) -> _Identity:
    """Arguments that let a child process run as somebody else."""
    if user is None:
        return {}
    entry = pwd.getpwnam(user)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _leave_with_parent(stop: signal.Signals) -> Callable[[], None] | None:
    """On Linux the kernel stops the child when its parent dies (PR_SET_PDEATHSIG)."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl
    return lambda: prctl(1, int(stop))


def until(
    ready: Callable[[], bool], process: subprocess.Popen[bytes], log: Path
) -> None:
    """Wait for a server's first answer; its own log explains why there is none."""
    deadline = time.monotonic() + PATIENCE_S
    while not ready():
        if process.poll() is not None or time.monotonic() > deadline:
            said = log.read_text(errors="replace")[-2000:]
            pytest.fail(f"{process.args!r} does not answer:\n{said}", pytrace=False)
        time.sleep(0.05)  # a real process starts in real time
