"""What an owner signs is what the owner was shown, and only an owner says it."""

import base64
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from field_client.strokes import read_strokes
from sync.facts import Fact
from sync.facts.acceptance import Accepted, Inspected, Rejected, SignatureRefused
from sync.order import Payer, Stage
from sync.sheet import short_code
from tests.web.desk import NUMBER, Desk
from tests.web.owner import Owner, hold
from tests.web.tablet import LANDSCAPE, PORTRAIT, Tablet
from tests.web.visited import completed, visiting

OWNERS = (Inspected, Accepted, Rejected)


@pytest.fixture
def stream(served: Desk, tmp_path: Path) -> str:
    """An order that waits for its owner."""
    found = served.document().stream
    completed(served, tmp_path / "before", found)
    return found


@pytest.fixture
def owner(tablets: Callable[..., Tablet], stream: str) -> Owner:
    """Zhao has been given the tablet."""
    tablet = tablets()
    tablet.took_home()
    return Owner(tablet, stream).is_given_it()


def told(desk: Desk, number: str = NUMBER) -> list[Fact]:
    """What only an owner says, as the server has it."""
    return [one for one in desk.facts(number) if isinstance(one.what, OWNERS)]


def arrives(desk: Desk, tablet: Tablet, what: type[object]) -> Fact:
    """The fact of this kind, once it is with the server."""
    for _attempt in waiting(tablet):
        found = [one for one in desk.facts() if isinstance(one.what, what)]
        if found:
            return found[-1]
    raise AssertionError(f"{what} never reached the server")


def waiting(tablet: Tablet, times: int = 100) -> Iterator[int]:
    """Look again after a tenth of a second of the page's own time."""
    for attempt in range(times):
        yield attempt
        tablet.page.wait_for_timeout(100)


# signing


def test_a_battery_taken_out_mid_stroke_loses_no_finished_stroke(owner: Owner):
    """U03: the browser is killed under the hand, and comes back to the same place."""
    owner.is_happy().hand.writes(2)
    finished = owner.hand.kept
    owner.hand.begins(0.7, steps=20)
    owner.page.wait_for_timeout(300)
    owner.tablet.kill()

    owner.tablet.again()
    again = Owner(owner.tablet, owner.stream)
    again.page.get_by_test_id("pad").wait_for()

    kept = again.hand.kept
    assert (kept[:2], len(kept), again.hand.ink > 0) == (finished, 3, True)
    assert len(kept[2]) >= 15


def test_turning_scrolling_and_leaving_change_no_stroke(owner: Owner):
    """U04."""
    owner.is_happy().hand.writes(3)
    before = owner.hand.kept
    for width, height in (LANDSCAPE, (360, 800), PORTRAIT):
        owner.page.set_viewport_size({"width": width, "height": height})
        owner.page.mouse.wheel(0, -400)
        other = owner.tablet.context.new_page()
        other.close()
        owner.page.get_by_test_id("pad").scroll_into_view_if_needed()

    assert (owner.hand.kept, owner.hand.ink > 0) == (before, True)


def test_a_stroke_after_turning_joins_those_before(owner: Owner):
    owner.is_happy().hand.writes(2)
    before = owner.hand.kept
    owner.page.set_viewport_size({"width": LANDSCAPE[0], "height": LANDSCAPE[1]})
    owner.hand.begins(0.7)
    owner.hand.lifts()

    owner.hand.is_kept(3)

    kept = owner.hand.kept
    times = [point[2] for stroke in kept for point in stroke]
    assert (kept[:2], times) == (before, sorted(times))


def test_a_stroke_can_be_taken_back_and_all_of_them(owner: Owner):
    owner.is_happy().hand.writes(3)
    owner.tablet.tap("撤一笔")
    owner.page.locator("[data-strokes='2']").wait_for()
    owner.tablet.tap("重签")
    owner.page.locator("[data-strokes='0']").wait_for()

    assert owner.hand.ink == 0
    expect(owner.page.get_by_role("button", name="确认签字")).to_be_disabled()


def test_what_is_signed_is_what_was_shown(owner: Owner, served: Desk):
    """U26: the code on the screen, in the fact and of the bytes are one."""
    owner.is_happy()
    code = owner.code
    owner.signs()
    owner.tablet.shows("已签字，验收通过")

    fact = arrives(served, owner.tablet, Accepted)
    assert isinstance(fact.what, Accepted)
    sheet, signature = fact.head.blobs
    assert short_code(fact.what.sheet) == code == owner.code
    assert (sheet.sha256, signature.role) == (fact.what.sheet, "signature")


