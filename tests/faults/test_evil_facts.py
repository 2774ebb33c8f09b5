"""A fact that hangs or kills whoever folds it blocks nobody else (F20).

A real server knows kinds of facts with a mistake in them: one never comes to an end,
one kills the process as if memory had run out, one wants more memory than there is.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import pytest

from field_client.client import Client
from field_client.transport import Answered, NoAnswer
from server.config import Config
from sync.exchange import Outcome
from sync.facts import KINDS
from sync.facts.visit import Left
from tests.faults.odd_server import EVIL
from tests.faults.servers import Odd, odd, opened, tablet, written

pytestmark = pytest.mark.slow

ATTEMPTS = 6  # of a tablet with the evil fact, until it is rid of it


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> Mapping[str, type]:
    """Here too the evil kinds can be written; nothing here folds them."""
    for one in EVIL:
        monkeypatch.setitem(KINDS, one.kind, one)
    return {one.kind: one for one in EVIL}


@pytest.fixture(scope="module")
def office_hours(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Odd, Mapping[str, tuple[str, str]]]]:
    """A server with two workers for the whole day: stream and code of everybody."""
    folder = tmp_path_factory.mktemp("evil")
    people = [f"{who}{number}" for who in ("li", "wang") for number in range(3)]
    given = opened(Config(data=folder / "data"), *people)
    words = ("--workers", "2", "--threads", "4")
    with odd(Odd(folder, *words, oddities=["evil"])) as served:
        yield served, given


CASES = [("test.endless", 0), ("test.fatal", 20), ("test.greedy", 2)]  # among others


@pytest.mark.parametrize(("number", "case"), list(enumerate(CASES)))
def test_an_evil_fact_is_set_aside_and_everything_else_goes_on(
    number: int, case: tuple[str, int], known: Mapping[str, type], tmp_path: Path,
    office_hours: tuple[Odd, Mapping[str, tuple[str, str]]],
):  # fmt: skip
    """Li's tablet gets rid of it by itself; Wang works all the while."""
    (kind, many), (server, given) = case, office_hours
    (order, code), (others, her_code) = given[f"li{number}"], given[f"wang{number}"]
    with (
        tablet(tmp_path / "li", server, code) as li,
        tablet(tmp_path / "wang", server, her_code) as wang,
    ):
        for at in range(many + 1):
            written(li, order, known[kind]() if at == many // 2 else Left())
        for _ in until_rid_of(li):
            written(wang, others, Left())
            assert sum(1 for _ in until_rid_of(wang)) <= ATTEMPTS

        assert set(outcomes(wang)) == {Outcome.STORED}
        assert outcomes(li).pop(many // 2) == Outcome.QUARANTINED
        assert Outcome.QUARANTINED not in outcomes(li)[many // 2 + 1 :]
        assert reasons(li) == ["fact_failed"]
    assert server.doorstep("check").returncode == 0


def until_rid_of(client: Client) -> Iterator[int]:
    """Exchange until nothing waits; whoever shared the worker that died tries again."""
    for number in range(ATTEMPTS):
        with suppress(NoAnswer, Answered):
            client.exchange_once(again=True)
        yield number
        if not client.store.outbox.waiting():
            return
    raise AssertionError("a fact was blocked")


def outcomes(client: Client) -> list[Outcome]:
    """What became of each fact of this tablet."""
    receipts = [one.receipt for one in client.store.outbox.facts()]
    return [one.outcome for one in receipts if one is not None]


def reasons(client: Client) -> list[str | None]:
    """Why something of this tablet was set aside."""
    receipts = [one.receipt for one in client.store.outbox.facts()]
    return [one.reason for one in receipts if one is not None and one.reason]
