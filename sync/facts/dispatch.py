"""The desk gives an order to somebody, takes it back, closes it; people take notice.

Decisions here are the desk's alone: no fact of a tablet changes them (invariant 26).
"""

import re
from collections.abc import Mapping
from typing import ClassVar

from sync.facts.what import Kept, What, but
from sync.order import (
    Assignment,
    Cancellation,
    Closing,
    Halt,
    Order,
    Remark,
    Resolution,
    Seen,
    Stage,
)
from sync.words import N_

REVIEW = re.compile(r"[A-Za-z0-9_-]{16}")


class Dispatched(What, frozen=True, kw_only=True):
    """The order is given to a lead technician and, if need be, helpers. Given again to
    somebody else it is a reassignment (改派)."""

    kind = "dispatch.dispatched"
    label = N_("派单")
    private = ("words",)
    fits = frozenset(Stage) - {Stage.UNKNOWN, Stage.ACCEPTED}
    moves: ClassVar[Mapping[Stage, Stage]] = {
        Stage.LOGGED: Stage.DISPATCHED,
        Stage.ON_SITE: Stage.DISPATCHED,
    }
    decides = True

    technician: str
    helpers: tuple[str, ...] = ()

    def change(self, order: Order, kept: Kept) -> Order:
        given = Assignment(
            technician=self.technician, helpers=self.helpers, fact=kept.fact.id
        )
        return but(order, assignments=(*order.assignments, given))


class Cancelled(What, frozen=True, kw_only=True):
    """Nobody needs to go any more."""

    kind = "dispatch.cancelled"
    label = N_("取消工单")
    private = ("words",)
    decides = True

    reason: str

    def change(self, order: Order, kept: Kept) -> Order:
        gone = Cancellation(reason=self.reason, fact=kept.fact.id)
        return but(order, cancelled=order.cancelled or gone)


class Closed(What, frozen=True, kw_only=True):
    """Nothing more will happen (结案). What comes later all the same is kept, and put
    before a person."""

    kind = "dispatch.closed"
    label = N_("结案")
    private = ("words",)
    decides = True

    reason: str

    def change(self, order: Order, kept: Kept) -> Order:
        shut = Closing(reason=self.reason, fact=kept.fact.id)
        return but(order, closed=order.closed or shut)


class Reopened(What, frozen=True, kw_only=True):
    """Something is left to be done after all. A merged order stays closed: its other
    half goes on."""

    kind = "dispatch.reopened"
    label = N_("重新打开")
    private = ("words",)
    decides = True

    reason: str

    def change(self, order: Order, kept: Kept) -> Order:  # noqa: ARG002 - for kinds
        return but(order, closed=order.closed if order.merged_into else None)


class PutOnHold(What, frozen=True, kw_only=True):
    """The work waits for something that is nobody's delay: until it is resumed, what is
    promised about the order does not count on. Held already, nothing changes."""

    kind = "dispatch.held"
    label = N_("挂起")
    private = ("words",)
    fits = frozenset(Stage) - {Stage.UNKNOWN, Stage.ACCEPTED}
    decides = True

    reason: str  # parts, owner, approval, weather, contractor, other
    until_ms: int | None = None  # when it is expected to go on; nothing happens then

    def change(self, order: Order, kept: Kept) -> Order:
        if order.held:
            return order
        halt = Halt(
            fact=kept.fact.id,
            reason=self.reason,
            until_ms=self.until_ms,
            moment=kept.moment,
            private=kept.fact.private,
        )
        return but(order, halts=(*order.halts, halt))


class Resumed(What, frozen=True, kw_only=True):
    """What the order waited for is there: its promises count on."""

    kind = "dispatch.resumed"
    label = N_("恢复")
    private = ("words",)
    decides = True

    def change(self, order: Order, kept: Kept) -> Order:
        if not order.held:
            return order
        *over, halt = order.halts
        return but(order, halts=(*over, but(halt, resumed=kept.moment)))


class Commented(What, frozen=True, kw_only=True):
    """Somebody at the desk leaves word for whoever goes, or for whoever asks later."""

    kind = "dispatch.commented"
    label = N_("留言")
    private = ("words",)
    decides = True

    def change(self, order: Order, kept: Kept) -> Order:
        said = Remark(
            fact=kept.fact.id, by=kept.fact.head.by, private=kept.fact.private
        )
        return but(order, remarks=(*order.remarks, said))


class ReviewResolved(What, frozen=True, kw_only=True):
    """A person has looked at what facts disagree about, and says why it may rest."""

    kind = "review.resolved"
    label = N_("核对完毕")
    private = ("words",)
    decides = True

    review: str  # its id
    reason: str

    def misfit(self) -> str | None:
        return None if REVIEW.fullmatch(self.review) else "review"

    def change(self, order: Order, kept: Kept) -> Order:
        looked_at = Resolution(
            review=self.review,
            reason=self.reason,
            fact=kept.fact.id,
            private=kept.fact.private,
        )
        return but(order, resolutions=(*order.resolutions, looked_at))


class OrderSeen(What, frozen=True, kw_only=True):
    """A person opened the order, so that the desk knows who knows (P6)."""

    kind = "dispatch.seen"
    label = N_("已查看")

    def change(self, order: Order, kept: Kept) -> Order:
        head = kept.fact.head
        mark = Seen(
            by=head.by, fact=kept.fact.id, basis=kept.knowing, moment=kept.moment
        )
        return but(order, seen=(*order.seen, mark))
