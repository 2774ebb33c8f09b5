"""Waiting for news at the door: seats are few, and whoever waits is proven again."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask

from server.waiting import LOOK_EVERY_S, WaitingRoom
from tests.server.callers import Tablet, give, parts_of

Meanwhile = Callable[[], object]


@pytest.fixture
def meanwhile(app: Flask) -> Callable[..., list[float]]:
    """What happens at the first look around while somebody waits; how long they
    waited in all."""

    def arranged(*happens: Meanwhile, seats: int = 1) -> list[float]:
        waited: list[float] = []
        left = list(happens)

        def pause(seconds: float) -> None:
            waited.append(seconds)
            while left:
                left.pop()()

        room = WaitingRoom(seats, 25, pause)
        app.extensions["doorstep"] = replace(parts_of(app), waiting=room)
        return waited

    return arranged


def pull(tablet: Tablet, cursor: str = "", wait: int = 0) -> dict[str, object]:
    """A page, asked for with patience."""
    asked = f"wait={wait}" + (f"&cursor={cursor}" if cursor else "")
    answer = tablet.ask("GET", f"/v1/sync/pull?{asked}")
    assert answer.status_code == 200, answer.text
    found: dict[str, object] = answer.json
    return found


def test_news_is_brought_as_soon_as_there_is_some(
    app: Flask, li: Tablet, meanwhile: Callable[..., list[float]]
):
    here = str(pull(li)["cursor"])
    waited = meanwhile(lambda: give(app, "1", "li"))

    page = pull(li, here, wait=20)

    assert len(page["documents"]) == 1
    assert waited == [LOOK_EVERY_S]


def test_who_has_news_does_not_wait(
    app: Flask, li: Tablet, meanwhile: Callable[..., list[float]]
):
    give(app, "1", "li")
    waited = meanwhile()

    assert pull(li, wait=20)["documents"]
    assert waited == []


@pytest.mark.parametrize(("asked", "seconds"), [(3, 3), (600, 25)])
def test_nobody_waits_longer_than_asked_nor_than_the_server_bears(
    li: Tablet, meanwhile: Callable[..., list[float]], asked: int, seconds: int
):
    here = str(pull(li)["cursor"])
    waited = meanwhile()

    page = pull(li, here, wait=asked)

    assert (page["cursor"], page["complete"]) == (here, True)
    assert sum(waited) == seconds


def test_who_finds_no_seat_is_answered_at_once(
    li: Tablet, wang: Tablet, meanwhile: Callable[..., list[float]]
):
    """One seat, and Wang comes while Li waits."""
    here, there = str(pull(li)["cursor"]), str(pull(wang)["cursor"])
    answers: list[object] = []
    waited = meanwhile(lambda: answers.append(pull(wang, there, wait=20)))

    pull(li, here, wait=1)

    assert len(answers) == 1
    assert sum(waited) == 1


def test_a_seat_is_free_again_afterwards(
    li: Tablet, meanwhile: Callable[..., list[float]]
):
    here = str(pull(li)["cursor"])
    waited = meanwhile()
    pull(li, here, wait=1)

    pull(li, here, wait=1)

    assert sum(waited) == 2


def test_a_tablet_stolen_while_it_waits_hears_nothing(
    app: Flask, li: Tablet, meanwhile: Callable[..., list[float]]
):
    """Revoked before the news came: nothing of it goes out (F14)."""
    here = str(pull(li)["cursor"])
    door = parts_of(app).door
    meanwhile(lambda: (door.revoke(li.device, 1), give(app, "1", "li")))

    answer = li.ask("GET", f"/v1/sync/pull?wait=2&cursor={here}")

    assert (answer.status_code, answer.json["code"]) == (403, "device_revoked")


def test_what_happens_to_others_wakes_nobody(
    app: Flask, li: Tablet, meanwhile: Callable[..., list[float]]
):
    """Not by an early answer either (16)."""
    here = str(pull(li)["cursor"])
    waited = meanwhile(lambda: give(app, "1", "wang"))

    page = pull(li, here, wait=5)

    assert (page["cursor"], sum(waited)) == (here, 5)
