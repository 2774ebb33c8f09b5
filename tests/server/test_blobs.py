"""Bytes go out: only through an order the caller may see, inert, whole or in part."""

import os
import tracemalloc
from io import BytesIO

import pytest
from flask import Flask
from PIL import Image
from werkzeug.test import TestResponse

from tests.server.callers import (
    Staff,
    Tablet,
    employ,
    give,
    parts_of,
    sha256_of,
)
from tests.server.hostile_pictures import drawn, encoded

CANARY = "Canary X100"  # a camera that must not be heard of


def with_origin() -> bytes:
    """A photo that says where, when and with what it was taken, lying on its side."""
    picture = drawn((640, 480))
    exif = picture.getexif()
    exif[0x0110], exif[0x0112] = CANARY, 6
    exif.get_ifd(0x8769)[0x9003] = "2025:12:14 11:59:00"
    place = exif.get_ifd(0x8825)
    place[1], place[2] = "N", (23.0, 7.0, 30.0)
    place[3], place[4] = "E", (113.0, 15.0, 0.0)
    return encoded(picture, "JPEG", exif=exif)


PHOTO = encoded(drawn((480, 640)), "JPEG")
TELLING = with_origin()


@pytest.fixture
def photo(app: Flask, li: Tablet) -> bytes:
    """A photo that Li took at an order of hers, and handed in."""
    give(app, "1", "li")
    li.photograph(PHOTO)
    assert li.send(PHOTO).status_code == 204
    return PHOTO


@pytest.fixture
def telling(app: Flask, li: Tablet) -> bytes:
    """A photo that says where and when it was taken."""
    give(app, "1", "li")
    li.photograph(TELLING)
    assert li.send(TELLING).status_code == 204
    return TELLING


def test_an_original_that_says_where_it_was_taken_is_for_those_who_may_know(
    telling: bytes, li: Tablet, chen: Staff
):
    """X11: everybody else sees the preview, which says nothing."""
    assert li.fetch(telling).json["code"] == "original_reserved"
    assert chen.ask("GET", about(telling)).data == telling


def about(data: bytes, what: str = "") -> str:
    return f"/v1/blobs/{sha256_of(data)}{what}"


def shape(answer: TestResponse) -> tuple[int, dict[str, object], set[str]]:
    """Everything of an answer by which one could tell it from another."""
    said = {name for name, _ in answer.headers if name != "Doorstep-Seal"}
    return answer.status_code, answer.json or {}, said


@pytest.mark.parametrize("what", ["", "/preview", "/finding"])
def test_who_has_nothing_to_do_with_the_order_learns_nothing(
    photo: bytes, li: Tablet, wang: Tablet, what: str
):
    """Invariant 16: there for others and not there at all look the same."""
    theirs = wang.ask("GET", about(photo, what))
    nobodys = wang.ask("GET", about(b"never handed in", what))

    assert shape(theirs) == shape(nobodys)
    assert (theirs.status_code, theirs.json["code"]) == (404, "not_found")


def test_who_sees_the_order_gets_the_very_bytes(photo: bytes, li: Tablet, chen: Staff):
    assert li.fetch(photo).data == photo
    assert chen.ask("GET", about(photo)).data == photo


def test_bytes_that_no_order_speaks_of_are_not_shown_even_to_their_sender(li: Tablet):
    li.send(PHOTO)

    assert li.fetch(PHOTO).status_code == 404


def test_bytes_may_come_before_the_fact_that_speaks_of_them(app: Flask, li: Tablet):
    """Invariant 34."""
    give(app, "1", "li")
    li.send(PHOTO)
    li.photograph(PHOTO)

    assert li.fetch(PHOTO).data == PHOTO


def test_after_reassignment_the_former_technician_sees_it_no_more(
    app: Flask, photo: bytes, li: Tablet, wang: Tablet
):
    give(app, "1", "wang")

    assert [li.fetch(photo).status_code, wang.fetch(photo).status_code] == [404, 200]


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [("0-0", 0, 0), ("5-9", 5, 9), ("-10", len(PHOTO) - 10, len(PHOTO) - 1),
     ("100-", 100, len(PHOTO) - 1), ("7-99999999", 7, len(PHOTO) - 1)],
)  # fmt: skip
def test_a_range_is_a_part(photo: bytes, li: Tablet, asked: str, first: int, last: int):
    answer = li.fetch(photo, Range=f"bytes={asked}")

    assert answer.status_code == 206 and answer.data == photo[first : last + 1]
    assert answer.headers["Content-Range"] == f"bytes {first}-{last}/{len(photo)}"


def test_a_range_behind_the_end_is_refused_with_the_length(photo: bytes, li: Tablet):
    answer = li.fetch(photo, Range=f"bytes={len(photo)}-")

    assert (answer.status_code, answer.json["code"]) == (416, "range_out_of_bounds")
    assert answer.headers["Content-Range"] == f"bytes */{len(photo)}"


@pytest.mark.parametrize(
    "asked", ["bytes=1-2,5-6", "lines=1-2", "bytes=x", "bytes=9-2"]
)
def test_a_range_that_makes_no_sense_brings_the_whole(
    photo: bytes, li: Tablet, asked: str
):
    answer = li.fetch(photo, Range=asked)

    assert (answer.status_code, answer.data) == (200, photo)


def test_a_part_of_something_else_brings_the_whole(photo: bytes, li: Tablet):
    other = {"If-Range": '"another"', "Range": "bytes=0-1"}

    assert li.fetch(photo, **other).data == photo


