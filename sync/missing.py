"""What is still missing on an order before it can be closed: one rule for each.

A rule sees the order and which of its bytes have not come. To add one, write a
function and list it. May not enter: clocks, who is to blame.
"""

from collections.abc import Callable, Collection, Iterator

from sync.card import is_provisional
from sync.order import Order, Payer, Stage
from sync.plain import Record
from sync.prices import bill
from sync.words import N_

LABELS: dict[str, str] = {
    "number": N_("登记表编号：现在是临时号 {number}"),
    "photo_before": N_("整改前照片：{count} 项没有"),
    "photo_after": N_("整改后照片：{count} 项没有"),
    "survey": N_("勘察记录"),
    "agreement": N_("业主对报价的同意"),
    "approval": N_("费用批准：{count} 笔待批"),
    "record": N_("维修记录：{count} 项没有原因和处理"),
    "inspection": N_("逐项验收：{count} 项没有结论"),
    "signature": N_("业主签字"),
    "payment": N_("业主应付 {due}，已收 {paid}"),
    "returned": N_("带走的物品：{count} 件没有归还"),
    "bytes": N_("照片或签字的原件：{count} 份还没有传到"),
}

STARTED = frozenset(Stage) - {Stage.UNKNOWN, Stage.LOGGED, Stage.DISPATCHED}
WORKED = STARTED - {Stage.ON_SITE}
DONE = frozenset({Stage.COMPLETED, Stage.UNSIGNED, Stage.ACCEPTED})


class Missing(Record, frozen=True, kw_only=True):
    """Something that is not there yet, with what fills its sentence."""

    code: str
    number: str = ""
    count: int = 0
    due_fen: int = 0
    paid_fen: int = 0


Rule = Callable[[Order, Collection[str]], Iterator[Missing]]


def missing(order: Order, absent: Collection[str]) -> tuple[Missing, ...]:
    """What this order lacks; `absent`: blobs it speaks of whose bytes are not here."""
    return tuple(found for rule in RULES for found in rule(order, absent))


def number(order: Order, _absent: Collection[str]) -> Iterator[Missing]:
    """The register has not given one yet."""
    if is_provisional(order.number):
        yield Missing(code="number", number=order.number or "")


def photos(order: Order, _absent: Collection[str]) -> Iterator[Missing]:
    """Each item before and after the work (V4), unless the owner would not have it."""
    if any(one.photo_consent is False for one in order.visits):
        return
    for moment, stages in (("before", WORKED), ("after", DONE)):
        if order.stage in stages and (count := _without(order, moment)):
            yield Missing(code=f"photo_{moment}", count=count)


def _without(order: Order, moment: str) -> int:
    """How many items no picture of that moment shows."""
    shown = [one.item for one in order.photos if one.moment == moment]
    if not order.items or None in shown:
        return 0 if shown else max(1, len(order.items))
    return len({one.item for one in order.items} - set(shown))


def survey(order: Order, _absent: Collection[str]) -> Iterator[Missing]:
    """What was found (V3)."""
    if order.stage in WORKED and order.survey is None:
        yield Missing(code="survey")


def agreement(order: Order, _absent: Collection[str]) -> Iterator[Missing]:
    """The owner's yes to what the owner pays (V3)."""
    lines = order.quote.lines if order.quote else ()
    pays = any(one.payer is Payer.OWNER and one.price_fen for one in lines)
    if pays and not order.agreements:
        yield Missing(code="agreement")


def approval(order: Order, _absent: Collection[str]) -> Iterator[Missing]:
    """Costs that nobody has approved yet (L4)."""
    if count := sum(one.released is None for one in order.holds):
        yield Missing(code="approval", count=count)


def record(order: Order, _absent: Collection[str]) -> Iterator[Missing]:
    """Cause and remedy of each item, or of the whole work (V5)."""
    if order.stage not in DONE:
        return
    recorded = {one.item for one in order.records}
    lacking = {one.item for one in order.items} - recorded
    if count := len(lacking) or int(not recorded):
        yield Missing(code="record", count=count)


def inspection(order: Order, _absent: Collection[str]) -> Iterator[Missing]:
    """The owner's word on each item of the last round (A1)."""
    if order.stage not in DONE or not order.items:
        return
    last = order.rounds[-1].inspections if order.rounds else ()
    if count := len({one.item for one in order.items} - {one.item for one in last}):
        yield Missing(code="inspection", count=count)


def signature(order: Order, _absent: Collection[str]) -> Iterator[Missing]:
    """The owner's hand, unless it was refused before a witness (A1, A3)."""
    last = order.rounds[-1].verdicts if order.rounds else ()
    if order.stage in (Stage.COMPLETED, Stage.ACCEPTED) and not any(
        one.signature for one in last
    ):
        yield Missing(code="signature")


def payment(order: Order, _absent: Collection[str]) -> Iterator[Missing]:
    """What the owner owes and has not paid (L6)."""
    due = bill(order).owner_fen if order.stage in DONE else 0
    paid = sum(one.amount_fen for one in order.payments if one.means != "later")
    if due > paid:
        yield Missing(code="payment", due_fen=due, paid_fen=paid)


def returned(order: Order, _absent: Collection[str]) -> Iterator[Missing]:
    """Things that left the home and have not come back (V3)."""
    if count := sum(one.returned is None for one in order.taken_away):
        yield Missing(code="returned", count=count)


def originals(_order: Order, absent: Collection[str]) -> Iterator[Missing]:
    """Bytes that facts speak of and nobody has sent yet."""
    if absent:
        yield Missing(code="bytes", count=len(absent))


RULES: tuple[Rule, ...] = (
    number, photos, survey, agreement, approval, record, inspection, signature,
    payment, returned, originals,
)  # fmt: skip
