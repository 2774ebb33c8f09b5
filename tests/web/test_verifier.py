"""The page that checks papers and packs, opened from a disk with the network off."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import pytest
from playwright.sync_api import Page, Playwright, expect

from infra import web_apps
from server.packing import packed
from sync.pack import INDEX, check_pack, is_pack
from sync.sealed import examined
from sync.stored_zip import unzipped, zipped
from tests.server.signed import Job, ordinary
from tests.together.conftest import worlds
from tests.web.tablet import CHROMIUM

SPOILT = "Object.defineProperty(crypto.constructor.prototype, 'subtle', {get() {}})"


@pytest.fixture(scope="module")
def verifier() -> Path:
    web_apps.bring_up_to_date(web_apps.VERIFY)
    return web_apps.VERIFY.built / "index.html"


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory, verifier: Path) -> Iterator[Job]:
    """Zhao has signed for Li's work."""
    with worlds(tmp_path_factory.mktemp("verifier")) as begun:
        job = ordinary(begun())
        job.signs()
        yield job


@pytest.fixture(scope="module")
def pack(signed: Job) -> bytes:
    return packed(signed.world.parts, signed.stream, ["all"])


@pytest.fixture(scope="module")
def browser(chromium: Playwright) -> Iterator[Any]:
    found = chromium.chromium.launch(executable_path=CHROMIUM)
    yield found
    found.close()


@dataclass
class Desk:
    """Somebody with the page open, and nothing else."""

    page: Page
    folder: Path

    def check(self, data: bytes, key: str = "") -> dict[str, Any]:
        """What the page says of these bytes."""
        file = self.folder / "to-check"
        file.write_bytes(data)
        if key:
            self.page.fill("#key", key)
            self.page.press("#key", "Tab")
        self.page.set_input_files("#file", [])
        self.page.set_input_files("#file", file)
        outcome = self.page.locator("#outcome[data-holds]")
        outcome.wait_for(timeout=60_000)
        found = self.page.locator("#findings li")
        return {
            "holds": outcome.get_attribute("data-holds") == "true",
            "first": outcome.get_attribute("data-first"),
            "seal": outcome.get_attribute("data-seal"),
            "codes": sorted(
                f"{one.get_attribute('data-code')} {one.get_attribute('data-position')}"
                for one in found.all()
            ),
        }


def opened(browser: Any, verifier: Path, folder: Path, *scripts: str) -> Desk:
    context = browser.new_context(offline=True, locale="zh-CN")
    for script in scripts:
        context.add_init_script(script)
    page = context.new_page()
    page.goto(verifier.as_uri())
    return Desk(page, folder)


@pytest.fixture
def desk(browser: Any, verifier: Path, tmp_path: Path) -> Iterator[Desk]:
    one = opened(browser, verifier, tmp_path)
    yield one
    one.page.context.close()


def terminal(data: bytes) -> dict[str, Any]:
    """What `field verify` says of these bytes."""
    if is_pack(data):
        report = check_pack(data)
        findings, holds, seal = report.findings, report.holds, ""
        first = report.first
    else:
        looked = examined(data)
        findings = looked.report.findings if looked.report else ()
        holds, seal = looked.holds, looked.seal
        first = looked.report.first if looked.report else None
    return {
        "holds": holds, "first": str(first or ""), "seal": seal,
        "codes": sorted(f"{one.code} {one.position or ''}" for one in findings),
    }  # fmt: skip


Files = list[tuple[str, bytes]]


