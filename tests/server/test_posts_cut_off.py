"""The power fails after what was asked is on disk and before it is answered: whoever
sends the same post again gets its answer, and nothing is there twice."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, event, func, select, update

from server.board_tables import posted
from server.database import reading
from server.desk_tables import taken
from server.idempotency import STALE_MS
from server.notice_tables import target
from server.people_tables import project
from server.tables import fact, metadata, person
from tests.server.callers import Staff, parts_of
from tests.server.conftest import Clock
from tests.server.desks import asked_for, hired

KEY = {"Idempotency-Key": "call-1"}
CALL = {"phone": "13800138000", "fault": "渗水", "trade": "water"}
SUN = {"id": "sun", "name": "Sun", "grants": [{"role": "auditor", "project": "*"}]}
MAIL = {"kind": "email", "name": "值班", "address": "desk@example.com"}
HOOK = {"url": "https://erp.example/doorstep", "kinds": []}
CREATING = {
    "taken": ("/v1/orders", CALL, 201),
    "fact": ("/v1/orders/{}/comment", {"words": "带梯子"}, 200),
    "person": ("/v1/people", SUN, 201),
    "project": ("/v1/projects", {"id": "云溪", "name": "云溪"}, 201),
    "target": ("/v1/targets", MAIL, 201),
    "webhook": ("/v1/webhooks", HOOK, 201),
    "number": ("/v1/orders/{}/number", {"number": "SH77"}, 200),
}
ROWS = {"taken": taken, "fact": fact, "person": person, "project": project,
        "target": target, "webhook": target, "number": fact}  # fmt: skip


class PowerCutError(BaseException):
    """The lights go out; nobody catches that."""


@contextmanager
def power_fails_after(engine: Engine, table: str) -> Iterator[None]:
    """The first commit that brings a row into this table is the last thing that this
    thread does with the database; should it ask nothing more, its answer is lost."""
    here = threading.current_thread()
    wrote: list[str] = []
    over: list[str] = []

    def asks(_c: Any, _cursor: Any, words: str, *_: Any) -> None:
        if threading.current_thread() is here:
            if over:
                raise PowerCutError
            if words.startswith(f"INSERT INTO {table} "):
                wrote.append(words)

    def commits(_: Any) -> None:
        over.extend(wrote)

    event.listen(engine, "before_cursor_execute", asks)
    event.listen(engine, "commit", commits)
    try:
        with suppress(PowerCutError):
            yield
    finally:
        event.remove(engine, "before_cursor_execute", asks)
        event.remove(engine, "commit", commits)
    assert over, "nothing was written, so nothing was cut off"


@pytest.fixture
def luo(app: Flask, chen: Staff) -> Staff:
    """Luo may do everything; Chen has taken a call."""
    assert chen.ask("POST", "/v1/orders", CALL).status_code == 201
    staff = hired(app, "luo", "manager")
    grants = [*parts_of(app).people.one("luo").grants]
    grants.append(type(grants[0])(role="administrator"))
    parts_of(app).people.add("luo", "Luo", grants, 0)
    return staff


def count(app: Flask, what: str) -> int:
    """How many of those there are."""
    with reading(parts_of(app).engine) as connection:
        found = connection.execute(select(func.count()).select_from(ROWS[what]))
        return int(found.scalar_one())


def sent(app: Flask, who: Staff, what: str) -> Any:
    """The post, for the order that Chen took."""
    with reading(parts_of(app).engine) as connection:
        stream = connection.execute(select(taken.c.stream)).scalars().first()
    where, body, _ = CREATING[what]
    order = str(stream).removeprefix("order:")
    return who.ask("POST", where.format(order), body, **KEY)


@pytest.mark.parametrize("what", CREATING)
def test_what_was_done_and_not_answered_is_not_done_again(
    app: Flask, luo: Staff, clock: Clock, what: str
):
    before = count(app, what)
    with power_fails_after(parts_of(app).engine, ROWS[what].name):
        sent(app, luo, what)
    assert count(app, what) > before
    done = count(app, what)
    clock.ms += STALE_MS

    again = sent(app, luo, what)

    assert (again.status_code, count(app, what)) == (CREATING[what][2], done)
    assert again.headers["Idempotency-Replayed"] == "true"


@pytest.mark.parametrize("what", CREATING)
def test_the_answer_that_was_kept_is_the_one_that_is_given(
    app: Flask, luo: Staff, what: str
):
    """What is kept beside what was done, word for word what the first one is told."""
    first, again = sent(app, luo, what), sent(app, luo, what)

    assert (first.status_code, first.json) == (again.status_code, again.json)


def test_every_table_that_is_named_here_is_one():
    assert {one.name for one in ROWS.values()} <= metadata.tables.keys()


def test_one_that_was_taken_over_comes_to_nothing(app: Flask, chen: Staff):
    """It hung for more than a minute, just before it would have been done; whoever
    sent it again was answered meanwhile."""
    order = asked_for(app, "R1")
    engine, hung = parts_of(app).engine, []

    def hangs(_c: Any, _cursor: Any, words: str, *_: Any) -> None:
        if words.startswith("INSERT INTO fact ") and not hung:
            hung.append(words)
            chosen = update(posted).values(begun_ms=posted.c.begun_ms + STALE_MS)
            _c.execute(chosen)

    event.listen(engine, "before_cursor_execute", hangs)
    answer = chen.ask("POST", f"/v1/orders/{order}/comment", {"words": "x"}, **KEY)
    event.remove(engine, "before_cursor_execute", hangs)

    assert (answer.status_code, answer.json["code"]) == (409, "key_busy")
    said = chen.ask("GET", f"/v1/orders/{order}/story").json["entries"]
    assert [one["kind"] for one in said] == ["intake.logged"]
