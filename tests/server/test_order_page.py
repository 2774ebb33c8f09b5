"""An order's page: everything about it, for whoever may know it; what is decided."""

import csv
import io
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook

from sync.facts.dispatch import PutOnHold
from sync.facts.intake import Logged
from sync.facts.visit import Arrived
from tests.server.callers import HOUR, NOON, Staff, Tablet
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
)


def story(staff: Staff | Tablet, order: str) -> Any:
    """The whole story."""
    return got(staff, f"/v1/orders/{order}/story")


def post(staff: Staff, order: str, deed: str, body: Any, **headers: str) -> Any:
    """A decision."""
    return staff.ask("POST", f"/v1/orders/{order}/{deed}", body, **headers)


# whose data


def test_who_may_not_know_the_owner_reads_neither_name_nor_phone(
    app: Flask, chen: Staff
):
    """Not in any value of the answer, nor what would open a commitment (S1)."""
    order = asked_for(app, "R1")
    decide(app, "R1", PutOnHold(reason="owner"), {"words": "业主电话 13800138000"})
    sun = hired(app, "sun", "auditor")
    text = sun.ask("GET", f"/v1/orders/{order}/story").text
    text += sun.ask("GET", f"/v1/orders/{order}").text

    assert not [said for said in ZHAO.values() if len(said) > 1 and said in text]


def test_an_auditor_reads_whose_it_is_as_far_as_a_stranger_may(app: Flask, chen: Staff):
    order = asked_for(app, "R1")
    private = story(hired(app, "sun", "auditor"), order)["private"]

    assert private == {"owner": "赵**", "phone": "138****8000", "building": "3",
                       "unit": "2", "room": "***"}  # fmt: skip


def test_why_the_desk_decided_is_read_without_the_numbers_in_it(
    app: Flask, chen: Staff
):
    order = asked_for(app, "R1")
    decide(app, "R1", PutOnHold(reason="owner"), {"words": "请打 138 0013 8000"})
    entry = story(hired(app, "sun", "auditor"), order)["entries"][-1]

    assert entry["words"] == {"words": "请打 ****"}


def test_a_foreign_order_is_as_if_it_were_unknown(app: Flask, chen: Staff):
    order = asked_for(app, "R1", EAST)
    han = hired(app, "han", "dispatcher", WEST)
    unknown = "00000000-0000-4000-8000-000000000000"
    answers = [han.ask("GET", f"/v1/orders/{one}/story") for one in (order, unknown)]

    assert answers[0].status_code == answers[1].status_code == 404
    assert answers[0].data == answers[1].data


def test_reading_an_owner_leaves_a_trace_and_auditors_count_them(
    app: Flask, chen: Staff
):
    order = asked_for(app, "R1")
    story(chen, order)
    story(chen, order)

    assert story(hired(app, "sun", "auditor"), order)["traces"] == 1


# in the sequence in which it happened


def test_each_entry_says_who_when_from_where_and_knowing_what(
    app: Flask, chen: Staff, li: Tablet
):
    order = given(app, "R1", "li")
    li.tell(Arrived(), "R1")
    told = {one["kind"]: one for one in story(chen, order)["entries"]}
    arrived = told["visit.arrived"]

    assert (arrived["name"], arrived["device"]) == ("Li", li.device)
    assert (arrived["knew_position"], arrived["moment"]["grade"]) == (0, "C")
    assert arrived["review"] == ["not_assigned", "out_of_turn"]


def test_a_decision_was_made_at_no_device(app: Flask, chen: Staff):
    entry = story(chen, asked_for(app, "R1"))["entries"][0]

    assert (entry["device"], entry["moment"]["grade"]) == (None, "A")


def test_the_page_says_what_is_still_missing(app: Flask, chen: Staff):
    order = asked_for(app, "P261122-0001")

    assert [one["code"] for one in story(chen, order)["missing"]] == ["number"]


def test_the_rev_on_the_page_is_what_a_decision_names(
    app: Flask, chen: Staff, li: Tablet
):
    order = given(app, "R1", "li")
    etag = chen.ask("GET", f"/v1/orders/{order}/story").headers["ETag"]
    li.tell(Arrived(), "R1")
    stale = post(chen, order, "hold", {"reason": "parts"}, **{"If-Match": etag})
    fresh = chen.ask("GET", f"/v1/orders/{order}").headers["ETag"]
    done = post(chen, order, "hold", {"reason": "parts"}, **{"If-Match": fresh})

    assert (stale.status_code, done.status_code) == (412, 200)


