"""The acceptance sheet: one JSON document that the owner is shown and signs (A1, A2).

Its exact bytes are hashed into the owner's word and travel as a blob; nobody ever
writes them a second time. Texts appear as commitments, so that they can be erased and
the sheet still verifies. May not enter: how a sheet looks on a screen.
"""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from sync.facts import KINDS
from sync.order import Order
from sync.plain import plain
from sync.prices import PriceList, bill
from sync.reviews import tag
from sync.words import N_

TEMPLATE = 1  # 1: 2026-11, the first
MEDIA_TYPE = "application/vnd.doorstep.sheet+json"

CONSENT = N_(
    "签字即确认以上内容与现场所见一致；签字只对本页内容有效，内容变动须重新签字。"
)


def draw_up(
    order: Order,
    round_number: int,
    language: str,
    consent: str,
    lists: Sequence[PriceList] = (),
) -> bytes:
    """The sheet for this round, as it is about to be shown in this language; `lists`
    say what the goods on it are called."""
    sheet: dict[str, Any] = {
        "template": TEMPLATE,
        "language": language,
        "consent": consent,
        "stream": order.stream,
        "number": order.number,
        "round": round_number,
        "request": plain(order.request),
        "visits": plain([_visit(order, one.fact) for one in order.visits]),
        "survey": plain(order.survey),
        "items": plain(order.items),
        "agreements": plain(order.agreements),
        "inspections": _inspections(order, round_number),
        "records": plain(order.records),
        "parts": plain(order.parts),
        "goods": _goods(order, lists),
        "bill": plain(bill(order)),
        "photos": [
            {"sha256": one.blob.sha256, "moment": one.moment, "item": one.item}
            for one in order.photos
        ],
        "taken_away": plain(order.taken_away),
        "covers": covers(order),
    }
    return json.dumps(sheet, ensure_ascii=False, separators=(",", ":")).encode()


def covers(order: Order) -> tuple[str, ...]:
    """Tags of the facts that make up the work as the sheet shows it. Request and visits
    stand on it too and may be added to afterwards: they are not what is agreed to."""
    return tuple(tag(entry.id) for entry in order.history if KINDS[entry.kind].on_sheet)


def shown_hash(sheet: bytes) -> str:
    """SHA-256 of exactly these bytes, in hex: what the owner's word is bound to."""
    return hashlib.sha256(sheet).hexdigest()


def short_code(shown: str) -> str:
    """Eight characters to compare by eye; a convenience, not a proof."""
    return f"{shown[:4]}-{shown[4:8]}".upper()


def _visit(order: Order, fact: str) -> dict[str, Any]:
    visit = next(one for one in order.visits if one.fact == fact)
    return {"by": visit.by, "claimed_ms": visit.moment.claimed_ms, "fact": visit.fact}


def _goods(order: Order, lists: Sequence[PriceList]) -> dict[str, list[str]]:
    """What the codes mean: name and unit, as the published lists have them."""
    by_name = {one.name: one for one in lists}
    found: dict[str, list[str]] = {}
    for part in order.parts:
        known = by_name.get(part.price_list)
        if known and (price := known.price(part.line.code)):
            found[price.code] = [price.name, price.unit]
    return found


def _inspections(order: Order, round_number: int) -> list[Any]:
    if round_number > len(order.rounds):
        return []
    return list(plain(order.rounds[round_number - 1].inspections))
