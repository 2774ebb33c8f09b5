"""Python meets the vectors, and they are what they were (invariant 37)."""

import json
from typing import Any

import pytest

from sync.calendar import Calendar
from sync.envelope import commitment, committed, fact_id, read
from sync.epochs import Opened, lineage_of, opened_text, shared
from sync.exchange import Lane, Limits, Outcomes, receipts_for, wait_ms
from sync.facts import Kept, understand
from sync.fold import fold
from sync.log import root_of
from sync.moment import Moment, Span, minute_of
from sync.order import Line, Order, order_id
from sync.plain import plain, typed
from sync.prices import PriceList, bill, list_in_force, total_fen
from sync.problems import Refused
from sync.promises import Policy as Promises
from sync.reading import Anchor, Reading, Witness
from sync.reviews import LABELS
from sync.sheet import covers, draw_up, short_code, shown_hash
from sync.signing import read_jwk, thumbprint, verifies
from sync.timing import assess, own_witness, read_clocks, token_anchor
from tests.vectors.draw import HERE, VECTORS, text_of
from tests.vectors.histories import read_back


def held(name: str) -> Any:
    return json.loads((HERE / name).read_text("utf-8"))


(
    ENVELOPES,
    FOLDS,
    HISTORIES,
    SIGNATURES,
    EXCHANGE,
    TIMING,
    PRICES,
    PROMISES,
    EPOCHS,
    HEADS,
    SETTLED,
) = map(held, VECTORS)


@pytest.mark.parametrize("name", VECTORS)
def test_what_is_written_down_is_what_would_be_drawn_today(name: str):
    """A change here breaks every tablet that is out there: add, never alter."""
    assert text_of(VECTORS[name]()) == (HERE / name).read_text("utf-8")


def test_golden_facts_are_read_for_ever_and_keep_their_names():
    for one in ENVELOPES["facts"]:
        assert understand(read(one["b"])).id == fact_id(one["b"]) == one["id"]


def test_golden_commitments_keep_their_values():
    for one in ENVELOPES["commitments"]:
        name, salt, value = one["name"], one["salt"], one["value"]
        assert commitment(name, salt, value) == one["commitment"]
        assert committed({name: (salt, value)}) == {name: one["commitment"]}


@pytest.mark.parametrize("one", ENVELOPES["refused"].values(), ids=ENVELOPES["refused"])
def test_what_is_no_fact_is_refused_with_the_same_code(one: dict[str, str]):
    with pytest.raises(Refused) as refused:
        understand(read(one["b"]))
    assert refused.value.code == one["code"]


@pytest.mark.parametrize("story", FOLDS, ids=lambda story: story["story"])
def test_golden_facts_add_up_to_the_same_order(story: dict[str, Any]):
    order = fold(
        Kept(
            fact=understand(read(one["b"])),
            moment=Moment.parse(one["moment"]),
            position=one["position"],
        )
        for one in reversed(story["facts"])
    )
    assert order == typed(Order, story["order"])


@pytest.mark.parametrize("one", HISTORIES, ids=lambda one: one["stage"])
def test_a_golden_history_adds_up_to_the_same_order(one: dict[str, Any]):
    told = [read_back(held) for held in one["facts"]]
    assert plain(fold(reversed(told))) == json.loads(one["order"])


def test_golden_histories_hold_every_review_and_class():
    assert {code for one in HISTORIES for code in one["reviews"]} == {*LABELS}
    classes = {held for one in HISTORIES for held in one["classes"].split()}
    assert classes == {"counts", "replaced", "beside"}


@pytest.mark.parametrize("story", FOLDS, ids=lambda story: story["story"])
def test_golden_orders_give_the_same_sheet(story: dict[str, Any]):
    order, sheet = typed(Order, story["order"]), story["sheet"]
    page = draw_up(order, sheet["round"], sheet["language"], sheet["consent"])
    assert (page.decode(), shown_hash(page)) == (sheet["text"], sheet["sha256"])
    assert list(covers(order)) == sheet["covers"]


def test_golden_signatures_fit():
    key = read_jwk(SIGNATURES["jwk"])
    assert thumbprint(SIGNATURES["jwk"]) == SIGNATURES["thumbprint"]
    assert all(
        verifies(key, one["text"].encode(), one["signature"])
        for one in SIGNATURES["signed"].values()
    )


def test_golden_roots_are_the_same():
    assert all(root_of(one["ids"]) == one["root"] for one in SIGNATURES["roots"])


# the exchange


