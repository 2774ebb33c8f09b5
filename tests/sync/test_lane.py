"""What a tablet hands in next, and when it tries again (invariants 6, 7; F20, F27)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.exchange import (
    IN_CUSTODY,
    LEAST_WAIT_MS,
    MOST_WAIT_MS,
    OUTCOME_LABELS,
    Lane,
    Limits,
    Outcome,
    Outcomes,
    Receipt,
    receipts_for,
    wait_ms,
)

unhurried = settings(deadline=None, max_examples=80)
Answer = Callable[[Sequence[str]], str]

sizes = st.lists(st.integers(1, 16 * 1024), max_size=60)
ids = st.text("abc", min_size=1, max_size=2)


def waiting(sizes: Sequence[int]) -> list[tuple[str, int]]:
    return [(f"fact {i}", size) for i, size in enumerate(sizes)]


@dataclass
class Tablet:
    """A queue and its lane, against a server that answers as it is told."""

    queue: list[tuple[str, int]]
    answer: Answer
    lane: Lane = field(default_factory=Lane)
    attempts: int = 0
    waits: list[int] = field(default_factory=list)

    def work(self, most: int = 1000) -> "Tablet":
        """Try until nothing is left to try."""
        end = self.attempts + most
        while self.attempts < end:
            batch = self.lane.batch(self.queue, Limits())
            if not batch:
                break
            self.attempts += 1
            said = self.answer(batch)
            self.waits.append(wait_ms(self.lane.failures, 0.5))
            if said == "well":
                self.queue = [one for one in self.queue if one[0] not in batch]
                self.lane = self.lane.went_well(batch)
            elif said == "lost":
                self.lane = self.lane.lost(batch)
            else:
                self.lane = self.lane.failed(batch, too_large=said == "large")
        return self


@unhurried
@given(sizes)
def test_the_queue_drains_when_the_network_is_up(sizes: list[int]):
    tablet = Tablet(waiting(sizes), lambda _batch: "well").work()
    assert tablet.queue == []


@unhurried
@given(st.integers(1, 120), st.sets(st.integers(0, 119), max_size=4))
def test_poison_ends_on_the_shelf_and_everything_else_goes_on(
    count: int, bad: set[int]
):
    """F20: whatever the place of the bad ones among the good."""
    poison = {f"fact {i}" for i in bad if i < count}
    tablet = Tablet(
        waiting([100] * count), lambda batch: "bad" if poison & {*batch} else "well"
    ).work()
    assert {name for name, _ in tablet.queue} == poison
    tablet.queue.append(("one more good fact", 100))
    assert tablet.work().lane.shelf == poison


@unhurried
@given(st.integers(1, 60), st.integers(1, 400))
def test_a_server_that_fails_at_everything_puts_nothing_on_the_shelf(
    count: int, failures: int
):
    """A bad release on the server: hours of 500, then it is mended. Nobody has to
    press anything for the queue to drain (invariant 6)."""
    left = [failures]  # hours of 500, then well

    def answer(_batch: Sequence[str]) -> str:
        left[0] -= 1
        return "bad" if left[0] >= 0 else "well"

    tablet = Tablet(waiting([100] * count), answer).work()
    assert (tablet.queue, tablet.lane.shelf) == ([], frozenset())


def test_a_server_that_fails_for_long_is_asked_ever_more_rarely():
    """F27: halving a batch is no reason to hurry."""
    tablet = Tablet(waiting([100] * 60), lambda _batch: "bad").work(most=30)
    assert tablet.waits == sorted(tablet.waits)
    assert tablet.waits[-1] > MOST_WAIT_MS // 2


def test_only_the_bad_one_is_aside_when_the_server_is_mended():
    """Of all those that failed while the server was broken, one is really bad."""
    said = [0]

    def answer(batch: Sequence[str]) -> str:
        said[0] += 1
        return "bad" if said[0] < 50 or "fact 3" in batch else "well"

    tablet = Tablet(waiting([100] * 8), answer).work()
    assert [name for name, _ in tablet.queue] == ["fact 3"]
    assert tablet.lane.shelf == {"fact 3"}


@pytest.mark.parametrize("fits", [1, 3, 10])
def test_a_network_too_thin_for_a_whole_batch_still_drains_the_queue(fits: int):
    """No answer to a hundred facts, ever; but to a few (6)."""
    tablet = Tablet(
        waiting([2000] * 100), lambda batch: "well" if len(batch) <= fits else "lost"
    ).work()
    assert (tablet.queue, tablet.lane.shelf) == ([], frozenset())


def test_silence_puts_nothing_on_the_shelf():
    tablet = Tablet(waiting([100]), lambda _batch: "lost").work(most=200)
    assert tablet.lane.shelf == frozenset()
    assert tablet.lane.batch(tablet.queue, Limits()) == ["fact 0"]


def test_too_large_is_halved_at_once():
    lane = Lane().failed(["a", "b", "c", "d"], too_large=True)
    assert len(lane.batch(waiting([1] * 9), Limits())) == 2


def test_a_batch_is_tried_twice_before_it_is_halved():
    lane = Lane().failed(["fact"] * 8, too_large=False)
    assert len(lane.batch(waiting([1] * 8), Limits())) == 8
    lane = lane.failed(["fact"] * 8, too_large=False)
    assert len(lane.batch(waiting([1] * 8), Limits())) == 4


def test_a_fact_that_kills_the_server_holds_up_nothing():
    """No answer whenever it is handed in: the others go on, it is tried last."""
    tablet = Tablet(
        waiting([100] * 20), lambda batch: "lost" if "fact 0" in batch else "well"
    ).work()
    assert [name for name, _ in tablet.queue] == ["fact 0"]


def test_what_was_put_aside_and_then_taken_is_forgotten():
    lane = Lane(aside=("a", "b")).went_well(["a"])
    assert lane.aside == ("b",)


def test_batches_grow_again_after_success():
    lane = Lane(most=1)
    for _ in range(9):
        lane = lane.went_well()
    assert len(lane.batch(waiting([1] * 300), Limits())) == Limits().facts


@unhurried
@given(sizes, st.integers(1, 100), st.sets(st.integers(0, 59)))
def test_a_batch_is_never_empty_unless_all_are_on_the_shelf(
    sizes: list[int], most: int, shelved: set[int]
):
    shelf = frozenset(f"fact {i}" for i in shelved)
    batch = Lane(most=most, shelf=shelf).batch(waiting(sizes), Limits())
    free = [name for name, _ in waiting(sizes) if name not in shelf]
    assert bool(batch) is bool(free)
    assert batch == free[: len(batch)]


@unhurried
@given(sizes, st.integers(1, 200))
def test_a_batch_stays_within_the_limits(sizes: list[int], most: int):
    held = waiting(sizes)
    batch = Lane(most=most).batch(held, Limits(bytes=40_000))
    weight = sum(size for name, size in held if name in batch)
    assert len(batch) <= 1 or (weight <= 40_000 and len(batch) <= min(most, 100))


@unhurried
@given(st.integers(0, 10**6), st.floats(0, 1, exclude_max=True))
def test_the_wait_is_bounded(failures: int, chance: float):
    assert LEAST_WAIT_MS <= wait_ms(failures, chance) <= MOST_WAIT_MS


def test_the_wait_grows_and_chance_spreads_it():
    assert wait_ms(1, 0.9) < wait_ms(3, 0.9) < wait_ms(6, 0.9)
    assert wait_ms(6, 0.1) < wait_ms(6, 0.9)


def test_a_server_that_asks_for_patience_gets_it():
    assert wait_ms(0, 0.0, 900_000) == 900_000
    assert wait_ms(9, 0.9, 5) == wait_ms(9, 0.9)


# receipts


def receipt(name: str, outcome: Outcome = Outcome.STORED) -> Receipt:
    return Receipt(id=name, outcome=outcome)


@unhurried
@given(
    st.lists(ids),
    st.lists(st.tuples(ids, st.sampled_from(Outcome)), unique_by=lambda said: said[0]),
)
def test_only_receipts_for_what_was_sent_are_believed(
    sent: list[str], said: list[tuple[str, Outcome]]
):
    answer = Outcomes(
        epoch="e", durable_through=0, receipts=tuple(receipt(*one) for one in said)
    )
    found = receipts_for(sent, answer)
    assert found.keys() == {*sent} & {name for name, _ in said}


@unhurried
@given(st.permutations([*Outcome, *Outcome]))
def test_two_different_answers_about_one_fact_are_no_custody(said: list[Outcome]):
    """An honest server gives one; whatever contradicts itself frees nothing."""
    receipts = tuple(receipt("a", one) for one in said)
    answer = Outcomes(epoch="e", durable_through=0, receipts=receipts)
    found = receipts_for(["a"], answer)
    assert not any(one.in_custody for one in found.values())


def test_only_a_refusal_leaves_a_fact_with_its_tablet():
    assert frozenset(Outcome) - {Outcome.REFUSED} == IN_CUSTODY
    assert not receipt("a", Outcome.REFUSED).in_custody
    assert receipt("a", Outcome.QUARANTINED).in_custody


def test_every_outcome_has_words():
    assert OUTCOME_LABELS.keys() == set(Outcome)
