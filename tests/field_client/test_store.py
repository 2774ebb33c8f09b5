"""The folder: an outbox that loses nothing, a projection that may be lost."""

import os
import sqlite3
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path

import pytest

from field_client.client import Client
from field_client.database import held
from field_client.layout import OUTBOX
from field_client.store import Store
from sync.envelope import read
from sync.facts.visit import Arrived, Left
from sync.facts.work import Photographed
from sync.order import order_stream
from sync.problems import Refused
from tests.field_client.conftest import STREAM, Open
from tests.field_client.desk import Desk, judges, no_network, only
from tests.field_client.test_crash import whole

PHOTO = {"photo": (b"\xff\xd8\xff picture", "image/jpeg")}


def test_the_layout_of_the_outbox_never_changes():
    """Frozen for life: whoever changes it breaks tablets in the field."""
    digest = sha256(OUTBOX.encode()).hexdigest()

    assert digest[:32] == "111cdbb803d832ed28ae8f1662a73230"


def test_two_processes_write_into_one_chain(li: Client, folder: Path):
    li.store.close()
    workers = [
        get_context("fork").Process(target=tell_ten, args=(folder,)) for _ in "12"
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    with Store(folder) as store:
        assert len(whole(store.outbox)) == 20


def tell_ten(folder: Path) -> None:
    """Ten facts from a process of its own."""
    with Store(folder) as store:
        for _ in range(10):
            Client(store).tell(STREAM, Left())


def test_only_one_process_exchanges(li: Client, open_tablet: Open):
    other = open_tablet()
    with li.store.exchanging(), pytest.raises(Refused, match="正在交换"):
        other.exchange_once()


def test_while_one_exchanges_another_may_write(li: Client, open_tablet: Open):
    other = open_tablet()
    with li.store.exchanging():
        other.tell(STREAM, Left())

    assert len(li.store.outbox.waiting()) == 1


def test_a_full_disk_keeps_nothing_of_a_fact_and_says_so(li: Client):
    li.tell(STREAM, Arrived())
    pages = li.store.outbox.db.execute("PRAGMA page_count").fetchone()[0]
    li.store.outbox.db.execute(f"PRAGMA max_page_count = {pages + 2}")
    big = {"photo": (b"x" * 100_000, "image/jpeg")}
    with pytest.raises(Refused, match="磁盘已满"):
        li.tell(STREAM, Photographed(moment="before"), blobs=big)

    assert len(whole(li.store.outbox)) == 1


def test_a_projection_that_cannot_be_read_is_dropped_and_the_outbox_stays(
    li: Client, folder: Path, open_tablet: Open
):
    li.tell(STREAM, Arrived())
    li.store.close()
    (folder / "projection.db").write_bytes(b"not a database" * 1000)

    client = open_tablet()
    client.exchange_once()

    assert len(client.order(STREAM).order.visits) == 1


def test_an_outbox_from_the_future_is_refused_and_left_alone(
    li: Client, open_tablet: Open
):
    li.store.outbox.db.execute("UPDATE layout SET version = 2")
    li.store.close()
    with pytest.raises(Refused, match="升级"):
        open_tablet()


@pytest.mark.usefixtures("li")
def test_nobody_else_on_the_machine_may_read_the_outbox(folder: Path):
    assert (folder / "outbox.db").stat().st_mode & 0o077 == 0


def test_every_connection_waits_for_the_disk(li: Client):
    settings = [
        li.store.outbox.db.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous")
    ]

    assert settings == ["wal", 2]


def test_originals_stay_until_receipted_and_backed_up(li: Client, desk: Desk):
    li.tell(STREAM, Photographed(moment="before"), blobs=PHOTO)
    li.exchange_once()
    original = li.store.outbox.originals()[0]
    kept = b"".join(li.store.outbox.pieces(original.seq))
    desk.durable = 1000
    li.exchange_once()

    gone = b"".join(li.store.outbox.pieces(original.seq))

    assert (kept, gone) == (PHOTO["photo"][0], b"")


def test_the_same_picture_taken_twice_lies_there_once(li: Client):
    for _ in range(2):
        li.tell(STREAM, Photographed(moment="before"), blobs=PHOTO)

    assert len(li.store.outbox.originals()) == 1


def test_after_the_server_went_back_in_time_everything_kept_is_offered_again(
    li: Client, desk: Desk
):
    li.tell(STREAM, Arrived())
    li.exchange_once()
    desk.kept = desk.kept[:2]
    desk.epoch, desk.reset = "second", "epoch"
    li.exchange_once()

    assert len(desk.bodies()) == 1


def test_a_fact_set_aside_is_not_shown_once_the_document_is_past_it(
    li: Client, desk: Desk
):
    fact = li.tell(STREAM, Arrived())
    desk.always = only("/v1/sync/push", judges(fact.id, "quarantined"))
    li.exchange_once()
    desk.always = None
    for _ in range(8):
        desk.cancel("R2611-0187")
    li.exchange_once()

    assert li.order(STREAM).order.visits == ()


def test_after_a_reset_an_order_that_is_not_sent_again_goes(li: Client, desk: Desk):
    desk.log_request("R2611-0999")
    li.exchange_once()
    desk.kept, desk.reset = desk.kept[:2], "scope"
    li.exchange_once()

    assert list(li.streams()) == [STREAM]


def test_a_reset_never_takes_away_an_order_with_something_unsent(
    li: Client, desk: Desk
):
    desk.log_request("R2611-0999")
    li.exchange_once()
    li.tell(order_stream("R2611-0999"), Arrived())
    desk.kept, desk.reset = desk.kept[:2], "scope"
    desk.always = only("/v1/sync/push", no_network)
    li.exchange_once()

    assert len(list(li.streams())) == 2


def test_the_old_instance_keeps_its_facts_after_a_fork(li: Client, desk: Desk):
    li.tell(STREAM, Arrived())
    desk.forked = True
    li.exchange_once()
    desk.forked = False
    after = li.tell(STREAM, Left())

    logs = {one.log for one in li.store.outbox.facts()}

    assert (len(logs), after.head.n, after.head.prev) == (2, 1, None)


def test_a_fact_names_what_its_author_had_seen(li: Client, desk: Desk):
    desk.cancel("R2611-0187")
    fact = li.tell(STREAM, Arrived())

    assert (fact.head.basis, fact.head.epoch) == (2, "first")


def test_a_fact_names_the_newest_time_token(li: Client):
    fact = li.tell(STREAM, Arrived())

    assert fact.reading.token == li.store.projection.contact().token


def test_private_values_travel_beside_the_body(li: Client):
    fact = li.tell(STREAM, Arrived(), {"place": "312304000,1214737000,15"})
    kept = li.store.outbox.facts()[0]

    assert "312304000" not in kept.b
    assert read(kept.b).head.private.keys() == fact.private.keys() == kept.x.keys()


def test_a_document_of_a_newer_version_is_named_and_nothing_else_suffers(
    li: Client,
):
    db: sqlite3.Connection = li.store.projection.db
    db.execute("UPDATE document SET text = json_set(text, '$.novel', 1)")
    with pytest.raises(Refused, match="升级"):
        li.order(STREAM)


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_lock_given_back_is_free_although_a_child_was_born_meanwhile(tmp_path: Path):
    """A child has the file open too until it starts its own program."""
    path, (wait, go) = tmp_path / "lock", os.pipe()
    with held(path, wait=False):
        child = os.fork()
        if child == 0:
            os.read(wait, 1)
            os._exit(0)
    try:
        with held(path, wait=False):
            pass
    finally:
        os.write(go, b"!")
        os.waitpid(child, 0)
        os.close(wait)
        os.close(go)
