"""The desk's own lists as people keep them: homes, rosters, certificates.

A sheet of cells in, rows we trust and rows with reasons out, as with the register
(`sync/register`): a wrong row never holds up the others. May not enter: files, who
works here, what the rows are used for.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sync.problems import Refused
from sync.qualifications import AGREEMENT, SAFETY
from sync.register.cells import Unreadable, name, phone, plain, text, tidy, word
from sync.register.columns import Column, Words, heading
from sync.register.rows import (
    LONGEST_FOUND,
    OUR_COLUMNS,
    REASONS,
    Reason,
    Sheet,
    SheetRow,
    WrongRow,
    unfit,
)
from sync.words import N_

MOST_PEOPLE = 200  # in one cell

WHY: Mapping[str, str] = {
    **REASONS,
    "day_unreadable": N_("“{column}”里的“{found}”认不出是哪一天：{instead}。"),
    "day_backwards": N_("“{column}”里的“{found}”早于开始的日子：{instead}。"),
    "person_not_known": N_("“{column}”里的“{found}”不是已登记的人员：{instead}。"),
    "person_no_technician": N_("“{column}”里的“{found}”不能接单：{instead}。"),
    "two_leads": N_("这一天已经有别的负责人，“{found}”是第二位：{instead}。"),
}
RELATIONS: Words = {
    "owner": ("业主", "产权人"),
    "family": ("家属", "家人"),
    "tenant": ("租户", "租客", "承租人"),
    "agent": ("受托人", "代理人", "委托人"),
}
NEEDS: Words = {
    SAFETY: ("三级安全教育", "安全教育", "三级教育"),
    AGREEMENT: ("施工单位安全协议", "安全协议"),
}
_BLANKS = frozenset({"", "-", "--", "—", "——", "/", "长期", "长期有效"})
_DAY = re.compile(
    r"(\d{4})(?:[-/.](\d{1,2})[-/.](\d{1,2})|年(\d{1,2})月(\d{1,2})日?)"
    r"(?:[ T]0?0:00.*)?"
)
_SERIAL = re.compile(r"\d{5}(?:\.0+)?")  # days since 1899-12-30


def day(cell: str, _offset: int) -> str:
    """A day as 2026-05-01; "" if it says that there is none."""
    found = plain(cell)
    if found in _BLANKS:
        return ""
    try:
        if _SERIAL.fullmatch(found):
            return (date(1899, 12, 30) + timedelta(int(float(found)))).isoformat()
        if match := _DAY.fullmatch(found):
            year, *rest = (int(one) for one in match.groups() if one)
            return date(year, *rest).isoformat()
    except ValueError:
        pass
    raise Unreadable("day_unreadable", N_("请写成年月日，例如 2026-05-01"))


def people(cell: str, _offset: int) -> tuple[str, ...]:
    """Several people, as names are listed."""
    found = re.split(r"[、,，;；/|\s]+", plain(cell))
    return tuple(dict.fromkeys(one for one in found if one))[:MOST_PEOPLE]


_NEED = word(NEEDS)


def need(cell: str, offset: int) -> object:
    """What a certificate is for: one of NEEDS, else a trade by its name."""
    try:
        return _NEED(cell, offset)
    except Unreadable:
        return name(cell, offset)


HOMES: tuple[Column, ...] = (
    Column("项目", "project", name, ("项目名称", "小区", "楼盘"), True),
    Column("楼栋", "building", name, ("楼号", "栋号", "幢号")),
    Column("单元", "unit", name, ("单元号",)),
    Column("房号", "room", name, ("房间号", "室号", "房间"), True),
    Column("交付日期", "handed_over_day", day, ("交房日期", "交付日", "交房日")),
    Column("姓名", "name", name, ("业主姓名", "业主", "住户", "住户姓名")),
    Column("联系电话", "phone", phone, ("电话", "手机", "手机号", "联系方式")),
    Column("关系", "relation", word(RELATIONS), ("身份", "与业主关系")),
    Column("入住日期", "since", day, ("起始日期",)),
    Column("备注", "note", text, ("说明",)),
)
ROSTER: tuple[Column, ...] = (
    Column("项目", "project", name, ("项目名称", "小区", "楼盘"), True),
    Column("日期", "day", day, ("值班日期", "值班日"), True),
    Column(
        "负责人", "lead", name, ("总负责人", "当日总负责人", "当日负责人", "值班长")
    ),
    Column("维修人员", "technicians", people, ("值班人员", "维修师傅", "师傅", "人员")),
)
QUALIFICATIONS: tuple[Column, ...] = (
    Column("人员", "person", name, ("姓名", "维修人员", "师傅", "工号"), True),
    Column(
        "资质", "what", need, ("专业", "工种", "证书", "证书名称", "证书类别"), True
    ),
    Column("证号", "number", name, ("证书编号", "编号", "证件号")),
    Column("有效期起", "valid_from", day, ("发证日期", "生效日期", "起始日期")),
    Column(
        "有效期止", "valid_until", day, ("有效期至", "到期日期", "到期日", "有效期")
    ),
    Column("单位", "contractor", name, ("所属单位", "施工单位", "外协单位")),
)


@dataclass(frozen=True)
class ListRow:
    """One row by fields; what is not written is not in it."""

    line: int
    cells: tuple[str, ...]
    said: Mapping[str, object]

    def word(self, field: str) -> str:
        """One value as text; "" if nothing is written."""
        return str(self.said.get(field, ""))


@dataclass(frozen=True)
class Listed:
    """What a sheet says. `fields`: for which there is a column at all."""

    columns: tuple[str, ...]
    fields: frozenset[str]
    rows: tuple[ListRow, ...]
    wrong: tuple[WrongRow, ...]
    unknown_columns: tuple[str, ...]


def is_heading_of(columns: tuple[Column, ...]) -> Callable[[str], bool]:
    """What tells the headings of a list from other lines."""
    known = _names(columns)
    return lambda written: heading(written) in known


def read_list(sheet: Sheet, columns: tuple[Column, ...]) -> Listed:
    """Every row of the sheet, right or wrong."""
    known = _names(columns)
    meaning: dict[int, Column] = {}
    for place, written in enumerate(sheet.columns):
        column = known.get(heading(written))
        if column is not None and column not in meaning.values():
            meaning[place] = column
    _must_have(columns, meaning, sheet.columns)
    read = [_row(one, sheet.columns, meaning) for one in sheet.rows]
    ours = {heading(one) for one in OUR_COLUMNS}
    return Listed(
        columns=sheet.columns,
        fields=frozenset(one.field for one in meaning.values()),
        rows=tuple(one for one in read if isinstance(one, ListRow)),
        wrong=tuple(one for one in read if isinstance(one, WrongRow)),
        unknown_columns=tuple(
            written
            for place, written in enumerate(sheet.columns)
            if written and place not in meaning and heading(written) not in ours
        ),
    )


def wrong(row: ListRow, code: str, column: str, found: str, instead: str) -> WrongRow:
    """A row that cannot be what it says, though its cells could be read."""
    return WrongRow(row.line, row.cells, (Reason(code, column, found, instead),))


def _names(columns: tuple[Column, ...]) -> dict[str, Column]:
    """What each heading means; a column's own name goes before the others."""
    others = {heading(one): column for column in columns for one in column.aliases}
    return others | {heading(column.name): column for column in columns}


