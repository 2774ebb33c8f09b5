"""A newer version of the app comes to no order that is under way (U12)."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.web.at_work import AtWork
from tests.web.desk import Desk
from tests.web.tablet import Tablet
from tests.web.versions import build_marked

LOOK = "navigator.serviceWorker.getRegistration().then((one) => one.update())"
WAITING = (
    "navigator.serviceWorker.getRegistration().then((one) => one.waiting !== null)"
)
VERSION = "document.querySelector('meta[name=version]')?.content ?? 'first'"
STAYED = "globalThis.stayed === true"
FOCUS = "document.activeElement.outerHTML"
UPDATE = "更新（约 10 秒）"


@pytest.fixture(scope="session")
def newer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The app of tomorrow."""
    return build_marked(tmp_path_factory.mktemp("newer"), "second")


def open_job(tablet: Tablet) -> None:
    """Li stands in the home."""
    tablet.page.locator(".jobs a.open").first.tap()
    tablet.tap("我已到达")
    tablet.until("location.hash.startsWith('#/order/')")


def deploy(served: Desk, tablet: Tablet, newer: Path) -> None:
    """The desk installs the newer version; the tablet looks and has fetched it."""
    tablet.page.evaluate("globalThis.stayed = true")
    served.deploy(newer)
    tablet.page.evaluate(LOOK)
    tablet.until(WAITING)


def test_a_version_that_comes_while_a_job_is_open_waits_for_its_end_and_a_tap(
    served: Desk, tablet: Tablet, newer: Path
):
    """And what was begun there is as it was, down to where the focus stands."""
    tablet.ready_for_offline()
    open_job(tablet)
    survey = AtWork(tablet, served.document().stream).step("survey")
    survey.chooses("接口松动").chip("接口松动").focus()
    here, focus = tablet.page.evaluate(f"[location.hash, {FOCUS}]")
    deploy(served, tablet, newer)

    assert tablet.page.evaluate(STAYED)
    assert tablet.page.evaluate(f"[location.hash, {FOCUS}]") == [here, focus]
    tablet.page.reload()
    expect(survey.chip("接口松动")).to_be_checked()
    tablet.open("#/")
    tablet.took_home()
    assert tablet.page.evaluate(VERSION) == "first"
    assert tablet.page.get_by_role("button", name=UPDATE).count() == 0


def test_on_todays_list_with_nobody_in_a_home_a_tap_takes_it(
    served: Desk, tablet: Tablet, newer: Path
):
    tablet.ready_for_offline()
    deploy(served, tablet, newer)
    assert tablet.page.evaluate(VERSION) == "first"

    tablet.tap(UPDATE)

    tablet.until(f"({VERSION}) === 'second'")
    tablet.took_home()
    assert tablet.seen.trouble == []


def test_the_older_version_in_another_tab_goes_on_without_a_line(
    served: Desk, tablet: Tablet, newer: Path
):
    """Two versions side by side: a screen that the older one never opened is there."""
    tablet.ready_for_offline()
    older = tablet.page
    deploy(served, tablet, newer)
    tablet.page = tablet.context.new_page()
    tablet.open()
    tablet.tap(UPDATE)
    tablet.until(f"({VERSION}) === 'second'")
    tablet.ready_for_offline()
    tablet.offline()

    tablet.page = older
    assert tablet.page.evaluate(STAYED)
    tablet.page.evaluate("location.hash = '#/outbox'")
    tablet.page.get_by_role("heading", name="上传箱").wait_for()


def test_half_a_deployment_is_not_taken(served: Desk, tablet: Tablet, newer: Path):
    """The older version stays, whole, and opens without a line."""
    tablet.ready_for_offline()
    served.deploy(newer)
    for path in (served.app / "assets").glob("outbox-*"):
        path.unlink()
    tablet.page.evaluate(f"{LOOK}.catch(() => undefined)")
    tablet.until("navigator.serviceWorker.getRegistration()"
                 ".then((one) => one.installing === null)")  # fmt: skip
    tablet.offline()

    tablet.again()

    tablet.took_home()
    assert tablet.page.evaluate(VERSION) == "first"


def test_whoever_starts_anew_has_the_newer_version_and_all_that_was_recorded(
    served: Desk, tablet: Tablet, newer: Path, tablets: Callable[..., Tablet]
):
    tablet.ready_for_offline()
    open_job(tablet)
    deploy(served, tablet, newer)
    tablet.offline()
    tablet.kill()

    tablet.again()

    tablet.took_home()
    assert tablet.page.evaluate(VERSION) == "second"
    tablet.page.locator(".jobs a.open").first.tap()
    assert tablet.page.get_by_role("button", name="我已到达").count() == 0
