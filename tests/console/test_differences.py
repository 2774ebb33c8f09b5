"""Where the central log and the field differ: one key decides, one takes back."""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from server.board import documents
from server.central import passes
from server.central.rows import Bringing, Source
from server.central.settling import By, Made, settle
from server.central_tables import difference
from server.database import reading
from server.register import read_register
from sync.access import EVERY, Grant
from sync.order import Settlement, order_stream
from tests.console.console import Console
from tests.console.eyes import AXE, LOCALES, asked_axe
from tests.console.field import Field
from tests.web.desk import Desk

HEAD = "统一编号,登记时间,项目,楼栋,单元,房号,业主姓名,联系电话,专业,报修内容,维修人员"
TEN = [f"DS20261101{n:02}" for n in range(10)]
SENT_MS = 20_000


def comes(desk: Desk, *rows: str) -> None:
    """The central log comes in with these rows, and is compared."""
    raw = "\n".join((HEAD, *rows, "")).encode()
    parts = desk.parts
    source = Source("总台账.csv", hashlib.sha256(raw).hexdigest(), "chen")
    sheet = read_register(raw, "总台账.csv")
    list(Bringing(parts.engine, source, sheet, 480, parts.now(), True).run())
    list(passes.reconcile(parts.engine, parts.policy, parts.now()))


def row(number: str, technician: str = "") -> str:
    """One of them, in a home of its own."""
    return (f"{number},2026-11-01 09:00,望江府,3栋,1单元,{number[-2:]}01,赵敏,"
            f"17000000117,给排水,漏水,{technician}")  # fmt: skip


@pytest.fixture
def differing(desk: Desk) -> list[str]:
    """Ten numbers that nobody in the field heard of."""
    comes(desk, *(row(number) for number in TEN))
    return TEN


@pytest.fixture
def console(consoles: Callable[..., Console]) -> Console:
    """Chen's, who decides for every project."""
    return consoles()


def wang_decides(desk: Desk, number: str) -> None:
    """Somebody else, at another desk."""
    parts = desk.parts
    with reading(parts.engine) as connection:
        mine = select(difference.c.id).where(difference.c.number == number)
        name = connection.execute(mine).scalar_one()
    by = By(person="wang", now_ms=parts.now(), projects={EVERY}, may=lambda _: True)
    made = Made(choice="log", reason="told_later")
    settle(parts.ledger, parts.engine, [name], made, by, lambda *_: None)


def inbox(console: Console, waits: int, query: str = "") -> Console:
    """The list, as long as it should be, with the first one open."""
    console.open(f"#/differences{query}")
    expect(console.page.locator(".to-review li")).to_have_count(waits)
    console.page.locator(".choices").wait_for()
    return console


def settlements(desk: Desk, numbers: Iterable[str]) -> list[Settlement]:
    """What the book holds of decisions."""
    names = [order_stream(number) for number in numbers]
    with reading(desk.parts.engine) as connection:
        held = documents(connection, names)
    return [one for name in names if name in held for one in held[name].settlements]


def sent(console: Console, count: int) -> None:
    """So many decisions are kept."""
    done = console.page.locator(".to-review .done", has_text="✓ 已定")
    expect(done).to_have_count(count, timeout=SENT_MS)


def test_ten_are_decided_with_twenty_keys_at_most(
    console: Console, desk: Desk, differing: list[str]
) -> None:
    inbox(console, 10)
    console.seen.forget()
    for n in range(10):
        expect(console.page.locator("h1")).to_have_text(f"对账 {10 - n}")
        if n % 3:
            console.press("b")
        else:
            console.press("w", "2")
    sent(console, 10)
    assert len(console.seen.keys) <= 20
    made = Counter(one.choice for one in settlements(desk, differing))
    assert made == {"log": 6, "waive": 4}
    assert console.seen.trouble == []


def test_a_key_is_a_fact_and_u_is_another(
    console: Console, desk: Desk, differing: list[str]
) -> None:
    inbox(console, 10).press("b")
    sent(console, 1)
    console.press("u")
    sent(console, 0)
    (made,) = settlements(desk, TEN)
    assert (made.choice, made.undone != "") == ("log", True)
    expect(console.page.locator("h1")).to_have_text("对账 10")


