"""The day on a tablet: what is due, the way there, whether it is fit to go out with."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from tests.web.desk import Call, Desk
from tests.web.tablet import Tablet
from tests.web.visited import visiting

FINDING = "[data-finding={}]"


def verdict(tablet: Tablet, name: str) -> str:
    """What the going-out check says of this question."""
    found = tablet.page.locator(FINDING.format(name))
    return str(found.get_attribute("data-verdict"))


def test_only_what_was_proven_lets_somebody_go_out(tablet: Tablet):
    """U02: persistent storage is not granted, so it is not green."""
    tablet.open("#/going-out")

    lacking = tablet.page.locator(FINDING.format("storage"))

    expect(lacking).to_contain_text("未开启")
    expect(tablet.page.get_by_text("都备好了")).to_have_count(0)


def test_a_tablet_that_lacks_nothing_is_green(tablet: Tablet):
    tablet.allow("persistent-storage")

    tablet.open("#/going-out")

    tablet.shows("都备好了，可以出门")


def test_a_clock_ten_minutes_off_is_said_with_what_to_do(
    tablets: Callable[..., Tablet],
):
    """U02. The evidence stays good; people are asked to set the clock."""
    li = tablets()
    li.page.clock.install(time=li.page.evaluate("Date.now()") + 600_000)
    li.open("#/going-out")
    li.tap("立即交换")

    found = li.page.locator(FINDING.format("clock"))

    expect(found).to_contain_text("自动设置时间")


def test_an_order_whose_picture_is_not_here_is_not_ready(served: Desk, tablet: Tablet):
    """U02: the owner's photo was never fetched; taken from canned data."""
    tablet.page.goto(f"{served.url}/tablet/?canned=today#/going-out")

    expect(tablet.page.locator(FINDING.format("orders"))).to_contain_text("还缺 3 份")


def test_pictures_of_earlier_visits_come_home_with_their_order(
    served: Desk, tablet: Tablet, tmp_path: Path
):
    """U-A1: small copies, so that they are there in the basement."""
    stream = served.document().stream
    with visiting(served, tmp_path / "other", stream) as visit:
        visit.comes().photographs("before", "#7a1f1f")
    tablet.open(f"#/order/{stream.removeprefix('order:')}")
    tablet.page.locator("summary", has_text="修前照").tap()
    tablet.page.locator(".picture img").wait_for()

    tablet.offline()
    tablet.open("#/going-out")

    expect(tablet.page.locator(FINDING.format("orders"))).to_contain_text("1/1 单")


def test_the_order_that_is_due_first_stands_first(served: Desk, tablet: Tablet):
    served.order("DS2", call=Call(priority="emergency", room="0301"))

    tablet.open("#/going-out")
    tablet.tap("立即交换")
    tablet.open("#/")

    first = tablet.page.locator(".jobs > li").first
    expect(first).to_contain_text("0301")


MAPS = {
    "高德地图": "https://uri.amap.com/search?keyword=",
    "腾讯地图": "https://apis.map.qq.com/uri/v1/search?keyword=",
    "百度地图": "https://api.map.baidu.com/geocoder?address=",
    "Apple 地图": "https://maps.apple.com/?daddr=",
    "手机默认地图": "geo:0,0?q=",
}
BUILDING = "%E6%9C%9B%E6%B1%9F%E5%BA%9C%203%E6%A0%8B"


def way(tablet: Tablet, app: str) -> str:
    """Where ➤ leads once this map app was chosen."""
    tablet.open("#/settings")
    tablet.page.get_by_role("radio", name=app).tap()
    tablet.open("#/")
    return str(tablet.page.get_by_role("link", name="导航").get_attribute("href"))


def test_the_way_there_opens_in_the_map_app_that_was_chosen(tablet: Tablet):
    """U19: chosen once, then one tap; the flat's number is told to nobody."""
    ways = {app: way(tablet, app) for app in MAPS}

    assert all(ways[app].startswith(to + BUILDING) for app, to in MAPS.items()), ways
    assert not any("1702" in to for to in ways.values())


def test_nothing_is_asked_of_a_map_before_the_tap(tablet: Tablet):
    """U19, U29."""
    tablet.open("#/")

    assert tablet.seen.foreign == []


def test_a_passer_by_reads_neither_name_nor_number(tablet: Tablet):
    tablet.open("#/")

    shown = tablet.page.locator(".jobs").inner_text()

    assert "赵*" in shown
    assert "赵敏" not in shown
    assert "17000000117" not in shown
