"""What people are told of: which fact gives occasion, to whom, and in which words.

To tell people of something else, add a row. A sentence is filled when it goes out, with
what may be said to that audience; the row of the outbox holds numbers and codes alone.
May not enter: ways out, the database.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from sync.facts import Fact
from sync.facts.dispatch import Dispatched
from sync.facts.owner import OwnerAsked
from sync.facts.visit import Appointed
from sync.order import Order
from sync.strength import confirmation
from sync.telling import Telling
from sync.words import N_

LEAD, MANAGER, TECHNICIAN, OWNER = "lead", "manager", "technician", "owner"
EMERGENCY = "emergency"
EVENT = "event"  # what programs are told: any fact
ESCALATED = "escalated"
ON_THE_WAY = "on_the_way"
ASKED = "asked"
LINKED = frozenset({"accepted", ASKED})  # leads to the owner's own page
CODE_MS = 30 * 60_000  # how long a code is worth sending

Says = tuple[str, dict[str, Any]]  # the person it is for, "" if found later; figures


class Occasion(NamedTuple):
    """A fact of this kind, heard of while it is fresh, is told to this audience."""

    name: str
    fact: str
    audience: str
    says: Callable[[Order, Fact], Iterator[Says]]


def _plainly(_order: Order, _fact: Fact) -> Iterator[Says]:
    yield "", {}


def _to_those_sent(_order: Order, fact: Fact) -> Iterator[Says]:
    what = fact.what
    if isinstance(what, Dispatched):
        for one in dict.fromkeys((what.technician, *what.helpers)):
            yield one, {}


def _who_comes(_order: Order, fact: Fact) -> Iterator[Says]:
    what = fact.what
    if isinstance(what, Dispatched):
        yield "", {"technician": what.technician}


def _window(_order: Order, fact: Fact) -> Iterator[Says]:
    what = fact.what
    if isinstance(what, Appointed):
        yield "", {"start_ms": what.start_ms, "end_ms": what.end_ms}


def _who_did(_order: Order, fact: Fact) -> Iterator[Says]:
    yield "", {"technician": fact.head.by}


def _who_is_coming(order: Order, fact: Fact) -> Iterator[Says]:
    if fact.head.by in order.people and is_coming(order, fact.id):
        yield "", {"technician": fact.head.by, "set_off": fact.id}


def is_coming(order: Order, set_off: str) -> bool:
    """Is whoever set off still on the way, as far as anybody said?"""
    return any(one.fact == set_off for one in order.on_the_way)


def _copy(_order: Order, fact: Fact) -> Iterator[Says]:
    sheet = fact.blob("sheet")
    yield "", {"sheet": sheet.sha256 if sheet else None}


def _to_confirm(order: Order, fact: Fact) -> Iterator[Says]:
    what = fact.what
    if isinstance(what, OwnerAsked) and not confirmation(order, what.sheet):
        yield "", {"asked": fact.id, "sheet": what.sheet}


OCCASIONS: tuple[Occasion, ...] = (
    Occasion("requested", "intake.logged", LEAD, _plainly),  # I4
    Occasion("dispatched", "dispatch.dispatched", TECHNICIAN, _to_those_sent),
    Occasion("assigned", "dispatch.dispatched", OWNER, _who_comes),
    Occasion("appointed", "visit.appointed", OWNER, _window),
    Occasion(ON_THE_WAY, "visit.set_off", OWNER, _who_is_coming),
    Occasion("arrived", "visit.arrived", OWNER, _who_did),
    Occasion("accepted", "acceptance.accepted", OWNER, _copy),  # A4
    Occasion(ASKED, "owner.asked", OWNER, _to_confirm),  # A0
)

SENTENCES: Mapping[str, str] = {
    "requested": N_("新报修 {number}：{project} {home}，{trade}，{priority}"),
    "dispatched": N_("派单 {number} 给{person}：{project} {home}，{trade}，{priority}"),
    "assigned": N_("您的报修 {number} 已安排{technician}师傅，会先与您联系。"),
    "appointed": N_("您的报修 {number} 已约定 {window} 上门。"),
    "on_the_way": N_("{technician}师傅已出发，正在去您家的路上（报修 {number}）。"),
    "arrived": N_("{technician}师傅已到您家（报修 {number}）。请核对工牌。"),
    "accepted": N_("您的报修 {number} 已验收。{copy}"),
    "asked": N_(
        "报修 {number} 的验收单（短码 {short}）待您确认：确认码 {code}，30 分钟内有效。"
        "{page}不是您的或有异议请勿输入；不回复不当作同意。"
    ),
    "escalated": N_(
        "{person}：{number} {promise}{left}（{project} {home}，{priority}）"
    ),
}
TITLES: Mapping[str, str] = {
    "requested": N_("新报修"),
    "dispatched": N_("派单"),
    "assigned": N_("已安排上门"),
    "appointed": N_("已约定上门时间"),
    "on_the_way": N_("师傅已出发"),
    "arrived": N_("师傅已到"),
    "accepted": N_("已验收"),
    "asked": N_("请确认验收单"),
    "escalated": N_("时限提醒"),
}
COPY = N_("签字单副本：{link}")
PAGE = N_("在此输入：{link} ")
LEFT = N_("还剩 {minutes} 分钟")
OVER = N_("已超 {minutes} 分钟")
TOGETHER = N_("{many} 条通知")
MORE = N_("……另有 {many} 条，请看工作台")
SOMEBODY = N_("值班负责人")
PRIORITY: Mapping[str, str] = {
    "emergency": N_("特急"),
    "urgent": N_("紧急"),
    "normal": N_("一般"),
}
PROMISES: Mapping[str, str] = {
    "intake": N_("受理"),
    "arrival": N_("到场"),
    "verification": N_("核实"),
    "appointment": N_("预约到场"),
    "survey": N_("勘察"),
    "repair_single": N_("修复"),
    "repair_several": N_("修复"),
    "repair_agreed": N_("约定日修复"),
    "rework": N_("返修"),
    "return_visit": N_("回访"),
}


def fresh_until_ms(
    one: Occasion, order: Order, fact: Fact, rules: Telling
) -> int | None:
    """Until when it is worth telling; None if nobody knows. What a tablet hands in
    hours later is no news, and a month of the register that is read in is none
    either."""
    entry = next((held for held in order.history if held.id == fact.id), None)
    moment = entry.moment if entry else None
    happened_ms = moment.earliest_ms if moment else None
    if one.fact == "intake.logged" and order.request is not None:
        happened_ms = order.request.registered_ms
    if happened_ms is None:
        return None
    return rules.fresh_until_ms(one.name, happened_ms)
