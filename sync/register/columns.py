"""Which heading of the register means what, and how its cells are read.

To read one more column: a row in COLUMNS and a field in `RegisterRow`. A heading is
compared without spaces, punctuation, full-width forms and what stands in brackets.
May not enter: rows, files.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from unicodedata import normalize

from sync.register.cells import Read, moment, money, name, number, phone, text, word

Words = Mapping[object, tuple[str, ...]]

KINDS: Words = {
    "repair": ("报修", "维修", "报修单"),
    "complaint": ("投诉",),
    "enquiry": ("咨询", "查询"),
    "suggestion": ("建议",),
}
PRIORITIES: Words = {
    "normal": ("一般", "普通", "正常"),
    "urgent": ("紧急", "加急", "急"),
    "emergency": ("特急", "特别紧急", "非常紧急"),
}
PAYERS: Words = {
    "A": ("A", "A类", "A单", "A类派工单", "保修"),
    "B": ("B", "B类", "B单", "B类派工单"),
    "paid": ("有偿", "有偿维修", "自费", "业主付费"),
}
RESULTS: Words = {
    "pass": ("合格", "通过", "验收合格", "验收通过"),
    "fail": ("不合格", "不通过", "未通过", "验收不合格", "验收不通过"),
}
YES_OR_NO: Words = {
    True: ("是", "已签", "已签字", "有", "Y", "YES", "√", "1"),
    False: ("否", "未签", "未签字", "拒签", "无", "没有", "N", "NO", "×", "0"),
}
SATISFACTIONS: Words = {
    "very_satisfied": ("非常满意", "很满意", "十分满意"),
    "satisfied": ("满意", "比较满意"),
    "neutral": ("一般", "基本满意"),
    "dissatisfied": ("不满意", "不太满意", "非常不满意"),
}
STATES: Words = {
    "closed": ("已结案", "结案", "已关闭", "已归档"),
    "open": ("处理中", "待处理", "进行中", "未结案"),
    "rework": ("返修中", "返修", "二次整改"),
    "cancelled": ("已取消", "取消", "已撤销"),
}
WORDS: Mapping[str, Words] = {
    "kind": KINDS,
    "priority": PRIORITIES,
    "payer": PAYERS,
    "result": RESULTS,
    "signed": YES_OR_NO,
    "satisfaction": SATISFACTIONS,
    "state": STATES,
}


@dataclass(frozen=True)
class Column:
    """One heading: its usual name, the field it fills, its reader, its other names."""

    name: str
    field: str
    read: Read
    aliases: tuple[str, ...] = ()
    required: bool = False


COLUMNS: tuple[Column, ...] = (
    Column("统一编号", "number", number, ("编号", "登记编号", "工单号", "单号"), True),
    Column("登记时间", "registered_ms", moment, ("受理时间", "来电时间"), True),
    Column("来源", "channel", name, ("渠道", "受理渠道", "来电来访方式")),
    Column("类别", "kind", word(KINDS), ("类型", "受理类别", "诉求类别")),
    Column("项目", "site", name, ("项目名称", "小区", "楼盘")),
    Column("楼栋", "building", name, ("楼号", "栋号", "幢号")),
    Column("单元", "unit", name, ("单元号",)),
    Column("房号", "room", name, ("房间号", "室号", "房间")),
    Column("业主姓名", "owner", name, ("业主", "姓名", "报修人", "客户姓名")),
    Column("联系电话", "phone", phone, ("电话", "手机", "手机号", "联系方式")),
    Column("专业", "trade", name, ("工种", "专业类别")),
    Column("报修内容", "fault", text, ("内容", "问题描述", "故障描述", "诉求内容")),
    Column("紧急程度", "priority", word(PRIORITIES), ("优先级", "紧急性")),
    Column("首问责任人", "first_asked", name, ("首问人", "接线员", "登记人")),
    Column("备注", "remark", text, ("说明", "备注说明")),
    Column("派工类别", "payer", word(PAYERS), ("派工单类别", "派单类别", "责任类别")),
    Column("维修人员", "technician", name, ("维修师傅", "维修技师", "师傅", "维修人")),
    Column("到场时间", "arrived_ms", moment, ("到达时间", "上门时间")),
    Column("完工时间", "completed_ms", moment, ("完成时间", "维修完成时间")),
    Column("验收结果", "result", word(RESULTS), ("验收", "验收结论")),
    Column("业主签字", "signed", word(YES_OR_NO), ("签字", "是否签字", "业主签名")),
    Column("材料费", "material_fen", money, ("材料费用", "配件费")),
    Column("人工费", "labour_fen", money, ("人工费用", "工时费")),
    Column("收费金额", "charged_fen", money, ("收费", "实收金额", "向业主收费")),
    Column("回访时间", "called_back_ms", moment, ("回访日期",)),
    Column("满意度", "satisfaction", word(SATISFACTIONS), ("回访结果", "评价")),
    Column("状态", "state", word(STATES), ("工单状态", "处理状态", "办理状态")),
)


def heading(written: str) -> str:
    """A heading as it is compared."""
    bare = re.sub(r"\(.*?\)|\[.*?\]|【.*?】", "", normalize("NFKC", written))
    return re.sub(r"[\W_]", "", bare).upper()


_USUAL = {heading(column.name): column for column in COLUMNS}
_OTHER = {heading(other): column for column in COLUMNS for other in column.aliases}


def field_named(written: str) -> Column | None:
    """The column that this heading means."""
    return _USUAL.get(heading(written)) or _OTHER.get(heading(written))


def is_heading(written: str) -> bool:
    """Whether this names a column of the register."""
    return field_named(written) is not None


def is_usual(written: str) -> bool:
    """Whether this is a column's own name and not one of its other names."""
    return heading(written) in _USUAL


def spoken(field: str, code: object) -> str:
    """The usual Chinese word for a code, "" for None: what the register would say."""
    return "" if code is None else WORDS[field][code][0]
