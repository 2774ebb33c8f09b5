"""Pictures as evidence: the server outlives them all and says what is wrong.

The hardest claim first: nothing that anybody hands in takes the server down, and
after it the next technician's photo is read as always (X10, M13).
"""

import io
import os
import re
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from server.pictures import FLAWS, STILL_SHOWN, Darkroom, Finding, Limits
from server.pictures.claims import Claims, claims_of
from server.pictures.structure import shape_of
from sync.problems import Refused
from tests.server.hostile_pictures import Case, drawn, encoded, hostile, scans

SEED = 20261122
HOSTILE = list(hostile(SEED))
PHOTOS = Path(
    os.environ.get("DOORSTEP_PHOTOS", Path(__file__).parents[3] / "shared" / "photos")
)
ORIENTATION, GPS, EXIF = 0x0112, 0x8825, 0x8769
CANARY = "canary-31.2304"


@pytest.fixture(scope="module")
def darkroom() -> Iterator[Darkroom]:
    room = Darkroom(Limits(cpu_s=2))
    yield room
    room.close()


def by_name(case: Case) -> str:
    return case[0]


def peak_kib(room: Darkroom) -> int:
    """The most memory that the child ever had in use."""
    child = room._child
    assert child is not None
    status = Path(f"/proc/{child._process.pid}/status").read_text()
    return next(int(ln.split()[1]) for ln in status.splitlines() if "VmHWM" in ln)