def tampered(pack: bytes) -> Iterator[tuple[str, bytes]]:
    """Whatever somebody may do to a pack and to the paper in it."""
    files, dice = unzipped(pack), Random(3)
    held = dict(files)
    for name, data in files:
        at = dice.randrange(len(data))
        other = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        yield f"flip in {name}", zipped(_with(files, name, lambda _, o=other: o))
        yield f"without {name}", zipped([one for one in files if one[0] != name])
    for at in range(len(files) - 1):
        one, two = files[at : at + 2]
        yield f"swap {at}", zipped([*files[:at], two, one, *files[at + 2 :]])
    yield "one more", zipped([*files, ("more.txt", b"x")])
    yield "twice", zipped([*files, files[0]])
    yield "cut", pack[:-1]
    yield "trailing", pack + b"\0"
    for n, change in enumerate(PROOFS):
        said = json.loads(held["proof.json"])
        change(said)
        text = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
        yield f"proof {n}", zipped(_with(files, "proof.json", lambda _, t=text: t))
    times = json.loads(held["times.json"])
    times["facts"][2]["moment"]["grade"] = "B"
    text = json.dumps(times).encode()
    yield "time", zipped(_with(files, "times.json", lambda _: text))
    index = json.loads(held[INDEX])
    index["erased"] = ["0" * 64]
    text = json.dumps(index).encode()
    yield "index", zipped(_with(files, INDEX, lambda _: text))
    pdf = held["certificate.pdf"]
    for n in range(12):
        at = dice.randrange(len(pdf))
        yield f"paper {n}", pdf[:at] + bytes([pdf[at] ^ 4]) + pdf[at + 1 :]
    yield "paper cut", pdf[: len(pdf) // 2]
    yield "not a paper", b"hello"
    yield "nothing", b""


def _with(files: Files, name: str, change: Callable[[bytes], bytes]) -> Files:
    return [(one, change(data) if one == name else data) for one, data in files]


def _later(said: Any) -> None:
    said["facts"][4]["received_ms"] += 1


def _moved(said: Any) -> None:
    said["facts"][2], said["facts"][3] = said["facts"][3], said["facts"][2]


def _out(said: Any) -> None:
    del said["facts"][5]


def _reworded(said: Any) -> None:
    fact = next(one for one in said["facts"] if one.get("x"))
    name = next(iter(fact["x"]))
    fact["x"][name][1] += "?"


def _other_body(said: Any) -> None:
    said["facts"][6]["b"] = said["facts"][6]["b"].replace('"v":1', '"v":2')


def _other_root(said: Any) -> None:
    said["head"]["root"] = "0" * 64


def _unsigned(said: Any) -> None:
    said["pushes"][0]["signature"] = "A" * 86


def _receipt(said: Any) -> None:
    said["bytes"][0]["position"] += 1


def _no_push(said: Any) -> None:
    del said["pushes"][0]


def _twice(said: Any) -> None:
    said["facts"].append(said["facts"][0])


PROOFS = (_later, _moved, _out, _reworded, _other_body, _other_root, _unsigned,
          _receipt, _no_push, _twice)  # fmt: skip


def test_page_and_terminal_find_the_same_in_everything_that_was_tampered_with(
    desk: Desk, pack: bytes
):
    """Whether it holds, what is wrong, where it is first wrong."""
    for what, data in tampered(pack):
        wanted = terminal(data)
        assert not wanted["holds"], what
        assert (what, desk.check(data)) == (what, wanted)


def test_an_honest_pack_and_its_paper_hold_without_any_network(desk: Desk, pack: bytes):
    assert desk.check(pack) == terminal(pack)
    assert desk.check(pack)["holds"]
    assert desk.check(dict(unzipped(pack))["certificate.pdf"])["holds"]


def test_it_checks_where_the_browser_lends_no_cryptography(
    browser: Any, verifier: Path, tmp_path: Path, pack: bytes
):
    """As some do for a page from a disk."""
    desk = opened(browser, verifier, tmp_path, SPOILT)
    assert desk.page.evaluate("crypto.subtle.importKey.name") == "importKey"
    files = unzipped(pack)
    bad = zipped(_with(files, "proof.json", lambda was: was.replace(b"li", b"wu", 1)))
    assert (desk.check(pack)["holds"], desk.check(bad)) == (True, terminal(bad))
    desk.page.context.close()


def test_a_key_from_elsewhere_decides(desk: Desk, signed: Job, pack: bytes):
    assert desk.check(pack, signed.world.parts.keys.name)["holds"]
    found = desk.check(pack, "A" * 43)
    assert not found["holds"]
    assert "key_unknown " in found["codes"]


def test_it_says_what_it_cannot_show_and_whose_key_it_believed(
    desk: Desk, signed: Job, pack: bytes
):
    desk.check(pack)
    expect(desk.page.locator("#fingerprint")).to_have_text(signed.world.parts.keys.name)
    expect(desk.page.locator("main")).to_contain_text("没有与别处核对过")
    expect(desk.page.locator("main")).to_contain_text("签字的人是谁")


def test_it_speaks_three_languages(desk: Desk, pack: bytes):
    desk.check(pack)
    for language in ("zh-TW", "en", "zh-CN"):
        desk.page.click(f"button[id={language}]")
        expect(desk.page.locator("html")).to_have_attribute("lang", language)


def test_it_asks_nobody(desk: Desk, pack: bytes):
    asked: list[str] = []
    desk.page.on("request", lambda one: asked.append(one.url))
    desk.check(pack)
    assert [one for one in asked if not one.startswith("file:")] == []


def test_the_page_in_the_pack_is_the_page(verifier: Path, pack: bytes):
    assert dict(unzipped(pack))["verifier.html"] == verifier.read_bytes()
