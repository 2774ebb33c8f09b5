"""Every screen has its picture and its paragraph; the pictures are taken by the tests.

PICTURES=1 .venv/bin/python -m pytest tests/web/test_pictures.py
"""

import io
import os
import re
from collections.abc import Callable

import pytest
from PIL import Image

from tests.house.ground import ROOT
from tests.web.desk import Desk
from tests.web.tablet import Tablet
from tests.web.tour import TOUR, Stop, walk

WEB = ROOT / "field_client" / "web"
PICTURES = WEB / "pictures"
ENGLISH = "owner-english"
NAMES = {stop.name for stop in TOUR} | {ENGLISH}
COLOURS = 32
ALTOGETHER = 1_500_000  # bytes that everybody who clones the project fetches
PARAGRAPH = re.compile(
    r"^!\[[^\]]+\]\(pictures/([\w-]+)\.png\)\n\n(\S.+)$", re.MULTILINE
)
asked_for = pytest.mark.skipif(
    os.environ.get("PICTURES") != "1", reason="PICTURES=1 takes pictures anew"
)


def take(tablet: Tablet, name: str) -> None:
    """One picture, with no more colours than a screen of ours needs."""
    tablet.page.evaluate("() => document.fonts.ready.then(() => true)")
    shot = Image.open(io.BytesIO(tablet.page.screenshot(animations="disabled")))
    few = shot.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    few.save(PICTURES / f"{name}.png", optimize=True)


def up_to_owner() -> tuple[Stop, ...]:
    """The way to the sheet that an owner is shown."""
    way = tuple(stop for stop in TOUR if stop.scene == "handing-over")
    return way[: [stop.name for stop in way].index("owner") + 1]


@asked_for
def test_pictures_are_taken_of_every_screen(
    served: Desk, tablets: Callable[..., Tablet]
):
    PICTURES.mkdir(exist_ok=True)
    for old in PICTURES.glob("*.png"):
        old.unlink()
    chinese = tablets(enrolled=False)
    for stop in walk(chinese):
        take(chinese, stop.name)
    english = tablets(enrolled=False, language="en")
    list(walk(english, up_to_owner()))
    take(english, ENGLISH)

    assert {path.stem for path in PICTURES.glob("*.png")} == NAMES


def test_every_screen_has_its_picture():
    assert {path.stem for path in PICTURES.iterdir()} == NAMES


def test_every_picture_has_its_words():
    said = PARAGRAPH.findall((WEB / "README.md").read_text("utf-8"))

    assert sorted(name for name, _words in said) == sorted(NAMES)


def test_pictures_are_light():
    assert sum(path.stat().st_size for path in PICTURES.iterdir()) < ALTOGETHER
