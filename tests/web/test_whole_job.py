"""A whole job on the tablet, from a cold start without a line to the owner's signature:
how many taps it costs, that it needs no keyboard, and what the server holds afterwards.

Nothing here opens a step by its address: the technician only taps what is shown.
"""

from collections.abc import Callable

from playwright.sync_api import expect

from sync.facts.acceptance import Accepted, Rejected
from sync.order import Payer, Stage
from sync.sheet import short_code
from tests.web.at_work import AtWork
from tests.web.desk import NUMBER, Call, Desk
from tests.web.owner import Owner
from tests.web.tablet import Tablet

MINIMAL, TYPICAL, PAID_WITH_REWORK = 14, 20, 28  # taps of the technician (U17)
OWNERS = 3  # taps beside the signature


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


def test_a_job_never_opened_before_is_done_without_a_line_and_without_a_key(
    served: Desk, tablet: Tablet
):
    """U01, U17, U18: cold start in the basement, every step, the owner's copy."""
    stream = served.order()
    tablet.ready_for_offline()
    tablet.offline()
    tablet.again()
    tablet.took_home()
    job = Job(tablet, stream)
    tablet.seen.forget()

    job.opens().arrives().photographs().surveys("接口松动", "紧固").repairs()
    job.photographs().hands_over().owner_acts(Owner.is_happy)
    expect(tablet.page.locator("svg").first).to_be_visible()  # the copy, offline
    job.takes_back_and_leaves()

    assert tablet.taps <= MINIMAL, tablet.seen.taps
    assert job.owners_taps <= OWNERS
    assert tablet.seen.keys == []
    assert tablet.seen.trouble == []
    asked = {one for one in tablet.seen.requests if "/v1/" in one}
    assert asked <= {"POST /v1/sync/hello"}  # is there a line again? nothing else


def test_what_was_done_in_the_basement_is_with_the_server_once_there_is_a_line(
    served: Desk, tablet: Tablet
):
    """The same, typical: two photos each, parts, and nobody touches it afterwards."""
    stream = served.order()
    with tablet.away():
        job = Job(tablet, stream)
        job.opens().arrives().photographs(2).surveys("角阀老化", "更换配件")
        job.repairs("角阀", "编织软管").photographs(2).hands_over()
        job.owner_acts(Owner.is_happy).takes_back_and_leaves()
        taps = tablet.taps
        tablet.shows("已存本机")

    tablet.open()
    tablet.page.get_by_test_id("truth").get_by_text("全部已传").wait_for()

    order = served.document()
    assert taps <= TYPICAL, tablet.seen.taps
    assert (order.stage, order.reviews) == (Stage.ACCEPTED, ())
    assert len(order.photos) == 4
    assert all(served.has(photo.blob.sha256) for photo in order.photos)
    (round_,) = order.rounds
    (verdict,) = round_.verdicts
    assert served.has(verdict.sheet)
    assert served.has(verdict.signature or "")


def test_paid_work_that_is_sent_back_once_fits_its_budget_too(
    served: Desk, tablet: Tablet
):
    """Quotation and consent, a failed item, the second round with its own sheet."""
    stream = served.order()
    with tablet.away():
        job = Job(tablet, stream)
        job.opens().arrives().photographs(2).surveys_paid("使用不当", "更换配件")
        job.repairs().photographs(2).hands_over()
        job.owner_acts(lambda owner: owner.complains("还在漏"))
        job.takes_back().goes_on("现在返工")
        job.puts_right("已紧固").photographs().hands_over()
        job.owner_acts(Owner.is_happy).takes_back_and_leaves()
        taps = list(tablet.seen.taps)

    tablet.open()
    tablet.page.get_by_test_id("truth").get_by_text("全部已传").wait_for()

    order = served.document()
    answers = [one.answer for round_ in order.rounds for one in round_.verdicts]
    sheets = {one.sheet for round_ in order.rounds for one in round_.verdicts}
    assert answers == ["rejected", "accepted"]
    assert len(sheets) == 2
    assert order.items[0].payer is Payer.OWNER
    assert order.agreements
    assert len(taps) <= PAID_WITH_REWORK, taps
    assert tablet.seen.keys == []


def test_days_without_a_line_and_several_orders_lose_nothing(
    served: Desk, tablet: Tablet
):
    """Two jobs, the tablet restarted between them, then a line at last."""
    streams = [served.order(f"DS202611000{n}", call=Call(room=str(n))) for n in (2, 3)]
    tablet.took_home(3)
    tablet.ready_for_offline()
    tablet.offline()
    for stream in streams:
        job = Job(tablet, stream)
        job.opens().arrives().photographs().surveys("接口松动", "紧固").repairs()
        job.photographs().hands_over().owner_acts(Owner.is_happy)
        code = job.owner.code
        job.takes_back_and_leaves()
        tablet.kill()
        tablet.again()
    tablet.online()

    tablet.page.get_by_test_id("truth").get_by_text("全部已传").wait_for()

    for number in ("DS2026110002", "DS2026110003"):
        order = served.document(number)
        assert (order.stage, order.reviews) == (Stage.ACCEPTED, ())
    assert short_code(order.rounds[0].verdicts[0].sheet) == code
    assert [type(one.what) for one in served.facts("DS2026110003")].count(Accepted) == 1
    assert not any(isinstance(one.what, Rejected) for one in served.facts(NUMBER))
