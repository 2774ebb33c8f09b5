"""A post that is sent twice is done once, and answered the same."""

import threading
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from server.board_tables import posted
from server.database import writing
from server.idempotency import STALE_MS
from tests.server.callers import NOON, Staff, parts_of
from tests.server.desks import asked_for, got, hired

KEY = {"Idempotency-Key": '"8e03978e-40d5"'}
WORD = {"words": "带梯子"}


@pytest.fixture
def order(app: Flask, chen: Staff) -> str:
    """An order that Zhao asked for."""
    return asked_for(app, "R1")


def comments(chen: Staff, order: str) -> int:
    """How many words were left on it."""
    entries = got(chen, f"/v1/orders/{order}/story")["entries"]
    return sum(one["kind"] == "dispatch.commented" for one in entries)


def leave_word(staff: Staff, order: str, words: Any = WORD, **headers: str) -> Any:
    """One word."""
    return staff.ask("POST", f"/v1/orders/{order}/comment", words, **headers)


def test_a_post_that_was_sent_twice_writes_once(chen: Staff, order: str):
    first, second = (leave_word(chen, order, **KEY) for _ in range(2))

    assert comments(chen, order) == 1
    assert (first.status_code, first.json) == (second.status_code, second.json)


def test_a_request_that_is_taken_twice_is_one_order(app: Flask, chen: Staff):
    """The intake too: whoever lost the answer sends it again."""
    asked = {"phone": "13800138000", "fault": "渗水", "trade": "water"}
    answers = [chen.ask("POST", "/v1/orders", asked, **KEY) for _ in range(2)]

    assert [one.status_code for one in answers] == [201, 201]
    assert len(got(chen, "/v1/orders")["orders"]) == 1


def test_without_a_key_every_post_counts(chen: Staff, order: str):
    leave_word(chen, order)
    leave_word(chen, order)

    assert comments(chen, order) == 2


def test_a_key_stands_for_one_request_alone(chen: Staff, order: str):
    leave_word(chen, order, **KEY)
    answer = leave_word(chen, order, {"words": "别的"}, **KEY)

    assert (answer.status_code, answer.json["code"]) == (422, "key_reused")
    assert comments(chen, order) == 1


def test_somebody_elses_key_is_another_key(app: Flask, chen: Staff, order: str):
    leave_word(chen, order, **KEY)
    leave_word(hired(app, "han", "dispatcher"), order, **KEY)

    assert comments(chen, order) == 2


def test_what_was_refused_may_be_sent_again(chen: Staff, order: str):
    refused = leave_word(chen, order, {"words": ""}, **KEY)
    again = leave_word(chen, order, **KEY)

    assert (refused.status_code, again.status_code) == (422, 200)


def forgotten(app: Flask, begun_ms: int) -> None:
    """As if whoever answered had not come to its end."""
    left = update(posted).values(status=None, answer=None, begun_ms=begun_ms)
    with writing(parts_of(app).engine) as connection:
        connection.execute(left)


def test_one_that_is_being_answered_is_not_answered_twice(
    app: Flask, chen: Staff, order: str
):
    leave_word(chen, order, **KEY)
    forgotten(app, NOON)
    answer = leave_word(chen, order, **KEY)

    assert (answer.status_code, answer.json["code"]) == (409, "key_busy")


def test_what_a_dead_server_left_can_be_sent_again(app: Flask, chen: Staff, order: str):
    """Its answer would have been kept with what it wrote: it wrote nothing."""
    leave_word(chen, order, **KEY)
    forgotten(app, NOON - STALE_MS)

    assert leave_word(chen, order, **KEY).status_code == 200


def test_two_at_once_write_once(chen: Staff, order: str):
    answers: list[int] = []

    def post() -> None:
        answers.append(leave_word(chen, order, **KEY).status_code)

    threads = [threading.Thread(target=post) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert comments(chen, order) == 1
    assert set(answers) <= {200, 409}


@pytest.mark.parametrize("key", ["", " ", '""', "x" * 201, "ä"])
def test_a_key_that_is_none_is_refused(chen: Staff, order: str, key: str):
    answer = leave_word(chen, order, **{"Idempotency-Key": key})

    assert (answer.status_code, answer.json["code"]) == (400, "key_misshapen")
