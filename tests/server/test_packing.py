"""How answers travel: packed for whoever reads gzip, sealed as what they say, and the
same for what is hidden as for what nobody knows."""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event
from werkzeug.test import TestResponse

from server.deflate import LEAST_BYTES
from sync.order import order_id
from sync.signing import answer_text, read_jwk, verifies
from tests.server.callers import Tablet, give, parts_of, sha256_of

GZIP = {"Accept-Encoding": "gzip"}
PULL = "/v1/sync/pull"


@pytest.fixture
def busy(app: Flask, li: Tablet) -> Tablet:
    """Li has enough orders for a page that is worth packing."""
    for number in range(4):
        give(app, str(number), "li")
    return li


def body_of(answer: TestResponse) -> bytes:
    return gzip.decompress(answer.data)


def test_a_packed_page_is_sealed_as_what_it_says(app: Flask, busy: Tablet):
    """The seal is over the plain bytes: a proxy may unpack them on the way."""
    signed = busy.signed("GET", PULL, b"")
    answer = app.test_client().get(PULL, headers=signed | GZIP)
    signature = signed["Authorization"].split('signature="')[1][:-1]
    said = answer_text(signature, 200, body_of(answer))

    assert answer.headers["Content-Encoding"] == "gzip"
    key = read_jwk(parts_of(app).keys.jwk)
    assert verifies(key, said, answer.headers["Doorstep-Seal"])


def test_packed_or_not_it_says_the_same(busy: Tablet):
    plain, packed = busy.ask("GET", PULL), busy.ask("GET", PULL, headers=GZIP)

    assert body_of(packed) == plain.data
    assert len(packed.data) < len(plain.data) / 2
    assert plain.headers["Vary"] == packed.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize("accepts", ["", "identity", "gzip;q=0", "br", "deflate"])
def test_who_does_not_read_gzip_gets_none(busy: Tablet, accepts: str):
    answer = busy.ask("GET", PULL, headers={"Accept-Encoding": accepts})

    assert "Content-Encoding" not in answer.headers
    assert answer.json["complete"]


def test_what_is_short_stays_as_it_is(li: Tablet):
    answer = li.ask("GET", PULL, headers=GZIP)

    assert len(answer.data) < LEAST_BYTES
    assert "Content-Encoding" not in answer.headers


@contextmanager
def questions(app: Flask) -> Iterator[list[str]]:
    """What the database is asked meanwhile."""
    engine, asked = parts_of(app).engine, list[str]()

    def note(*said: Any) -> None:
        asked.append(said[2])

    event.listen(engine, "before_cursor_execute", note)
    yield asked
    event.remove(engine, "before_cursor_execute", note)


def hidden_and_unknown(app: Flask) -> list[tuple[str, str]]:
    """Pairs of targets: somebody else's, and nobody's."""
    hidden, unknown = order_id("9"), order_id("nobody")
    secret, nothing = sha256_of(b"secret"), sha256_of(b"nothing")
    orders = [(f"/v1/orders/{hidden}{end}", f"/v1/orders/{unknown}{end}")
              for end in ("", "/facts", "/facts?after=3&limit=9")]  # fmt: skip
    blobs = [(f"/v1/blobs/{secret}{end}", f"/v1/blobs/{nothing}{end}")
             for end in ("", "/preview", "/finding")]  # fmt: skip
    return orders + blobs


def test_what_is_hidden_looks_like_what_nobody_knows(
    app: Flask, li: Tablet, wang: Tablet
):
    """The same answer with the same headers after the same questions, so that neither
    words nor time tell them apart (16, X9)."""
    give(app, "9", "wang")
    wang.photograph(b"secret", "9")
    for pair in hidden_and_unknown(app):
        seen = []
        for target in pair:
            with questions(app) as asked:
                answer = li.ask("GET", target)
            names = sorted(set(answer.headers.keys()))
            seen.append((answer.status_code, answer.data, names, asked))

        assert seen[0] == seen[1], pair
        assert seen[0][0] == 404, pair
