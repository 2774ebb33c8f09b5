"""The register as a file, the way people keep it: mixed dates, phones with spaces.

How a row is written is drawn from the seed; what it says is not. CSV has the same
bytes for the same seed. May not enter: reading a register.
"""

import csv
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO
from random import Random

from openpyxl import Workbook

from infra.demo.town import SHANGHAI, chance
from sync.register import COLUMNS, RegisterRow, spoken

OPENED = tuple(column.name for column in COLUMNS[:15])
CLOSED = tuple(column.name for column in COLUMNS)
FIELDS = {column.name: column.field for column in COLUMNS}

# Fields whose text stands in the cell as it is; the others have words for codes.
AS_THEY_ARE = frozenset(
    field
    for field, value in RegisterRow(number="", registered_ms=0).says().items()
    if isinstance(value, str)
)

DATE_STYLES: tuple[Callable[[datetime], str], ...] = (
    lambda at: f"{at:%Y-%m-%d %H:%M}",
    lambda at: f"{at:%Y-%m-%d %H:%M:%S}",
    lambda at: f"{at.year}/{at.month}/{at.day} {at.hour}:{at.minute:02}",
    lambda at: f"{at:%Y/%m/%d %H:%M}",
    lambda at: f"{at.year}年{at.month:02}月{at.day:02}日 {at:%H:%M}",
    lambda at: f"{at.year}.{at.month}.{at.day} {at.hour}:{at.minute:02}",
)
PHONE_STYLES: tuple[Callable[[str], str], ...] = (
    lambda digits: digits,
    lambda digits: f"{digits[:3]} {digits[3:7]} {digits[7:]}",
    lambda digits: f"{digits[:3]}-{digits[3:7]}-{digits[7:]}",
    lambda digits: f"+86 {digits}",
)
MONEY_STYLES: tuple[Callable[[str], str], ...] = (
    lambda yuan: yuan,
    lambda yuan: yuan,
    lambda yuan: f"￥{yuan}",
    lambda yuan: f"{yuan}元",
)


def csv_register(
    rows: tuple[RegisterRow, ...],
    columns: tuple[str, ...],
    seed: int,
    encoding: str = "utf-8-sig",
    delimiter: str = ",",
) -> bytes:
    """The register as CSV, in these columns and this encoding."""
    text = StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow(columns)
    writer.writerows(_written(rows, columns, seed))
    return text.getvalue().encode(encoding)


def xlsx_register(
    rows: tuple[RegisterRow, ...], columns: tuple[str, ...], seed: int
) -> bytes:
    """The register as XLSX: times as real dates, some phones as numbers."""
    book = Workbook()
    sheet = book.active
    if sheet is None:
        sheet = book.create_sheet()
    sheet.append(columns)
    dice = chance(seed, "xlsx")
    for line, row in enumerate(rows, start=2):
        sheet.append([_as_typed(row, column, dice) for column in columns])
        for typed in sheet[line]:
            if typed.data_type == "f":  # words that begin with "=" are words
                typed.data_type = "s"
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _written(
    rows: tuple[RegisterRow, ...], columns: tuple[str, ...], seed: int
) -> Iterator[list[str]]:
    """Each row in a style of its own: the hand of whoever was at the desk."""
    dice = chance(seed, "hand")
    for row in rows:
        date_style = dice.choice(DATE_STYLES)
        yield [cell(row, column, date_style, dice) for column in columns]


def cell(
    row: RegisterRow, column: str, date_style: Callable[[datetime], str], dice: Random
) -> str:
    """What a person would write into this column."""
    field = FIELDS[column]
    value = getattr(row, field)
    if value is None or value == "":
        return ""
    if field.endswith("_ms"):
        return date_style(local(value))
    if field.endswith("_fen"):
        return dice.choice(MONEY_STYLES)(_yuan(value))
    if field == "phone" and len(value) == 11:
        return dice.choice(PHONE_STYLES)(value)
    return value if field in AS_THEY_ARE else spoken(field, value)


def _as_typed(row: RegisterRow, column: str, dice: Random) -> object:
    field = FIELDS[column]
    value = getattr(row, field)
    if value is not None and field.endswith("_ms"):
        return local(value).replace(tzinfo=None)
    if value is not None and field.endswith("_fen"):
        return value / 100  # a spreadsheet has nothing but floats
    if field == "phone" and value.isdigit() and dice.random() < 0.5:
        return int(value)
    return cell(row, column, DATE_STYLES[0], dice)


def local(at_ms: int) -> datetime:
    """This moment on the wall clock in Shanghai."""
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    return (epoch + timedelta(milliseconds=at_ms)).astimezone(SHANGHAI)


def _yuan(fen: int) -> str:
    whole, rest = divmod(fen, 100)
    return f"{whole}.{rest:02}" if rest else str(whole)
