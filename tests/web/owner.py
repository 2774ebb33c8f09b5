"""Zhao, the owner, with the tablet in hand; and the press that takes it back.

May not enter: what is asserted.
"""

from contextlib import suppress

from playwright.sync_api import TimeoutError as TooLate

from tests.web.hand import Hand
from tests.web.tablet import PATIENCE_MS, Tablet


class Owner:
    """Zhao, with Li's tablet in hand."""

    def __init__(self, tablet: Tablet, stream: str) -> None:
        self.tablet, self.page, self.stream = tablet, tablet.page, stream
        self.hand = Hand(tablet)
        self.order = stream.removeprefix("order:")

    def is_given_it(self) -> "Owner":
        """Li hands the tablet over."""
        self.tablet.open(f"#/order/{self.order}/hand-over")
        self.tablet.tap("交给业主")
        return self.sees_sheet()

    def sees_sheet(self) -> "Owner":
        """The sheet is on the screen."""
        self.page.get_by_test_id("sheet").wait_for()
        return self

    def is_happy(self) -> "Owner":
        """Pass, and on to the pad."""
        self.tablet.tap("满意，通过")
        self.page.get_by_test_id("pad").wait_for()
        return self

    def complains(self, reason: str, item: int = 0) -> "Owner":
        """Fail, for this reason."""
        if not self.page.get_by_role("checkbox", name=reason).first.is_visible():
            self.tablet.tap("不通过")
        self.page.get_by_role("checkbox", name=reason).nth(item).tap()
        self.page.get_by_test_id("pad").wait_for()
        return self

    def signs(self) -> "Owner":
        """By hand, and confirms."""
        self.hand.writes()
        self.tablet.tap("确认签字")
        pad = self.page.get_by_test_id("pad")
        with suppress(TooLate):
            pad.wait_for(state="detached", timeout=PATIENCE_MS / 3)
        if pad.is_visible() and not self.page.get_by_role("alert").is_visible():
            self.tablet.tap("确认签字")  # a browser that scrolls swallows a tap
        return self

    def gives_it_back(self) -> None:
        """Li holds the button for two seconds."""
        hold(self.tablet)
        self.page.get_by_test_id("owner").wait_for(state="detached")

    @property
    def code(self) -> str:
        """The short code on the screen."""
        return self.page.get_by_test_id("code").inner_text().strip()


def hold(tablet: Tablet, ms: int = 2300) -> None:
    """A finger on the button that takes the tablet back."""
    button = tablet.page.locator("[data-hold]")
    button.scroll_into_view_if_needed()
    button.dispatch_event("pointerdown", {"pointerId": 1, "isPrimary": True})
    tablet.page.wait_for_timeout(ms)
    if button.count():
        button.dispatch_event("pointerup", {"pointerId": 1, "isPrimary": True})
