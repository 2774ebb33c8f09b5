"""What a technician recorded in the browser stays there until the server has it."""

import json
import subprocess
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page

from sync.envelope import fact_id
from sync.order import order_stream
from tests.node import node
from tests.web.desk import NUMBER, Desk
from tests.web.tablet import Tablet

ROOT = Path(__file__).parents[2]
BENCH = Path(__file__).parent / "bench"
STREAM = order_stream(NUMBER)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store and the client in a page without screens."""
    folder = tmp_path_factory.mktemp("bench") / "tablet"
    vite = ROOT / "node_modules" / "vite" / "bin" / "vite.js"
    subprocess.run(
        [node(), vite, "build", "--config", BENCH / "vite.config.ts",
         "--outDir", folder, "--logLevel", "warn"],
        check=True, cwd=ROOT,
    )  # fmt: skip
    return folder


@pytest.fixture(scope="module")
def served(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One desk for all: each test has a tablet of its own."""
    desk = Desk(tmp_path_factory.mktemp("desk"), built)
    with desk.at_work():
        desk.order()
        yield desk


class Bench:
    """One tablet without screens; what it can do, in words."""

    def __init__(self, tablet: Tablet, page: Page | None = None) -> None:
        self.tablet = tablet
        self._page = page

    @property
    def page(self) -> Page:
        return self._page or self.tablet.page

    def __call__(self, script: str, given: Any = None) -> Any:
        """Run this in the page; a refusal comes back as {"refused": code}."""
        return self.page.evaluate(
            """async ([script, given]) => {
              const asked = new (async () => {}).constructor("given", script);
              try { return await asked(given); }
              catch (why) {
                if (why.name !== "Refused") throw why;
                return { refused: why.code, facts: why.facts };
              }
            }""",
            [script, given],
        )

    def open(self) -> "Bench":
        """Open the page, or open it anew."""
        self.page.goto(f"{self.tablet.url}/tablet/")
        return self.ready()

    def ready(self) -> "Bench":
        """Wait until the store is open."""
        self.page.locator("body[data-ready]").wait_for()
        return self

    def again(self) -> "Bench":
        """A new browser on the same profile."""
        self.tablet.again()
        return self.ready()

    def enrol(self, code: str) -> Any:
        return self("return tablet.enrol(given, location.origin, 'bench')", code)

    def exchange(self) -> Any:
        return self("return tablet.exchange_once()")

    def limit(self, more: int) -> None:
        """The browser grants this many bytes beyond what is used. Begun anew, because
        it believes for half a minute what it was granted when it last wrote."""
        self("await store.room.hold()")
        used = self("return navigator.storage.estimate()")["usage"]
        self.again()
        self.tablet.devtools.send(
            "Storage.overrideQuotaForOrigin",
            {"origin": self.tablet.url, "quotaSize": used + more},
        )

    def wipe(self) -> None:
        """Somebody clears the browser's data."""
        self.tablet.devtools.send(
            "Storage.clearDataForOrigin",
            {"origin": self.tablet.url, "storageTypes": "all"},
        )

    def outbox(self) -> Any:
        return self("return outbox(store)")


@pytest.fixture
def benches(tablets: Callable[..., Tablet]) -> Callable[..., Bench]:
    def make() -> Bench:
        return Bench(tablets(enrolled=False)).ready()

    return make


@pytest.fixture
def li(benches: Callable[..., Bench], served: Desk) -> Bench:
    """Li's tablet, enrolled, with one order taken home."""
    bench = benches()
    bench.enrol(served.code("li"))
    bench.exchange()
    return bench


# what was saved


def test_a_fact_and_its_photo_survive_a_browser_killed_right_after(li: Bench):
    fact, photo = li("return photograph(given, 500_000)", STREAM)
    li.tablet.kill()

    held = li.again().outbox()

    assert [one["id"] for one in held["facts"]] == [fact]
    assert [one["found"] for one in held["originals"]] == [photo]


@pytest.mark.parametrize("after_ms", [7, 60, 190, 333, 521])
def test_a_browser_killed_at_any_moment_leaves_whole_facts_in_one_chain(
    li: Bench, after_ms: int
):
    saved: list[str] = []
    li.page.expose_function("saved", lambda one: saved.append(one))  # noqa: PLW0108
    li(
        """(async () => {
          for (;;) await saved((await photograph(given, 300_000))[0]);
        })();""",
        STREAM,
    )
    li.page.wait_for_timeout(after_ms)
    li.tablet.kill()

    held = li.again().outbox()

    assert set(saved) <= {one["id"] for one in held["facts"]}
    assert_whole(held)


