"""What a technician recorded in the browser reaches the server by itself and once,
whatever the line does; it is handed over when the server says so under its seal."""

import gzip
import hashlib
import json
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Playwright, Request, Route

from infra.demo.network import CLEAR, BadNetwork, Fault, Weather
from server.database import reading
from server.erasures import act_on, erase
from server.incidents import incidents
from sync.envelope import fact_id
from sync.facts.dispatch import Dispatched
from sync.order import order_stream
from tests.together.processes import office
from tests.web.desk import NUMBER, Desk
from tests.web.liar import Answer, Ask, Asked, Liar
from tests.web.tablet import Tablet
from tests.web.way import OnTheWay, build

STREAM = order_stream(NUMBER)
OTHER = "DS2026110002"
HELLO, PUSH, UPLOAD = "/v1/sync/hello", "/v1/sync/push", "PATCH /v1/uploads"
MIB = 1024 * 1024
CUTS = ("cut_request", "cut_answer", "lose_answer")
SELDOM = {"DOORSTEP_POLL_S": "600"}

# A browser keeps lines open that it does not use yet; going offline cuts them by force,
# sometimes before anybody has looked at them.
pytestmark = pytest.mark.filterwarnings(
    "ignore:Exception ignored in:pytest.PytestUnraisableExceptionWarning"
)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The exchange in a page without screens."""
    return build(tmp_path_factory.mktemp("line") / "tablet")


@pytest.fixture
def served(
    built: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Desk]:
    """The desk: a server with one order for Li."""
    desk = Desk(tmp_path, built, **getattr(request, "param", {}))
    with desk.at_work():
        desk.order()
        yield desk


@pytest.fixture
def network(served: Desk) -> Iterator[BadNetwork]:
    """The line between the tablets and the server."""
    with BadNetwork("127.0.0.1", served.port) as network:
        yield network


@pytest.fixture
def liar(served: Desk, network: BadNetwork) -> Iterator[Liar]:
    """Somebody at the end of the line who has the server's keys."""
    with Liar(served.url, served.parts.keys) as liar:
        network.target = ("127.0.0.1", liar.port)
        yield liar


@pytest.fixture
def waiters(
    chromium: Playwright, network: BadNetwork, tmp_path: Path
) -> Iterator[Callable[..., OnTheWay]]:
    """Makes tablets on that line."""
    made: list[Tablet] = []

    def make(name: str = "li") -> OnTheWay:
        tablet = Tablet(chromium, tmp_path / name, network.url)
        made.append(tablet)
        tablet.start()
        return OnTheWay(tablet, network).ready()

    yield make
    for one in made:
        one.put_away()


@pytest.fixture
def li(waiters: Callable[..., OnTheWay], served: Desk) -> OnTheWay:
    """Li's tablet, enrolled, with its order at home; it exchanges when told to."""
    return waiters().enrol(served.code("li"))


def own(served: Desk) -> Counter[str]:
    """Ids of the facts that came from Li's tablet, and how often."""
    return Counter(fact.id for fact in served.facts() if fact.head.by == "li")


def pushed(tablet: Tablet) -> Counter[str]:
    """Ids of the facts in every push from now on, and how often; filled as they go."""
    ids: Counter[str] = Counter()

    def note(request: Request) -> None:
        if request.url.endswith(PUSH) and (body := request.post_data_buffer):
            offer = json.loads(gzip.decompress(body))
            ids.update(fact_id(one["b"]) for one in offer["facts"])

    tablet.context.on("request", note)
    return ids


# U09: exactly once


def test_cut_twenty_times_at_any_byte_each_fact_is_on_the_server_once(
    li: OnTheWay, served: Desk, network: BadNetwork
):
    dice = Random("U09")
    written = []
    for _ in range(20):
        written.append(li.sees())
        kind = dice.choice(CUTS)
        network.next(Fault(kind, dice.random(), on=PUSH))
        li.sends()
    li.runs().hands_over()

    assert own(served) == Counter(written)
    assert sum(network.faults[kind] for kind in CUTS) == 20