# decisions


DEEDS: list[tuple[str, Any]] = [
    ("hold", {"reason": "parts", "words": "等配件"}),
    ("comment", {"words": "带梯子"}),
    ("appoint", {"start_ms": NOON, "end_ms": NOON + HOUR}),
    ("correct", {"trade": "power", "words": "登记时听错了"}),
    ("cancel", {"reason": "asked"}),
]


@pytest.mark.parametrize(("deed", "body"), DEEDS)
def test_a_desk_decides_about_the_orders_of_its_own_projects(
    app: Flask, chen: Staff, deed: str, body: Any
):
    order = asked_for(app, "R1", EAST)
    han = hired(app, "han", "dispatcher", WEST)
    sun = hired(app, "sun", "auditor")

    assert post(han, order, deed, body).status_code == 404
    assert post(sun, order, deed, body).status_code == 403
    assert post(chen, order, deed, body).status_code == 200


def test_what_is_held_can_be_resumed_and_nothing_else(app: Flask, chen: Staff):
    order = asked_for(app, "R1")
    deeds = ["resume", "hold", "hold", "resume"]
    said: dict[str, Any] = {"hold": {"reason": "parts"}, "resume": {}}
    answers = [post(chen, order, one, said[one]).status_code for one in deeds]

    assert answers == [409, 200, 409, 200]


def test_a_correction_changes_what_it_names_and_says_why(app: Flask, chen: Staff):
    order = asked_for(app, "R1")
    post(chen, order, "correct", {"room": "1703", "words": "听错了"})
    told = story(chen, order)

    assert told["private"] == ZHAO | {"room": "1703"}
    assert told["entries"][-1]["words"] == ZHAO | {"room": "1703", "words": "听错了"}


def test_a_correction_is_one_fact(app: Flask, chen: Staff):
    """What is put right and why: one of them alone is never there."""
    order = asked_for(app, "R1")
    post(chen, order, "correct", {"room": "1703", "words": "听错了"})

    kinds = [one["kind"] for one in story(chen, order)["entries"]]
    assert kinds == ["intake.logged", "intake.amended"]


def test_whoever_goes_reads_why_it_was_corrected(app: Flask, chen: Staff, li: Tablet):
    """As a word of the desk; the request itself says nothing of it."""
    order = given(app, "R1", "li")
    post(chen, order, "correct", {"room": "1703", "words": "听错了"})

    document = got(li, f"/v1/orders/{order}")
    (said,) = document["order"]["remarks"]
    assert document["private"][said["private"]["words"]][1] == "听错了"
    assert "words" not in document["order"]["request"]["private"]


def test_of_two_requests_for_one_repair_one_goes_on(app: Flask, chen: Staff):
    order, other = asked_for(app, "R1"), asked_for(app, "R2")
    answer = post(chen, order, "merge", {"into": other, "words": "同一户"})

    assert answer.status_code == 200
    assert sorted(n for n, one in cards(chen).items() if one["open"]) == ["R2"]


def test_an_appointment_ends_after_it_begins(app: Flask, chen: Staff):
    order = asked_for(app, "R1")
    body = {"start_ms": NOON, "end_ms": NOON}

    assert post(chen, order, "appoint", body).status_code == 422


# reviews


def test_what_waits_stands_with_both_sides_and_a_suggestion(
    app: Flask, chen: Staff, li: Tablet, wang: Tablet
):
    """Li was there before the tablet could know that it is Wang's."""
    given(app, "R1", "li")
    li.tell(Arrived(), "R1")
    found = got(chen, "/v1/reviews?code=not_assigned")["reviews"]
    (one,) = found

    assert (one["order"]["number"], one["suggested"]) == ("R1", "a")
    assert one["sides"][0]["lines"][0]["name"] == "Li"


def test_what_was_looked_at_waits_no_more(app: Flask, chen: Staff, li: Tablet):
    order = given(app, "R1", "li")
    li.tell(Arrived(), "R1")
    for one in got(chen, "/v1/reviews")["reviews"]:
        body = {"review": one["review"]["id"], "reason": "field_stands"}
        post(chen, order, "resolve", body)

    assert got(chen, "/v1/reviews")["reviews"] == []


