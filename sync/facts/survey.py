"""Looking the fault over, and the owner's yes to the plan (V3, V6, L1)."""

from collections.abc import Mapping
from typing import ClassVar

from sync.envelope import DIGEST
from sync.facts.what import AT_WORK, UNTIL_SIGNED, Kept, What, but
from sync.order import (
    Agreement,
    Countersignature,
    Item,
    Line,
    Order,
    Payer,
    Quote,
    Stage,
    Survey,
    TakenAway,
)
from sync.words import N_


class Surveyed(What, frozen=True, kw_only=True):
    """Cause, method, estimate and duration, told to the owner on the spot (V3)."""

    kind = "survey.surveyed"
    label = N_("现场勘察")
    private = ("words",)
    fits = AT_WORK
    moves: ClassVar[Mapping[Stage, Stage]] = {Stage.ON_SITE: Stage.SURVEYED}
    catches_up = dict.fromkeys((Stage.LOGGED, Stage.DISPATCHED), Stage.SURVEYED)
    on_sheet = True

    cause: str
    method: str
    present: tuple[str, ...] = ()
    estimate_minutes: int = 0
    estimate_fen: int = 0
    promised_ms: int | None = None  # the date promised, if it cannot be finished now

    def about(self) -> str:
        return "survey"

    def change(self, order: Order, kept: Kept) -> Order:
        found = Survey(
            fact=kept.fact.id,
            cause=self.cause,
            method=self.method,
            present=self.present,
            estimate_minutes=self.estimate_minutes,
            estimate_fen=self.estimate_fen,
            promised_ms=self.promised_ms,
            private=kept.fact.private,
        )
        return but(order, survey=found)


class Countersigned(What, frozen=True, kw_only=True):
    """One of those present puts a hand to the survey, beside the technician (P5)."""

    kind = "survey.countersigned"
    label = N_("勘察会签")
    private = ("name",)
    blobs = ("signature",)

    survey: str  # the fact that is signed
    role: str  # engineering, property, contractor, service, owner

    def misfit(self) -> str | None:
        return None if DIGEST.fullmatch(self.survey) else "survey"

    def change(self, order: Order, kept: Kept) -> Order:
        strokes = kept.fact.blob("signature")
        hand = Countersignature(
            fact=kept.fact.id,
            survey=self.survey,
            role=self.role,
            signature=strokes.sha256 if strokes else None,
            private=kept.fact.private,
        )
        return but(order, countersigned=(*order.countersigned, hand))


class ItemFound(What, frozen=True, kw_only=True):
    """One thing to put right, and who bears it (L1). Said again under the same number
    it takes the place of what was said before."""

    kind = "survey.item_found"
    label = N_("维修事项")
    private = ("what", "where")
    fits = UNTIL_SIGNED
    on_sheet = True

    item: int
    trade: str
    payer: Payer

    def about(self) -> str:
        return f"item {self.item}"

    def change(self, order: Order, kept: Kept) -> Order:
        found = Item(
            item=self.item,
            trade=self.trade,
            payer=self.payer,
            fact=kept.fact.id,
            private=kept.fact.private,
        )
        items = sorted((*order.items, found), key=lambda one: one.item)
        return but(order, items=tuple(items))


class Quoted(What, frozen=True, kw_only=True):
    """A price for what the owner would pay, from the list the tablet holds (L3)."""

    kind = "survey.quoted"
    label = N_("报价")
    fits = UNTIL_SIGNED

    lines: tuple[Line, ...]
    price_list: str

    def misfit(self) -> str | None:
        return None if all(one.sane for one in self.lines) else "lines"

    def about(self) -> str:
        return "quote"

    def change(self, order: Order, kept: Kept) -> Order:
        offer = Quote(fact=kept.fact.id, lines=self.lines, price_list=self.price_list)
        return but(order, quote=offer)


class PlanAgreed(What, frozen=True, kw_only=True):
    """The owner says yes to plan and price; paid work starts only after it (V3)."""

    kind = "survey.plan_agreed"
    label = N_("业主同意方案")
    private: ClassVar[tuple[str, ...]] = ("owner",)
    fits = UNTIL_SIGNED
    moves: ClassVar[Mapping[Stage, Stage]] = {Stage.SURVEYED: Stage.AGREED}
    catches_up: ClassVar[Mapping[Stage, Stage]] = dict.fromkeys(
        (Stage.LOGGED, Stage.DISPATCHED), Stage.AGREED
    )
    on_sheet = True

    relation: str
    total_fen: int = 0
    promised_ms: int | None = None

    def change(self, order: Order, kept: Kept) -> Order:
        return but(order, agreements=(*order.agreements, self.agreement(kept)))

    def agreement(self, kept: Kept) -> Agreement:
        return Agreement(
            fact=kept.fact.id,
            relation=self.relation,
            total_fen=self.total_fen,
            promised_ms=self.promised_ms,
            private=kept.fact.private,
        )


class PlanChanged(PlanAgreed, frozen=True, kw_only=True):
    """A change of plan or an extension, with the owner's consent (V6)."""

    kind = "survey.plan_changed"
    label = N_("变更方案并经业主同意")
    private = ("owner", "words")
    moves: ClassVar[Mapping[Stage, Stage]] = {}
    catches_up: ClassVar[Mapping[Stage, Stage]] = {}

    reason: str

    def agreement(self, kept: Kept) -> Agreement:
        return but(super().agreement(kept), reason=self.reason)


class ThingTakenAway(What, frozen=True, kw_only=True):
    """Something leaves the home for repair, against a receipt (取件交接单, V3)."""

    kind = "survey.taken_away"
    label = N_("取件交接")
    private = ("what",)
    on_sheet = True

    receipt: str

    def change(self, order: Order, kept: Kept) -> Order:
        gone = TakenAway(
            fact=kept.fact.id, receipt=self.receipt, private=kept.fact.private
        )
        return but(order, taken_away=(*order.taken_away, gone))


class ThingReturned(What, frozen=True, kw_only=True):
    """It is back, and its receipt is closed (V3)."""

    kind = "survey.returned"
    label = N_("取件归还")
    on_sheet = True

    receipt: str

    def change(self, order: Order, kept: Kept) -> Order:
        back = tuple(
            but(one, returned=kept.fact.id) if one.receipt == self.receipt else one
            for one in order.taken_away
        )
        return but(order, taken_away=back)
