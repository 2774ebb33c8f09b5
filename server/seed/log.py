"""The company's central log of the sample month: what whoever keeps it writes of each
order, and where they slip.

To add a slip, write it and give it a row in SLIPS. May not enter: how the log comes in,
who decides what differs (`books.py`).
"""

import csv
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from io import StringIO

from server.seed.jobs import Job
from server.seed.words import NO_PHONE
from sync.moment import DAY_MS, MINUTE_MS, Moment
from sync.order import Order, Stage
from sync.prices import bill
from sync.reconcile import believed
from sync.reconcile.visits import completions
from sync.register import COLUMNS, RegisterRow, spoken
from sync.standing import is_signed, last_result

EVERY = 4  # of so many orders that were visited one has a slip
TOO_EARLY_MS = 45 * MINUTE_MS
CONTENT, DISCONTENT = 4, 2

Rows = list[RegisterRow]


def honest(job: Job, order: Order, names: Mapping[str, str]) -> RegisterRow:
    """What the field recorded, as the log has it: times to the minute."""
    request, home = order.request, job.home
    assert request is not None
    asked = RegisterRow(
        number=job.number, registered_ms=request.registered_ms,
        channel=request.channel, kind=request.sort, site=home.place.project,
        building=home.place.building, unit=home.place.unit, room=home.place.room,
        owner=home.owner, phone=home.phone, trade=request.trade,
        fault=job.fault.said, priority=request.priority, state=_state(order),
    )  # fmt: skip
    return _worked(asked, order, names) if order.visits else asked


def _worked(row: RegisterRow, order: Order, names: Mapping[str, str]) -> RegisterRow:
    done, whole, stars = [*completions(order)], bill(order), _stars(order)
    first = order.visits[0]
    over = row.state == "closed" and bool(done)
    return replace(
        row,
        payer=order.items[0].payer.value if order.items else None,
        technician=names.get(first.by, first.by),
        arrived_ms=_minute(first.moment),
        completed_ms=_minute(done[-1]) if done else None,
        result=last_result(order),
        signed=is_signed(order) if order.rounds else None,
        material_fen=whole.material_fen,
        labour_fen=whole.labour_fen,
        charged_fen=whole.owner_fen,
        called_back_ms=_minute(done[-1]) + DAY_MS if over else None,
        satisfaction=_content(stars) if over else None,
    )


def _state(order: Order) -> str:
    if order.closed:
        return "closed"
    if order.cancelled:
        return "cancelled"
    return "rework" if order.stage is Stage.REWORK else "open"


def _minute(moment: Moment) -> int:
    """A minute that the field's interval holds."""
    first, end = believed(moment)
    sides = [one for one in (first, end and end - 1) if one is not None]
    middle = sum(sides) // max(1, len(sides))
    return middle - middle % MINUTE_MS


def _stars(order: Order) -> int:
    return order.ratings[-1].stars if order.ratings else 3


def _content(stars: int) -> str:
    if stars >= CONTENT:
        return "satisfied"
    return "neutral" if stars > DISCONTENT else "dissatisfied"


# where somebody slips


@dataclass(frozen=True)
class Slip:
    """How a row is written wrongly, and of which orders it can be."""

    fits: Callable[[Order], bool]
    writes: Callable[[RegisterRow], Rows]


def _repaired(order: Order) -> bool:
    return is_signed(order) and order.stage is Stage.ACCEPTED


def _visited(order: Order) -> bool:
    return bool(order.visits and order.items)


def _unsigned(order: Order) -> bool:
    return order.stage is Stage.UNSIGNED and not is_signed(order)


def _sent_back(order: Order) -> bool:
    return order.stage is Stage.REWORK and not order.closed


def _unhappy(order: Order) -> bool:
    return bool(order.closed and order.ratings) and _stars(order) <= DISCONTENT


def _too_early(row: RegisterRow) -> Rows:
    """Noted afterwards, and better than it was."""
    early_ms = (row.arrived_ms or 0) - TOO_EARLY_MS
    return [replace(row, arrived_ms=max(row.registered_ms, early_ms))]


def _other_class(row: RegisterRow) -> Rows:
    return [replace(row, payer="B" if row.payer == "A" else "A")]


def _dearer(row: RegisterRow) -> Rows:
    return [replace(row, charged_fen=(row.charged_fen or 0) + 2_000)]


