"""Every sort of difference: its rule, what it is called, how grave it is, who settles
it.

To add one, write its rule, named by its code, and give it a row here: counts, lists,
words and exports follow. A code never changes its meaning. May not enter: decisions.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from sync.reconcile import again, known, money, outcome, pictures, visits
from sync.reconcile.case import Case, Pair, Reuse, Sides
from sync.words import N_

Of = TypeVar("Of", Case, Pair, Reuse)


class Severity(StrEnum):
    """How grave a difference is; the first is the gravest."""

    GRAVE = "grave"  # somebody says what did not happen, or money is wrong
    SERIOUS = "serious"  # a promise or a proof hangs on it
    ORDINARY = "ordinary"  # a note to put right


SEVERITIES: dict[Severity, str] = {
    Severity.GRAVE: N_("严重"),
    Severity.SERIOUS: N_("重要"),
    Severity.ORDINARY: N_("一般"),
}


@dataclass(frozen=True)
class Sort(Generic[Of]):
    """One sort of difference. `settles`: the role that decides (`sync/access.py`);
    `cites`: the company's rule behind it."""

    rule: Callable[[Of], Sides | None]
    label: str
    severity: Severity
    settles: str
    cites: str

    @property
    def code(self) -> str:
        """What programs call it: its rule's name."""
        return self.rule.__name__


GRAVE, SERIOUS, ORDINARY = Severity

# Of a number, whatever is said under it.
OF_NUMBERS: tuple[Sort[Case], ...] = (
    Sort(known.unknown_number, N_("登记表有此编号，现场没有这张工单"),
         SERIOUS, "dispatcher", "I1"),
    Sort(known.missing_in_register, N_("现场有此工单，登记表没有"),
         SERIOUS, "dispatcher", "I1"),
    Sort(known.number_twice, N_("登记表里同一编号出现两次"),
         ORDINARY, "dispatcher", "I1"),
    Sort(known.unreadable_row, N_("登记表这一行读不懂"),
         ORDINARY, "dispatcher", "I1"),
)  # fmt: skip

# Of what both sides say of one request.
OF_PAIRS: tuple[Sort[Pair], ...] = (
    Sort(visits.arrival_differs, N_("到场时间与现场证据不符"),
         SERIOUS, "dispatcher", "V2"),
    Sort(visits.arrival_missing, N_("现场已到场，登记表没有到场时间"),
         ORDINARY, "dispatcher", "V2"),
    Sort(visits.arrival_unrecorded, N_("登记表有到场时间，现场没有到场记录"),
         GRAVE, "manager", "V2"),
    Sort(visits.technician_differs, N_("维修人员不符"),
         SERIOUS, "dispatcher", "P1"),
    Sort(visits.completion_differs, N_("完工时间与现场记录不符"),
         ORDINARY, "dispatcher", "V5"),
    Sort(visits.completion_missing, N_("现场已完工，登记表已结案却没有完工时间"),
         ORDINARY, "dispatcher", "V5"),
    Sort(visits.completion_unrecorded, N_("登记表有完工时间，现场没有完工记录"),
         SERIOUS, "dispatcher", "V5"),
    Sort(outcome.result_differs, N_("验收结果不符"),
         GRAVE, "manager", "A1"),
    Sort(outcome.signature_claimed, N_("登记表称业主已签字，现场没有签字"),
         GRAVE, "manager", "A3"),
    Sort(outcome.signature_denied, N_("现场已有业主签字，登记表称没有"),
         SERIOUS, "dispatcher", "A1"),
    Sort(money.amount_differs, N_("收费金额不符"),
         GRAVE, "manager", "L3"),
    Sort(money.composition_differs, N_("材料费或人工费与现场用料、工时不符"),
         SERIOUS, "manager", "L3"),
    Sort(money.payer_differs, N_("派工类别与现场各项的责任类别不符"),
         GRAVE, "manager", "L1"),
    Sort(again.repeat_unlinked, N_("同一户同类故障又报修，没有关联为重复报修"),
         SERIOUS, "dispatcher", "I5"),
    Sort(again.duplicate_request, N_("同一户同类故障短期内登记了两个编号"),
         ORDINARY, "dispatcher", "I1"),
    Sort(outcome.call_missing, N_("已验收结案，登记表没有回访"),
         ORDINARY, "dispatcher", "R1"),
    Sort(outcome.call_contradicts, N_("回访的满意度与业主现场评价相反"),
         SERIOUS, "manager", "R1"),
    Sort(outcome.closed_unaccepted, N_("登记表已结案，现场没有业主验收"),
         GRAVE, "manager", "A3"),
    Sort(visits.photos_incomplete, N_("登记表称已完成，照片证据不全"),
         SERIOUS, "dispatcher", "V4"),
    Sort(visits.sla_differs, N_("按登记表与按现场证据，到场时限的结论相反"),
         GRAVE, "manager", "P4"),
)  # fmt: skip

# Of a picture that two orders have; nobody is accused of anything.
OF_PICTURES: tuple[Sort[Reuse], ...] = (
    Sort(pictures.photo_reused_exact, N_("照片与另一工单的照片是同一文件，请人工核对"),
         SERIOUS, "manager", "V4"),
    Sort(pictures.photo_looks_same, N_("照片与另一工单的照片疑似相同，请人工核对"),
         ORDINARY, "manager", "V4"),
)  # fmt: skip

SORTS: dict[str, Sort[Case] | Sort[Pair] | Sort[Reuse]] = {
    **{one.code: one for one in OF_NUMBERS},
    **{one.code: one for one in OF_PAIRS},
    **{one.code: one for one in OF_PICTURES},
}
LABELS: dict[str, str] = {code: one.label for code, one in SORTS.items()}
