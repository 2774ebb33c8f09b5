"""Who works here, what they hold in their hands, who is on duty, who read what."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from field_client.client import Client
from field_client.store import Store
from server.database import reading
from server.losses import report
from sync.access import Grant
from tests.console.console import Console
from tests.console.eyes import AXE, LOCALES, asked_axe
from tests.console.field import Field
from tests.web.desk import Desk

Make = Callable[..., Console]
PASSWORD = "木桥 旧灯 三把伞 一壶茶"


@pytest.fixture
def office(desk: Desk, consoles: Make) -> Console:
    """Lu, who keeps people and tablets, at the console."""
    hire(desk, "lu")
    return consoles("lu")


def hire(desk: Desk, who: str) -> None:
    """Somebody who administers, manages and audits."""
    roles = ("administrator", "manager", "auditor")
    grants = [Grant(role=role) for role in roles]
    desk.parts.people.add(who, "卢主管", grants, desk.parts.now())


def dialog_of(page: Page, opened_by: str) -> Page:
    """The dialog behind this button."""
    page.get_by_role("button", name=opened_by).first.click()
    page.get_by_role("dialog").wait_for()
    return page


def test_somebody_new_gets_roles_and_a_code_to_choose_a_password(
    office: Console, desk: Desk
) -> None:
    page = dialog_of(office.open("#/people").page, "加人")
    page.get_by_role("dialog").get_by_label("姓名").fill("孙立")
    page.get_by_role("dialog").get_by_label("账号").fill("sun")
    page.get_by_role("dialog").get_by_label("角色").select_option("auditor")
    page.get_by_role("dialog").get_by_label("项目").fill("望江府")
    page.get_by_role("dialog").get_by_role("button", name="加人").click()
    page.get_by_role("link", name="孙立").click()
    expect(page.locator("main")).to_contain_text("审计（望江府）")
    page.get_by_role("button", name="发一次性口令").click()
    code = page.locator("output.code").inner_text()
    desk.parts.passwords.choose(code, PASSWORD, "127.0.0.1", desk.parts.now())
    desk.parts.passwords.prove("sun", PASSWORD, "127.0.0.1", desk.parts.now())


def test_a_role_is_taken_away_and_another_given(office: Console, desk: Desk) -> None:
    office.open("#/people/wang")
    page = dialog_of(office.page, "改角色")
    page.get_by_role("button", name="去掉").click()
    page.get_by_role("dialog").get_by_label("角色").select_option("engineer")
    page.get_by_role("button", name="加上").click()
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator("main")).to_contain_text("物业工程（全部项目）")
    assert desk.parts.people.grants_of("wang") == {Grant(role="engineer")}


def test_a_tablet_enrols_with_the_code_that_is_drawn_on_the_screen(
    office: Console, desk: Desk, tmp_path: Path
) -> None:
    page = dialog_of(office.open("#/devices").page, "登记新平板")
    page.get_by_label("谁用").select_option("li")
    page.get_by_role("button", name="出二维码").click()
    link = page.locator("svg.qr").get_attribute("data-text")
    assert link is not None
    assert link.startswith(f"{desk.url}/tablet/")
    code = link.rpartition("/")[2].replace("~", ".")
    with Store(tmp_path / "new") as store:
        assert Client(store).enrol(code, desk.url, "新平板").actor == "li"
    page.get_by_role("button", name="扫好了").click()
    expect(page.get_by_role("table")).to_contain_text("新平板")
    assert office.seen.foreign == []


def test_a_lost_tablet_is_shut_out_and_what_it_took_is_named_number_by_number(
    office: Console, desk: Desk, field: Field
) -> None:
    stream = desk.order()
    li = field["li"]
    li.syncs()
    li.arrives(stream)
    li.client.exchange_once(())  # says what it has, and hands nothing in
    page = office.open("#/devices").page
    page.get_by_role("link", name="li 的平板").click()
    expect(page.locator(".panel.warn")).to_contain_text("2 条写下了，没有交到")
    expect(page.locator(".held-orders")).to_contain_text("DS2026110001")
    page.get_by_role("button", name="停用").click()
    page.get_by_role("radio", name="丢失").click()
    page.get_by_role("dialog").get_by_role("button", name="停用").click()
    expect(page.locator(".facts")).to_contain_text("丢失")
    with reading(desk.parts.engine) as connection:
        known = report(connection, li.client.who.device)
    assert known.revoked_ms is not None


def test_a_day_gets_its_lead_and_its_technicians(office: Console, desk: Desk) -> None:
    desk.order()
    page = office.open("#/roster?from=2027-03-01").page
    page.locator("button.duty").first.click()
    page.get_by_label("当日总负责人").select_option("chen")
    page.get_by_role("dialog").get_by_label("王军").check()
    page.get_by_role("button", name="保存").click()
    expect(page.locator("button.duty").first).to_contain_text("王军")
    found = desk.parts.rosters.on("望江府", "2027-03-01")
    assert (found.lead, found.technicians) == ("chen", ("wang",))


def test_a_robot_is_put_on_the_list_and_its_key_is_not_shown_again(
    office: Console,
) -> None:
    secret = "693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"
    page = office.open("#/notices?part=targets").page
    page = dialog_of(page, "加一个")
    page.get_by_role("dialog").get_by_label("名称").fill("值班群")
    page.get_by_role("dialog").get_by_label("地址").fill(
        f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={secret}"
    )
    page.get_by_role("dialog").get_by_role("button", name="加上").click()
    expect(page.get_by_role("table")).to_contain_text("值班群")
    assert secret not in page.content()


def test_whoever_read_the_owner_is_named_to_auditors(
    office: Console, consoles: Make, desk: Desk
) -> None:
    order = desk.order().removeprefix("order:")
    chen = consoles("chen").open(f"#/orders/{order}")
    chen.page.locator(".order-page").wait_for()
    page = office.open(f"#/traces/{order}").page
    expect(page.get_by_role("table")).to_contain_text("陈晓")
    expect(page.get_by_role("table")).to_contain_text("看了业主的姓名、电话")


# with other eyes, in other languages

SCREENS = ("reviews", "people", "people/li", "devices", "roster", "qualifications",
           "notices", "notices?part=targets", "notices?part=webhooks", "projects",
           "devices?enrol=li")  # fmt: skip


@pytest.mark.parametrize("language", LOCALES)
def test_nothing_keeps_anybody_out_of_any_of_them(
    desk: Desk, consoles: Make, field: Field, language: str
) -> None:
    """U24: axe with its rules of WCAG 2.2 AA."""
    hire(desk, "lu")
    stream = desk.order()
    field["li"].syncs()
    field["li"].works_through(stream)
    field["li"].syncs()
    order = stream.removeprefix("order:")
    console = consoles("lu", language=language, bypass_csp=True)
    console.context.add_init_script(path=AXE)
    console.page.reload()
    places = (f"orders/{order}", f"traces/{order}", *SCREENS)
    found = {one: seen_at(console, one) for one in places}
    assert {name: said for name, said in found.items() if said} == {}


def seen_at(console: Console, where: str) -> list[str]:
    """What axe finds on this screen, once it stands."""
    console.open(f"#/{where}")
    console.page.locator("main h1").wait_for()
    console.page.wait_for_load_state("networkidle")
    return asked_axe(console.page)
