"""What the camera took is the original: named by its bytes, and never drawn in."""

import hashlib
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from sync.facts.visit import DOOR_STEPS, Arrived, DoorProtocol
from sync.facts.work import Photographed, Retracted
from tests.web.at_work import AtWork
from tests.web.desk import Desk
from tests.web.tablet import Tablet
from tests.web.visited import Visit, visiting

LONG_SIDE, MOST_BYTES = 2048, 600_000
FAKE_GREEN = (0, 136, 0)  # of Chromium's camera
NO_CAMERA = """
navigator.mediaDevices.getUserMedia = () =>
  Promise.reject(new DOMException("no", "NotAllowedError"));
"""
Begin = Callable[..., AtWork]


def noise(width: int, height: int) -> bytes:
    """A photo of the sort that no JPEG makes small."""
    held = io.BytesIO()
    Image.effect_noise((width, height), 80).convert("RGB").save(held, "JPEG")
    return held.getvalue()


@pytest.fixture
def begin(
    served: Desk, tablets: Callable[..., Tablet], tmp_path: Path
) -> Callable[..., AtWork]:
    """Li in the home; `consent` to photos or none, `film` before the lens."""

    def at(
        step: str = "before", consent: bool = True, film: Path | None = None
    ) -> AtWork:
        stream = served.order()
        with visiting(served, tmp_path / "other", stream) as visit:
            comes(visit, consent)
            if step == "after":
                visit.finds().photographs("before", "#7a1f1f")
        tablet = tablets(film=film)
        tablet.took_home()
        return AtWork(tablet, stream).step(step)

    return at


def comes(visit: Visit, consent: bool) -> None:
    """At the door; the owner allows photos, or does not."""
    said = {"photo_consent": consent, "place_consent": True, "start_consent": True}
    visit.tells(Arrived()).tells(DoorProtocol(steps=tuple(DOOR_STEPS), **said))


def test_the_fact_names_the_very_bytes_that_are_kept(begin: Begin):
    """U21, offline: what lies on disk is hashed anew."""
    li = begin()

    with li.tablet.away():
        li.shoots(2)
        facts, pictures = li.stored()

    told = [one["bl"][0] for one in facts if one["t"] == "work.photographed"]
    assert len(told) == 2
    assert {one["sha256"] for one in told} == {name for name, *_ in pictures}
    assert [one["bytes"] for one in told] == [size for _, size, *_ in pictures]


