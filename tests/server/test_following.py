"""What changed on a board: nothing is stepped over, nothing foreign is named."""

import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from server import following
from server.database import writing
from server.places import Event, place
from sync.facts.dispatch import Cancelled, Dispatched
from sync.facts.intake import Amended
from sync.facts.visit import Arrived
from sync.order import order_stream
from tests.server.callers import NOON, Staff, Tablet, parts_of
from tests.server.desks import EAST, WEST, asked_for, decide, given, got, hired


def begun(staff: Staff | Tablet) -> str:
    """The cursor of a list that is read now."""
    cursor: str = got(staff, "/v1/orders")["cursor"]
    return cursor


def since(staff: Staff | Tablet, cursor: str) -> Any:
    """What changed since."""
    return got(staff, f"/v1/orders/changes?cursor={cursor}")


def walked(staff: Staff, cursor: str) -> Iterator[Any]:
    """Every page of changes."""
    complete = False
    while not complete:
        page = since(staff, cursor)
        complete, cursor = page["complete"], page["cursor"]
        yield page


def test_no_change_is_stepped_over_while_others_are_being_committed(
    app: Flask, chen: Staff
):
    """Four writers at once, and a reader who asks as fast as it can."""
    cursor, done, seen = begun(chen), threading.Event(), set[str]()

    def read() -> None:
        at, ended = cursor, False
        while not ended:
            ended = done.is_set()
            for page in walked(chen, at):
                seen.update(one["number"] for one in page["orders"])
                at = page["cursor"]

    def write(which: int) -> None:
        for n in range(4):
            asked_for(app, f"R{which}-{n}")

    reader = threading.Thread(target=read)
    writers = [threading.Thread(target=write, args=(n,)) for n in range(4)]
    for one in (reader, *writers):
        one.start()
    for one in writers:
        one.join()
    done.set()
    reader.join()

    assert seen == {f"R{which}-{n}" for which in range(4) for n in range(4)}


def test_a_position_that_is_taken_and_not_yet_committed_is_waited_for(
    app: Flask, chen: Staff
):
    """A cursor never stands behind what may still come before it."""
    cursor = begun(chen)
    parts = parts_of(app)
    with writing(parts.engine) as connection:
        event = Event(what="order", id="x", received_ms=NOON)
        place(connection, [event])
        late = threading.Thread(target=asked_for, args=(app, "R1"))
        late.start()
        before = since(chen, cursor)
    late.join()

    assert before["orders"] == []
    assert [one["number"] for one in since(chen, before["cursor"])["orders"]] == ["R1"]


def test_more_than_one_answer_holds_comes_in_several(
    app: Flask, chen: Staff, monkeypatch: pytest.MonkeyPatch
):
    """Nothing between the pages is lost."""
    monkeypatch.setattr(following, "AT_ONCE", 2)
    cursor = begun(chen)
    for n in range(5):
        asked_for(app, f"R{n}")
    pages = [[one["number"] for one in page["orders"]] for page in walked(chen, cursor)]

    assert pages == [["R0", "R1"], ["R2", "R3"], ["R4"]]


def test_what_changed_comes_once_and_as_it_is_now(app: Flask, chen: Staff):
    asked_for(app, "R1")
    cursor = begun(chen)
    decide(app, "R1", Dispatched(technician="li"))
    decide(app, "R1", Cancelled(reason="asked"))

    (card,) = since(chen, cursor)["orders"]
    assert (card["technician"], card["cancelled"]) == ("li", True)


def test_nothing_new_is_304_for_whoever_has_the_answer(app: Flask, chen: Staff):
    asked_for(app, "R1")
    target = f"/v1/orders/changes?cursor={begun(chen)}"
    had = chen.ask("GET", target).headers["ETag"]

    assert chen.ask("GET", target, **{"If-None-Match": had}).status_code == 304


def test_something_new_is_never_304(app: Flask, chen: Staff):
    target = f"/v1/orders/changes?cursor={begun(chen)}"
    had = chen.ask("GET", target).headers["ETag"]
    asked_for(app, "R1")

    assert chen.ask("GET", target, **{"If-None-Match": had}).status_code == 200


def test_of_a_foreign_order_nothing_is_said(app: Flask, chen: Staff):
    """Neither as a card nor as gone, whatever happens to it."""
    han = hired(app, "han", "dispatcher", WEST)
    cursor = begun(han)
    given(app, "E1", "li", EAST)
    decide(app, "E1", Cancelled(reason="asked"))

    page = since(han, cursor)
    assert (page["orders"], page["gone"]) == ([], [])


