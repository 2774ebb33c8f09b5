"""Bytes come in over a bad line: whole and verified, or not visible at all (F4)."""

import base64
import hashlib
import os
import resource
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask

from sync.problems import Refused
from tests.server.callers import PIECE, TUS, Tablet, parts_of, sha256_of
from tests.server.conftest import Clock
from tests.server.hostile_pictures import drawn, encoded

STROKES = b'{"strokes":[[10,20,0],[11,22,16]]}'
WEEK_MS = 7 * 24 * 3_600_000


def files(app: Flask) -> list[str]:
    """What lies in the folder of unfinished uploads."""
    folder = parts_of(app).config.data / "uploads"
    return sorted(path.name for path in folder.iterdir())


def kept(app: Flask, data: bytes) -> bool:
    """Do exactly these bytes lie on the shelf?"""
    shelf, name = parts_of(app).shelf, sha256_of(data)
    return shelf.has(name) and shelf.open(name).read() == data


def cut(tablet: Tablet, where: str, offset: int, piece: bytes, at: int) -> int:
    """A signed PATCH whose body ends after `at` bytes; the status that nobody reads."""
    said = tablet.signed("PATCH", where, piece) | PIECE
    answer = tablet.app.test_client().open(
        where, method="PATCH", headers=said | {"Upload-Offset": str(offset)},
        input_stream=BytesIO(piece[:at]), content_length=len(piece),
    )  # fmt: skip
    return answer.status_code


def test_a_piece_cut_at_any_byte_leaves_nothing_and_is_sent_again(
    app: Flask, li: Tablet
):
    """F4, invariant 33."""
    where = li.begun(STROKES)
    for at in range(len(STROKES)):
        assert cut(li, where, 0, STROKES, at) in (400, 401)
        assert (li.offset(where), li.has_receipt(STROKES)) == (0, False)

    li.patch(where, 0, STROKES)

    assert kept(app, STROKES)


def test_an_upload_goes_on_byte_by_byte_and_appears_with_the_last_one(
    app: Flask, li: Tablet
):
    where = li.begun(STROKES)
    for at in range(len(STROKES)):
        assert not li.has_receipt(STROKES)
        assert li.offset(where) == at
        li.patch(where, at, STROKES[at : at + 1])

    assert kept(app, STROKES) and li.has_receipt(STROKES) and files(app) == []


def test_a_lost_answer_to_the_last_piece_is_found_out_by_asking(li: Tablet):
    where = li.begun(STROKES)
    li.patch(where, 0, STROKES)

    again = li.patch(where, 0, STROKES)

    assert (again.status_code, again.json["offset"]) == (409, len(STROKES))
    assert li.offset(where) == len(STROKES)


def test_begun_twice_it_is_one_upload_that_goes_on(li: Tablet):
    """Whoever lost the answer to POST asks again (F1)."""
    where = li.begun(STROKES)
    li.patch(where, 0, STROKES[:9])

    again = li.begin(STROKES)

    assert again.headers["Location"] == where
    assert again.headers["Upload-Offset"] == "9"


def test_bytes_may_come_along_with_the_beginning(app: Flask, li: Tablet):
    answer = li.begin(STROKES, body=STROKES)

    assert answer.headers["Upload-Offset"] == str(len(STROKES))
    assert kept(app, STROKES)


def test_nothing_at_all_is_an_upload_too(app: Flask, li: Tablet):
    li.begun(b"")

    assert kept(app, b"")


def test_bytes_that_are_here_need_not_be_sent_again(li: Tablet, wang: Tablet):
    li.send(STROKES)

    answer = wang.begin(STROKES)

    assert answer.headers["Upload-Offset"] == str(len(STROKES))


def test_bytes_that_the_shelf_lost_are_taken_again(app: Flask, li: Tablet):
    li.send(STROKES)
    parts_of(app).shelf.delete(sha256_of(STROKES))

    li.send(STROKES)

    assert kept(app, STROKES)


def test_other_bytes_than_announced_are_thrown_away(app: Flask, li: Tablet):
    """F23: nothing visible, and the same upload can be begun anew."""
    where = li.begun(STROKES)

    answer = li.patch(where, 0, b"?" * len(STROKES))

    assert (answer.status_code, answer.json["code"]) == (422, "blob_digest_differs")
    assert li.ask("HEAD", where, headers=TUS).status_code == 404
    assert files(app) == [] and not li.has_receipt(STROKES)
    assert li.send(STROKES).status_code == 204


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_a_piece_that_was_changed_on_the_way_is_not_added(li: Tablet, algorithm: str):
    where = li.begun(STROKES)
    right = base64.b64encode(hashlib.new(algorithm, STROKES[:5]).digest()).decode()
    said = {"Upload-Checksum": f"{algorithm} {right}"}

    assert li.patch(where, 0, STROKES[1:6], said).status_code == 460
    assert li.offset(where) == 0
    assert li.patch(where, 0, STROKES[:5], said).status_code == 204


