"""A tablet in somebody's hands: a real Chromium on a profile that outlives it.

It counts what the person does, and keeps everything that should never happen: errors
in the console, requests to anybody else, violations of the page's policy. May not
enter: what is asserted, what stands on a screen.
"""

import os
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import (
    BrowserContext,
    CDPSession,
    ConsoleMessage,
    Error,
    Page,
    Playwright,
    Request,
)

CHROMIUM = "/usr/bin/chromium"
PORTRAIT, LANDSCAPE = (768, 1024), (1024, 768)
PATIENCE_MS = 30_000  # of a machine that has much else to do
ARGUMENTS = (
    "--no-sandbox",  # tests may be root
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--disable-background-networking",
)
# Counts in the page's capturing phase, before the app can swallow anything (U17, U18).
WATCHING = """
(() => {
  const told = (what, said) => globalThis.tests_were_told?.(what, said);
  addEventListener("click", (event) => {
    if (!event.isTrusted) return;
    const on = event.target.closest("button, a, input, label, summary, [role=button]");
    if (on) told("tap", on.textContent.trim().slice(0, 40));
  }, true);
  addEventListener("pointerup", (event) => {
    if (event.isTrusted && event.target.closest("[data-hold]")) told("tap", "hold");
  }, true);
  addEventListener("keydown", (event) => {
    if (event.isTrusted) told("key", event.key);
  }, true);
  document.addEventListener("securitypolicyviolation", (event) => {
    told("violation", `${event.violatedDirective} ${event.blockedURI}`);
  });
})();
"""


@dataclass
class Seen:
    """What was seen of a tablet since it was made, or since `forget`."""

    taps: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def forget(self) -> None:
        """Begin anew."""
        for held in vars(self).values():
            held.clear()

    @property
    def trouble(self) -> list[str]:
        """Everything that should never happen."""
        return self.errors + self.foreign + self.violations