def test_both_sides_stand_beside_each_other_in_plain_words(
    console: Console, desk: Desk, field: Field
) -> None:
    stream = desk.order(TEN[0])
    field["li"].syncs()
    field["li"].arrives(stream)
    field["li"].syncs()
    comes(desk, row(TEN[0], "王建军"))
    page = inbox(console, 2).page
    page.get_by_role("button", name="维修人员不符").click()
    expect(page.locator(".happened")).to_have_text(
        "台账写的维修人员是 王建军，到过现场的是 李强。"
    )
    expect(page.locator(".side").first).to_contain_text("李强")
    expect(page.locator(".evidence")).to_contain_text("总台账.csv 第 2 行")
    expect(page.locator(".choices .primary")).to_contain_text("以现场为准，台账更正")


def test_one_picture_on_two_orders_is_seen_on_both(
    console: Console, desk: Desk, field: Field
) -> None:
    """V4: Li shows the same file twice; a person looks at both, nobody is accused."""
    streams = [desk.order(number) for number in TEN[:2]]
    field["li"].syncs()
    for stream in streams:
        field["li"].arrives(stream)
        field["li"].shoots(stream, "before", "#c9a27a")
    field["li"].syncs()
    comes(desk, *(row(number, "李强") for number in TEN[:2]))
    page = console.open("#/differences?code=photo_reused_exact").page
    expect(page.locator(".pictured img")).to_have_count(2)
    expect(page.locator(".pictured figcaption")).to_contain_text(TEN[1::-1])
    for one in page.locator(".pictured img").all():
        expect(one).to_have_js_property("complete", value=True)
        assert one.evaluate("(image) => image.naturalWidth") > 0


def test_all_of_one_cause_are_decided_with_two_keys(
    console: Console, desk: Desk, differing: list[str]
) -> None:
    inbox(console, 10).press("g")
    expect(console.page.locator("[type=checkbox]")).to_be_checked()
    console.press("b")
    sent(console, 10)
    assert len(settlements(desk, differing)) == 10


def test_filters_are_in_the_address(console: Console, differing: list[str]) -> None:
    page = inbox(console, 10).page
    page.locator("[name=severity]").select_option("serious")
    expect(page).to_have_url(re.compile("severity=serious"))
    console.open("#/differences?severity=grave")
    expect(page.locator(".nothing")).to_be_visible()


def test_a_decision_of_somebody_else_goes_from_the_list(
    console: Console, desk: Desk, differing: list[str]
) -> None:
    """And is found among the decided ones, to be taken back there."""
    inbox(console, 10)
    wang_decides(desk, TEN[0])
    console.open("#/differences?state=decided")
    page = console.page
    expect(page.locator(".to-review li")).to_have_count(1, timeout=SENT_MS)
    page.get_by_role("button", name="撤销这个裁定").click()
    expect(page.locator(".nothing")).to_be_visible(timeout=SENT_MS)
    assert settlements(desk, TEN[:1])[0].undone != ""


def test_an_auditor_reads_what_differs_and_decides_nothing(
    consoles: Callable[..., Console], desk: Desk, differing: list[str]
) -> None:
    desk.parts.people.add("sun", "孙毅", [Grant(role="auditor")], desk.parts.now())
    sun = consoles("sun")
    sun.page.get_by_role("link", name="对账").click()
    expect(sun.page.locator(".happened")).to_be_visible()
    sun.press("a", "b", "w", "1")
    expect(sun.page.locator(".review .choices")).to_have_count(0)
    assert (settlements(desk, TEN), sun.seen.trouble) == ([], [])


@pytest.mark.parametrize("language", LOCALES)
def test_nothing_keeps_anybody_out(
    consoles: Callable[..., Console], differing: list[str], language: str
) -> None:
    """U24: axe with its rules of WCAG 2.2 AA; open, with a reason to pick, decided."""
    console = consoles(language=language, bypass_csp=True)
    console.context.add_init_script(path=AXE)
    console.page.reload()
    page = inbox(console, 10).page
    found = asked_axe(page)
    console.press("w")
    found += asked_axe(page)
    console.press("2", "k")
    page.locator(".result").wait_for()
    assert found + asked_axe(page) == []
