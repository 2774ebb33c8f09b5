"""From the shutter to "saved on this tablet": 12 megapixels, a processor at a sixth of
this machine's speed, no line (U21).

What is waited for is the mark beside the picture, which stands there only once fact and
bytes are on disk. May not enter: what is too long.
"""

import io
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from PIL import Image
from playwright.sync_api import sync_playwright

from infra import web_apps
from sync.facts.visit import DOOR_STEPS, Arrived, DoorProtocol
from tests.web.at_work import AtWork
from tests.web.desk import Desk
from tests.web.tablet import Tablet
from tests.web.visited import visiting

WIDTH, HEIGHT = 4000, 3000
CPU = 6
PHOTOS = 5
AIM_MS = 2_000

# By the page's own clock: the tap on the shutter, and the mark of the picture.
WATCH = """
() => {
  globalThis.shutter = { tapped: [], saved: [] };
  addEventListener("click", (event) => {
    if (event.target.closest("[data-testid=shutter]")) {
      shutter.tapped.push(performance.now());
    }
  }, true);
  let marks = document.querySelectorAll(".album .truth").length;
  new MutationObserver(() => {
    const now = document.querySelectorAll(".album .truth").length;
    if (now > marks) shutter.saved.push(performance.now());
    marks = now;
  }).observe(document.body, { subtree: true, childList: true });
}
"""

Row = dict[str, Any]


def measure() -> Iterator[Row]:
    """How long a technician waits for each of some photos, the first one apart."""
    web_apps.bring_up_to_date()
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="bench"))
        work = stack.enter_context(_at_the_camera(Path(folder)))
        waited = _waited_ms(work)
        sizes = [size for _, size, *_ in work.stored()[1]]
    slow = f"12 megapixels, {CPU}x slower processor (aim: {AIM_MS:,})"
    yield _row(f"shutter to saved, {slow}", "ms", median(waited))
    yield _row(f"shutter to saved, the slowest of {PHOTOS}", "ms", max(waited))
    yield _row("photo as it is kept", "bytes", median(sizes))


def _row(what: str, unit: str, found: float) -> Row:
    return {"measure": f"tablet: {what}", "unit": unit, "ours": found, "floor": None}


def _waited_ms(work: AtWork) -> list[float]:
    work.page.evaluate(WATCH)
    work.tablet.offline()
    work.tablet.slow(cpu=CPU)
    work.shoots(PHOTOS)
    held = work.page.evaluate("shutter")
    return [b - a for a, b in zip(held["tapped"], held["saved"], strict=True)]


@contextmanager
def _at_the_camera(folder: Path) -> Iterator[AtWork]:
    """A camera of 12 megapixels that looks at something with edges and grain."""
    film = folder / "scene.mjpeg"
    film.write_bytes(_scene() * 2)
    desk = Desk(folder / "desk", web_apps.TABLET.built)
    with sync_playwright() as playwright, desk.at_work():
        stream = desk.order()
        with visiting(desk, folder / "other", stream) as visit:
            yes = {"photo_consent": True, "place_consent": True, "start_consent": True}
            visit.tells(Arrived()).tells(DoorProtocol(steps=tuple(DOOR_STEPS), **yes))
        tablet = Tablet(playwright, folder / "tablet", desk.url, film=film)
        try:
            tablet.start()
            tablet.enrol(desk.code())
            tablet.took_home()
            yield AtWork(tablet, stream).step("before")
        finally:
            tablet.put_away()


def _scene() -> bytes:
    """Half grain, half colours that run into each other."""
    grain = Image.effect_noise((WIDTH, HEIGHT), 40).convert("RGB")
    runs = Image.linear_gradient("L").resize((WIDTH, HEIGHT)).convert("RGB")
    held = io.BytesIO()
    Image.blend(grain, runs, 0.6).save(held, "JPEG", quality=90)
    return held.getvalue()