def test_an_auditor_reads_what_waits_and_decides_nothing(
    app: Flask, chen: Staff, li: Tablet
):
    order = given(app, "R1", "li")
    li.tell(Arrived(), "R1")
    sun = hired(app, "sun", "auditor")
    (one, *_) = got(sun, "/v1/reviews")["reviews"]
    body = {"review": one["review"]["id"], "reason": "field_stands"}

    answer = post(sun, order, "resolve", body)

    assert (answer.status_code, answer.json["code"]) == (403, "forbidden")
    left = [got(who, "/v1/reviews")["reviews"] for who in (chen, sun)]
    assert [one["review"] for one in left[0]] == [one["review"] for one in left[1]]
    assert one["review"] in [each["review"] for each in left[0]]


def test_reviews_come_in_pages(app: Flask, chen: Staff, li: Tablet):
    for number in ("R1", "R2"):
        given(app, number, "li")
        li.tell(Arrived(), number)
    target: str | None = "/v1/reviews?limit=1"
    seen: list[str] = []
    while target:
        page = got(chen, target)
        seen += [one["review"]["id"] for one in page["reviews"]]
        target = page["next"] and f"/v1/reviews?limit=1&cursor={page['next']}"

    whole = got(chen, "/v1/reviews")["reviews"]
    assert seen == [one["review"]["id"] for one in whole]
    assert len(set(seen)) > 2


def test_a_desk_reviews_its_own_projects(app: Flask, chen: Staff, li: Tablet):
    given(app, "R1", "li", EAST)
    li.tell(Arrived(), "R1")

    assert got(hired(app, "han", "dispatcher", WEST), "/v1/reviews")["reviews"] == []


# files


EVIL = '=HYPERLINK("http://evil")'


def test_no_cell_of_a_file_is_a_formula(app: Flask, chen: Staff):
    """Whatever an owner's words begin with (X12)."""
    what = Logged(number="R1", registered_ms=NOON, site=EVIL, trade="+1")
    decide(app, "R1", what, {"fault": EVIL, "building": "-1"})
    text = chen.ask("GET", "/v1/export/orders.csv").data.decode("utf-8-sig")
    book = load_workbook(
        io.BytesIO(chen.ask("GET", "/v1/export/orders.xlsx").data)
    ).worksheets[0]
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]

    assert not [one for one in cells if one[:1] in tuple("=+-@")]
    assert "f" not in {cell.data_type for row in book.iter_rows() for cell in row}
    assert f"'{EVIL}" in cells


def test_a_file_holds_what_the_list_shows(app: Flask, chen: Staff):
    asked_for(app, "000123")
    asked_for(app, "R2", WEST)
    query = "?q=000123"
    text = chen.ask("GET", f"/v1/export/orders.csv{query}").data.decode("utf-8-sig")
    header, *rows = csv.reader(io.StringIO(text))

    assert [row[header.index("编号")] for row in rows] == ["000123"]
    assert rows[0][header.index("房号")] == "3-2-1702"


def test_a_number_stays_text_and_a_time_is_a_time(app: Flask, chen: Staff):
    asked_for(app, "000123")
    data = chen.ask("GET", "/v1/export/orders.xlsx").data
    header, row = load_workbook(io.BytesIO(data)).worksheets[0].iter_rows()
    cells = {head.value: cell for head, cell in zip(header, row, strict=True)}

    assert (cells["编号"].value, cells["编号"].number_format) == ("000123", "@")
    assert cells["登记时间"].is_date


# views


def test_a_view_is_changed_by_whoever_saw_its_newest_version(chen: Staff):
    where, first = "/v1/views/我的", {"query": "stage=logged"}
    made = chen.ask("PUT", where, first)
    blind = chen.ask("PUT", where, first)
    right = chen.ask("PUT", where, first, **{"If-Match": made.headers["ETag"]})
    stale = chen.ask("PUT", where, first, **{"If-Match": made.headers["ETag"]})

    codes = [one.status_code for one in (made, blind, right, stale)]
    assert codes == [201, 428, 200, 412]


def test_views_are_ones_own(app: Flask, chen: Staff):
    chen.ask("PUT", "/v1/views/a", {"query": "x"})

    assert got(hired(app, "han", "dispatcher"), "/v1/views")["views"] == []
    assert chen.ask("DELETE", "/v1/views/a").status_code == 204
    assert chen.ask("DELETE", "/v1/views/a").status_code == 404
