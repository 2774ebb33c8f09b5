"""An outbox that is gone or spoiled says so; none is begun anew in silence (F13)."""

from pathlib import Path

import pytest

from field_client.client import Client
from field_client.store import Store
from sync.facts.visit import Left
from sync.problems import Refused
from tests.field_client.conftest import STREAM


@pytest.fixture
def worked(li: Client, folder: Path) -> Path:
    """Li wrote three facts, handed them in, and closed the tablet."""
    for _ in "123":
        li.tell(STREAM, Left())
    li.exchange_once()
    li.store.close()
    return folder


def test_a_lost_outbox_is_named_and_not_begun_anew(worked: Path):
    for file in worked.glob("outbox.db*"):
        file.unlink()

    with pytest.raises(Refused) as why:
        Store(worked)

    assert why.value.code == "outbox_lost"
    assert why.value.facts["n"] == 3
    assert not (worked / "outbox.db").exists()


def test_an_emptied_outbox_is_a_lost_one(worked: Path):
    for file in worked.glob("outbox.db-*"):
        file.unlink()
    (worked / "outbox.db").write_bytes(b"")

    with pytest.raises(Refused, match="第 3 条"):
        Store(worked)


def test_a_spoiled_outbox_is_named_and_left_as_it_is(worked: Path):
    for file in worked.glob("outbox.db-*"):
        file.unlink()
    (worked / "outbox.db").write_bytes(b"not a database at all" * 100)

    with pytest.raises(Refused) as why:
        Store(worked)

    assert why.value.code == "outbox_broken"
    assert (worked / "outbox.db").read_bytes().startswith(b"not a database")