def test_what_was_recorded_is_handed_over_and_what_the_desk_gave_is_at_home(
    li: OnTheWay, served: Desk
):
    fact, photo, large = li.sees(), li.photographs(20_000), li.photographs(MIB)

    held = li.sends()

    assert (held["orders"], li.waiting) == ([STREAM], [])
    assert fact in own(served)
    assert served.has(photo)
    assert served.has(large)


# U05, U06, U07: nothing but a receipt makes it handed over


def test_before_the_line_is_there_it_is_on_this_tablet_and_nothing_else(
    li: OnTheWay, network: BadNetwork
):
    network.go_offline()
    fact = li.sees()

    held = li.sends()

    assert li.waiting == [fact]
    assert held["line"]["online"] is False


def without_receipts(asked: Asked, ask: Ask) -> Answer:
    """200, and no word about any fact."""
    status, headers, body = ask()
    if asked.target != PUSH:
        return status, headers, body
    return status, headers, json.dumps(json.loads(body) | {"receipts": []}).encode()


def for_another(asked: Asked, ask: Ask) -> Answer:
    """200, and receipts for what nobody sent."""
    status, headers, body = ask()
    if asked.target != PUSH:
        return status, headers, body
    said = json.loads(body)
    for one in said["receipts"]:
        one["id"] = one["id"][::-1]
    return status, headers, json.dumps(said).encode()


@pytest.mark.parametrize("lie", [without_receipts, for_another])
def test_a_yes_without_a_receipt_for_this_very_fact_is_none(
    li: OnTheWay, liar: Liar, lie: Any
):
    liar.lie = lie
    fact = li.sees()

    held = li.sends()

    assert li.waiting == [fact]
    assert held["unreceipted"] == [fact]
    assert [one["code"] for one in held["line"]["troubles"]] == ["receipt_missing"]


def test_what_had_no_receipt_gets_it_when_the_server_is_mended(
    li: OnTheWay, liar: Liar, served: Desk
):
    liar.lie = without_receipts
    fact = li.sees()
    li.sends()
    liar.lie = lambda _, ask: ask()

    held = li.sends()

    assert (li.waiting, held["unreceipted"]) == ([], [])
    assert own(served) == Counter([fact])


def test_a_photo_that_the_server_let_fall_waits_is_named_and_is_sent_again(
    li: OnTheWay, liar: Liar, served: Desk
):
    photos = [li.photographs() for _ in range(5)]
    taken: list[str] = []

    def lets_one_fall(asked: Asked, ask: Ask) -> Answer:
        if hashlib.sha256(asked.body).hexdigest() == photos[2] and not taken:
            taken.append(asked.target)
            return 204, {"Upload-Offset": "300000", "Tus-Resumable": "1.0.0"}, b""
        return ask()

    liar.lie = lets_one_fall
    held = li.sends()
    assert li.waiting == held["unreceipted"] == [photos[2]]

    li.sends()
    assert (li.waiting, served.has(photos[2])) == ([], True)


def test_a_portal_in_between_is_not_believed_and_afterwards_it_goes_by_itself(
    li: OnTheWay, network: BadNetwork
):
    network.weather = Weather(portal=1.0)
    fact = li.sees()
    held = li.runs().sends()
    assert (li.waiting, held["line"]["online"]) == ([fact], False)

    network.weather = CLEAR
    li.hands_over()


def test_an_answer_that_was_altered_or_has_no_seal_is_no_answer(
    li: OnTheWay, liar: Liar, network: BadNetwork
):
    fact = li.sees()
    network.next(Fault("flip_answer", 0.5, on=PUSH))
    li.sends()
    assert li.waiting == [fact]

    liar.seals = False
    li.sends()
    assert li.waiting == [fact]


# U08: by itself