class Tablet:
    """One profile on disk, and the browser that has it open.

    `film` is what its camera sees, a file of MJPEG; without one, Chromium's own.
    """

    def __init__(
        self,
        playwright: Playwright,
        profile: Path,
        url: str,
        *,
        size: tuple[int, int] = PORTRAIT,
        language: str = "zh-CN",
        film: Path | None = None,
        **more: Any,
    ) -> None:
        self._playwright = playwright
        self.profile, self.url, self.film = profile, url, film
        self._more: dict[str, Any] = {
            "viewport": {"width": size[0], "height": size[1]},
            "locale": language,
            **more,
        }
        self.seen = Seen()
        self.dead = True
        self._is_offline = False
        self._pages: dict[int, CDPSession] = {}

    # the browser

    def start(self, where: str = "") -> "Tablet":
        """Take the tablet out and open the app; `where` is a hash like `#/outbox`."""
        self.switch_on()
        self.open(where)
        return self

    def switch_on(self) -> None:
        """The browser alone, with nothing in it yet."""
        self.context = self._launched()
        self.dead = False
        self.context.set_default_timeout(PATIENCE_MS)
        self.context.expose_binding("tests_were_told", self._told)
        self.context.add_init_script(WATCHING)
        self.context.on("request", self._requested)
        self.context.on("console", self._said)
        self.context.on("weberror", lambda one: self.seen.errors.append(str(one.error)))
        self.context.set_offline(self._is_offline)
        self.page = self.context.pages[0]

    def _launched(self) -> BrowserContext:
        return self._playwright.chromium.launch_persistent_context(
            self.profile,
            executable_path=CHROMIUM,
            headless=True,
            args=[*ARGUMENTS, *self._camera()],
            has_touch=True,
            timezone_id="Asia/Shanghai",
            permissions=["camera", "geolocation"],
            geolocation={"latitude": 31.2304, "longitude": 121.4737, "accuracy": 20},
            **self._more,
        )

    def _camera(self) -> list[str]:
        return [f"--use-file-for-fake-video-capture={self.film}"] if self.film else []

    def open(self, where: str = "") -> Page:
        """Go to a place in the app and wait until something is shown."""
        self.page.goto(f"{self.url}/tablet/{where}", wait_until="commit")
        self.page.locator("#app > *").first.wait_for()
        return self.page

    def put_away(self) -> None:
        """Close it as a careful person does."""
        if not self.dead:
            self.context.close()
            self.dead = True

    def kill(self) -> None:
        """SIGKILL to every process of this browser: the battery is taken out."""
        self.dead = True
        for process in self._processes():
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        with suppress(Error):
            self.context.close()
        for left in self.profile.glob("Singleton*"):
            left.unlink()

    def again(self, where: str = "") -> "Tablet":
        """Start it on the same profile, whatever became of it."""
        self.put_away()
        return self.start(where)

    def _processes(self) -> Iterator[int]:
        wanted = str(self.profile).encode()
        for said in Path("/proc").glob("[0-9]*/cmdline"):
            with suppress(OSError):
                if wanted in said.read_bytes():
                    yield int(said.parent.name)

    # the network

    def offline(self) -> None:
        """No line any more, for pages and for the service worker."""
        self._is_offline = True
        self.context.set_offline(True)

    def online(self) -> None:
        """The line is back."""
        self._is_offline = False
        self.context.set_offline(False)

    @contextmanager
    def away(self) -> Iterator["Tablet"]:
        """In a basement as long as this lasts."""
        self.offline()
        yield self
        self.online()

    @property
    def devtools(self) -> CDPSession:
        """The page's debugging line, for what Playwright has no word for."""
        key = id(self.page)
        if key not in self._pages:
            self._pages[key] = self.context.new_cdp_session(self.page)
        return self._pages[key]

    def slow(self, *, kbit_s: int | None = None, cpu: float = 1) -> None:
        """A bad line with 150 ms each way round, and a slow processor."""
        if kbit_s is not None:
            bytes_s = kbit_s * 1000 / 8
            self.devtools.send("Network.enable")
            self.devtools.send("Network.emulateNetworkConditions", {
                "offline": False, "latency": 150, "downloadThroughput": bytes_s,
                "uploadThroughput": bytes_s,
            })  # fmt: skip
        self.devtools.send("Emulation.setCPUThrottlingRate", {"rate": cpu})

    def allow(self, name: str, setting: str = "granted") -> None:
        """Set a permission that Playwright does not know, as `persistent-storage`."""
        self.devtools.send("Browser.setPermission", {
            "permission": {"name": name}, "setting": setting, "origin": self.url,
        })  # fmt: skip

    def ready_for_offline(self) -> None:
        """Wait until the service worker has the whole app and answers for it. The
        browser's own cache is emptied, so that nothing else helps out."""
        self.until("navigator.serviceWorker.controller !== null", 3 * PATIENCE_MS)
        self.devtools.send("Network.clearBrowserCache")

    # the person

    def enrol(self, code: str, called: str = "") -> None:
        """Follow the link in the code that the desk shows, once; name the tablet."""
        self.page.goto("about:blank")
        self.open(f"#/enrol/{code.replace('.', '~')}")
        if called:
            self.page.get_by_label("这台平板叫什么").fill(called)
        self.tap("登记")
        self.until("!location.hash.startsWith('#/enrol')")

    def until(self, holds: str, patience_ms: int = PATIENCE_MS) -> None:
        """Wait until this expression is true in the page. (Playwright's own way to wait
        needs `eval`, which the page's policy forbids.)"""
        over = monotonic() + patience_ms / 1000
        while not self._holds(holds):
            if monotonic() > over:
                raise TimeoutError(f"never: {holds}")
            self.page.wait_for_timeout(50)

    def _holds(self, expression: str) -> bool:
        try:
            return bool(self.page.evaluate(expression))
        except Error as why:
            if "Execution context was destroyed" not in why.message:
                raise
            return False  # the page is being left

    def took_home(self, orders: int = 1) -> None:
        """Wait until today's list shows so many orders that are to be done."""
        self.page.locator(".jobs > li").nth(orders - 1).wait_for()

    def tap(self, words: str | re.Pattern[str], nth: int = 0) -> None:
        """Tap the button or link that is called exactly so, with a finger."""
        exactly = isinstance(words, str)
        named = self.page.get_by_role("button", name=words, exact=exactly)
        link = self.page.get_by_role("link", name=words, exact=exactly)
        named.or_(link).nth(nth).tap()

    def shows(self, words: str | re.Pattern[str]) -> None:
        """Wait until these words can be read."""
        self.page.get_by_text(words).first.wait_for()

    @property
    def taps(self) -> int:
        """How often the person tapped something since `forget`."""
        return len(self.seen.taps)

    # what happened

    def _told(self, _source: Any, what: str, said: str) -> None:
        held = {"tap": self.seen.taps, "key": self.seen.keys,
                "violation": self.seen.violations}[what]  # fmt: skip
        held.append(said)

    def _requested(self, request: Request) -> None:
        address = urlsplit(request.url)
        self.seen.requests.append(f"{request.method} {address.path}")
        if address.scheme not in ("blob", "data") and not self._is_ours(request.url):
            self.seen.foreign.append(request.url)

    def _is_ours(self, url: str) -> bool:
        return url.startswith(self.url + "/")

    def _said(self, message: ConsoleMessage) -> None:
        """An error in the console; that there was no line is none."""
        if message.type == "error" and "net::ERR_" not in message.text:
            self.seen.errors.append(message.text)
