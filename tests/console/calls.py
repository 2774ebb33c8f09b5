"""Orders as they come in at a desk, many of them at once.

May not enter: what is asserted, browsers.
"""

from collections.abc import Iterator
from itertools import islice

from server.ledger import Decision
from sync.facts.dispatch import Dispatched
from sync.facts.intake import Logged
from sync.order import order_id, order_stream
from tests.web.desk import Desk

MINUTE_MS = 60_000
TRADES = ("给排水", "电气", "门窗")
FAULTS = ("厨房渗水", "客厅灯不亮", "入户门关不严")
AT_ONCE = 200  # in one transaction


def many(desk: Desk, count: int) -> None:
    """So many open orders, every other one given to Li."""
    decisions = _decisions(desk, count)
    while some := list(islice(decisions, AT_ONCE)):
        desk.parts.ledger.decide(some, "chen", desk.parts.now())


def _decisions(desk: Desk, count: int) -> Iterator[Decision]:
    now = desk.parts.now()
    for n in range(count):
        stream = order_stream(f"DS{n:08d}")
        logged = Logged(
            number=f"DS{n:08d}", registered_ms=now - (n % 600) * MINUTE_MS,
            site="望江府", trade=TRADES[n % 3], sort="repair",
        )  # fmt: skip
        private = {
            "building": f"{n % 20 + 1}", "unit": "1", "room": f"{n:04d}",
            "phone": f"170{n:08d}", "owner": "赵敏", "fault": FAULTS[n % 3],
        }  # fmt: skip
        yield Decision(stream=stream, what=logged, private=private)
        if n % 2:
            given = Dispatched(technician="li")
            yield Decision(stream=stream, what=given, private={})


def id_of(number: str) -> str:
    """The order with this number, as the API names it."""
    return order_id(number)
