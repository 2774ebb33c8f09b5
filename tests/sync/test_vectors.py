"""Python meets the vectors, and they are what they were (invariant 37)."""

import json
from typing import Any

import pytest

from sync.envelope import commitment, fact_id, read
from sync.facts import Kept, understand
from sync.fold import fold
from sync.log import root_of
from sync.moment import Moment
from sync.order import Order
from sync.plain import typed
from sync.problems import Refused
from sync.sheet import covers, draw_up, shown_hash
from sync.signing import read_jwk, thumbprint, verifies
from tests.vectors.draw import HERE, VECTORS, text_of


def held(name: str) -> Any:
    return json.loads((HERE / name).read_text("utf-8"))


ENVELOPES, FOLDS, SIGNATURES = map(held, VECTORS)


@pytest.mark.parametrize("name", VECTORS)
def test_what_is_written_down_is_what_would_be_drawn_today(name: str):
    """A change here breaks every tablet that is out there: add, never alter."""
    assert text_of(VECTORS[name]()) == (HERE / name).read_text("utf-8")


def test_golden_facts_are_read_for_ever_and_keep_their_names():
    for one in ENVELOPES["facts"]:
        assert understand(read(one["b"])).id == fact_id(one["b"]) == one["id"]


def test_golden_commitments_keep_their_values():
    for one in ENVELOPES["commitments"]:
        assert commitment(one["name"], one["salt"], one["value"]) == one["commitment"]


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
