"""What the central log has to put right, as lines for whoever keeps it.

A line for each decision that stands and says that the field is right; gone from the
list once the log says so too. May not enter: files, HTTP.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from openpyxl import Workbook
from sqlalchemy import Connection, select

from server.central import wording
from server.central.waiting import theirs
from server.central_tables import difference
from server.exports import Cell, add_sheet, bytes_of
from server.story import called
from server.words import say
from sync.facts.reconciling import FIELD
from sync.reconcile import LABELS
from sync.reconcile.deciding import REASONS
from sync.reconcile.telling import COLUMNS as OF_LOG
from sync.reconcile.telling import WHOLE_ROW
from sync.words import N_

MOST = 20_000
COLUMNS = (
    N_("统一编号"), N_("项目"), N_("差异"), N_("台账栏目"), N_("台账现在写的"),
    N_("现场证据"), N_("理由"), N_("裁定人"), N_("裁定时间"), N_("裁定编号"),
)  # fmt: skip
WIDE: Mapping[str, int] = {N_("差异"): 40, N_("现场证据"): 30}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Decided in [from, until), of these projects; `every`: also what the log has put
    right since."""

    projects: Collection[str]
    project: str | None = None
    from_ms: int = 0
    until_ms: int | None = None
    every: bool = False


def lines(connection: Connection, asked: Asked, offset: int) -> list[tuple[Cell, ...]]:
    """At most one more than may be in a file, the oldest decision first."""
    return list(_lines(connection, asked, offset))


def _lines(
    connection: Connection, asked: Asked, offset: int
) -> Iterator[tuple[Cell, ...]]:
    row = difference.c
    chosen = theirs(asked.projects) & (row.choice == FIELD)
    chosen &= row.decision.is_not(None) & (row.settled_ms >= asked.from_ms)
    if asked.until_ms is not None:
        chosen &= row.settled_ms < asked.until_ms
    if asked.project is not None:
        chosen &= row.project == asked.project
    if not asked.every:
        chosen &= row.open
    found = connection.execute(
        select(difference).where(chosen).order_by(row.settled_ms, row.id)
        .limit(MOST + 1)
    ).all()  # fmt: skip
    people = called(connection, {one.settled_by for one in found})
    for one in found:
        theirs_, ours = wording.sides(one.code, one.register, one.field, offset)
        at = datetime.fromtimestamp(one.settled_ms // 1000, UTC)
        yield (
            one.number, one.project, say(LABELS[one.code], {}),
            OF_LOG.get(one.code, WHOLE_ROW), theirs_, ours,
            say(REASONS[one.reason], {}) if one.reason in REASONS else one.reason,
            people.get(one.settled_by, one.settled_by),
            (at + timedelta(minutes=offset)).replace(tzinfo=None), one.decision,
        )  # fmt: skip


def workbook(lines: Sequence[Sequence[Cell]]) -> bytes:
    """The lines as a workbook."""
    book = Workbook(write_only=True)
    add_sheet(book, N_("台账更正"), COLUMNS, lines, WIDE)
    return bytes_of(book)
