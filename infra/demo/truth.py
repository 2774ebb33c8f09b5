"""One seed, one month: what was asked, what happened, what the register says.

`make_truth` invents the calls too; `truth_for_register` takes real ones. May not
enter: files, processes, clocks.
"""

from infra.demo.happenings import Truth
from infra.demo.homes import happened
from infra.demo.lies import month_end
from infra.demo.town import TECHNICIANS, calls
from sync.register import RegisterRow

REQUESTS = 48
ORDERS = 12
VISITED = {None, "repair", "complaint"}


def make_truth(seed: int, orders: int = ORDERS, requests: int = REQUESTS) -> Truth:
    """The sample month; something happens in the homes of its first `orders` calls."""
    return truth_for_register(calls(seed, max(requests, orders)), seed, orders)


def truth_for_register(
    rows: tuple[RegisterRow, ...], seed: int, orders: int = ORDERS
) -> Truth:
    """What might have happened behind a real register's opened rows."""
    visited = [row for row in rows if row.kind in VISITED][:orders]
    homes = happened(seed, tuple(visited))
    closed, lies = month_end(seed, rows, homes)
    return Truth(
        seed=seed,
        technicians=TECHNICIANS,
        opened=rows,
        homes=homes,
        closed=closed,
        lies=lies,
    )
