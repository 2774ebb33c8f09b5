"""Where bytes lie: one contract, on a disk and on a real S3 store.

The hardest claim first: whatever interrupts a put, a blob is there whole or not at
all (F4, invariant 33).
"""

import errno
import hashlib
import io
import os
import random
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from botocore.exceptions import ClientError

from server.shelf import Shelf, open_shelf
from server.shelf.disk import Disk
from server.shelf.s3 import Bucket
from sync.problems import Refused

PHOTO = b"the tap drips, 14 December " * 40
NAME = hashlib.sha256(PHOTO).hexdigest()
ABSENT = hashlib.sha256(b"never put").hexdigest()
MIB = 1024 * 1024


@pytest.fixture
def disk(tmp_path: Path) -> Disk:
    return Disk(tmp_path / "shelf")


class Breaking(io.BytesIO):
    """A tablet whose line is cut after so many bytes, handing out crumbs."""

    def __init__(self, data: bytes, cut_at: int) -> None:
        super().__init__(data)
        self._cut_at = cut_at

    def read(self, size: int | None = -1) -> bytes:
        if self.tell() >= self._cut_at:
            raise ConnectionResetError
        room = min(7, self._cut_at - self.tell())
        return super().read(room if size is None or size < 0 else min(size, room))


def put(shelf: Shelf, data: bytes) -> str:
    name = hashlib.sha256(data).hexdigest()
    shelf.put(name, io.BytesIO(data), len(data))
    return name


def read(shelf: Shelf, name: str, start: int = 0, end: int | None = None) -> bytes:
    with shelf.open(name, start, end) as stream:
        return stream.read()


def whole_or_absent(shelf: Shelf) -> bool:
    return not shelf.has(NAME) or (shelf.check(NAME) and read(shelf, NAME) == PHOTO)


def refused(code: str, act: Callable[[], object]) -> bool:
    with pytest.raises(Refused) as refusal:
        act()
    return refusal.value.code == code


# --- interrupted -----------------------------------------------------------------


def test_a_line_cut_at_any_byte_leaves_nothing_visible(disk: Disk) -> None:
    for cut_at in range(len(PHOTO)):
        with pytest.raises(ConnectionResetError):
            disk.put(NAME, Breaking(PHOTO, cut_at), len(PHOTO))

    assert not disk.has(NAME)


def test_a_cut_line_leaves_nothing_behind(disk: Disk) -> None:
    with pytest.raises(ConnectionResetError):
        disk.put(NAME, Breaking(PHOTO, 100), len(PHOTO))

    assert disk.sweep(before_ms=2**50) == 0


def killed_at_line(n: int, act: Callable[[], None]) -> bool:
    """Do it in a child that kills itself at the n-th line of the shelf's own code.

    False once the act has fewer lines than that.
    """
    child = os.fork()
    if not child:
        left = n

        def trace(frame: FrameType, event: str, _: Any) -> Any:
            nonlocal left
            if "/shelf/" not in frame.f_code.co_filename:
                return None
            left -= event == "line"
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return trace

        sys.settrace(trace)
        act()
        sys.settrace(None)
        os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def test_a_server_killed_at_any_line_leaves_the_blob_whole_or_absent(
    disk: Disk,
) -> None:
    seen, line = set(), 0
    while killed_at_line(line, lambda: put(disk, PHOTO) and None):
        assert whole_or_absent(disk)
        seen.add(disk.has(NAME))
        disk.delete(NAME)
        line += 1

    assert seen == {False, True}, "the kills did not reach both sides of the rename"


def test_a_server_killed_while_bytes_arrive_leaves_nothing_visible(disk: Disk) -> None:
    draw = random.Random(4)
    for kill_at in (draw.randrange(len(PHOTO)) for _ in range(40)):
        child = os.fork()
        if not child:
            source = Breaking(PHOTO, kill_at)
            try:
                disk.put(NAME, source, len(PHOTO))
            finally:
                os.kill(os.getpid(), signal.SIGKILL)
        os.waitpid(child, 0)

    assert not disk.has(NAME)


