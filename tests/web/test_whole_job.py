"""A whole job on the tablet, from a cold start without a line to the owner's signature:
how many taps it costs, that it needs no keyboard, and what the server holds afterwards.

Nothing here opens a step by its address: the technician only taps what is shown.
"""

from playwright.sync_api import expect

from sync.facts.acceptance import Accepted, Rejected
from sync.order import Payer, Stage
from sync.sheet import short_code
from tests.web.desk import NUMBER, Call, Desk
from tests.web.job import Job
from tests.web.owner import Owner
from tests.web.tablet import Tablet

MINIMAL, TYPICAL, PAID_WITH_REWORK = 14, 20, 28  # taps of the technician (U17)
OWNERS = 3  # taps beside the signature


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
