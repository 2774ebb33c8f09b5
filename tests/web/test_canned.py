"""Canned tablets stay what the fold makes of them, and show one next step each."""

import pytest
from playwright.sync_api import Page, expect

from infra.canned import WHERE, canned
from sync.order import order_stream
from tests.web.desk import Desk
from tests.web.tablet import Tablet

TODAY = canned()
FIRST = order_stream("R2611-0181").removeprefix("order:")
NEXT = {
    "today": "我已到达", "arrived": "下一步：上门礼仪", "door-done": "下一步：勘察",
    "agreed": "下一步：维修记录", "rework": "下一步：维修记录",
    "handing-over": "下一步：交付验收", "cancelled": "离场",
}  # fmt: skip


@pytest.mark.parametrize("name", TODAY)
def test_what_lies_there_is_what_would_be_written_today(name: str):
    """If not: `python -m infra.canned`."""
    assert (WHERE / name).read_text("utf-8") == TODAY[name]


def test_nothing_else_lies_among_the_scenes():
    assert {path.name for path in WHERE.glob("*.json")} == TODAY.keys()


def primaries(page: Page) -> list[str]:
    """What the big buttons say that can be seen."""
    shown = page.locator(".button.primary:visible")
    shown.first.wait_for()
    return shown.all_inner_texts()


def test_at_each_step_exactly_one_thing_is_to_be_done_next(
    served: Desk, tablets: type[Tablet]
):
    """U18, on the order's page of every scene."""
    li = tablets(enrolled=False)

    seen = {}
    for name in NEXT:
        li.page.goto(f"{served.url}/tablet/?canned={name}#/order/{FIRST}")
        seen[name] = primaries(li.page)

    assert seen == {name: [words] for name, words in NEXT.items()}


def test_opening_canned_data_leaves_the_tablets_own_alone(served: Desk, tablet: Tablet):
    tablet.page.goto(f"{served.url}/tablet/?canned=outbox-full#/outbox")
    tablet.shows("4 项需处理")

    tablet.open("#/outbox")

    expect(tablet.page.get_by_test_id("truth")).not_to_contain_text("需处理")
