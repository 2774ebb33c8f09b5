"""The central log by the API: rows pushed, differences read, by whom it may be."""

from typing import Any

import pytest
from flask import Flask

from server.central import passes
from tests.server.callers import NOON, Staff, parts_of
from tests.server.desks import EAST, WEST, asked_for, got, hired

ROW = {"统一编号": "SH-1", "登记时间": "2025-12-14 11:00", "项目": EAST,
       "业主姓名": "赵敏", "联系电话": "13800138000"}  # fmt: skip


@pytest.fixture
def service(app: Flask) -> Staff:
    """The hotline's own system."""
    return hired(app, "hotline", "service")


def pushed(who: Staff, *rows: dict[str, str], **more: Any) -> list[str]:
    """These rows are sent; what became of each."""
    answer = who.ask("POST", "/v1/central/rows", {"rows": list(rows), **more})
    assert answer.status_code == 200, answer.text
    return [one["outcome"] for one in answer.json["rows"]]


def compared(app: Flask) -> None:
    """One whole pass."""
    parts = parts_of(app)
    list(passes.reconcile(parts.engine, parts.policy, NOON))


def test_one_wrong_row_holds_up_no_other(service: Staff):
    wrong = {**ROW, "统一编号": "SH-2", "登记时间": "昨天"}

    assert pushed(service, ROW, wrong, {**ROW, "统一编号": "SH-3"}) == [
        "new", "wrong", "new",
    ]  # fmt: skip


def test_a_push_sent_again_changes_nothing(service: Staff):
    pushed(service, ROW)

    assert pushed(service, ROW) == ["same"]


def test_a_row_under_the_companys_own_headings(service: Staff):
    body = {"columns": {"单据号": "统一编号", "日期": "登记时间"}}
    service.ask("PUT", "/v1/central/mappings/hotline", body)

    told = {"单据号": "SH-1", "日期": "2025-12-14 11:00"}

    assert pushed(service, told, mapping="hotline") == ["new"]


def test_a_mapping_to_what_is_no_heading_is_refused(service: Staff):
    answer = service.ask(
        "PUT", "/v1/central/mappings/x", {"columns": {"单据号": "没有这列"}}
    )

    assert answer.json["code"] == "mapping_unknown"


def test_what_differs_is_listed_with_what_it_is_called(app: Flask, service: Staff):
    pushed(service, ROW)
    compared(app)

    said = got(hired(app, "chen", "dispatcher"), "/v1/differences")

    (one,) = said["differences"]
    assert (one["code"], one["settles"], said["counts"]) == (
        "unknown_number", "dispatcher", {"unknown_number": 1},
    )  # fmt: skip


def test_a_list_goes_on_where_it_ended(app: Flask, service: Staff):
    pushed(service, *({**ROW, "统一编号": f"SH-{n}"} for n in range(5)))
    compared(app)
    chen = hired(app, "chen", "dispatcher")
    found: list[str] = []
    target: str | None = "/v1/differences?limit=2"
    while target:
        said = got(chen, target)
        found += [one["number"] for one in said["differences"]]
        target = said["next"] and f"/v1/differences?limit=2&cursor={said['next']}"

    assert sorted(found) == [f"SH-{n}" for n in range(5)]


def test_a_desk_sees_what_differs_in_its_projects_alone(app: Flask, service: Staff):
    pushed(service, ROW, {**ROW, "统一编号": "SH-2", "项目": WEST})
    compared(app)

    said = got(hired(app, "sun", "dispatcher", WEST), "/v1/differences")

    assert [one["number"] for one in said["differences"]] == ["SH-2"]


def test_another_projects_difference_is_as_if_unknown(app: Flask, service: Staff):
    pushed(service, ROW)
    compared(app)
    chen = hired(app, "chen", "dispatcher")
    (one,) = got(chen, "/v1/differences")["differences"]

    answer = hired(app, "sun", "dispatcher", WEST).ask(
        "GET", f"/v1/differences/{one['id']}"
    )

    assert answer.status_code == 404


@pytest.mark.parametrize(("role", "knows"), [("dispatcher", True), ("auditor", False)])
def test_the_row_is_shown_to_whoever_may_know_the_owner(
    app: Flask, service: Staff, role: str, knows: bool
):
    """S1: file and line to everybody who sees the difference."""
    asked_for(app, "SH-9")
    pushed(service, ROW)
    compared(app)
    who = hired(app, "somebody", role)
    (one,) = got(who, "/v1/differences?code=unknown_number")["differences"]

    (version,) = got(who, f"/v1/differences/{one['id']}")["versions"]

    assert (version["line"], "赵敏" in version["cells"]) == (1, knows)
