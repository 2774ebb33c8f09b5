"""Lists of orders: who sees which, what of an owner, in which sequence."""

import json
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from sqlalchemy import delete, update

from server.board_tables import order_row, order_words
from server.database import writing
from server.erasures import act_on, erase
from sync.facts.dispatch import Cancelled, Dispatched, PutOnHold
from sync.facts.intake import Amended, FoundOnSite
from sync.facts.visit import Appointed, Arrived, SetOff
from sync.order import order_stream
from tests.server.callers import HOUR, NOON, Staff, Tablet, employ, parts_of
from tests.server.conftest import Clock
from tests.server.desks import (
    EAST,
    WEST,
    ZHAO,
    asked_for,
    cards,
    decide,
    given,
    got,
    hired,
    numbers,
)

MINUTE = 60_000
SUMMER = 1_782_093_600_000  # 22 June 2026, a Monday, 10:00 in Shanghai


# whose data


def test_who_may_not_know_the_owner_reads_no_room_and_no_fault(app: Flask, chen: Staff):
    """Masked by what one may do in that project (S1)."""
    asked_for(app, "R1")
    card = cards(hired(app, "sun", "auditor"))["R1"]

    assert (card["home"], card["fault"]) == ("3-2-***", "")


def test_no_word_of_an_owner_reaches_a_list_of_somebody_who_may_not_know_it(
    app: Flask, chen: Staff
):
    """Nor as any other value of the answer."""
    asked_for(app, "R1")
    answer = hired(app, "sun", "auditor").ask("GET", "/v1/orders").text

    assert not [said for said in ZHAO.values() if said in answer and len(said) > 1]


def test_the_desk_reads_where_and_what(app: Flask, chen: Staff):
    asked_for(app, "R1")
    card = cards(chen)["R1"]

    assert (card["home"], card["fault"]) == ("3-2-1702", ZHAO["fault"])


@pytest.mark.parametrize("words", [ZHAO["phone"], "1702", "赵敏", "渗水"])
def test_searching_tells_nothing_of_an_owner_whom_one_may_not_know(
    app: Flask, chen: Staff, words: str
):
    asked_for(app, "R1")

    assert numbers(hired(app, "sun", "auditor"), f"?q={quote(words)}") == []


@pytest.mark.parametrize("words", ["0013", "1702", "赵", "渗水", "R1", "3-2-1702"])
def test_the_desk_finds_an_order_by_whatever_is_known_of_it(
    app: Flask, chen: Staff, words: str
):
    asked_for(app, "R1")
    asked_for(app, "X9", site=WEST, sort="enquiry")
    decide(app, "X9", Amended(number="X9", registered_ms=NOON), {"room": "9"})

    assert numbers(chen, f"?q={quote(words)}") == ["R1"]


def erased(app: Flask, number: str) -> None:
    """What is held of this order's owner is erased."""
    parts = parts_of(app)
    with writing(parts.engine) as connection:
        act = act_on(connection, order_stream(number), (), "asked", parts.now())
    erase(parts.engine, parts.shelf, parts.keys, act)


@pytest.mark.parametrize("words", [ZHAO["phone"], "1702", "赵敏", "渗水"])
def test_what_was_erased_is_not_found_any_more(app: Flask, chen: Staff, words: str):
    """Invariant 35: nor as a copy for searching."""
    asked_for(app, "R1")
    erased(app, "R1")

    assert numbers(chen, f"?q={quote(words)}") == []
    assert numbers(chen) == ["R1"]


# whose orders


def test_a_desk_sees_the_orders_of_its_own_projects_alone(app: Flask, chen: Staff):
    asked_for(app, "E1", EAST)
    asked_for(app, "W1", WEST)

    assert numbers(hired(app, "han", "dispatcher", WEST)) == ["W1"]


def test_a_technician_sees_what_is_given_to_them(app: Flask, chen: Staff, li: Tablet):
    given(app, "R1", "li")
    asked_for(app, "R2")

    assert cards(li)["R1"]["home"] == "3-2-1702"
    assert numbers(li) == ["R1"]


def test_who_is_given_orders_and_has_a_desk_elsewhere_sees_both(
    app: Flask, chen: Staff, li: Tablet
):
    given(app, "E1", "li", EAST)
    asked_for(app, "W1", WEST)
    asked_for(app, "E2", EAST)

    assert sorted(numbers(hired(app, "li", "dispatcher", WEST))) == ["E1", "W1"]


