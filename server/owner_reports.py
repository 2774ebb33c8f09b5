"""What owners said in confidence of people who work here (C6).

Not a fact: facts travel to the tablets of those they are about. May not enter: HTTP.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Engine, select

from server.board_tables import order_row
from server.database import reading
from server.owner_tables import owner_report
from sync.access import EVERY, Grant, projects

MOST = 200


def reports(engine: Engine, grants: Iterable[Grant]) -> list[dict[str, Any]]:
    """Those of the projects in which somebody may read them, the newest first."""
    where = projects(grants, "report.read")
    chosen = (
        select(owner_report, order_row.c.number, order_row.c.project)
        .outerjoin(order_row, order_row.c.stream == owner_report.c.stream)
        .order_by(owner_report.c.made_ms.desc(), owner_report.c.id)
    )
    if EVERY not in where:
        chosen = chosen.where(order_row.c.project.in_(sorted(where)))
    with reading(engine) as connection:
        rows = connection.execute(chosen.limit(MOST)).mappings().all()
    wanted = ("id", "stream", "number", "words", "made_ms")
    return [{name: row[name] for name in wanted} for row in rows]