def test_the_strokes_that_arrive_are_strokes_to_every_reader(
    owner: Owner, served: Desk
):
    owner.is_happy().hand.writes(3)
    kept = owner.hand.kept
    owner.tablet.tap("确认签字")
    owner.tablet.shows("已签字，验收通过")

    _sheet, signature = arrives(served, owner.tablet, Accepted).head.blobs
    for _attempt in waiting(owner.tablet):
        if served.has(signature.sha256):
            break
    with served.parts.shelf.open(signature.sha256) as held:
        written = held.read()
    assert signature.type == "application/vnd.doorstep.strokes+json"
    assert json.loads(read_strokes(written))["strokes"] == kept


CHANGE = """
([store, from, to]) => new Promise((done, lost) => {
  const asked = indexedDB.open("doorstep-projection");
  asked.onerror = () => lost(asked.error);
  asked.onsuccess = () => {
    const db = asked.result;
    const tx = db.transaction(store, "readwrite");
    let changed = 0;
    tx.objectStore(store).openCursor().onsuccess = ({ target }) => {
      const at = target.result;
      if (!at) return;
      const value = { ...at.value };
      for (const [name, held] of Object.entries(value)) {
        if (typeof held !== "string" || !held.includes(from)) continue;
        value[name] = held.replaceAll(from, to);
        changed += 1;
      }
      at.update(value);
      at.continue();
    };
    tx.oncomplete = () => { db.close(); done(changed); };
    tx.onerror = () => lost(tx.error);
  };
})
"""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param('"remedy":"更换角阀"', '"remedy":"更换全屋"', id="what was done"),
        pytest.param('"price_fen":3800', '"price_fen":38000', id="a price"),
        pytest.param("厨房水槽下", "主卧卫生间", id="a text beside the sheet"),
    ],
)
def test_anything_shown_that_changed_is_shown_again_before_it_is_signed(
    owner: Owner, served: Desk, before: str, after: str
):
    """U26: changed in storage, behind the screen, where no exchange looks at it."""
    owner.tablet.offline()
    owner.is_happy().hand.writes(3)
    assert owner.page.evaluate(CHANGE, ["document", before, after]) > 0
    owner.tablet.tap("确认签字")

    owner.tablet.shows("内容刚刚有变动，请您再看一遍，重新签名。")
    expect(owner.page.locator("[data-strokes='0']")).to_be_visible()
    owner.tablet.online()
    arrives(served, owner.tablet, Inspected)
    assert not [one for one in told(served) if isinstance(one.what, Accepted)]


def test_another_language_is_another_sheet_and_needs_a_new_signature(owner: Owner):
    owner.is_happy().hand.writes(3)
    code = owner.code
    owner.tablet.tap("English")
    owner.page.locator("[data-strokes='0']").wait_for()

    assert owner.code != code


# pass and fail


def test_an_item_that_fails_is_sent_back_with_its_reason(
    served: Desk, tmp_path: Path, tablets: Callable[..., Tablet]
):
    """Two items; nobody complains of the first (A1)."""
    found = served.document().stream
    completed(served, tmp_path / "before", found, items=2)
    tablet = tablets()
    tablet.took_home()
    owner = Owner(tablet, found).is_given_it()
    owner.complains("还在漏", item=1).signs()
    owner.tablet.shows("已记下：不通过")

    arrives(served, owner.tablet, Rejected)
    order = served.document()
    words = {one.item: (one.passed, one.reason) for one in order.rounds[0].inspections}
    assert words == {1: (True, None), 2: (False, "还在漏")}
    assert (order.stage, order.rounds[0].verdicts[0].responsible) == (
        Stage.REWORK, "li",
    )  # fmt: skip


def test_after_a_round_that_failed_the_technician_is_asked_what_now(owner: Owner):
    owner.complains("没有修好").signs()
    owner.tablet.shows("已记下：不通过")
    owner.gives_it_back()

    for words in ("现在返工", "预约再来", "升级主管"):
        expect(owner.page.get_by_role("button", name=words)).to_be_visible()


