"""What a technician does in a home with the app, in the words of the trade.

May not enter: what is asserted.
"""

import json
import re
from typing import Any, Self

from playwright.sync_api import Locator, expect

from tests.web.tablet import Tablet

STORED = """
async () => {
  const db = await new Promise((found, lost) => {
    const asked = indexedDB.open("doorstep-outbox");
    asked.onsuccess = () => found(asked.result);
    asked.onerror = () => lost(asked.error);
  });
  const all = (name) => new Promise((found) => {
    const asked = db.transaction(name).objectStore(name).getAll();
    asked.onsuccess = () => found(asked.result);
  });
  const facts = (await all("fact")).map((one) => one.b);
  const pictures = [];
  for (const bytes of await all("original")) {
    const held = await bytes.arrayBuffer();
    const sum = new Uint8Array(await crypto.subtle.digest("SHA-256", held));
    const name = [...sum].map((one) => one.toString(16).padStart(2, "0")).join("");
    const seen = await createImageBitmap(bytes).catch(() => null);
    pictures.push([name, held.byteLength, seen?.width ?? 0, seen?.height ?? 0]);
  }
  db.close();
  return { facts, pictures };
}
"""


DRAFTED = """
async (words) => {
  const db = await new Promise((found) => {
    const asked = indexedDB.open("doorstep-outbox");
    asked.onsuccess = () => found(asked.result);
  });
  const drafts = await new Promise((found) => {
    const asked = db.transaction("draft").objectStore("draft").getAll();
    asked.onsuccess = () => found(asked.result);
  });
  db.close();
  return JSON.stringify(drafts).includes(words);
}
"""


class AtWork:
    """Li in somebody's home, tablet in hand."""

    def __init__(self, tablet: Tablet, stream: str) -> None:
        self.tablet, self.page = tablet, tablet.page
        self.order = stream.removeprefix("order:")

    def step(self, name: str) -> Self:
        """Open one step of the order, once the tablet has it."""
        self.tablet.open(f"#/order/{self.order}/{name}")
        self.page.locator(".foot button").first.wait_for()
        return self

    @property
    def here(self) -> str:
        """The step that is shown."""
        return self.page.url.rpartition("/")[2]

    def comes_to(self, step: str) -> Self:
        """Wait until this step is shown."""
        self.page.wait_for_url(re.compile(f"/{step}$"))
        return self

    def chooses(self, *chips: str, nth: int = 0) -> Self:
        """One chip after the other."""
        for chip in chips:
            self.chip(chip).nth(nth).tap()
        return self

    def chip(self, words: str) -> Locator:
        """A chip of these words."""
        called = re.compile(f"^(✓ )?{re.escape(words)}$")
        radio = self.page.get_by_role("radio", name=called)
        return radio.or_(self.page.get_by_role("checkbox", name=called))

    def unfolds(self, words: str) -> Self:
        """What is hidden until somebody wants it."""
        self.page.locator("summary", has_text=words).tap()
        return self

    @property
    def primary(self) -> Locator:
        """The one thing to do next."""
        return self.page.locator("button.primary")

    def goes_on(self, words: str) -> Self:
        """Tap what is next, and it is called so."""
        expect(self.primary).to_contain_text(words)
        self.primary.tap()
        return self

    def takes(self, one: str, times: int = 1) -> Self:
        """So many of this from the favourites."""
        for _time in range(times):
            self.page.locator(".favourite", has_text=one).tap()
        return self

    # the camera

    def shoots(self, photos: int = 1) -> Self:
        """So many pictures, each on disk before the next."""
        for _photo in range(photos):
            before = self.marks.count()
            self.page.get_by_test_id("shutter").tap()
            expect(self.marks).to_have_count(before + 1, timeout=30_000)
        return self

    @property
    def marks(self) -> Locator:
        """What is said of the pictures that were taken."""
        return self.page.locator(".album .truth")

    # what is on disk

    def has_drafted(self, words: str) -> Self:
        """Wait until a draft with these words in it is on disk."""
        for _attempt in range(200):
            if self.page.evaluate(DRAFTED, words):
                return self
            self.page.wait_for_timeout(50)
        raise AssertionError(f"not drafted: {words}")

    def stored(self) -> tuple[list[dict[str, Any]], list[list[Any]]]:
        """Bodies of facts; of each original: name by its bytes, size, width, height."""
        held = self.page.evaluate(STORED)
        return [json.loads(one) for one in held["facts"]], held["pictures"]

    def told(self, kind: str) -> list[dict[str, Any]]:
        """Bodies of this tablet's facts of a kind."""
        return [one for one in self.stored()[0] if one["t"] == kind]

    # the owner

    def owner_says(self, words: str) -> Self:
        """The owner taps this, and gives the tablet back."""
        self.page.get_by_role("button", name=words).tap()
        return self

    def takes_back(self) -> Self:
        """The owner has spoken; two seconds on the way back."""
        self.tablet.shows(re.compile("请把平板交还师傅"))
        button = self.page.locator("[data-hold]")
        button.scroll_into_view_if_needed()
        box = button.bounding_box()
        assert box is not None
        at = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
        self._touch("touchStart", [at])
        expect(button).to_have_count(0)
        self._touch("touchEnd", [])
        return self

    def _touch(self, kind: str, points: list[dict[str, float]]) -> None:
        words = {"type": kind, "touchPoints": points}
        self.tablet.devtools.send("Input.dispatchTouchEvent", words)
