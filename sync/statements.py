"""A day or a month in figures: what is counted, on which day it counts, and what must
add up.

Every figure is the sum over a list of records; wholes and their parts are counted from
the same records, and `unsound` looks at all of it again. A figure belongs to the local
day that its `BASES` sentence names. May not enter: databases, clocks, how it is closed.
"""

import calendar as months
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sync.calendar import EPOCH, Calendar
from sync.deadlines import OPEN, Running
from sync.envelope import digest
from sync.facts.statement import Figure
from sync.moment import Moment
from sync.order import Order, Payer
from sync.plain import Record, as_json
from sync.prices import bill, total_fen
from sync.problems import Refused
from sync.words import N_

ALL = ""  # every project

SECTIONS: Mapping[str, str] = {
    "requests": N_("报修与结案"),
    "asked": N_("当期报修的现状"),
    "promises": N_("时限承诺"),
    "verdicts": N_("验收"),
    "money": N_("验收金额"),
    "payments": N_("收款"),
    "differences": N_("与总台账的差异"),
}
BASES: Mapping[str, str] = {
    "requests": N_(
        "登记按登记表的登记时刻，结案、取消、合并按办理时刻，归入当地日历日。"
    ),
    "asked": N_("登记时刻在当期之内的报修，按统计时的状态分。"),
    "promises": N_("按最迟到期时刻归日；算不出到期时刻的，归登记日。"),
    "verdicts": N_("按业主表态的时刻归日；时刻是区间的，取最迟的可能。"),
    "money": N_("首次签字验收在当期之内的工单，按实际用料和工时计。"),
    "payments": N_("按收款登记的时刻归日；时刻是区间的，取最迟的可能。"),
    "differences": N_("按对账首次发现的时刻归日，按统计时是否处理分。"),
}
LABELS: Mapping[str, str] = {
    "carried_in": N_("期初未结"),
    "asked": N_("当期登记"),
    "reopened": N_("结案后又重新打开"),
    "handled": N_("当期在办"),
    "closed": N_("结案"),
    "cancelled": N_("取消"),
    "merged": N_("并入另一工单"),
    "carried_out": N_("期末未结"),
    "asked_open": N_("仍未结"),
    "asked_closed": N_("已结案"),
    "asked_cancelled": N_("已取消"),
    "asked_merged": N_("已并入另一工单"),
    "promised": N_("到期的承诺"),
    "kept": N_("守时"),
    "missed": N_("超时"),
    "undetermined": N_("无法判定"),
    "unanswered": N_("尚无结果"),
    "verdicts": N_("业主表态"),
    "accepted_first": N_("一次验收通过"),
    "accepted_later": N_("返修后验收通过"),
    "accepted_unsigned": N_("通过但没有签字"),
    "rejected": N_("验收不通过，返修"),
    "signature_refused": N_("拒绝签字"),
    "amount": N_("验收金额合计"),
    "company": N_("公司承担（B 类）"),
    "contractor": N_("施工单位承担（A 类）"),
    "owner": N_("业主承担（有偿）"),
    "unassigned": N_("承担方未定"),
    "parts": N_("其中配件"),
    "labour": N_("其中工时"),
    "payments": N_("收款登记合计"),
    "collected": N_("已收"),
    "put_off": N_("记为以后付"),
    "differences": N_("当期发现的差异"),
    "difference_open": N_("待处理"),
    "difference_decided": N_("已决定"),
    "difference_gone": N_("已自行消失"),
}
BY_CODE = ":"  # between a figure and the sort of difference that it is of

