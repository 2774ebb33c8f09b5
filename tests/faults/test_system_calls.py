"""Stop server and tablet at any system call that writes, and let any of them fail: what
was acknowledged is there, once, and the work goes on (F5, F7, F9, F12, M2).

CRASH_POINTS asks for longer campaigns.
"""

import os
import shutil
from collections import Counter
from pathlib import Path

import pytest

from tests.daemons import needs_strace
from tests.faults.aftermath import (
    acknowledged,
    answer_all,
    evening_at,
    exchanged,
    holds,
    points,
    server_of,
)
from tests.together.mortal import (
    Asking,
    counted,
    counting,
    dying_at,
    failing_at,
    living,
    serve,
)
from tests.together.processes import office

pytestmark = pytest.mark.slow

POINTS = int(os.environ.get("CRASH_POINTS", "30"))  # of the server, and of the tablet


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a server and a tablet from which everything is still to come."""
    return evening_at(tmp_path_factory.mktemp("evening") / "world")


def test_a_server_killed_at_any_system_call_that_writes_goes_on_where_it_was(
    evening: Path, tmp_path: Path
):
    needs_strace()
    trial = shutil.copytree(evening, tmp_path / "counted")
    log = tmp_path / "calls"
    with living(serve, server_of(trial), *counting(log)) as line:
        exchanged(trial / "li", Asking(line))
    for call, when in points(counted(log), POINTS):
        copy = shutil.copytree(evening, tmp_path / f"{call}-{when}")
        with living(serve, server_of(copy), *dying_at(call, when)) as line:
            exchanged(copy / "li", Asking(line))
        promised = acknowledged(copy / "li")
        assert holds(copy, promised) == [], (call, when)


def test_a_tablet_killed_at_any_system_call_of_its_exchange_goes_on_where_it_was(
    evening: Path, tmp_path: Path
):
    needs_strace()
    trial = shutil.copytree(evening, tmp_path / "counted")
    log = tmp_path / "calls"
    with office(server_of(trial)) as parts:
        answer_all(parts, trial, *counting(log))
    for call, when in points(counted(log), POINTS):
        copy = shutil.copytree(evening, tmp_path / f"{call}-{when}")
        with office(server_of(copy)) as parts:
            answer_all(parts, copy, *dying_at(call, when))
        assert holds(copy, acknowledged(copy / "li")) == [], (call, when)


FAILS = ("pwrite64", "write", "fdatasync", "fsync", "ftruncate", "rename", "link")
SYNCS = ("fdatasync", "fsync")


def failures(calls: Counter[str], how_many: int) -> list[tuple[str, int, str]]:
    """Some of the calls, each failing because the disk is full or broken."""
    could = Counter({call: calls[call] for call in FAILS})
    return [
        (call, when, ("ENOSPC", "EIO")[number % 2])
        for number, (call, when) in enumerate(points(could, how_many))
    ]


def test_a_server_for_whom_any_system_call_fails_promises_nothing_it_cannot_keep(
    evening: Path, tmp_path: Path
):
    """After a sync that failed it is gone, and what comes after it starts clean."""
    needs_strace()
    trial = shutil.copytree(evening, tmp_path / "counted")
    log = tmp_path / "calls"
    with living(serve, server_of(trial), *counting(log)) as line:
        exchanged(trial / "li", Asking(line))
    for call, when, error in failures(counted(log), POINTS):
        copy = shutil.copytree(evening, tmp_path / f"{call}-{when}")
        with living(serve, server_of(copy), *failing_at(call, when, error)) as line:
            exchanged(copy / "li", Asking(line))
            if (call in SYNCS and error == "EIO") or call == "fdatasync":
                assert not exchanged(copy / "li", Asking(line)), (call, when)
        assert holds(copy, acknowledged(copy / "li")) == [], (call, when, error)


def test_a_tablet_for_whom_any_system_call_fails_loses_nothing(
    evening: Path, tmp_path: Path
):
    needs_strace()
    trial = shutil.copytree(evening, tmp_path / "counted")
    log = tmp_path / "calls"
    with office(server_of(trial)) as parts:
        answer_all(parts, trial, *counting(log))
    for call, when, error in failures(counted(log), POINTS):
        copy = shutil.copytree(evening, tmp_path / f"{call}-{when}")
        with office(server_of(copy)) as parts:
            answer_all(parts, copy, *failing_at(call, when, error))
        assert holds(copy, acknowledged(copy / "li")) == [], (call, when, error)
