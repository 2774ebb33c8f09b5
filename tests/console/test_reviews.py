"""What waits for a person: decided with one key, and it arrives where it is needed."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from sync.access import Grant
from sync.facts.dispatch import Dispatched, ReviewResolved
from sync.facts.work import Completed
from tests.console.console import Console
from tests.console.field import Field
from tests.web.desk import NUMBER, Desk

SENT_MS = 40_000  # a decision is held for a few seconds, a list looks every fifteen
TEN = [f"DS20261101{n:02}" for n in range(10)]


@pytest.fixture
def disputed(desk: Desk, field: Field) -> str:
    """Li drove out of coverage while Chen gave the order to Wang (F16)."""
    stream = desk.order()
    field["li"].syncs()
    desk.decide(NUMBER, Dispatched(technician="wang"))
    field["li"].arrives(stream)
    field["li"].syncs()
    field["wang"].syncs()
    return stream


def inbox(console: Console, waits: int) -> Console:
    """The list, as long as it should be, with the first one open."""
    console.open("#/reviews")
    expect(console.page.locator(".to-review li")).to_have_count(waits)
    console.page.locator(".choices").wait_for()
    return console


def test_one_key_decides_and_the_decision_arrives_on_the_tablet(
    console: Console, desk: Desk, field: Field, disputed: str
) -> None:
    assert field["wang"].sees(disputed).reviews != ()
    inbox(console, 1).press("a")
    expect(console.page.locator(".result")).to_contain_text("✓ 已定", timeout=SENT_MS)
    field["wang"].syncs()
    seen = field["wang"].sees(disputed)
    assert (seen.reviews, seen.resolutions[0].reason) == ((), "field_stands")
    assert desk.document().reviews == ()
    assert console.seen.trouble == []


def test_both_sides_stand_beside_each_other_in_plain_words(
    console: Console, disputed: str
) -> None:
    page = inbox(console, 1).page
    field_side, desk_side = page.locator(".side").all()
    expect(field_side).to_contain_text("李强 · 到场签到")
    expect(field_side).to_contain_text("记录时还不知道：派单")
    expect(desk_side).to_contain_text("派给 王军")
    expect(page.locator(".choices .primary")).to_contain_text("以现场的记录为准")


def test_a_decision_leaves_one_fact_with_its_words(
    console: Console, desk: Desk, disputed: str
) -> None:
    before = len(desk.facts())
    page = inbox(console, 1).press("r").page
    page.keyboard.insert_text("业主确认李师傅来过")
    console.press("Escape", "b")
    expect(page.locator(".result")).to_contain_text("✓ 已定", timeout=SENT_MS)
    assert [one.what.kind for one in desk.facts()[before:]] == ["review.resolved"]
    (made,) = desk.document().resolutions
    assert made.reason == "desk_stands"
    console.open(f"#/orders/{disputed.removeprefix('order:')}")
    expect(page.locator("[data-kind='review.resolved']")).to_contain_text(
        "业主确认李师傅来过"
    )


def test_what_was_pressed_by_mistake_is_taken_back_before_anybody_hears_of_it(
    console: Console, desk: Desk, disputed: str
) -> None:
    page = inbox(console, 1).press("b").page
    expect(page.locator(".result")).to_contain_text("按 U 撤销")
    console.press("u")
    expect(page.locator(".choices")).to_be_visible()
    console.open("#/board")
    page.locator(".columns").wait_for()
    assert desk.document().resolutions == ()


def test_by_hand_wants_to_be_told_how(
    console: Console, desk: Desk, disputed: str
) -> None:
    page = inbox(console, 1).press("m").page
    expect(page.locator(".review input")).to_be_focused()
    page.keyboard.insert_text("两人一起去，工时各记一半")
    console.press("Enter")
    expect(page.locator(".result")).to_contain_text("✓ 已定", timeout=SENT_MS)
    assert desk.document().resolutions[0].reason == "by_hand"


def test_ten_are_settled_with_twenty_keys_at_most(
    console: Console, desk: Desk, field: Field
) -> None:
    streams = [desk.order(number) for number in TEN]
    field["li"].syncs()
    for number, stream in zip(TEN, streams, strict=True):
        desk.decide(number, Dispatched(technician="wang"))
        field["li"].arrives(stream)
    field["li"].syncs()
    inbox(console, 10)
    console.seen.forget()
    for n in range(10):
        expect(console.page.locator("h1")).to_have_text(f"核对 {10 - n}")
        console.page.locator(".choices .primary").wait_for()
        console.press("a")
    done = console.page.locator(".to-review .done", has_text="✓ 已定")
    expect(done).to_have_count(10, timeout=SENT_MS)
    assert len(console.seen.keys) <= 20
    assert [desk.document(number).reviews for number in TEN] == [()] * 10


def test_whoever_leaves_the_list_leaves_nothing_undecided_behind(
    console: Console, desk: Desk, disputed: str
) -> None:
    inbox(console, 1).press("a")
    console.page.reload()
    console.page.locator(".inbox").wait_for()
    expect(console.page.locator(".nothing")).to_be_visible(timeout=SENT_MS)
    assert desk.document().resolutions[0].reason == "field_stands"


def test_what_somebody_else_settled_goes_from_the_list_by_itself(
    console: Console, desk: Desk, disputed: str
) -> None:
    inbox(console, 1)
    (one,) = desk.document().reviews
    desk.decide(NUMBER, ReviewResolved(review=one.id, reason="field_stands"))
    expect(console.page.locator(".nothing")).to_be_visible(timeout=SENT_MS)


def test_one_side_alone_is_let_be_or_sent_back(
    console: Console, desk: Desk, field: Field
) -> None:
    stream = desk.order()
    li = field["li"]
    li.syncs()
    li.arrives(stream)
    li.surveys(stream)
    li.tells(stream, Completed())
    li.syncs()
    page = inbox(console, 1).page
    expect(page.locator(".side")).to_have_count(1)
    expect(page.locator(".choices")).to_contain_text("请维修人员补充或更正")


def test_an_auditor_reads_what_waits_and_decides_nothing(
    consoles: Callable[..., Console], desk: Desk, disputed: str
) -> None:
    """The list is in the menu; no key and no button of it decides."""
    desk.parts.people.add("sun", "孙毅", [Grant(role="auditor")], desk.parts.now())
    sun = consoles("sun")
    sun.page.get_by_role("link", name="核对").click()
    expect(sun.page.locator(".side")).to_have_count(2)
    sun.press("a", "m")
    expect(sun.page.locator(".review .choices, .review input")).to_have_count(0)
    expect(sun.page.locator(".result")).to_have_count(0)
    expect(sun.page.locator(".review")).to_contain_text("建议：以现场的记录为准")
    assert (desk.document().resolutions, sun.seen.trouble) == ((), [])
