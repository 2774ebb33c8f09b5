"""The desk's code comes into the tablet by its camera or by a link, without a key."""

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import segno
from PIL import Image
from playwright.sync_api import Playwright, expect

from server.commands.people import enrolment_link
from tests.web.desk import Desk
from tests.web.tablet import Tablet

FRAME = (1280, 720)
ELSE = "https://shop.example/towels/100% cotton"  # a badly written address
FETCHED = """performance.getEntriesByType("resource")
  .some((one) => one.name.includes("/decode-"))"""
# As the platform's own class looks where the system below it has no reader.
READS_NOTHING = """
globalThis.BarcodeDetector = class {
  static getSupportedFormats() { return Promise.resolve([]); }
  constructor() { throw new TypeError("nothing can be read here"); }
};
"""


def held_before_the_camera(text: str, film: Path) -> Path:
    """A code on a phone that somebody holds a little askew; a film of one picture."""
    drawn = io.BytesIO()
    segno.make(text, error="m").save(drawn, kind="png", scale=8, border=4)
    code = Image.open(drawn).convert("RGB").rotate(7, expand=True, fillcolor="#9aa0a6")
    frame = Image.new("RGB", FRAME, "#9aa0a6")
    frame.paste(code, ((FRAME[0] - code.width) // 2, (FRAME[1] - code.height) // 2))
    held = io.BytesIO()
    frame.save(held, "JPEG", quality=80)
    film.write_bytes(held.getvalue() * 2)
    return film


Scanning = Callable[..., Tablet]


@pytest.fixture
def scanning(tablets: Callable[..., Tablet], tmp_path: Path) -> Scanning:
    """A new tablet that looks at a code with these words."""

    def look(words: str, before: str = "") -> Tablet:
        film = held_before_the_camera(words, tmp_path / "film.mjpeg")
        tablet = tablets(enrolled=False, film=film)
        if before:
            tablet.context.add_init_script(before)
            tablet.open()
        tablet.tap("扫二维码")
        return tablet

    return look


@pytest.mark.parametrize("browser", ["", READS_NOTHING], ids=["none", "reads nothing"])
def test_a_browser_without_a_reader_of_its_own_reads_the_desks_code(
    scanning: Scanning, served: Desk, browser: str
):
    tablet = scanning(enrolment_link(served.url, served.code()), browser)
    expect(tablet.page.locator("video.reader")).to_have_count(0)  # it has read it
    tablet.tap("登记")

    tablet.shows(re.compile("登记好了：li"))
    assert tablet.seen.keys == []
    assert tablet.seen.trouble == []


def test_the_reader_is_fetched_only_to_scan_and_is_there_without_a_line(
    chromium: Playwright, served: Desk, tmp_path: Path
):
    film = held_before_the_camera(ELSE, tmp_path / "film.mjpeg")
    tablet = Tablet(chromium, tmp_path / "new", served.url, film=film).start()
    tablet.ready_for_offline()
    assert not tablet.page.evaluate(FETCHED)
    with tablet.away():
        tablet.tap("扫二维码")
        tablet.shows(re.compile("这不是登记码"))
    assert tablet.page.evaluate(FETCHED)

    tablet.put_away()


def test_the_code_of_something_else_is_said_to_be_none(scanning: Scanning):
    """And not to be a camera that cannot be opened."""
    tablet = scanning(ELSE)

    tablet.shows(re.compile("这不是登记码"))
    expect(tablet.page.get_by_role("button", name="扫二维码")).to_be_visible()


def test_a_link_that_is_followed_while_the_screen_is_open_fills_in_its_code(
    tablets: Callable[..., Tablet], served: Desk
):
    tablet = tablets(enrolled=False)
    code = served.code()
    field = tablet.page.get_by_role("textbox", name="登记码")
    field.fill("ABC")
    tablet.page.evaluate("globalThis.stayed = true")

    tablet.page.evaluate(f"location.href = '{enrolment_link(served.url, code)}'")

    expect(field).to_have_value(code)
    assert tablet.page.evaluate("globalThis.stayed")
    tablet.tap("登记")
    tablet.shows(re.compile("登记好了：li"))
