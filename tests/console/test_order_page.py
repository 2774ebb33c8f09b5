"""One order on one page: told as it happened, on the screen and on paper."""

import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from server.asked_codes import code_for
from server.confirming import Confirming
from server.owner_links import made
from server.parts import Parts
from server.public.codes import code_of
from sync.access import Grant
from sync.facts.approval import Held
from sync.facts.dispatch import Dispatched
from sync.pack import check_pack
from tests.console.at_desk import SENT_MS
from tests.console.console import Console
from tests.console.eyes import AXE, asked_axe
from tests.console.field import Field
from tests.web.desk import NUMBER, Call, Desk

WITHHELD = ("赵敏", "17000000117", "1702", "厨房角阀渗水")
STORY = [
    "报修登记", "派单", "到场签到", "上门礼仪", "现场勘察", "维修事项", "业主同意方案",
    "拍照", "用料", "维修记录", "拍照", "完工", "逐项验收", "验收不通过",
    "用料", "维修记录", "拍照", "完工", "逐项验收", "验收合格",
    "收款登记", "满意度", "离场",
]  # fmt: skip


def page_of(console: Console, stream: str) -> Page:
    """The order's page, once it is told."""
    console.open(f"#/orders/{stream.removeprefix('order:')}")
    console.page.locator(".order-page").wait_for()
    return console.page


@pytest.fixture
def told(desk: Desk, field: Field) -> str:
    """A whole job of Li's, sent back once, handed in; the order's stream."""
    stream = desk.order()
    li = field["li"]
    li.syncs()
    li.works_through(stream)
    li.syncs()
    return stream


def test_an_order_is_told_from_the_call_to_the_goodbye(
    console: Console, told: str
) -> None:
    page = page_of(console, told)
    labels = page.locator(".entry .what strong").all_text_contents()
    assert labels == STORY
    assert console.seen.trouble == []


def test_each_entry_says_who_when_and_how_sure_and_from_which_tablet(
    console: Console, told: str
) -> None:
    page = page_of(console, told)
    arrived = page.locator("[data-kind='visit.arrived']")
    expect(arrived).to_contain_text("李强")
    expect(arrived.locator("time")).to_have_text(re.compile(r"^\d\d:\d\d"))
    expect(arrived).to_contain_text("时间可靠")
    expect(arrived).to_contain_text("li 的平板")


def test_what_its_author_could_not_know_stands_beside_a_record(
    console: Console, desk: Desk, field: Field
) -> None:
    stream = desk.order()
    field["li"].syncs()
    desk.decide(NUMBER, Dispatched(technician="wang"))
    field["li"].arrives(stream)
    field["li"].syncs()
    arrived = page_of(console, stream).locator("[data-kind='visit.arrived']")
    expect(arrived).to_contain_text("记录时还不知道：派单")


def test_before_stands_beside_the_last_after_and_one_can_cover_the_other(
    console: Console, told: str
) -> None:
    pair = page_of(console, told).locator(".pair")
    expect(pair.locator("img")).to_have_count(2)
    pair.get_by_role("button", name="重叠对比").click()
    pair.get_by_role("slider").press("ArrowRight")
    expect(pair.locator(".layers")).to_have_class(re.compile("cover-60"))


def test_the_sheets_of_both_rounds_are_read_back_from_the_bytes_that_were_signed(
    console: Console, told: str
) -> None:
    rounds = page_of(console, told).locator("#rounds")
    expect(rounds.get_by_text("内容与签字时一致")).to_have_count(2)
    expect(rounds.locator(".signature path")).to_have_count(4)
    expect(rounds.get_by_text("您应付 ¥98.00")).to_have_count(1)


def test_what_the_owner_still_owes_is_in_sight_twice(
    console: Console, told: str
) -> None:
    page = page_of(console, told)
    expect(page.locator("#money")).to_contain_text("未付¥48.00")
    expect(page.locator(".known")).to_contain_text("业主应付 ¥146.00，已收 ¥98.00")


