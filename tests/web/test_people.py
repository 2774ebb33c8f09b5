"""Who uses a tablet: enrolled with one code each, kept out by a PIN; what was recorded
stays, whoever comes and goes."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Route, expect

from sync.facts.visit import Arrived
from tests.web.desk import NUMBER, Desk
from tests.web.owner import Owner, hold
from tests.web.tablet import Tablet
from tests.web.visited import completed

PIN, OTHER_PIN = "2580", "1470"
IDLE = "05:01"


def enters(tablet: Tablet, pin: str) -> None:
    """Key by key on the screen, then 确定."""
    for key in pin:
        tablet.page.locator(".pin").get_by_role("button", name=key, exact=True).tap()
    tablet.page.locator(".pin").get_by_role("button", name="确定").tap()


def sets_pin(tablet: Tablet, pin: str = PIN) -> None:
    """Twice, in the settings of whoever is in."""
    tablet.open("#/people")
    tablet.tap("设密码")
    enters(tablet, pin)
    tablet.shows("再输一遍")
    enters(tablet, pin)
    tablet.shows("密码设好了")


def is_locked(tablet: Tablet) -> None:
    tablet.page.get_by_test_id("lock").wait_for()


def is_open(tablet: Tablet) -> None:
    tablet.page.get_by_test_id("truth").wait_for()


def arrives_without_a_line(tablet: Tablet, stream: str) -> None:
    """One fact that the server has not."""
    tablet.ready_for_offline()
    tablet.offline()
    tablet.open(f"#/order/{stream.removeprefix('order:')}")
    tablet.tap("我已到达")
    expect(tablet.page.get_by_test_id("truth")).to_contain_text("在本机")


# leaving


@pytest.fixture
def owing(tablet: Tablet, served: Desk) -> Tablet:
    """Li's tablet, with an arrival that the server knows nothing of."""
    tablet.took_home()
    arrives_without_a_line(tablet, served.document().stream)
    return tablet


def test_nobody_leaves_a_tablet_that_still_owes(owing: Tablet):
    """U14: three ways on, and none of them is out."""
    owing.open("#/people")
    owing.tap("退出登录")
    asked = owing.page.get_by_role("dialog")

    for words in ("上传", "导出救援包", "交接给另一位师傅"):
        expect(asked.get_by_role("button", name=words)).to_be_visible()
    owing.page.keyboard.press("Escape")
    expect(asked).to_have_count(0)
    expect(owing.page.get_by_role("heading", name="li")).to_be_visible()


def test_what_one_recorded_is_handed_in_after_another_took_over(
    owing: Tablet, served: Desk
):
    """The arrival is Li's, whoever has the tablet when there is a line again."""
    sets_pin(owing)
    owing.online()
    owing.open(f"#/enrol/{served.code('wang')}")
    owing.tap("登记")
    owing.until("location.hash === '#/'")
    expect(owing.page.get_by_test_id("truth")).to_contain_text(
        "全部已传", timeout=30_000
    )

    arrivals = [one for one in served.facts() if isinstance(one.what, Arrived)]
    assert [one.head.by for one in arrivals] == ["li"]


def test_with_nothing_owed_one_may_leave_and_come_back(tablet: Tablet):
    tablet.took_home()
    expect(tablet.page.get_by_test_id("truth")).to_contain_text("全部已传")
    tablet.open("#/people")
    tablet.tap("退出登录")
    is_locked(tablet)
    tablet.page.reload()
    is_locked(tablet)
    tablet.tap("li 进入")

    is_open(tablet)
    tablet.took_home()


# a PIN


def test_a_tablet_with_a_pin_asks_for_it_at_every_start(tablet: Tablet):
    tablet.took_home()
    sets_pin(tablet)
    tablet.kill()
    tablet.again("#/outbox")
    is_locked(tablet)
    assert "1702" not in tablet.page.content()
    enters(tablet, OTHER_PIN)
    expect(tablet.page.locator(".pin [role=alert]")).not_to_be_empty()
    enters(tablet, PIN)

    is_open(tablet)


def test_wrong_pins_are_slowed(tablet: Tablet):
    tablet.took_home()
    sets_pin(tablet)
    tablet.page.reload()
    is_locked(tablet)
    for _attempt in range(6):
        enters(tablet, OTHER_PIN)
        alert = tablet.page.locator(".pin [role=alert]")
        expect(alert).not_to_be_empty()
    enters(tablet, PIN)

    expect(tablet.page.locator(".pin [role=alert]")).to_contain_text(re.compile("秒"))
    is_locked(tablet)


def test_a_tablet_that_lies_idle_is_locked_and_comes_back_where_it_was(tablet: Tablet):
    tablet.took_home()
    sets_pin(tablet)
    tablet.page.clock.install()
    tablet.open("#/outbox")
    tablet.page.reload()
    is_locked(tablet)
    enters(tablet, PIN)
    is_open(tablet)
    tablet.page.clock.fast_forward(IDLE)
    is_locked(tablet)
    enters(tablet, PIN)

    is_open(tablet)
    assert tablet.page.evaluate("location.hash") == "#/outbox"


