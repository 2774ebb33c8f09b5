"""What the owner is to pay, to the fen: on the screen, in the facts, and never begun
before the owner's yes (U22)."""

import random
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import expect

from field_client.client import STROKES_TYPE
from infra.demo.prices import PRICES
from sync.facts import Fact
from sync.facts.acceptance import Accepted, Inspected
from sync.facts.survey import ItemFound, PlanAgreed, PlanChanged, Quoted, Surveyed
from sync.facts.work import Completed, PartUsed, Recorded
from sync.order import Line, Payer
from sync.prices import bill
from tests.web.at_work import AtWork
from tests.web.desk import LIST, Desk
from tests.web.tablet import Tablet
from tests.web.visited import Visit, visiting

BASKETS, EVERY = 200, 20
YUAN = {name: Decimal(fen) / 100 for _, name, _, fen in PRICES}
GOODS = [name for code, name, _, _ in PRICES if code.startswith("M")][:8]
WORK = [name for code, name, _, _ in PRICES if code.startswith("G")][:4]
PAYERS = {1: Payer.CONTRACTOR, 2: Payer.COMPANY, 3: Payer.OWNER}
DO = """
async (deeds) => {
  const named = (all, words) => [...document.querySelectorAll(all)]
    .find((one) => one.textContent.trim().replace(/^✓ /, "").startsWith(words));
  for (const [deed, item, name] of deeds) {
    if (deed === "add") {
      named("fieldset [role=radio]", `${item}. `).click();
      await new Promise((done) => setTimeout(done));
      named(".favourite", name).click();
    } else {
      const line = named(".lines li", `${item}. ${name}`);
      line.querySelector("button").click();
    }
    await new Promise((done) => setTimeout(done));
  }
  return document.querySelector("[data-testid=fee]").innerText;
}
"""
Begin = Callable[..., AtWork]


@pytest.fixture
def begin(
    served: Desk, tablets: Callable[..., Tablet], tmp_path: Path
) -> Callable[..., AtWork]:
    """Li in the home, these items surveyed, this price agreed to."""

    def at(step: str, payers: dict[int, Payer], agreed_fen: int | None) -> AtWork:
        stream = served.order()
        with visiting(served, tmp_path / "other", stream) as visit:
            surveyed(visit, payers, agreed_fen)
        tablet = tablets()
        tablet.took_home()
        return AtWork(tablet, stream).step(step)

    return at


def surveyed(visit: Visit, payers: dict[int, Payer], agreed_fen: int | None) -> None:
    """Items and, if so, the owner's yes to a price."""
    visit.comes().photographs("before", "#7a1f1f", item=min(payers))
    visit.tells(Surveyed(cause="使用不当", method="更换配件", estimate_minutes=30))
    for item, payer in payers.items():
        visit.tells(
            ItemFound(item=item, trade="给排水", payer=payer), what=f"第{item}处"
        )
    if agreed_fen:
        line = Line(
            code="约定", quantity=1, price_fen=agreed_fen, item=3, payer=Payer.OWNER
        )
        visit.tells(Quoted(lines=(line,), price_list=""))
    if agreed_fen is not None:
        visit.tells(PlanAgreed(relation="owner", total_fen=agreed_fen))


