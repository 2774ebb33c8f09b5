"""The same facts are the same order, whatever happened to them on the way.

Invariants 3, 4, 23–29, over facts of all kinds with any payload, by several people and
logs: concurrent, doubled, forked, with leaps of the Lamport number.
"""

import json
import random
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from sync.access import FIELD, may_write
from sync.envelope import Head, read
from sync.facts import KINDS, Kept, understand, write_fact
from sync.facts.dispatch import Cancelled, Closed, Dispatched, ReviewResolved
from sync.facts.intake import DuplicateFound, FoundOnSite, Logged, Merged, Taken
from sync.facts.what import What
from sync.fold import fold
from sync.moment import Moment
from sync.order import Order, Stage
from sync.plain import Record, but, fields, plain, typed
from sync.reading import Reading
from sync.registers import REGISTERS, classes
from sync.timing import assess
from tests.story import NINE, converged, through_wire
from tests.sync.drawn import (
    OTHER,
    STREAM,
    clocks,
    heads,
    records,
    speaking_of,
    told,
    whats,
)

unhurried = settings(
    deadline=None, max_examples=60, suppress_health_check=list(HealthCheck)
)
TIMELY = {"double_arrival"}  # reviews that speak of time


@unhurried
@given(told())
def test_the_sequence_and_the_batches_in_which_facts_arrive_do_not_matter(
    held: list[Kept],
):
    converged(held, shuffles=2)


@unhurried
@given(told(), st.randoms())
def test_handing_in_any_of_it_again_changes_nothing(
    held: list[Kept], chance: random.Random
):
    again = held + chance.choices(held, k=len(held)) if held else []
    assert fold(again) == fold(held)


@unhurried
@given(told())
def test_what_only_the_tablet_has_counts_once_when_the_server_has_it_too(
    held: list[Kept],
):
    own = [but(one, position=None) for one in held]
    assert fold(own + held) == fold(held + own) == fold(held)


@unhurried
@given(told())
def test_every_fact_has_its_place_in_the_history_once(held: list[Kept]):
    assert sorted(entry.id for entry in fold(held).history) == sorted(
        one.fact.id for one in held
    )


@unhurried
@given(told())
def test_clocks_change_nothing_but_times(held: list[Kept]):
    """Invariant 25: whatever clocks say, the order and its reviews stay."""
    wild = [
        but(one, moment=Moment(earliest_ms=5, latest_ms=6, claimed_ms=i * 10**9))
        for i, one in enumerate(held)
    ]
    assert timeless(fold(wild)) == timeless(fold(held))


@unhurried
@given(told(), st.lists(clocks, min_size=9, max_size=9))
def test_whatever_a_tablets_clock_shows_the_order_is_the_same(
    held: list[Kept], shown: list[Reading]
):
    """Invariants 25 and 32: the same acts, with any clock that a device can have. The
    bytes differ, so the facts have other names; nothing else does."""
    acts = alone_at_their_number(held)
    renamed: dict[str, str] = {}
    wild = []
    for one, reading in zip(acts, shown, strict=False):
        head = but(one.fact.head, at=reading.wire())
        what = typed(type(one.fact.what), renamed_in(plain(one.fact.what), renamed))
        fact = write_fact(what, head)
        renamed[one.fact.id] = fact.id
        wild.append(but(one, fact=fact, moment=assess(fact.reading)))
    plainly = renamed_in(timeless(fold(acts)), renamed)
    assert nameless(plainly) == nameless(timeless(fold(wild)))


def alone_at_their_number(held: list[Kept]) -> list[Kept]:
    """Without forks, which only a name can put into a sequence, and without what speaks
    of a review by the digest of names."""
    found = {
        (one.fact.head.lamport, one.fact.head.log, one.fact.head.n): one
        for one in held
        if not isinstance(one.fact.what, ReviewResolved)
    }
    return sorted(found.values(), key=lambda one: one.position or 0)


