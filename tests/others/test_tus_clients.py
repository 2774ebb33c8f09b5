"""tuspy and tus-js-client, unmodified, over a line that is cut: what arrives is what
was sent (F4, invariant 8)."""

from collections.abc import Callable
from pathlib import Path
from threading import Thread
from time import monotonic, sleep

import pytest
from tusclient.exceptions import TusUploadFailed

from infra.demo.network import BadNetwork, Fault
from server.incoming import STEP
from server.uploads import KEPT_MS
from tests.others.strangers import (
    HERE,
    CountingNetwork,
    Device,
    drawn_photos,
    node,
    photos,
    sha256_of,
    uploader,
    with_tuspy,
)
from tests.together.processes import Served, office

pytestmark = pytest.mark.slow

Send = Callable[[str, Device, Path], None]
DAY_MS = 24 * 3_600_000


def with_tus_js(url: str, device: Device, path: Path) -> None:
    node(HERE / "upload.mjs", f"{url}/v1/uploads", device.grant, str(path))


def kept(served: Served) -> set[str]:
    """The names of all bytes on the shelf; each must still hash to its name."""
    with office(served.config) as parts:
        names = set(parts.shelf.names())
        assert all(parts.shelf.check(name) for name in names)
    return names


@pytest.mark.parametrize("send", [with_tuspy, with_tus_js])
def test_a_photo_arrives_whole_although_the_line_is_cut_at_every_tenth(
    served: Served, li: Device, line: BadNetwork, tmp_path: Path, send: Send
):
    photo = drawn_photos(tmp_path, 1)[0]
    line.next(*(Fault("cut_request", tenth / 10, on="PATCH") for tenth in range(1, 10)))

    send(line.url, li, photo)

    assert line.faults["cut_request"] == 9
    assert kept(served) == {sha256_of(photo)} and li.has_receipt(sha256_of(photo))


@pytest.mark.parametrize("send", [with_tuspy, with_tus_js])
def test_photos_arrive_whole_over_a_poor_line(
    served: Served, li: Device, poor_line: BadNetwork, tmp_path: Path, send: Send
):
    chosen = photos(tmp_path)
    for photo in chosen:
        send(poor_line.url, li, photo)

    assert kept(served) == {sha256_of(photo) for photo in chosen}


def test_fifty_photos_over_a_line_with_every_fifth_cut_leave_no_orphans(
    served: Served,
    li: Device,
    poor_line: CountingNetwork,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
):
    """M17: byte-identical, nothing left behind after a sweep, hardly a byte twice."""
    chosen = drawn_photos(tmp_path, 50)
    for photo in chosen:
        with_tuspy(poor_line.url, li, photo)
    total = sum(photo.stat().st_size for photo in chosen)
    overhead = poor_line.carried / total - 1
    record_property("overhead", f"{overhead:.4%}")

    with office(served.config) as parts:
        parts.uploads.sweep(parts.now() + KEPT_MS)
        left = list((served.config.data / "uploads").iterdir())
    assert kept(served) == {sha256_of(photo) for photo in chosen} and left == []
    assert overhead < 0.10, f"{overhead:.2%} were sent twice"


def test_pieces_with_a_checksum_arrive_whole(
    served: Served, li: Device, poor_line: BadNetwork, tmp_path: Path
):
    photo = drawn_photos(tmp_path, 1)[0]

    with_tuspy(poor_line.url, li, photo, upload_checksum=True, chunk_size=50_000)

    assert kept(served) == {sha256_of(photo)}


def test_a_line_that_hangs_is_let_go_of_when_its_owner_comes_again(
    served: Served, li: Device, line: BadNetwork, tmp_path: Path
):
    """Half-open: the server still waits for the rest when the client is back."""
    photo = drawn_photos(tmp_path, 1)[0]
    photo.write_bytes(photo.read_bytes() + bytes(4 * STEP))
    one = uploader(line.url, li, photo)
    one.set_url(one.create_url())
    line.stall_next_request(0.5, on="PATCH")
    hanging = Thread(target=lambda: with_tuspy(line.url, li, photo))
    hanging.start()
    assert line.stalled.wait(30)
    come = until_the_server_holds(served, STEP)

    before = monotonic()
    here = one.get_offset()
    waited = monotonic() - before
    line.go_on()
    hanging.join()

    assert here >= come and waited < 10
    assert kept(served) == {sha256_of(photo)}


def until_the_server_holds(served: Served, least: int) -> int:
    """How many bytes of the only upload are in its file by then: that they went out on
    the line does not mean that anybody has read them."""
    patience = monotonic() + 30
    while (come := sum(map(size, (served.config.data / "uploads").iterdir()))) < least:
        assert monotonic() < patience
        sleep(0.01)
    return come


def size(path: Path) -> int:
    return path.stat().st_size


def test_a_killed_server_goes_on_from_what_it_said(
    served: Served, li: Device, line: BadNetwork, tmp_path: Path
):
    photo = drawn_photos(tmp_path, 1)[0]
    one = uploader(line.url, li, photo)
    one.retries = 0
    line.cut_next_request(photo.stat().st_size // 2, on="PATCH")
    with pytest.raises(TusUploadFailed):
        one.upload()
    said = one.get_offset()

    served.kill()
    served.start()

    assert one.get_offset() == said > 0
    with_tuspy(served.url, li, photo)
    assert kept(served) == {sha256_of(photo)}