# A whole, and parts that share out its records among them.
SUMS: Sequence[tuple[str, tuple[str, ...]]] = (
    ("handled", ("carried_in", "asked", "reopened")),
    ("handled", ("closed", "cancelled", "merged", "carried_out")),
    ("asked", ("asked_open", "asked_closed", "asked_cancelled", "asked_merged")),
    ("promised", ("kept", "missed", "undetermined", "unanswered")),
    ("verdicts", ("accepted_first", "accepted_later", "accepted_unsigned",
                  "rejected", "signature_refused")),
    ("amount", ("company", "contractor", "owner", "unassigned")),
    ("amount", ("parts", "labour")),
    ("payments", ("collected", "put_off")),
    ("differences", ("difference_open", "difference_decided", "difference_gone")),
)  # fmt: skip
FEN = frozenset({
    "amount", "company", "contractor", "owner", "unassigned", "parts", "labour",
    "payments", "collected", "put_off",
})  # fmt: skip
OF: Mapping[str, tuple[str, ...]] = {
    "requests": ("carried_in", "asked", "reopened", "handled", "closed", "cancelled",
                 "merged", "carried_out"),
    "asked": ("asked_open", "asked_closed", "asked_cancelled", "asked_merged"),
    "promises": ("promised", "kept", "missed", "undetermined", "unanswered"),
    "verdicts": ("verdicts", "accepted_first", "accepted_later", "accepted_unsigned",
                 "rejected", "signature_refused"),
    "money": ("amount", "company", "contractor", "owner", "unassigned", "parts",
              "labour"),
    "payments": ("payments", "collected", "put_off"),
    "differences": ("differences", "difference_open", "difference_decided",
                    "difference_gone"),
}  # fmt: skip
ITEMS: Mapping[str, str] = {
    "order": N_("报修未结"),
    "review": N_("待核对"),
    "difference": N_("差异待处理"),
}


class Behind(Record, frozen=True, kw_only=True):
    """One record behind a figure: `id` of an order or a difference, `about` which part
    of it, `value` how much of the figure it is (1, or fen)."""

    id: str
    number: str = ""
    about: str = ""
    value: int = 1


class Told(Record, frozen=True, kw_only=True):
    """A figure with the records behind it."""

    code: str
    value: int
    digest: str
    records: tuple[Behind, ...] = ()


class Item(Record, frozen=True, kw_only=True):
    """Something open that whoever closes has to name: `id` of an order (its own or its
    reviews') or of a difference."""

    kind: str  # order, review, difference
    id: str
    number: str = ""
    about: str = ""

    @property
    def name(self) -> str:
        """What a reason is given for."""
        return f"{self.kind}:{self.id}"


class Statement(Record, frozen=True, kw_only=True):
    """All that a statement says. Its digest is over exactly these bytes: the same
    records give the same digest, whoever counts them and when."""

    v: int = 1
    period: str
    project: str = ALL
    first_ms: int
    end_ms: int
    figures: tuple[Told, ...]
    open: tuple[Item, ...] = ()


class Difference(Record, frozen=True, kw_only=True):
    """A difference to the central log, as far as a statement counts it."""

    id: str
    number: str
    code: str
    first_ms: int
    state: str  # open, decided, gone


@dataclass(frozen=True)
class Period:
    """A day or a month of the company's calendar, [first, end)."""

    name: str
    first_ms: int
    end_ms: int

    def holds(self, ms: int) -> bool:
        return self.first_ms <= ms < self.end_ms

    @property
    def is_day(self) -> bool:
        return len(self.name) == len("2026-11-20")


def period(name: str, calendar: Calendar) -> Period:
    """The day `2026-11-20` or the month `2026-11`. Refused: `day_malformed`."""
    try:
        first = date.fromisoformat(name if len(name) > len("2026-11") else f"{name}-01")
        days = 1
        if len(name) == len("2026-11"):
            days = months.monthrange(first.year, first.month)[1]
        well = first.isoformat()[: len(name)] == name and 1970 <= first.year < 9999
    except ValueError:
        well = False
    if not well:
        raise Refused("day_malformed", found=name[:20])
    day = first.toordinal() - EPOCH
    return Period(name, calendar.instant(day, 0), calendar.instant(day + days, 0))


def days_of(month: Period) -> list[str]:
    """The days of a month, by name."""
    year, number = map(int, month.name.split("-"))
    return [f"{month.name}-{day:02}" for day in
            range(1, months.monthrange(year, number)[1] + 1)]  # fmt: skip


def statement_stream(name: str, project: str) -> str:
    """The stream of its facts. A project is named in any letters, a stream is not."""
    return f"statement:{name}-{_short(project) if project else 'all'}"


def _short(project: str) -> str:
    return digest(project.encode()).encode().hex()[:20]


# what an order tells


