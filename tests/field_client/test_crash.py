"""Kill the tablet anywhere: every fact is there wholly or not at all (F5, F12, M2)."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path

from field_client.client import Client
from field_client.outbox import Outbox
from field_client.store import Store
from sync.envelope import fact_id, read
from tests.daemons import needs_strace
from tests.field_client.evening import FACTS, tell_all

ROOT = Path(__file__).parents[2]
POINTS = int(os.environ.get("CRASH_POINTS", "12"))
KILLS = int(os.environ.get("CRASH_KILLS", "25"))
CALLS = "pwrite64,write,fdatasync,fsync,ftruncate,unlink,mkdir"


def whole(outbox: Outbox) -> list[str]:
    """The ids of all facts, after looking that each is whole and the chain unbroken."""
    facts = outbox.facts()
    for place, fact in enumerate(facts):
        assert fact_id(fact.b) == fact.id
        head = read(fact.b).head
        assert (head.n, head.prev) == (
            place + 1,
            facts[place - 1].id if place else None,
        )
        for ref in head.blobs:
            held = next(o for o in outbox.originals() if o.sha256 == ref.sha256)
            assert sha256(b"".join(outbox.pieces(held.seq))).hexdigest() == ref.sha256
    spoken_of = {ref.sha256 for one in facts for ref in read(one.b).head.blobs}
    assert {one.sha256 for one in outbox.originals()} == spoken_of
    return [fact.id for fact in facts]


def killed_at(folder: Path, call: str, when: int) -> tuple[list[str], bool]:
    """Run the evening under strace, which kills it at one system call; what it said was
    on disk, and whether the call was reached."""
    inject = f"inject={call}:signal=SIGKILL:when={when}"
    done = subprocess.run(
        ["strace", "-f", "-o", "/dev/null", "-e", f"trace={call}", "-e", inject,
         sys.executable, "-m", "tests.field_client.evening", str(folder)],
        capture_output=True, text=True, cwd=ROOT, check=False,
    )  # fmt: skip
    return done.stdout.split(), done.returncode != 0


def writes_of(folder: Path) -> dict[str, int]:
    """How often an evening makes each call that writes."""
    log = folder.parent / "calls"
    subprocess.run(
        ["strace", "-f", "-o", str(log), "-e", f"trace={CALLS}",
         sys.executable, "-m", "tests.field_client.evening", str(folder)],
        capture_output=True, cwd=ROOT, check=True,
    )  # fmt: skip
    calls = [line.split()[1].partition("(")[0] for line in log.read_text().splitlines()]
    wanted = CALLS.split(",")
    return {one: calls.count(one) for one in wanted if one in calls}


def test_killed_at_any_system_call_that_writes_nothing_is_lost_or_half_there(
    li: Client, folder: Path, tmp_path: Path
):
    needs_strace()
    li.store.close()
    counted = writes_of(shutil.copytree(folder, tmp_path / "counted"))
    points = [(call, when) for call, most in counted.items() for when in range(1, most)]
    for call, when in random.Random(5).sample(points, min(POINTS, len(points))):
        copy = shutil.copytree(folder, tmp_path / f"{call}-{when}")
        said, _killed = killed_at(copy, call, when)
        with Store(copy) as store:
            kept = whole(store.outbox)
        assert kept[: len(said)] == said
        assert len(kept) <= len(said) + 1


def test_killed_at_a_random_instant_nothing_is_lost_or_half_there(
    li: Client, folder: Path
):
    li.store.close()
    chance, known = random.Random(7), []
    for _ in range(KILLS):
        said = killed_after(folder, chance.uniform(0, 0.06))
        with Store(folder) as store:
            kept = whole(store.outbox)
        assert kept[len(known) :][: len(said)] == said
        known = kept
    assert len(known) < KILLS * FACTS


def killed_after(folder: Path, seconds: float) -> list[str]:
    """Run the evening in a forked process and kill it; what it said was on disk."""
    ours, theirs = os.pipe()
    child = get_context("fork").Process(target=tell_all, args=(folder, theirs))
    child.start()
    os.close(theirs)
    time.sleep(seconds)  # the instant of the kill is what is being drawn
    os.kill(child.pid, signal.SIGKILL)
    child.join()
    with os.fdopen(ours) as pipe:
        return pipe.read().split()