def test_whoever_may_not_know_the_owner_is_told_neither_name_nor_phone(
    consoles: Callable[..., Console], desk: Desk, told: str
) -> None:
    hire(desk.parts, "zhou", "auditor")
    console = consoles("zhou")
    answers: list[str] = []
    console.page.on("response", lambda one: _keep(answers, one))
    page = page_of(console, told)
    expect(page.locator("#rounds")).to_contain_text("（不显示）")
    shown = page.locator("body").inner_text() + "".join(answers)
    assert [one for one in WITHHELD if one in shown] == []


def hire(parts: Parts, who: str, *roles: str) -> None:
    """Somebody who holds these roles everywhere."""
    parts.people.add(
        who, f"{who} 同事", [Grant(role=one) for one in roles], parts.now()
    )


def _keep(answers: list[str], one: Any) -> None:
    if "/v1/orders" in one.url and "json" in one.headers.get("content-type", ""):
        answers.append(one.text())


# what the desk does from here


ACTIONS = [
    ("留言", "dispatch.commented", None, {}),
    ("挂起", "dispatch.held", "等配件", {"reason": "parts"}),
    ("取消工单", "dispatch.cancelled", "业主撤回报修", {"reason": "owner_withdrew"}),
    ("结案", "dispatch.closed", "维修完成，手续齐全", {"reason": "done"}),
]


@pytest.mark.parametrize(("action", "kind", "reason", "says"), ACTIONS)
def test_every_action_leaves_one_fact_with_its_reason(
    console: Console, desk: Desk, action: str, kind: str, reason: str | None,
    says: dict[str, str],
) -> None:  # fmt: skip
    stream = desk.order()
    before = len(desk.facts())
    act(page_of(console, stream), action, reason)
    expect(console.page.locator(f"[data-kind='{kind}']")).to_contain_text("电话里说的")
    new = desk.facts()[before:]
    assert [one.what.kind for one in new] == [kind]
    assert all(getattr(new[0].what, name) == held for name, held in says.items())


def act(page: Page, action: str, reason: str | None) -> None:
    """Ask for it, say why, do it."""
    page.locator(".tools").get_by_role("button", name=action).click()
    dialog = page.get_by_role("dialog")
    button = dialog.get_by_role("button", name=action)
    expect(button).to_be_disabled()
    if reason is not None:
        dialog.get_by_role("radio", name=reason).click()
    dialog.locator("textarea").fill("电话里说的")
    button.click()
    expect(dialog).to_have_count(0)


def test_a_closed_order_is_opened_again_with_a_reason(
    console: Console, desk: Desk
) -> None:
    page = page_of(console, desk.order())
    act(page, "结案", "维修完成，手续齐全")
    act(page, "重新打开", "仍未修好")
    expect(page.locator("[data-kind='dispatch.reopened']")).to_contain_text("仍未修好")
    assert desk.document().closed is None


def test_what_waits_is_resumed_with_a_reason(console: Console, desk: Desk) -> None:
    page = page_of(console, desk.order())
    act(page, "挂起", "等业主")
    act(page, "恢复", "条件已具备")
    expect(page.locator(".order-head")).not_to_contain_text("已挂起")
    assert not desk.document().held


def test_an_order_is_given_to_somebody_else_with_a_reason(
    console: Console, desk: Desk
) -> None:
    stream = desk.order()
    page = page_of(console, stream)
    before = len(desk.facts())
    page.locator(".tools").get_by_role("button", name="改派").click()
    page.get_by_role("dialog").get_by_role("radio", name="王军").click()
    page.get_by_role("dialog").get_by_role("radio", name="另一人更近").click()
    page.get_by_role("dialog").get_by_role("button", name="改派").click()
    expect(page.locator("[data-kind='dispatch.dispatched']").last).to_contain_text(
        "另一人更近"
    )
    assert [one.what.kind for one in desk.facts()[before:]] == ["dispatch.dispatched"]
    assert desk.document().people == {"wang"}


