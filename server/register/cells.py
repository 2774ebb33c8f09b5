"""The cells of a workbook's rows as the text that a person would have typed.

Times as ISO text, whole numbers without ".0", numbers with the 15 digits a spreadsheet
itself vouches for. Which styles are dates, what a serial number means and what rich
text says is asked of openpyxl, whose own reader makes an object of each cell and takes
several times as long. May not enter: archives, limits, headings' meaning.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import lru_cache
from xml.etree.ElementTree import Element

from openpyxl.cell.text import Text
from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE
from openpyxl.styles.stylesheet import Stylesheet
from openpyxl.utils.cell import column_index_from_string
from openpyxl.utils.datetime import from_excel, from_ISO8601
from openpyxl.xml.constants import SHEET_MAIN_NS

ROW = f"{{{SHEET_MAIN_NS}}}row"
STRING = f"{{{SHEET_MAIN_NS}}}si"
VALUE = f"{{{SHEET_MAIN_NS}}}v"
INLINE = f"{{{SHEET_MAIN_NS}}}is"
WORDS = f"{{{SHEET_MAIN_NS}}}t"
DIGITS = "0123456789"
OUTSIDE = "#VALUE!"  # what a spreadsheet shows for a date that there is not

# Days that every spreadsheet counts alike: after the 29 February 1900 that there was
# not, and before the year 9999.
USUAL = range(61, 2_900_000)
DAY_S = 24 * 60 * 60


@dataclass(frozen=True)
class Style:
    """How a cell is shown, as far as it decides what a number in it is."""

    date: bool = False
    duration: bool = False
    hours: bool = False  # without them midnight is a whole day


PLAIN = Style()


def styles(sheet: Stylesheet) -> tuple[Style, ...]:
    """Each style that cells name, at its number."""
    codes = [_code(sheet, style.numFmtId) for style in sheet.cell_styles]
    return tuple(
        Style(
            number in sheet.date_formats,
            number in sheet.timedelta_formats,
            "h" in code.lower(),
        )
        for number, code in enumerate(codes)
    )


def _code(sheet: Stylesheet, number: int) -> str:
    """The format with this number; General if nobody defined it."""
    own = number - BUILTIN_FORMATS_MAX_SIZE
    if 0 <= own < len(sheet.number_formats):
        return str(sheet.number_formats[own])
    return BUILTIN_FORMATS.get(number, "General")


def words(node: Element) -> str:
    """The text of a string, rich or not."""
    if len(node) == 1 and node[0].tag == WORDS:
        return node[0].text or ""
    return str(Text.from_tree(node).content)


class Cells:
    """Rows as text, with what the workbook shares among its cells."""

    def __init__(
        self, shared: Sequence[str], styles: Sequence[Style], epoch: datetime
    ) -> None:
        self.shared = shared
        self.styles = {str(number): style for number, style in enumerate(styles)}
        self.epoch = epoch
        self.places = lru_cache(maxsize=256)(_places)
        self.kinds: dict[str, Callable[[Element], str]] = {
            "n": self._number,
            "s": self._shared,
            "inlineStr": self._inline,
            "b": self._truth,
            "d": self._iso,
        }

    def line(self, row: Element) -> tuple[str, ...]:
        """Each cell at its place, as far as the last one reaches."""
        kinds = self.kinds
        texts = [kinds.get(cell.get("t", "n"), _value)(cell) for cell in row]
        shape = ",".join([cell.get("r", "") for cell in row])
        number = row.get("r", "")
        places = self.places(shape.replace(number, "") if number.isdecimal() else shape)
        return tuple(texts) if places is None else _placed(texts, places)

    def _number(self, cell: Element) -> str:
        value = cell.findtext(VALUE)
        if not value:
            return ""
        whole = "." not in value and "e" not in value and "E" not in value
        number = int(value) if whole else float(value)
        style = self.styles.get(cell.get("s", "0"), PLAIN)
        return self._serial(number, style) if style.date else _plain(number)

    def _serial(self, number: float, style: Style) -> str:
        if USUAL.start <= number < USUAL.stop and not style.duration:
            return _counted(self.epoch, number, style)
        try:
            when = from_excel(number, self.epoch, timedelta=style.duration)
        except (OverflowError, ValueError):
            return OUTSIDE
        return _when(when, style)

    def _shared(self, cell: Element) -> str:
        value = cell.findtext(VALUE)
        return self.shared[int(value)] if value else ""

    def _inline(self, cell: Element) -> str:
        node = cell.find(INLINE)
        return "" if node is None else words(node)

    def _truth(self, cell: Element) -> str:
        value = cell.findtext(VALUE)
        if not value:
            return ""
        return "是" if int(value) else "否"

    def _iso(self, cell: Element) -> str:
        value = cell.findtext(VALUE)
        style = self.styles.get(cell.get("s", "0"), PLAIN)
        return _when(from_ISO8601(value), style) if value else ""


def _places(references: str) -> tuple[int, ...] | None:
    """In which columns, from 1, cells with these references stand; None if they stand
    side by side from the first. Digits may be missing: the row is known."""
    places, place = [], 0
    for reference in references.split(",") if references else ():
        letters = reference.rstrip(DIGITS)
        place = column_index_from_string(letters) if reference else place + 1
        places.append(place)
    return None if places == [*range(1, len(places) + 1)] else tuple(places)


def _placed(texts: list[str], places: tuple[int, ...]) -> tuple[str, ...]:
    line = [""] * max(places)
    for place, text in zip(places, texts, strict=True):
        line[place - 1] = text
    return tuple(line[: places[-1]])


def _value(cell: Element) -> str:
    """What a formula came to, a mistake's name: text already."""
    return cell.findtext(VALUE) or ""


def _plain(number: float) -> str:
    if isinstance(number, int):
        return str(number)
    shown = f"{number:.15g}"
    return f"{number:f}" if "e" in shown else shown


def _counted(epoch: datetime, number: float, style: Style) -> str:
    """What `_moment` says of a usual day: whole milliseconds, then whole seconds."""
    day, rest = divmod(number, 1)
    seconds = (round(rest * DAY_S * 1000) + 500) // 1000
    days, seconds = int(day) + seconds // DAY_S, seconds % DAY_S
    if seconds == 0 and not style.hours:
        return _day(epoch, days)
    return f"{_day(epoch, days)} {_clock(seconds)}"


@lru_cache(maxsize=10_000)
def _day(epoch: datetime, days: int) -> str:
    return (epoch + timedelta(days=days)).date().isoformat()


@lru_cache(maxsize=DAY_S)
def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _when(when: object, style: Style) -> str:
    return _moment(when, style) if isinstance(when, datetime) else str(when)


def _moment(moment: datetime, style: Style) -> str:
    """ISO text. A spreadsheet keeps days as fractions: only whole seconds are meant."""
    whole = (moment + timedelta(milliseconds=500)).replace(microsecond=0)
    if not style.hours and whole.time() == time():
        return whole.date().isoformat()
    return whole.isoformat(sep=" ")
