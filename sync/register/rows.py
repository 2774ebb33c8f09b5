"""A sheet of cells in, rows we trust and rows with reasons out.

A wrong row never holds up the others; only a sheet without its two required columns
is refused. The register's minute is an interval: "08:14" is [08:14:00, 08:15:00).
May not enter: files, encodings, what the rows are used for.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

from sync.problems import Refused
from sync.register.cells import Read, Unreadable, tidied
from sync.register.columns import COLUMNS, Column, field_named, heading, is_usual
from sync.words import N_

SHANGHAI_MINUTES = 480
LONGEST_CELL = 4_000
LONGEST_FOUND = 60
MOST_REMEMBERED = 4_096  # cells of a column: the same words come again and again

# Columns that we add to a file of wrong rows: that file comes back once it is mended.
OUR_COLUMNS = ("行号", "原因")
_OURS = frozenset(heading(column) for column in OUR_COLUMNS)
_GARBLED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd]")

REASONS: Mapping[str, str] = {
    "cell_missing": N_("“{column}”没有填写：{instead}。"),
    "cell_garbled": N_("“{column}”里有乱码或控制字符“{found}”：{instead}。"),
    "cell_too_long": N_("“{column}”太长（“{found}”）：{instead}。"),
    "cells_beyond_columns": N_("这一行比表头多出内容“{found}”：{instead}。"),
    "number_unreadable": N_("“{column}”里的“{found}”不是完整的编号：{instead}。"),
    "number_twice": N_("统一编号 {found} 前面已有一行，内容不同：{instead}。"),
    "time_unreadable": N_("“{column}”里的“{found}”认不出是什么时间：{instead}。"),
    "phone_unreadable": N_("“{column}”里的“{found}”不是电话号码：{instead}。"),
    "money_unreadable": N_("“{column}”里的“{found}”不是金额：{instead}。"),
    "word_unknown": N_("“{column}”里的“{found}”不认识，请写其中之一：{instead}。"),
}


@dataclass(frozen=True)
class SheetRow:
    """The cells of one row as text, and where it begins in the file (1 is the top)."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """A file as text cells: its headings, and the rows below that are not empty."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[SheetRow, ...]


@dataclass(frozen=True, kw_only=True)
class RegisterRow:
    """One request as the desk noted it (I1). None or "" means: nothing is written."""

    number: str
    registered_ms: int
    channel: str = ""
    kind: str | None = None  # repair, complaint, enquiry, suggestion
    site: str = ""
    building: str = ""
    unit: str = ""
    room: str = ""
    owner: str = ""
    phone: str = ""
    trade: str = ""
    fault: str = ""
    priority: str | None = None  # normal, urgent, emergency
    first_asked: str = ""
    remark: str = ""
    payer: str | None = None  # A, B, paid (L1)
    technician: str = ""
    arrived_ms: int | None = None
    completed_ms: int | None = None
    result: str | None = None  # pass, fail
    signed: bool | None = None
    material_fen: int | None = None
    labour_fen: int | None = None
    charged_fen: int | None = None
    called_back_ms: int | None = None
    satisfaction: str | None = None
    state: str | None = None  # closed, open, rework, cancelled
    aside: tuple[tuple[str, str], ...] = ()  # columns we do not know, as written
    line: int = 0

    def says(self) -> dict[str, object]:
        """What the row says, wherever it stands."""
        said = asdict(self)
        del said["line"]
        return said


@dataclass(frozen=True)
class Reason:
    """Why a row is wrong: where, what was there, what to write instead."""

    code: str
    column: str
    found: str
    instead: str

    def __str__(self) -> str:
        return REASONS[self.code].format_map(asdict(self))


