"""Wrong rows as a file that people mend and hand in again.

The original columns with the line and the reason in front; CSV (UTF-8 with BOM) or
XLSX by the file's ending. May not enter: what is wrong with a row.
"""

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from server.register.formulas import neutral
from sync.problems import Refused
from sync.register import Reason, Register
from sync.register.rows import OUR_COLUMNS


def write_wrong_rows(
    path: Path, register: Register, say: Callable[[Reason], str] = str
) -> None:
    """Write every wrong row of the register; `say` puts a reason into words."""
    rows = _rows(register, say)
    match path.suffix.lower():
        case ".csv":
            _write_csv(path, rows)
        case ".xlsx":
            _write_xlsx(path, rows)
        case other:
            raise Refused("wrong_rows_ending", found=other)


def _rows(
    register: Register, say: Callable[[Reason], str]
) -> Iterator[tuple[str, ...]]:
    # A file of wrong rows that was mended has our columns already: new ones replace.
    kept = [n for n, column in enumerate(register.columns) if column not in OUR_COLUMNS]
    width = max([len(register.columns), *(len(row.cells) for row in register.wrong)])
    kept += range(len(register.columns), width)
    yield *OUR_COLUMNS, *_picked(register.columns, kept)
    for row in register.wrong:
        reasons = "".join(say(reason) for reason in row.reasons)
        yield str(row.line), reasons, *_picked(row.cells, kept)


def _picked(cells: tuple[str, ...], places: list[int]) -> Iterator[str]:
    for place in places:
        yield neutral(cells[place]) if place < len(cells) else ""


def _write_csv(path: Path, rows: Iterator[tuple[str, ...]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)


def _write_xlsx(path: Path, rows: Iterator[tuple[str, ...]]) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        sheet.append([_as_text(sheet, cell) for cell in row])
    book.save(path)


def _as_text(sheet: object, cell: str) -> WriteOnlyCell:
    written = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("\ufffd", cell))
    written.data_type = "s"
    return written