def test_the_second_round_has_a_sheet_of_its_own(
    owner: Owner, served: Desk, tmp_path: Path
):
    owner.complains("没有修好").signs()
    owner.tablet.shows("已记下：不通过")
    owner.gives_it_back()
    arrives(served, owner.tablet, Rejected)
    with visiting(served, tmp_path / "again", owner.stream) as visit:
        visit.comes().repairs()
    expect(owner.page.get_by_test_id("truth")).to_contain_text("全部已传")
    owner.tablet.open("#/")
    owner.tablet.took_home()
    for _attempt in waiting(owner.tablet):
        owner.tablet.open(f"#/order/{owner.order}/hand-over")
        if owner.page.get_by_role("button", name="交给业主").is_visible():
            break
    owner.is_given_it().is_happy().signs()
    owner.tablet.shows("已签字，验收通过")
    arrives(served, owner.tablet, Accepted)

    first, second = served.document().rounds
    answers = [one.verdicts[0].answer for one in (first, second)]
    assert answers == ["rejected", "accepted"]
    assert first.verdicts[0].sheet != second.verdicts[0].sheet


def test_an_owner_who_will_not_sign_is_recorded_and_nothing_is_accepted(
    owner: Owner, served: Desk
):
    """A3."""
    owner.gives_it_back()
    owner.tablet.tap("业主拒签")
    reasons = owner.page.locator("fieldset", has_text="业主的理由")
    reasons.get_by_role("radio").first.tap()
    owner.page.get_by_role("radio", name="物业人员").tap()
    owner.tablet.tap("记下拒签")

    fact = arrives(served, owner.tablet, SignatureRefused)
    order = served.document()
    assert (order.stage, [blob.role for blob in fact.head.blobs]) == (
        Stage.UNSIGNED, ["sheet"],
    )  # fmt: skip


def test_a_refusal_to_sign_is_one_tap_from_the_order(
    tablets: Callable[..., Tablet], stream: str
):
    """U23."""
    li = tablets()
    li.took_home()
    li.open(f"#/order/{stream.removeprefix('order:')}")
    li.seen.forget()

    li.tap("业主拒签")

    li.page.get_by_role("heading", name="业主拒签").wait_for()
    assert li.taps == 1


def test_somebody_signs_for_the_owner_and_says_who(owner: Owner, served: Desk):
    owner.is_happy()
    owner.page.get_by_role("radio", name="家人").tap()
    owner.signs()
    owner.tablet.shows("已签字，验收通过")

    fact = arrives(served, owner.tablet, Accepted)
    assert isinstance(fact.what, Accepted)
    assert fact.what.relation == "family"


def test_the_owner_rates_the_visit(owner: Owner, served: Desk):
    owner.is_happy().signs()
    owner.tablet.shows("已签字，验收通过")
    owner.page.get_by_role("radio", name="4 星").tap()
    expect(owner.page.get_by_role("radio", name="4 星")).to_be_checked()

    for _attempt in waiting(owner.tablet):
        if served.document().ratings:
            break
    assert [one.stars for one in served.document().ratings] == [4]


def test_what_the_owner_pays_stands_on_the_sheet(
    served: Desk, tmp_path: Path, tablets: Callable[..., Tablet]
):
    found = served.document().stream
    completed(served, tmp_path / "before", found, payer=Payer.OWNER)
    tablet = tablets()
    tablet.took_home()
    owner = Owner(tablet, found).is_given_it()

    expect(owner.page.get_by_test_id("sheet")).to_contain_text("您应付 ¥131.00")


def test_the_copy_is_drawn_without_a_line_and_names_the_sheet(
    owner: Owner, served: Desk
):
    """A4: the link is the whole digest; 256 bits that nobody guesses."""
    owner.tablet.ready_for_offline()
    owner.tablet.offline()
    owner.is_happy().signs()
    link = owner.page.locator("svg.qr").get_attribute("data-text")
    owner.tablet.online()

    fact = arrives(served, owner.tablet, Accepted)
    assert isinstance(fact.what, Accepted)
    digest = bytes.fromhex(fact.what.sheet)
    name = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    assert link == f"{served.url}/v/{name}"


# the lock


def test_no_way_leads_out_of_the_owners_screen(owner: Owner):
    """U27: back, forward, reload, another address, a swipe, another start."""
    page = owner.page
    for out in (
        lambda: page.evaluate("history.back()"),
        lambda: page.evaluate("history.back()"),
        lambda: page.evaluate("history.forward()"),
        lambda: page.evaluate("location.hash = '#/outbox'"),
        page.reload,
        lambda: owner.tablet.open("#/settings"),
        lambda: owner.tablet.open("#/enrol"),
        lambda: swipe(owner.tablet),
    ):
        out()
        owner.sees_sheet()
        expect(page.get_by_test_id("truth")).to_have_count(0)
    owner.tablet.kill()
    owner.tablet.again("#/")
    Owner(owner.tablet, owner.stream).sees_sheet()