def test_an_order_that_leaves_a_project_is_gone_from_its_desk(app: Flask, chen: Staff):
    han = hired(app, "han", "dispatcher", WEST)
    order = asked_for(app, "R1", WEST)
    cursor = begun(han)
    decide(app, "R1", Amended(number="R1", registered_ms=NOON, site=EAST))

    assert since(han, cursor)["gone"] == [order]


def test_an_order_that_is_taken_back_is_gone_from_its_technician(
    app: Flask, chen: Staff, li: Tablet, wang: Tablet
):
    order = given(app, "R1", "li")
    cursor = begun(li)
    decide(app, "R1", Dispatched(technician="wang"))

    assert since(li, cursor)["gone"] == [order]


def test_a_cursor_of_other_grants_reads_the_list_anew(app: Flask, chen: Staff):
    cursor = begun(hired(app, "han", "dispatcher", WEST))
    answer = hired(app, "han", "dispatcher", EAST).ask(
        "GET", f"/v1/orders/changes?cursor={cursor}"
    )

    assert answer.status_code == 410


@pytest.mark.parametrize("cursor", ["", "x", "AAAA", "0" * 60])
def test_what_this_server_did_not_make_is_no_cursor(chen: Staff, cursor: str):
    answer = chen.ask("GET", f"/v1/orders/changes?cursor={cursor}")

    assert answer.status_code in (410, 422)


# who knows


def pulled(tablet: Tablet, cursor: str = "") -> str:
    """The tablet takes home what there is; the cursor that it will come back with."""
    query = f"?cursor={cursor}" if cursor else ""
    found: str = json.loads(tablet.ask("GET", f"/v1/sync/pull{query}").text)["cursor"]
    return found


def unseen(staff: Staff) -> list[str]:
    """Who is given the order and has a tablet that does not hold it so."""
    (card,) = got(staff, "/v1/orders")["orders"]
    found: list[str] = card["known"]["unseen"]
    return found


def test_a_tablet_that_comes_back_for_more_has_seen_what_it_was_given(
    app: Flask, chen: Staff, li: Tablet
):
    given(app, "R1", "li")
    before = unseen(chen)
    pulled(li, pulled(li))

    assert (before, unseen(chen)) == (["li"], [])


def test_an_answer_that_may_have_been_lost_proves_nothing(
    app: Flask, chen: Staff, li: Tablet
):
    given(app, "R1", "li")
    pulled(li)

    assert unseen(chen) == ["li"]


def test_given_anew_it_has_to_be_seen_anew(
    app: Flask, chen: Staff, li: Tablet, wang: Tablet
):
    given(app, "R1", "li")
    cursor = pulled(li, pulled(li))
    decide(app, "R1", Dispatched(technician="wang"))
    decide(app, "R1", Dispatched(technician="li"))

    assert unseen(chen) == ["li"]
    pulled(li, pulled(li, cursor))
    assert unseen(chen) == []


def test_the_board_learns_of_it_like_of_any_change(app: Flask, chen: Staff, li: Tablet):
    given(app, "R1", "li")
    cursor = begun(chen)
    pulled(li, pulled(li))

    (card,) = since(chen, cursor)["orders"]
    assert card["known"]["unseen"] == []
    assert parts_of(app).ledger.rebuild_board() == []


def test_it_is_noted_once(app: Flask, chen: Staff, li: Tablet):
    given(app, "R1", "li")
    cursor = pulled(li, pulled(li))
    at = begun(chen)
    pulled(li, cursor)

    assert since(chen, at)["orders"] == []


def test_a_visit_that_did_not_know_of_it_proves_nothing(
    app: Flask, chen: Staff, li: Tablet
):
    given(app, "R1", "li")
    li.tell(Arrived(), "R1")

    assert unseen(chen) == ["li"]


def test_who_holds_it_and_is_silent_has_taken_it_out(
    app: Flask, chen: Staff, li: Tablet, clock: Any
):
    given(app, "R1", "li")
    pulled(li, pulled(li))
    (before,) = got(chen, "/v1/orders")["orders"]
    clock.ms += 11 * 60_000
    (card,) = got(chen, "/v1/orders")["orders"]

    told = before["known"]["taken_out"], card["known"]["taken_out"]
    assert told == (False, True)
    assert order_stream("R1").endswith(card["id"])
