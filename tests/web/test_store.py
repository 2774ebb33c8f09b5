"""What a technician recorded in the browser stays there until the server has it."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

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


def test_every_write_waits_for_the_disk(li: Bench, served: Desk):
    li.page.add_init_script(COUNTING)
    li.open()
    li("return photograph(given, 1000)", STREAM)
    li("return tablet.keep_draft('words', 'half a sen')")
    li.exchange()

    written = li("return durabilities")

    assert set(written) == {"strict"}
    assert len(written) > 5


TELL_MANY = """
globalThis.told = (async () => {
  for (let i = 0; i < given[1]; i++) await photograph(given[0], 10);
})();
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
