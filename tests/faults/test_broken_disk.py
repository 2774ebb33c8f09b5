"""The disk says that it lost what it was given: nothing is acknowledged any more, the
server ends, and starts clean (F9).

EIO comes from strace. What follows a failed sync is the worst that a kernel does: the
bytes are never written, and are read as if they had been.
"""

import os
from pathlib import Path
from shutil import copytree, rmtree

import pytest

from field_client.client import Client
from field_client.transport import Answered, NoAnswer
from server.config import Config
from sync.facts.visit import Left
from tests.daemons import needs_strace
from tests.faults.disk import Disk
from tests.faults.promises import broken, promised, unsound
from tests.faults.recording import read, recording
from tests.faults.servers import Odd, odd, opened, tablet

pytestmark = pytest.mark.slow

BREAKS = "inject=fdatasync:error=EIO:when=12+"  # of each thread


def test_after_a_sync_that_failed_the_server_ends_and_the_next_one_keeps_its_word(
    tmp_path: Path,
):
    """Li hands in until nobody answers; she goes on with the server that is started
    then; the power is cut at each acknowledgement that this one gives."""
    needs_strace()
    data = tmp_path / "data"
    order, code = opened(Config(data=data), "li")["li"]
    copytree(data, tmp_path / "before")
    logs = tmp_path / "first", tmp_path / "second"
    words = ("--workers", "2", "--threads", "2")
    first = Odd(tmp_path, *words, traced=(*recording(logs[0]), "-e", BREAKS))
    second = Odd(tmp_path, traced=recording(logs[1]))

    with odd(first), tablet(tmp_path / "li", first, code) as li:
        _works_until_nobody_answers(li, order)
        assert first.process is not None
        assert first.process.wait(30) == os.EX_IOERR
    with odd(second), tablet(tmp_path / "li", second) as li:
        li.exchange_once(again=True)
        assert not li.store.outbox.waiting()
        second.stop()

    disk, made = Disk(tmp_path / "before", data), []
    for log in logs:
        moments = read(log)
        due = promised(moments)
        assert any(one.what == "fact" for told in due.values() for one in told)
        for at, moment in enumerate(moments):
            made += due.get(at, [])
            if due.get(at):
                disk.lay_out(tmp_path / "cut", None)
                assert broken(tmp_path / "cut", made) == [], (log.name, at)
                assert unsound(tmp_path / "cut") == [], (log.name, at)
                rmtree(tmp_path / "cut")
            disk.witness(moment)


def _works_until_nobody_answers(li: Client, order: str) -> None:
    li.exchange_once()
    for _ in range(100):
        li.tell(order, Left())
        try:
            report = li.exchange_once()
        except (NoAnswer, Answered):
            return
        if report.troubles:
            return
    raise AssertionError("the disk never failed")
