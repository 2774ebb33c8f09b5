"""Bytes come in over a bad line: whole and verified, or not visible at all (F4)."""

import base64
import hashlib
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask

from tests.server.callers import PIECE, TUS, Tablet, enrol, parts_of, sha256_of
from tests.server.conftest import Clock
from tests.server.hostile_pictures import drawn, encoded

STROKES = b'{"strokes":[[10,20,0],[11,22,16]]}'
WEEK_MS = 7 * 24 * 3_600_000


def files(app: Flask) -> list[str]:
    """What lies in the folder of unfinished uploads."""
    return sorted(os.listdir(parts_of(app).config.data / "uploads"))


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
