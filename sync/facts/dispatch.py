"""The desk gives an order to somebody, takes it back; people take notice.

Decisions here are the desk's alone: no fact of a tablet changes them (invariant 26).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from sync.facts.what import Kept, What, but
from sync.order import Assignment, Cancellation, Order, Seen, Stage
from sync.words import N_


@dataclass(frozen=True, kw_only=True)
class Dispatched(What):
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


@dataclass(frozen=True, kw_only=True)
class Cancelled(What):
    """Nobody needs to go any more."""

    kind = "dispatch.cancelled"
    label = N_("取消工单")
    private = ("words",)
    decides = True

    reason: str

    def change(self, order: Order, kept: Kept) -> Order:
        gone = Cancellation(reason=self.reason, fact=kept.fact.id)
        return but(order, cancelled=order.cancelled or gone)


@dataclass(frozen=True, kw_only=True)
class OrderSeen(What):
    """A person opened the order, so that the desk knows who knows (P6)."""

    kind = "dispatch.seen"
    label = N_("已查看")

    def change(self, order: Order, kept: Kept) -> Order:
        head = kept.fact.head
        mark = Seen(by=head.by, fact=kept.fact.id, basis=head.basis, moment=kept.moment)
        return but(order, seen=(*order.seen, mark))