def test_what_was_misheard_is_put_right_with_a_reason(
    console: Console, desk: Desk
) -> None:
    page = page_of(console, desk.order())
    page.locator(".tools").get_by_role("button", name="更正登记").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("房号").fill("1703")
    dialog.get_by_role("radio", name="登记时听错").click()
    dialog.get_by_role("button", name="更正登记").click()
    expect(page.locator(".order-head")).to_contain_text("1703")
    expect(page.locator(".entries")).to_contain_text("登记时听错")


def test_an_appointment_is_made_with_a_reason(console: Console, desk: Desk) -> None:
    page = page_of(console, desk.order())
    page.locator(".tools").get_by_role("button", name="约时间").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("日期").fill("2027-03-01")
    dialog.get_by_role("radio", name="业主要求").click()
    dialog.get_by_role("button", name="约时间").click()
    expect(page.locator(".known")).to_contain_text("03/01 09:00–11:00")
    assert desk.document().appointments[-1].reason == "owner_asked"


def test_a_manager_approves_what_was_held_up_to_an_amount(
    consoles: Callable[..., Console], desk: Desk, field: Field
) -> None:
    hire(desk.parts, "lu", "manager")
    stream = desk.order()
    li = field["li"]
    li.syncs()
    li.arrives(stream)
    li.tells(stream, Held(estimate_fen=250_000, limit_fen=100_000, owner_told=True))
    li.syncs()
    page = page_of(consoles("lu"), stream)
    page.locator(".tools").get_by_role("button", name="批准费用").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("批准到（元）").fill("2600")
    dialog.locator("textarea").fill("总经理口头同意")
    dialog.get_by_role("button", name="批准费用").click()
    expect(page.locator("#money")).to_contain_text("已批准到 ¥2,600.00")
    assert desk.document().holds[-1].up_to_fen == 260_000


def test_a_manager_takes_a_certificate_back_and_whoever_checks_it_reads_why(
    consoles: Callable[..., Console], desk: Desk, told: str
) -> None:
    hire(desk.parts, "lu", "manager")
    console = consoles("lu")
    page = page_of(console, told)
    page.locator(".tools").get_by_role("button", name="撤销验收单").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("签字的不是业主一方").click()
    dialog.get_by_role("button", name="撤销验收单").click()
    row = page.locator("[data-kind='acceptance.revoked']")
    expect(row).to_contain_text("签字的不是业主一方")
    expect(page.get_by_role("button", name="撤销验收单")).to_have_count(0)

    (revoked,) = desk.document().revoked
    page.goto(f"{console.url}/v/{code_of(revoked.sheet)}")
    expect(page.locator("body")).to_contain_text("已撤销")
    expect(page.locator("body")).to_contain_text("签字的不是业主一方")


def test_what_came_in_meanwhile_is_shown_before_anything_is_decided(
    console: Console, desk: Desk
) -> None:
    page = page_of(console, desk.order())
    page.locator(".tools").get_by_role("button", name="结案").click()
    desk.decide(NUMBER, Dispatched(technician="wang"))
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("radio", name="维修完成，手续齐全").click()
    dialog.get_by_role("button", name="结案").click()
    expect(page.locator("[data-kind='dispatch.dispatched']")).to_have_count(2)
    assert desk.document().closed is None


def test_an_order_that_was_logged_twice_goes_on_as_the_other(
    console: Console, desk: Desk
) -> None:
    """Found by its number; this one says where the work goes on."""
    stream, other = desk.order(), desk.order("DS2026110002")
    page = page_of(console, stream)
    page.locator(".tools").get_by_role("button", name="并入别的工单").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("并入哪张工单").fill("DS2026110002")
    dialog.locator("textarea").fill("同一件事报了两次")
    dialog.get_by_role("button", name="并入别的工单").click()
    page.get_by_role("link", name="已并入另一工单").click()
    expect(page.locator("h1")).to_have_text("DS2026110002")
    assert desk.document().merged_into == other


# what the owner says, from a phone of their own


@pytest.fixture
def texts(desk: Desk) -> None:
    """Owners can be sent text messages."""
    desk.parts.notices.targets.add("sms", "短信", "*", "zhou", desk.parts.now())