def test_what_a_killed_server_left_is_swept_and_only_if_old(disk: Disk) -> None:
    killed_at_line(25, lambda: put(disk, PHOTO) and None)

    assert (disk.sweep(before_ms=0), disk.sweep(before_ms=2**50)) == (0, 1)


def test_bytes_are_on_the_medium_before_the_name_and_the_name_before_the_answer(
    disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F6: every acknowledgement follows an fsync."""
    steps: list[str] = []
    sync, replace = os.fsync, Path.replace
    monkeypatch.setattr(os, "fsync", lambda f: (steps.append("sync"), sync(f)))
    monkeypatch.setattr(
        Path, "replace", lambda a, b: (steps.append("name"), replace(a, b))
    )

    put(disk, PHOTO)

    assert steps == ["sync", "name", "sync"]


def test_a_full_disk_is_named_as_such(
    disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(os, "fsync", full)

    assert refused("storage_full", lambda: put(disk, PHOTO))


# --- the contract ----------------------------------------------------------------


def names_from_outside() -> Iterator[str]:
    """Two hundred and more names that are none (X15)."""
    yield from ("", ".", "..", "/", NAME.upper(), NAME[:-1], NAME + "0", NAME + "\n")
    yield from (" " + NAME, NAME + "\0", "０" * 64, "g" * 64, NAME[:63] + "é")
    steps = ["../", "..\\", "%2e%2e/", "..%2f", "/", "//", "....//", "..;/"]
    ends = ["etc/passwd", NAME, "blobs/" + NAME, "", "\0", "con"]
    for step in steps:
        for depth in range(1, 6):
            yield from (step * depth + end for end in ends)


class Contract:
    """What every shelf does; the classes below say where it stands."""

    def test_wrong_bytes_are_refused_and_nothing_is_kept(self, shelf: Shelf) -> None:
        wrong = PHOTO[:-1] + b"!"

        assert refused(
            "blob_digest_differs",
            lambda: shelf.put(NAME, io.BytesIO(wrong), len(wrong)),
        )
        assert not shelf.has(NAME)

    @pytest.mark.parametrize("said", [0, len(PHOTO) - 1, len(PHOTO) + 1, 2**40])
    def test_a_wrong_length_is_refused_and_nothing_is_kept(
        self, shelf: Shelf, said: int
    ) -> None:
        if said == 2**40 and not isinstance(shelf, Disk):
            said = 15 * MIB

        assert refused(
            "blob_length_differs", lambda: shelf.put(NAME, io.BytesIO(PHOTO), said)
        )
        assert not shelf.has(NAME)

    def test_a_wrong_put_does_not_touch_what_is_there(self, shelf: Shelf) -> None:
        put(shelf, PHOTO)

        with pytest.raises(Refused):
            shelf.put(NAME, io.BytesIO(b"?"), 1)

        assert read(shelf, NAME) == PHOTO

    def test_sixteen_tablets_hand_in_the_same_photo_at_once(self, shelf: Shelf) -> None:
        with ThreadPoolExecutor(16) as tablets:
            list(tablets.map(lambda _: put(shelf, PHOTO), range(32)))

        assert (list(shelf.names()), read(shelf, NAME)) == ([NAME], PHOTO)

    @pytest.mark.parametrize("size", [0, 1, 8 * MIB, 16 * MIB, 16 * MIB + 1, 24 * MIB])
    def test_bytes_come_back_as_they_went(self, shelf: Shelf, size: int) -> None:
        data = random.Random(size).randbytes(size)

        name = put(shelf, data)

        assert (shelf.length(name), read(shelf, name) == data) == (size, True)

    def test_a_big_upload_with_wrong_bytes_leaves_no_part(self, shelf: Shelf) -> None:
        data = bytes(17 * MIB)

        assert refused(
            "blob_digest_differs", lambda: shelf.put(NAME, io.BytesIO(data), len(data))
        )
        assert (shelf.has(NAME), shelf.sweep(before_ms=2**50)) == (False, 0)

    @pytest.mark.parametrize(
        ("start", "end"), [(0, 1), (5, 9), (0, None), (9, 10**9), (1080, None), (4, 4)]
    )
    def test_a_range_is_that_part_of_the_bytes(
        self, shelf: Shelf, start: int, end: int | None
    ) -> None:
        put(shelf, PHOTO)

        assert read(shelf, NAME, start, end) == PHOTO[start:end]

    @pytest.mark.parametrize(("start", "end"), [(1081, None), (-1, 4), (9, 3)])
    def test_a_range_outside_the_bytes_is_refused(
        self, shelf: Shelf, start: int, end: int | None
    ) -> None:
        put(shelf, PHOTO)

        assert refused("range_out_of_bounds", lambda: shelf.open(NAME, start, end))

    def test_what_is_absent_is_said_to_be(self, shelf: Shelf) -> None:
        assert not shelf.has(ABSENT)
        for ask in (shelf.open, shelf.length, shelf.check):
            assert refused("blob_missing", lambda ask=ask: ask(ABSENT))

    def test_all_names_are_told_in_sequence(self, shelf: Shelf) -> None:
        names = {put(shelf, b"%d" % n) for n in range(20)}
        shelf.put_derived(NAME, "small", b"jpeg")

        assert list(shelf.names()) == sorted(names)

    def test_an_erased_blob_takes_its_previews_along(self, shelf: Shelf) -> None:
        put(shelf, PHOTO)
        shelf.put_derived(NAME, "small", b"jpeg")

        shelf.delete(NAME)
        shelf.delete(NAME)

        assert (shelf.has(NAME), shelf.derived(NAME, "small")) == (False, None)

    def test_previews_can_be_made_again_and_thrown_away(self, shelf: Shelf) -> None:
        put(shelf, PHOTO)
        shelf.put_derived(NAME, "small", b"old")
        shelf.put_derived(NAME, "small", b"new")
        made = shelf.derived(NAME, "small")

        shelf.drop_derived(NAME)

        assert (made, shelf.derived(NAME, "small")) == (b"new", None)
        assert shelf.check(NAME)

    def test_nothing_but_a_digest_names_a_blob(self, shelf: Shelf) -> None:
        hostile = list(names_from_outside())
        assert len(hostile) >= 200
        for name in hostile:
            for ask in (shelf.has, shelf.open, shelf.delete, shelf.drop_derived):
                assert refused(
                    "blob_name_malformed", lambda ask=ask, name=name: ask(name)
                )

    def test_nothing_but_a_digest_is_put(self, shelf: Shelf) -> None:
        for name in names_from_outside():
            assert refused(
                "blob_name_malformed",
                lambda name=name: shelf.put(name, io.BytesIO(PHOTO), len(PHOTO)),
            )


class TestOnDisk(Contract):
    @pytest.fixture
    def shelf(self, tmp_path: Path) -> Shelf:
        return open_shelf(f"file://{tmp_path}/shelf")


def change_of(bucket: Bucket) -> object:
    """When the store last wrote that blob, to the store's own fraction of a second."""
    entry = bucket._s3.list_objects_v2(Bucket=bucket._bucket)["Contents"][0]
    return entry["LastModified"]


class TestOnS3(Contract):
    @pytest.fixture
    def shelf(self, s3_url: str) -> Shelf:
        return open_shelf(s3_url)

    def test_what_is_there_is_not_written_again(self, shelf: Bucket) -> None:
        """Ceph answers a reader with an error while it replaces what he reads."""
        put(shelf, PHOTO)
        written = change_of(shelf)

        put(shelf, PHOTO)

        assert change_of(shelf) == written

    def test_handing_in_again_heals_a_rotten_copy(self, shelf: Bucket) -> None:
        shelf._put_object(shelf._key(NAME), b"rot")
        assert not shelf.check(NAME)

        put(shelf, PHOTO)

        assert shelf.check(NAME)

    def test_a_store_that_knows_no_conditions_keeps_it_too(self, shelf: Bucket) -> None:
        def refuse(params: dict[str, Any], **_: object) -> None:
            if "IfNoneMatch" in params:
                answer = {"Error": {"Code": "NotImplemented"}}
                raise ClientError(answer, "PutObject")

        shelf._s3.meta.events.register("before-parameter-build.s3.PutObject", refuse)

        assert read(shelf, put(shelf, PHOTO)) == PHOTO


# --- rot and broken stores -------------------------------------------------------


def blob_file(disk: Disk, name: str) -> Path:
    return disk._path(name)


def test_every_flipped_bit_on_the_medium_is_found(disk: Disk) -> None:
    """F23."""
    put(disk, PHOTO)
    for bit in random.Random(23).sample(range(len(PHOTO) * 8), 100):
        rotten = bytearray(PHOTO)
        rotten[bit // 8] ^= 1 << bit % 8
        blob_file(disk, NAME).write_bytes(rotten)
        assert not disk.check(NAME)


def test_handing_in_again_heals_a_rotten_copy(disk: Disk) -> None:
    put(disk, PHOTO)
    blob_file(disk, NAME).write_bytes(b"rot")

    put(disk, PHOTO)

    assert disk.check(NAME)


def test_a_file_that_somebody_left_in_the_shelf_is_no_blob(disk: Disk) -> None:
    put(disk, PHOTO)
    (blob_file(disk, NAME).parent / ".nfs0001").write_bytes(b"")

    assert list(disk.names()) == [NAME]


class BrokenStore:
    """Something on a port that is not the S3 store it is taken for (F21)."""

    def __init__(self, answer: bytes | None) -> None:
        self._door = socket.create_server(("127.0.0.1", 0))
        self._answer = answer
        self._open: list[socket.socket] = []
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def url(self) -> str:
        port = self._door.getsockname()[1]
        return f"s3://b/p?endpoint=http://127.0.0.1:{port}&checksum=when_required"

    def _serve(self) -> None:
        while True:
            try:
                caller, _ = self._door.accept()
            except OSError:
                return
            self._open.append(caller)
            if self._answer is not None:
                threading.Thread(target=self._talk, args=(caller,), daemon=True).start()

    def _talk(self, caller: socket.socket) -> None:
        with caller, suppress(OSError):
            caller.recv(65536)
            caller.sendall(self._answer or b"")
            caller.shutdown(socket.SHUT_WR)
            while caller.recv(65536):
                pass

    def close(self) -> None:
        self._door.close()
        for caller in self._open:
            caller.close()


def answer(status: str, body: bytes) -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n"
    return head.encode() + b"\r\n" + body


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(answer("503 Slow Down", b""), id="503"),
        pytest.param(answer("500 Oops", b"<html>"), id="500"),
        pytest.param(answer("403 Forbidden", b""), id="403"),
        pytest.param(answer("200 OK", b"<html>log in</html>"), id="captive portal"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\nab", id="cut"),
        pytest.param(b"", id="silent close"),
        pytest.param(None, id="hangs"),
    ],
)
def test_a_broken_store_is_never_taken_for_custody(
    said: bytes | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "li")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "li")
    store = BrokenStore(said)
    shelf = open_shelf(store.url + "&timeout=1")

    try:
        assert refused("storage_unavailable", lambda: put(shelf, PHOTO))
    finally:
        store.close()


@pytest.mark.parametrize(
    "url",
    [
        "",
        "shelf",
        "file://relative/dir",
        "ftp://b/p",
        "s3:///p",
        "s3://b/p?checksum=never",
        "s3://b/p?timeout=soon",
        "s3://b/p?endpont=http://typo",
    ],
)
def test_a_setting_that_names_no_shelf_is_refused(url: str) -> None:
    assert refused("storage_url_malformed", lambda: open_shelf(url))
