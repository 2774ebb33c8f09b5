"""What the server says of an upload is on the medium when it says so (F4, F6): watched
at the system calls of the real server."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from infra.demo.network import BadNetwork
from tests.daemons import needs_strace
from tests.others.strangers import drawn_photos, enrolled, uploader, with_tuspy
from tests.together.processes import DOORSTEP, Served

pytestmark = pytest.mark.slow

CALLS = "write,pwrite64,ftruncate,fsync,fdatasync,link,rename,sendto,sendmsg,writev"
OF_UPLOAD = re.compile(r"/uploads/([0-9a-f]{32})(?:>|\")")
TELLS = re.compile(r"Upload-Offset: (\d+)")


class Traced(Served):
    """A server whose system calls are written down."""

    @property
    def trace(self) -> Path:
        return self.log.with_name("trace")

    @property
    def command(self) -> list[str]:
        return ["strace", "-f", "-y", "-s", "600", "-e", f"trace={CALLS}",
                "-o", str(self.trace), sys.executable, DOORSTEP]  # fmt: skip


@pytest.fixture
def traced(tmp_path: Path) -> Iterator[Traced]:
    needs_strace()
    one = Traced(tmp_path)
    try:
        yield one.start()  # type: ignore[misc]
    finally:
        one.kill()


def tellings(calls: list[str]) -> tuple[int, int]:
    """How often an offset was told, and how often while bytes were not synced."""
    told = unsynced = 0
    dirty: set[str] = set()
    under_way: dict[str, str] = {}  # a thread -> the file that it is syncing
    for call in calls:
        thread, found = call.split(" ", 1)[0], OF_UPLOAD.search(call)
        if found and re.search(r"\b(write|pwrite64)\(", call):
            dirty.add(found[1])
        elif found and re.search(r"\b(fsync|fdatasync)\(", call):
            under_way[thread] = found[1]
        if "fsync" in call and "unfinished" not in call:
            dirty.discard(under_way.pop(thread, ""))
        if (said := TELLS.search(call)) and int(said[1]) > 0:
            told, unsynced = told + 1, unsynced + bool(dirty)
    return told, unsynced


def test_no_offset_is_told_before_its_bytes_are_synced(traced: Traced, tmp_path: Path):
    """Three times cut, then whole: between the last byte written to the unfinished file
    and any answer that tells how far it got, there is a sync of that file."""
    li = enrolled(traced, "li")
    photo = drawn_photos(tmp_path, 1)[0]
    with BadNetwork("127.0.0.1", traced.port) as line:
        for part in (2, 3, 4):
            line.cut_next_request(photo.stat().st_size // part, on="PATCH")
        with_tuspy(line.url, li, photo)
    httpx.get(f"{traced.url}/healthz")

    told, unsynced = tellings(traced.trace.read_text(errors="replace").splitlines())
    assert told >= 4, "nobody was told anything"
    assert unsynced == 0


def test_the_receipt_comes_after_the_photo_has_its_name(traced: Traced, tmp_path: Path):
    """Shelf first, receipt last."""
    li = enrolled(traced, "li")
    photo = drawn_photos(tmp_path, 1)[0]
    uploader(traced.url, li, photo).upload()

    calls = traced.trace.read_text(errors="replace").splitlines()
    named = next(
        n for n, call in enumerate(calls) if "rename(" in call and "/blobs/" in call
    )
    synced = next(n for n, call in enumerate(calls[named:], named)
                  if "fsync(" in call and "/blobs/" in call)  # fmt: skip
    booked = next(n for n, call in enumerate(calls[synced:], synced)
                  if re.search(r"(fsync|fdatasync)\(.*doorstep\.db", call))  # fmt: skip
    answered = next(n for n, call in enumerate(calls[named:], named)
                    if f"Upload-Offset: {photo.stat().st_size}" in call)  # fmt: skip
    assert named < synced < booked < answered