def strength_shown(page: Page) -> Locator:
    """What the page says of how strong the acceptance is."""
    return page.locator("#rounds .strength")


def owners(page: Page) -> Locator:
    """What the desk can do for the owner."""
    return page.locator(".owners-page")


def owner_says(desk: Desk, stream: str, **said: str) -> None:
    """Zhao, on the page that the link leads to."""
    parts = desk.parts
    token = made(parts.engine, parts.keys, stream, "chen", parts.now())
    answer = httpx.post(f"{desk.url}/o/{token}", data=said, follow_redirects=True)
    assert answer.status_code == 200, answer.text


def owner_confirms(desk: Desk, stream: str) -> None:
    """Zhao types the code of the last question."""
    parts, asked = desk.parts, desk.document().asked[-1]
    code = code_for(parts.keys, asked.fact, asked.sheet)
    asking = Confirming(parts.engine, parts.keys, parts.ledger)
    asking.confirm(stream, asked.sheet, code, parts.now())


def test_an_acceptance_is_shown_no_stronger_than_it_is(
    console: Console, desk: Desk, told: str, texts: None
) -> None:
    """No answer is recorded as no answer."""
    page = page_of(console, told)
    expect(strength_shown(page)).to_contain_text("只有平板上的签字")

    owners(page).get_by_role("button", name="请业主确认验收单").click()
    expect(strength_shown(page)).to_have_attribute("data-strength", "asked")
    expect(strength_shown(page)).to_contain_text("没有答复，记为没有答复")

    owner_confirms(desk, told)
    page.reload()
    expect(strength_shown(page)).to_contain_text("业主已用自己的手机确认")
    expect(strength_shown(page)).to_contain_text(re.compile(r"业主已确认：.*\d\d:\d\d"))
    asks = owners(page).get_by_role("button", name="请业主确认验收单")
    expect(asks).to_have_count(0)
    assert console.seen.trouble == []


def test_why_the_owner_cannot_be_asked_is_said(console: Console, told: str) -> None:
    page = page_of(console, told)
    owners(page).get_by_role("button", name="请业主确认验收单").click()
    expect(owners(page).get_by_role("alert")).not_to_be_empty()
    expect(strength_shown(page)).to_have_attribute("data-strength", "tablet")


def test_the_owners_link_is_shown_and_stopped(console: Console, told: str) -> None:
    page = page_of(console, told)
    owners(page).get_by_role("button", name="出示业主的链接").click()
    link = owners(page).get_by_label("业主的链接", exact=True).input_value()
    expect(owners(page).locator("svg.qr")).to_have_attribute("data-text", link)
    expect(owners(page)).to_contain_text("链接可用到")
    assert "维修已验收" in httpx.get(link).text

    owners(page).get_by_role("button", name="停用链接").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="链接泄露").click()
    dialog.get_by_role("button", name="停用链接").click()
    expect(owners(page)).to_contain_text("没有可用的链接")
    assert httpx.get(link).status_code == 404


def test_the_owners_link_keeps_nobody_out(
    consoles: Callable[..., Console], told: str
) -> None:
    """U24: axe with its rules of WCAG 2.2 AA."""
    console = consoles(bypass_csp=True)
    console.context.add_init_script(path=AXE)
    console.page.reload()
    page = page_of(console, told)
    owners(page).get_by_role("button", name="出示业主的链接").click()
    owners(page).locator("svg.qr").wait_for()
    assert asked_axe(page) == []


SAYINGS = [
    ({"do": "rate", "stars": "2", "chips": "messy", "words": "地上全是水"},
     "owner.rated", "2 星、没收拾"),
    ({"do": "complain", "subject": "time", "words": "等了一天"},
     "owner.complained", "投诉的是：不守时"),
    ({"do": "dispute", "reason": "not_signed", "words": "那天我不在家"},
     "owner.disputed", "异议：不是我签的字"),
]  # fmt: skip


