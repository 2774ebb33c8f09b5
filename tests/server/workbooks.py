"""Workbooks made by openpyxl or by hand, and what openpyxl's own reader says of them.

May not enter: our reader.
"""

import warnings
import zipfile
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from functools import cache
from io import BytesIO
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

Sheets = list[list[tuple[int, tuple[str, ...]]]]
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
FORMATS = (
    "General",
    "yyyy-mm-dd",
    "yyyy-mm-dd hh:mm:ss",
    "h:mm",
    "[h]:mm:ss",
    "0.00",
    '"Hd"0',
    "[$-804]yyyy年m月d日",
    "@",
)
WORDS = (
    "<si><t>SH1</t></si>",
    '<si><t xml:space="preserve"> 上 门 </t></si>',
    "<si><r><t>粗</t></r><r><rPr><b/></rPr><t>体</t></r></si>",
    "<si><t>字</t><rPh sb='0' eb='1'><t>zì</t></rPh></si>",
    "<si><t>_x005F_x000D_ &amp; &#20013;<![CDATA[<a>]]></t></si>",
    "<si><t/></si>",
    "<si/>",
)
SHARED_TYPE = (
    '<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.'
    'openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
)


def theirs(raw: bytes) -> Sheets:
    """As openpyxl reads it, every cell an object."""
    with warnings.catch_warnings(action="ignore"):
        book = load_workbook(BytesIO(raw), read_only=True, data_only=True)
        return [[*_lines(sheet)] for sheet in book.worksheets]


def _lines(sheet: Any) -> Iterator[tuple[int, tuple[str, ...]]]:
    sheet.reset_dimensions()
    for line, cells in enumerate(sheet.iter_rows(), start=1):
        yield line, tuple(map(_text, cells))


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
            whole = (moment + timedelta(milliseconds=500)).replace(microsecond=0)
            if "h" not in cell.number_format.lower() and whole.time() == time():
                return whole.date().isoformat()
            return whole.isoformat(sep=" ")
        case value:
            return str(value)


def saved(book: Workbook) -> bytes:
    file = BytesIO()
    book.save(file)
    return file.getvalue()


@cache
def styled(epoch_1904: bool = False) -> bytes:
    """A workbook whose styles 0 to 8 are FORMATS."""
    book = Workbook()
    if epoch_1904:
        book.epoch = CALENDAR_MAC_1904
    for place, shown in enumerate(FORMATS, start=1):
        book.active.cell(1, place, 1).number_format = shown
    return saved(book)


def having(sheet: bytes, epoch_1904: bool = False, **parts: bytes) -> bytes:
    """A workbook with this XML as its sheet, and these parts."""
    with zipfile.ZipFile(BytesIO(styled(epoch_1904))) as plain:
        members = {name: plain.read(name) for name in plain.namelist()}
    types = members["[Content_Types].xml"].decode()
    if "sharedStrings" not in types:
        types = types.replace("</Types>", SHARED_TYPE)
    members["[Content_Types].xml"] = types.encode()
    strings = f'<sst xmlns="{MAIN}">{"".join(WORDS)}</sst>'
    members["xl/sharedStrings.xml"] = strings.encode()
    members["xl/worksheets/sheet1.xml"] = sheet
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in (members | parts).items():
            archive.writestr(name, body)
    return file.getvalue()


def of_rows(rows: str, epoch_1904: bool = False) -> bytes:
    sheet = f'<worksheet xmlns="{MAIN}"><cols><col min="1" max="2"/></cols>'
    sheet += f"<sheetData>{rows}</sheetData><mergeCells/></worksheet>"
    return having(sheet.encode(), epoch_1904)