def renamed_in(value: Any, names: dict[str, str]) -> Any:
    """The same, with facts called by their new names."""
    text = json.dumps(value)
    for old, new in names.items():
        text = text.replace(old, new)
    return json.loads(text)


def nameless(order: Any) -> Any:
    """The reviews of an order have no sequence and no id but those of their facts."""
    found = sorted((one["code"], sorted(one["facts"])) for one in order["reviews"])
    return order | {"reviews": found}


def timeless(value: Any) -> Any:
    """Everything but moments, and reviews that compare moments."""
    if isinstance(value, Moment):
        return None
    if isinstance(value, Order):
        kept = tuple(one for one in value.reviews if one.code not in TIMELY)
        value = but(value, reviews=kept)
    if isinstance(value, Record):
        return {
            one.name: timeless(getattr(value, one.name)) for one in fields(type(value))
        }
    if isinstance(value, tuple):
        return [timeless(one) for one in value]
    return value


@unhurried
@given(told())
def test_no_fact_of_a_tablet_changes_a_decision_of_the_desk(held: list[Kept]):
    """Invariant 26: what was asked for, to whom the order is given, whether it goes on,
    and what a person has looked at."""
    desk = [one for one in held if one.fact.what.decides]
    everything, decided = fold(held), fold(desk)
    if everything.found and everything.found.stands:
        everything = but(everything, request=None)  # a technician's own, nobody's yet
    for name in DECIDED:
        assert getattr(everything, name) == getattr(decided, name)


def decided() -> list[Kept]:
    """One decision of every kind, about one order."""
    whats = (
        Logged(registered_ms=NINE),
        Taken(person="chen"),
        Dispatched(technician="li"),
        Cancelled(reason="r"),
        Closed(reason="r"),
        Merged(into=OTHER),
        DuplicateFound(duplicate=OTHER),
        ReviewResolved(review="A" * 16, reason="r"),
    )
    made = [
        write_fact(what, Head(
            stream=STREAM, log="server.2", n=n, prev=None if n == 1 else "A" * 43,
            epoch="e1", basis=0, lamport=4, by="chen", at={"w": NINE, "z": 480},
        ))
        for n, what in enumerate(whats, 1)
    ]  # fmt: skip
    return [
        Kept(fact=one, moment=Moment(), position=place)
        for place, one in enumerate(made, 1)
    ]


FIELD_KINDS = {name: kind for name, kind in KINDS.items() if not kind.decides}


@pytest.mark.parametrize("kind", FIELD_KINDS.values(), ids=FIELD_KINDS)
def test_nothing_a_technician_can_state_changes_any_decision(kind: type[What]):
    """Invariant 26, kind by kind: whatever it names, before or after the decisions."""
    desk = decided()
    before = fold(desk)

    @settings(unhurried, max_examples=10)
    @given(records(kind), st.data())
    def try_any(drawn: What, data: st.DataObject) -> None:
        head = data.draw(heads(drawn, 9))
        for named in desk:
            fact = write_fact(speaking_of(named.fact, drawn), head)
            after = fold([*desk, Kept(fact=fact, moment=Moment(), position=9)])
            assert all(getattr(after, it) == getattr(before, it) for it in DECIDED)

    try_any()


DECIDED = (
    "request", "assignments", "cancelled", "closed", "merged_into", "duplicates",
    "resolutions", "takings",
)  # fmt: skip


@unhurried
@given(told())
def test_every_fact_is_in_exactly_one_class_and_every_value_rests_on_one(
    held: list[Kept],
):
    """Invariant 27: whatever the document shows can be traced to its fact, and what was
    replaced says by which."""
    order = fold(held)
    found = classes(order)
    assert found.keys() == {one.fact.id for one in held}
    for name in REGISTERS:
        shown = getattr(order, name)
        values = shown if isinstance(shown, tuple) else (shown,) if shown else ()
        assert all(found[one.fact] == "counts" for one in values)
        assert all(found[one.fact] == "beside" for one in getattr(order.beside, name))
    by = {one.id: one.replaced_by for one in order.history if one.replaced_by}
    assert all(found[one] == "replaced" for one in by)
    assert by.keys() | set(by.values()) <= found.keys()