def test_after_two_hours_without_a_line_it_goes_by_itself_within_ten_seconds(
    li: OnTheWay, network: BadNetwork
):
    """Nobody tells the browser that the network is back."""
    li.tablet.page.clock.install()
    li.runs().until(lambda: li.line["online"])
    network.go_offline()
    li.sees()
    li.until(lambda: not li.line["online"])
    li.tablet.page.clock.fast_forward("02:00:00")
    li.until(lambda: network.faults["offline"])

    network.go_online()

    li.hands_over(within_s=10)


def test_started_without_a_line_it_goes_by_itself_when_there_is_one(
    li: OnTheWay, network: BadNetwork, served: Desk
):
    fact = li.sees()
    network.go_offline()
    in_the_cache(li.tablet, served.app)
    li.tablet.page.goto(f"{network.url}/tablet/?again#runs")
    li.ready().until(lambda: li.line["lost_ms"])
    assert li.waiting == [fact]

    network.go_online()

    li.hands_over(within_s=10)


def in_the_cache(tablet: Tablet, app: Path) -> None:
    """The browser has the page by itself, as with a service worker."""

    def answer(route: Route) -> None:
        name = urlsplit(route.request.url).path.removeprefix("/tablet/")
        route.fulfill(path=app / (name or "index.html"))

    tablet.context.route("**/tablet/**", answer)


def test_a_request_that_hangs_is_given_up_and_tried_again(
    li: OnTheWay, network: BadNetwork, served: Desk
):
    li.runs()
    network.stall_next_request(0.5, on=PUSH)
    fact = li.sees()
    li.until(network.stalled.is_set)

    li.hands_over()

    assert own(served) == Counter([fact])
    network.go_on()


@pytest.mark.parametrize("served", [SELDOM], indirect=True)
def test_an_order_given_by_the_desk_is_at_home_at_once_while_somebody_looks(
    li: OnTheWay, served: Desk
):
    """The server looks every ten minutes in this test, so only its door tells of it."""
    li.runs().until(lambda: f"wait={25}" in "".join(li.network.seen))

    served.order(OTHER)

    li.until(lambda: order_stream(OTHER) in li.owed()["orders"], within_s=10)


# the battery, the other tab, the way there


@pytest.mark.parametrize("fault", ["stall", "delay"])
def test_killed_in_the_middle_of_handing_in_it_goes_on_and_nothing_is_there_twice(
    li: OnTheWay, network: BadNetwork, served: Desk, fault: str
):
    written = [li.sees() for _ in range(3)]
    photo = li.photographs(2 * MIB)
    network.next(Fault(fault, 0.5, ms=10_000, on=PUSH))
    li.runs().until(lambda: network.faults[fault])
    li.tablet.kill()
    network.go_on()

    li.tablet.start("#runs")
    li.ready().hands_over()

    assert own(served) == Counter([*written, *own(served) - Counter(written)])
    assert served.has(photo)


def test_two_tabs_hand_each_fact_in_once_and_both_know(
    li: OnTheWay, network: BadNetwork, served: Desk
):
    """On a line so slow that one still exchanges when the other wants to."""
    network.weather = Weather(delay=1.0, longest_delay_ms=1_000)
    ids = pushed(li.tablet)
    first = li.runs().tablet.page
    second = li.tablet.context.new_page()
    second.goto(f"{li.network.url}/tablet/#runs")
    written = []
    for page in [first, second] * 4:
        li.tablet.page = page
        written.append(li.ready().sees())
    li.hands_over()
    li.until(lambda: said_to(first) and said_to(second))

    assert ids == own(served) == Counter(written)


def said_to(page: Page) -> bool:
    """Has this tab heard of an exchange after which nothing was under way?"""
    return bool(page.evaluate("said.at(-1).reached_ms && !said.at(-1).busy"))


