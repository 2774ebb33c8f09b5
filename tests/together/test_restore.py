"""The server goes back in time, and nobody tells it (F17, K9, M5, invariants 19, 20).

A copy of its database is put back while tablets hold more than it does. What they kept
comes back by itself, once and with its first time; what was decided and lost is put
before a person.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from threading import Barrier, Thread

import pytest

from field_client.door import NO_TOKEN
from server import create_app, incidents
from server.config import Config
from server.database import reading, writing
from server.epochs import open_epoch
from server.erasures import act_on, erase, write_down
from server.greeting import Shown, look_back
from server.parts import Parts
from server.tables import epoch, private
from server.vouchers import opened
from sync.envelope import read
from sync.epochs import opened_text
from sync.facts.survey import Surveyed
from sync.facts.visit import Arrived, Left
from sync.facts.work import Photographed
from sync.problems import Refused
from sync.signing import read_jwk, verifies
from tests.together.conftest import Begin
from tests.together.restores import Copies, clone_of, close_app, reported
from tests.world import InHand, World

RESTORES = int(os.environ.get("RESTORES", "3"))
DEVICES = 50 if RESTORES > 3 else 4
PHOTO = {"photo": (b"\xff\xd8\xff a picture", "image/jpeg")}


@pytest.fixture
def copies(world: World) -> Iterator[Copies]:
    """Copies of the world's database, on each database."""
    held = Copies(world)
    yield held
    held.close()


@pytest.mark.parametrize("age", range(RESTORES))
def test_everything_that_tablets_kept_is_back_after_two_rounds(
    world: World, copies: Copies, age: int
):
    """A backup of random age, no human step, one incident, nothing twice (M5)."""
    dice = Random(f"restore {age}")
    crew = [world.tablet(f"t{n}") for n in range(DEVICES)]
    for n, one in enumerate(crew):
        world.asks_for(f"JA-{n:04}", one.who)
    before = _work(world, copies, crew, dice)

    copies.put_back(before, restart=dice.random() < 0.5)
    for _ in "12":
        for one in dice.sample(crew, len(crew)):
            one.syncs()

    assert world.kept() == world.told()
    assert [one.owes for one in crew] == [0] * len(crew)
    assert len(reported(world)) == 1
    assert world.unsound() == []


def _work(world: World, copies: Copies, crew: list[InHand], dice: Random) -> int:
    """Some hours of work and exchange; a copy from somewhere within, and something in
    custody that it does not hold."""
    steps = 6 * len(crew)
    copied, number = dice.randrange(steps), 0
    for step in range(steps):
        if step == copied:
            number = copies.copy()
        one, stream = dice.choice(crew), dice.choice(world.streams)
        world.later(dice.randrange(9))
        if dice.random() < 0.5:
            one.syncs()
        elif dice.random() < 0.2:
            world.dispatches(stream, one.who)
        elif one.client.store.projection.document(stream):
            one.tells(stream, dice.choice((Arrived(), Left())))
    one = crew[0]
    one.syncs()
    one.tells(world.streams[0], Left())
    one.syncs()
    return number


def test_nobody_arrives_later_because_of_a_restore(world: World, copies: Copies):
    """What was seen is vouched for: the very same brackets, estimates and grades."""
    li, name, number = _li_arrives_in_the_lost_part(world, copies)
    before = world.order(name).visits[0].moment

    world.later(600)
    copies.put_back(number)
    li.syncs()

    assert world.order(name).visits[0].moment == before


def _li_arrives_in_the_lost_part(
    world: World, copies: Copies
) -> tuple[InHand, str, int]:
    name = world.asks_for("JA-1", "li")
    li = world.tablet("li")
    li.syncs()
    number = copies.copy()
    li.tells(name, Arrived())
    world.later(3)
    li.tells(name, Left())
    li.syncs()
    return li, name, number


def test_a_restored_order_reads_as_if_nothing_had_happened(
    world: World, copies: Copies
):
    """No comparison across epochs changes what is shown (invariant 20)."""
    li, name, number = _li_arrives_in_the_lost_part(world, copies)
    before, shown = world.documents(), li.sees(name)

    copies.put_back(number)
    li.syncs()

    assert world.documents() == before
    assert li.sees(name).reviews == shown.reviews == ()


def test_what_was_seen_only_in_the_lost_part_counts_as_unseen(
    world: World, copies: Copies
):
    """Li had seen the order given to three others beside him; that was lost, and Chen
    cancelled where it had stood. A position of the lost part must not be taken for one
    of this book (K8): Li did not know."""
    name = world.asks_for("JA-1", "li")
    li = world.tablet("li")
    li.syncs()
    number = copies.copy()
    for other in ("wang", "zhou", "wu"):
        world.dispatches(name, other, "li")
    li.syncs()
    li.tells(name, Arrived())
    copies.put_back(number)
    world.cancels(name)
    li.syncs()

    assert world.reviews(name) == ["cancelled_unseen"]


