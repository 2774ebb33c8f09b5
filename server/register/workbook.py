"""XLSX as lines of text cells, within limits.

The parts of a workbook are found by openpyxl; rows are read as they come. May not
enter: what a cell says, headings' meaning.
"""

import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from xml.etree.ElementTree import Element
from zipfile import BadZipFile, LargeZipFile, ZipFile

from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import Stylesheet
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.xml.constants import ARC_STYLE, SHARED_STRINGS
from openpyxl.xml.functions import fromstring

from server.register.cells import ROW, STRING, Cells, Style, styles, words
from server.register.elements import elements
from sync.problems import Refused

Line = tuple[int, tuple[str, ...]]

MOST_HELD = 128 * 1024 * 1024  # unpacked: shared text and the like, held in memory
MOST_STREAMED = 512 * 1024 * 1024  # sheets: 250,000 rows of 27 columns come to 440 MiB
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
    RuntimeError,
    SyntaxError,  # XML's, by whichever parser
    TypeError,
    ValueError,
    zlib.error,
)


def sheets(raw: bytes, name: str) -> Iterator[Iterator[Line]]:
    """Each sheet of the workbook."""
    _check_size(raw, name)
    try:
        book = _opened(raw)
        parts, cells = _parts(book), _cells(book)
    except BROKEN as error:
        raise _broken(name, error) from None
    for part in parts[:MOST_SHEETS]:
        yield _lines(book.archive, part, cells, name)


def _opened(raw: bytes) -> Any:
    book = ExcelReader(BytesIO(raw), read_only=True, keep_links=False)
    book.read_manifest()
    book.read_workbook()
    return book


def _parts(book: Any) -> list[str]:
    """Where the sheets with cells lie, in the sequence of the workbook."""
    return [
        found.target
        for _, found in book.parser.find_sheets()
        if found.target in book.valid_files and "chartsheet" not in found.Type
    ]


def _cells(book: Any) -> Cells:
    return Cells(_shared(book), _styles(book.archive), book.wb.epoch)


def _shared(book: Any) -> list[str]:
    """The strings that cells name by number."""
    part = book.package.find(SHARED_STRINGS)
    if part is None:
        return []
    with book.archive.open(part.PartName[1:]) as file:
        found = (node for node in elements(file, 1) if node.tag == STRING)
        return [words(node).replace("x005F_", "") for node in found]


def _styles(archive: ZipFile) -> tuple[Style, ...]:
    try:
        raw = archive.read(ARC_STYLE)
    except KeyError:
        return ()
    return styles(Stylesheet.from_tree(fromstring(raw)))


def _check_size(raw: bytes, name: str) -> None:
    """Small enough unpacked. zipfile reads no more than a member says it holds."""
    try:
        with ZipFile(BytesIO(raw)) as packed:
            members = packed.infolist()
    except BROKEN as error:
        raise _broken(name, error) from None
    streamed = sum(one.file_size for one in members if _is_sheet(one.filename))
    held = sum(one.file_size for one in members) - streamed
    for size, most in ((streamed, MOST_STREAMED), (held, MOST_HELD)):
        if size > most or len(members) > MOST_MEMBERS:
            raise Refused("register_bomb", name=name, limit_mb=most >> 20)


def _is_sheet(member: str) -> bool:
    """Is it read bit by bit?"""
    return member.startswith("xl/worksheets/")


def _lines(archive: ZipFile, part: str, cells: Cells, name: str) -> Iterator[Line]:
    """Every line up to the last row, also those that the file leaves out."""
    given = number = 0  # how many lines; the number of the row read last
    try:
        with archive.open(part) as file:
            for row in elements(file, 2):
                if row.tag != ROW:
                    continue
                number = _number(row, number)
                for line in range(given + 1, number + 1):
                    if line > LAST_LINE:
                        raise Refused("register_too_long", limit=LAST_LINE)
                    yield line, cells.line(row) if line == number else ()
                given = max(given, number)
    except BROKEN as error:
        raise _broken(name, error) from None


def _number(row: Element, before: int) -> int:
    """The row's number; the next one if it does not say."""
    said = row.get("r")
    if said is None:
        return before + 1
    number = float(said)
    if not number.is_integer():
        raise ValueError(said)
    return int(number)


def _broken(name: str, error: BaseException) -> Refused:
    return Refused("register_xlsx_broken", name=name, why=type(error).__name__)