def test_of_two_that_write_at_once_one_is_told_to_wait(app: Flask, li: Tablet):
    where = li.begun(STROKES)
    uploads, now = parts_of(app).uploads, parts_of(app).now()
    one = uploads.find(where.rpartition("/")[2], li.device, now)

    with uploads._alone(one):
        answer = li.patch(where, 0, STROKES)

    assert (answer.status_code, answer.json["code"]) == (423, "upload_busy")
    assert "Retry-After" in answer.headers and li.offset(where) == 0


def test_many_that_send_the_same_pieces_at_once_make_one_whole(app: Flask, li: Tablet):
    photo = os.urandom(300_000)
    where, step = li.begun(photo, "application/octet-stream"), 50_000

    def send(_: int) -> None:
        for at in range(0, len(photo), step):
            li.patch(where, at, photo[at : at + step])

    with ThreadPoolExecutor(4) as hands:
        list(hands.map(send, range(4)))
    while (at := li.offset(where)) < len(photo):
        li.patch(where, at, photo[at : at + step])

    assert kept(app, photo)


def test_nobody_elses_upload_can_be_seen_or_touched(li: Tablet, wang: Tablet):
    where = li.begun(STROKES)

    theirs = [
        wang.ask("HEAD", where, headers=TUS),
        wang.patch(where, 0, STROKES),
        wang.ask("DELETE", where, headers=TUS),
    ]

    assert [answer.status_code for answer in theirs] == [404, 404, 404]
    assert li.offset(where) == 0


def test_giving_up_removes_what_came_so_far(app: Flask, li: Tablet):
    where = li.begun(STROKES)
    li.patch(where, 0, STROKES[:9])

    assert li.ask("DELETE", where, headers=TUS).status_code == 204
    assert files(app) == []


def test_giving_up_after_the_end_keeps_the_bytes(app: Flask, li: Tablet):
    where = li.begun(STROKES)
    li.patch(where, 0, STROKES)

    li.ask("DELETE", where, headers=TUS)

    assert kept(app, STROKES) and li.has_receipt(STROKES)


def test_what_is_never_finished_is_swept_after_a_week(
    app: Flask, li: Tablet, clock: Clock
):
    where = li.begun(STROKES)
    li.patch(where, 0, STROKES[:9])
    clock.ms += WEEK_MS

    assert li.ask("HEAD", where, headers=TUS).status_code == 404
    assert parts_of(app).uploads.sweep(clock.ms) == 1 and files(app) == []


def test_the_sweep_removes_files_that_belong_to_nothing(app: Flask, clock: Clock):
    stray = parts_of(app).config.data / "uploads" / ("0" * 32)
    stray.write_bytes(STROKES)

    assert parts_of(app).uploads.sweep(clock.ms) == 1


def spooled(app: Flask, li: Tablet, monkeypatch: pytest.MonkeyPatch) -> str:
    """An upload whose last byte came while the store was down."""
    where = li.begun(STROKES)
    with monkeypatch.context() as while_down:
        while_down.setattr(type(parts_of(app).shelf), "keep_file", store_is_down)
        answer = li.patch(where, 0, STROKES)
    assert (answer.status_code, answer.json["code"]) == (503, "storage_unavailable")
    assert "Retry-After" in answer.headers and not li.has_receipt(b"other")
    return where


def store_is_down(*_: object) -> None:
    raise Refused("storage_unavailable")


@pytest.mark.parametrize("way", ["HEAD", "POST", "PATCH", "have", "start"])
def test_bytes_wait_for_a_store_that_is_down(
    app: Flask,
    li: Tablet,
    start: Callable[..., Flask],
    monkeypatch: pytest.MonkeyPatch,
    way: str,
):
    """F21: spooled whole; whichever contact comes next brings them in."""
    where = spooled(app, li, monkeypatch)
    ways: dict[str, Callable[[], object]] = {
        "HEAD": lambda: li.offset(where),
        "POST": lambda: li.begin(STROKES),
        "PATCH": lambda: li.patch(where, len(STROKES), b""),
        "have": lambda: li.has_receipt(STROKES),
        "start": start,
    }

    ways[way]()

    assert kept(app, STROKES) and li.has_receipt(STROKES) and files(app) == []


