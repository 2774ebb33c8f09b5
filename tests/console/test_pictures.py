"""Every screen has its picture and its paragraph; the pictures are taken by the tests,
of the month that `doorstep seed demo --size s` tells, on a day that is always the same.

PICTURES=1 .venv/bin/python -m pytest tests/console/test_pictures.py
"""

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser
from sqlalchemy import select
from werkzeug.serving import make_server

from infra import web_apps
from server import create_app
from server.central_tables import difference
from server.config import Config
from server.database import reading
from server.parts import Parts
from server.seed.month import SIZES, seed
from server.seed.town import PASSWORD
from server.statements.closing import calendar
from server.tables import device, stream
from sync.order import Order, Stage
from sync.plain import typed
from sync.statements import ALL, days_of, period
from tests.console.console import Console
from tests.console.tour import TOUR, walk
from tests.gallery import Gallery, asked_for
from tests.house.ground import ROOT, text_of
from tests.sync.shanghai import at

GALLERY = Gallery(ROOT / "server" / "console", form="webp")
ALONE = {"login", "password"}  # what is seen before anybody is known
NAMES = {stop.name for stop in TOUR} | ALONE
ALTOGETHER = 640_000  # four screens of the books came in beside what was there
NOW = at("2026-11-20 15:20")
MONTH = "2026-11"
SCREENS = set(
    re.findall(r'\{ screen: "(\w+)"', text_of("server/console/src/routes.ts"))
)


@pytest.fixture
def month(tmp_path: Path) -> Iterator[tuple[str, Parts]]:
    """A server whose clock stands still at the end of that month; where it is."""
    web_apps.bring_up_to_date()
    app = create_app(Config(data=tmp_path), now=lambda: NOW)
    parts: Parts = app.extensions["doorstep"]
    seed(parts, SIZES["s"], 1, NOW)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    answering = Thread(target=server.serve_forever)
    answering.start()
    yield f"http://127.0.0.1:{server.server_port}", parts
    server.shutdown()
    answering.join()
    parts.engine.dispose()


@contextmanager
def opened(browser: Browser, url: str) -> Iterator[Console]:
    """A console whose clock stands still, too."""
    with Console(browser, url) as console:
        console.page.clock.set_fixed_time(NOW / 1000)  # seconds, to Playwright
        yield console


def named(parts: Parts) -> dict[str, str]:
    """The order that has most to tell, a tablet that owes, a difference that both
    sides tell otherwise, and days that are open, and closed and changed since."""
    with reading(parts.engine) as connection:
        texts = connection.execute(select(stream.c.document)).scalars().all()
        silent = connection.execute(
            select(device.c.id).where(device.c.unsent > 0).order_by(device.c.id)
        ).scalars().first()  # fmt: skip
        differing = connection.execute(
            select(difference.c.id).where(difference.c.decision.is_(None))
            .where(difference.c.code == "arrival_differs").order_by(difference.c.id)
        ).scalars().first() or ""  # fmt: skip
    orders = [typed(Order, json.loads(text)) for text in texts]
    told = [one for one in orders if one.stage is Stage.ACCEPTED and one.photos]
    most = max(told, key=lambda one: (one.rework_rounds, len(one.history), one.stream))
    days = calendar(parts, days_of(period(MONTH, parts.policy.calendar)), ALL)
    return {
        "telling": most.stream.removeprefix("order:"), "silent": silent or "",
        "differing": differing,
        "changed": [one.name for one in days if one.changed][-1],
        "open": next(one.name for one in days if one.state == "open" and one.asked),
    }  # fmt: skip


@asked_for
def test_pictures_are_taken_of_every_screen(
    browser: Browser, month: tuple[str, Parts]
) -> None:
    url, parts = month
    ids = named(parts)
    GALLERY.clear()
    with ExitStack() as held:

        def console(who: str) -> Console:
            one = held.enter_context(opened(browser, url))
            return one.log_in(who, PASSWORD)

        for stop, page in walk(console, ids):
            GALLERY.take(page, stop.name, stop.part)
        stranger = held.enter_context(opened(browser, url)).page
        for name, where in (("login", ""), ("password", "#/password")):
            stranger.goto(f"{url}/console/{where}")
            stranger.locator("form").wait_for()
            GALLERY.take(stranger, name)
    assert GALLERY.names == NAMES


def test_every_screen_has_its_picture() -> None:
    assert GALLERY.names == NAMES


def test_no_screen_of_the_console_is_left_out() -> None:
    assert SCREENS - {stop.screen for stop in TOUR} == set()
    assert len(SCREENS) > 10


def test_every_picture_has_its_words() -> None:
    assert GALLERY.described == sorted(NAMES)


def test_pictures_are_light() -> None:
    assert GALLERY.weight < ALTOGETHER
