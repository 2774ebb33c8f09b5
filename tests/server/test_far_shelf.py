"""Bytes on their way to a real S3 store over a bad line: facts do not wait for it, and
a receipt says that the store has them (F21, F22)."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from botocore.handlers import add_expect_header
from flask import Flask

from infra.demo.network import BadNetwork, Fault, Weather
from server.shelf import Shelf, open_shelf
from sync.problems import Refused
from tests.server.callers import Tablet, give, parts_of, sha256_of
from tests.server.conftest import Clock
from tests.server.hostile_pictures import drawn, encoded

PHOTO = encoded(drawn((640, 480)), "JPEG")
MIB = 1024 * 1024
POOR = Weather(cut_request=0.1, cut_answer=0.1, lose_answer=0.1, flip_request=0.05,
               flip_answer=0.05, portal=0.1)  # fmt: skip


@pytest.fixture
def line(s3_url: str) -> Iterator[BadNetwork]:
    """The way to the store, which works until it is told what goes wrong."""
    endpoint = urlsplit(parse_qs(urlsplit(s3_url).query)["endpoint"][0])
    with BadNetwork(endpoint.hostname or "", endpoint.port or 0, seed=21) as network:
        yield network


@pytest.fixture
def store(s3_url: str) -> Shelf:
    """The store itself, over a line of its own."""
    return open_shelf(s3_url)


@pytest.fixture
def begin(
    start: Callable[..., Flask], s3_url: str, line: BadNetwork
) -> Callable[[], Flask]:
    """Start a server whose way to the store is that line; again is a restart."""
    bucket = urlsplit(s3_url)
    said = f"endpoint={quote(line.url, safe='')}&checksum=when_required&timeout=2"

    def begun() -> Flask:
        app = start(storage_url=f"s3://{bucket.netloc}{bucket.path}?{said}")
        # The line reads requests whole: it cannot say "100 Continue" half-way.
        events = parts_of(app).shelf._s3.meta.events
        events.unregister("before-call.s3", add_expect_header)
        return app

    return begun


@pytest.fixture
def app(begin: Callable[[], Flask]) -> Flask:
    return begin()


def carry(app: Flask) -> bool:
    """Once more, after the store was left alone for a while."""
    parts = parts_of(app)
    parts.shelf._rests_until = 0.0
    return parts.uploads.carry(parts.now())


def waiting(app: Flask) -> list[Path]:
    return list((parts_of(app).config.data / "uploads").iterdir())


def test_nothing_is_receipted_before_the_store_has_it_whatever_the_line_does(
    app: Flask, li: Tablet, line: BadNetwork, store: Shelf
) -> None:
    """The hardest claim: receipts never run ahead; in the end nothing is missing."""
    draw = random.Random(5)
    sent = [draw.randbytes(draw.randrange(1, 60_000)) for _ in range(6)]
    for data in sent:
        assert li.send(data, "application/octet-stream").status_code == 204
    line.weather = POOR
    for _ in range(40):
        well = carry(app)
        receipted = {sha256_of(data) for data in sent if li.has_receipt(data)}
        assert all(store.check(name) for name in receipted)
        line.weather = POOR if len(receipted) < len(sent) / 2 else Weather()
        if well:
            break

    assert sum(line.faults.values()) > line.faults["fair"], "the line was never bad"
    assert set(store.names()) == receipted == {sha256_of(data) for data in sent}
    assert waiting(app) == []


def test_a_store_that_is_gone_keeps_no_fact_and_no_photo_waiting(
    app: Flask, li: Tablet, line: BadNetwork, store: Shelf
) -> None:
    give(app, "1", "li")
    line.go_offline()

    sent = li.send(PHOTO)
    told = li.photograph(PHOTO).json["receipts"][0]["outcome"]
    carried = carry(app)

    assert (sent.status_code, sent.headers["Upload-Offset"]) == (204, str(len(PHOTO)))
    assert (told, carried, li.has_receipt(PHOTO)) == ("stored", False, False)
    line.go_online()
    assert carry(app) and li.has_receipt(PHOTO) and store.check(sha256_of(PHOTO))


def test_facts_are_taken_while_the_store_hangs(
    app: Flask, li: Tablet, line: BadNetwork
) -> None:
    give(app, "1", "li")
    li.send(PHOTO)
    line.stall_next_request(0.5)
    carrying = Thread(target=lambda: carry(app))
    carrying.start()
    assert line.stalled.wait(20)

    told = li.photograph(PHOTO).json["receipts"][0]["outcome"]

    assert carrying.is_alive() and told == "stored"
    line.go_on()
    carrying.join()
    assert carry(app) and li.has_receipt(PHOTO)


def test_what_waits_is_carried_by_the_next_server(
    app: Flask, li: Tablet, line: BadNetwork, begin: Callable[[], Flask], store: Shelf
) -> None:
    line.go_offline()
    li.send(PHOTO)
    assert not carry(app)
    line.go_online()

    again = begin()

    assert carry(again) and li.has_receipt(PHOTO) and store.check(sha256_of(PHOTO))


def test_a_tablet_need_not_send_again_what_waits_for_the_store(
    app: Flask, li: Tablet, line: BadNetwork
) -> None:
    line.go_offline()
    where = li.begun(PHOTO)
    li.patch(where, 0, PHOTO)

    assert li.offset(where) == len(PHOTO) and not li.has_receipt(PHOTO)


def test_wrong_bytes_are_refused_before_the_store_hears_of_them(
    app: Flask, li: Tablet, line: BadNetwork
) -> None:
    answer = li.patch(li.begun(PHOTO), 0, b"?" * len(PHOTO))

    assert (answer.status_code, answer.json["code"]) == (422, "blob_digest_differs")
    assert waiting(app) == [] and line.exchanges == 0


def test_a_big_file_cut_between_its_parts_leaves_none_after_the_sweep(
    app: Flask, li: Tablet, line: BadNetwork, store: Shelf, clock: Clock
) -> None:
    """F22: parts that could not be given back are swept."""
    film = random.Random(9).randbytes(17 * MIB)
    where = li.begun(film, "application/octet-stream")
    for at in (0, 9 * MIB):
        li.patch(where, at, film[at : at + 9 * MIB])
    line.next(
        Fault("fair"),
        *(Fault("cut_request", 0.5, on="PUT") for _ in range(3)),
        *(Fault("cut_request", 0.1, on="DELETE") for _ in range(3)),
    )

    assert not carry(app) and not store.has(sha256_of(film))
    swept = store.sweep(before_ms=2**50)
    assert (swept, store.sweep(before_ms=2**50)) == (1, 0)
    assert carry(app) and store.check(sha256_of(film))


def test_a_store_that_does_not_answer_is_not_asked_at_once_again(
    app: Flask, line: BadNetwork
) -> None:
    line.go_offline()
    shelf = parts_of(app).shelf
    with pytest.raises(Refused):
        shelf.length("0" * 64)
    line.go_online()

    with pytest.raises(Refused) as refusal:
        shelf.length("0" * 64)

    assert (refusal.value.code, line.exchanges) == ("storage_unavailable", 0)


def test_the_flaw_of_a_photo_in_the_store_is_found(
    app: Flask, li: Tablet, line: BadNetwork
) -> None:
    give(app, "1", "li")
    broken = PHOTO[:-2000]
    li.photograph(broken)
    li.send(broken)

    assert carry(app) and parts_of(app).findings.look(parts_of(app).now())

    page = li.ask("GET", "/v1/sync/pull").json
    assert page["documents"][0]["flaws"] == {sha256_of(broken): "truncated"}