def test_a_large_photo_goes_on_where_it_was_cut(
    li: OnTheWay, network: BadNetwork, served: Desk
):
    offsets: list[int] = []
    li.tablet.context.on("request", lambda one: offsets.extend(
        [int(one.headers["upload-offset"])] if one.method == "PATCH" else []
    ))  # fmt: skip
    photo = li.photographs(3 * MIB)
    network.cut_next_request(2 * MIB, on=UPLOAD)
    li.sends()

    li.sends()

    assert served.has(photo)
    assert offsets[0] == 0
    assert offsets[-1] > 0


def test_photos_wait_for_wifi_where_somebody_wants_that_and_facts_do_not(
    li: OnTheWay, served: Desk
):
    li("""
      keep_for_wifi(true);
      Object.defineProperty(navigator.connection, "type", { get: () => "cellular" });
    """)
    photo = li.photographs()

    held = li.sends()

    assert li.waiting == [photo]
    assert held["line"]["photos_held"] is True


def test_a_tablet_too_full_for_documents_hands_in_its_photos_all_the_same(
    li: OnTheWay, served: Desk
):
    """Else it would never get room again."""
    li("""
      const { prototype } = store.projection.constructor;
      prototype.take_home = async () => { throw new Refused("tablet_full"); };
    """)
    photo = li.photographs()

    held = li.sends()

    assert served.has(photo)
    assert [one["code"] for one in held["line"]["troubles"]] == ["tablet_full"]


def test_what_cannot_be_handed_in_keeps_nothing_from_being_taken_home(
    li: OnTheWay, network: BadNetwork, served: Desk
):
    li.sees()
    served.order(OTHER)
    network.answer_next_as_portal(on=PUSH)

    assert order_stream(OTHER) in li.sends()["orders"]


# the server is not what it was


def put_back(served: Desk, copy: Path) -> None:
    """The server's disk is what it was when this copy was made."""
    served.stop()
    shutil.rmtree(served.config.data)
    subprocess.run(["cp", "-a", copy, served.config.data], check=True)
    served.start()


def copied(served: Desk, copy: Path) -> Path:
    """The server's disk as it is now. Another process reads it: whoever closes a file
    of SQLite's gives up all locks that their process has on it."""
    served.stop()
    subprocess.run(["cp", "-a", served.config.data, copy], check=True)
    served.start()
    return copy


def test_a_server_put_back_to_before_gets_everything_again(
    li: OnTheWay, served: Desk, tmp_path: Path
):
    yesterday = copied(served, tmp_path / "yesterday")
    fact, photo = li.sees(), li.photographs()
    li.sends()
    assert li.waiting == []

    put_back(served, yesterday)
    li.runs().until(lambda: li.line["online"])
    li.hands_over()

    with office(served.config) as parts:
        bodies = Counter(fact_id(one["b"]) for one in parts.feed.facts(0, 1000))
        assert (bodies[fact], parts.shelf.has(photo)) == (1, True)


def test_an_order_that_the_server_forgot_stays_here_and_the_desk_is_told(
    li: OnTheWay, served: Desk, tmp_path: Path
):
    yesterday = copied(served, tmp_path / "yesterday")
    served.order(OTHER)
    li.sends()

    put_back(served, yesterday)
    held = li.sends()

    assert order_stream(OTHER) in held["orders"]
    with office(served.config) as parts, reading(parts.engine) as connection:
        lost = [one for every in incidents(connection) for one in every.lost]
    assert {one.decision["number"] for one in lost} == {OTHER}


def test_a_copied_tablet_goes_on_under_another_name_and_nothing_is_lost(
    li: OnTheWay, waiters: Callable[..., OnTheWay], served: Desk, tmp_path: Path
):
    li.tablet.put_away()
    shutil.copytree(li.tablet.profile, tmp_path / "copy")
    li.tablet.start()
    first = li.ready().sees()
    li.sends()
    copy = waiters("copy")
    second = copy.sees()
    copy.sends()

    third = copy.sees()
    copy.sends()

    assert own(served) == Counter([first, second, third])
    assert len({one["log"] for one in copy.owed()["facts"]}) == 2


