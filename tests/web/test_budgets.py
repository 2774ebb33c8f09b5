"""How much a tablet has to fetch before somebody can work with it (U29)."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from tests.web.desk import Desk
from tests.web.scales import Scales, packed_bytes, table
from tests.web.tablet import Tablet

FIRST_LOAD_BYTES = 120_000  # over the wire, until somebody can do something
SCRIPT_BYTES = 80_000  # of it scripts, in gzip
REST_BYTES = 400_000  # what comes after it, for days without a line


@pytest.fixture
def first_load(
    chromium: Playwright, served: Desk, tmp_path: Path
) -> Iterator[tuple[Tablet, Scales]]:
    """A tablet that has never been here, until its first button can be tapped."""
    tablet = Tablet(chromium, tmp_path / "new", served.url)
    tablet.switch_on()
    scales = Scales(tablet.devtools)
    tablet.open()
    tablet.page.locator("button.primary").wait_for()
    yield tablet, scales
    tablet.put_away()


def test_a_first_load_is_small(first_load: tuple[Tablet, Scales]):
    _, scales = first_load

    assert scales.total <= FIRST_LOAD_BYTES, table("on the line", scales.weights)


def test_the_scripts_of_a_first_load_are_small(
    first_load: tuple[Tablet, Scales], built: Path
):
    _, scales = first_load
    scripts = {
        path: packed_bytes(built, path)
        for path in scales.weights
        if path.endswith(".js")
    }

    assert len(scripts) > 1
    assert sum(scripts.values()) <= SCRIPT_BYTES, table("scripts, gzip", scripts)


def test_what_is_fetched_for_days_without_a_line_is_counted_apart(
    first_load: tuple[Tablet, Scales], built: Path
):
    _, scales = first_load
    rest = {
        name: packed_bytes(built, name)
        for name in shell(built)
        if f"/tablet/{name}" not in scales.weights
    }

    assert sum(rest.values()) <= REST_BYTES, table("for later, gzip", rest)


def test_a_day_of_looking_around_asks_nobody_else(tablet: Tablet):
    """No third party, no violation of the policy, no error; whatever is opened."""
    tablet.ready_for_offline()
    for where in ("", "#/outbox", "#/going-out", "#/day-end", "#/settings", "#/people"):
        tablet.open(where)
        tablet.page.locator("header h1").wait_for()

    assert tablet.seen.trouble == []


def test_a_policy_that_is_broken_is_noticed(tablets: Callable[..., Tablet]):
    """The three counters of the test above do count."""
    tablet = tablets(enrolled=False)
    tablet.page.evaluate(
        """async () => {
          const script = document.createElement("script");
          script.textContent = "globalThis.broken = true";
          document.head.append(script);
          await fetch("http://127.0.0.1:9/").catch(() => undefined);
        }"""
    )
    tablet.until("globalThis.broken === undefined")

    assert any("script-src" in one for one in tablet.seen.violations)
    assert any("connect-src" in one for one in tablet.seen.violations)


def shell(built: Path) -> list[str]:
    """The names that the service worker of this build keeps."""
    text = (built / "worker.js").read_text()
    found = re.search(r"\[\[\"\",.*?\]\]", text)
    assert found, "the worker has no list"
    return [name for name, _ in json.loads(found[0])]
