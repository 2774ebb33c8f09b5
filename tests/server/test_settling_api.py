"""Deciding about differences by the API: by whom it may be, once, on what was seen."""

import csv
import io
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook

from sync.order import order_stream
from tests.server.callers import HOUR, Staff, parts_of
from tests.server.conftest import Clock
from tests.server.desks import EAST, WEST, asked_for, got, hired
from tests.server.test_central_api import ROW, compared, pushed, service

__all__ = ["service"]

WHY = {"choice": "log", "reason": "told_later"}
LIST = "/v1/differences"
DAY = "/v1/statements/2025-12-14"
CORRECTIONS = "/v1/central/corrections"


@pytest.fixture
def chen(app: Flask, service: Staff) -> Staff:
    """Three numbers that the register has alone; a dispatcher of every project."""
    pushed(service, *({**ROW, "统一编号": f"SH-{n}"} for n in (1, 2, 3)))
    compared(app)
    return hired(app, "chen", "dispatcher")


def waiting(who: Staff, query: str = "") -> list[dict[str, Any]]:
    """What waits, as they see it."""
    found: list[dict[str, Any]] = got(who, f"{LIST}{query}")["differences"]
    return found


def decided(who: Staff, name: str, **more: Any) -> Any:
    """One decision."""
    return who.ask("POST", f"{LIST}/{name}/settle", WHY | more)


def test_a_decision_takes_it_off_the_list(chen: Staff):
    first, *rest = waiting(chen)

    assert decided(chen, first["id"]).json["outcome"] == "deferred"
    assert [one["id"] for one in waiting(chen)] == [one["id"] for one in rest]


def test_a_difference_says_what_happened_and_by_when_to_decide(chen: Staff):
    one = waiting(chen)[0]

    assert one["happened"] == "台账登记了 SH-1，现场从来没有这张工单。"
    assert (one["suggested"]["choice"], one["due_ms"] > one["first_ms"]) == (
        "log", True,
    )  # fmt: skip


def test_a_decision_sent_twice_is_one_fact(app: Flask, chen: Staff):
    name = waiting(chen)[0]["id"]
    key = {"Idempotency-Key": "one"}

    first = chen.ask("POST", f"{LIST}/{name}/settle", WHY, **key)
    again = chen.ask("POST", f"{LIST}/{name}/settle", WHY, **key)

    assert again.json == first.json
    held = parts_of(app).feed.document("chen", frozenset(), order_stream("SH-1"))
    assert held is None  # nobody asked for it: no order of anybody's


def test_what_somebody_else_decided_meanwhile_is_not_decided_again(chen: Staff):
    name = waiting(chen)[0]["id"]
    seen = chen.ask("GET", f"{LIST}/{name}").headers["ETag"]
    decided(chen, name)

    answer = chen.ask("POST", f"{LIST}/{name}/settle", WHY, **{"If-Match": seen})

    assert (answer.status_code, answer.json["code"]) == (412, "changed_meanwhile")


def test_a_decision_taken_back_waits_again_with_its_history(chen: Staff):
    name = waiting(chen)[0]["id"]
    decided(chen, name, words="电话问过")

    answer = chen.ask("POST", f"{LIST}/{name}/undo", {"words": "看错了"})

    said = got(chen, f"{LIST}/{name}")
    assert answer.status_code == 200
    assert (said["difference"]["decision"], said["history"][0]["undone"]) == (
        None, True,
    )  # fmt: skip
    assert said["history"][0]["words"] == "电话问过"


def a_day_later(app: Flask, clock: Clock, *all_of_them: Staff) -> None:
    """The day is over; whoever was there comes back in the morning."""
    parts = parts_of(app)
    clock.ms += 24 * HOUR
    for one in all_of_them:
        one.token = parts.door.issue_token(one.actor, clock.ms + HOUR)


def closes_day(who: Staff, query: str) -> None:
    """The day in which the differences were seen, with a reason for what is open."""
    said = got(who, f"{DAY}{query}")
    reasons = {one["name"]: "等答复" for one in said["open"]}
    body = {"digest": said["digest"], "reasons": reasons}
    if query:
        body["project"] = EAST
    answer = who.ask("POST", f"{DAY}/close", body)
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("query", ["", f"?project={EAST}"])
def test_what_a_closed_statement_counts_is_not_taken_back(
    app: Flask, chen: Staff, clock: Clock, query: str
):
    """Until somebody opens the statement again, with a reason."""
    xu = hired(app, "xu", "manager")
    name = waiting(chen)[0]["id"]
    decided(chen, name)
    a_day_later(app, clock, chen, xu)
    closes_day(xu, query)

    answer = chen.ask("POST", f"{LIST}/{name}/undo", {"words": "看错了"})

    assert (answer.status_code, answer.json["code"]) == (409, "settlement_in_statement")
    assert got(chen, f"{LIST}/{name}")["difference"]["choice"] == "log"
    why = {"words": "裁定有误"} | ({"project": EAST} if query else {})
    assert xu.ask("POST", f"{DAY}/reopen", why).status_code == 200
    again = chen.ask("POST", f"{LIST}/{name}/undo", {"words": "看错了"})
    assert again.status_code == 200