def half_red(size: tuple[int, int] = (200, 100)) -> Image.Image:
    """Red where its upper left is, blue elsewhere."""
    picture = Image.new("RGB", size, "blue")
    picture.paste("red", (0, 0, size[0] // 2, size[1] // 2))
    return picture


def tagged(**gps: object) -> Image.Exif:
    """EXIF as Li's phone writes it at the door of building 3."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = "Xiaomi", "Xiaomi 14"
    exif[ORIENTATION] = 6
    exif.get_ifd(EXIF)[0x9003] = "2026:12:14 09:30:05"
    exif.get_ifd(EXIF)[0x9011] = "+08:00"
    place = {1: "N", 2: (31.0, 13.0, 49.44), 3: "E", 4: (121.0, 28.0, 25.0)}
    exif.get_ifd(GPS).update(place | gps)
    return exif


def preview_or_flaw(room: Darkroom, data: bytes) -> bytes | str:
    try:
        return room.preview(data, 40)
    except Refused as refusal:
        return refusal.code


# --- hostile files ---------------------------------------------------------------


@pytest.mark.parametrize("case", HOSTILE, ids=by_name)
def test_a_hostile_file_gets_its_finding(darkroom: Darkroom, case: Case) -> None:
    name, data, expected = case

    finding = darkroom.inspect(data)

    if expected == "sound":
        assert finding.flaw is None, name
    elif expected:
        assert finding.flaw == expected, name
    else:
        assert finding.flaw in (None, *FLAWS)


@pytest.mark.parametrize("case", HOSTILE, ids=by_name)
def test_a_hostile_file_gets_a_clean_preview_or_none(
    darkroom: Darkroom, case: Case
) -> None:
    preview = preview_or_flaw(darkroom, case[1])

    sound = shape_of(encoded(drawn(), "JPEG"))
    assert preview in FLAWS or shape_of(preview) == sound


def test_after_all_hostile_files_a_good_photo_is_read(darkroom: Darkroom) -> None:
    for _, data, _ in HOSTILE[::5]:
        darkroom.inspect(data)

    assert darkroom.inspect(encoded(drawn(), "JPEG")).flaw is None


def test_there_are_enough_hostile_files() -> None:
    assert len({data for _, data, _ in HOSTILE}) >= 120


def test_pixels_above_the_limit_are_never_decoded() -> None:
    room = Darkroom(Limits(max_pixels=10_000))
    finding = room.inspect(encoded(drawn((101, 100)), "JPEG"))
    room.close()

    assert finding.flaw == "too_many_pixels"


def test_bytes_above_the_limit_are_never_read(tmp_path: Path) -> None:
    photo = tmp_path / "endless.jpg"
    with photo.open("wb") as file:
        file.truncate(2**40)

    assert Darkroom().inspect(photo) == Finding(flaw="too_many_bytes")


def test_a_picture_that_keeps_the_processor_busy_is_given_up() -> None:
    room = Darkroom(Limits(cpu_s=1))
    finding = room.inspect(scans(3000))
    room.close()

    assert finding.flaw == "too_costly"


def test_a_picture_that_outlasts_the_deadline_is_given_up() -> None:
    room = Darkroom(Limits(cpu_s=60, deadline_s=2))
    finding = room.inspect(scans(3000))
    room.close()

    assert finding.flaw == "too_costly"


def test_a_picture_that_needs_too_much_memory_is_given_up() -> None:
    room = Darkroom(Limits(memory_bytes=160 * 1024 * 1024))
    finding = room.inspect(encoded(Image.new("RGBA", (7000, 7000)), "PNG"))
    room.close()

    assert finding.flaw == "too_costly"


# --- the child -------------------------------------------------------------------


def test_a_child_that_was_killed_says_nothing_about_the_picture() -> None:
    room = Darkroom()
    photo = encoded(drawn(), "JPEG")
    room.inspect(photo)
    os.kill(room._child._process.pid, signal.SIGKILL)  # type: ignore[union-attr]

    finding = room.inspect(photo)
    room.close()

    assert finding.flaw is None


def test_the_child_is_replaced_after_its_share_of_pictures() -> None:
    room = Darkroom(Limits(pictures_per_child=2))
    photo = encoded(drawn(), "JPEG")
    room.inspect(photo)
    first = room._child
    room.inspect(photo)
    room.inspect(photo)
    second = room._child
    room.close()

    assert first is not second


def test_many_threads_share_one_darkroom(darkroom: Darkroom) -> None:
    photos = [encoded(drawn((40 + n, 30)), "PNG") for n in range(24)]
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(darkroom.inspect, photos))

    assert [finding.width for finding in found] == [40 + n for n in range(24)]


def test_a_forked_server_has_its_own_child(darkroom: Darkroom) -> None:
    photo = encoded(drawn(), "JPEG")
    darkroom.inspect(photo)
    fork = os.fork()
    if not fork:
        sound = darkroom.inspect(photo).flaw is None
        darkroom.close()
        os._exit(0 if sound else 1)

    assert os.waitpid(fork, 0)[1] == 0
    assert darkroom.inspect(photo).flaw is None


def test_the_child_sees_no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", CANARY)
    room = Darkroom()
    room.inspect(encoded(drawn(), "JPEG"))
    pid = room._child._process.pid  # type: ignore[union-attr]
    settings = Path(f"/proc/{pid}/environ").read_bytes()
    room.close()

    assert CANARY.encode() not in settings


# --- upright, and nothing but pixels ---------------------------------------------


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_preview_stands_upright(
    darkroom: Darkroom, orientation: int, form: str
) -> None:
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
    lying = half_red()
    if orientation in undo:
        lying = lying.transpose(Image.Transpose(undo[orientation]))
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    photo = encoded(lying, form, exif=exif)

    preview = Image.open(io.BytesIO(darkroom.preview(photo, 100)))

    assert preview.size == (100, 50)
    corner, middle = preview.getpixel((12, 12)), preview.getpixel((75, 37))
    assert (corner[0] > 200, middle[2] > 200) == (True, True)


def test_a_heic_preview_stands_upright(darkroom: Darkroom) -> None:
    lying = half_red().transpose(Image.Transpose.ROTATE_90)
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    photo = encoded(lying, "HEIF", exif=exif.tobytes())

    preview = Image.open(io.BytesIO(darkroom.preview(photo, 100)))

    assert preview.size == (100, 50)
    assert preview.getpixel((12, 12))[0] > 200


def test_the_size_found_is_that_of_the_upright_picture(darkroom: Darkroom) -> None:
    finding = darkroom.inspect(encoded(half_red(), "JPEG", exif=tagged()))

    assert (finding.width, finding.height, finding.orientation) == (100, 200, 6)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_a_preview_carries_no_metadata(darkroom: Darkroom, form: str) -> None:
    """X11: neither place nor camera nor comment leaves with a preview."""
    exif = tagged()
    exif[0x010E] = CANARY
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    said: dict[str, object] = {"exif": exif, "icc_profile": profile}
    if form != "HEIF":
        said |= {"comment": CANARY, "xmp": f"<x>{CANARY}</x>".encode()}
    photo = encoded(half_red(), form, **said)
    assert CANARY.encode() in photo

    preview = darkroom.preview(photo, 80)

    told = (CANARY.encode(), b"Exif", b"ICC_PROFILE", b"xap", b"Xiaomi", b"8BIM")
    assert [word for word in told if word in preview] == []
    assert set(Image.open(io.BytesIO(preview)).info) <= {
        *("jfif", "jfif_version", "jfif_unit", "jfif_density")
    }


def test_colours_of_another_profile_are_turned_into_srgb(darkroom: Darkroom) -> None:
    """A screen on which red and green have changed places shows red as green."""
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    names = {b"rXYZ": b"gXYZ", b"gXYZ": b"rXYZ"}
    swapped = re.sub(rb"[rg]XYZ", lambda name: names[name[0]], srgb)
    photo = encoded(Image.new("RGB", (40, 40), "red"), "PNG", icc_profile=swapped)

    preview = Image.open(io.BytesIO(darkroom.preview(photo, 40)))

    assert preview.getpixel((20, 20))[1] > 200


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16", "CMYK"])
def test_every_kind_of_colour_can_be_shown(darkroom: Darkroom, mode: str) -> None:
    form = "JPEG" if mode == "CMYK" else "PNG"
    photo = encoded(Image.new(mode, (40, 40)), form)

    assert Image.open(io.BytesIO(darkroom.preview(photo, 40))).mode == "RGB"


def test_what_is_transparent_lies_on_white(darkroom: Darkroom) -> None:
    """A signature is drawn on nothing."""
    photo = encoded(Image.new("RGBA", (40, 40), (0, 0, 0, 0)), "PNG")

    preview = Image.open(io.BytesIO(darkroom.preview(photo, 40)))

    assert preview.getpixel((20, 20)) == (255, 255, 255)


def test_a_small_picture_is_not_blown_up(darkroom: Darkroom) -> None:
    preview = darkroom.preview(encoded(drawn((20, 10)), "PNG"), 640)

    assert Image.open(io.BytesIO(preview)).size == (20, 10)


def test_a_damaged_picture_is_still_shown(darkroom: Darkroom) -> None:
    damaged = [data for _, data, flaw in HOSTILE if flaw == "damaged"]

    for data in damaged:
        assert shape_of(darkroom.preview(data, 40)).flaw is None


def test_what_cannot_be_shown_is_refused_with_its_flaw(darkroom: Darkroom) -> None:
    cases = [c for c in HOSTILE if c[2] and c[2] not in ("sound", *STILL_SHOWN)]
    for _, data, flaw in cases[::4]:
        with pytest.raises(Refused) as refusal:
            darkroom.preview(data, 40)
        assert refusal.value.code == flaw


# --- ordinary files are not suspected --------------------------------------------


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_an_ordinary_photo_has_no_flaw(darkroom: Darkroom, form: str) -> None:
    finding = darkroom.inspect(encoded(drawn((641, 479)), form))

    assert (finding.format, finding.flaw) == (form, None)


@pytest.mark.parametrize(
    "how",
    [
        {"progressive": True},
        {"restart_marker_rows": 1},
        {"restart_marker_blocks": 7, "subsampling": 0},
        {"restart_marker_blocks": 5, "subsampling": 1},
        {"progressive": True, "restart_marker_blocks": 5},
        {"optimize": True},
    ],
    ids=str,
)
def test_no_way_to_write_a_jpeg_is_taken_for_damage(how: dict[str, int]) -> None:
    for size in ((8, 8), (63, 65), (200, 131)):
        assert shape_of(encoded(drawn(size), "JPEG", **how)).flaw is None
        assert shape_of(encoded(drawn(size).convert("L"), "JPEG", **how)).flaw is None


def test_a_second_picture_behind_the_first_is_no_offence(darkroom: Darkroom) -> None:
    """Phones append a depth map or a short film."""
    photo = encoded(drawn(), "MPO", save_all=True, append_images=[drawn(seed=1)])

    finding = darkroom.inspect(photo)

    assert (finding.format, finding.flaw) == ("JPEG", None)


def test_a_missing_restart_is_damage() -> None:
    photo = encoded(drawn((200, 100)), "JPEG", restart_marker_rows=1)
    at = photo.index(b"\xff\xd3")

    assert shape_of(photo[:at] + photo[at + 2 :]).flaw == "damaged"


# --- claims ----------------------------------------------------------------------


def test_time_and_place_are_what_the_phone_claims(darkroom: Darkroom) -> None:
    finding = darkroom.inspect(encoded(drawn(), "JPEG", exif=tagged()))

    assert finding.claims == Claims(
        taken_local="2026-12-14T09:30:05+08:00",
        taken_utc_ms=1797211805000,
        place=(312304000, 1214736111),
        camera="Xiaomi 14",
    )


def test_without_an_offset_nobody_knows_the_moment() -> None:
    claims = claims_of({"taken": "2026:12:14 09:30:05"})

    assert (claims.taken_local, claims.taken_utc_ms) == ("2026-12-14T09:30:05", None)


def test_satellites_know_the_moment_better_than_the_camera() -> None:
    claims = claims_of(
        {
            "taken": "2026:12:14 09:30:05",
            "offset": "+09:00",
            "utc_date": "2026:12:14",
            "utc_time": [[1, 1], [30, 1], [577, 100]],
        }
    )

    assert claims.taken_utc_ms == 1797211805000


@pytest.mark.parametrize(
    "said",
    [
        {"lat": [[1, 0], [0, 1], [0, 1]]},
        {"lat": [[91, 1], [0, 1], [0, 1]]},
        {"lat": [[-5, 1], [0, 1], [0, 1]]},
        {"lat": "31.2"},
        {"lat": [31]},
        {"ns": "X"},
        {"ns": None},
        {"lat": [0, 0, 0], "lon": [0, 0, 0]},
    ],
)
def test_an_impossible_place_is_no_place(said: dict[str, object]) -> None:
    whole = {"lat": [31, 13, 49], "ns": "N", "lon": [121, 28, 25], "ew": "E"}
    assert claims_of(whole).place is not None

    assert claims_of(whole | said).place is None


@settings(deadline=None, max_examples=50)
@given(
    lat=st.integers(0, 900_000_000),
    south=st.booleans(),
    lon=st.integers(1, 1_800_000_000),
    west=st.booleans(),
)
def test_a_place_survives_degrees_minutes_and_seconds(
    lat: int, south: bool, lon: int, west: bool
) -> None:
    def parts(e7: int) -> list[list[int]]:
        degrees, rest = divmod(Fraction(e7, 10**7), 1)
        minutes, rest = divmod(rest * 60, 1)
        second = rest * 60
        return [[degrees, 1], [minutes, 1], [second.numerator, second.denominator]]

    said = {"lat": parts(lat), "lon": parts(lon)}
    said |= {"ns": "S" if south else "N", "ew": "W" if west else "E"}

    assert claims_of(said).place == (-lat if south else lat, -lon if west else lon)


ANYTHING = st.recursive(
    st.none() | st.integers() | st.text(max_size=20) | st.booleans(), st.lists
)
NAMES = ("taken", "offset", "utc_date", "utc_time", "lat", "ns", "lon", "ew", "make")


@settings(deadline=None, max_examples=50)
@given(st.dictionaries(st.sampled_from(NAMES), ANYTHING))
def test_no_claim_is_too_odd_to_be_read(tags: dict[str, object]) -> None:
    assert isinstance(claims_of(tags), Claims)


# --- real photos -----------------------------------------------------------------


@pytest.mark.skipif(not PHOTOS.is_dir(), reason=f"no real photos in {PHOTOS}")
def test_real_photos_are_sound_except_the_corrupted_one(darkroom: Darkroom) -> None:
    paths = sorted([*PHOTOS.glob("*.jpg"), *PHOTOS.glob("*.heic")])

    flaws = {path.name: darkroom.inspect(path).flaw for path in paths}

    assert {name for name, flaw in flaws.items() if flaw} == {"corrupted.jpg"}


@pytest.mark.skipif(not PHOTOS.is_dir(), reason=f"no real photos in {PHOTOS}")
def test_no_real_photo_takes_much_memory(darkroom: Darkroom) -> None:
    for path in PHOTOS.glob("*.heic"):
        darkroom.preview(path, 1280)

    assert peak_kib(darkroom) < 512 * 1024