# filters and sequence


@pytest.fixture
def mixed(app: Flask, chen: Staff, li: Tablet) -> Flask:
    """Five orders, no two alike."""
    asked_for(app, "A", priority="emergency", registered_ms=NOON - MINUTE)
    asked_for(app, "B", trade="power", registered_ms=NOON - 2 * MINUTE)
    asked_for(app, "C", WEST, registered_ms=NOON - 3 * MINUTE)
    given(app, "D", "li")
    given(app, "E", "li")
    decide(app, "E", Cancelled(reason="asked"))
    return app


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("priority=emergency", "A"),
        ("trade=power", "B"),
        (f"project={quote(WEST)}", "C"),
        ("technician=li&open=true", "D"),
        ("technician=-", "ABC"),
        ("technician=-,li", "ABCDE"),
        ("open=false", "E"),
        ("stage=logged", "ABC"),
        ("stage=logged,dispatched", "ABCDE"),
        ("sort_of=complaint", ""),
        ("review=true", ""),
        ("q=D", "D"),
    ],
)
def test_a_list_holds_what_was_asked_for(
    mixed: Flask, chen: Staff, query: str, found: str
):
    assert sorted(numbers(chen, f"?{query}")) == list(found)


def test_what_waits_for_a_person_can_be_listed(mixed: Flask, chen: Staff, li: Tablet):
    li.tell(Arrived(), "D")  # not knowing that it is Li's

    assert numbers(chen, "?review=true") == ["D"]


SEQUENCES = ["registered", "number", "worst", "worst&late=false", "number&late=false"]


@pytest.mark.parametrize("sequence", SEQUENCES)
def test_pages_together_are_the_whole_list(mixed: Flask, chen: Staff, sequence: str):
    """Whatever the sequence, nothing twice and nothing left out."""
    whole = numbers(chen, f"?order_by={sequence}")
    target: str | None = f"/v1/orders?order_by={sequence}&limit=2"
    seen: list[str] = []
    while target:
        answer = chen.ask("GET", target)
        seen += [one["number"] for one in json.loads(answer.text)["orders"]]
        link = answer.headers.get("Link", "")
        target = link[1 : link.index(">")] if link else None

    assert seen == whole
    assert sorted(seen) == list("ABCDE")


def test_the_newest_request_comes_first(mixed: Flask, chen: Staff):
    assert numbers(chen)[:3] == ["A", "B", "C"]


@pytest.fixture
def summer(app: Flask, clock: Clock) -> Staff:
    """Chen, on a working day that promises were made for."""
    clock.ms = SUMMER
    return employ(app, "chen", "dispatcher")


def test_what_is_due_first_comes_first_and_what_is_on_hold_waits(
    app: Flask, summer: Staff
):
    """Though it was asked for long before."""
    asked_for(app, "held", registered_ms=SUMMER - 3 * MINUTE)
    asked_for(app, "later", registered_ms=SUMMER - MINUTE)
    asked_for(app, "sooner", registered_ms=SUMMER - 2 * MINUTE)
    decide(app, "held", PutOnHold(reason="parts"))

    assert numbers(summer, "?order_by=worst") == ["sooner", "later", "held"]


def test_late_is_what_is_overdue_now_and_stored_nowhere(
    app: Flask, summer: Staff, clock: Clock
):
    asked_for(app, "R1", registered_ms=SUMMER)
    before = numbers(summer, "?late=true")
    clock.ms += 2 * HOUR

    assert (before, numbers(summer, "?late=true")) == ([], ["R1"])


def test_a_card_says_how_each_promise_stands(app: Flask, summer: Staff):
    asked_for(app, "R1", registered_ms=SUMMER)
    (arrival,) = (
        one for one in cards(summer)["R1"]["deadlines"] if one["code"] == "arrival"
    )

    assert (arrival["answer"], arrival["stopped"]) == ("open", False)
    assert arrival["minutes_left"] > 0


def test_a_cursor_is_good_for_its_own_list_alone(mixed: Flask, chen: Staff):
    cursor = got(chen, "/v1/orders?limit=2")["next"]
    answer = chen.ask("GET", f"/v1/orders?order_by=number&cursor={cursor}")

    assert answer.status_code == 410
    assert "cursor_unknown" in answer.text