# The rarest first: only one or two orders of a month give occasion for them.
SLIPS: Mapping[str, Slip] = {
    "signature_claimed": Slip(_unsigned, lambda row: [replace(row, signed=True)]),
    "closed_unaccepted": Slip(_sent_back, lambda row: [replace(row, state="closed")]),
    "call_contradicts": Slip(
        _unhappy, lambda row: [replace(row, satisfaction="satisfied")]
    ),
    "arrival_differs": Slip(_repaired, _too_early),
    "amount_differs": Slip(_repaired, _dearer),
    "payer_differs": Slip(_visited, _other_class),
    "missing_in_register": Slip(_repaired, lambda _row: []),
    "technician_differs": Slip(_repaired, lambda row: [row]),  # by whom: `Log`
    "signature_denied": Slip(_repaired, lambda row: [replace(row, signed=False)]),
    "number_twice": Slip(_repaired, lambda row: [row, row]),
    "arrival_missing": Slip(_visited, lambda row: [replace(row, arrived_ms=None)]),
    "unreadable_row": Slip(_visited, lambda row: [replace(row, phone=NO_PHONE)]),
}


class Log:
    """The log as it is exported now and then: a slip stays until it is put right."""

    def __init__(self, names: Mapping[str, str], offset_minutes: int) -> None:
        self._names = names
        self._offset = timedelta(minutes=offset_minutes)
        self._turn = deque(SLIPS)
        self._looked_at: set[str] = set()
        self._slips: dict[str, str] = {}

    def mend(self, numbers: Collection[str]) -> None:
        """Put these right, as somebody decided."""
        for number in numbers:
            self._slips.pop(number, None)

    def export(self, told: Iterable[tuple[Job, Order]], at_ms: int) -> bytes:
        """All of it as CSV, as it stands now."""
        text = StringIO(newline="")
        writer = csv.writer(text)
        writer.writerow([one.name for one in COLUMNS])
        rows = [row for job, order in told for row in self._rows(job, order)]
        if rows:
            rows.append(self._stranger(rows[-1], at_ms))
        writer.writerows(self._cells(row) for row in rows)
        return text.getvalue().encode("utf-8-sig")

    def _rows(self, job: Job, order: Order) -> Rows:
        row = honest(job, order, self._names)
        if job.number not in self._looked_at and _visited(order):
            self._looked_at.add(job.number)
            if len(self._looked_at) % EVERY == 0:
                self._slip(job.number, order)
        code = self._slips.get(job.number, "")
        if not code or not SLIPS[code].fits(order):
            return [row]
        if code == "technician_differs":
            there = {self._names[one.by] for one in order.visits}
            row = replace(row, technician=self._other(there))
        return SLIPS[code].writes(row)

    def _slip(self, number: str, order: Order) -> None:
        """The next one that can be of this order."""
        code = next((one for one in self._turn if SLIPS[one].fits(order)), None)
        if code is not None:
            self._slips[number] = code
            self._turn.remove(code)
            self._turn.append(code)

    def _other(self, there: Collection[str]) -> str:
        return next(one for one in self._names.values() if one not in there)

    def _stranger(self, row: RegisterRow, at_ms: int) -> RegisterRow:
        """A call under a number that nobody here ever had."""
        day = (datetime.fromtimestamp(at_ms // 1000, UTC) + self._offset).day
        number = f"{row.number[:-4]}9{day:03}"
        return replace(honest_call(row), number=number)

    def _cells(self, row: RegisterRow) -> Iterator[str]:
        for column in COLUMNS:
            yield self._cell(column.field, getattr(row, column.field))

    def _cell(self, field: str, value: object) -> str:
        if value is None or value == "":
            return ""
        if isinstance(value, bool) or not isinstance(value, int):
            return spoken(field, value) if field in SPOKEN else str(value)
        if field.endswith("_fen"):
            return f"{value / 100:.2f}"
        there = datetime.fromtimestamp(value // 1000, UTC) + self._offset
        return f"{there:%Y-%m-%d %H:%M}"


SPOKEN = frozenset({
    "kind", "priority", "payer", "result", "signed", "satisfaction", "state",
})  # fmt: skip


def honest_call(row: RegisterRow) -> RegisterRow:
    """Of a row what was known when somebody called."""
    return replace(
        row, payer=None, technician="", arrived_ms=None, completed_ms=None, result=None,
        signed=None, material_fen=None, labour_fen=None, charged_fen=None,
        called_back_ms=None, satisfaction=None, state="open",
    )  # fmt: skip
