"""A whole job, from today's list to the road again, as thumbs do it.

Nothing here opens a step by its address: only what is shown is tapped. The owner's taps
are counted apart. May not enter: what is asserted of the server.
"""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.web.at_work import AtWork
from tests.web.owner import Owner
from tests.web.tablet import Tablet


class Job(AtWork):
    """One job from today's list to the road again; each line is what a thumb does."""

    def __init__(self, tablet: Tablet, stream: str) -> None:
        super().__init__(tablet, stream)
        self.owner = Owner(tablet, stream)
        self.owners_taps = 0
        tablet.seen.forget()

    def opens(self) -> "Job":
        """The first order of today's list."""
        self.page.locator(f".jobs a[href*='{self.order}']").first.tap()
        self.page.locator(".steps").wait_for()
        return self

    def arrives(self) -> "Job":
        """At the door, and the card of what was done there."""
        self.goes_on("我已到达").goes_on("上门礼仪")
        self.page.get_by_role("button", name="都做到了，业主都同意").tap()
        return self

    def photographs(self, photos: int = 1) -> "Job":
        """Before or after, whichever is next."""
        self.shows_one_step().shoots(photos).goes_on("拍好了")
        return self

    def surveys(self, *chips: str) -> "Job":
        """Cause, method, what else; and the owner's yes."""
        self.chooses(*chips).shows_one_step().goes_on("业主同意")
        return self

    def surveys_paid(self, *chips: str) -> "Job":
        """The owner pays: a price first, and a yes on the owner's own screen."""
        self.chooses(*chips).shows_one_step().goes_on("报价")
        self.takes("角阀").shows_one_step().goes_on("请业主确认报价")
        before = list(self.tablet.seen.taps)
        self.owner_says("同意，请开始")
        self.owners_taps += len(self.tablet.seen.taps) - len(before)
        self.tablet.seen.taps[:] = before
        self.takes_back()
        return self

    def puts_right(self, *chips: str) -> "Job":
        """What was sent back, in the second round."""
        self.chooses(*chips)
        return self

    def repairs(self, *goods: str, words: str = "下一步") -> "Job":
        """As it was surveyed, with these goods."""
        for one in goods:
            self.takes(one)
        self.shows_one_step().goes_on(words)
        return self

    def hands_over(self) -> "Job":
        """To the owner, who sees the sheet."""
        self.shows_one_step().goes_on("交给业主")
        self.owner.sees_sheet()
        return self

    def shows_one_step(self) -> "Job":
        """One thing to do next, and one alone (U18)."""
        expect(self.primary).to_have_count(1)
        return self

    def owner_acts(self, deed: Callable[[Owner], Owner]) -> "Job":
        """The owner taps and signs; those taps are not the technician's."""
        before = list(self.tablet.seen.taps)
        deed(self.owner).signs()
        self.page.locator(".after").wait_for()
        self.owners_taps += len(self.tablet.seen.taps) - len(before)
        self.tablet.seen.taps[:] = before
        return self

    def takes_back_and_leaves(self) -> "Job":
        """Two seconds, and out."""
        self.takes_back().goes_on("离场")
        return self
