"""Exactly once, whatever happens: real clients, the real server, any weather.

Each seed is a day of its own. A seed that fails says so; the same seed fails again.
"""

import gzip
import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from random import Random

import pytest

from field_client.transport import Call, NoAnswer, Reply
from sync.envelope import fact_id
from sync.exchange import MOST_WAIT_MS
from sync.facts.visit import Left
from sync.facts.work import Completed
from tests.together.conftest import Begin, worlds
from tests.together.days import acts, morning, offline_day
from tests.weather import FELL_OVER, KINDS, STORMY
from tests.world import InHand, World

SEEDS = range(int(os.environ.get("TORTURE_SEEDS", "8")))
FEW = range(len(SEEDS) // 4)
FACTS = 24
MOST_MS = MOST_WAIT_MS + 60_000  # M6: from the next attempt on, a minute is enough


@dataclass(frozen=True)
class Storm:
    """A day in bad weather that is over, and what was noticed while it lasted."""

    world: World
    took_ms: int
    flickered: tuple[str, ...]


def weathered(world: World) -> Storm:
    """Everybody acts and exchanges in bad weather; now and then it is quite gone. Then
    it clears up and nobody touches anything. Before every single request, that is
    after every answer, somebody looks at the screens."""
    dice, flickered = Random(f"day/{world.seed}"), []  # type: Random, list[str]
    mine = morning(world)
    for tablet in world.tablets.values():
        tablet.air.before = noting(tablet, flickered)
    for _ in range(FACTS):
        tablet, name = dice.choice(mine)
        acts(dice, tablet, name)
        tablet.air.offline = dice.random() < 0.2
        if dice.random() < 0.5:
            tablet.syncs()
    return Storm(world, world.settle(), tuple(flickered))


def noting(tablet: InHand, flickered: list[str]) -> Callable[[], None]:
    """Note every own fact that is not on the screen."""
    return lambda: flickered.extend(tablet.flickers())


@pytest.fixture(scope="module", params=SEEDS)
def storm(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Storm]:
    """Each seed once; many questions are asked about it."""
    with worlds(tmp_path_factory.mktemp("storm")) as begin:
        yield weathered(begin(request.param, STORMY))


def test_every_fact_is_on_the_server_once_with_the_same_bytes(storm: Storm):
    """Invariants 1, 2, 3, 8; F1–F4, F26."""
    assert storm.world.kept() == storm.world.told(), storm.world.account()


def test_every_photo_is_on_the_server_with_the_same_bytes(storm: Storm):
    assert storm.world.lost_bytes() == []


def test_the_ledger_is_sound_after_the_storm_and_the_board_is_what_it_adds_up_to(
    storm: Storm,
):
    assert storm.world.unsound() == []


def test_the_queues_empty_by_themselves(storm: Storm):
    """Nobody touches the tablet after the storm; nothing tells it that the network is
    back, its timer does (invariant 6, F25, M6)."""
    assert storm.took_ms <= MOST_MS, storm.world.account()


def test_what_a_person_recorded_is_on_the_screen_all_the_time(storm: Storm):
    """Between writing and the document that includes it (overlay)."""
    assert storm.flickered == ()


@pytest.mark.postgres
@pytest.mark.parametrize("seed", FEW)
def test_every_fact_is_there_once_on_postgresql_too(
    begin: Begin, seed: int, postgresql_url: str
):
    world = begin(seed, STORMY, postgresql_url)

    weathered(world)

    assert world.kept() == world.told(), world.account()
    assert world.unsound() == []


@pytest.mark.parametrize("seed", range(len(SEEDS) // 2))
def test_a_storm_ends_with_the_orders_that_a_calm_day_ends_with(
    begin: Begin, seed: int
):
    """The same bytes over a perfect network, one by one, and over a bad one, in other
    batches: the orders are the same but for places and times (invariants 4, 23)."""
    calm, stormy = begin(seed), begin(seed)
    for world in (calm, stormy):
        offline_day(world, Random(f"day/{seed}"), FACTS)
    assert calm.told() == stormy.told()
    for tablet in stormy.tablets.values():
        tablet.air.chances = STORMY
    batches_of(calm, 1)
    batches_of(stormy, 1 + seed % 5)

    calm.settle()
    stormy.settle(fair=False)

    assert stormy.documents() == calm.documents(), stormy.account()


@pytest.mark.postgres
@pytest.mark.parametrize("seed", FEW)
def test_both_databases_end_with_the_same_orders(
    begin: Begin, seed: int, postgresql_url: str
):
    calm, stormy = begin(seed), begin(seed, database_url=postgresql_url)
    for world in (calm, stormy):
        offline_day(world, Random(f"day/{seed}"), FACTS)
    for tablet in stormy.tablets.values():
        tablet.air.chances = STORMY

    calm.settle()
    stormy.settle(fair=False)

    assert stormy.documents() == calm.documents(), stormy.account()


def batches_of(world: World, most: int) -> None:
    """Every tablet hands in so many facts at a time, to begin with."""
    for tablet in world.tablets.values():
        projection = tablet.client.store.projection
        lane = projection.lane("facts")
        projection.keep_lane("facts", type(lane)(most, lane.failures, lane.shelf))


@pytest.mark.parametrize("answer", [None, FELL_OVER])
def test_a_fact_that_never_got_an_answer_is_handed_in_without_being_touched(
    begin: Begin, answer: Reply | None
):
    """Hello goes well and every push is lost or fails, again and again; when pushes
    arrive again, the queue empties by itself (invariant 6, M6)."""
    world = begin(3)
    li = world.tablet("li")
    name = world.asks_for("BX-2026-0001", "li")
    li.syncs()
    li.tells(name, Left())
    li.air.serve = deaf_to("/v1/sync/push", world, answer)
    for _ in range(8):
        li.syncs()
    li.air.serve = world.serve

    assert world.settle() <= MOST_MS, world.account()


def deaf_to(target: str, world: World, answer: Reply | None) -> Call:
    """Requests there never arrive."""

    def serve(
        method: str, asked: str, headers: Mapping[str, str], body: bytes
    ) -> Reply:
        if asked != target:
            return world.serve(method, asked, headers, body)
        if answer is None:
            raise NoAnswer("lost")
        return answer

    return serve


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"fair"}))
def test_nothing_but_a_receipt_empties_the_outbox(begin: Begin, kind: str):
    """One kind of fault for every request: whatever the tablet lets go of, the server
    has (invariant 7)."""
    world = begin(0)
    mine = morning(world)
    for tablet in world.tablets.values():
        tablet.air.chances = {kind: 1.0}
    for tablet, name in mine:
        tablet.tells(name, Left())
        tablet.tells(name, Completed())
        for _ in range(3):
            tablet.syncs()
            assert settled(tablet) <= set(world.kept())


