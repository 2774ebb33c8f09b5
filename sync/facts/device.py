"""What a tablet states about itself, in its own stream `device:<id>`.

Kept and placed like every fact, and folded into no order: there is no document of a
tablet. May not enter: what happened to an order.
"""

from sync.envelope import STREAM
from sync.facts.what import What
from sync.words import N_

MOST_ORDERS = 100


class PurgeDone(What, frozen=True, kw_only=True):
    """These orders, and everything personal about them, are off the tablet: they had
    left its scope, and their date had come (S1)."""

    kind = "purge.done"
    label = N_("已清除离开范围的工单")

    orders: tuple[str, ...]

    def misfit(self) -> str | None:
        """Streams of orders, each once."""
        return _misfit(self.orders)


class ErasureDone(What, frozen=True, kw_only=True):
    """What was erased of these orders at their owner's wish is off the tablet too: the
    values and the originals that it still kept (S1)."""

    kind = "erasure.done"
    label = N_("已在平板上删除业主要求删除的内容")

    orders: tuple[str, ...]

    def misfit(self) -> str | None:
        """Streams of orders, each once."""
        return _misfit(self.orders)


def _misfit(orders: tuple[str, ...]) -> str | None:
    right = 0 < len(set(orders)) == len(orders) <= MOST_ORDERS
    return None if right and all(map(_is_order, orders)) else "orders"


def _is_order(name: str) -> bool:
    return name.startswith("order:") and STREAM.fullmatch(name) is not None
