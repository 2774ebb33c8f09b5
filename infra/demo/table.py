"""What a dispatcher reads at the month's end: orders, and what the register says
otherwise. May not enter: how any of it is found out.
"""

from collections.abc import Iterable, Mapping, Sequence

from rich.console import Console
from rich.table import Table

from infra.demo.happenings import Truth
from infra.demo.registers import local
from infra.demo.witness import Witness
from infra.demo.words import _
from sync.moment import Moment, Span
from sync.order import Order, Stage
from sync.reviews import LABELS as REVIEWS
from sync.standing import Standing
from sync.verdicts import Answer
from sync.words import N_

PLAIN_WIDTH = 180
STAGES: Mapping[str, str] = {
    Stage.DISPATCHED: N_("已派"),
    Stage.ON_SITE: N_("已到场"),
    Stage.SURVEYED: N_("已勘察"),
    Stage.AGREED: N_("维修中"),
    Stage.COMPLETED: N_("待验收"),
    Stage.REWORK: N_("返修中"),
    Stage.UNSIGNED: N_("业主拒签"),
    Stage.ACCEPTED: N_("已验收"),
}
VERDICTS: Mapping[Answer, str] = {
    Answer.KEPT: N_("守时"),
    Answer.MISSED: N_("超时"),
    Answer.UNDETERMINED: N_("不能断定"),
}
ORDERS = (
    N_("编号"),
    N_("进度"),
    N_("维修人员"),
    N_("到场区间（等级）"),
    N_("平板自称"),
    N_("到场时限"),
    N_("照片 收/拍"),
    N_("轮次"),
    N_("签字"),
    N_("待核对"),
)


def show_orders(console: Console, truth: Truth, witness: Witness) -> None:
    """A line for each order that somebody went to; the others are counted."""
    visited = [home.number for home in truth.homes]
    names = {one.id: one.name for one in truth.technicians}
    rows = [_row(witness, number, names) for number in visited]
    _put(console, ORDERS, rows)
    rest = len(witness.standings) - len(visited)
    console.print(_(N_("另有 {n} 张工单待派。"), n=rest))


def _row(witness: Witness, number: str, names: Mapping[str, str]) -> tuple[str, ...]:
    line, order = witness.standings[number], witness.order(number)
    stage = _(STAGES.get(line.stage, line.stage))
    verdict = line.arrival_verdict
    return (
        number,
        f"{stage} {_(N_('已取消'))}" if line.cancelled else stage,
        _who(order, names),
        interval(line.arrival),
        _clock(line.arrival.claimed_ms if line.arrival else None),
        _(VERDICTS[verdict.answer]) if verdict and line.arrival else "—",
        _photos(line, len(witness.document(number).flaws)),
        str(line.rounds),
        "✓" if line.signed else "—",
        "、".join(_(REVIEWS[code]) for code in sorted(set(line.reviews))) or "—",
    )


def _photos(line: Standing, flawed: int) -> str:
    """How many arrived of those taken, and how many of them have something wrong."""
    arrived = f"{line.photos_received}/{line.photos_taken}"
    return (
        _(N_("{arrived}（受损 {n}）"), arrived=arrived, n=flawed) if flawed else arrived
    )


def _who(order: Order, names: Mapping[str, str]) -> str:
    """Who was there; and to whom the order is given now, if that is somebody else."""
    there = dict.fromkeys(names.get(visit.by, visit.by) for visit in order.visits)
    given = order.assignment.technician if order.assignment else ""
    now = names.get(given, given)
    return "、".join(there) + (f" → {now}" if now not in there else "")


def interval(moment: Moment | None) -> str:
    """An interval with its grade, as the company's clocks show it."""
    if moment is None:
        return "—"
    span = moment.estimate if moment.earliest_ms is not None else moment.bracket
    return f"{_span(span)} {moment.grade}"


def _span(span: Span) -> str:
    first, end = _clock(span.first_ms), _clock(span.end_ms)
    same = first[:5] == end[:5]
    return f"{first}–{end[6:] if same else end}"


def _clock(at_ms: int | None) -> str:
    return "—" if at_ms is None else f"{local(at_ms):%m-%d %H:%M:%S}"


def show_differences(console: Console, witness: Witness) -> None:
    """What the month-end register says otherwise, as the desk is told."""
    console.print(witness.told_differences, markup=False, end="")


def _put(
    console: Console, headings: Sequence[str], rows: Iterable[Sequence[str]]
) -> None:
    table = Table(*map(_, headings), box=None, pad_edge=False)
    for row in rows:
        table.add_row(*row)
    console.print(table)
