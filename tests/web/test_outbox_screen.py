"""Where everything is that was recorded: the outbox, the end of the day, settings."""

from pathlib import Path

from playwright.sync_api import expect

from tests.web.desk import Desk
from tests.web.tablet import Tablet

STORED = "[data-testid=day-over]"


def arrives(tablet: Tablet) -> None:
    """One fact, on disk."""
    tablet.page.locator(".jobs > li .open").first.tap()
    tablet.page.get_by_role("button", name="我已到达").tap()
    tablet.shows("下一步：上门礼仪")


def test_nobody_may_go_home_before_everything_is_receipted(
    served: Desk, tablet: Tablet
):
    """U16: one fact without a line, then with one; nobody touches anything."""
    with tablet.away():
        arrives(tablet)
        tablet.open("#/day-end")
        tablet.shows("还不能下班：剩 1 单没传完")
        assert tablet.page.locator(STORED).count() == 0

    expect(tablet.page.locator(STORED)).to_contain_text("可以下班")


def test_a_refused_fact_keeps_the_day_open(served: Desk, tablet: Tablet):
    """U16: an empty queue is not enough; a receipt that takes no custody is none."""
    tablet.page.goto(f"{served.url}/tablet/?canned=outbox-full#/day-end")

    tablet.shows("还不能下班")

    expect(tablet.page.locator("main")).to_contain_text("2栋 1单元 0402")


def test_what_was_only_saved_here_never_claims_more(served: Desk, tablet: Tablet):
    """U05: without a line every mark says that it lies on this tablet."""
    with tablet.away():
        arrives(tablet)
        tablet.open("#/outbox")
        tablet.page.locator("main .truth").first.wait_for()
        marks = tablet.page.locator("main .truth").all_inner_texts()

    assert marks
    assert all("已存本机" in one for one in marks)


def test_a_verdict_of_the_server_stays_until_somebody_has_seen_it(
    served: Desk, tablet: Tablet
):
    """A review or a quarantine comes back to the item (invariant 4)."""
    tablet.page.goto(f"{served.url}/tablet/?canned=outbox-full#/outbox")
    tablet.shows("4 项需处理")

    tablet.tap("知道了")

    tablet.shows("3 项需处理")


def test_a_damaged_photo_can_be_taken_again_or_explained(served: Desk, tablet: Tablet):
    tablet.page.goto(f"{served.url}/tablet/?canned=outbox-full#/outbox")

    tablet.tap("重拍")

    tablet.page.locator("h1", has_text="修前照").wait_for()


def test_the_words_about_storage_are_what_the_browser_says(tablet: Tablet):
    """U10."""
    tablet.open("#/settings")
    said = tablet.page.get_by_test_id("persisted")
    said.wait_for()

    kept = tablet.page.evaluate("navigator.storage.persisted()")

    assert ("已开启" in said.inner_text()) is kept


def test_a_rescue_bundle_is_handed_out_as_a_file(tablet: Tablet, tmp_path: Path):
    """U11: what is in it is told elsewhere; here, that a tap gives one."""
    with tablet.away():
        arrives(tablet)
        tablet.open("#/outbox")
        with tablet.page.expect_download() as given:
            tablet.tap("导出救援包")
        given.value.save_as(tmp_path / "bundle")
        tablet.shows("本机内容不变")

    assert (tmp_path / "bundle").read_bytes().startswith(b"doorstep-bundle 1\n")
