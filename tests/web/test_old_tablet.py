"""A tablet of the first release, with unsent facts, is opened by an app two releases
later: everything is taken in, letter by letter, and nothing that was begun is lost."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from playwright.sync_api import Playwright, expect
from sqlalchemy import select

from field_client.client import Client
from field_client.keys import read_key
from field_client.store import Store
from server.database import reading
from server.tables import quarantine
from sync.plain import plain
from sync.signing import b64, public_jwk
from tests.old_release import STORES, OldTablet
from tests.web.at_work import AtWork
from tests.web.desk import Desk
from tests.web.tablet import Tablet
from tests.web.versions import build_marked
from tests.web.visited import photo

BEGUN = {"cause": "接口松动", "mood": "rain"}  # a mood is known to nobody any more
LAYOUT = "src/store/layout.ts"
VERSION, LATER = "PROJECTION_VERSION = 1", "PROJECTION_VERSION = 3"
STORE_OF_LATER = '  store("tomorrow", null, "what nobody thought of yet"),\n];'


Make = Callable[..., tuple[Tablet, OldTablet]]


@pytest.fixture(scope="session")
def two_releases_later(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An app that keeps what can be pulled again in another way; twice changed."""
    return build_marked(
        tmp_path_factory.mktemp("later"), "third", (LAYOUT, VERSION, LATER),
        (LAYOUT, '  counted("reading", "why reading (JSON)"),\n];',
         '  counted("reading", "why reading (JSON)"),\n' + STORE_OF_LATER),
    )  # fmt: skip


# Facts and originals that have no receipt yet.
WAITING = """
new Promise((found) => {
  const asked = indexedDB.open("doorstep-outbox");
  asked.onsuccess = () => {
    const tx = asked.result.transaction(["fact", "blob"]);
    const rows = ["fact", "blob"].map((name) => tx.objectStore(name).getAll());
    tx.oncomplete = () => {
      asked.result.close();
      found(rows.flatMap((one) => one.result).filter((one) => !one.receipt).length);
    };
  };
})
"""


def an_old_tablet(desk: Desk, folder: Path) -> tuple[OldTablet, dict[str, str]]:
    """Enrolled and with one order at home, as of the first release; and its key."""
    stream = desk.order()
    with Store(folder) as store:
        client = Client(store)
        device = plain(client.enrol(desk.code(), desk.url, "平板"))
        client.exchange_once()
        basis, key = client.order(stream).rev, store.outbox.key(lambda: "")
        epoch = client.order(stream).epoch
    del device["certificate"]  # there was none yet
    old = OldTablet(
        device=device, epoch=epoch, stream=stream, basis=basis,
        photo=photo("before", "#7a1f1f"), at_ms=desk.parts.now(),
    )  # fmt: skip
    return old, private_jwk(read_key(key))


def private_jwk(key: ec.EllipticCurvePrivateKey) -> dict[str, str]:
    """As a browser is given it."""
    secret = key.private_numbers().private_value.to_bytes(32, "big")
    return {**public_jwk(key.public_key()), "d": b64(secret)}


@pytest.fixture
def old(chromium: Playwright, served: Desk, tmp_path: Path) -> Iterator[Make]:
    """Makes the profile of such a browser; the app of today has never been in it."""
    made: list[Tablet] = []

    def make(*, home: bool = True) -> tuple[Tablet, OldTablet]:
        held, key = an_old_tablet(served, tmp_path / "first")
        drafts = {f"survey:{held.stream}": BEGUN}
        tablet = Tablet(chromium, tmp_path / "old", served.url)
        made.append(tablet)
        tablet.switch_on()
        tablet.page.goto(f"{served.url}/healthz")
        tablet.page.evaluate(STORES, held.in_a_browser(key, drafts, home=home))
        tablet.seen.forget()
        return tablet, held

    yield make
    for one in made:
        one.put_away()


def held_by(desk: Desk) -> dict[str, tuple[str, str]]:
    """What the server has of tablets: outcome and exact letters of each fact."""
    rows = {fact.id: ("stored", fact.envelope.body) for fact in desk.facts()}
    with reading(desk.parts.engine) as connection:
        for one in connection.execute(select(quarantine)).mappings():
            rows[one["id"]] = ("quarantined", one["body"])
    return rows


@pytest.mark.parametrize("app", ["today", "two_releases_later"])
def test_all_of_an_old_tablets_facts_are_taken_in_as_they_were_written(
    old: Make, served: Desk, app: str,
    request: pytest.FixtureRequest,
):  # fmt: skip
    """Also those that nobody understands any more; each once, none holds up another."""
    later = app != "today"
    if later:
        served.deploy(request.getfixturevalue(app))
    tablet, was = old(home=later)

    tablet.open("#/outbox")
    tablet.shows("2 项需处理")
    tablet.until(f"({WAITING}).then((one) => one === 0)")

    found = held_by(served)
    for one in was.facts:
        assert found[one.id] == (one.outcome, one.body)
    assert served.has(was.sha256)
    assert served.document().visits[0].place is not None
    assert tablet.seen.trouble == []


def test_what_was_begun_on_an_old_tablet_is_still_begun(
    old: Make, two_releases_later: Path, served: Desk
):
    """The only copy there is, with one thing in it that nobody knows any more."""
    served.deploy(two_releases_later)
    tablet, was = old()
    tablet.open()
    tablet.took_home()

    step = AtWork(tablet, was.stream).step("survey")

    expect(step.chip("接口松动")).to_be_checked()