def test_a_cursor_of_somebody_else_opens_nothing(mixed: Flask, chen: Staff):
    cursor = got(chen, "/v1/orders?limit=2")["next"]
    answer = hired(mixed, "han", "dispatcher", WEST).ask(
        "GET", f"/v1/orders?limit=2&cursor={cursor}"
    )

    assert answer.status_code == 410


# planned and known


def test_what_the_field_told_stands_apart_from_what_was_planned(
    app: Flask, chen: Staff, li: Tablet, wang: Tablet
):
    """Li is there, and the desk has given it to Wang."""
    given(app, "R1", "li")
    li.tell(Arrived(), "R1")
    decide(app, "R1", Dispatched(technician="wang"))
    card = cards(chen)["R1"]

    assert card["technician"] == "wang"
    assert card["known"]["on_site"] == ["li"]


def test_a_card_says_who_set_off_until_they_are_there_or_it_is_long_ago(
    app: Flask, chen: Staff, li: Tablet, clock: Clock
):
    given(app, "R1", "li")
    given(app, "R2", "li")
    for number in ("R1", "R2"):
        li.tell(SetOff(), number)
    li.tell(Arrived(), "R1")
    shown = {number: one["known"]["on_way"] for number, one in cards(chen).items()}
    clock.ms += 3 * HOUR

    assert shown == {"R1": [], "R2": ["li"]}
    assert cards(chen)["R2"]["known"]["on_way"] == []


def test_a_card_says_when_its_technician_was_last_heard_from(
    app: Flask, chen: Staff, li: Tablet, clock: Clock
):
    given(app, "R1", "li")
    clock.ms += 5 * MINUTE

    assert cards(chen)["R1"]["known"]["contact_ms"] == NOON


def test_a_card_holds_what_was_agreed(app: Flask, chen: Staff):
    asked_for(app, "R1")
    decide(app, "R1", Appointed(start_ms=NOON, end_ms=NOON + HOUR))

    assert cards(chen)["R1"]["appointment"] == {
        "start_ms": NOON, "end_ms": NOON + HOUR,
    }  # fmt: skip


def test_an_order_on_hold_says_so(app: Flask, chen: Staff):
    asked_for(app, "R1")
    decide(app, "R1", PutOnHold(reason="parts"))

    assert cards(chen)["R1"]["held"]


def test_a_number_of_ours_is_provisional(app: Flask, chen: Staff):
    asked_for(app, "P261122-0001")
    asked_for(app, "R1")

    provisional = {name: one["provisional"] for name, one in cards(chen).items()}
    assert provisional == {"P261122-0001": True, "R1": False}


# the rows behind it


def test_what_a_tablet_says_at_length_is_kept_and_listed(
    app: Flask, chen: Staff, li: Tablet
):
    """A site of a thousand letters breaks no index."""
    long = "楼" * 1000
    li.tell(FoundOnSite(registered_ms=NOON, site=long, trade=long), "R1")

    assert len(got(chen, "/v1/orders")["orders"]) == 1


TAMPERED: list[Any] = [
    update(order_row).values(project="elsewhere"),
    update(order_row).values(card="{}"),
    update(order_row).values(open=False),
    delete(order_row),
    update(order_words).values(value="other"),
    delete(order_words),
]


@pytest.mark.parametrize("tampering", TAMPERED, ids=range(len(TAMPERED)))
def test_rows_and_words_can_be_made_anew(app: Flask, chen: Staff, tampering: Any):
    asked_for(app, "R1")
    ledger, right = parts_of(app).ledger, got(chen, "/v1/orders")["orders"]
    with writing(parts_of(app).engine) as connection:
        connection.execute(tampering)

    assert ledger.rebuild_board() == [order_stream("R1")]
    assert got(chen, "/v1/orders")["orders"] == right


def test_orders_of_before_there_were_lists_are_listed(app: Flask, chen: Staff):
    """A book that was written by an older version."""
    asked_for(app, "R1")
    with writing(parts_of(app).engine) as connection:
        connection.execute(delete(order_row))
        connection.execute(delete(order_words))

    parts_of(app).ledger.open(NOON)

    assert cards(chen)["R1"]["home"] == "3-2-1702"
    assert parts_of(app).ledger.rebuild_board() == []
