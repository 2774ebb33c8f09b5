"""`python -m infra.canned`: tablets in the middle of a day, for whoever makes screens.

Each opens as `/tablet/?canned=NAME`. The documents are folded here by the real fold;
what the tablet itself recorded is told in the browser by the real client. A test fails
if what lies there is not what would be written today. May not enter: chance, a clock.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from infra.demo.prices import PRICES
from sync.envelope import BlobRef, Head, committed
from sync.exchange import Document, Page
from sync.facts import Kept, What, write_fact
from sync.facts.acceptance import Inspected, Rejected
from sync.facts.dispatch import Cancelled, Dispatched
from sync.facts.intake import Logged, Pictured
from sync.facts.survey import ItemFound, PlanAgreed, Surveyed
from sync.facts.visit import Appointed, Arrived, DoorProtocol, Left
from sync.facts.work import Completed, Photographed, Recorded
from sync.fold import fold
from sync.moment import MINUTE_MS, Moment
from sync.order import Payer, order_stream
from sync.plain import plain
from sync.policy import Policy
from sync.prices import Price, PriceList
from sync.reading import Witness
from sync.sheet import covers, draw_up, shown_hash
from sync.signing import b64
from sync.timing import assess

WHERE = Path(__file__).parents[1] / "field_client" / "web" / "src" / "canned"
NOW_MS = 1_795_222_800_000  # 2026-11-21, 09:00 in Shanghai
HOUR_MS = 60 * MINUTE_MS
DESK = frozenset({"chen"})
LIST = PriceList(
    name="2026",
    from_ms=0,
    prices=tuple(
        Price(code=code, name=name, unit=unit, price_fen=fen)
        for code, name, unit, fen in PRICES
    ),
)
STEPS = Policy().door_steps
Told = Mapping[str, Any]


@dataclass
class Folder:
    """One order: its facts as the server has them, and the values beside them."""

    number: str
    now_ms: int
    kept: list[Kept] = field(default_factory=list)
    values: dict[str, tuple[str, str]] = field(default_factory=dict)
    tips: dict[str, tuple[int, str | None]] = field(default_factory=dict)

    @property
    def stream(self) -> str:
        """The order's stream."""
        return order_stream(self.number)

    def told(
        self,
        by: str,
        what: What,
        private: Mapping[str, str] | None = None,
        blobs: tuple[BlobRef, ...] = (),
    ) -> "Folder":
        """This person states a fact, a minute after the last one."""
        self.now_ms += MINUTE_MS
        salted = {name: (_salt(name), text) for name, text in (private or {}).items()}
        log = "server.1" if by in DESK else f"{by}-tablet.old1"
        n, tip = self.tips.get(log, (0, None))
        seen = fold(self.kept) if self.kept else None
        head = Head(
            stream=self.stream, log=log, n=n + 1, prev=tip, epoch="canned",
            basis=len(self.kept), lamport=(seen.lamport if seen else 0) + 1, by=by,
            at={"w": self.now_ms, "z": 480}, private=committed(salted), blobs=blobs,
        )  # fmt: skip
        fact = write_fact(what, head)
        self.tips[log] = (head.n, fact.id)
        self.values.update(
            {head.private[name]: pair for name, pair in salted.items()},
        )
        moment = _moment(fact.reading, self.now_ms)
        self.kept.append(Kept(fact=fact, moment=moment, position=len(self.kept) + 1))
        return self

    def document(self) -> Document:
        """As the server hands it out."""
        order = fold(self.kept)
        held = tuple(ref.sha256 for kept in self.kept for ref in kept.fact.head.blobs)
        return Document(
            stream=self.stream, rev=len(self.kept), order=plain(order),
            private=self.values, held=held,
        )  # fmt: skip


def _moment(reading: Any, now_ms: int) -> Moment:
    return assess(reading, Witness(not_before_ms=now_ms - 30_000, not_after_ms=now_ms))


def _salt(name: str) -> str:
    return b64(hashlib.sha256(name.encode()).digest()[:16])


def picture(name: str, role: str = "photo", media: str = "image/jpeg") -> BlobRef:
    """Bytes that nobody has to see."""
    digest = hashlib.sha256(name.encode()).hexdigest()
    return BlobRef(sha256=digest, bytes=300_000, type=media, role=role)