@dataclass(frozen=True)
class Life:
    """What one order has to tell, each with the instant that it counts at."""

    id: str
    number: str
    asked_ms: int
    turns: tuple[tuple[int, str], ...]  # since when it is open, closed, …
    promises: tuple[tuple[str, int, str], ...]  # code, due, answer
    verdicts: tuple[tuple[str, int, str], ...]  # fact, when, figure
    accepted_ms: int | None
    money: tuple[tuple[str, int], ...]  # figure, fen
    payments: tuple[tuple[str, int, str, int], ...]  # fact, when, figure, fen
    reviews: tuple[str, ...]

    def state_before(self, ms: int) -> str:
        """How it stood just before this instant; empty: nobody had asked yet."""
        if ms <= self.asked_ms:
            return ""
        stood = [state for at_ms, state in self.turns if at_ms < ms]
        return stood[-1] if stood else "open"

    @property
    def state(self) -> str:
        """How it stands now."""
        return self.turns[-1][1] if self.turns else "open"

    def opened_within(self, one: Period) -> bool:
        """Was it open again in between, however it stands at the end?"""
        return any(one.holds(ms) and state == "open" for ms, state in self.turns)


def life(order: Order, promises: Iterable[Running]) -> Life | None:
    """What this order tells; None as long as its request is not known."""
    asked = order.request
    if asked is None:
        return None
    when = {one.id: _last_ms(one.moment, asked.registered_ms) for one in order.history}
    verdicts = tuple(_verdicts(order, when))
    signed = [ms for _, ms, code in verdicts
              if code in ("accepted_first", "accepted_later")]  # fmt: skip
    return Life(
        id=order.stream.removeprefix("order:"),
        number=order.number or "",
        asked_ms=asked.registered_ms,
        turns=tuple(_turns(order, when)),
        promises=tuple(_promises(promises, asked.registered_ms)),
        verdicts=verdicts,
        accepted_ms=signed[0] if signed else None,
        money=tuple(_money(order)),
        payments=tuple(
            (one.fact, when.get(one.fact, asked.registered_ms),
             "put_off" if one.means == "later" else "collected", one.amount_fen)
            for one in order.payments
        ),
        reviews=tuple(sorted(one.code for one in order.reviews)),
    )  # fmt: skip


def _last_ms(moment: Moment | None, otherwise: int) -> int:
    """The last instant at which it can have happened, as far as anybody can tell."""
    if moment is None:
        return otherwise
    for end_ms in (moment.latest_ms, moment.not_after_ms):
        if end_ms is not None:
            return end_ms - 1
    return otherwise


def _turns(order: Order, when: Mapping[str, int]) -> Iterator[tuple[int, str]]:
    """Since when it stands how, in causal order."""
    merged = cancelled = closed = False
    latest = order.request.registered_ms if order.request else 0
    for one in order.history:
        if one.kind not in ENDS:
            continue
        merged |= one.kind == "intake.merged"
        cancelled |= one.kind == "dispatch.cancelled"
        closed = one.kind != "dispatch.reopened" and (
            closed or one.kind == "dispatch.closed"
        )
        latest = max(latest, when[one.id])  # a turn never comes before the one before
        yield latest, _state(merged=merged, cancelled=cancelled, closed=closed)


ENDS = frozenset({
    "intake.merged", "dispatch.cancelled", "dispatch.closed", "dispatch.reopened",
})  # fmt: skip


def _state(*, merged: bool, cancelled: bool, closed: bool) -> str:
    if merged:
        return "merged"
    if cancelled:
        return "cancelled"
    return "closed" if closed else "open"


def stands(order: Order) -> str:
    """How an order stands by its document."""
    return _state(
        merged=order.merged_into is not None,
        cancelled=order.cancelled is not None,
        closed=order.closed is not None,
    )


def _promises(
    promises: Iterable[Running], asked_ms: int
) -> Iterator[tuple[str, int, str]]:
    for n, one in enumerate(promises):
        due = one.due_last_ms if one.due_last_ms is not None else asked_ms
        answer = "unanswered" if one.answer == OPEN else one.answer
        yield f"{one.code} {n}", due, answer


