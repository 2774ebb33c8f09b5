"""The console as a dispatcher uses it: a real browser, a real server process."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Playwright

from infra import web_apps
from tests.console.console import Console, let_in
from tests.console.field import Field, in_the_field
from tests.web.desk import Desk
from tests.web.handed_out import HandOut, handing_out
from tests.web.tablet import CHROMIUM


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both apps of today's sources; the same ones until the tests are over."""
    web_apps.bring_up_to_date()
    folder = tmp_path_factory.mktemp("built")
    for app in web_apps.APPS:
        shutil.copytree(app.built, folder / app.name)
    return folder


@pytest.fixture(scope="session")
def browser(chromium: Playwright) -> Iterator[Browser]:
    """A real one; each console gets a context of its own in it."""
    one = chromium.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
    yield one
    one.close()


@pytest.fixture(scope="session")
def pages(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the console's pages are, for whoever answers all their questions itself."""
    one = Desk(tmp_path_factory.mktemp("pages"), built / "tablet")
    one.console = built / "console"
    with one.at_work():
        yield one.url


@pytest.fixture
def desk(built: Path, tmp_path: Path) -> Iterator[Desk]:
    """A server where Chen decides, and Li and Wang have tablets; no order yet."""
    one = Desk(tmp_path, built / "tablet")
    one.console = built / "console"
    with one.at_work():
        yield one


@pytest.fixture
def consoles(browser: Browser, desk: Desk) -> Iterator[Callable[..., Console]]:
    """Makes consoles that somebody is logged in at: `consoles("chen", size=…)`."""
    known: dict[str, str] = {}  # a new password would end the sessions of the old one
    with ExitStack() as open_:

        def make(who: str = "chen", **more: Any) -> Console:
            if who not in known:
                known[who] = let_in(desk, who)
            one = open_.enter_context(Console(browser, desk.url, **more))
            return one.log_in(who, known[who])

        yield make


@pytest.fixture
def console(consoles: Callable[..., Console]) -> Console:
    """Chen's."""
    return consoles()


@pytest.fixture
def field(desk: Desk, tmp_path: Path) -> Iterator[Field]:
    """Li's and Wang's tablets, out there: `field["li"]`."""
    with in_the_field(desk, tmp_path) as tablets:
        yield tablets


@pytest.fixture
def tablets(chromium: Playwright, desk: Desk, tmp_path: Path) -> Iterator[HandOut]:
    """Tablets in browsers, for whoever really taps: `tablets("wang")`."""
    with handing_out(chromium, desk, tmp_path) as make:
        yield make
