"""PostgreSQL is killed under load, one backend or all of it, and comes back: nothing
that was acknowledged is lost, and nobody has to look after our server (M2, F8).
"""

import os
import random
import signal
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from server.database import Trouble, upgrade
from server.parts import Parts
from tests.databases import Cluster, cluster
from tests.together.processes import children, office, serving
from tests.together.writers import on_the_server, stop, writers_at_work

pytestmark = [pytest.mark.slow, pytest.mark.postgres]

KILLS = int(os.environ.get("KILLS", "3"))  # of each kind


def test_what_was_acknowledged_outlives_every_backend_and_the_postmaster(
    tmp_path: Path,
):
    chance = random.Random(13)
    with cluster() as postgresql:
        url = postgresql.made("doorstep")
        upgrade(url)
        with serving(tmp_path, url) as served, office(served.config) as parts:
            writers = writers_at_work(tmp_path, served, parts)
            for number in range(2 * KILLS):
                time.sleep(chance.uniform(0.1, 0.6))  # the instant is what is drawn
                promised = set().union(*(one.acknowledged for one in writers))
                (_kill_a_backend if number % 2 else _kill_everything)(postgresql)
                assert promised <= {name for name, _ in _once_it_is_back(parts)}
            stop(writers)

            told = sum((one.told for one in writers), Counter())
            kept = _once_it_is_back(parts)
            assert (kept - told, told - kept) == (Counter(), Counter())
            assert len(told) > KILLS  # they did write
        assert served.doorstep("check").returncode == 0


def _kill_everything(postgresql: Cluster) -> None:
    """The postmaster first; its children leave when they notice."""
    orphans = children(postgresql.process.pid)
    os.kill(postgresql.process.pid, signal.SIGKILL)
    postgresql.process.wait()
    while any(Path(f"/proc/{one}").exists() for one in orphans):
        time.sleep(0.01)  # they leave in their own time
    postgresql.start()


def _kill_a_backend(postgresql: Cluster) -> None:
    """One that works for our server; the postmaster then begins anew with all."""
    ours = (
        "SELECT pid FROM pg_stat_activity WHERE datname = 'doorstep'"
        " ORDER BY state = 'active' DESC LIMIT 1"
    )
    address = postgresql.url.set(drivername="postgresql")
    with psycopg.connect(address.render_as_string(hide_password=False)) as connection:
        row = connection.execute(ours).fetchone()
    if row is not None:
        os.kill(row[0], signal.SIGKILL)


def _once_it_is_back(parts: Parts) -> Counter[tuple[str, str]]:
    while True:
        with suppress(Trouble):
            return on_the_server(parts)
        time.sleep(0.05)  # recovery takes its time