@dataclass(frozen=True)
class WrongRow:
    """A row that a person must mend, with its cells as they were."""

    line: int
    cells: tuple[str, ...]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Register:
    """What a sheet says. `twice`: (number, line) of rows said again word for word."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[RegisterRow, ...]
    wrong: tuple[WrongRow, ...]
    twice: tuple[tuple[str, int], ...]
    unknown_columns: tuple[str, ...]


def told_interval(told_ms: int) -> tuple[int, int]:
    """When it can have been, half-open. A full minute means somewhere within it."""
    return told_ms, told_ms + (60_000 if told_ms % 60_000 == 0 else 1_000)


@dataclass(frozen=True)
class _Layout:
    """Which place holds which column, and the columns that we do not know."""

    columns: tuple[str, ...]
    meaning: Mapping[int, Column]
    beside: Mapping[int, str]
    offset: int
    readers: Mapping[int, Read]  # of the columns, each remembering what it has read


def read_rows(sheet: Sheet, offset_minutes: int = SHANGHAI_MINUTES) -> Register:
    """Every row of the sheet, right or wrong; `offset_minutes` east of UTC."""
    layout = _layout(sheet.columns, offset_minutes)
    first: dict[str, RegisterRow] = {}
    wrong: list[WrongRow] = []
    twice: list[tuple[str, int]] = []
    for cells in sheet.rows:
        row = _read_row(cells, layout)
        if isinstance(row, WrongRow):
            wrong.append(row)
        elif row.number not in first:
            first[row.number] = row
        elif row.says() == first[row.number].says():
            twice.append((row.number, row.line))
        else:
            wrong.append(WrongRow(row.line, cells.cells, (_contradiction(row.number),)))
    return Register(
        name=sheet.name,
        columns=sheet.columns,
        rows=tuple(first.values()),
        wrong=tuple(wrong),
        twice=tuple(twice),
        unknown_columns=tuple(layout.beside.values()),
    )


@lru_cache(maxsize=16)
def _layout(columns: tuple[str, ...], offset: int) -> _Layout:
    meaning = _meaning(columns)
    beside = {
        place: column
        for place, column in enumerate(columns)
        if column and place not in meaning and heading(column) not in _OURS
    }
    readers = {
        place: lru_cache(maxsize=MOST_REMEMBERED)(column.read)
        for place, column in meaning.items()
    }
    return _Layout(columns, meaning, beside, offset, readers)


def _meaning(columns: tuple[str, ...]) -> dict[int, Column]:
    """Which place holds which column. A column's own name goes before its others."""
    places: dict[str, int] = {}
    for place, written in enumerate(columns):
        column = field_named(written)
        if column is None:
            continue
        earlier = places.setdefault(column.field, place)
        if earlier == place or not is_usual(written):
            continue
        if is_usual(columns[earlier]):
            raise Refused("register_column_twice", column=column.name)
        places[column.field] = place
    _require(places, columns)
    known = {column.field: column for column in COLUMNS}
    in_sequence = sorted(places.items(), key=lambda found: found[1])
    return {place: known[field] for field, place in in_sequence}


def _require(places: Mapping[str, int], columns: tuple[str, ...]) -> None:
    absent = [c.name for c in COLUMNS if c.required and c.field not in places]
    if absent:
        raise Refused(
            "register_column_missing",
            missing="、".join(absent),
            found="、".join(column for column in columns if column)[:400] or "—",
        )


def _read_row(row: SheetRow, layout: _Layout) -> RegisterRow | WrongRow:
    cells = tidied(row.cells)
    reasons = list(unfit(cells, layout.columns))
    if reasons:
        return WrongRow(row.line, row.cells, tuple(reasons))
    values: dict[str, Any] = {}
    for place, column in layout.meaning.items():
        cell = cells[place] if place < len(cells) else ""
        try:
            value = layout.readers[place](cell, layout.offset) if cell else None
            if value is not None:
                values[column.field] = value
            if column.required:
                must_be_there(value)
        except Unreadable as no:
            found = cell[:LONGEST_FOUND]
            reasons.append(Reason(no.code, column.name, found, no.instead))
    if reasons:
        return WrongRow(row.line, row.cells, tuple(reasons))
    aside = tuple(
        (column, cells[place])
        for place, column in layout.beside.items()
        if place < len(cells) and cells[place]
    )
    return RegisterRow(**values, aside=aside, line=row.line)


def must_be_there(value: object) -> None:
    """Where a cell may be empty, the field keeps its default."""
    if value in {None, ""}:
        raise Unreadable("cell_missing", N_("这一列每行都要填"))


def unfit(cells: tuple[str, ...], columns: tuple[str, ...]) -> Iterator[Reason]:
    """What is wrong with the cells whatever they mean."""
    whole = "\n".join(cells)
    short = len(cells) <= len(columns) and len(whole) <= LONGEST_CELL
    if short and not _GARBLED.search(whole):
        return
    for column, cell in zip(columns, cells, strict=False):
        shown = _GARBLED.sub("\ufffd", cell)[:LONGEST_FOUND]
        if _GARBLED.search(cell):
            yield Reason("cell_garbled", column, shown, N_("请删除后重新输入"))
        if len(cell) > LONGEST_CELL:
            yield Reason("cell_too_long", column, shown, N_("请缩短到 4000 字以内"))
    beyond = " ".join(cell for cell in cells[len(columns) :] if cell)
    if beyond:
        shown = _GARBLED.sub("\ufffd", beyond)[:LONGEST_FOUND]
        instead = N_("请删除多余的内容，或给这一列加上表头")
        yield Reason("cells_beyond_columns", "", shown, instead)


def _contradiction(number: str) -> Reason:
    instead = N_("请只保留正确的一行，或改正编号")
    return Reason("number_twice", COLUMNS[0].name, number, instead)