# One home: building, unit, room, owner, phone, trade, fault, remark.
HOMES: dict[str, tuple[str, ...]] = {
    "1": ("3栋", "2单元", "1702", "张敏华", "13800001234", "水电",
          "厨房水槽下渗水", "总阀在橱柜左下；有幼儿"),
    "2": ("5栋", "1单元", "0903", "刘洋", "13900005678", "门窗", "入户门锁松动", ""),
    "3": ("1栋", "1单元", "0301", "陈建国", "13700004321", "防水", "卫生间返味", ""),
    "4": ("8栋", "2单元", "1101", "王芳", "13600008765", "水电", "客厅插座不通电", ""),
    "5": ("2栋", "1单元", "0402", "赵敏", "13500002468", "水电", "阳台水管开裂", ""),
}  # fmt: skip
NAMES = ("building", "unit", "room", "owner", "phone", "fault", "remark")


def given(
    which: str, *, since_minutes: int = 40, priority: str = "normal", to: str = "li"
) -> Folder:
    """An order of one of these homes, given to Li."""
    building, unit, room, owner, phone, trade, fault, remark = HOMES[which]
    said = dict(
        zip(NAMES, (building, unit, room, owner, phone, fault, remark), strict=True)
    )
    registered = NOW_MS - since_minutes * MINUTE_MS
    folder = Folder(number=f"R2611-018{which}", now_ms=registered)
    logged = Logged(
        number=folder.number, registered_ms=registered, site="望江府", trade=trade,
        priority=priority, channel="电话",
    )  # fmt: skip
    folder.told("chen", logged, {name: text for name, text in said.items() if text})
    return folder.told("chen", Dispatched(technician=to))


def window(folder: Folder, first_hour: float, hours: float) -> Folder:
    """The desk called ahead and agreed on a window (P3)."""
    start = NOW_MS + int(first_hour * HOUR_MS)
    agreed = Appointed(start_ms=start, end_ms=start + int(hours * HOUR_MS))
    return folder.told("li", agreed)


def at_the_door(folder: Folder, *, photos: bool = True) -> Folder:
    """Li came in."""
    folder.told("li", Arrived())
    card = DoorProtocol(
        steps=STEPS, photo_consent=photos, place_consent=True, start_consent=True
    )
    return folder.told("li", card)


def surveyed(folder: Folder, payer: Payer = Payer.CONTRACTOR) -> Folder:
    """Looked over, and agreed with the owner."""
    snap(folder, "before")
    folder.told("li", Surveyed(cause="角阀老化", method="更换配件", present=("业主",)))
    item = ItemFound(item=1, trade="水电", payer=payer)
    folder.told("li", item, {"what": "渗水", "where": "厨房"})
    return folder.told("li", PlanAgreed(relation="owner"), {"owner": "张敏华"})


def snap(folder: Folder, moment: str) -> Folder:
    """A photo."""
    shot = (picture(f"{folder.number} {moment} {len(folder.kept)}"),)
    return folder.told("li", Photographed(moment=moment, item=1), blobs=shot)


def repaired(folder: Folder) -> Folder:
    """Done, photographed, tidied up."""
    record = Recorded(item=1, cause="角阀老化", remedy="已更换配件", labour_minutes=30)
    folder.told("li", record)
    snap(folder, "after")
    return folder.told("li", Completed())


def sent_back(folder: Folder) -> Folder:
    """The owner does not agree with the first round."""
    folder.told("li", Inspected(round=1, item=1, passed=False, reason="还在漏"))
    sheet = draw_up(fold(folder.kept), 1, "zh-CN", "同意", (LIST,))
    said = Rejected(
        round=1, sheet=shown_hash(sheet), covers=covers(fold(folder.kept)),
        responsible="li", due_ms=NOW_MS + 72 * HOUR_MS,
    )  # fmt: skip
    strokes = picture(f"{folder.number} strokes", "signature", "application/json")
    return folder.told("li", said, {"signer": "陈建国"}, (strokes,))


# What the tablet itself records, in the browser.
def arrived(folder: Folder, **more: Any) -> Told:
    """This tablet's own arrival."""
    return {"stream": folder.stream, "kind": "visit.arrived", "says": {}, **more}


def own_card(folder: Folder, **more: Any) -> Told:
    """This tablet's own card of the door."""
    says = {"steps": STEPS, "photo_consent": True, "place_consent": True,
            "start_consent": True}  # fmt: skip
    kind = "visit.door_protocol"
    return {"stream": folder.stream, "kind": kind, "says": says, **more}


def own_photo(folder: Folder, colour: str, **more: Any) -> Told:
    """This tablet's own photo."""
    kind = "work.photographed"
    return {"stream": folder.stream, "kind": kind, "says": {"moment": "before"},
            "photo": colour, **more}  # fmt: skip