def test_two_tabs_that_tell_at_once_leave_neither_a_gap_nor_a_fork(li: Bench):
    other = Bench(li.tablet, li.tablet.context.new_page()).open()
    for bench in (li, other):
        bench(TELL_MANY, [STREAM, 40])
    for bench in (li, other):
        bench("return told")

    held = li.outbox()

    assert len(held["facts"]) == 80
    assert_whole(held)


def test_facts_are_kept_in_the_sequence_in_which_they_were_told(li: Bench):
    """A photo takes longer to hash than a visit to end."""
    li(
        """const photo = photograph(given, 8_000_000);
        await tablet.tell(given, what("visit.left"));
        await photo;""",
        STREAM,
    )

    kinds = [one["said"]["t"] for one in li.outbox()["facts"]]
    assert kinds == ["work.photographed", "visit.left"]


def test_every_write_waits_for_the_disk(li: Bench, served: Desk):
    li.page.add_init_script(COUNTING)
    li.open()
    li("return photograph(given, 1000)", STREAM)
    li("return tablet.keep_draft('words', 'half a sen')")
    li.exchange()

    written = li("return durabilities")

    assert set(written) == {"strict"}
    assert len(written) > 5


def test_the_outbox_lies_as_it_did_in_the_first_release(li: Bench):
    """Frozen for life: whoever changes this digest loses what lies in tablets."""
    described = json.dumps(li("return layout.OUTBOX"), sort_keys=True)

    assert sha256(described.encode()).hexdigest() == LAYOUT


def test_dropping_what_was_taken_home_changes_nothing_of_what_is_owed(li: Bench):
    li("return photograph(given, 1000)", STREAM)
    before = li.outbox()
    li(f"await store.projection.db.close(); {DROP}(layout.PROJECTION_NAME)")

    held = li.again().outbox()

    assert held == before
    li.exchange()
    assert li("return tablet.streams()") == [STREAM]


def test_a_projection_of_another_version_is_thrown_away_in_silence(li: Bench):
    li(OTHER_VERSION)

    assert li.open()("return tablet.streams()") == []
    assert li("return (await tablet.who()).actor") == "li"


def test_a_page_from_before_an_update_takes_nothing_away_from_the_new_one(li: Bench):
    li(OTHER_VERSION)

    assert li("return tablet.streams()")["refused"] == "layout_unknown"
    li("await photograph(given, 10).catch(() => null)", STREAM)
    versions = li("return indexedDB.databases()")
    assert {"name": "doorstep-projection", "version": 99} in versions


def test_an_outbox_that_is_gone_is_never_begun_anew_in_silence(li: Bench):
    """F13: eviction, or somebody tidying up."""
    li("return photograph(given, 1000)", STREAM)
    li.exchange()
    li("await store.close(); " + DROP + "(layout.OUTBOX_NAME)")

    why = li.open()("return [store.code, store.facts.n]")

    assert why == ["outbox_lost", 1]


# a full tablet


def test_photos_never_take_the_room_that_facts_need(li: Bench):
    """F24: the photo is refused and says so; signatures come out of the reserve."""
    li.limit(6_000_000)
    li("await fill()")

    refused = li("await photograph(given, 1_000_000)", STREAM)
    reserved = li("return store.room.holds()")
    kept = li("for (let i = 0; i < 20; i++) await photograph(given, 200_000)", STREAM)

    assert (refused["refused"], reserved, kept) == ("tablet_full", True, None)
    assert_whole(li.outbox())


def test_a_tablet_without_any_room_loses_nothing_and_says_so(li: Bench):
    li.limit(3_000_000)

    refused = li("for (;;) await photograph(given, 250_000)", STREAM)
    before = li.outbox()

    assert refused["refused"] == "tablet_full"
    assert_whole(before)
    assert li.again().outbox() == before


# what was begun


def test_what_was_begun_is_there_again_after_a_kill(li: Bench):
    li("return tablet.keep_draft('words', {said: '角阀'})")
    li.tablet.kill()

    assert li.again()("return tablet.draft('words')") == {"said": "角阀"}


def test_a_draft_ends_with_the_fact_that_it_became(li: Bench):
    li("return tablet.keep_draft('visit', 1)")
    left = "tablet.tell(given, what('visit.left'), {}, {}, {ends: ['visit']})"
    li(f"await {left}", STREAM)

    assert li("return tablet.draft('visit')") is None


def test_a_refused_fact_leaves_its_draft(li: Bench):
    li("return tablet.keep_draft('visit', 1)")
    options = "{ends: ['visit'], check() { throw new Refused('sheet_changed') }}"
    li(f"return tablet.tell(given, what('visit.left'), {{}}, {{}}, {options})", STREAM)

    assert li("return tablet.draft('visit')") == 1
    assert li.outbox()["facts"] == []