class Oracle:
    """The same basket, added up in decimal yuan."""

    def __init__(self) -> None:
        self.lines: Counter[tuple[int, str]] = Counter()

    def deed(self, chance: random.Random) -> tuple[str, int, str]:
        """One tap: one more of something, or one less of a material."""
        held = [key for key in self.lines if key[1] in GOODS]
        if held and chance.random() < 0.35:
            item, name = chance.choice(held)
            self.lines[item, name] -= 1
            self.lines += Counter()
            return "less", item, name
        item, name = chance.choice([1, 2, 3]), chance.choice(GOODS + WORK)
        self.lines[item, name] += 1
        return "add", item, name

    def sum(self, goods: bool | None = None, payer: Payer | None = None) -> Decimal:
        """Of materials, of work, or of both; borne by somebody, or by all."""
        return sum(
            (YUAN[name] * count for (item, name), count in self.lines.items()
             if goods in (None, name in GOODS) and payer in (None, PAYERS[item])),
            Decimal(0),
        )  # fmt: skip

    @property
    def words(self) -> str:
        """The line of money as it has to stand on the screen."""
        goods, work = self.sum(goods=True), self.sum(goods=False)
        owner = self.sum(payer=Payer.OWNER)
        less = goods + work - owner
        return " ".join(filter(None, (
            f"材料 ¥{goods:,.2f}", f"人工 ¥{work:,.2f}",
            f"减免 −¥{less:,.2f}" if less else "", f"应收 ¥{owner:,.2f}",
        )))  # fmt: skip


def test_two_hundred_baskets_add_up_to_the_fen(begin: Begin, served: Desk):
    """U22: on the screen after every few taps; in the facts after every twentieth."""
    chance, oracle = random.Random(20261122), Oracle()
    # The quotation is taken out of the basket that it began with.
    li = begin("work", PAYERS, 10_000_000_00)
    li.page.get_by_role("button", name="约定 −1").tap()

    for basket in range(BASKETS):
        deeds = [oracle.deed(chance) for _ in range(chance.randint(1, 4))]
        shown = " ".join(li.page.evaluate(DO, deeds).split())
        assert shown == oracle.words, (basket, deeds)
        if basket % EVERY == EVERY - 1:
            told(li, served, oracle)


def told(li: AtWork, desk: Desk, oracle: Oracle) -> None:
    """The basket becomes facts, the server adds up, the screen begins from them."""
    li.page.locator(".foot .primary").tap()
    li.comes_to("after")
    everything_arrived(li)
    ours = bill(desk.document())
    assert Decimal(ours.material_fen) / 100 == oracle.sum(goods=True)
    assert Decimal(ours.labour_fen) / 100 == oracle.sum(goods=False)
    assert Decimal(ours.owner_fen) / 100 == oracle.sum(payer=Payer.OWNER)
    li.step("work")
    expect(li.page.get_by_test_id("owner-fee")).to_have_text(
        f"¥{oracle.sum(payer=Payer.OWNER):,.2f}"
    )


def everything_arrived(li: AtWork) -> None:
    """The server has all that was told."""
    expect(li.page.get_by_test_id("truth")).to_contain_text("全部已传", timeout=30_000)


PAID = {3: Payer.OWNER}


def test_paid_work_is_not_begun_before_the_owners_yes(begin: Begin):
    """L3: the button says what comes first, and nothing is told."""
    li = begin("work", PAID, None)

    li.takes(GOODS[0])

    expect(li.primary).to_contain_text("先请业主确认报价")
    assert li.told(PartUsed.kind) == [] and li.told(Recorded.kind) == []


def test_the_owner_says_yes_on_a_locked_screen_and_the_work_begins(
    begin: Begin, served: Desk
):
    li = begin("quote", PAID, None)
    li.takes(GOODS[0], 2).takes(WORK[1]).goes_on("请业主确认报价 ¥131.00")

    li.tablet.shows("您应付 ¥131.00")
    li.owner_says("同意，请开始").takes_back().comes_to("work")
    li.goes_on("下一步").comes_to("after")

    everything_arrived(li)
    (yes,) = of(served, PlanAgreed)
    assert yes.what.total_fen == 131_00 == bill(served.document()).owner_fen


def test_an_owner_who_says_no_stops_the_paid_work(begin: Begin):
    li = begin("quote", PAID, None)
    li.takes(GOODS[0]).goes_on("请业主确认报价")

    li.owner_says("不同意").takes_back().comes_to("quote")

    assert li.told(PlanAgreed.kind) == []
    li.step("work")
    expect(li.primary).to_contain_text("先请业主确认报价")