def test_what_was_seen_before_the_restore_counts_as_seen(world: World, copies: Copies):
    """Wang had the order before the backup and knew it; he is accused of nothing."""
    name = world.asks_for("JA-1", "li")
    world.dispatches(name, "wang")
    wang = world.tablet("wang")
    wang.syncs()
    number = copies.copy()
    world.asks_for("JA-2", "li")
    wang.tells(name, Arrived())
    wang.syncs()

    copies.put_back(number)
    world.asks_for("JA-3", "li")
    wang.syncs()

    assert world.reviews(name) == []


def test_a_cancel_that_only_the_lost_part_knew_comes_before_a_person(
    world: World, copies: Copies
):
    """Li was told that Chen had cancelled; the server forgot. It is named, and nothing
    is decided by itself."""
    name = world.asks_for("JA-1", "li")
    li = world.tablet("li")
    li.syncs()
    number = copies.copy()
    world.cancels(name)
    li.syncs()

    copies.put_back(number)
    li.syncs()
    li.syncs()

    assert named(world) == {("JA-1", "dispatch.cancelled")}
    assert world.order(name).cancelled is None


def named(world: World) -> set[tuple[str, str]]:
    """What the only incident says was lost: order and decision."""
    (incident,) = reported(world)
    return {(one.decision["number"], one.decision["kind"]) for one in incident.lost}


def test_an_order_that_the_server_forgot_stays_with_whoever_was_given_it(
    world: World, copies: Copies
):
    """Work to be done is not taken off a tablet by a reset; the desk is told."""
    li = world.tablet("li")
    world.asks_for("JA-1", "li")
    li.syncs()
    number = copies.copy()
    name = world.asks_for("JA-2", "li")
    li.syncs()

    copies.put_back(number)
    li.syncs()
    li.syncs()

    assert li.sees(name).number == "JA-2"
    assert named(world) == {
        ("JA-2", "intake.logged"),
        ("JA-2", "dispatch.dispatched"),
    }


def test_what_many_tablets_saw_is_named_once(world: World, copies: Copies):
    number = copies.copy()
    world.asks_for("JA-1", "li", "wang")
    crew = [world.tablet("li"), world.tablet("wang")]
    number = copies.copy()
    world.dispatches(world.streams[0], "wang", "li")
    for one in crew:
        one.syncs()

    copies.put_back(number)
    for one in (*crew, *crew):
        one.syncs()

    (incident,) = reported(world)
    assert len(incident.lost) == 1


def test_two_restores_in_turn(world: World, copies: Copies):
    """The second one forgets that there was a first; tablets tell it so."""
    name = world.asks_for("JA-1", "li")
    li, wang = world.tablet("li"), world.tablet("wang")
    li.syncs()
    number = copies.copy()
    li.tells(name, Arrived())
    li.syncs()
    copies.put_back(number)
    li.syncs()
    li.tells(name, Left())
    li.syncs()
    wang.syncs()

    copies.put_back(number)
    for one in (wang, li, wang, li):
        one.syncs()

    assert world.kept() == world.told()
    assert len(reported(world)) == 1  # the first one's record was lost with the rest
    assert world.reviews(name) == []
    assert world.unsound() == []


