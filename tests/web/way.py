"""A tablet without screens on a bad line: what a test may do with it, in words.

May not enter: what is asserted, anything that the app does in another way.
"""

import subprocess
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from playwright.sync_api import expect

from infra.demo.network import BadNetwork
from tests.node import node
from tests.web.desk import NUMBER
from tests.web.tablet import Tablet

ROOT = Path(__file__).parents[2]
LINE = Path(__file__).parent / "line"
PATIENCE_S = 30  # of a machine that has much else to do


def build(folder: Path) -> Path:
    """The exchange in a page without screens."""
    vite = ROOT / "node_modules" / "vite" / "bin" / "vite.js"
    subprocess.run(
        [node(), vite, "build", "--config", LINE / "vite.config.ts",
         "--outDir", folder, "--logLevel", "warn"],
        check=True, cwd=ROOT,
    )  # fmt: skip
    return folder


class OnTheWay:
    """One tablet and the line that it is on."""

    def __init__(self, tablet: Tablet, network: BadNetwork) -> None:
        self.tablet, self.network = tablet, network

    def __call__(self, script: str, given: Any = None) -> Any:
        """Run this in the page."""
        return self.tablet.page.evaluate(f"async (given) => {{ {script} }}", given)

    def ready(self) -> "OnTheWay":
        """Wait until the store is open."""
        expect(self.tablet.page).to_have_title("ready")
        return self

    def enrol(self, code: str) -> "OnTheWay":
        """Become known, and take home what there is."""
        self("await client.enrol(given, location.origin, 'tablet')", code)
        self("await runner.upload_now()")
        return self

    def runs(self) -> "OnTheWay":
        """Exchange by itself from now on."""
        self("await runner.start()")
        return self

    def sends(self) -> Any:
        """立即上传."""
        self("await runner.upload_now()")
        return self.owed()

    def sees(self, number: str = NUMBER) -> str:
        """Write a fact; its id."""
        return str(self("return see(given)", number))

    def photographs(self, size: int = 300_000, number: str = NUMBER) -> str:
        """Take a photo of so many bytes; its digest."""
        return str(self("return photograph(...given)", [number, size]))

    def owed(self) -> Any:
        """What is owed, and what screens would know."""
        return self("return owed()")

    @property
    def waiting(self) -> list[str]:
        """Ids and digests that are not handed over."""
        held = self.owed()
        ids = [one["id"] for one in held["facts"] if one["waiting"]]
        return ids + [one["sha256"] for one in held["originals"] if one["waiting"]]

    @property
    def line(self) -> Any:
        """What is known about the way to the server."""
        return self.owed()["line"]

    def until(self, what: Callable[[], Any], within_s: float = PATIENCE_S) -> Any:
        """Wait for something that happens by itself; a page cannot say when."""
        deadline = monotonic() + within_s
        while not (found := what()):
            assert monotonic() < deadline, self.owed()
            sleep(0.1)
        return found

    def hands_over(self, within_s: float = PATIENCE_S) -> None:
        """Wait until nothing waits any more."""
        self.until(lambda: not self.waiting, within_s)