def test_whoever_says_that_everything_is_in_custody_must_have_sealed_it(begin: Begin):
    """Something in between answers as the server would, word for word (F26)."""
    world = begin(0)
    li = world.tablet("li")
    name = world.asks_for("BX-2026-0001", "li")
    li.syncs()
    li.tells(name, Left())
    li.air.serve = lying(world)

    li.syncs()

    assert li.owes == 1


def lying(world: World) -> Call:
    """A push is answered at once, and reaches nobody."""

    def serve(
        method: str, asked: str, headers: Mapping[str, str], body: bytes
    ) -> Reply:
        if asked != "/v1/sync/push":
            return world.serve(method, asked, headers, body)
        said = json.loads(gzip.decompress(body))
        told = [fact_id(one["b"]) for one in said["facts"]]
        receipts = [{"id": one, "outcome": "stored", "position": 9} for one in told]
        answer = {
            "epoch": world.parts.ledger.epoch,
            "durable_through": 0,
            "receipts": receipts,
        }
        return Reply(status=200, headers={}, body=json.dumps(answer).encode())

    return serve


def settled(tablet: InHand) -> set[tuple[str, str]]:
    """What the tablet believes to be in custody."""
    facts = tablet.client.store.outbox.facts()
    return {(one.id, one.b) for one in facts if not one.waiting}


def test_a_seed_tells_the_same_day_again(begin: Begin):
    """Whoever sees a seed fail can look at it as often as it takes."""
    once, again = (weathered(begin(5, STORMY)).world for _ in range(2))

    assert (once.trace(), once.told()) == (again.trace(), again.told())


def test_every_kind_of_fault_happens_in_a_storm(begin: Begin):
    """A storm that never loses an answer would prove nothing."""
    world = begin(1, STORMY)
    li, wang = world.tablet("li"), world.tablet("wang")
    for _ in range(60):
        li.syncs(), wang.syncs()

    assert set(li.air.fired | wang.air.fired) == set(KINDS)


# F20: what nobody can read holds up nothing


def poisons(good: str) -> dict[str, str]:
    """Bodies that no server of today can take for a fact, each made of a good one."""
    frame = json.loads(good)

    def but(**changes: object) -> str:
        text = json.dumps({**frame, **changes}, ensure_ascii=False)
        return text.replace(" ", "")

    return {
        "kind of tomorrow": but(t="visit.teleported"),
        "version of tomorrow": but(v=99),
        "surplus field": but(zz=1),
        "no object": "[]",
        "no JSON": "{",
        "twice the same key": good[:-1] + ',"n":1}',
        "fraction": but(l=1.5),
        "huge number": but(bs=2**60),
        "someone else": but(by="wang"),
        "someone else's log": but(log="t0000000000.first"),
        "a decision": but(t="dispatch.cancelled", pl={"reason": "x"}),
        "payload of another": but(pl={"steps": "all"}),
        "no clock": but(at={}),
        "unknown stream": but(st="planet:mars"),
        "NUL": but(pl={"reason": "\0"}),
        "deep": good[:-1] + ',"at":' + "[" * 2000 + "]" * 2000 + "}",
    }


@pytest.mark.parametrize("place", [0, 2, 5])
def test_poison_holds_up_nothing(world: World, place: int):
    """Every sort of unreadable fact, at this place among good ones: all good ones are
    taken in, and the bad ones are kept as they are (F20, invariant 5)."""
    li = world.tablet("li")
    name = world.asks_for("BX-2026-0001", "li")
    li.syncs()
    facts = [li.tells(name, Left()) for _ in range(5)]
    bodies = [one.envelope.body for one in facts]
    bad = list(poisons(bodies[0]).values())
    for body in (*bodies[:place], *bad, *bodies[place:]):
        hand_in_raw(world, li, body)

    answer = raw_push(li, [*bodies[:place], *bad, *bodies[place:]])

    outcomes = [one["outcome"] for one in answer["receipts"]]
    assert outcomes.count("duplicate") == len(bad) + len(bodies)
    assert {body for _, body in world.kept()} == {*bodies, *bad}


def hand_in_raw(world: World, tablet: InHand, body: str) -> None:
    """Each alone first: its outcome must not depend on its neighbours."""
    outcome = raw_push(tablet, [body])["receipts"][0]["outcome"]
    good = any(body == one.body for one in tablet.told)
    assert outcome == ("stored" if good else "quarantined"), (body[:200], world.seed)


def raw_push(tablet: InHand, bodies: list[str]) -> dict:
    """A push as the tablet signs it, of bodies that it would never write."""
    door = tablet.door()
    return door.ask_json("POST", "/v1/sync/push", {"facts": [{"b": b} for b in bodies]})
