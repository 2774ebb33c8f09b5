"""Records as plain JSON and back: whole, and nothing else gets in."""

import json
from collections.abc import Mapping
from enum import Enum

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infra.export import RECORDS, all_of
from sync.access import (
    ACTIONS,
    EVERY,
    OWNER,
    ROLES,
    WRITERS,
    Grant,
    may,
    may_write,
    projects,
)
from sync.exchange import Claim, Limits, Outcomes, Page, Receipt, Welcome
from sync.facts import DEVICE_KINDS, KINDS
from sync.order import Item, Order, Payer, Stage
from sync.plain import Record, as_json, but, fields, plain, typed, usual
from sync.policy import DEFAULT, Policy, as_text, name_of, whole
from sync.prices import Price, PriceList
from sync.problems import SENTENCES, Refused, fill
from sync.words import N_
from tests.sync.drawn import records, short

unhurried = settings(deadline=None, max_examples=40)
TRAVELLING = [*all_of((*RECORDS, *KINDS.values(), *DEVICE_KINDS.values()))]


class Pair(Record, frozen=True, kw_only=True):
    """One of everything that a record may hold."""

    number: int
    text: str = ""
    yes: bool = False
    payer: Payer = Payer.OWNER
    items: tuple[Item, ...] = ()
    names: Mapping[str, str] | None = None


@pytest.mark.parametrize(
    "record", [Receipt, Limits, Pair], ids=lambda one: one.__name__
)
def test_a_record_comes_back_as_it_was(record: type):
    @unhurried
    @given(records(record))
    def try_any(held: object) -> None:
        assert typed(record, json.loads(json.dumps(plain(held)))) == held

    try_any()


@unhurried
@given(records(Order))
def test_a_records_text_says_what_it_holds(order: Order):
    """Also after one change."""
    assert json.loads(as_json(order)) == plain(order)
    later = but(order, lamport=order.lamport + 1)
    assert json.loads(as_json(later)) == plain(later)


@unhurried
@given(st.lists(records(Receipt), max_size=3), short)
def test_answers_come_back_as_they_were(receipts: list[Receipt], epoch: str):
    answer = Outcomes(epoch=epoch, durable_through=0, receipts=tuple(receipts))
    assert typed(Outcomes, json.loads(json.dumps(plain(answer)))) == answer


@pytest.mark.parametrize(
    "answer",
    [
        Welcome(
            epoch="e", server_ms=1, token="t", durable_through=0, poll_ms=1, policy=""
        ),
        Claim(log="li.1", n=3, tip="x", at={"w": 1, "z": 480, "k": "token"}),
        Page(cursor="c", complete=True, epoch="e", durable_through=0),
    ],
    ids=lambda one: type(one).__name__,
)  # fmt: skip
def test_what_the_two_sides_say_comes_back_as_it_was(answer: object):
    assert typed(type(answer), json.loads(json.dumps(plain(answer)))) == answer


def test_what_has_its_default_is_left_out():
    """A record grows without old ones changing."""
    assert plain(Pair(number=1)) == {"number": 1}
    assert plain(Order()) == {}


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (None, "field_misshapen"),
        ([], "field_misshapen"),
        ("", "field_misshapen"),
        ({}, "field_missing"),
        ({"number": True}, "field_misshapen"),
        ({"number": "1"}, "field_misshapen"),
        ({"number": 1.0}, "field_misshapen"),
        ({"number": None}, "field_misshapen"),
        ({"number": 1, "text": 1}, "field_misshapen"),
        ({"number": 1, "yes": 1}, "field_misshapen"),
        ({"number": 1, "payer": "C"}, "value_unknown"),
        ({"number": 1, "payer": ["A"]}, "value_unknown"),
        ({"number": 1, "payer": {}}, "value_unknown"),
        ({"number": 1, "items": {}}, "field_misshapen"),
        ({"number": 1, "items": "text"}, "field_misshapen"),
        ({"number": 1, "items": [1]}, "field_misshapen"),
        ({"number": 1, "names": []}, "field_misshapen"),
        ({"number": 1, "names": {"a": 1}}, "field_misshapen"),
        ({"number": 1, "surplus": 1}, "field_unknown"),
    ],
)
def test_what_does_not_fit_exactly_is_refused(value: object, code: str):
    with pytest.raises(Refused) as refused:
        typed(Pair, value)
    assert refused.value.code == code