@pytest.mark.parametrize(("said", "kind", "words"), SAYINGS)
def test_what_the_owner_says_stands_among_what_happened(
    console: Console, desk: Desk, told: str, said: dict[str, str], kind: str, words: str
) -> None:
    owner_says(desk, told, **said)
    entry = page_of(console, told).locator(f"[data-kind='{kind}']")
    expect(entry).to_contain_text(words)
    expect(entry).to_contain_text(said["words"])
    expect(entry.locator(".what")).to_contain_text("业主")


@pytest.mark.parametrize(("said", "review"), [
    (SAYINGS[1][0], "业主投诉"), (SAYINGS[2][0], "业主对验收有异议"),
])  # fmt: skip
def test_an_owner_who_disagrees_waits_for_a_person_who_settles_it(
    console: Console, desk: Desk, told: str, said: dict[str, str], review: str
) -> None:
    owner_says(desk, told, **said)
    page = page_of(console, told)
    page.locator(".panel.warn").get_by_role("link", name=review).click()
    detail = page.locator("section.review")
    expect(detail).to_contain_text("请联系业主")
    expect(detail).to_contain_text(said["words"])

    reason = detail.get_by_label("理由")
    reason.fill("已上门道歉并重做")
    reason.press("Enter")
    expect(page.locator(".result")).to_contain_text("✓ 已定", timeout=SENT_MS)

    page_of(console, told)
    expect(page.locator(".known")).to_contain_text(f"✓ {review}")
    expect(page.locator(".known")).to_contain_text("已上门道歉并重做")
    assert desk.document().reviews == ()


def test_whoever_may_not_know_the_owner_reads_no_word_of_theirs(
    consoles: Callable[..., Console], desk: Desk, told: str
) -> None:
    owner_says(desk, told, **SAYINGS[2][0])
    hire(desk.parts, "zhou", "auditor")
    page = page_of(consoles("zhou"), told)
    expect(page.locator("[data-kind='owner.disputed']")).to_contain_text("不是我签的字")
    expect(page.locator("body")).not_to_contain_text("那天我不在家")
    expect(owners(page)).to_have_count(0)


# hostile texts, paper


def test_an_auditor_takes_all_of_it_along_to_check_elsewhere(
    consoles: Callable[..., Console], desk: Desk, told: str
) -> None:
    hire(desk.parts, "zhou", "auditor")
    page = page_of(consoles("zhou"), told)
    with page.expect_download() as got:
        page.get_by_role("link", name="证据包 ZIP").click()
    assert check_pack(got.value.path().read_bytes()).holds


def test_a_dispatcher_is_offered_the_three_papers_and_no_evidence(
    console: Console, told: str
) -> None:
    page = page_of(console, told)
    expect(page.get_by_role("link", name=re.compile("^第.联 .* PDF$"))).to_have_count(3)
    expect(page.get_by_role("link", name="证据包 ZIP")).to_have_count(0)


def test_texts_that_are_programs_stay_texts(console: Console, desk: Desk) -> None:
    evil = "<img src=x onerror=\"document.title='gotcha'\"><script>1</script>"
    call = Call(
        site="望江府", building=evil[:40], unit="</li>", room="'\"", owner=evil,
        phone="javascript:1", fault=evil, remark="{{7*7}}", trade="<b>x</b>",
    )  # fmt: skip
    page = page_of(console, desk.order(call=call))
    act(page, "取消工单", "重复登记")
    expect(page.locator(".entries")).to_contain_text("<script>1</script>")
    assert page.locator(".order-page img").count() == 0
    assert "gotcha" not in page.title()
    assert console.seen.trouble == []


def test_on_paper_there_is_nothing_to_press(console: Console, told: str) -> None:
    page = page_of(console, told)
    expect(page.locator("#rounds .sheet")).to_have_count(2)
    page.emulate_media(media="print")
    controls = page.locator("button, input, select, textarea, .top, .toasts")
    shown = [one for one in controls.all() if one.is_visible()]
    labels = [one.get_attribute("class") for one in shown]
    assert [one for one in labels if one != "thumb"] == []
    expect(page.locator("p.print-only")).to_contain_text("UTC+08:00")
    assert len(page.pdf()) > 20_000
