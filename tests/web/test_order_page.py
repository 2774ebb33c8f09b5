"""One order on the tablet: coming, the door, and how a visit can go otherwise."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from sync.facts.dispatch import Dispatched, PutOnHold, Resumed, ReviewResolved
from sync.facts.intake import DuplicateFound, FoundOnSite, Merged
from sync.facts.reconciling import DifferenceSettled, SettlementUndone
from sync.facts.work import Completed
from tests.web.desk import NUMBER, Desk
from tests.web.tablet import Tablet

# Watches for the button of the next step and says how long after the tap it was there:
# it is shown when the fact is on disk, not before.
STOPWATCH = """
addEventListener("click", () => {
  const begun = performance.now();
  new MutationObserver((_, watch) => {
    if (!document.querySelector(".foot")?.textContent.includes("上门礼仪")) return;
    globalThis.took_ms = performance.now() - begun;
    watch.disconnect();
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
}, { capture: true, once: true });
"""


def test_the_place_is_added_once_the_owner_has_agreed_to_it(
    served: Desk, tablet: Tablet
):
    """V2, V4a: a fact of its own; the arrival stays as it was told."""
    arrives(at_the_order(tablet))
    tablet.tap("下一步：上门礼仪")
    tablet.tap("都做到了，业主都同意")

    for _attempt in range(200):
        if (visit := served.document().visits[-1:]) and visit[0].place:
            break
        tablet.page.wait_for_timeout(100)
    kinds = [fact.what.kind for fact in served.facts()]
    assert kinds.count("visit.placed") == 1


MOST_MS = (
    4_000  # half of how long a place is looked for; about 30 when nothing else runs
)
AGAIN = "再次上门：我已到达"


def at_the_order(tablet: Tablet) -> Tablet:
    """Open the first order of the list."""
    tablet.page.locator(".jobs > li .open").first.tap()
    tablet.page.locator(".steps").wait_for()
    return tablet


def arrives(tablet: Tablet) -> Tablet:
    """Stand in the home."""
    tablet.page.get_by_role("button", name="我已到达").tap()
    tablet.shows("下一步：上门礼仪")
    return tablet


def test_my_steps_of_the_shortest_job_cost_four_taps(tablet: Tablet):
    """U17: open, arrived, all done; leave (here without the steps between)."""
    tablet.seen.forget()

    at_the_order(tablet)
    arrives(tablet)
    tablet.tap("下一步：上门礼仪")
    tablet.tap("都做到了，业主都同意")
    tablet.page.locator("h1", has_text="修前照").wait_for()

    assert tablet.taps == 4
    assert tablet.seen.keys == []


def test_arriving_waits_for_no_place_and_is_on_disk_at_once(tablet: Tablet):
    """U20: nobody has asked the owner yet, so no place is even looked for (V4a)."""
    at_the_order(tablet)
    tablet.page.evaluate(STOPWATCH)

    arrives(tablet)

    assert tablet.page.evaluate("globalThis.took_ms") <= MOST_MS
    assert tablet.page.get_by_text("未记位置").count() == 1


# What the browser does when it is asked for the place; what stands on the page then,
# and what the arrival says of it.
Turns = Callable[[Tablet], Any]
GEOLOCATIONS: dict[str, tuple[Turns, str, str]] = {
    "found": (lambda _li: None, "已定位", "已记位置"),
    "denied": (
        lambda li: li.devtools.send(
            "Browser.setPermission",
            {"permission": {"name": "geolocation"}, "setting": "denied"},
        ),
        "没有定位",
        "未记位置",
    ),
    "never answered": (
        lambda li: li.page.evaluate(
            "() => { navigator.geolocation.getCurrentPosition = () => {}; }"
        ),
        "正在定位",
        "未记位置",
    ),
    "three kilometres away": (
        lambda li: li.context.set_geolocation(
            {"latitude": 31.2574, "longitude": 121.4737, "accuracy": 2000}
        ),
        "已定位",
        "已记位置",
    ),
}


@pytest.mark.parametrize("how", GEOLOCATIONS)
def test_a_place_that_is_wrong_or_missing_holds_nobody_up(tablet: Tablet, how: str):
    """U20, on a second visit, where the owner had agreed to the place (V4a)."""
    turn, shown, recorded = GEOLOCATIONS[how]
    agrees_to_the_place(tablet)
    turn(tablet)
    at_the_order(tablet)
    expect(tablet.page.get_by_test_id("place")).to_contain_text(shown)
    tablet.page.evaluate(STOPWATCH)

    tablet.page.get_by_role("button", name=AGAIN).tap()

    tablet.shows("下一步：上门礼仪")
    assert tablet.page.evaluate("globalThis.took_ms") <= MOST_MS
    expect(tablet.page.locator(".folded").first).to_contain_text(recorded)


def agrees_to_the_place(tablet: Tablet) -> None:
    """A first visit, with consent to everything, that is over."""
    arrives(at_the_order(tablet))
    tablet.tap("下一步：上门礼仪")
    tablet.tap("都做到了，业主都同意")
    tablet.page.locator("h1", has_text="修前照").wait_for()
    tablet.open("#/")
    at_the_order(tablet)
    leaves(tablet)


def leaves(tablet: Tablet) -> None:
    """Go, with steps left."""
    tablet.tap("离场")
    tablet.page.locator("dialog").get_by_role("button", name="离场").tap()
    tablet.page.get_by_role("button", name=AGAIN).wait_for()
    tablet.open("#/")


def test_an_owner_who_wants_no_photos_is_asked_for_none(served: Desk, tablet: Tablet):
    """V4a: the visit works without."""
    arrives(at_the_order(tablet))
    tablet.tap("下一步：上门礼仪")
    tablet.tap("业主有不同意的")
    tablet.page.get_by_role("checkbox", name="拍照").tap()

    tablet.tap("按上面记下")

    tablet.page.locator("h1", has_text="勘察").wait_for()


# Each way a visit can go otherwise: what is tapped from the order's page, the fact, and
# what is to be done next.
OUTCOMES = {
    "nobody home": (["无人在家", "记录无人在家"], "visit.nobody_home", AGAIN),
    "another time": (["改约", "10:00–12:00"], "visit.appointed", "离场"),
    "turned away": (["业主拒修", "业主要求换人"], "visit.turned_away", AGAIN),
    "made safe": (
        ["应急先保安全", "已关总阀", "记下"], "work.made_safe", "下一步：上门礼仪"
    ),
    "taken away": (["更多 ›", "阀门"], "survey.taken_away", ""),
}  # fmt: skip


@pytest.mark.parametrize("how", OUTCOMES)
def test_every_way_a_visit_can_go_is_three_taps_away(
    served: Desk, tablet: Tablet, how: str
):
    """U23: recorded, handed in, and the next step is the right one."""
    taps, kind, then = OUTCOMES[how]
    arrives(at_the_order(tablet))

    for words in taps:
        tablet.page.get_by_text(words, exact=True).last.tap()

    if then:
        tablet.page.locator(".foot").get_by_text(then).wait_for()
    expect(tablet.page.get_by_test_id("truth")).to_contain_text("全部已传")
    assert len(taps) <= 3
    assert kind in [fact.what.kind for fact in served.facts()]


def test_a_slip_is_taken_back_by_the_words_that_go_by(served: Desk, tablet: Tablet):
    arrives(at_the_order(tablet))

    tablet.tap("撤销")

    tablet.page.get_by_role("button", name="我已到达").wait_for()
    expect(tablet.page.get_by_test_id("truth")).to_contain_text("全部已传")
    assert served.document().visits == ()


def test_an_order_that_is_cancelled_meanwhile_says_so_and_lets_one_leave(
    served: Desk, tablet: Tablet
):
    arrives(at_the_order(tablet))

    served.cancel()

    tablet.shows("此工单已取消")
    tablet.page.locator(".foot").get_by_text("离场").wait_for()


def test_one_tap_on_the_list_says_that_somebody_is_on_the_way(
    served: Desk, tablet: Tablet
):
    """Nobody has to: it is no step, and what comes next is to arrive."""
    tablet.tap("出发")
    expect(tablet.page.locator(".jobs .state").first).to_contain_text("➤ 已出发")
    at_the_order(tablet)

    expect(tablet.page.get_by_role("button", name="我已到达")).to_be_enabled()
    expect(tablet.page.get_by_test_id("truth")).to_contain_text("全部已传")
    assert [one.by for one in served.document().on_the_way] == ["li"]


def test_a_slip_of_setting_off_is_taken_back(served: Desk, tablet: Tablet):
    at_the_order(tablet)
    tablet.tap("出发")

    tablet.tap("撤销")

    tablet.page.get_by_role("button", name="出发").wait_for()
    expect(tablet.page.get_by_test_id("truth")).to_contain_text("全部已传")
    assert served.document().departures == ()


def test_an_order_on_hold_says_why_and_until_when_and_forbids_nothing(
    served: Desk, tablet: Tablet
):
    """Who stands in the kitchen already goes on; the desk only asks to wait."""
    at_the_order(tablet)
    wednesday = PutOnHold(reason="parts", until_ms=1_795_572_000_000)
    served.decide(NUMBER, wednesday, words="水泵周三到货")

    held = tablet.page.locator(".card", has_text="调度已挂起：等配件")
    expect(held).to_contain_text("预计 11/25 10:00 恢复。")
    expect(held).to_contain_text("水泵周三到货")
    expect(tablet.page.get_by_role("button", name="我已到达")).to_be_enabled()

    served.decide(NUMBER, Resumed())
    expect(held).to_have_count(0)


def test_an_order_that_went_to_another_says_so(served: Desk, tablet: Tablet):
    at_the_order(tablet)

    served.decide(NUMBER, Dispatched(technician="wang"))

    tablet.shows("此工单已改派给别人")
    expect(tablet.page.get_by_role("button", name="我已到达")).to_have_count(0)


def test_an_order_that_was_merged_leads_to_the_one_that_goes_on(
    served: Desk, tablet: Tablet
):
    """Both were given to Li."""
    other = served.order("DS2")
    tablet.took_home(2)
    tablet.page.locator(f".jobs a[href*='{served.document().stream[6:]}']").tap()
    gone = served.decide(NUMBER, Merged(into=other))
    served.decide("DS2", DuplicateFound(duplicate=gone))

    tablet.shows("此工单已并入另一工单")
    tablet.tap("改办 DS2")

    tablet.page.get_by_role("heading", name="DS2").wait_for()
    expect(tablet.page.get_by_role("button", name="我已到达")).to_be_enabled()


def test_what_the_desk_decided_of_a_record_stands_on_its_page_with_who_and_why(
    served: Desk, tablet: Tablet
):
    """It stays in the order's story when it has been read."""
    served.states("li", Completed())
    (waiting,) = (one for one in served.document().reviews if one.code == "out_of_turn")
    what = ReviewResolved(review=waiting.id, reason="as_it_is")
    served.decide(NUMBER, what, words="已打电话问过业主")
    at_the_order(tablet)
    settled = tablet.page.locator("[data-settled]")

    for words in ("按原样保留", "已打电话问过业主", "由 chen 核对"):
        expect(settled).to_contain_text(words)
    tablet.page.locator(".card.good").get_by_role("button", name="知道了").tap()
    expect(settled).to_have_count(0)
    expect(tablet.page.locator(".story").last).to_contain_text("已打电话问过业主")


def test_what_was_decided_about_the_central_log_stands_in_the_story(
    served: Desk, tablet: Tablet
):
    """And that it was taken back."""
    settled = DifferenceSettled(
        number=NUMBER, code="technician_differs", choice="field", reason="evidence",
    )  # fmt: skip
    served.decide(NUMBER, settled, words="签到照片为凭")
    at_the_order(tablet)
    tablet.page.locator(".folded summary", has_text="经过").tap()
    story = tablet.page.locator(".story").last

    for words in ("对账裁定", "以现场为准，台账更正", "签到照片为凭"):
        expect(story).to_contain_text(words)
    (made,) = served.document().settlements
    served.decide(NUMBER, SettlementUndone(settled=made.fact))
    expect(story.locator(".undone", has_text="以现场为准")).to_be_visible()


def test_something_else_that_is_wrong_becomes_an_order_by_chips_alone(
    served: Desk, tablet: Tablet
):
    """现场加单: its author has it at once, with or without a line."""
    at_the_order(tablet)
    with tablet.away():
        tablet.tap("更多 ›")
        tablet.tap("＋ 现场加单")
        tablet.page.get_by_role("radio", name="卫生间").tap()
        tablet.page.get_by_role("radio", name="堵塞").tap()
        tablet.tap("加这一单")
        tablet.page.get_by_role("button", name="我已到达").wait_for()

    expect(tablet.page.get_by_test_id("truth")).to_contain_text("全部已传")
    found = [one for one in served.bodies() if FoundOnSite.kind in one["b"]]
    assert len(found) == 1
    assert tablet.seen.keys == []