def swipe(tablet: Tablet) -> None:
    """From the left edge across the screen, as on a phone."""
    send = tablet.devtools.send
    send("Input.dispatchTouchEvent",
         {"type": "touchStart", "touchPoints": [{"x": 1, "y": 500}]})  # fmt: skip
    for x in range(20, 700, 40):
        points = [{"x": x, "y": 500}]
        send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": points})
    send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_a_short_press_gives_nothing_back(owner: Owner):
    hold(owner.tablet, ms=1000)

    owner.sees_sheet()


def test_the_tablet_comes_back_by_the_technicians_long_press(owner: Owner):
    owner.gives_it_back()

    expect(owner.page.get_by_test_id("truth")).to_be_visible()


FORGET = """
() => new Promise((done, lost) => {
  const asked = indexedDB.open("doorstep-outbox");
  asked.onsuccess = () => {
    const db = asked.result;
    const tx = db.transaction("draft", "readwrite");
    const all = tx.objectStore("draft").openCursor();
    all.onsuccess = ({ target }) => {
      const at = target.result;
      if (!at) return;
      if (at.value.name === "owner") at.delete();
      at.continue();
    };
    tx.oncomplete = () => { db.close(); done(); };
    tx.onerror = () => lost(tx.error);
  };
})
"""


def test_pass_and_fail_are_refused_while_no_owner_holds_the_tablet(
    owner: Owner, served: Desk
):
    """U27: the store is asked, whatever a screen shows."""
    owner.page.evaluate(FORGET)
    owner.tablet.tap("满意，通过")
    expect(owner.page.locator(".told")).to_be_visible()
    owner.page.reload()
    expect(owner.page.get_by_test_id("truth")).to_contain_text("全部已传")

    assert told(served) == []


def test_nothing_but_the_owners_screen_names_what_only_an_owner_says():
    web = Path(__file__).parents[2] / "field_client" / "web" / "src"
    said = re.compile(r"acceptance\.(inspected|accepted|rejected|rated)\b")
    naming = {
        path.relative_to(web).as_posix()
        for path in web.rglob("*.ts*")
        if said.search(path.read_text("utf-8"))
    }

    allowed = {"owner/lock.ts", "owner/signing.ts", "screens/after_signing.tsx"}
    assert naming <= allowed


# comfort


def test_an_old_owner_reads_22_pixels_and_touches_60(owner: Owner):
    """长辈版, on a tablet and on a telephone (U25)."""
    owner.tablet.tap(re.compile("长辈版"))
    owner.is_happy()
    for width, height in (PORTRAIT, LANDSCAPE, (360, 800)):
        owner.page.set_viewport_size({"width": width, "height": height})
        sizes = owner.page.evaluate(SIZES)
        assert (sizes["least_text"] >= 18, sizes["body"], sizes["small"]) == (
            True, 22, [],
        )  # fmt: skip
        assert (sizes["pad"] >= 300, sizes["overflow"]) == (True, False)


SIZES = """
() => {
  const shown = (one) => one.getBoundingClientRect().width > 1;
  const texts = [...document.querySelectorAll(".owner *")].filter((one) => shown(one) &&
    [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim()));
  const size = (one) => parseFloat(getComputedStyle(one).fontSize);
  const all = document.querySelectorAll(".owner :is(button, a, input)");
  const targets = [...all].filter(shown);
  const small = targets.filter((one) => {
    const { width, height } = one.getBoundingClientRect();
    return width < 60 || height < 60;
  });
  return {
    least_text: Math.min(...texts.map(size)), body: size(document.body),
    small: small.map((one) => one.textContent || one.tagName),
    pad: document.querySelector("canvas").getBoundingClientRect().height,
    overflow: document.documentElement.scrollWidth > innerWidth,
  };
}
"""


def test_there_is_no_button_to_read_aloud_where_there_is_no_voice(owner: Owner):
    """The browser under test has none."""
    assert owner.page.evaluate("speechSynthesis.getVoices().length") == 0
    expect(owner.page.get_by_role("button", name="读给我听")).to_have_count(0)