def test_many_of_one_cause_take_one_request(chen: Staff):
    names = [one["id"] for one in waiting(chen)]

    answer = chen.ask("POST", f"{LIST}/settle", WHY | {"differences": names})

    assert (len(answer.json["receipts"]), waiting(chen)) == (3, [])


def test_mixed_causes_are_refused(app: Flask, chen: Staff):
    asked_for(app, "SH-9")
    compared(app)
    names = {one["code"]: one["id"] for one in waiting(chen)}

    answer = chen.ask(
        "POST", f"{LIST}/settle", WHY | {"differences": [*names.values()]}
    )

    assert (len(names), answer.json["code"]) == (2, "differences_mixed")


def test_whoever_sees_to_it_is_named(chen: Staff):
    name = waiting(chen)[0]["id"]

    chen.ask("POST", f"{LIST}/{name}/take", {})

    (one,) = waiting(chen, "?handler=chen")
    assert (one["id"], one["handler_name"]) == (name, "Chen")


@pytest.mark.parametrize("door", ["settle", "undo", "take"])
def test_another_projects_difference_is_as_if_it_were_not(
    app: Flask, chen: Staff, door: str
):
    """Byte for byte (X9)."""
    name, sun = waiting(chen)[0]["id"], hired(app, "sun", "dispatcher", WEST)
    body = WHY if door == "settle" else {}

    foreign = sun.ask("POST", f"{LIST}/{name}/{door}", body)
    absent = sun.ask("POST", f"{LIST}/{'A' * 43}/{door}", body)

    assert (foreign.status_code, foreign.data) == (404, absent.data)


def test_many_with_a_foreign_one_among_them_are_as_if_it_were_not(
    app: Flask, chen: Staff
):
    names = [one["id"] for one in waiting(chen)]
    sun = hired(app, "sun", "dispatcher", WEST)

    answer = sun.ask("POST", f"{LIST}/settle", WHY | {"differences": names})

    assert answer.status_code == 404


def test_an_auditor_reads_and_decides_nothing(app: Flask, chen: Staff):
    sun = hired(app, "sun", "auditor")
    one = waiting(sun)[0]

    assert (one["may_settle"], decided(sun, one["id"]).status_code) == (False, 403)


def test_what_is_a_managers_is_not_a_dispatchers(app: Flask, service: Staff):
    """Who settles it is a row of the rule."""
    asked_for(app, "SH-1")
    pushed(service, {**ROW, "到场时间": "2025-12-14 11:30"})
    compared(app)
    chen, zhou = hired(app, "chen", "dispatcher"), hired(app, "zhou", "manager")
    wanted = "?code=closed_unaccepted"
    pushed(service, {**ROW, "状态": "已结案"})
    compared(app)
    (one,) = waiting(chen, wanted)
    why = {"choice": "field", "reason": "no_evidence"}

    assert decided(chen, one["id"], **why).status_code == 403
    assert decided(zhou, one["id"], **why).status_code == 200


def test_the_central_log_is_told_what_to_correct(app: Flask, service: Staff):
    asked_for(app, "SH-1", EAST)
    pushed(service, {**ROW, "状态": "已结案"})
    compared(app)
    zhou = hired(app, "zhou", "manager")
    (one,) = waiting(zhou, "?code=closed_unaccepted")
    decided(zhou, one["id"], choice="field", reason="no_evidence")

    answer = zhou.ask("GET", f"{CORRECTIONS}?format=csv")

    head, line = answer.text.strip().splitlines()
    assert "SH-1" in line
    assert "状态" in line
    assert head.startswith("\ufeff")


def test_both_files_of_corrections_hold_the_same_rows(app: Flask, service: Staff):
    """A workbook is no other truth than the text; neither holds what is the owner's."""
    for number in ("SH-1", "SH-2", "SH-3"):
        asked_for(app, number, EAST)
        pushed(service, {**ROW, "统一编号": number, "状态": "已结案"})
    compared(app)
    zhou = hired(app, "zhou", "manager")
    for one in waiting(zhou, "?code=closed_unaccepted"):
        decided(zhou, one["id"], choice="field", reason="no_evidence", words="=1+1")

    text = zhou.ask("GET", f"{CORRECTIONS}?format=csv").text
    data = zhou.ask("GET", f"{CORRECTIONS}?format=xlsx").data

    book = load_workbook(io.BytesIO(data), read_only=True)
    (sheet,) = book.worksheets
    held = [[_cell(one) for one in row] for row in sheet.iter_rows(values_only=True)]
    assert held == [*csv.reader(io.StringIO(text.removeprefix("\ufeff")))]
    assert [row[0] for row in held[1:]] == ["SH-1", "SH-2", "SH-3"]


def _cell(value: Any) -> str:
    """As the text has it."""
    return f"{value:%Y-%m-%d %H:%M}" if hasattr(value, "strftime") else value or ""