def test_a_kill_leaves_the_quotation_in_the_owners_hands(begin: Begin):
    """The tablet cannot be got back by turning it off and on."""
    li = begin("quote", PAID, None)
    li.takes(GOODS[0]).goes_on("请业主确认报价").tablet.shows("您应付 ¥38.00")

    li.tablet.kill()
    again = li.tablet.again()

    again.shows("您应付 ¥38.00")
    assert "/owner/" in again.page.url


def test_more_than_was_agreed_needs_another_yes_and_less_does_not(
    begin: Begin, served: Desk
):
    """V6."""
    li = begin("quote", PAID, None)
    li.takes(GOODS[0], 2).goes_on("请业主确认报价").owner_says("同意，请开始")
    li.takes_back().comes_to("work")
    li.page.get_by_role("button", name=f"{GOODS[0]} −1").tap()
    expect(li.primary).to_contain_text("下一步")

    li.takes(GOODS[0], 2).goes_on("费用变了").comes_to("quote")
    li.goes_on("请业主确认报价 ¥114.00").owner_says("同意，请开始")
    li.takes_back().comes_to("work")
    li.goes_on("下一步").comes_to("after")

    everything_arrived(li)
    (changed,) = of(served, PlanChanged)
    assert (changed.what.total_fen, changed.what.reason) == (114_00, "费用有变")


def test_what_no_list_knows_is_typed_in_yuan_and_told_in_fen(
    begin: Begin, served: Desk
):
    li = begin("work", {1: Payer.CONTRACTOR}, 0)
    li.unfolds("价目表没有的")
    li.page.get_by_label("名称", exact=True).fill("定制铜接头")
    li.page.get_by_label("单价（元）").fill("80.05")
    li.page.get_by_role("button", name="加上").tap()
    li.goes_on("下一步").comes_to("after")

    everything_arrived(li)
    (part,) = served.document().parts
    assert (part.line.price_fen, part.price_list) == (80_05, "")


def test_what_was_told_wrongly_is_put_right_and_counts_once(begin: Begin, served: Desk):
    """Earlier steps stay open until the signature."""
    li = begin("work", {1: Payer.CONTRACTOR}, 0)
    li.takes(GOODS[0], 2).takes(GOODS[1]).goes_on("下一步").comes_to("after")

    li.step("work").takes(GOODS[0])
    li.page.get_by_role("button", name=f"{GOODS[1]} −1").tap()
    li.goes_on("下一步").comes_to("after")

    everything_arrived(li)
    (part,) = served.document().parts
    assert (part.line.code, part.line.quantity) == (LIST.prices[0].code, 3)


def test_what_the_owner_owes_is_in_sight_until_it_is_paid(
    begin: Begin, served: Desk, tmp_path: Path
):
    """L6, at the door."""
    li = begin("work", PAID, 38_00)
    li.goes_on("下一步").comes_to("after")
    everything_arrived(li)
    with visiting(served, tmp_path / "signing", f"order:{li.order}") as visit:
        visit.tells(Completed()).tells(Inspected(round=1, item=3, passed=True))
        hand = {"signature": (strokes(), STROKES_TYPE)}
        word = Accepted(round=1, sheet="0" * 64, covers=())
        visit.client.tell(visit.stream, word, {}, hand)
    li.step("hand-over").tablet.shows("未付 ¥38.00")

    li.page.get_by_role("button", name="扫码").tap()

    li.tablet.shows("已付清")
    everything_arrived(li)
    (paid,) = served.document().payments
    assert (paid.amount_fen, paid.means) == (38_00, "qr")


def strokes() -> bytes:
    """A hand, as far as it needs one here."""
    return b'{"width":1200,"height":500,"strokes":[[[1,1,0,500],[9,9,20,500]]]}'


def of(desk: Desk, what: type) -> list[Fact]:
    """The facts of exactly one kind that the server has."""
    return [fact for fact in desk.facts() if type(fact.what) is what]
