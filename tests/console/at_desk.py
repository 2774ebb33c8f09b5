"""What Chen does at her desk, in the words of the trade, mostly by keyboard.

May not enter: what is asserted.
"""

from typing import Self

from playwright.sync_api import Locator, Page, expect

from tests.console.console import Console
from tests.server.signed import Paper
from tests.web.desk import Call, Desk

PHONE = "17000000117"
EARLIER = "DS2026100001"
SENT_MS = 60_000  # a decision is held for a few seconds, so that it can be taken back


def call_from_home(console: Console) -> None:
    """Somebody whose home is known calls about the tap in the kitchen."""
    console.press("n")
    console.page.locator("#asked").wait_for()
    console.page.keyboard.type(PHONE)
    console.press("Enter")
    console.page.locator(".place").wait_for()
    for stage in ("trade", "where", "what"):
        group = f"[data-stage={stage}] :focus"
        console.page.locator(group).wait_for()
        console.press("1")
    console.page.locator("[data-stage=priority] :focus").wait_for()
    console.press("Enter")


def known_home(desk: Desk) -> None:
    """Zhao has called before; that order is over."""
    desk.calls_in(EARLIER, Call(trade="电气", phone=PHONE))
    desk.cancel(EARLIER)


class AtDesk:
    """Chen, with one order that she took herself."""

    def __init__(self, console: Console) -> None:
        self.console = console

    @property
    def page(self) -> Page:
        """What she has before her."""
        return self.console.page

    @property
    def stream(self) -> str:
        """The order that she took."""
        return f"order:{self.order}"

    def takes_call(self) -> Self:
        """Zhao calls; a dozen keys later it is on the board."""
        call_from_home(self.console)
        card = self.page.locator("[data-column=waiting] [data-order]")
        expect(card).to_have_count(1)
        self.order = card.get_attribute("data-order") or ""
        return self

    @property
    def card(self) -> Locator:
        """Her order on the board."""
        return self.page.locator(f"[data-order='{self.order}']")

    def gives_to(self, name: str) -> Self:
        """From the card's menu, with the digit before this name."""
        self.card.locator("h3 a").focus()
        self.console.press("d")
        row = self.page.locator(".candidate", has_text=name)
        row.wait_for()
        self.console.press(row.locator("kbd").inner_text())
        self.page.locator(".giving").wait_for(state="detached")
        return self.finds("given", name)

    def finds(self, column: str, *words: str) -> Self:
        """Wait until the board, untouched, shows it in this column with these words."""
        card = self.page.locator(f"[data-column={column}] [data-order='{self.order}']")
        for one in words or ("",):
            expect(card).to_contain_text(one)
        return self

    def opens_order(self) -> Self:
        """Everything about it on one page."""
        self.console.open(f"#/orders/{self.order}")
        self.page.locator(".order-page").wait_for()
        return self

    def takes_paper(self, words: str) -> Paper:
        """The file behind this link of the order's page."""
        with self.page.expect_download() as got:
            self.page.get_by_role("link", name=words).click()
        return Paper(got.value.path().read_bytes())

    def entries(self, kind: str) -> Locator:
        """What the order's page tells of this kind."""
        return self.page.locator(f".entry[data-kind='{kind}']")

    def settles(self, what: str, about: str, whose: str, because: str) -> Self:
        """Both sides of this beside each other: a reason, and the key of one side."""
        link = self.page.get_by_role("link", name=what)
        row = self.page.get_by_role("listitem").filter(has=link, has_text=about)
        row.get_by_role("link").click()
        choice = self.page.locator(".choices button", has_text=f"{whose} 的")
        choice.wait_for()
        self.console.press("r")
        self.page.keyboard.insert_text(because)
        self.console.press("Escape", choice.locator("kbd").inner_text().lower())
        sent = self.page.locator(".to-review .done", has_text="✓ 已定")
        expect(sent).to_be_visible(timeout=SENT_MS)
        return self
