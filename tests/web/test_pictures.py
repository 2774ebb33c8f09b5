"""Every screen has its picture and its paragraph; the pictures are taken by the tests.

PICTURES=1 .venv/bin/python -m pytest tests/web/test_pictures.py
"""

from tests.gallery import Gallery, asked_for
from tests.house.ground import ROOT
from tests.web.desk import Desk
from tests.web.handed_out import HandOut
from tests.web.tour import TOUR, Stop, walk

GALLERY = Gallery(ROOT / "field_client" / "web")
ENGLISH = "owner-english"
NAMES = {stop.name for stop in TOUR} | {ENGLISH}
ALTOGETHER = 1_500_000


def up_to_owner() -> tuple[Stop, ...]:
    """The way to the sheet that an owner is shown."""
    way = tuple(stop for stop in TOUR if stop.scene == "handing-over")
    return way[: [stop.name for stop in way].index("owner") + 1]


@asked_for
def test_pictures_are_taken_of_every_screen(served: Desk, tablets: HandOut):
    GALLERY.clear()
    chinese = tablets(enrolled=False)
    for stop in walk(chinese):
        GALLERY.take(chinese.page, stop.name)
    english = tablets(enrolled=False, language="en")
    list(walk(english, up_to_owner()))
    GALLERY.take(english.page, ENGLISH)

    assert GALLERY.names == NAMES


def test_every_screen_has_its_picture():
    assert GALLERY.names == NAMES


def test_every_picture_has_its_words():
    assert GALLERY.described == sorted(NAMES)


def test_pictures_are_light():
    assert GALLERY.weight < ALTOGETHER
