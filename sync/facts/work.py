"""The repair itself: photographs, parts, cause and remedy, done (V4, V5, V7)."""

from collections.abc import Mapping
from typing import ClassVar

from sync.envelope import DIGEST
from sync.facts.what import CORRECTION, UNTIL_SIGNED, Kept, What, but
from sync.order import (
    MOST_FEN,
    Line,
    MadeSafe,
    Order,
    Part,
    Photo,
    Stage,
    WorkRecord,
)
from sync.plain import settle
from sync.words import N_


class Correctable(What, frozen=True, kw_only=True):
    """Something that is only ever added to. Stated with `corrects` it takes the place
    of the fact that it names: that one was a slip of the finger."""

    corrects: str | None = None

    def misfit(self) -> str | None:
        named = self.corrects
        return None if named is None or DIGEST.fullmatch(named) else "corrects"

    def about(self) -> str:
        return CORRECTION + self.corrects if self.corrects else ""

    def puts_right(self) -> str | None:
        return self.corrects


class SafeMade(What, frozen=True, kw_only=True):
    """Danger was ended before anything was surveyed, priced or approved (P4a, L4)."""

    kind = "work.made_safe"
    label = N_("应急处理")
    private = ("words",)

    measures: tuple[str, ...]

    def change(self, order: Order, kept: Kept) -> Order:
        done = MadeSafe(
            fact=kept.fact.id,
            by=kept.fact.head.by,
            measures=self.measures,
            moment=kept.moment,
        )
        return but(order, made_safe=(*order.made_safe, done))


class Photographed(Correctable, frozen=True, kw_only=True):
    """A picture before, during or after, tied to its item (V4). Its bytes are never
    replaced; a correction says of what it was taken."""

    kind = "work.photographed"
    label = N_("拍照")
    blobs = ("photo",)
    on_sheet = True

    moment: str  # before, during, after, other
    item: int | None = None
    source: str = "camera"  # camera or gallery (X2)

    def __post_init__(self) -> None:
        settle(self)

    def change(self, order: Order, kept: Kept) -> Order:
        if (blob := kept.fact.blob("photo")) is None:
            return order
        taken = Photo(
            fact=kept.fact.id,
            blob=blob,
            moment=self.moment,
            item=self.item,
            by=kept.fact.head.by,
        )
        return but(order, photos=(*order.photos, taken))


class PartUsed(Correctable, frozen=True, kw_only=True):
    """What was fitted, how many, at which price of which list (V5, L3)."""

    kind = "work.part_used"
    label = N_("用料")
    private = ("name",)  # only for what no list knows
    fits = UNTIL_SIGNED
    on_sheet = True

    line: Line
    price_list: str

    def misfit(self) -> str | None:
        return super().misfit() if self.line.sane else "line"

    def change(self, order: Order, kept: Kept) -> Order:
        used = Part(
            fact=kept.fact.id,
            line=self.line,
            price_list=self.price_list,
            private=kept.fact.private,
        )
        return but(order, parts=(*order.parts, used))


class Recorded(What, frozen=True, kw_only=True):
    """Cause, remedy and hours for one item (V5). Said again it takes the place of what
    was said before about that item."""

    kind = "work.recorded"
    label = N_("维修记录")
    private = ("words", "owner_remarks")
    fits = UNTIL_SIGNED
    on_sheet = True

    item: int
    cause: str
    remedy: str
    labour_minutes: int
    labour_fen: int = 0

    def misfit(self) -> str | None:
        if self.labour_minutes < 0:
            return "labour_minutes"
        return None if 0 <= self.labour_fen <= MOST_FEN else "labour_fen"

    def about(self) -> str:
        return f"record {self.item}"

    def change(self, order: Order, kept: Kept) -> Order:
        record = WorkRecord(
            fact=kept.fact.id,
            item=self.item,
            cause=self.cause,
            remedy=self.remedy,
            labour_minutes=self.labour_minutes,
            labour_fen=self.labour_fen,
            private=kept.fact.private,
        )
        return but(order, records=(*order.records, record))


class Retracted(What, frozen=True, kw_only=True):
    """What the fact that is named says did not happen, or not here. Its words stay in
    the history and count no more; decisions of the desk and an owner's word cannot be
    taken back like this."""

    kind = "work.retracted"
    label = N_("撤回记录")
    private = ("words",)
    on_sheet = True

    fact: str
    reason: str

    def misfit(self) -> str | None:
        return None if DIGEST.fullmatch(self.fact) else "fact"

    def about(self) -> str:
        return CORRECTION + self.fact

    def puts_right(self) -> str | None:
        return self.fact

    def stage(self, before: Order, after: Order) -> Stage:
        """Who was never there has not arrived."""
        there = any(visit.under_way for visit in after.visits)
        alone = before.stage is Stage.ON_SITE and not there
        return Stage.DISPATCHED if alone else before.stage


class Completed(What, frozen=True, kw_only=True):
    """The technician says that it is done: tidied up, the owner asked to inspect and
    for other wishes (V7)."""

    kind = "work.completed"
    label = N_("完工")
    fits = frozenset({Stage.AGREED, Stage.REWORK, Stage.COMPLETED, Stage.UNSIGNED})
    moves: ClassVar[Mapping[Stage, Stage]] = {
        Stage.ON_SITE: Stage.COMPLETED,
        Stage.SURVEYED: Stage.COMPLETED,
        Stage.AGREED: Stage.COMPLETED,
        Stage.REWORK: Stage.COMPLETED,
    }
    catches_up = dict.fromkeys((Stage.LOGGED, Stage.DISPATCHED), Stage.COMPLETED)
    on_sheet = True

    tidied: bool = True
    asked_for_other_wishes: bool = True
