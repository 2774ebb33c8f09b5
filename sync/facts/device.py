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
        right = 0 < len(set(self.orders)) == len(self.orders) <= MOST_ORDERS
        return None if right and all(map(_is_order, self.orders)) else "orders"


def _is_order(name: str) -> bool:
    return name.startswith("order:") and STREAM.fullmatch(name) is not None
