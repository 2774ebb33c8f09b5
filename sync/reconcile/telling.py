"""What a difference says in plain words: a sentence for each code, a shape for each
side, and the column of the central log that it is about.

May not enter: clocks, languages (`server/central/wording.py` fills the sentences).
"""

from collections.abc import Mapping

from sync.words import N_

# How each side is written: of the register, of the field.
SHAPES: Mapping[str, tuple[str, str]] = {
    "unreadable_row": ("why", ""),
    "number_twice": ("count", ""),
    "arrival_differs": ("time", "interval"),
    "arrival_missing": ("", "interval"),
    "arrival_unrecorded": ("time", ""),
    "completion_differs": ("time", "interval"),
    "completion_missing": ("", "interval"),
    "completion_unrecorded": ("time", ""),
    "result_differs": ("word", "word"),
    "signature_claimed": ("truth", "truth"),
    "signature_denied": ("truth", "truth"),
    "amount_differs": ("fen", "fen"),
    "composition_differs": ("fens", "fens"),
    "payer_differs": ("word", "words"),
    "call_missing": ("", "interval"),
    "call_contradicts": ("word", "stars"),
    "closed_unaccepted": ("word", "stage"),
    "photos_incomplete": ("word", "lacks"),
    "sla_differs": ("word", "word"),
    "photo_reused_exact": ("picture", "picture"),
    "photo_looks_same": ("picture", "picture"),
}
TEXT = ("text", "text")

WORDS: Mapping[str, str] = {
    "pass": N_("合格"),
    "fail": N_("不合格"),
    "accepted": N_("验收合格"),
    "rejected": N_("验收不合格"),
    "signature_refused": N_("拒签"),
    "A": N_("A 类（保修）"),
    "B": N_("B 类（公司承担）"),
    "paid": N_("有偿（业主付费）"),
    "very_satisfied": N_("非常满意"),
    "satisfied": N_("满意"),
    "neutral": N_("一般"),
    "dissatisfied": N_("不满意"),
    "closed": N_("已结案"),
    "open": N_("处理中"),
    "rework": N_("返修中"),
    "cancelled": N_("已取消"),
    "kept": N_("按时"),
    "missed": N_("超时"),
}
NOTHING = N_("没有记载")

HAPPENED: Mapping[str, str] = {
    "unknown_number": N_("台账登记了 {register}，现场从来没有这张工单。"),
    "missing_in_register": N_("现场有工单 {field}，同一天的台账里没有。"),
    "number_twice": N_("台账里这个编号有 {register} 行，内容相同。"),
    "unreadable_row": N_("台账的这一行读不懂：{register}。"),
    "arrival_differs": N_("台账写 {register} 到场；现场证据说是 {field}。"),
    "arrival_missing": N_("师傅 {field} 到过现场，台账没有填到场时间。"),
    "arrival_unrecorded": N_("台账写 {register} 到场，现场没有任何到场记录。"),
    "technician_differs": N_("台账写的维修人员是 {register}，到过现场的是 {field}。"),
    "completion_differs": N_("台账写 {register} 完工；现场记录说是 {field}。"),
    "completion_missing": N_("现场 {field} 已完工，台账结了案却没有完工时间。"),
    "completion_unrecorded": N_("台账写 {register} 完工，去过的人没有记完工。"),
    "result_differs": N_("台账的验收结果是{register}，业主当面的话是{field}。"),
    "signature_claimed": N_("台账说业主签了字，现场没有任何笔迹。"),
    "signature_denied": N_("业主在现场签了字，台账却说没有。"),
    "amount_differs": N_("台账收费 {register}，业主签字时看到的是 {field}。"),
    "composition_differs": N_("台账：{register}；现场：{field}。"),
    "payer_differs": N_("台账的派工类别是 {register}，现场各项认定为 {field}。"),
    "repeat_unlinked": N_("同一户同类故障在 {about} 验收后又报修，两单没有关联。"),
    "duplicate_request": N_("{about} 还没修完，同一户又登记了一个编号。"),
    "call_missing": N_("{field} 已验收，台账结了案，没有回访记录。"),
    "call_contradicts": N_("电话回访说{register}，现场评价卡打了{field}。"),
    "closed_unaccepted": N_("台账{register}，现场还是{field}，业主没有验收。"),
    "photos_incomplete": N_("台账{register}，照片证据不全：{field}。"),
    "sla_differs": N_("按台账的时间是{register}，按现场证据是{field}。"),
    "photo_reused_exact": N_("这张照片与 {about} 的照片是同一个文件。"),
    "photo_looks_same": N_("这张照片与 {about} 的一张照片看上去相同。"),
}

# Which column of the central log somebody has to change, if the field is right.
COLUMNS: Mapping[str, str] = {
    "arrival_differs": "到场时间", "arrival_missing": "到场时间",
    "arrival_unrecorded": "到场时间", "technician_differs": "维修人员",
    "completion_differs": "完工时间", "completion_missing": "完工时间",
    "completion_unrecorded": "完工时间", "result_differs": "验收结果",
    "signature_claimed": "业主签字", "signature_denied": "业主签字",
    "amount_differs": "收费金额", "payer_differs": "派工类别",
    "composition_differs": "材料费、人工费",
    "call_missing": "回访时间", "closed_unaccepted": "状态",
    "sla_differs": "到场时间",
}  # fmt: skip
WHOLE_ROW = "整行"
