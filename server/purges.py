"""What devices stated to have cleared: read from their own streams, kept nowhere else.

May not enter: writing.
"""

from collections import Counter

from sqlalchemy import Engine, select

from server.database import reading
from server.tables import fact
from sync.envelope import read
from sync.facts import understand
from sync.facts.device import PurgeDone

DEVICE = "device:"


def cleared(engine: Engine) -> dict[str, int]:
    """Device -> how many orders it stated to be off it, each counted once."""
    found: Counter[str] = Counter()
    seen: set[tuple[str, str]] = set()
    with reading(engine) as connection:
        wanted = (
            select(fact.c.stream, fact.c.body)
            .where(fact.c.stream >= DEVICE, fact.c.stream < "device;")
            .order_by(fact.c.seq)
        )
        rows = connection.execute(wanted).all()
    for name, body in rows:
        what = understand(read(body)).what
        orders = what.orders if isinstance(what, PurgeDone) else ()
        new = {(name, order) for order in orders} - seen
        found[name.removeprefix(DEVICE)] += len(new)
        seen |= new
    return dict(found)