@unhurried
@given(told(), st.sampled_from(["first", "last"]))
def test_when_the_request_comes_in_does_not_matter(held: list[Kept], when: str):
    """Work that is done before its request is known counts as work asked for. What a
    technician came upon is a request of its own."""
    asking = (Logged, FoundOnSite)
    work = [one for one in held if not isinstance(one.fact.what, asking)]
    newest = max((one.fact.head.lamport for one in work), default=1)
    assume(newest < 100)
    lamport = 1 if when == "first" else newest + 1
    request = write_fact(
        Logged(registered_ms=NINE),
        Head(stream=STREAM, log="server.0", n=1, prev=None, epoch="e1", basis=0,
             lamport=lamport, by="chen", at={"w": NINE, "z": 480}),
    )  # fmt: skip
    asked = Kept(fact=request, moment=Moment(), position=99)
    order, bare = fold([asked, *work]), fold(work)
    told_of = {one.facts: one.code for one in order.reviews if one.code != "fork"}
    assert told_of == {
        one.facts: one.code for one in bare.reviews if one.code != "fork"
    }
    wanted = Stage.LOGGED if bare.stage is Stage.UNKNOWN else bare.stage
    assert order.stage is wanted


@unhurried
@given(told())
def test_what_a_person_has_looked_at_is_never_opened_again(held: list[Kept]):
    """Invariant 28: the same ids, whatever else is known, open or resolved."""
    order = fold(held)
    looked_at = {one.review for one in order.resolutions}
    assert not looked_at & {one.id for one in order.reviews}
    assert {one.id for one in order.resolved} <= looked_at


@unhurried
@given(told())
def test_a_later_fact_takes_no_review_away(held: list[Kept]):
    """Invariant 28, for what only people can close."""
    for end in range(len(held)):
        assert names(fold(held[:end])) <= names(fold(held[: end + 1]))


def names(order: Order) -> set[str]:
    """The reviews that only people can close."""
    return {
        review.id
        for review in order.reviews
        if review.code in {"fork", "contradiction", "parallel_edit", "cancelled_unseen"}
    }


@unhurried
@given(told())
def test_no_word_of_an_owner_is_ever_taken_away_or_rewritten(held: list[Kept]):
    """Invariant 29, A2: what was signed stays as it was signed."""
    for end in range(len(held)):
        before, after = verdicts(held[:end]), verdicts(held[: end + 1])
        assert before.items() <= after.items()


def verdicts(held: list[Kept]) -> dict[str, Any]:
    order = fold(held)
    return {v.fact: v for round_ in order.rounds for v in round_.verdicts}


@unhurried
@given(told())
def test_nothing_is_accepted_without_a_signature_in_the_newest_round(held: list[Kept]):
    """A3: no sequence of facts makes an acceptance out of anything else."""
    order = fold(held)
    if order.stage is Stage.ACCEPTED:
        words = [v for round_ in order.rounds for v in round_.verdicts]
        assert any(word.answer == "accepted" and word.signature for word in words)


@unhurried
@given(told())
def test_the_document_of_an_order_holds_all_of_it(held: list[Kept]):
    order = fold(held)
    assert through_wire(order) == order


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_kind_comes_through_the_wire_as_it_was(kind: type[What]):
    @unhurried
    @given(st.data())
    def try_any(data: st.DataObject) -> None:
        what = data.draw(records(kind))
        head = data.draw(heads(what, 9))
        fact = write_fact(what, head)
        assert understand(read(fact.envelope.body)) == fact
        assert (fact.what, fact.head) == (what, head)

    try_any()


@unhurried
@given(whats)
def test_a_payload_is_plain_json(what: What):
    assert typed(type(what), json.loads(json.dumps(plain(what)))) == what


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_what_the_desk_decides_no_tablet_may_write(kind: type[What]):
    beyond = kind.decides or kind.by_owner
    assert all(may_write({role}, kind.kind) is not beyond for role in FIELD)
