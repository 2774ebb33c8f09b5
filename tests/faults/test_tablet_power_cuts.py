"""The tablet's power is cut at any moment of an evening's work: every fact that it said
was saved is there with its photo, and every other one is there wholly or not at all
(F6, F12, M3). POWER_CUTS asks for longer campaigns.
"""

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pytest

from field_client.client import Client
from field_client.store import Store
from sync.envelope import fact_id
from sync.envelope import read as read_body
from tests.daemons import needs_strace
from tests.faults.disk import Disk
from tests.faults.recording import Moment, read, recording
from tests.field_client.desk import Desk, SetClocks
from tests.field_client.evening import STREAM
from tests.together.processes import ROOT

pytestmark = pytest.mark.slow

CUTS = int(os.environ.get("POWER_CUTS", "300")) // 3


@dataclass(frozen=True)
class Evening:
    """How the tablet's folder lay before, where it is, and what happened."""

    before: Path
    folder: Path
    moments: Sequence[Moment]


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory) -> Evening:
    """Li at work without any network, every call of hers noted."""
    needs_strace()
    place = tmp_path_factory.mktemp("evening")
    folder, log = place / "li", place / "calls"
    desk = Desk()
    desk.log_request("R2611-0187")
    with Store(folder) as store:
        li = Client(store, SetClocks(), call=desk)
        li.enrol(desk.code, "http://desk", "tablet")
        li.exchange_once()
        assert li.order(STREAM)
    shutil.copytree(folder, place / "before")
    script = (sys.executable, "-m", "tests.field_client.evening", str(folder))
    subprocess.run(
        ["strace", "--seccomp-bpf", *recording(log), *script],
        cwd=ROOT, check=True, stdout=subprocess.PIPE,
    )  # fmt: skip
    return Evening(place / "before", folder, read(log))


def told(moment: Moment) -> list[str]:
    """The fact that the tablet says is saved, the moment that it does."""
    when, call = moment
    says = when == "begins" and call.name == "write" and call.path.startswith("pipe:")
    return call.texts[0].decode().split() if says else []


@pytest.mark.parametrize("worst", [True, False], ids=["when it says so", "at random"])
def test_what_the_tablet_said_was_saved_outlives_a_power_cut(
    worst: bool, evening: Evening, tmp_path: Path
):
    """The worst cut at each word of the tablet; any cut at any moment."""
    dice = random.Random(CUTS)
    count = len(evening.moments)
    due = {at for at, one in enumerate(evening.moments) if told(one)}
    chosen = sorted(due) if worst else sorted(dice.choices(range(count), k=CUTS))
    disk, said = Disk(evening.before, evening.folder), []
    for at, moment in enumerate(evening.moments):
        said += told(moment)
        for _ in range(chosen.count(at)):
            disk.lay_out(tmp_path / "cut", None if worst else dice)
            assert whole(tmp_path / "cut")[: len(said)] == said, at
            shutil.rmtree(tmp_path / "cut")
        disk.witness(moment)
    assert len(said) == len(due) > 5


def whole(folder: Path) -> list[str]:
    """The facts that are here, each with its bytes; nothing of any other."""
    with Store(folder) as store:
        facts, originals = store.outbox.facts(), store.outbox.originals()
        held = {
            sha256(b"".join(store.outbox.pieces(one.seq))).hexdigest()
            for one in originals
        }
    assert all(fact_id(one.b) == one.id for one in facts)
    spoken_of = {ref.sha256 for one in facts for ref in read_body(one.b).head.blobs}
    assert held == spoken_of == {one.sha256 for one in originals}
    return [one.id for one in facts]
