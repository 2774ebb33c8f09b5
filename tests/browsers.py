"""One Chromium starter for the whole run: Playwright cannot be started twice in one
process, and tests of the tablet and of the console run in the same one.

May not enter: which pages are opened.
"""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Playwright, expect, sync_playwright

from tests.daemons import cannot_run_here
from tests.web.tablet import CHROMIUM, PATIENCE_MS

expect.set_options(timeout=PATIENCE_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever asks for a browser is marked so, and needs no mark of its own."""
    for item in items:
        if "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Playwright]:
    """Something that starts real browsers."""
    if not os.access(CHROMIUM, os.X_OK):
        cannot_run_here("chromium is not installed")
    with sync_playwright() as playwright:
        yield playwright
