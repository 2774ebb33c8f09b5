"""The app as people use it: a real browser, a real server process, one built app."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Playwright, expect, sync_playwright

from infra import tablet_app
from tests.daemons import cannot_run_here
from tests.web.desk import Desk
from tests.web.tablet import CHROMIUM, PATIENCE_MS, Tablet

expect.set_options(timeout=PATIENCE_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever asks for a browser is marked so, and needs no mark of its own."""
    for item in items:
        if "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The app of today's sources; the same one until the tests are over."""
    tablet_app.bring_up_to_date()
    folder = tmp_path_factory.mktemp("built") / "tablet"
    shutil.copytree(tablet_app.BUILT, folder)
    return folder


@pytest.fixture(scope="session")
def chromium() -> Iterator[Playwright]:
    """Something that starts real browsers."""
    if not os.access(CHROMIUM, os.X_OK):
        cannot_run_here("chromium is not installed")
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture
def served(built: Path, tmp_path: Path) -> Iterator[Desk]:
    """The desk: a server with one order for Li, and Chen who gives more."""
    desk = Desk(tmp_path, built)
    with desk.at_work():
        desk.order()
        yield desk


@pytest.fixture
def tablets(
    chromium: Playwright, served: Desk, tmp_path: Path
) -> Iterator[Callable[..., Tablet]]:
    """Makes tablets, enrolled unless told otherwise: `tablets("wang", size=…)`."""
    made: list[Tablet] = []

    def make(who: str = "li", *, enrolled: bool = True, **more: Any) -> Tablet:
        profile = tmp_path / f"tablet-{len(made)}-{who}"
        one = Tablet(chromium, profile, served.url, **more)
        made.append(one)
        one.start()
        if enrolled:
            one.enrol(served.code(who))
        return one

    yield make
    for one in made:
        one.put_away()


@pytest.fixture
def tablet(tablets: Callable[..., Tablet]) -> Tablet:
    """Li's tablet, enrolled, with its order at home."""
    li = tablets()
    li.took_home()
    return li
