"""Whom to send: technicians in the sequence in which a dispatcher should think of them,
and why, in plain words.

RANKING is the whole judgement: whoever differs in an earlier row is not compared in a
later one. REASONS is what is said about it. May not enter: how anything is found out.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from sync.plain import Record
from sync.qualifications import Lack
from sync.words import N_

FRESH_MINUTES = 30  # without contact for longer, a tablet may be out of coverage
ENDS_SOON_DAYS = 30
NEVER = 10**9
FAR_M = 100_000  # where somebody is about whom nothing is known

REASONS: Mapping[str, str] = {
    "elsewhere": N_("在这个项目没有维修权限"),
    "certificate_missing": N_("没有“{what}”证书"),
    "certificate_expired": N_("“{what}”证书 {number} 已于 {value} 到期"),
    "certificate_not_yet": N_("“{what}”证书 {number} 从 {value} 起才有效"),
    "certificate_ends": N_("证书 {value} 到期"),
    "trade_missing": N_("工单没有写专业，无法核对资质"),
    "qualified": N_("资质齐全"),
    "unchecked": N_("没有登记资质，未核对"),
    "leads": N_("当日总负责人"),
    "on_duty": N_("当日值班"),
    "off_duty": N_("不在当日值班表上"),
    "load": N_("今日 {today} 单，手上 {value} 单"),
    "idle": N_("手上没有工单"),
    "knows_home": N_("去过这一户"),
    "near": N_("上次签到离这里约 {value} 米"),
    "place_unknown": N_("不知道在哪里"),
    "contact": N_("{value} 分钟前联系过"),
    "contact_old": N_("{value} 分钟没有联系，可能离线"),
    "contact_never": N_("还没有联系过"),
}


class Known(Record, frozen=True, kw_only=True):
    """What is known of somebody who could be sent."""

    person: str
    here: bool = True  # may they work in the order's project? Else nothing is known
    lacks: tuple[Lack, ...] = ()
    trade_known: bool = True
    checked: bool = True  # are certificates asked for here at all?
    expires_day: str | None = None  # the first needed certificate to end
    expires_soon: bool = False
    on_duty: bool = False
    leads: bool = False
    today: int = 0  # orders with an appointment or given today
    open: int = 0  # orders in hand
    knows_home: bool = False
    distance_m: int | None = None
    contact_minutes: int | None = None

    @property
    def qualified(self) -> bool:
        """May this order be given to them (P2)?"""
        papers = not self.checked or (self.trade_known and not self.lacks)
        return self.here and papers


class Reason(Record, frozen=True, kw_only=True):
    """One reason why somebody stands where they stand; `value` is what it is about."""

    code: str
    value: str | None = None
    facts: Mapping[str, str] = {}

    @property
    def sentence(self) -> str:
        """In the source language, not yet filled."""
        return REASONS[self.code]


RANKING: tuple[Callable[[Known], Any], ...] = (
    lambda one: not one.here,
    lambda one: not one.qualified,
    lambda one: not one.on_duty,
    lambda one: one.open,
    lambda one: not one.knows_home,
    lambda one: FAR_M if one.distance_m is None else one.distance_m,
    lambda one: NEVER if one.contact_minutes is None else one.contact_minutes,
    lambda one: one.person,
)


def ranked(candidates: Iterable[Known]) -> list[Known]:
    """Whom to think of first."""
    return sorted(candidates, key=lambda one: tuple(rule(one) for rule in RANKING))


def reasons(one: Known) -> Iterator[Reason]:
    """Why somebody stands where they stand, in the sequence of RANKING."""
    if not one.here:
        yield Reason(code="elsewhere")
        return
    yield from _papers(one)
    yield Reason(code=_duty(one))
    if one.open or one.today:
        yield Reason(code="load", value=str(one.open), facts={"today": str(one.today)})
    else:
        yield Reason(code="idle")
    if one.knows_home:
        yield Reason(code="knows_home")
    if one.distance_m is not None:
        yield Reason(code="near", value=str(one.distance_m))
    else:
        yield Reason(code="place_unknown")
    yield _contact(one)


def _papers(one: Known) -> Iterator[Reason]:
    if not one.checked:
        yield Reason(code="unchecked")
    elif not one.trade_known:
        yield Reason(code="trade_missing")
    elif one.lacks:
        for it in one.lacks:
            named = {"what": it.what, "number": it.number}
            yield Reason(code=it.code, value=it.day or None, facts=named)
    else:
        yield Reason(code="qualified")
        if one.expires_soon:
            yield Reason(code="certificate_ends", value=one.expires_day)


def _duty(one: Known) -> str:
    if one.leads:
        return "leads"
    return "on_duty" if one.on_duty else "off_duty"


def _contact(one: Known) -> Reason:
    minutes = one.contact_minutes
    if minutes is None:
        return Reason(code="contact_never")
    code = "contact" if minutes <= FRESH_MINUTES else "contact_old"
    return Reason(code=code, value=str(minutes))
