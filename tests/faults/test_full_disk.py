"""A disk of a few megabytes fills up: 507, nothing is acknowledged, reading and health
go on, and once there is room again nobody has to lift a hand (F7).

It is a tmpfs of our own, which only root may mount.
"""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import pytest

from field_client.client import Client
from field_client.exchange import HOME
from field_client.transport import Answered
from server.config import Config
from sync.facts.visit import Left
from sync.facts.work import Photographed
from tests.daemons import cannot_run_here
from tests.faults.servers import Odd, odd, opened, tablet
from tests.together.processes import office
from tests.together.writers import on_the_server

pytestmark = pytest.mark.slow

MIB = 1024 * 1024
SIZE = 16  # MiB
RAW = "application/x-raw"


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A disk on which not much has room."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}m", "doorstep", str(disk)]
    if os.geteuid() or subprocess.run(mount, check=False).returncode:
        cannot_run_here("only root may mount a small disk")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


def test_a_full_disk_turns_away_what_it_cannot_keep_and_recovers(
    small: Path, tmp_path: Path
):
    (small / "server").mkdir()
    order, code = opened(Config(data=small / "server" / "data"), "li")["li"]
    settings = {"DOORSTEP_RESERVE_MB": "0", "DOORSTEP_BACKUP_MINUTES": "0"}
    served = Odd(small / "server", settings=settings)
    with odd(served), tablet(tmp_path / "li", served, code) as li:
        li.exchange_once()
        with _filled(small):
            li.tell(order, Left(), None)
            shot = {"photo": (os.urandom(300_000), RAW)}
            li.tell(order, Photographed(moment="before"), blobs=shot)
            assert _turned_away(li) == 507
            assert httpx.get(f"{served.url}/healthz").status_code == 200
            assert _pulls(li)
            promised = {one.id for one in li.store.outbox.facts() if not one.waiting}
        troubles = li.exchange_once(again=True).troubles

        assert not troubles
        assert not li.store.outbox.waiting()
        assert not any(one.waiting for one in li.store.outbox.originals())
        with office(served.config) as parts:
            kept = on_the_server(parts)
        assert promised <= {name for name, _ in kept}
        assert len(kept) == 2 and set(kept.values()) == {1}
    assert served.doorstep("check").returncode == 0


def test_facts_stop_before_the_disk_is_full(small: Path, tmp_path: Path):
    """Photos stop first; the desk goes on working in what is left."""
    (small / "server").mkdir()
    order, code = opened(Config(data=small / "server" / "data"), "li")["li"]
    settings = {"DOORSTEP_RESERVE_MB": "200", "DOORSTEP_BACKUP_MINUTES": "0"}
    served = Odd(small / "server", settings=settings)
    with odd(served), tablet(tmp_path / "li", served, code) as li:
        li.exchange_once()
        li.tell(order, Left())
        assert _turned_away(li) == 507

        said = served.doorstep("cancel", "R-li", "--reason", "duplicate")
        assert said.returncode == 0, said.stderr


@contextmanager
def _filled(disk: Path) -> Iterator[None]:
    """Somebody else's file takes every byte that is left."""
    fat = disk / "somebody's film"
    with fat.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(bytes(65536)):
            pass
    yield
    fat.unlink()


def _turned_away(client: Client) -> int:
    """With which status nothing could be handed in."""
    try:
        codes = {one.code for one in client.exchange_once(again=True).troubles}
    except Answered as no:
        return no.status
    return 507 if codes == {"storage_full"} else 0


def _pulls(client: Client) -> bool:
    """Can documents be taken home?"""
    return client.exchange_once(HOME).complete
