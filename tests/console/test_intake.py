"""A call comes in: found, written down and on the board within half a minute."""

from playwright.sync_api import Route, expect

from sync.facts.intake import Logged
from tests.console.at_desk import PHONE, call_from_home
from tests.console.console import Console
from tests.web.desk import Call, Desk

MOST_KEYS = 12  # beside the digits of the phone number (U30a)
EARLIER = "DS2026110001"


def taken(desk: Desk) -> list[Logged]:
    """What was written down at the desk, oldest first."""
    logged = [one.what for one in desk.every_fact() if isinstance(one.what, Logged)]
    return [one for one in logged if one.number and one.number.startswith("P")]


def test_a_call_is_taken_with_a_dozen_keys(desk: Desk, console: Console):
    """U30a: no hand leaves the keyboard, and all that was said is written down."""
    desk.order(EARLIER, call=Call(trade="电气", phone=PHONE))
    console.page.locator(".order").wait_for()
    console.seen.forget()

    call_from_home(console)
    expect(console.page.locator("[data-column=waiting] .order")).to_contain_text("3栋")

    assert len(console.seen.keys) - len(PHONE) <= MOST_KEYS
    (one,) = taken(desk)
    assert (one.site, one.trade, one.sort, one.priority) == (
        "望江府", "给排水", "repair", "normal",
    )  # fmt: skip


def test_the_same_again_is_warned_of_before_it_is_written_down(
    desk: Desk, console: Console
):
    """I5: an open order of the same home and trade, with its number."""
    desk.order(EARLIER, call=Call(trade="给排水", phone=PHONE))
    console.press("n")
    console.page.locator("#asked").fill(PHONE)
    console.press("Enter")
    console.page.locator("[data-stage=trade] :focus").wait_for()

    console.press("1")

    expect(console.page.locator(".again")).to_contain_text(EARLIER)


def test_what_was_done_in_that_home_stands_beside_the_call(
    desk: Desk, console: Console
):
    desk.order(EARLIER, call=Call(phone=PHONE, fault="卫生间返味"))
    console.press("n")
    console.page.locator("#asked").fill(PHONE)
    console.press("Enter")

    expect(console.page.locator(".history")).to_contain_text("卫生间返味")


def test_an_answer_that_is_lost_on_the_way_does_not_make_two_orders(
    desk: Desk, console: Console
):
    """The line breaks after the server has it; Enter again."""
    desk.order(EARLIER, call=Call(trade="电气", phone=PHONE))

    def loses_the_answer(route: Route) -> None:
        route.fetch()
        route.abort()

    console.page.route("**/v1/orders", loses_the_answer, times=1)
    call_from_home(console)
    expect(console.page.locator(".intake .wrong")).not_to_be_empty()
    console.page.locator("[data-stage=save]").click()
    expect(console.page.locator("[data-column=waiting] .order")).to_have_count(1)

    assert len(taken(desk)) == 1


def test_whoever_is_not_known_is_written_down_by_hand(desk: Desk, console: Console):
    console.press("n")
    console.page.locator("#asked").fill("17099999999")
    expect(console.page.locator(".intake aside")).to_contain_text("没有找到住户")
    console.press("Enter")
    page = console.page
    page.get_by_label("项目", exact=True).and_(page.locator("input")).fill("望江府")
    page.locator("input[name=room]").fill("0903")
    page.get_by_role("radio", name="给排水").click()
    page.get_by_label("报修内容").fill("水表在转")
    page.locator("[data-stage=save]").click()
    expect(page.locator("[data-column=waiting] .order")).to_have_count(1)

    assert [one.site for one in taken(desk)] == ["望江府"]


def test_what_is_lacking_is_said_and_led_to(desk: Desk, console: Console):
    console.press("n")
    console.page.locator("#asked").wait_for()
    console.page.locator("[data-stage=save]").click()

    expect(console.page.locator(".intake .wrong")).to_have_text("请选择项目")
    expect(console.page.locator("[data-stage=place]")).to_be_focused()


def test_a_complaint_is_written_down_without_a_trade(desk: Desk, console: Console):
    """I1: complaints, enquiries and suggestions have a register too."""
    desk.order(EARLIER, call=Call(phone=PHONE))
    console.press("n")
    console.page.locator("#asked").fill(PHONE)
    console.press("Enter")
    console.page.locator(".place").wait_for()
    console.page.get_by_role("radio", name="投诉").click()
    console.page.get_by_label("报修内容").fill("师傅没有来")
    console.press("Enter")
    expect(console.page.locator(".intake")).to_have_count(0)

    assert [one.sort for one in taken(desk)] == ["complaint"]
