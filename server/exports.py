"""A list of orders as a file for spreadsheets: exactly what the list shows.

Numbers of orders and homes are text, times are real times at the company's offset, and
no cell is a formula (X12). May not enter: which orders, HTTP.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.utils import get_column_letter

from server.register.formulas import neutral
from server.words import say
from sync.card import STAGES
from sync.reviews import LABELS
from sync.words import N_

MOST = 20_000
BOM = "\ufeff"
TIME = "yyyy-mm-dd hh:mm"
PRIORITIES = {"emergency": N_("特急"), "urgent": N_("紧急"), "normal": N_("一般")}
WIDE = {N_("故障"): 40, N_("待核对"): 30}

Cell = str | int | datetime | None
Card = Mapping[str, Any]

COLUMNS = (
    N_("编号"), N_("项目"), N_("房号"), N_("类别"), N_("工种"), N_("紧急程度"),
    N_("进度"), N_("故障"), N_("维修人员"), N_("协助"), N_("预约开始"), N_("预约结束"),
    N_("登记时间"), N_("轮次"), N_("待核对"), N_("挂起"), N_("最近时限"),
    N_("最后联系"),
)  # fmt: skip


def rows(
    cards: Iterable[Card], people: Mapping[str, str], offset_minutes: int
) -> Iterator[tuple[Cell, ...]]:
    """One row for each card, in the sequence of the list."""

    def at(ms: int | None) -> datetime | None:
        if ms is None:
            return None
        there = datetime.fromtimestamp(ms // 1000, UTC)
        return (there + timedelta(minutes=offset_minutes)).replace(tzinfo=None)

    for one in cards:
        window = one["appointment"] or {"start_ms": None, "end_ms": None}
        due = [d["due_first_ms"] for d in one["deadlines"] if d["answer"] == "open"]
        yield (
            one["number"] or "", one["project"], one["home"], one["sort"],
            one["trade"], _word(PRIORITIES, one["priority"]),
            _word(STAGES, one["stage"]), one["fault"],
            people.get(one["technician"], one["technician"]) or "",
            say(N_("、"), {}).join(people.get(who, who) for who in one["helpers"]),
            at(window["start_ms"]), at(window["end_ms"]), at(one["registered_ms"]),
            one["round"], "；".join(_word(LABELS, code) for code in one["reviews"]),
            say(N_("是"), {}) if one["held"] else "",
            at(min((ms for ms in due if ms is not None), default=None)),
            at(one["known"]["contact_ms"]),
        )  # fmt: skip


def _word(words: Mapping[str, str], code: str) -> str:
    return say(words[code], {}) if code in words else code


def as_csv(found: Iterable[Sequence[Cell]], columns: Sequence[str] = COLUMNS) -> bytes:
    """As CSV that spreadsheets read as UTF-8."""
    text = io.StringIO(newline="")
    written = csv.writer(text)
    written.writerow([say(one, {}) for one in columns])
    written.writerows([_csv_cell(cell) for cell in row] for row in found)
    return (BOM + text.getvalue()).encode()


def _csv_cell(cell: Cell) -> str | int:
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M")
    return neutral(cell) if isinstance(cell, str) else "" if cell is None else cell


def as_xlsx(found: Iterable[Sequence[Cell]]) -> bytes:
    """As a workbook whose first row stays in sight."""
    book = Workbook(write_only=True)
    add_sheet(book, N_("工单"), COLUMNS, found, WIDE)
    return bytes_of(book)


def add_sheet(
    book: Workbook,
    title: str,
    columns: Sequence[str],
    found: Iterable[Sequence[Cell]],
    wide: Mapping[str, int],
) -> None:
    """One more sheet; its headings stay in sight."""
    sheet = book.create_sheet(say(title, {}))
    sheet.freeze_panes = "A2"
    for n, column in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(n)].width = wide.get(column, 16)
    sheet.append([_xlsx_cell(sheet, say(one, {})) for one in columns])
    for row in found:
        sheet.append([_xlsx_cell(sheet, cell) for cell in row])


def bytes_of(book: Workbook) -> bytes:
    """The workbook as a file."""
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _xlsx_cell(sheet: object, cell: Cell) -> WriteOnlyCell:
    if isinstance(cell, str):
        clean = ILLEGAL_CHARACTERS_RE.sub("\ufffd", neutral(cell))
        written = WriteOnlyCell(sheet, clean)
        written.data_type, written.number_format = "s", "@"
        return written
    written = WriteOnlyCell(sheet, cell)
    if isinstance(cell, datetime):
        written.number_format = TIME
    return written