def test_a_picture_is_as_large_as_it_may_be_and_no_larger(begin: Begin):
    """What the camera sees is larger; its shape stays."""
    li = begin().shoots()

    ((_, size, width, height),) = li.stored()[1]

    assert (width, height) == (LONG_SIDE, LONG_SIDE * 9 // 16)
    assert size <= MOST_BYTES


def test_twelve_megapixels_of_noise_become_what_may_be_kept(
    begin: Begin, tmp_path: Path
):
    """U21: long side 2,048, at most 600 KB, whatever was before the lens."""
    film = tmp_path / "noise.mjpeg"
    film.write_bytes(noise(4000, 3000) * 2)

    li = begin(film=film).shoots()

    ((_, size, width, height),) = li.stored()[1]
    assert max(width, height) <= LONG_SIDE and size <= MOST_BYTES


def test_nothing_is_drawn_into_a_picture(begin: Begin, served: Desk):
    """The line over it is on the screen alone: below, where it stands, all is green."""
    li = begin().shoots()
    expect(li.page.locator(".viewfinder .watermark")).to_contain_text("DS2026110001")
    expect(li.marks).to_have_text("✓✓ 服务器已收", timeout=20_000)

    ((name, *_),) = li.stored()[1]
    picture = Image.open(served.parts.shelf.open(name)).convert("RGB")

    middle = range(300, picture.width - 300, 40)
    dots = [picture.getpixel((x, picture.height - 12)) for x in middle]
    assert all(near(dot, FAKE_GREEN) for dot in dots), dots


def near(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    """The same colour, as a JPEG has it."""
    return all(abs(a - b) < 24 for a, b in zip(one, other, strict=True))


def test_a_file_from_the_gallery_keeps_its_bytes_and_is_called_so(
    begin: Begin, served: Desk
):
    """U21: larger than anything the camera keeps, and untouched."""
    li, file = begin(), noise(4000, 3000)

    put_in(li, file, "IMG_1.jpg")
    expect(li.marks).to_have_count(1)

    (fact,) = li.told("work.photographed")
    assert fact["bl"][0]["sha256"] == hashlib.sha256(file).hexdigest()
    assert fact["pl"]["source"] == "gallery"
    expect(li.page.locator(".album")).to_contain_text("相册")


def put_in(li: AtWork, file: bytes, name: str) -> None:
    """Choose this file in the gallery."""
    chosen = {"name": name, "mimeType": "image/jpeg", "buffer": file}
    li.page.locator("input[type=file]").set_input_files([chosen])


def test_without_a_camera_the_gallery_does_and_it_says_why(begin: Begin):
    li = begin()
    li.tablet.context.add_init_script(NO_CAMERA)
    li.page.reload()

    li.tablet.shows("没有相机权限")
    put_in(li, noise(640, 480), "IMG_2.jpg")
    expect(li.marks).to_have_count(1)
    li.goes_on("拍好了（1）").comes_to("survey")


def test_without_consent_only_what_shows_nobody_is_taken(begin: Begin):
    """V4a: asked for, refused, and the visit still works."""
    li = begin(consent=False)
    expect(li.page.get_by_test_id("shutter")).to_be_disabled()

    li.chooses("画面里没有人和私人物品").shoots()

    assert len(li.told("work.photographed")) == 1


def test_an_owner_who_agrees_after_all_is_believed(begin: Begin):
    li = begin(consent=False)

    li.page.get_by_role("button", name="业主同意拍照").tap()

    expect(li.page.get_by_test_id("shutter")).to_be_enabled()
    assert li.told("visit.door_protocol")[0]["pl"]["photo_consent"] is True


def test_a_picture_that_was_taken_back_is_gone_from_the_strip_and_told_so(
    begin: Begin, served: Desk
):
    """Its bytes and its fact stay; another takes its place."""
    li = begin().shoots()

    li.page.locator("button.thumb").tap()
    li.page.get_by_role("button", name="没拍清楚").tap()
    expect(li.page.locator(".album li")).to_have_count(0)
    li.shoots()

    (back,) = li.told(Retracted.kind)
    assert back["pl"]["fact"] and len(li.told(Photographed.kind)) == 2


def test_the_picture_before_lies_faintly_over_what_is_seen_after(begin: Begin):
    """The other tablet took it; it is shown as far as its bytes are here."""
    li = begin().shoots()
    li.goes_on("拍好了（1）")
    li.chooses("接口松动", "紧固").goes_on("业主同意").goes_on("下一步：修后拍照")

    ghost = li.page.locator(".ghost")
    ghost.wait_for()
    assert ghost.evaluate("one => getComputedStyle(one).opacity") == "0.35"


def test_what_is_said_to_be_on_disk_is_there_after_a_kill(begin: Begin):
    """Shutter, mark, battery out."""
    li = begin().shoots()
    facts, pictures = li.stored()

    li.tablet.kill()
    again = AtWork(li.tablet.again(), li.order).step("before")

    assert again.stored() == (facts, pictures)
    expect(again.page.locator(".album img")).to_have_count(1)


def test_the_shots_tick_themselves_off_in_turn(begin: Begin):
    li = begin()
    expect(li.page.locator(".shots .next")).to_have_text("门牌")

    li.shoots(2)

    expect(li.page.locator(".shots .taken")).to_have_count(2)
    expect(li.page.locator(".shots .next")).to_have_text("周边")
