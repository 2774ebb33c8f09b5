"""What is told of an upload is on the medium; what is not told need not be (F4)."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, event

from server.database import Trouble
from server.together import Together
from sync.problems import Refused
from tests.server.callers import Tablet, parts_of

STROKES = b'{"strokes":[[10,20,0],[11,22,16]]}'


class Seen:
    """The uploads whose rows were written by commits that wait for the medium."""

    def __init__(self, engine: Engine) -> None:
        self.count = 0
        event.listen(engine, "after_cursor_execute", self._note)

    def _note(self, _c: Any, _k: Any, statement: str, *_: Any) -> None:
        self.count += statement.startswith("INSERT INTO upload")


@pytest.fixture
def seen(app: Flask) -> Seen:
    parts = parts_of(app)
    if parts.engine.dialect.name != "sqlite":
        pytest.skip("one engine for both; SET LOCAL ends with its transaction")
    return Seen(parts.engine)


def test_an_offset_is_told_only_when_its_place_is_on_the_medium(li: Tablet, seen: Seen):
    where = li.begun(STROKES)
    assert seen.count == 0, "nobody was promised anything"

    li.patch(where, 0, STROKES[:9])

    assert (seen.count, li.offset(where)) == (1, 9)
    li.patch(where, 9, STROKES[9:12])
    assert seen.count == 1, "it is there already"


def test_a_place_that_could_not_be_settled_is_not_told_at_the_next_asking(
    app: Flask, li: Tablet, seen: Seen, monkeypatch: pytest.MonkeyPatch
):
    where = li.begun(STROKES)
    with monkeypatch.context() as busy:
        busy.setattr("server.uploads.sync_folder", refuses)
        assert li.patch(where, 0, STROKES[:9]).status_code == 503

    assert (li.offset(where), seen.count) == (9, 1)


def test_what_another_process_wrote_is_settled_before_it_is_told(
    app: Flask, li: Tablet, seen: Seen
):
    where = li.begun(STROKES)
    li.patch(where, 0, STROKES[:9])
    file = parts_of(app).config.data / "uploads" / where.rpartition("/")[2]
    with file.open("ab") as other:
        other.write(STROKES[9:15])

    assert (li.offset(where), seen.count) == (15, 2)


def test_whoever_acknowledges_has_no_connection_that_promises_less(
    app: Flask, li: Tablet, seen: Seen
):
    li.send(STROKES)
    uploads = parts_of(app).uploads

    said = []
    for engine in (parts_of(app).engine, uploads._beside):
        with engine.connect() as one:
            said.append(one.exec_driver_sql("PRAGMA synchronous").scalar())

    assert said == [2, 1]


def refuses(*_: object) -> None:
    raise Refused("storage_unavailable")


def test_many_receipts_share_commits_and_one_that_fails_fails_alone():
    held, batches = threading.Event(), []

    def work(items: Sequence[Any]) -> None:
        held.wait(10)
        batches.append(len(items))
        if any(item["n"] == 3 for item in items):
            raise ValueError

    together = Together(work)

    def settled(n: int) -> bool:
        try:
            together.settle({"n": n})
        except ValueError:
            return False
        return True

    with ThreadPoolExecutor(8) as hands:
        answers = [hands.submit(settled, n) for n in range(8)]
        held.set()

    assert [n for n, one in enumerate(answers) if not one.result()] == [3]


def test_trouble_of_the_disk_is_told_to_all_who_wait_and_tried_once():
    """Nobody waits for the same busy database once more for each of the others."""
    held, tried = threading.Event(), []

    def work(items: Sequence[int]) -> None:
        held.wait(10)
        tried.extend(items)
        raise Trouble("database_busy")

    together = Together(work, Trouble)
    with ThreadPoolExecutor(8) as hands:
        answers = [hands.submit(together.settle, n) for n in range(8)]
        held.set()

    assert all(isinstance(one.exception(), Trouble) for one in answers)
    assert sorted(tried) == list(range(8))
