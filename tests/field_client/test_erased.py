"""What an owner had erased leaves the tablets too, and they say so."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from server.database import reading
from server.erasures import act_on, erase, write_down
from sync.envelope import read
from tests.server.signed import Job, ordinary
from tests.together.conftest import worlds
from tests.world import World

ZHAO = "赵敏敏全名"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with worlds(tmp_path) as begun:
        yield begun()


@pytest.fixture
def job(world: World) -> Job:
    """Zhao signed on Li's tablet, which still keeps all of it."""
    job = ordinary(world, home={"owner": ZHAO, "phone": "13812345678"})
    job.signs(ZHAO)
    return job


def forgotten(job: Job) -> None:
    """The desk erases; Li's tablet looks for news."""
    parts = job.world.parts
    with reading(parts.engine) as connection:
        act = act_on(connection, job.stream, ("photo", "signature"), "no. 7",
                     job.world.ms)  # fmt: skip
    write_down(job.world.config.data, act)
    erase(parts.engine, parts.shelf, parts.keys, act)
    job.li.syncs()
    job.li.syncs()


def kept(job: Job) -> str:
    """Everything that the tablet holds of facts and documents."""
    store = job.li.client.store
    facts = [one.x for one in store.outbox.facts(job.stream)]
    return repr((facts, store.projection.document(job.stream)))


def test_values_and_photos_leave_the_tablet(job: Job):
    """Also out of facts and originals that it kept for a restore."""
    assert ZHAO in kept(job) and job.li.client.store.outbox.originals()
    forgotten(job)
    assert ZHAO not in kept(job)
    erased = {one.sha256 for one in job.li.client.store.outbox.originals()
              if one.role in ("photo", "signature")}  # fmt: skip
    for sha256 in erased:
        assert not here(job, sha256)


def here(job: Job, sha256: str) -> bool:
    db = job.li.client.store.outbox.db
    asked = ("SELECT 1 FROM original JOIN blob USING (seq) WHERE sha256 = ?", (sha256,))
    return db.execute(*asked).fetchone() is not None


def test_the_tablet_says_that_it_did_once(job: Job):
    forgotten(job)
    job.li.syncs()
    with reading(job.world.parts.engine) as connection:
        bodies = connection.exec_driver_sql("SELECT body FROM fact").scalars().all()
    told = [read(one) for one in bodies if "erasure.done" in one]
    assert [one.payload["orders"] for one in told] == [[job.stream]]
