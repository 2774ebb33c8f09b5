"""Somebody holds the database while people work: they are asked to come again, at
different times, and nothing is half there (F8).
"""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from field_client.client import Client
from field_client.transport import Answered
from server.config import Config
from sync.facts.visit import Left
from tests.faults.servers import Odd, odd, opened, tablet
from tests.together.processes import office
from tests.together.writers import on_the_server

pytestmark = pytest.mark.slow

PEOPLE = ("li", "wang", "zhou", "chen", "zhao", "sun")


def test_a_database_that_somebody_holds_turns_people_away_for_different_whiles(
    tmp_path: Path,
):
    """Six hand in while it is held: each hears 503 and when to come again. Nothing was
    half done: given back, it takes everything once."""
    config = Config(data=tmp_path / "data")
    given = opened(config, *PEOPLE)
    with odd(Odd(tmp_path, "--threads", "8", oddities=["hasty"])) as served:
        for who, (order, code) in given.items():
            with tablet(tmp_path / who, served, code) as client:
                client.exchange_once()
                client.tell(order, Left())

        def tries(who: str) -> tuple[int, int | None]:
            with tablet(tmp_path / who, served) as client:
                return _handed_in(client)

        with _held(config), ThreadPoolExecutor(len(PEOPLE)) as crowd:
            answers = list(crowd.map(tries, PEOPLE))
        assert {status for status, _ in answers} == {503}
        assert len({wait for _, wait in answers}) > 1
        assert [tries(who) for who in PEOPLE] == [(200, None)] * len(PEOPLE)
        with office(config) as parts:
            assert sorted(on_the_server(parts).values()) == [1] * len(PEOPLE)


@contextmanager
def _held(config: Config) -> Iterator[None]:
    """Somebody has the database to himself."""
    file = config.database.removeprefix("sqlite:///")
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield
    other.close()


def _handed_in(client: Client) -> tuple[int, int | None]:
    """With which status, and when to come again."""
    try:
        report = client.exchange_once(again=True)
    except Answered as no:
        return no.status, no.retry_after_ms
    busy = {one.code for one in report.troubles} == {"database_busy"}
    return (503 if busy else 200), report.retry_after_ms
