"""Vectors of money and of the sheet: lists, sums, names of orders, goods on a page."""

from typing import Any

from sync.facts.work import PartUsed
from sync.order import MOST_FEN, Line, Payer, order_id
from sync.plain import plain
from sync.prices import Price, PriceList, bill, list_in_force, total_fen
from sync.sheet import covers, draw_up, short_code, shown_hash
from tests.story import NINE, Story

DAY = 86_400_000
OLD = PriceList(name="2025", from_ms=NINE - 90 * DAY, prices=())
NOW = PriceList(
    name="2026",
    from_ms=NINE - DAY,
    prices=(
        Price(code="1001", name="角阀", unit="个", price_fen=4_550, trade="给排水"),
        Price(code="7", name='"软管" 50cm\\', unit="根", price_fen=1_900),
        Price(code="7", name="never seen", unit="", price_fen=1),
        Price(code="50", name="五十", unit="米", price_fen=50),
        Price(code="__proto__", name="constructor", unit="", price_fen=1),
        Price(code="龙头-1", name="龙头\u2028", unit="只", price_fen=0),
    ),
)
SAME_DAY = PriceList(name="2026 bis", from_ms=NOW.from_ms, prices=NOW.prices[:1])
NEXT = PriceList(name="2027", from_ms=NINE + 30 * DAY, prices=NOW.prices[1:])
LISTS = (OLD, NEXT, NOW, SAME_DAY)
LINES = (
    Line(code="1001", quantity=2, price_fen=4_550, item=1),
    Line(code="7", quantity=3, price_fen=1_900, item=1, payer=Payer.CONTRACTOR),
    Line(code="7", quantity=-1, price_fen=1_900, payer=Payer.COMPANY),
    Line(code="50", quantity=1, price_fen=50),
    Line(code="__proto__", quantity=1, price_fen=MOST_FEN),
    Line(code="龙头-1", quantity=9, price_fen=0),
)
NUMBERS = ("BX-2026-0117", "DS2026110001", "", "工单 1", "a\u0301", "👩‍🔧", "x" * 200)


def prices() -> Any:
    """Which list is in force, what lines add up to, and how a bill is shared."""
    return {
        "lists": plain(LISTS),
        "in_force": [
            {"at_ms": at_ms, "name": found.name if found else None}
            for at_ms in (NINE, OLD.from_ms - 1, OLD.from_ms, NOW.from_ms - 1,
                          NOW.from_ms, NEXT.from_ms - 1, NEXT.from_ms, 0)
            for found in [list_in_force(LISTS, at_ms)]
        ],
        "totals": [
            {"lines": plain(LINES[:count]), "total_fen": total_fen(LINES[:count])}
            for count in range(len(LINES) + 1)
        ],
        "orders": [{"number": one, "id": order_id(one)} for one in NUMBERS],
        "sheets": [_sheet(language) for language in ("zh-CN", "en")],
    }  # fmt: skip


def _sheet(language: str) -> Any:
    """A page whose goods have codes that look like numbers, in the sequence of use."""
    story = Story()
    story.dispatched("li")
    for line in LINES:
        story.told_by("li", PartUsed(line=line, price_list="2026"))
    story.repaired_by("li")
    order = story.order
    page = draw_up(order, 1, language, "…", LISTS)
    shown = shown_hash(page)
    return {
        "order": plain(order), "language": language, "consent": "…", "round": 1,
        "bill": plain(bill(order)), "covers": list(covers(order)),
        "text": page.decode(), "sha256": shown, "short": short_code(shown),
    }  # fmt: skip