Scene = tuple[list[Folder], list[Told]]


def a_day() -> list[Folder]:
    """Three to do, one of them a rework of yesterday."""
    first = window(given("1", priority="emergency"), -0.3, 1)
    first.told("chen", Pictured(), blobs=(picture("reported"),))
    yesterday = given("3", since_minutes=26 * 60)
    sent_back(repaired(surveyed(at_the_door(yesterday)))).told("li", Left())
    return [first, window(given("2"), 1.5, 1), yesterday]


def today() -> Scene:
    """A morning before anything is done."""
    return a_day(), []


def here() -> Scene:
    """Li stands in the first home."""
    day = a_day()
    return day, [arrived(day[0])]


def door_done() -> Scene:
    """The card is told; photos come next."""
    day = a_day()
    return day, [arrived(day[0]), own_card(day[0]), own_photo(day[0], "#7a8ca0")]


def to_quote() -> Scene:
    """Surveyed; the owner would pay, and has not been asked."""
    first = snap(at_the_door(given("1")), "before")
    first.told("li", Surveyed(cause="使用不当", method="更换配件", present=("业主",)))
    item = ItemFound(item=1, trade="水电", payer=Payer.OWNER)
    first.told("li", item, {"what": "渗水", "where": "厨房"})
    return [first, *a_day()[1:]], []


def agreed() -> Scene:
    """Surveyed and agreed: the repair comes next."""
    first = surveyed(at_the_door(given("1")))
    return [first, *a_day()[1:]], []


def rework() -> Scene:
    """Sent back this minute, still in the home."""
    return [sent_back(repaired(surveyed(at_the_door(given("1"))))), *a_day()[1:]], []


def handing_over() -> Scene:
    """Done, and the owner's turn."""
    return [repaired(surveyed(at_the_door(given("1")))), *a_day()[1:]], []


def cancelled() -> Scene:
    """The desk cancelled it while Li stood in the home."""
    first = given("1")
    first.told("chen", Cancelled(reason="业主取消"))
    return [first, *a_day()[1:]], [arrived(first)]


def outbox_full() -> Scene:
    """Everything that an outbox can show at once."""
    day = [given(which) for which in "12345"]
    kept = {"outcome": "stored"}
    review = {"outcome": "review", "reviews": ["not_assigned"]}
    return day, [
        arrived(day[0]), own_card(day[0]), own_photo(day[0], "#7a8ca0"),
        arrived(day[1], **kept), own_photo(day[1], "#5a6c60", **kept),
        own_photo(day[1], "#6a7c70", **kept, photo_outcome="kept"),
        arrived(day[2], **review),
        arrived(day[3], **kept), own_photo(day[3], "#9a5c50", **kept,
                                           photo_outcome="flawed"),
        arrived(day[4], outcome="refused"), own_card(day[4], outcome="quarantined"),
    ]  # fmt: skip


def day_over() -> Scene:
    """Everything handed over."""
    day = [given(which) for which in "12"]
    kept = {"outcome": "stored"}
    return day, [
        arrived(day[0], **kept), own_card(day[0], **kept),
        own_photo(day[0], "#7a8ca0", **kept, photo_outcome="kept"),
    ]  # fmt: skip


SCENES: dict[str, Callable[[], Scene]] = {
    "today": today, "arrived": here, "door-done": door_done, "to-quote": to_quote,
    "agreed": agreed, "rework": rework, "handing-over": handing_over,
    "cancelled": cancelled, "outbox-full": outbox_full, "day-over": day_over,
}  # fmt: skip


def as_text(scene: Scene) -> str:
    """A scene as the tablet reads it."""
    folders, told = scene
    documents = tuple(folder.document() for folder in folders)
    page = Page(
        cursor="canned", complete=True, epoch="canned", durable_through=0,
        documents=documents,
    )  # fmt: skip
    held = {
        "now_ms": NOW_MS,
        "actor": "li",
        "page": plain(page),
        "policy": {"price_lists": plain((LIST,))},
        "told": [plain(one) for one in told],
    }
    return json.dumps(held, ensure_ascii=False, indent=1) + "\n"


def canned() -> dict[str, str]:
    """What is to lie there, by file name."""
    return {f"{name}.json": as_text(scene()) for name, scene in SCENES.items()}


def main() -> None:
    """Write it down."""
    for name, text in canned().items():
        (WHERE / name).write_text(text, "utf-8")


if __name__ == "__main__":
    main()
