"""One order of the sample month, and what people do to it, in the words of the trade.

Every method does one thing now, through the door that it goes through in real life. May
not enter: which of these things happen to an order (`scripts.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from random import Random
from typing import Any

from server import desk
from server.ledger import Decision
from server.paper.knowledge import latest
from server.seed import drawing
from server.seed.hours import Days
from server.seed.tablets import Blob, Tablet
from server.seed.town import Household, Town
from server.seed.words import (
    CHANNELS,
    RELATIONS,
    REMARKS,
    UNHAPPY,
    WILL_NOT_SIGN,
    Fault,
)
from sync.envelope import BlobRef
from sync.facts import Fact, What
from sync.facts.acceptance import Accepted, Inspected, Rejected, SignatureRefused
from sync.facts.afterwards import Paid, Rated
from sync.facts.approval import Approved, Held
from sync.facts.dispatch import (
    Cancelled,
    Closed,
    Commented,
    OrderSeen,
    PutOnHold,
    Resumed,
    ReviewResolved,
)
from sync.facts.intake import Logged
from sync.facts.owner import OWNER, OwnerComplained, OwnerDisputed
from sync.facts.survey import ItemFound, PlanAgreed, Surveyed
from sync.facts.visit import (
    DOOR_STEPS,
    Appointed,
    Arrived,
    DoorProtocol,
    Left,
    SetOff,
)
from sync.facts.work import Completed, PartUsed, Photographed, Recorded, SafeMade
from sync.moment import DAY_MS, MINUTE_MS
from sync.order import Line, Payer, order_stream
from sync.sheet import CONSENT, MEDIA_TYPE, covers, draw_up, shown_hash

HOUR_MS = 60 * MINUTE_MS
PRICE_LIST = "2026-01"
DOUBLES = frozenset({"给排水", "防水"})  # two trades behind one wall, now and then


def blob_of(data: bytes, media: str, role: str) -> Blob:
    """Bytes with how a fact names them."""
    name = sha256(data).hexdigest()
    return BlobRef(sha256=name, bytes=len(data), type=media, role=role), data


@dataclass(kw_only=True)
class Job:
    """An order and those it concerns. `now_ms` is moved on by whoever plays it."""

    town: Town
    dice: Random
    home: Household
    fault: Fault
    sort: str = "repair"
    now_ms: int = 0
    tablet: Tablet | None = None
    number: str = ""
    stream: str = ""
    facts: dict[str, Fact] = field(default_factory=dict)
    crew: tuple[str, ...] = ()  # who is to go there
    own: bool = False  # under a number of ours, which the register does not have
    old: bytes = b""  # a picture of an earlier job that is shown as this one's

    def take_number(self, number: str) -> None:
        """The register has a number for it."""
        self.number, self.stream = number, order_stream(number)

    def minutes(self, least: int, most: int) -> int:
        """Some minutes, in milliseconds, to the second."""
        return self.dice.randrange(least * 60, most * 60 + 1) * 1000

    def window(self, days: int) -> int:
        """When an appointment so many days from now begins."""
        return Days(self.town.parts.policy.calendar).window(
            self.now_ms, days, self.dice
        )

    # the desk

    def logged(self) -> None:
        """The register has it: to the minute, as it writes."""
        home, dice = self.home, self.dice
        what = Logged(
            number=self.number, registered_ms=self.now_ms - self.now_ms % MINUTE_MS,
            channel=dice.choice(CHANNELS), sort=self.sort, site=home.place.project,
            trade=self.fault.trade, priority=self.fault.priority,
        )  # fmt: skip
        private = {
            "owner": home.owner, "phone": home.phone, "building": home.place.building,
            "unit": home.place.unit, "room": home.place.room, "fault": self.fault.said,
            "remark": dice.choice(REMARKS), "first_asked": self.town.agent(dice).name,
        }  # fmt: skip
        one = Decision(stream=self.stream, what=what, private=private)
        self.town.ledger.decide([one], self.town.taker, self.now_ms)

    def decide(self, what: What, words: str = "", by: str = "") -> None:
        """The desk states this."""
        desk.decide(
            self.town.ledger, what, stream=self.stream, by=by or self.town.dispatcher,
            words=words, now_ms=self.now_ms,
        )  # fmt: skip

    def dispatched(self, to: str = "", *helpers: str) -> None:
        """The desk gives it to somebody who may do it that day."""
        who = to or self.town.fitting(self.fault.trade, self.dice)
        parts = self.town.parts
        desk.dispatch(
            self.town.ledger, parts.people, parts.qualifications, technician=who,
            helpers=helpers, stream=self.stream, by=self.town.dispatcher, words="",
            now_ms=self.now_ms,
        )  # fmt: skip
        self.tablet = self.town.tablets[who]
        self.crew = (who, *helpers)

    def held(self, reason: str, words: str) -> None:
        self.decide(PutOnHold(reason=reason), words)

    def resumed(self, words: str = "") -> None:
        self.decide(Resumed(), words)

    def commented(self, words: str) -> None:
        self.decide(Commented(), words)

    def cancelled(self, reason: str, words: str = "") -> None:
        self.decide(Cancelled(reason=reason), words)

    def closed(self) -> None:
        self.decide(Closed(reason="done"))

    def approved(self, up_to_fen: int) -> None:
        hold = self.facts["held"].id
        self.decide(Approved(hold=hold, up_to_fen=up_to_fen), by=self.town.manager)

    def looked_at(self, reason: str, words: str) -> None:
        """Every review that is open is decided."""
        order = self.town.known(self.stream)
        for one in order.reviews if order else ():
            self.decide(ReviewResolved(review=one.id, reason=reason), words)

    # the technician

    @property
    def pad(self) -> Tablet:
        """The tablet of whoever was given it; the one that they have now."""
        assert self.tablet is not None
        return self.town.tablets[self.tablet.actor]

    def tell(
        self,
        what: What,
        private: Mapping[str, str] | None = None,
        blobs: tuple[Blob, ...] = (),
        pad: Tablet | None = None,
        leap: int = 0,
    ) -> Fact:
        """Recorded on a tablet, a moment later than what was recorded before."""
        self.now_ms += self.dice.randrange(4_000, 30_000)
        return (pad or self.pad).tell(
            self.stream, what, self.now_ms, private, blobs, leap
        )

    def handed_in(self, pad: Tablet | None = None) -> bool:
        """A contact, if there is coverage."""
        return (pad or self.pad).exchange(self.now_ms, self.stream)

    def away(self, minutes: int, pad: Tablet | None = None) -> None:
        """No coverage for so long."""
        (pad or self.pad).away_until_ms = self.now_ms + minutes * MINUTE_MS

    def seen(self) -> None:
        self.tell(OrderSeen())
        self.handed_in()

    def appointed(self, start_ms: int, hours: int = 2, reason: str = "") -> None:
        end_ms = start_ms + hours * HOUR_MS
        what = Appointed(start_ms=start_ms, end_ms=end_ms, reason=reason)
        self.tell(what, {"words": "业主电话确认"} if self.dice.random() < 0.3 else {})

    def set_off(self) -> None:
        """On the way to it, and so to nobody else."""
        self.tell(SetOff())
        self.town.inside[self.pad.actor] = self
        self.handed_in()

    def arrived(self, pad: Tablet | None = None) -> None:
        latitude = 302_500_000 + self.dice.randrange(400_000)
        longitude = 1_201_200_000 + self.dice.randrange(500_000)
        place = f"{latitude},{longitude},{self.dice.randrange(5, 40)}"
        self.tell(Arrived(), {"place": place} if self.dice.random() < 0.8 else {},
                  pad=pad)  # fmt: skip
        self.town.inside[(pad or self.pad).actor] = self

    def at_the_door(self, pad: Tablet | None = None) -> None:
        """Arrived, and the card of steps."""
        self.arrived(pad)
        card = DoorProtocol(
            steps=tuple(DOOR_STEPS), photo_consent=True, place_consent=True,
            start_consent=True,
        )  # fmt: skip
        self.tell(card, pad=pad)

    def made_safe(self) -> None:
        measure = {"电气": "已断电", "给排水": "已关总阀"}.get(
            self.fault.trade, "已临时封堵"
        )
        self.tell(SafeMade(measures=(measure,)))

    def photographed(self, moment: str, pad: Tablet | None = None) -> None:
        place = Random(self.stream)  # noqa: S311 - of a sample
        picture = drawing.photo(place, self.dice, moment, self.fault.trade)
        if moment == "after":
            taken = ((pad or self.pad).actor, picture)
            self.town.pictures.setdefault(self.fault.trade, taken)
            picture = self.old or picture
        self.tell(Photographed(moment=moment, item=1), pad=pad,
                  blobs=(blob_of(picture, "image/png", "photo"),))  # fmt: skip

    def surveyed(self, pad: Tablet | None = None, cause: str = "") -> None:
        """Looked over, one item or two, told to the owner."""
        what = Surveyed(
            cause=cause or self.fault.cause, method=self.fault.remedy,
            present=("物业", "业主"), estimate_minutes=self.dice.choice((20, 40, 60)),
            estimate_fen=self.fault.fen,
        )  # fmt: skip
        self.tell(what, pad=pad)
        payer = self.dice.choice((Payer.CONTRACTOR, Payer.COMPANY, Payer.OWNER))
        said, place = self.fault.said, self.fault.place
        self.found(1, self.fault.trade, payer, said, place, pad)
        if self.fault.trade in DOUBLES and self.dice.random() < 0.25:
            self.found(2, "装修", payer, "墙角泡水起皮", f"{place}旁", pad)

    def found(
        self, item: int, trade: str, payer: Payer, said: str, where: str,
        pad: Tablet | None = None,
    ) -> None:  # fmt: skip
        what = ItemFound(item=item, trade=trade, payer=payer)
        self.tell(what, {"what": said, "where": where}, pad=pad)

    def agreed(self, promised_ms: int | None = None, pad: Tablet | None = None) -> None:
        what = PlanAgreed(relation="owner", total_fen=self.fault.fen,
                          promised_ms=promised_ms)  # fmt: skip
        self.tell(what, {"owner": self.home.owner}, pad=pad)

    def too_dear(self, estimate_fen: int) -> None:
        what = Held(estimate_fen=estimate_fen, limit_fen=100_000, owner_told=True)
        self.facts["held"] = self.tell(
            what, {"words": "需要整体更换，已告知业主等审批。"}
        )

    def repaired(self, pad: Tablet | None = None, *, recorded: bool = True) -> None:
        """The work itself, with pictures, parts and hours."""
        self.part_used(self.fault.goods, self.fault.fen, pad)
        self.photographed("after", pad)
        self.recorded(pad, all_of_it=recorded)
        self.tell(Completed(), pad=pad)

    PRICES = PRICE_LIST

    def line(self, fen: int, pad: Tablet | None = None) -> Line:
        """One line of the bill, for whoever pays."""
        items = (pad or self.pad).sight(self.stream).items
        payer = items[0].payer if items else Payer.COMPANY
        return Line(code="M101", quantity=1, price_fen=fen, item=1, payer=payer)

    def part_used(self, name: str, fen: int, pad: Tablet | None = None) -> None:
        used = PartUsed(line=self.line(fen, pad), price_list=PRICE_LIST)
        self.tell(used, {"name": name}, pad=pad)

    def recorded(self, pad: Tablet | None = None, *, all_of_it: bool = True) -> None:
        """What was done to each item without a record; or to all but the first."""
        order = (pad or self.pad).sight(self.stream)
        done = {one.item for one in order.records}
        items = [one.item for one in order.items if one.item not in done] or [1]
        for item in items if all_of_it else items[1:]:
            record = Recorded(
                item=item, cause=self.fault.cause, remedy=self.fault.remedy,
                labour_minutes=self.dice.choice((20, 30, 45, 60)),
                labour_fen=self.dice.choice((0, 3_000, 5_000)),
            )  # fmt: skip
            self.tell(record, pad=pad)

    # the owner

    def inspected(
        self, round_: int, *, passed: bool, pad: Tablet | None = None
    ) -> None:
        sight = (pad or self.pad).sight(self.stream)
        for one in sight.items or ():
            bad = not passed and one is sight.items[-1]
            reason = self.dice.choice(UNHAPPY) if bad else None
            what = Inspected(round=round_, item=one.item, passed=not bad, reason=reason)
            self.tell(what, pad=pad)

    def _signed(
        self, round_: int, pad: Tablet | None
    ) -> tuple[dict[str, Any], Blob, Blob]:
        order = (pad or self.pad).sight(self.stream)
        page = draw_up(order, round_, "zh-CN", CONSENT)
        said = {"round": round_, "sheet": shown_hash(page), "covers": covers(order)}
        hand = blob_of(drawing.strokes(self.dice), "application/json", "signature")
        return said, blob_of(page, MEDIA_TYPE, "sheet"), hand

    def accepted(
        self, round_: int = 1, pad: Tablet | None = None, *, signed: bool = True
    ) -> None:
        said, sheet, hand = self._signed(round_, pad)
        what = Accepted(**said, relation=self.dice.choice(RELATIONS))
        blobs = (sheet, hand) if signed else (sheet,)
        word = self.tell(what, {"signer": self.home.owner}, blobs, pad)
        self.facts["signed"] = word

    def inspected_and_signed(self) -> None:
        """Whatever round is due, it is passed."""
        due = self.pad.sight(self.stream).round_due
        self.inspected(due, passed=True)
        self.accepted(due)

    def sent_back(self, round_: int = 1, pad: Tablet | None = None) -> None:
        """Sent back, to be put right by the day after tomorrow."""
        said, sheet, hand = self._signed(round_, pad)
        due_ms = self.now_ms + 2 * DAY_MS
        what = Rejected(**said, responsible=(pad or self.pad).actor, due_ms=due_ms)
        self.tell(what, {"signer": self.home.owner}, (sheet, hand), pad)

    def unsigned(self, round_: int = 1) -> None:
        said, sheet, _ = self._signed(round_, None)
        what = SignatureRefused(**said, reason=self.dice.choice(WILL_NOT_SIGN))
        self.tell(what, {"witness": "物业管家 宋岚"}, (sheet,))

    def paid(self) -> None:
        means = self.dice.choice(("qr", "qr", "cash"))
        self.tell(Paid(amount_fen=self.fault.fen, means=means))

    def paid_and_rated(self, round_: int = 1) -> None:
        order = self.pad.sight(self.stream)
        if order.items and order.items[0].payer is Payer.OWNER:
            self.paid()
        if self.dice.random() < 0.7:
            stars = self.dice.choice((5, 5, 5, 4, 4, 3, 2))
            self.tell(Rated(round=round_, stars=stars))

    def disputed(self, reason: str, words: str) -> None:
        """On the owner's own page, about the sheet that was signed."""
        order = self.town.known(self.stream)
        signed = latest(order) if order else None
        if signed is not None:
            self._owner_says(OwnerDisputed(sheet=signed.sheet, reason=reason), words)

    def complained(self, subject: str, words: str) -> None:
        self._owner_says(OwnerComplained(subject=subject), words)

    def _owner_says(self, what: What, words: str) -> None:
        one = Decision(stream=self.stream, what=what, private={"words": words})
        self.town.ledger.decide([one], OWNER, self.now_ms)

    def left(self, pad: Tablet | None = None) -> None:
        self.tell(Left(), pad=pad)
        self.gone(pad)

    def gone(self, pad: Tablet | None = None) -> None:
        """Out of the home again, whether the tablet was told or not."""
        self.town.inside.pop((pad or self.pad).actor, None)