@pytest.mark.parametrize("trace", EXCHANGE["traces"], ids=lambda one: one["server"])
def test_golden_traces_of_the_planner_are_the_same(trace: dict[str, Any]):
    limits = typed(Limits, trace["limits"])
    pairs = [one.split(":") for one in trace["waiting"].split()]
    waiting = [(name, int(size)) for name, size in pairs]
    lane = Lane()
    for step in trace["steps"]:
        batch = lane.batch(waiting, limits)
        assert " ".join(batch) == step["batch"]
        if step["said"] == "well":
            lane = lane.went_well(batch)
            waiting = [one for one in waiting if one[0] not in batch]
        elif step["said"] == "lost":
            lane = lane.lost(batch)
        else:
            lane = lane.failed(batch, too_large=step["said"] == "large")
        assert (lane.most, lane.failures, lane.healthy) == (
            step["most"],
            step["failures"],
            step["healthy"],
        )
        assert lane.shelf == {*step["shelf"].split()}
        assert " ".join(lane.aside) == step["aside"]


def test_golden_waits_are_the_same():
    for one in EXCHANGE["waits"]:
        waited = wait_ms(one["failures"], one["chance"], one["retry_after_ms"])
        assert waited == one["wait_ms"]


def test_golden_answers_are_believed_alike():
    for one in EXCHANGE["receipts"]:
        found = receipts_for(one["sent"], typed(Outcomes, one["answer"]))
        assert [
            {"id": name, "position": said.position, "in_custody": said.in_custody}
            for name, said in found.items()
        ] == one["believed"]


# epochs


def test_golden_books_part_at_the_same_position():
    for one in EPOCHS["lineages"]:
        opened = [typed(Opened, held) for held in one["opened"]]
        assert [opened_text(held).decode() for held in opened] == one["texts"]
        for pair, position in one["shared"].items():
            assert shared(*pair.split(), lineage_of(opened)) == position


# time


def witness_in(held: dict[str, Any]) -> Witness:
    ends = {name: anchor_in(held[name]) for name in ("before", "after")}
    return Witness(**held | ends)


def anchor_in(held: dict[str, Any] | None) -> Anchor | None:
    return None if held is None else Anchor(**held)


def test_golden_moments_are_the_same():
    for one in TIMING["assessments"]:
        reading, witness = Reading.parse(one["reading"]), witness_in(one["witness"])
        assert plain(assess(reading, witness)) == one["moment"]


def test_golden_contacts_are_the_same():
    for one in TIMING["contacts"]:
        newest = anchor_in(one["newest"])
        reading = read_clocks(newest, one["token"], **one["clocks"])
        assert reading.wire() == one["reading"]
        before = token_anchor(reading, one["clocks"]["wall_ms"] - 500)
        assert before == anchor_in(one["token_anchor"])
        assert plain(assess(reading, own_witness(newest))) == one["own"]


def test_golden_minutes_are_the_same():
    for one in TIMING["minutes"]:
        assert minute_of(one["instant_ms"]).first_ms == one["first_ms"]


@pytest.mark.parametrize("one", PROMISES["dues"], ids=lambda one: str(one["row"]))
def test_golden_promises_are_due_at_the_same_time(one: dict[str, Any]):
    policy = PROMISES["policies"][one["policy"]]
    row = Promises.parse(policy["promises"]).promises[one["row"]]
    due = row.due(Span(*one["start_ms"]), Calendar.parse(policy["calendar"]))
    assert due
    assert [due.earliest_ms, due.latest_ms] == one["due_ms"]


# money


def test_golden_lists_are_in_force_at_the_same_time():
    lists = [typed(PriceList, one) for one in PRICES["lists"]]
    for one in PRICES["in_force"]:
        found = list_in_force(lists, one["at_ms"])
        assert (found and found.name) == one["name"]


def test_golden_lines_add_up_to_the_same():
    for one in PRICES["totals"]:
        assert total_fen(typed(Line, line) for line in one["lines"]) == one["total_fen"]


def test_golden_orders_keep_their_names():
    assert all(order_id(one["number"]) == one["id"] for one in PRICES["orders"])


@pytest.mark.parametrize("sheet", PRICES["sheets"], ids=lambda one: one["language"])
def test_golden_goods_stand_on_the_same_page(sheet: dict[str, Any]):
    lists = [typed(PriceList, one) for one in PRICES["lists"]]
    order = typed(Order, sheet["order"])
    page = draw_up(order, sheet["round"], sheet["language"], sheet["consent"], lists)
    assert (page.decode(), shown_hash(page)) == (sheet["text"], sheet["sha256"])
    assert (short_code(sheet["sha256"]), plain(bill(order))) == (
        sheet["short"],
        sheet["bill"],
    )


def test_golden_decisions_end_what_they_are_about():
    for one in SETTLED:
        ended = {told["review"] for told in one["told"]}
        assert ended.isdisjoint(review["id"] for review in one["reviews"])
        assert ended == {review["id"] for review in one["resolved"]}
        assert ended == {resolution["review"] for resolution in one["resolutions"]}
