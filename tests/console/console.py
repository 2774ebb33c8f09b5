"""Chen at her desk: a real Chromium that has the console open.

It keeps everything that should never happen: errors in the console, requests to anybody
else, violations of the page's policy; and counts the keys that were pressed. May not
enter: what is asserted, what stands on a screen.
"""

from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    BrowserContext,
    CDPSession,
    ConsoleMessage,
    Page,
    Request,
)

from tests.web.desk import Desk
from tests.web.tablet import PATIENCE_MS

PASSWORD = "木桥 旧灯 三把伞 一壶茶"
SMALL, LARGE = (1280, 800), (1920, 1080)
WATCHING = """
(() => {
  const told = (what, said) => globalThis.tests_were_told?.(what, said);
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
    """What was seen since the console was opened, or since `forget`."""

    keys: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    asked: list[Request] = field(default_factory=list)

    def forget(self) -> None:
        """Begin anew."""
        for held in vars(self).values():
            held.clear()

    @property
    def trouble(self) -> list[str]:
        """Everything that should never happen."""
        return self.errors + self.foreign + self.violations


class Console:
    """One window of the console, with nothing kept from an earlier one."""

    def __init__(
        self, browser: Browser, url: str, *,
        size: tuple[int, int] = SMALL, language: str = "zh-CN", **more: Any,
    ) -> None:  # fmt: skip
        self.url, self.seen = url, Seen()
        self.context: BrowserContext = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, locale=language,
            timezone_id="Asia/Shanghai", **more,
        )  # fmt: skip
        self.context.set_default_timeout(PATIENCE_MS)
        self.context.expose_binding("tests_were_told", self._told)
        self.context.add_init_script(WATCHING)
        self.context.on("request", self._requested)
        self.context.on("console", self._said)
        self.context.on("weberror", lambda one: self.seen.errors.append(str(one.error)))
        self.page: Page = self.context.new_page()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.context.close()

    @property
    def devtools(self) -> CDPSession:
        """The browser's own instruments, for this page."""
        return self.context.new_cdp_session(self.page)

    def open(self, where: str = "#/board") -> Self:
        """Go to this screen."""
        if self.page.url.startswith(f"{self.url}/console/"):
            self.page.evaluate("(there) => { location.hash = there }", where)
        else:
            self.page.goto(f"{self.url}/console/{where}")
        return self

    def log_in(self, person: str, password: str) -> Self:
        """As a person does it."""
        self.page.goto(f"{self.url}/console/")
        self.page.locator("[name=person]").fill(person)
        self.page.locator("[name=password]").fill(password)
        self.page.keyboard.press("Enter")
        self.page.locator(".desk").wait_for()
        return self

    def press(self, *keys: str) -> Self:
        """One key after the other."""
        for key in keys:
            self.page.keyboard.press(key)
        return self

    def column(self, name: str) -> list[str]:
        """The homes on the cards that are drawn in this column, from above."""
        at = f"[data-column={name}] .order h3 a"
        return self.page.locator(at).all_text_contents()

    def _told(self, _source: object, what: str, said: str) -> None:
        {"key": self.seen.keys, "violation": self.seen.violations}[what].append(said)

    def _requested(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("blob", "data"):
            return
        if f"{parts.scheme}://{parts.netloc}" != self.url:
            self.seen.foreign.append(request.url)
        self.seen.asked.append(request)

    def _said(self, message: ConsoleMessage) -> None:
        asks_who = urlsplit(message.location["url"]).path == "/v1/session"
        if asks_who and "401" in message.text:
            return  # nobody yet
        if message.type in ("error", "warning"):
            self.seen.errors.append(message.text)


def let_in(desk: Desk, who: str) -> str:
    """This person may log in from now on; their password."""
    passwords, now_ms = desk.parts.passwords, desk.parts.now()
    code, _until_ms = passwords.issue_code(who, now_ms)
    passwords.choose(code, PASSWORD, "127.0.0.1", now_ms)
    return PASSWORD
