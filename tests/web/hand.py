"""A hand on the pad: touches that the browser takes for real ones, and what they left.

May not enter: what is asserted.
"""

from contextlib import suppress
from typing import Any

from playwright.sync_api import TimeoutError as TooLate

from tests.web.tablet import Tablet

DRAFTS = """
(name) => new Promise((found, lost) => {
  const asked = indexedDB.open("doorstep-outbox");
  asked.onerror = () => lost(asked.error);
  asked.onsuccess = () => {
    const db = asked.result;
    const all = db.transaction("draft").objectStore("draft").getAll();
    all.onsuccess = () => {
      db.close();
      found(all.result.find((one) => one.name.startsWith(name))?.value ?? null);
    };
  };
})
"""
INK = """
(canvas) => {
  const { width, height } = canvas;
  const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
  return data.filter((one, at) => at % 4 === 3 && one > 0).length;
}
"""


class Hand:
    """Whoever signs on this tablet."""

    def __init__(self, tablet: Tablet, draft: str = "signature:") -> None:
        self.tablet = tablet
        self._draft = draft  # where this hand's strokes are kept

    def _touch(self, kind: str, *at: tuple[float, float]) -> None:
        points = [{"x": x, "y": y} for x, y in at]
        words = {"type": kind, "touchPoints": points}
        self.tablet.devtools.send("Input.dispatchTouchEvent", words)

    def _at(self, x: float, y: float) -> tuple[float, float]:
        pad = self.tablet.page.get_by_test_id("pad")
        pad.scroll_into_view_if_needed()
        box = pad.bounding_box()
        assert box is not None
        return box["x"] + box["width"] * x, box["y"] + box["height"] * y

    def begins(self, x: float, steps: int = 12) -> None:
        """A stroke that is not over yet."""
        left, top = self._at(x, 0.25)
        self._touch("touchStart", (left, top))
        for step in range(1, steps + 1):
            self._touch("touchMove", (left + 5 * step, top + 12 * (step % 5)))

    def lifts(self) -> None:
        """The hand goes up."""
        self._touch("touchEnd")

    def writes(self, strokes: int = 3) -> None:
        """Some strokes from left to right, and the moment a hand takes to the next
        button: a touch any sooner is no tap to the browser. One that scrolls swallows
        a touch: what the pad never saw is written again, what it saw must be kept."""
        for stroke in range(strokes):
            for _attempt in range(3):
                self.begins(0.15 + 0.2 * stroke)
                self.lifts()
                if self._has_seen(stroke + 1):
                    break
        self.is_kept(strokes)
        self.tablet.page.wait_for_timeout(300)

    def _has_seen(self, strokes: int) -> bool:
        seen = self.tablet.page.locator(f"[data-strokes='{strokes}']")
        with suppress(TooLate):
            seen.wait_for(timeout=2000)
        return seen.is_visible()

    def is_kept(self, strokes: int) -> None:
        """Wait until so many strokes are on disk, with every point that the pad has."""
        pad = self.tablet.page.get_by_test_id("pad")
        for _attempt in range(200):
            points = sum(len(one) for one in self.kept)
            if len(self.kept) == strokes and pad.get_attribute("data-points") == str(
                points
            ):
                return
            self.tablet.page.wait_for_timeout(50)
        raise AssertionError(f"not kept: {[len(one) for one in self.kept]}")

    @property
    def kept(self) -> list[list[list[int]]]:
        """The strokes that are on disk."""
        held = self.tablet.page.evaluate(DRAFTS, self._draft)
        return [] if held is None else held["strokes"]

    @property
    def ink(self) -> int:
        """How many dots of the pad are not white."""
        pad: Any = self.tablet.page.get_by_test_id("pad")
        return int(pad.evaluate(INK))