@pytest.mark.parametrize("step", ["keep", "receipt", "note"])
def test_a_crash_between_any_two_steps_is_repaired_at_the_next_start(
    app: Flask,
    li: Tablet,
    start: Callable[..., Flask],
    monkeypatch: pytest.MonkeyPatch,
    step: str,
):
    where, parts = li.begun(STROKES), parts_of(app)
    after: dict[str, tuple[type, str]] = {
        "keep": (type(parts.shelf), "keep_file"),
        "receipt": (type(parts.ledger), "blob_arrived"),
        "note": (Path, "unlink"),
    }
    with monkeypatch.context() as crashing:
        crash_behind(crashing, *after[step])
        answer = li.patch(where, 0, STROKES)
    assert answer.status_code == 500

    start()

    assert kept(app, STROKES) and li.has_receipt(STROKES) and files(app) == []


def crash_behind(monkeypatch: pytest.MonkeyPatch, where: type, name: str) -> None:
    """The step is done, and nothing after it."""
    whole = getattr(where, name)

    def done_and_gone(*given: object, **named: object) -> None:
        whole(*given, **named)
        raise RuntimeError(name)

    monkeypatch.setattr(where, name, done_and_gone)


def test_a_full_disk_acknowledges_nothing_and_works_again_afterwards(
    app: Flask, li: Tablet
):
    photo = os.urandom(12 * 1024 * 1024)
    where = li.begun(photo, "application/octet-stream")
    li.patch(where, 0, photo[:1000])

    with no_file_longer_than(6 * 1024 * 1024):
        answer = li.patch(where, 1000, photo[1000:])

    assert (answer.status_code, answer.json["code"]) == (507, "storage_full")
    assert li.offset(where) == 1000
    li.patch(where, 1000, photo[1000:])
    assert kept(app, photo)


@contextmanager
def no_file_longer_than(most: int) -> Iterator[None]:
    """The kernel writes a file up to this length, then refuses, as a full disk does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_too_large_a_file_is_refused_before_a_byte_is_sent(li: Tablet):
    answer = li.begin(STROKES, **{"Upload-Length": str(41 * 1024 * 1024)})

    assert (answer.status_code, answer.json["code"]) == (413, "blob_too_large")


def test_more_bytes_than_announced_are_refused(li: Tablet):
    where = li.begun(STROKES)

    assert li.patch(where, 0, STROKES + b"!").status_code == 413
    assert li.offset(where) == 0


def test_the_server_says_what_it_can(app: Flask):
    said = app.test_client().options("/v1/uploads").headers

    assert said["Tus-Version"] == "1.0.0" and said["Tus-Max-Size"] == str(40 << 20)
    assert set(said["Tus-Extension"].split(",")) == {
        "creation", "creation-with-upload", "checksum", "expiration", "termination",
    }  # fmt: skip


@pytest.mark.parametrize("version", ["", "0.2.2", "2.0.0"])
def test_another_tus_is_told_ours(li: Tablet, version: str):
    answer = li.begin(STROKES, **{"Tus-Resumable": version})

    assert (answer.status_code, answer.headers["Tus-Version"]) == (412, "1.0.0")
    assert answer.headers["Tus-Resumable"] == "1.0.0"


def test_a_whole_photo_has_no_flaw(app: Flask, li: Tablet):
    photo = encoded(drawn(), "JPEG")

    assert li.send(photo).status_code == 204
    assert parts_of(app).findings.look(parts_of(app).now())
    found = parts_of(app).originals.held(sha256_of(photo))
    assert found is not None and found.finding is not None
    assert (found.finding["format"], found.finding["flaw"]) == ("JPEG", None)


def test_a_broken_photo_is_kept_and_said_to_be_broken(app: Flask, li: Tablet):
    """F23: asked to take it again while still on site; the bytes stay evidence."""
    photo = encoded(drawn((400, 300)), "JPEG")[:-5000]

    assert li.send(photo).status_code == 204
    assert parts_of(app).findings.look(parts_of(app).now())

    said = li.ask_json("POST", "/v1/sync/have", {"blobs": [sha256_of(photo)]}).json
    assert said["blobs"][sha256_of(photo)]["flaw"] == "truncated"
    assert kept(app, photo)