def test_what_the_caller_has_is_not_sent_again(photo: bytes, li: Tablet):
    tag = li.fetch(photo).headers["ETag"]

    assert li.fetch(photo, **{"If-None-Match": tag}).status_code == 304


def test_head_tells_the_length_and_sends_nothing(photo: bytes, li: Tablet):
    answer = li.ask("HEAD", about(photo))

    assert (answer.headers["Content-Length"], answer.data) == (str(len(photo)), b"")


@pytest.mark.parametrize(
    ("said", "sent"),
    [("image/jpeg", "image/jpeg"), ("image/svg+xml", "application/octet-stream"),
     ("text/html", "application/octet-stream"), ("x", "application/octet-stream")],
)  # fmt: skip
def test_no_browser_runs_what_is_handed_out(
    app: Flask, li: Tablet, said: str, sent: str
):
    """X13: whatever its sender called it."""
    page = b"<script>alert(1)</script>"
    give(app, "1", "li")
    li.photograph(page)
    li.send(page, said)

    headers = li.fetch(page).headers

    assert headers["Content-Type"] == sent
    assert headers["Content-Disposition"] == "attachment"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in headers["Content-Security-Policy"]


def test_no_shared_cache_keeps_a_photo(photo: bytes, li: Tablet):
    for what in ("", "/preview", "/finding"):
        kept = li.ask("GET", about(photo, what)).headers["Cache-Control"]
        assert kept.startswith("private") or kept == "no-store"


def test_a_preview_is_upright_small_and_says_nothing_of_its_origin(
    telling: bytes, li: Tablet
):
    """X11."""
    answer = li.ask("GET", about(telling, "/preview?side=256"))

    assert answer.content_type == "image/jpeg" and CANARY.encode() in telling
    with Image.open(BytesIO(answer.data)) as shown:
        assert (shown.size, dict(shown.getexif())) == ((192, 256), {})
    assert CANARY.encode() not in answer.data and b"Exif" not in answer.data


def test_a_preview_is_made_once(
    app: Flask, photo: bytes, li: Tablet, monkeypatch: pytest.MonkeyPatch
):
    first = li.ask("GET", about(photo, "/preview")).data
    monkeypatch.delattr(type(parts_of(app).originals.darkroom), "preview")

    assert li.ask("GET", about(photo, "/preview")).data == first


@pytest.mark.parametrize("side", ["0", "-1", "1023", "99999999999", "x", "1e3"])
def test_previews_come_in_three_sizes(photo: bytes, li: Tablet, side: str):
    answer = li.ask("GET", about(photo, f"/preview?side={side}"))

    assert answer.status_code == 422


def test_what_is_no_picture_says_so_instead_of_a_preview(app: Flask, li: Tablet):
    give(app, "1", "li")
    li.photograph(b"strokes")
    li.send(b"strokes", "application/json")

    answer = li.ask("GET", about(b"strokes", "/preview"))

    assert (answer.status_code, answer.json["code"]) == (422, "picture_not_shown")


@pytest.mark.parametrize(
    ("role", "told"),
    [("dispatcher", True), ("manager", True), ("auditor", True), ("service", False)],
)
def test_where_a_picture_was_taken_is_told_to_those_who_may_know(
    app: Flask, telling: bytes, role: str, told: bool
):
    """X11, `sync.access.READS_PICTURE_ORIGIN`."""
    sun = employ(app, "sun", role)

    answer = sun.ask("GET", about(telling, "/finding"))

    assert ("claims" in answer.json) == told
    assert (CANARY in answer.text) == told


def test_a_technician_learns_what_is_wrong_and_not_where(telling: bytes, li: Tablet):
    answer = li.ask("GET", about(telling, "/finding"))

    assert answer.json["finding"]["flaw"] is None
    assert answer.json["finding"]["width"] == 480
    assert "claims" not in answer.text and CANARY not in answer.text


def test_an_original_is_not_read_into_memory(app: Flask, li: Tablet):
    """Twenty MiB go out in small pieces."""
    data = os.urandom(1 << 20) * 20
    give(app, "1", "li")
    li.photograph(data)
    where = li.begun(data, "application/octet-stream")
    for at in range(0, len(data), 10 << 20):
        li.patch(where, at, data[at : at + (10 << 20)])

    tracemalloc.start()
    seen = sum(len(block) for block in li.fetch(data).response)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert seen == len(data) and most < 4 << 20


CROOKED = (
    "..", ".", "%2e%2e", "..%2f..%2fsigning-key.pem", "%00", "%0a", "aux", "con",
    "ABCDEF" * 10 + "ABCD", "g" * 64, "0" * 63, "0" * 65, "%EF%BC%90" * 64,
    "0" * 64 + "%00",
    "0" * 64 + "%0a", "0" * 64 + ".jpg", "~root", "%252e%252e", "C:%5cwindows",
    "file:%2f%2f%2fetc%2fpasswd", "blobs%2f" + "0" * 64, "'%20or%201=1--", "%ff%fe",
    "..;", "....%2f%2f", "%c0%ae%c0%ae", "0" * 5000,
)  # fmt: skip


@pytest.mark.parametrize("what", ["", "/preview", "/finding"])
def test_no_crooked_name_leads_anywhere(app: Flask, li: Tablet, what: str):
    """X15: a name is 64 hex digits, or it is nothing."""
    for name in CROOKED:
        for doubled in (
            name,
            f"{name}/{name}",
            f"../{name}",
            f"{name}%2f..",
            f"/{name}",
        ):
            answer = li.ask("GET", f"/v1/blobs/{doubled}{what}")
            assert answer.status_code in (308, 400, 404), doubled
            assert b"PRIVATE" not in answer.data
