"""The app as people use it: a real browser, a real server process, one built app."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from infra import web_apps
from tests.web.desk import Desk
from tests.web.handed_out import HandOut, handing_out
from tests.web.tablet import Tablet


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The app of today's sources; the same one until the tests are over."""
    web_apps.bring_up_to_date(web_apps.TABLET)
    folder = tmp_path_factory.mktemp("built") / "tablet"
    shutil.copytree(web_apps.TABLET.built, folder)
    return folder


@pytest.fixture
def served(built: Path, tmp_path: Path) -> Iterator[Desk]:
    """The desk: a server with one order for Li, and Chen who gives more."""
    desk = Desk(tmp_path, built)
    with desk.at_work():
        desk.order()
        yield desk


@pytest.fixture
def tablets(chromium: Playwright, served: Desk, tmp_path: Path) -> Iterator[HandOut]:
    """Makes tablets, enrolled unless told otherwise: `tablets("wang", size=…)`."""
    with handing_out(chromium, served, tmp_path) as make:
        yield make


@pytest.fixture
def tablet(tablets: HandOut) -> Tablet:
    """Li's tablet, enrolled, with its order at home."""
    li = tablets()
    li.took_home()
    return li