def test_an_order_found_on_site_is_there_at_once(li: Bench):
    stream = f"order:{uuid4()}"
    li(
        """const said = what("intake.found_on_site", { registered_ms: 1 });
        await tablet.tell(given, said, { fault: "灯不亮" });""",
        stream,
    )

    sight = li(
        """const sight = (await tablet.sights()).get(given);
        return [sight.order.stage, sight.text(sight.order.request.private, "fault")]""",
        stream,
    )
    assert sight == ["dispatched", "灯不亮"]


def test_the_browser_is_asked_to_keep_it_with_the_first_tap_that_saves(li: Bench):
    """U10: never before, for then it says no."""
    li.page.add_init_script(ASKED.replace("STREAM", STREAM))
    # to look into the page is a gesture too: so it says by itself when it has saved
    with li.page.expect_console_message(lambda one: "saved" in one.text) as told:
        li.page.goto(f"{li.tablet.url}/tablet/")
    before = told.value.args[1].json_value()
    li("onclick = () => tablet.keep_draft('words', 1)")
    li.page.locator("#app").click()

    assert (before, li("return asked")) == ([], [True])


# the sheet


def test_a_sheet_that_changed_after_it_was_shown_is_not_signed(li: Bench):
    """U26: what was shown is what is signed, or nothing is."""
    li("globalThis.shown = await tablet.show_sheet(given, 'zh-CN', '同意')", STREAM)
    li("await photograph(given, 10)", STREAM)

    assert li(ACCEPT)["refused"] == "sheet_changed"


def test_a_word_that_names_another_sheet_is_not_kept(li: Bench):
    li("globalThis.shown = await tablet.show_sheet(given, 'zh-CN', '同意')", STREAM)

    assert li(ACCEPT, "0" * 64)["refused"] == "sheet_changed"


def test_the_owners_word_holds_the_digest_of_the_bytes_shown(li: Bench):
    li("globalThis.shown = await tablet.show_sheet(given, 'zh-CN', '同意')", STREAM)
    digest = li("return sheet.shown_hash(shown.sheet)")
    li(ACCEPT)

    held = li.outbox()
    (said,) = held["facts"]
    assert said["said"]["pl"]["sheet"] == digest
    assert digest in {one["found"] for one in held["originals"]}


# receipts


def test_bytes_stay_until_they_are_receipted_and_backed_up(li: Bench):
    """U13: handed over is not enough."""
    _fact, photo = li("return photograph(given, 1000)", STREAM)
    li.exchange()
    li("await store.outbox.let_go()")
    (handed_over,) = li.outbox()["originals"]
    li("await store.outbox.meet((await store.outbox.server()).epoch, 10 ** 6)")
    li("await store.outbox.let_go()")
    (backed_up,) = li.outbox()["originals"]

    assert (handed_over["waiting"], handed_over["found"]) == (False, photo)
    assert (backed_up["safe"], backed_up["found"]) == (True, None)


# several people


def test_two_people_share_a_tablet_and_each_signs_as_themselves(
    li: Bench, served: Desk
):
    li("await tablet.tell(given, what('visit.arrived'))", STREAM)
    before = li.outbox()
    li.enrol(served.code("wang"))
    assert li.outbox() == before
    li.exchange()
    served.order("DS2026110777", to="wang")
    li.exchange()
    li("await tablet.tell(given, what('visit.arrived'))", order_stream("DS2026110777"))
    li.exchange()

    facts = li.outbox()["facts"]
    assert [one["said"]["by"] for one in facts] == ["li", "wang"]
    assert {one["waiting"] for one in facts} == {False}
    assert {one["log"] for one in facts} == {before["logs"][0]["log"]}


def test_a_person_sees_their_own_orders_only(li: Bench, served: Desk):
    li.enrol(served.code("wang"))

    assert STREAM not in li("return tablet.streams()")
    li("await tablet.people.switch_to('li', '')")
    assert STREAM in li("return tablet.streams()")


def test_a_wrong_pin_lets_nobody_in_and_many_are_slowed(li: Bench, served: Desk):
    li("await tablet.people.set_pin('2580')")
    li.enrol(served.code("wang"))
    tries = [li("return tablet.people.switch_to('li', '1111')") for _ in range(6)]

    assert [one["refused"] for one in tries] == ["pin_wrong"] * 5 + ["pin_slow"]
    assert li("return (await tablet.who()).actor") == "wang"


def test_a_pin_lets_its_person_in_without_a_network(li: Bench, served: Desk):
    li("await tablet.people.set_pin('2580')")
    li.enrol(served.code("wang"))
    with li.tablet.away():
        li("await tablet.people.switch_to('li', '2580')")

    assert li("return (await tablet.who()).actor") == "li"