def _verdicts(order: Order, when: Mapping[str, int]) -> Iterator[tuple[str, int, str]]:
    sent_back = False
    for round_ in order.rounds:
        for one in round_.verdicts:
            code = one.answer
            if code == "accepted" and one.signature is None:
                code = "accepted_unsigned"
            elif code == "accepted":
                code = "accepted_later" if sent_back else "accepted_first"
            yield one.fact, when.get(one.fact, 0), code
        sent_back |= any(one.answer == "rejected" for one in round_.verdicts)


PAYERS: Mapping[Payer | None, str] = {
    Payer.COMPANY: "company", Payer.CONTRACTOR: "contractor", Payer.OWNER: "owner",
    None: "unassigned",
}  # fmt: skip


def _money(order: Order) -> Iterator[tuple[str, int]]:
    """What was fitted and done, by who bears it; the same once more by what it is."""
    held = dict.fromkeys(PAYERS.values(), 0)
    of_item = {one.item: one.payer for one in order.items}
    for part in order.parts:
        held[PAYERS[part.line.payer]] += total_fen([part.line])
    for one in order.records:
        held[PAYERS[of_item.get(one.item)]] += one.labour_fen
    made = bill(order)
    yield from held.items()
    yield "parts", made.material_fen
    yield "labour", made.labour_fen
    yield "amount", made.material_fen + made.labour_fen


# counting

Counted = tuple[str, Behind]  # a figure, and one record more behind it


def state(
    name: Period,
    project: str,
    lives: Iterable[Life],
    differences: Iterable[Difference],
) -> Statement:
    """The statement of this period over these orders and differences."""
    held: dict[str, list[Behind]] = {code: [] for code in LABELS}
    items: list[Item] = []
    for one in lives:
        for count in COUNTS:
            for code, record in count(one, name):
                held[code].append(record)
        items += _open(one, name)
    for other in differences:
        if name.holds(other.first_ms):
            for code, record in _differs(other):
                held.setdefault(code, []).append(record)
            if other.state == "open":
                items.append(Item(kind="difference", id=other.id, number=other.number,
                                  about=other.code))  # fmt: skip
    return Statement(
        period=name.name, project=project, first_ms=name.first_ms, end_ms=name.end_ms,
        figures=tuple(told(code, records) for code, records in _in_turn(held)),
        open=tuple(sorted(items, key=lambda one: (one.kind, one.number, one.id))),
    )  # fmt: skip


def _in_turn(
    held: Mapping[str, list[Behind]],
) -> Iterator[tuple[str, list[Behind]]]:
    """As `LABELS` has them, then those of one sort of difference by name."""
    for code in (*LABELS, *sorted(held.keys() - LABELS.keys())):
        yield code, held[code]


def told(code: str, records: Iterable[Behind]) -> Told:
    """A figure over these records, in one sequence whoever finds them."""
    listed = tuple(sorted(records, key=lambda one: (one.number, one.id, one.about)))
    value = sum(one.value for one in listed)
    return Told(code=code, value=value, digest=list_digest(listed), records=listed)


def list_digest(records: Sequence[Behind]) -> str:
    """Of the list of records behind a figure."""
    return digest(as_json(tuple(records)).encode())


def _requests(one: Life, name: Period) -> Iterator[Counted]:
    """Each order that was open at any time in the period, once by how it came in and
    once by how it went out."""
    before, after = one.state_before(name.first_ms), one.state_before(name.end_ms)
    if name.holds(one.asked_ms):
        came = "asked"
    elif before == "open":
        came = "carried_in"
    elif before and one.opened_within(name):
        came = "reopened"
    else:
        return
    record = Behind(id=one.id, number=one.number)
    yield came, record
    yield "handled", record
    yield ("carried_out" if after in ("open", "") else after), record


def _asked(one: Life, name: Period) -> Iterator[Counted]:
    if name.holds(one.asked_ms):
        yield f"asked_{one.state}", Behind(id=one.id, number=one.number)


def _promised(one: Life, name: Period) -> Iterator[Counted]:
    for code, due_ms, answer in one.promises:
        if name.holds(due_ms):
            record = Behind(id=one.id, number=one.number, about=code)
            yield "promised", record
            yield answer, record