def test_two_workers_that_notice_at_once_open_one_epoch(world: World, copies: Copies):
    li, _, number = _li_arrives_in_the_lost_part(world, copies)
    copies.put_back(number)
    second = create_app(world.config, now=world.now)
    workers = [world.parts, second.extensions["doorstep"]]
    start = Barrier(len(workers))

    told = opened(
        world.parts.keys,
        li.client.who.device,
        li.client.store.vouchers.newest() or "",
    )

    def notice(parts: Parts) -> None:
        shown = Shown(newest=told)
        start.wait()
        look_back(parts.engine, parts.keys, shown, world.ms, parts.chance)

    threads = [Thread(target=notice, args=(one,)) for one in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(world.rows(epoch)) == 2
    assert len(reported(world)) == 1
    close_app(second)


def test_whoever_is_second_gets_the_epoch_that_the_first_opened(world: World):
    parts = world.parts
    known = parts.ledger.epoch

    def opened(position: int) -> str:
        with writing(parts.engine) as connection:
            return open_epoch(
                connection, parts.keys, known=known, fork_position=position,
                now_ms=world.ms, noticed="restored",
            )  # fmt: skip

    assert opened(5) == opened(3) == parts.ledger.epoch
    assert len(reported(world)) == 1


def test_facts_that_the_server_still_has_do_not_travel_again(
    world: World, copies: Copies
):
    """A receipt is asked for; only what was lost is handed in."""
    li, name, _ = _li_arrives_in_the_lost_part(world, copies)
    number = copies.copy()
    li.tells(name, Arrived())
    li.syncs()
    copies.put_back(number)

    report = li.syncs()

    assert report is not None
    assert report.facts == 1
    assert li.owes == 0


def test_originals_come_back_too(world: World, copies: Copies):
    """The server has the bytes on its shelf and has forgotten that it has them."""
    name = world.asks_for("JA-1", "li")
    li = world.tablet("li")
    li.syncs()
    number = copies.copy()
    li.tells(name, Photographed(moment="before"), blobs=PHOTO)
    li.syncs()
    copies.put_back(number)
    for digest in list(world.parts.shelf.names()):
        world.parts.shelf.delete(digest)

    li.syncs()

    assert li.owes == 0
    assert world.lost_bytes() == []


def test_nobody_but_this_server_can_say_that_it_went_back(world: World):
    """A voucher under another server's key, or an invented one, opens no epoch."""
    li, keys = world.tablet("li"), world.parts.keys
    said = [1, world.parts.ledger.epoch, 10**6, "0" * 12, world.ms]
    purpose, other = f"seen {li.client.who.device}", replace(keys, secret=b"s" * 32)
    forged = other.sealed(purpose, json.dumps(said).encode())
    for words in (forged, forged[:-1] + "A", "A" * 200):
        door = li.door()
        door.token = NO_TOKEN
        door.ask_json("POST", "/v1/sync/hello", {"knows": {"voucher": words}})

    assert len(world.rows(epoch)) == 1


def test_an_epoch_is_signed_and_every_tablet_knows_where_histories_part(
    world: World, copies: Copies
):
    li, _, number = _li_arrives_in_the_lost_part(world, copies)
    fork = world.parts.feed.facts(0, 100)[-3]["position"]
    copies.put_back(number)
    li.syncs()

    (known,) = li.client.store.vouchers.epochs().values()

    key = read_jwk(world.parts.keys.jwk)
    assert verifies(key, opened_text(known), known.signature)
    assert known.fork_position == fork


def test_a_tablet_that_enrolled_after_the_backup_comes_home_too(
    world: World, copies: Copies
):
    """The book knows it no more; its certificate does, and the desk is told."""
    world.asks_for("JA-1", "li", "wang")
    li = world.tablet("li")
    li.syncs()
    number = copies.copy()
    wang = world.tablet("wang")
    wang.syncs()
    wang.tells(world.streams[0], Arrived())
    wang.syncs()

    copies.put_back(number)
    wang.syncs()

    assert world.kept() == world.told()
    assert named(world) == {(wang.client.who.device, "device.enrolled")}


@pytest.mark.parametrize("restart", [True, False], ids=["restarted", "running"])
def test_what_was_erased_after_the_backup_stays_erased(
    world: World, copies: Copies, restart: bool
):
    """Neither the older book nor a tablet brings it back (X21, invariant 35)."""
    name = world.asks_for("JA-1", "li")
    li = world.tablet("li")
    li.syncs()
    li.tells(name, Surveyed(cause="gasket", method="replace"), {"words": "旧漏水点"})
    li.syncs()
    number = copies.copy()
    parts = world.parts
    with reading(parts.engine) as connection:
        act = act_on(connection, name, (), "owner asked", world.ms)
    write_down(parts.config.data, act)
    erase(parts.engine, parts.shelf, parts.keys, act)
    world.later(5)
    li.tells(name, Left())
    li.syncs()

    copies.put_back(number, restart=restart)
    li.syncs()

    assert world.rows(private) == []
    assert world.kept() >= world.told()
    more = world.kept() - world.told()
    assert {read(body).kind for _, body in more} == {"erasure.done"}


def test_a_server_that_was_copied_is_noticed_by_the_first_who_met_both(
    begin: Begin, tmp_path: Path
):
    """Two live copies; Li's tablet hops from one to the other (F18)."""
    world = begin()
    name = world.asks_for("JA-1", "li")
    li, wang = world.tablet("li"), world.tablet("wang")
    for one in (li, wang):
        one.syncs()
    twin = clone_of(world, tmp_path / "twin")
    li.tells(name, Arrived())
    li.syncs()
    other = create_app(Config(data=twin), now=world.now)
    here, world.app = world.app, other

    wang.syncs()
    assert reported(world) == []
    li.syncs()
    assert len(reported(world)) == 1
    assert li.owes == 0
    close_app(here)


def test_a_dispatcher_reads_what_was_lost_and_closes_the_incident(
    world: World, copies: Copies
):
    world.asks_for("JA-1", "li")
    li = world.tablet("li")
    number = copies.copy()
    li.syncs()
    world.dispatches(world.streams[0], "wang", "li")
    li.syncs()
    copies.put_back(number)
    li.syncs()
    (incident,) = reported(world)

    with writing(world.parts.engine) as connection:
        incidents.close(connection, incident.id, "chen", "给王重新派单", world.ms)

    (closed,) = reported(world)
    assert (closed.closed_by, closed.reason) == ("chen", "给王重新派单")


def test_an_incident_is_not_closed_without_a_word(world: World):
    with (
        pytest.raises(Refused, match="如何处理"),
        writing(world.parts.engine) as connection,
    ):
        incidents.close(connection, "any", "chen", "  ", world.ms)