# what left is cleared, and nothing else


def in_due_time(asked: Asked, ask: Ask) -> Answer:
    """What left this tablet's scope is to be cleared at once."""
    status, headers, body = ask()
    if not asked.target.startswith("/v1/sync/pull"):
        return status, headers, body
    page = json.loads(body)
    for one in page["gone"]:
        one["purge_ms"] = 1
    return status, headers, json.dumps(page).encode()


def test_an_order_that_left_is_cleared_on_its_date_and_that_is_stated(
    li: OnTheWay, liar: Liar, served: Desk
):
    liar.lie = in_due_time
    served.decide(NUMBER, Dispatched(technician="wang"))

    held = li.sends()
    li.sends()

    assert held["orders"] == []
    stated = [one for one in li.owed()["facts"] if one["kind"] == "purge.done"]
    assert [one["waiting"] for one in stated] == [False]


def test_an_order_about_which_something_is_not_backed_up_is_not_cleared(
    li: OnTheWay, liar: Liar, served: Desk
):
    liar.lie = in_due_time
    li.sees()
    served.decide(NUMBER, Dispatched(technician="wang"))

    assert li.sends()["orders"] == [STREAM]


# reading and waiting


def test_a_document_is_kept_in_the_very_letters_it_came_in(li: OnTheWay):
    """After a restore it is handed back, and the server knows it by them."""
    order = ' { "a" : [ 1 , "}]\\\\\\"{" ] , "b" : { } } '
    page = (
        '{"cursor":"c","epoch":"e","durable_through":0,"complete":true,"newer":[{}],'
        '"documents":[{"stream":"s","rev":1,"order":%s,"private":{},"mac":"m"}]}'
    )

    text = li("return read_page(given).documents[0].text", page % order)

    assert text == order.strip()


def test_beside_a_dead_line_nobody_waits_longer_than_eight_seconds(
    li: OnTheWay,
):
    longest = li("""
      const lost = { report: null, why: new NoAnswer("network"), owes: true };
      const waits = [1, 5, 50].flatMap((failures) => [0, 0.999].map((chance) =>
        wait_after({ ...lost, failures, looking: true }, chance)));
      return Math.max(...waits);
    """)

    assert longest <= 8_000


def test_a_revoked_tablet_hands_in_what_it_has_and_forgets_what_it_took_home(
    li: OnTheWay, served: Desk
):
    fact = li.sees()
    device = li("return (await client.who()).device")
    served.parts.door.revoke(device, served.parts.now())

    held = li.sends()

    assert held["orders"] == []
    assert [(one["id"], one["outcome"]) for one in held["facts"]] == [
        (fact, "quarantined")
    ]


ORIGINALS = """
  let many = 0;
  for (const { name } of await indexedDB.databases()) {
    const done = (asked) => new Promise((yes) => {
      asked.onsuccess = () => yes(asked.result);
    });
    const db = await done(indexedDB.open(name));
    if (db.objectStoreNames.contains("original")) {
      many += await done(db.transaction("original").objectStore("original").count());
    }
    db.close();
  }
  return many;
"""


def test_what_an_owner_had_erased_leaves_the_tablet_and_that_is_stated(
    li: OnTheWay, served: Desk
):
    """The photo that it kept until a backup holds it goes all the same."""
    li.photographs()
    li.sends()
    assert li(ORIGINALS) == 1
    parts = served.parts
    with reading(parts.engine) as connection:
        act = act_on(connection, STREAM, ("photo",), "no. 7", parts.now())
    erase(parts.engine, parts.shelf, parts.keys, act)

    li.sends()
    li.sends()

    stated = [one for one in li.owed()["facts"] if one["kind"] == "erasure.done"]
    assert (li(ORIGINALS), [one["waiting"] for one in stated]) == (0, [False])