def test_an_owner_is_never_locked_out_and_cannot_give_it_back_alone(
    served: Desk, tablets: Callable[..., Tablet], tmp_path: Path
):
    """The PIN is asked of the technician, when the tablet is taken back."""
    stream = served.document().stream
    completed(served, tmp_path / "before", stream)
    tablet = tablets()
    tablet.took_home()
    sets_pin(tablet)
    tablet.page.clock.install()
    owner = Owner(tablet, stream)
    tablet.open(f"#/order/{owner.order}/hand-over")
    tablet.page.reload()
    enters(tablet, PIN)
    tablet.tap("交给业主")
    owner.sees_sheet()
    tablet.page.clock.fast_forward(IDLE)
    owner.sees_sheet()
    button = tablet.page.locator("[data-hold]")
    button.dispatch_event("pointerdown", {"pointerId": 1, "isPrimary": True})
    tablet.page.clock.fast_forward("00:03")
    tablet.shows("请师傅输入密码")
    enters(tablet, OTHER_PIN)
    owner.sees_sheet()
    expect(tablet.page.locator(".pin [role=alert]")).not_to_be_empty()
    enters(tablet, PIN)

    is_open(tablet)


def test_an_owners_screen_comes_back_after_a_kill_without_a_pin(
    served: Desk, tablets: Callable[..., Tablet], tmp_path: Path
):
    stream = served.document().stream
    completed(served, tmp_path / "before", stream)
    tablet = tablets()
    tablet.took_home()
    sets_pin(tablet)
    owner = Owner(tablet, stream).is_given_it()
    tablet.kill()
    tablet.again()

    Owner(tablet, stream).sees_sheet()
    hold(tablet)
    expect(tablet.page.get_by_role("dialog")).to_contain_text("请师傅输入密码")
    assert owner.order in tablet.page.url


# shifts


def test_two_people_share_a_tablet_and_each_sees_their_own(
    served: Desk, tablet: Tablet
):
    served.order("DS2026110002", to="wang")
    tablet.took_home()
    tablet.open(f"#/enrol/{served.code('wang')}")
    tablet.tap("登记")
    tablet.until("location.hash === '#/'")
    tablet.took_home()
    expect(tablet.page.get_by_text(NUMBER)).to_have_count(0)
    tablet.open("#/people")
    tablet.tap("换人")
    tablet.page.get_by_role("radio", name="li").tap()
    tablet.tap("li 进入")
    is_open(tablet)
    tablet.open("#/people")

    expect(tablet.page.get_by_role("heading", name="li")).to_be_visible()


# enrolling


@pytest.fixture
def fresh(tablets: Callable[..., Tablet]) -> Tablet:
    """A tablet that nobody enrolled."""
    return tablets(enrolled=False)


def test_a_code_can_be_typed(fresh: Tablet, served: Desk):
    fresh.page.get_by_role("textbox", name="登记码").fill(served.code().lower()[:10])
    expect(fresh.page.get_by_role("button", name="登记")).to_be_disabled()
    fresh.page.get_by_role("textbox", name="登记码").fill(served.code())
    fresh.tap("登记")

    fresh.shows(re.compile("登记好了：li"))
    fresh.took_home()


def test_a_code_that_was_used_is_said_to_be(
    fresh: Tablet, served: Desk, tablets: Callable[..., Tablet]
):
    code = served.code()
    tablets(enrolled=False).enrol(code)
    fresh.page.get_by_role("textbox", name="登记码").fill(code)
    fresh.tap("登记")

    fresh.shows(re.compile("请向调度要一个新码"))


def test_a_network_that_wants_a_login_first_is_named(fresh: Tablet, served: Desk):
    """The wireless network of a mall answers everything with its own page."""

    def mall(route: Route) -> None:
        route.fulfill(status=200, content_type="text/html", body="<h1>Welcome</h1>")

    fresh.context.route("**/v1/devices", mall)
    fresh.page.get_by_role("textbox", name="登记码").fill(served.code())
    fresh.tap("登记")

    fresh.shows(re.compile("先登录"))


def test_the_key_of_a_tablet_cannot_be_taken_out(tablet: Tablet):
    taken = tablet.page.evaluate("""
      () => new Promise((found) => {
        const asked = indexedDB.open("doorstep-outbox");
        asked.onsuccess = () => {
          const store = asked.result.transaction("device").objectStore("device");
          const held = store.get("key");
          held.onsuccess = () => crypto.subtle.exportKey("jwk", held.result.privateKey)
            .then(() => found("taken"), (why) => found(why.name));
        };
      })
    """)

    assert taken == "InvalidAccessError"
