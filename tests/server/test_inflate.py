"""Packed bodies: unpacked within bounds, in any pieces, and never more than once."""

import gzip
import tracemalloc
from io import BytesIO
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from server.inflate import RAW, TOO_LARGE, Inflate, unpack

MOST = 10_000


def through(body: bytes, **environ: Any) -> dict[str, Any]:
    """What the application gets to see."""
    seen: dict[str, Any] = {}

    def application(given_to_it: dict[str, Any], _: Any) -> list[bytes]:
        seen.update(given_to_it, body=given_to_it["wsgi.input"].read())
        return []

    packed = {"HTTP_CONTENT_ENCODING": "gzip", "CONTENT_LENGTH": str(len(body))}
    Inflate(application, MOST)(
        packed | {"wsgi.input": BytesIO(body)} | environ, lambda *_: None
    )
    return seen


@given(st.binary(max_size=MOST))
def test_what_was_packed_comes_out_and_the_signed_bytes_stay_at_hand(body: bytes):
    raw = gzip.compress(body)
    seen = through(raw)

    assert (seen["body"], seen[RAW]) == (body, raw)
    assert seen["CONTENT_LENGTH"] == str(len(body))


@given(st.binary(max_size=300))
def test_any_bytes_come_out_as_something(body: bytes):
    assert not through(body)[TOO_LARGE]


@given(st.integers(0, 200))
def test_a_cut_body_is_never_taken_for_the_whole(cut: int):
    raw = gzip.compress(b"arrived " * 400)

    assert unpack(raw[: min(cut, len(raw) - 1)], MOST)[0] != b"arrived " * 400


def test_a_bomb_is_too_large_and_costs_no_memory():
    raw = gzip.compress(bytes(20_000_000))[:MOST]
    bomb = gzip.compress(bytes(9_000_000))
    tracemalloc.start()

    answers = [unpack(raw, MOST)[1], unpack(bomb, MOST)[1]]

    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert answers == [True, True] and most < 1_000_000


def test_exactly_as_much_as_may_be_is_not_too_much():
    assert unpack(gzip.compress(bytes(MOST)), MOST) == (bytes(MOST), False)
    assert unpack(gzip.compress(bytes(MOST + 1)), MOST)[1]


def test_more_on_the_wire_than_may_be_is_too_large():
    assert through(bytes(MOST + 1))[TOO_LARGE]


def test_a_body_in_chunks_has_no_length():
    raw = gzip.compress(b"{}")

    seen = through(raw, CONTENT_LENGTH="", **{"wsgi.input_terminated": True})

    assert seen["body"] == b"{}"


def test_a_length_that_is_none_does_not_wait_for_more():
    assert through(b"x", CONTENT_LENGTH="many")["body"] == b""


def test_what_is_not_packed_is_left_alone():
    assert RAW not in through(b"{}", HTTP_CONTENT_ENCODING="")