def _said(one: Life, name: Period) -> Iterator[Counted]:
    for fact, ms, code in one.verdicts:
        if name.holds(ms):
            record = Behind(id=one.id, number=one.number, about=fact)
            yield "verdicts", record
            yield code, record


def _amounts(one: Life, name: Period) -> Iterator[Counted]:
    if one.accepted_ms is None or not name.holds(one.accepted_ms):
        return
    for code, fen in one.money:
        if fen:
            yield code, Behind(id=one.id, number=one.number, value=fen)


def _paid(one: Life, name: Period) -> Iterator[Counted]:
    for fact, ms, code, fen in one.payments:
        if name.holds(ms):
            record = Behind(id=one.id, number=one.number, about=fact, value=fen)
            yield "payments", record
            yield code, record


COUNTS: tuple[Callable[[Life, Period], Iterator[Counted]], ...] = (
    _requests, _asked, _promised, _said, _amounts, _paid,
)  # fmt: skip


def _differs(one: Difference) -> Iterator[Counted]:
    record = Behind(id=one.id, number=one.number, about=one.code)
    code = f"difference_{one.state}"
    yield "differences", record
    yield code, record
    yield f"{code}{BY_CODE}{one.code}", record


def _open(one: Life, name: Period) -> Iterator[Item]:
    """What is left of a request of this period: it is open, or somebody must look."""
    if not name.holds(one.asked_ms):
        return
    if one.state == "open":
        yield Item(kind="order", id=one.id, number=one.number)
    elif one.reviews:
        about = " ".join(dict.fromkeys(one.reviews))
        yield Item(kind="review", id=one.id, number=one.number, about=about)


# looking again


def unsound(one: Statement) -> list[str]:
    """The figures that do not follow from their records, and the wholes that their
    parts do not add up to; nothing, if it adds up."""
    held = {told_.code: told_ for told_ in one.figures}
    wrong = [
        code for code, figure in held.items()
        if told(code, figure.records) != figure
    ]  # fmt: skip
    for whole, parts in _sums(held):
        shared = [record for part in parts for record in held[part].records]
        if whole in FEN:
            same = _per_order(held[whole].records) == _per_order(shared)
        else:
            same = told(whole, shared) == held[whole]
        if not same and whole not in wrong:
            wrong.append(whole)
    return wrong


def _sums(held: Mapping[str, Told]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """All sums, those over sorts of difference among them."""
    yield from SUMS
    for whole in ("difference_open", "difference_decided", "difference_gone"):
        parts = tuple(code for code in held if code.startswith(whole + BY_CODE))
        yield whole, parts


def _per_order(records: Iterable[Behind]) -> dict[str, int]:
    """How much each order is of it; nothing at all is nothing."""
    sums: dict[str, int] = {}
    for one in records:
        sums[one.id] = sums.get(one.id, 0) + one.value
    return {name: value for name, value in sums.items() if value}


@dataclass(frozen=True)
class Change:
    """What a figure is now that it was not when it was closed."""

    code: str
    was: int
    now: int
    came: tuple[Behind, ...]
    went: tuple[Behind, ...]


def changes(closed: Statement, now: Statement) -> list[Change]:
    """What came in since that bears on what was closed; the closed figures stand."""
    was = {one.code: one for one in closed.figures}
    is_ = {one.code: one for one in now.figures}
    found = []
    for code in dict.fromkeys((*was, *is_)):
        before = was.get(code, told(code, ()))
        after = is_.get(code, told(code, ()))
        if before.digest != after.digest:
            held, holds = set(before.records), set(after.records)
            found.append(Change(
                code, before.value, after.value,
                tuple(one for one in after.records if one not in held),
                tuple(one for one in before.records if one not in holds),
            ))  # fmt: skip
    return found


def figures_of(one: Statement) -> tuple[Figure, ...]:
    """The figures as the fact that closes holds them: without their records."""
    return tuple(
        Figure(code=figure.code, value=figure.value, digest=figure.digest)
        for figure in one.figures
    )


def statement_text(
    name: str, project: str, digest_: str, epoch: str, size: int, root: str
) -> bytes:
    """What the server signs when a statement is closed."""
    lines = ("doorstep statement", name, project or "-", digest_, epoch, size, root)
    return "\n".join(map(str, lines)).encode()
