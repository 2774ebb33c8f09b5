"""How long somebody waits for the tablet's app in a bad place: a real Chromium with a
line of 400 kbit/s and a processor at a quarter of this machine's speed.

May not enter: what is too long (`tests/web/test_budgets.py` holds bytes, not time).
"""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Playwright, sync_playwright

from infra import web_apps
from tests.web.desk import Desk
from tests.web.scales import Scales
from tests.web.tablet import Tablet

KBIT_S, CPU = 400, 4
ROUNDS = 3
AIM_MS = 3_000

# From the click on the address to the first button that can be tapped, by the page's
# own clock, which begins when the address is left.
INTERACTIVE_MS = """
() => {
  const button = document.querySelector("button.primary:not([hidden]), .jobs a.open");
  return button === null ? null : performance.now();
}
"""

Row = dict[str, Any]


def measure() -> Iterator[Row]:
    """The first visit of all, and a start of the app once it lies on the tablet."""
    web_apps.bring_up_to_date()
    with sync_playwright() as playwright, _desk() as desk:
        visits = [_first_visit(playwright, desk) for _ in range(ROUNDS)]
        starts = [_cold_start(playwright, desk) for _ in range(ROUNDS)]
    slow = f"{CPU}x slower processor"
    aim = f"aim: {AIM_MS:,}"
    opened, came = zip(*visits, strict=True)
    yield _row(f"first visit, {KBIT_S} kbit/s, {slow} ({aim})", "ms", opened)
    yield _row("first visit, on the line", "bytes", came)
    yield _row(f"cold start without a line, {slow}", "ms", starts)


def _row(what: str, unit: str, found: Sequence[float]) -> Row:
    return {"measure": f"tablet: {what}", "unit": unit, "ours": median(found),
            "floor": None}  # fmt: skip


@contextmanager
def _desk() -> Iterator[Desk]:
    with tempfile.TemporaryDirectory(prefix="bench") as folder:
        desk = Desk(Path(folder), web_apps.TABLET.built)
        with desk.at_work():
            desk.order()
            yield desk


@contextmanager
def _tablet(playwright: Playwright, desk: Desk) -> Iterator[Tablet]:
    with tempfile.TemporaryDirectory(prefix="bench") as folder:
        tablet = Tablet(playwright, Path(folder), desk.url)
        tablet.switch_on()
        try:
            yield tablet
        finally:
            tablet.put_away()


def _first_visit(playwright: Playwright, desk: Desk) -> tuple[float, int]:
    with _tablet(playwright, desk) as tablet:
        scales = Scales(tablet.devtools)
        tablet.slow(kbit_s=KBIT_S, cpu=CPU)
        return _opened_ms(tablet), scales.total


def _cold_start(playwright: Playwright, desk: Desk) -> float:
    with _tablet(playwright, desk) as tablet:
        tablet.open()
        tablet.enrol(desk.code())
        tablet.took_home()
        tablet.ready_for_offline()
        tablet.offline()
        tablet.put_away()
        tablet.switch_on()
        tablet.slow(cpu=CPU)
        return _opened_ms(tablet)


def _opened_ms(tablet: Tablet) -> float:
    """Open the app, and wait until there is something to tap."""
    tablet.page.goto(f"{tablet.url}/tablet/", wait_until="commit")
    while (ms := tablet.page.evaluate(INTERACTIVE_MS)) is None:
        tablet.page.wait_for_timeout(10)
    return float(ms)