@pytest.mark.parametrize("record", TRAVELLING, ids=lambda one: one.__name__)
def test_a_copy_of_a_default_is_left_out_like_the_default_itself(record: type[Record]):
    """One document has one text, whatever in it was read and whatever was made here."""
    usually = {one.name: one for one in fields(record) if not one.required}

    @settings(deadline=None, max_examples=3)
    @given(records(record))
    def try_any(held: Record) -> None:
        again = but(
            held, **{name: copy_of(usual(one)) for name, one in usually.items()}
        )
        assert not plain(again).keys() & usually.keys()

    try_any()


def copy_of(value: object) -> object:
    """Another object that says the same."""
    if isinstance(value, Record):
        return but(value)
    if isinstance(value, str) and not isinstance(value, Enum):
        return "".join([*value])
    return int(str(value)) if type(value) is int else value


@pytest.mark.parametrize("record", TRAVELLING, ids=lambda one: one.__name__)
def test_no_record_holds_a_fraction(record: type[Record]):
    """They add up differently in every language."""
    assert all("float" not in str(one.type) for one in fields(record))


# who may do what

HERE, THERE = "江岸花园", "滨江府"


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_somebody_who_may_state_it(kind: str):
    assert WRITERS[kind]
    assert WRITERS[kind] <= ROLES or WRITERS[kind] == OWNER
    assert all(may_write({role}, kind) == (role in WRITERS[kind]) for role in ROLES)


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_with_an_account_states_what_the_owner_does(kind: str):
    """C1: nor can an account be given that role."""
    assert may_write(ROLES, kind) == (WRITERS[kind] != OWNER)
    assert not ROLES & OWNER


@pytest.mark.parametrize("role", ["", "TECHNICIAN", "technician "])
def test_who_is_unknown_may_do_nothing(role: str):
    assert not any(may_write({role}, kind) for kind in KINDS)
    assert not any(may([Grant(role=role)], action) for action in ACTIONS)


def test_nobody_may_state_what_is_no_kind():
    assert not may_write(ROLES, "visit.flown_in")


def test_nobody_may_do_what_is_in_no_table():
    assert not may([Grant(role=role) for role in ROLES], "order.burn", HERE)


@pytest.mark.parametrize("action", ACTIONS)
def test_everything_that_can_be_done_somebody_may_do(action: str):
    assert ACTIONS[action]
    assert ACTIONS[action] <= ROLES


def test_a_technician_sees_only_what_he_is_given():
    """S1."""
    assert not may([Grant(role="technician")], "order.read")


def test_a_grant_for_one_project_is_none_for_another():
    here = [Grant(role="dispatcher", project=HERE)]

    assert may(here, "order.read", HERE) and may(here, "order.read")
    assert not any(may(here, "order.read", one) for one in (THERE, "", EVERY))


def test_roles_of_two_projects_are_not_added_up():
    """Chen dispatches in one and audits the other."""
    places = {"dispatcher": HERE, "auditor": THERE}
    chen = [Grant(role=role, project=place) for role, place in places.items()]

    assert [may(chen, "order.decide", one) for one in (HERE, THERE)] == [True, False]
    assert projects(chen, "order.read") == {HERE, THERE}


def test_a_grant_for_every_project_covers_each():
    assert projects([Grant(role="manager"), Grant(role="manager", project=HERE)],
                    "order.read") == {EVERY}  # fmt: skip


# what is said


@pytest.mark.parametrize("code", SENTENCES)
def test_a_sentence_with_nothing_to_fill_in_still_reads(code: str):
    assert "{" not in fill(SENTENCES[code], {})
    assert str(Refused(code))


def test_a_refusal_fills_its_sentence():
    assert "16384" in str(Refused("body_too_long", limit=16384))
    assert Refused("nobody_wrote_me").sentence == "nobody_wrote_me"
    assert N_("上门") == "上门"


# policy


def test_a_policy_travels_and_keeps_its_name():
    ours = Policy(
        price_lists=(
            PriceList(
                name="2026",
                from_ms=5,
                prices=(Price(code="W1", name="垫圈", unit="个", price_fen=500),),
            ),
        ),
        demanded_steps=("greeted",),
    )
    again = typed(Policy, json.loads(as_text(ours)))
    assert again == ours
    assert name_of(again) == name_of(ours) != name_of(DEFAULT)


def test_a_policys_document_holds_also_what_ships():
    """A tablet of another version has other defaults."""
    assert whole(DEFAULT).keys() == set(Policy.__struct_fields__)


def test_every_stage_is_a_word():
    assert all(stage.value == stage for stage in Stage)