def _must_have(
    columns: tuple[Column, ...], meaning: Mapping[int, Column], found: tuple[str, ...]
) -> None:
    absent = [
        one.name for one in columns if one.required and one not in meaning.values()
    ]
    if absent:
        raise Refused(
            "register_column_missing",
            missing="、".join(absent),
            found="、".join(one for one in found if one)[:400] or "—",
        )


def _row(
    row: SheetRow, columns: tuple[str, ...], meaning: Mapping[int, Column]
) -> ListRow | WrongRow:
    cells = tuple(tidy(cell) for cell in row.cells)
    if reasons := tuple(unfit(cells, columns)):
        return WrongRow(row.line, row.cells, reasons)
    said: dict[str, object] = {}
    reasons = tuple(_values(cells, meaning, said))
    return (
        WrongRow(row.line, row.cells, reasons)
        if reasons
        else ListRow(row.line, row.cells, said)
    )


def _values(
    cells: tuple[str, ...], meaning: Mapping[int, Column], said: dict[str, object]
) -> Iterator[Reason]:
    """Fills in what is said; what is wrong with it."""
    for place, column in meaning.items():
        cell = cells[place] if place < len(cells) else ""
        try:
            value = _value(column, cell)
        except Unreadable as no:
            yield Reason(no.code, column.name, cell[:LONGEST_FOUND], no.instead)
        else:
            said |= {} if value is None else {column.field: value}


def _value(column: Column, cell: str) -> object:
    """What a cell says; None if nothing."""
    value = column.read(cell, 0) if cell else None
    if value in (None, "", ()):
        if column.required:
            raise Unreadable("cell_missing", N_("这一列每行都要填"))
        return None
    return value
