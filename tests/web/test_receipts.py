"""What the screens say while a server answers wrongly: nothing is handed over before
its receipt is here, and whoever looks is told what is missing."""

import hashlib
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, expect

from infra.demo.network import BadNetwork
from sync.facts.visit import DOOR_STEPS, Arrived, DoorProtocol
from tests.web.at_work import AtWork
from tests.web.desk import Desk
from tests.web.liar import Answer, Ask, Asked, Liar
from tests.web.tablet import Tablet
from tests.web.test_exchange import for_another, without_receipts
from tests.web.visited import visiting

ONE_OF = 5  # photos of which one is let fall


@pytest.fixture
def network(served: Desk) -> Iterator[BadNetwork]:
    """The line between the tablet and the server."""
    with BadNetwork("127.0.0.1", served.port) as network:
        yield network


@pytest.fixture
def li(
    chromium: Playwright, served: Desk, network: BadNetwork, tmp_path: Path
) -> Iterator[AtWork]:
    """Li in the home, about to take the photos from before."""
    stream = served.document().stream
    with visiting(served, tmp_path / "other", stream) as visit:
        yes = {"photo_consent": True, "place_consent": True, "start_consent": True}
        visit.tells(Arrived()).tells(DoorProtocol(steps=tuple(DOOR_STEPS), **yes))
    tablet = Tablet(chromium, tmp_path / "li", network.url).start()
    tablet.enrol(served.code())
    tablet.took_home()
    yield AtWork(tablet, stream).step("before")
    tablet.put_away()


@pytest.fixture
def liar(served: Desk, network: BadNetwork, li: AtWork) -> Iterator[Liar]:
    """Somebody at the end of Li's line, from now on, who has the server's keys."""
    with Liar(served.url, served.parts.keys) as liar:
        network.target = ("127.0.0.1", liar.port)
        yield liar


def leaves(li: AtWork) -> AtWork:
    """One fact."""
    li.tablet.open(f"#/order/{li.order}")
    li.tablet.tap("离场")
    li.page.locator("dialog").get_by_role("button", name="离场").tap()
    return li


@pytest.mark.parametrize("lie", [without_receipts, for_another])
def test_what_was_answered_without_its_receipt_needs_a_person_and_never_ticks(
    li: AtWork, liar: Liar, lie: Callable[[Asked, Ask], Answer]
):
    """U06: that Li looked at the order, and left."""
    liar.lie = lie

    leaves(li).tablet.open("#/outbox")

    li.tablet.shows("2 项需处理")
    li.tablet.shows("没有给收据（2 项）")
    marks = li.page.locator("main .truth")
    expect(marks.filter(has_text="需处理")).to_have_count(1)
    expect(marks.filter(has_text=re.compile("服务器已收|已备份"))).to_have_count(0)

    liar.lie = lambda _, ask: ask()
    li.tablet.tap("立即上传")
    li.page.get_by_test_id("truth").get_by_text("全部已传").wait_for()


def test_a_photo_that_was_let_fall_is_counted_as_missing_until_it_is_sent_again(
    li: AtWork, liar: Liar, served: Desk
):
    """U07: four of five, in words; the fifth goes with the next exchange."""
    with li.tablet.away():
        li.shoots(ONE_OF)
        names = [name for name, *_ in li.stored()[1]]

    def lets_one_fall(asked: Asked, ask: Ask) -> Answer:
        if hashlib.sha256(asked.body).hexdigest() == names[2]:
            length = str(len(asked.body))
            return 204, {"Upload-Offset": length, "Tus-Resumable": "1.0.0"}, b""
        return ask()

    liar.lie = lets_one_fall
    li.tablet.open("#/outbox")
    li.tablet.tap("立即上传")
    li.tablet.shows("证据待齐 4/5")
    assert [served.has(name) for name in names].count(False) == 1

    liar.lie = lambda _, ask: ask()
    li.tablet.tap("立即上传")
    li.page.get_by_test_id("truth").get_by_text("全部已传").wait_for()
    assert all(served.has(name) for name in names)
