"""How much time is left, in words that need no colour, over midnight in Shanghai."""

import json
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.console.console import Console

SHANGHAI = timezone(timedelta(hours=8))
BEFORE = datetime(2026, 11, 22, 23, 50, tzinfo=SHANGHAI)
MIDNIGHT = datetime(2026, 11, 23, tzinfo=SHANGHAI)
SESSION = {
    "person": "chen", "name": "陈晓", "csrf": "", "language": "zh", "openid": False,
    "expires_ms": 2_000_000_000_000,
    "grants": [{"role": "dispatcher", "project": "*"}],
}  # fmt: skip


def ms(when: datetime) -> int:
    return round(when.timestamp() * 1000)


def promise(due: datetime | None, answer: str = "open", **more: Any) -> dict[str, Any]:
    """Somebody will be there by then."""
    at = None if due is None else ms(due)
    said = {
        "code": "arrival",
        "rule": "P4b",
        "due_first_ms": at,
        "due_last_ms": at,
        "answer": answer,
        "basis": None,
        "minutes_left": None,
        "stopped": False,
    }
    return said | more  # fmt: skip


def on_the_board(name: str, **more: Any) -> dict[str, Any]:
    """A card as the server gives it."""
    said = {
        "id": name, "number": name, "provisional": False, "project": "望江府",
        "sort": "repair", "trade": "给排水", "priority": "normal", "stage": "logged",
        "home": name, "fault": "渗水", "technician": None, "helpers": [], "round": 1,
        "appointment": None, "registered_ms": ms(BEFORE), "rework": 0, "reviews": [],
        "open": True, "held": False, "cancelled": False, "rev": 1, "deadlines": [],
        "known": {"on_site": [], "on_way": [], "trips": [], "taken_out": False,
                  "unseen": [], "contact_ms": None, "as_of_ms": ms(BEFORE)},
    }  # fmt: skip
    return said | more


def shown(browser: Browser, pages: str, *cards: dict[str, Any]) -> Console:
    """A console at ten to midnight with these cards; the server's answers are told."""
    console = Console(browser, pages)
    console.page.clock.set_fixed_time(BEFORE)
    page: dict[str, Any] = {
        "orders": list(cards), "next": None, "cursor": "c", "contacts": {}, "gone": [],
        "complete": True, "as_of_ms": ms(BEFORE),
    }  # fmt: skip

    def answers(said: object) -> Any:
        def answer(route: Route) -> None:
            route.fulfill(content_type="application/json", body=json.dumps(said))

        return answer

    console.page.route("**/v1/**", answers({"people": [], "next": None, "views": []}))
    console.page.route("**/v1/session", answers(SESSION))
    console.page.route("**/v1/orders?*", answers(page))
    console.page.goto(f"{pages}/console/")
    console.page.locator(".order").first.wait_for()
    return console


def test_minutes_run_down_over_midnight_and_on_into_overdue(
    browser: Browser, pages: str
):
    """U30c: 23:50 to 00:11, one tick a minute."""
    due = MIDNIGHT + timedelta(minutes=10)
    told = []
    with shown(browser, pages, on_the_board("1", deadlines=[promise(due)])) as console:
        console.page.route("**/v1/orders*", lambda route: route.abort())
        console.page.route("**/v1/orders/*", lambda route: route.abort())
        for minutes in (0, 9, 10, 11, 19.5, 20.5):
            console.page.clock.set_fixed_time(BEFORE + timedelta(minutes=minutes))
            console.page.evaluate(
                "document.dispatchEvent(new Event('visibilitychange'))"
            )
            told.append(console.page.locator(".due strong").inner_text())

    assert told == [
        "剩 20 分",
        "剩 11 分",
        "剩 10 分",
        "剩 9 分",
        "剩不到 1 分",
        "超时 1 分",
    ]


STANDINGS = [
    (promise(BEFORE - timedelta(minutes=65)), "▲ 到场 超时 1 时 5 分"),
    (promise(BEFORE + timedelta(minutes=20)), "◆ 到场 剩 20 分"),
    (promise(BEFORE + timedelta(minutes=90)), "○ 到场 剩 1 时 30 分"),
    (promise(BEFORE, stopped=True), "‖ 到场 停表"),
    (promise(None, "missed"), "✕ 到场 已失约"),
]


@pytest.mark.parametrize(("promised", "words"), STANDINGS)
def test_a_countdown_is_read_without_any_colour(
    browser: Browser, pages: str, promised: dict[str, Any], words: str
):
    """A shape of its own and words for each."""
    with shown(browser, pages, on_the_board("1", deadlines=[promised])) as console:
        told = " ".join(console.page.locator(".due").inner_text().split())

    assert told == words


def test_the_worst_stands_on_top(browser: Browser, pages: str):
    late = on_the_board("late", deadlines=[promise(BEFORE - timedelta(hours=1))])
    soon = on_the_board("soon", deadlines=[promise(BEFORE + timedelta(minutes=5))])
    calm = on_the_board("calm", registered_ms=0)
    with shown(browser, pages, calm, soon, late) as console:
        expect(console.page.locator(".order")).to_have_count(3)
        sequence = console.column("waiting")

    assert sequence == ["late", "soon", "calm"]


def test_a_machine_with_a_wrong_clock_counts_by_the_servers(
    browser: Browser, pages: str
):
    """Its own clock is three hours ahead."""
    due = on_the_board("1", deadlines=[promise(BEFORE + timedelta(minutes=20))])
    with shown(browser, pages, due) as console:
        console.page.clock.set_fixed_time(BEFORE + timedelta(hours=3))
        console.page.reload()
        left = console.page.locator(".due strong")

        expect(left).to_have_text("剩 20 分")
