"""What may be decided about a difference: choices, reasons, what is suggested and by
when somebody has to decide. All of it tables.

Suggested is what the evidence speaks for; nothing decides itself. May not enter: how a
difference is found, who decided what.
"""

from collections.abc import Mapping

from sync.facts.reconciling import CHOICES, CORRECT, FIELD, LOG, WAIVE
from sync.order import Handling, Order, Settlement
from sync.plain import Record
from sync.policy import Policy
from sync.reconcile.case import identity
from sync.reconcile.sorts import SORTS
from sync.words import N_

OTHER = "other"  # wants to be told in words

CHOICE_LABELS: Mapping[str, str] = {
    FIELD: N_("以现场为准，台账更正"),
    LOG: N_("以台账为准，记入工单"),
    CORRECT: N_("更正现场的记录"),
    WAIVE: N_("不作处理"),
}

# The reason that a fact holds for good: add, never rename.
REASONS: Mapping[str, str] = {
    "evidence": N_("现场有证据"),
    "owner_signed": N_("业主签字为凭"),
    "no_evidence": N_("现场没有任何证据"),
    "log_gap": N_("台账漏记"),
    "log_slip": N_("台账笔误"),
    "field_gap": N_("现场漏记"),
    "told_later": N_("事后补报，已问过本人"),
    "other_record": N_("另有书面凭证"),
    "not_linked": N_("应当关联而没有关联"),
    "to_complete": N_("请维修人员补齐"),
    "both_hold": N_("两边都对，说的不是一回事"),
    "too_small": N_("不影响结算与考核"),
    "unknowable": N_("已经无法查清"),
    OTHER: N_("其他，见说明"),
}
OFFERED: Mapping[str, tuple[str, ...]] = {
    FIELD: ("evidence", "owner_signed", "no_evidence", "log_gap", "log_slip", OTHER),
    LOG: ("field_gap", "told_later", "other_record", OTHER),
    CORRECT: ("field_gap", "not_linked", "to_complete", OTHER),
    WAIVE: ("both_hold", "too_small", "unknowable", OTHER),
}

# Where one side says nothing that could stand, or there is nothing to put right.
FEWER: Mapping[str, tuple[str, ...]] = {
    "unknown_number": (FIELD, LOG, WAIVE),
    "missing_in_register": (FIELD, CORRECT, WAIVE),
    "number_twice": (FIELD, WAIVE),
    "unreadable_row": (FIELD, WAIVE),
    "arrival_missing": (FIELD, CORRECT, WAIVE),
    "completion_missing": (FIELD, CORRECT, WAIVE),
    "call_missing": (FIELD, WAIVE),
    "photo_reused_exact": (CORRECT, WAIVE),
    "photo_looks_same": (CORRECT, WAIVE),
    "repeat_unlinked": (CORRECT, FIELD, WAIVE),
    "duplicate_request": (CORRECT, FIELD, WAIVE),
}

# The fact that puts it right in the same breath; elsewhere a request is amended.
LINK = "link"
CORRECTS: Mapping[str, str] = {"repeat_unlinked": LINK}


class Suggestion(Record, frozen=True, kw_only=True):
    """What the evidence speaks for, and why."""

    choice: str
    reason: str
    why: str


def _suggest(choice: str, reason: str, why: str) -> Suggestion:
    return Suggestion(choice=choice, reason=reason, why=why)


SUGGESTED: Mapping[str, Suggestion] = {
    "unknown_number": _suggest(LOG, "field_gap", N_(
        "报修以登记为准；导入受理后，这张工单就有了")),
    "missing_in_register": _suggest(FIELD, "log_gap", N_(
        "现场已有工单和记录，台账应补登")),
    "number_twice": _suggest(FIELD, "log_slip", N_(
        "两行说的一样，台账应删去一行")),
    "unreadable_row": _suggest(FIELD, "log_slip", N_(
        "这一行要在台账里改好，再导入一次")),
    "arrival_differs": _suggest(FIELD, "evidence", N_(
        "现场的到场时间有时间凭据，台账是事后填的")),
    "arrival_missing": _suggest(FIELD, "log_gap", N_(
        "到场已由平板记录，台账应补填")),
    "arrival_unrecorded": _suggest(FIELD, "no_evidence", N_(
        "没有签到就没有到场的证据；师傅若确实去过，请选以台账为准并写明")),
    "technician_differs": _suggest(FIELD, "evidence", N_(
        "签到的人是到过现场的人")),
    "completion_differs": _suggest(FIELD, "evidence", N_(
        "完工由平板当场记录，台账是事后填的")),
    "completion_missing": _suggest(FIELD, "log_gap", N_(
        "完工已由平板记录，台账应补填")),
    "completion_unrecorded": _suggest(CORRECT, "to_complete", N_(
        "到过现场而没有完工记录，请维修人员补齐")),
    "result_differs": _suggest(FIELD, "owner_signed", N_(
        "验收结果以业主当面的话为准")),
    "signature_claimed": _suggest(FIELD, "no_evidence", N_(
        "没有笔迹就不算签字")),
    "signature_denied": _suggest(FIELD, "owner_signed", N_(
        "业主的笔迹在册，可以核验")),
    "amount_differs": _suggest(FIELD, "owner_signed", N_(
        "业主签字时看到的就是现场的金额")),
    "composition_differs": _suggest(FIELD, "evidence", N_(
        "用料和工时由现场逐项记录")),
    "payer_differs": _suggest(FIELD, "evidence", N_(
        "责任类别在现场逐项认定")),
    "repeat_unlinked": _suggest(CORRECT, "not_linked", N_(
        "同一户同类故障在回溯期内，应关联为重复报修")),
    "duplicate_request": _suggest(FIELD, "log_slip", N_(
        "先登记的是这次报修，后一个编号应在台账里并掉")),
    "call_missing": _suggest(FIELD, "log_gap", N_(
        "验收后应回访；请补做并补登")),
    "call_contradicts": _suggest(WAIVE, "both_hold", N_(
        "业主先后说了两句话，两句都留着；不满意的请另行跟进")),
    "closed_unaccepted": _suggest(FIELD, "no_evidence", N_(
        "业主没有验收，台账不能算结案")),
    "photos_incomplete": _suggest(CORRECT, "to_complete", N_(
        "照片还可以从平板补传")),
    "photo_reused_exact": _suggest(CORRECT, "to_complete", N_(
        "同一文件不能证明两次维修；先问清楚，再请维修人员补拍")),
    "photo_looks_same": _suggest(WAIVE, "both_hold", N_(
        "相像不等于相同，请对照两张照片自己判断")),
    "sla_differs": _suggest(FIELD, "evidence", N_(
        "时限结论以有凭据的到场时间为准")),
}  # fmt: skip


def choices(code: str) -> tuple[str, ...]:
    """What may be decided about a difference of this code."""
    return FEWER.get(code, CHOICES)


def due_ms(policy: Policy, code: str, first_ms: int) -> int:
    """By when somebody has to have decided: working days by how grave it is."""
    days = policy.settle_days.get(SORTS[code].severity.value, 0)
    return policy.calendar.working_days_later(first_ms, days)


def standing(order: Order) -> dict[str, Settlement]:
    """The decisions that stand, by the difference that each is about."""
    return {
        identity(one.number, one.code, one.register, one.field): one
        for one in order.settlements
        if not one.undone
    }


def handled_by(order: Order, number: str, code: str) -> str:
    """Who sees to it: the last who took it; empty, if nobody has."""
    taken: tuple[Handling, ...] = order.handlings[::-1]
    return next(
        (one.person for one in taken if (one.number, one.code) == (number, code)), ""
    )