def test_nobody_logs_out_while_something_is_unsent(li: Bench):
    """U14."""
    li("await photograph(given, 1000)", STREAM)
    blocked = li("return tablet.people.log_out()")
    li.exchange()
    li("await tablet.people.log_out()")

    assert blocked["refused"] == "unsent_left"
    assert blocked["facts"] == {"facts": 1, "originals": 1}
    told = li("return tablet.tell(given, what('visit.left'))", STREAM)
    assert told["refused"] == "nobody_in"


def test_the_device_key_cannot_be_taken_out(li: Bench):
    taken = li(
        """const { privateKey } = await store.outbox.held_key();
        return crypto.subtle.exportKey("jwk", privateKey).catch((why) => why.name)"""
    )

    assert taken == "InvalidAccessError"


# clocks


def test_after_a_reload_the_page_clock_is_another_one(li: Bench):
    li("await tablet.tell(given, what('visit.arrived'))", STREAM)
    li.open()
    li("await tablet.tell(given, what('visit.left'))", STREAM)

    before, after = (one["said"]["at"] for one in li.outbox()["facts"])
    assert before["i"] != after["i"]
    assert "km" in before
    assert "km" not in after


# the rescue bundle


def test_a_bundle_saves_what_was_unsent_when_the_browser_lost_it(
    li: Bench, served: Desk, tmp_path: Path
):
    """U11: export, wipe, import: the same digests, and nothing twice."""
    fact, photo = li("return photograph(given, 2_500_000)", STREAM)
    with li.page.expect_download() as carried:
        li(EXPORT)
    carried.value.save_as(tmp_path / "rescue")
    li.wipe()

    told = [
        json.loads(served.doorstep(*BRING, str(tmp_path / "rescue")).stdout)
        for _ in range(2)
    ]

    brought = [fact_id(one["b"]) for one in served.bodies()]
    assert brought.count(fact) == 1
    assert served.has(photo)
    assert [one["unsigned"] for one in told] == [0, 0]


LAYOUT = "17ce6a8b7812fa125f69243fbce3a89e2954f1b818ac67de1ee893b4f0cff137"
ACCEPT = """
const digest = given ?? await sheet.shown_hash(shown.sheet);
const said = what("acceptance.accepted",
  { round: 1, sheet: digest, covers: [], relation: "owner" });
const strokes = new TextEncoder().encode("[[[1,1,0,5],[2,2,9,5]]]");
return tablet.tell_on_sheet(shown, said, { signer: "赵敏" }, strokes);
"""
EXPORT = """
const { file } = await export_bundle(tablet);
const link = document.createElement("a");
link.href = URL.createObjectURL(file);
link.download = "rescue";
link.click();
"""
BRING = ("import", "bundle", "--json")
OTHER_VERSION = """
await new Promise((done) => {
  const asked = indexedDB.open(layout.PROJECTION_NAME, 99);
  asked.onsuccess = () => { asked.result.close(); done(); };
});
"""
DROP = "indexedDB.deleteDatabase"
TELL_MANY = """
globalThis.told = (async () => {
  for (let i = 0; i < given[1]; i++) await photograph(given[0], 10);
})();
"""
ASKED = """
globalThis.asked = [];
new MutationObserver(async () => {
  const { ready, saved } = document.body?.dataset ?? {};
  if (ready === undefined || saved !== undefined) return;
  document.body.dataset.saved = "";
  await photograph("STREAM", 10);
  console.log("saved", [...asked]);
}).observe(document, { attributes: true, subtree: true });
StorageManager.prototype.persist = async () => {
  asked.push(navigator.userActivation.isActive);
  return true;
};
"""
COUNTING = """
globalThis.durabilities = [];
const begin = IDBDatabase.prototype.transaction;
IDBDatabase.prototype.transaction = function (...given) {
  const tx = begin.apply(this, given);
  if (tx.mode === "readwrite") durabilities.push(tx.durability);
  return tx;
};
"""


def assert_whole(held: Any) -> None:
    """Every fact follows the one before it, and all that it speaks of is there."""
    (log,) = held["logs"]
    facts = held["facts"]
    assert [one["n"] for one in facts] == list(range(1, len(facts) + 1))
    assert [one["said"]["p"] for one in facts[1:]] == [one["id"] for one in facts[:-1]]
    assert (log["n"], log["tip"]) == (len(facts), facts[-1]["id"] if facts else None)
    named = {ref["sha256"] for one in facts for ref in one["said"].get("bl", ())}
    assert {one["found"] for one in held["originals"]} == named
