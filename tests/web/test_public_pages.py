"""The public pages as people meet them: a phone, 360 pixels wide, without any script.

Looked at with axe too, in a browser that has scripts; the pages bring none.
"""

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright
from werkzeug.serving import make_server

from server.asked_codes import code_for
from server.confirming import Confirming
from server.owner_links import made
from server.public.codes import code_of
from sync.facts.dispatch import Dispatched
from sync.facts.survey import ItemFound
from sync.facts.visit import Arrived
from sync.order import Payer
from tests.console.eyes import AXE, asked_axe
from tests.server.signed import Job, ordinary
from tests.together.conftest import worlds
from tests.web.tablet import CHROMIUM
from tests.world import World

PHONE = {"width": 360, "height": 740}


@dataclass(frozen=True)
class Street:
    """A server on loopback with one order that was signed for."""

    url: str
    job: Job

    @property
    def check(self) -> str:
        return f"{self.url}/v/{code_of(self.sheet)}"

    @property
    def own(self) -> str:
        parts, job = self.job.world.parts, self.job
        token = made(parts.engine, parts.keys, job.stream, "chen", job.world.ms)
        return f"{self.url}/o/{token}"

    @property
    def sheet(self) -> str:
        return self.job.li.sees(self.job.stream).rounds[-1].verdicts[-1].sheet


@pytest.fixture
def street(tmp_path: Path) -> Iterator[Street]:
    with worlds(tmp_path) as begun:
        world = begun()
        job = ordinary(world)
        job.signs()
        server = make_server("127.0.0.1", 0, world.app, threaded=True)
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        yield Street(f"http://127.0.0.1:{server.server_port}", job)
        server.shutdown()
        serving.join()


@pytest.fixture
def browser(chromium: Playwright) -> Iterator[Browser]:
    found = chromium.chromium.launch(executable_path=CHROMIUM)
    yield found
    found.close()


@pytest.fixture
def phone(browser: Browser) -> Page:
    """A small phone that runs no scripts."""
    shown = browser.new_context(viewport=PHONE, java_script_enabled=False,
                                locale="zh-CN")  # fmt: skip
    return shown.new_page()


def with_axe(browser: Browser) -> Page:
    """A page that axe looks at; our own policy would keep it out."""
    shown = browser.new_context(viewport=PHONE, bypass_csp=True)
    shown.add_init_script(path=AXE)
    return shown.new_page()


def too_wide(page: Page) -> int:
    """By how much it must be pushed sideways."""
    return int(page.evaluate("document.documentElement.scrollWidth - innerWidth"))


@pytest.mark.parametrize("language", ["zh-CN", "zh-TW", "en"])
@pytest.mark.parametrize("which", ["check", "own"])
def test_a_page_fits_a_small_phone(
    street: Street, phone: Page, which: str, language: str
):
    phone.goto(f"{getattr(street, which)}?lang={language}")

    assert too_wide(phone) <= 0
    assert phone.locator("html").get_attribute("lang") == language


@pytest.mark.parametrize(("language", "joint"), [("zh-CN", "、"), ("en", ", ")])
def test_what_is_several_is_joined_as_the_language_joins_it(
    street: Street, phone: Page, language: str, joint: str
):
    """Who came, and who bears the cost: on either page."""
    two = Street(street.url, done_by_two(street.job.world))
    joints = []
    for page in (two.check, two.own):
        phone.goto(f"{page}?lang={language}")
        told = map(SEVERAL.fullmatch, phone.locator("dd").all_inner_texts())
        joints += [one[1] for one in told if one]

    assert joints == [joint] * 4


SEVERAL = re.compile(
    r"(?:Technician L\w*|L\w*师傅|L\w*師傅|业主|業主|Owner)(, |、)"
    r"(?:Technician W\w*|W\w*师傅|W\w*師傅|施工单位|施工單位|Contractor)"
)


def done_by_two(world: World) -> Job:
    """Li and Wang were there; one item is the owner's to pay, one the contractor's."""
    job = Job(world, number="R2611-0188")
    job.decides(Dispatched(technician="li", helpers=("wang",)))
    job.arrives()
    wang = world.tablet("wang")
    wang.syncs()
    wang.tells(job.stream, Arrived())
    wang.syncs()
    job.li.syncs()
    job.finds(1)
    theirs = ItemFound(item=2, trade="给排水", payer=Payer.CONTRACTOR)
    job.tells(theirs, what="地漏堵塞", where="阳台")
    for item in (1, 2):
        job.mends(item)
    job.completes()
    for item in (1, 2):
        job.inspects(item)
    job.signs()
    return job


@pytest.mark.parametrize("which", ["check", "own"])
def test_axe_finds_nothing(street: Street, browser: Browser, which: str):
    page = with_axe(browser)
    page.goto(getattr(street, which))

    assert asked_axe(page) == []


def test_a_failure_page_is_clean_too(street: Street, browser: Browser):
    page = with_axe(browser)
    page.goto(f"{street.url}/v/abc")

    assert asked_axe(page) == []


def test_a_page_asks_for_nothing_but_itself(street: Street, phone: Page):
    asked: list[str] = []
    phone.on("request", lambda one: asked.append(one.url))

    phone.goto(street.check)

    assert asked == [street.check]


def test_an_owner_rates_in_two_taps_without_a_script(street: Street, phone: Page):
    phone.goto(street.own)

    phone.locator("label.chip", has_text="5 星").click()
    phone.get_by_role("button", name="提交评价").click()

    assert "评价已记下" in phone.locator("main").inner_text()


def test_an_owner_disputes_in_two_taps_and_the_paper_says_so(
    street: Street, phone: Page
):
    phone.goto(street.own)
    phone.locator("label.chip", has_text="不是我签的字").click()
    phone.get_by_role("button", name="提出异议").click()

    phone.goto(street.check)

    assert "有争议" in phone.locator("h1").inner_text()


def test_an_owner_complains_in_two_taps(street: Street, phone: Page):
    phone.goto(street.own)

    phone.locator("label.chip", has_text="没修好或又坏了").click()
    phone.get_by_role("button", name="提交投诉").click()

    assert "投诉已记下" in phone.locator("main").inner_text()


def test_an_owner_confirms_with_the_code_from_the_phone(street: Street, phone: Page):
    parts, job = street.job.world.parts, street.job
    parts.notices.targets.add("sms", "短信", "*", "zhou", job.world.ms)
    asking = Confirming(parts.engine, parts.keys, parts.ledger)
    asked = asking.ask(job.stream, "chen", job.world.ms)
    phone.goto(street.check)

    phone.get_by_label("短信里的 6 位确认码").fill(
        code_for(parts.keys, asked.id, street.sheet)
    )
    phone.get_by_role("button", name="确认这份验收单").click()

    assert "已确认（短信确认码" in phone.locator("main").inner_text()


def test_a_pdf_is_compared_without_a_script(
    street: Street, phone: Page, tmp_path: Path
):
    file = tmp_path / "paper.pdf"
    file.write_bytes(street.job.paper().data)
    phone.goto(street.check)

    phone.get_by_text("我有这份 PDF").click()
    phone.get_by_label("PDF 文件").set_input_files(file)
    phone.get_by_role("button", name="上传核对").click()

    assert "核对一致" in phone.locator("h1").inner_text()
