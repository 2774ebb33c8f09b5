"""XLSX as lines of text cells, within limits.

Cells become the text that a person would have typed: times as ISO text, whole numbers
without ".0", numbers with the 15 digits a spreadsheet itself vouches for. May not
enter: headings' meaning.
"""

import zlib
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from io import BytesIO
from typing import Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, LargeZipFile, ZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from sync.problems import Refused

MOST_UNPACKED = 64 * 1024 * 1024
MOST_MEMBERS = 2_000
MOST_SHEETS = 10
LAST_LINE = 1_048_576

# What openpyxl and the layers below it raise on a damaged file.
BROKEN = (
    AttributeError,
    BadZipFile,
    EOFError,
    IndexError,
    InvalidFileException,
    KeyError,
    LargeZipFile,
    NotImplementedError,
    OSError,
    OverflowError,
    ParseError,
    RuntimeError,
    TypeError,
    ValueError,
    zlib.error,
)


def sheets(raw: bytes, name: str) -> Iterator[Iterator[tuple[int, tuple[str, ...]]]]:
    """Each sheet of the workbook."""
    _check_size(raw, name)
    try:
        book = load_workbook(BytesIO(raw), read_only=True, data_only=True)
    except BROKEN as error:
        raise _broken(name, error) from None
    for sheet in book.worksheets[:MOST_SHEETS]:
        yield _lines(sheet, name)


def _check_size(raw: bytes, name: str) -> None:
    """Small when unpacked. zipfile reads no more than a member says it holds."""
    try:
        with ZipFile(BytesIO(raw)) as packed:
            members = packed.infolist()
    except BROKEN as error:
        raise _broken(name, error) from None
    unpacked = sum(member.file_size for member in members)
    if unpacked > MOST_UNPACKED or len(members) > MOST_MEMBERS:
        raise Refused("register_bomb", name=name, limit_mb=MOST_UNPACKED >> 20)


def _lines(sheet: Any, name: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    try:
        sheet.reset_dimensions()  # some writers say A1 and mean everything
        for line, cells in enumerate(sheet.iter_rows(), start=1):
            if line > LAST_LINE:
                raise Refused("register_too_long", limit=LAST_LINE)
            yield line, tuple(_text(cell) for cell in cells)
    except BROKEN as error:
        raise _broken(name, error) from None


def _broken(name: str, error: BaseException) -> Refused:
    return Refused("register_xlsx_broken", name=name, why=type(error).__name__)


def _text(cell: Any) -> str:
    match cell.value:
        case None:
            return ""
        case bool() as yes:
            return "是" if yes else "否"
        case float() as number:
            shown = f"{number:.15g}"
            return f"{number:f}" if "e" in shown else shown
        case datetime() as moment:
            return _moment(moment, cell.number_format)
        case value:
            return str(value)


def _moment(moment: datetime, number_format: str) -> str:
    """ISO text. A spreadsheet keeps days as fractions: only whole seconds are meant."""
    whole = (moment + timedelta(milliseconds=500)).replace(microsecond=0)
    if "h" not in number_format.lower() and whole.time() == time():
        return whole.date().isoformat()
    return whole.isoformat(sep=" ")
