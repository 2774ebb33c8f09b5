"""Certificates on paper, kept at the desk: entered, renewed, withdrawn (P2)."""

import pytest
from playwright.sync_api import Locator, expect

from sync.qualifications import Certificate
from tests.console.console import Console
from tests.web.desk import Desk

OLD = Certificate(
    what="电气", number="D-7", valid_from="2024-01-01", valid_until="2026-01-31"
)


@pytest.fixture
def held(desk: Desk) -> None:
    """Li is an electrician whose certificate has run out."""
    desk.parts.qualifications.put("li", [OLD], "", None)


def papers(console: Console) -> Locator:
    """The rows of the dialog."""
    return console.page.locator(".paper")


def of(desk: Desk, who: str) -> list[Certificate]:
    """What the server holds."""
    return [*desk.parts.qualifications.papers([who]).held.get(who, ())]


def save(console: Console) -> None:
    dialog = console.page.get_by_role("dialog")
    dialog.get_by_role("button", name="保存").click()
    expect(dialog).to_have_count(0)


def test_a_certificate_is_entered_with_its_trade_and_its_days(
    desk: Desk, console: Console
):
    page = console.open("#/qualifications").page
    page.get_by_role("button", name="登记证书").click()
    page.get_by_role("dialog").get_by_label("姓名").select_option("wang")
    row = papers(console).first
    row.get_by_label("专业或要求").select_option("给排水")
    row.get_by_label("证号").fill("S-1")
    row.get_by_label("从").fill("2026-05-01")
    row.get_by_label("到").fill("2029-04-30")
    save(console)

    expect(page.get_by_role("table")).to_contain_text("S-1")
    assert of(desk, "wang") == [Certificate(
        what="给排水", number="S-1", valid_from="2026-05-01", valid_until="2029-04-30"
    )]  # fmt: skip


def test_one_that_ran_out_is_renewed_and_the_rest_stays(
    desk: Desk, console: Console, held: None
):
    page = console.open("#/qualifications").page
    expect(page.get_by_role("table")).to_contain_text("已过期，不能派单")
    page.get_by_role("button", name="更新 李强").click()
    papers(console).first.get_by_label("到").fill("2030-01-31")
    save(console)

    expect(page.get_by_role("table")).to_contain_text("有效")
    assert [(one.number, one.valid_until) for one in of(desk, "li")] == [
        ("D-7", "2030-01-31")
    ]


def test_what_is_withdrawn_is_held_no_more(desk: Desk, console: Console, held: None):
    page = console.open("#/qualifications").page
    page.get_by_role("button", name="更新 李强").click()
    papers(console).first.get_by_role("button", name="去掉").click()
    save(console)

    expect(page.get_by_role("table")).not_to_contain_text("D-7")
    assert of(desk, "li") == []


def test_a_day_that_ends_before_it_begins_is_not_sent(console: Console, held: None):
    console.open("#/qualifications")
    console.page.get_by_role("button", name="更新 李强").click()
    papers(console).first.get_by_label("到").fill("2023-01-31")

    button = console.page.get_by_role("dialog").get_by_role("button", name="保存")
    expect(button).to_be_disabled()


def test_what_somebody_else_changed_meanwhile_is_not_written_over(
    desk: Desk, console: Console, held: None
):
    console.open("#/qualifications")
    console.page.get_by_role("button", name="更新 李强").click()
    papers(console).first.get_by_label("到").fill("2030-01-31")
    newer = Certificate(what="电气", number="D-8")
    desk.parts.qualifications.put("li", [OLD, newer], "", None)
    dialog = console.page.get_by_role("dialog")
    dialog.get_by_role("button", name="保存").click()

    expect(dialog.get_by_role("alert")).to_be_visible()
    assert {one.number for one in of(desk, "li")} == {"D-7", "D-8"}
