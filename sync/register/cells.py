"""One cell of the register: from what somebody typed to what it means.

Every reader takes the tidied text and the register's offset from UTC in minutes, and
gives the value or raises `Unreadable` with what to write instead. Nothing is guessed:
what can be read in two ways is not read. May not enter: headings, rows, other cells.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from functools import cache
from unicodedata import normalize

from sync.words import N_

Read = Callable[[str, int], object]

MOST_YUAN = 100_000_000
LONGEST_NUMBER = 40

# Marks that chat programs and spreadsheets wrap around pasted numbers: zero-width
# spaces, byte-order marks, directions. Nobody sees them, every comparison does.
_UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_BLANKS = frozenset({"-", "--", "—", "——", "/", "\\"})

_DATE = re.compile(
    r"""(?:(?P<y>\d{4})(?P<s>[-/.])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})
        |(?P<Y>\d{4})年(?P<M>\d{1,2})月(?P<D>\d{1,2})日?)
        [\sT]*(?P<half>上午|下午|AM|PM)?\s*
        (?P<hour>\d{1,2})(?::|时|点)(?P<minute>\d{2})
        (?:分?|(?:分|:)(?P<second>\d{2})(?:\.\d{1,6})?秒?)\s*
        (?P<half_after>AM|PM)?
        (?P<zone>Z|[+-]\d{2}:?\d{2})?""",
    re.VERBOSE,
)
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")  # days since 1899-12-30, as spreadsheets count
_MONEY = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"(010|02\d|0[3-9]\d{2})(\d{7,8})(?:转(\d{1,6}))?")
_SERVICE_LINE = re.compile(r"[48]00\d{7}")
_ROUNDED = re.compile(r"\d\.\d+E\+\d+")  # 2.02611E+11: digits are gone for good


class Unreadable(Exception):
    """This cell says nothing we can rely on; `instead` is what to write."""

    def __init__(self, code: str, instead: str) -> None:
        super().__init__(code, instead)
        self.code = code
        self.instead = instead


def tidy(cell: str) -> str:
    """The cell without the characters nobody can see around or inside it."""
    return (cell if cell.isascii() else _UNSEEN.sub("", cell)).strip()


def tidied(cells: tuple[str, ...]) -> tuple[str, ...]:
    """The same of every cell; looked for once in all of them."""
    if _UNSEEN.search("".join(cells)):
        return tuple([tidy(cell) for cell in cells])
    return tuple([cell.strip() for cell in cells])


def plain(cell: str) -> str:
    """Full-width letters, digits and signs as half-width ones."""
    return (cell if cell.isascii() else normalize("NFKC", cell)).strip()


def text(cell: str, _offset: int) -> str:
    """Somebody's own words, as they wrote them."""
    return cell


def name(cell: str, _offset: int) -> str:
    """A name that is compared: half-width, single spaces."""
    return " ".join(plain(cell).split())


def number(cell: str, _offset: int) -> str:
    """A unified number (I1): half-width, upper case."""
    found = plain(cell).upper()
    if len(found) > LONGEST_NUMBER or _ROUNDED.fullmatch(found):
        raise Unreadable(
            "number_unreadable",
            N_("请写完整的统一编号（不超过 40 个字符；表格中把该列设为文本）"),
        )
    return found


def moment(cell: str, offset: int) -> int | None:
    """A local date and time of day as milliseconds UTC."""
    found = plain(cell).upper()
    if found in _BLANKS:
        return None
    if _SERIAL.fullmatch(found):
        return _checked(_from_serial(Decimal(found), offset))
    match = _DATE.fullmatch(found)
    if match is None:
        raise _not_a_time()
    return _checked(_from_match(match, offset))


def _from_serial(days: Decimal, offset: int) -> datetime:
    epoch = datetime(1899, 12, 30, tzinfo=_zone(offset))
    return epoch + timedelta(seconds=int((days * 86_400).to_integral_value()))


def _from_match(match: re.Match[str], offset: int) -> datetime:
    part = match.groupdict()
    try:
        return datetime(
            int(part["y"] or part["Y"]),
            int(part["m"] or part["M"]),
            int(part["d"] or part["D"]),
            _hour(int(part["hour"]), part["half"] or part["half_after"]),
            int(part["minute"]),
            int(part["second"] or 0),
            tzinfo=_written_zone(part["zone"], offset),
        )
    except ValueError:
        raise _not_a_time() from None


def _hour(hour: int, half: str | None) -> int:
    """The hour of 24; "下午 14:05" is said too and means what it says."""
    if half in {"下午", "PM"}:
        return hour if hour >= 12 else hour + 12
    if half in {"上午", "AM"} and hour == 12:
        return 0
    return hour


def _written_zone(written: str | None, offset: int) -> timezone:
    if written is None:
        return _zone(offset)
    if written == "Z":
        return UTC
    minutes = int(written[1:3]) * 60 + int(written[-2:])
    return _zone(-minutes if written[0] == "-" else minutes)


@cache
def _zone(offset: int) -> timezone:
    return timezone(timedelta(minutes=offset))


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _checked(when: datetime) -> int:
    if not 2000 <= when.year < 2100:
        raise _not_a_time()
    since = when - _EPOCH
    return since // timedelta(milliseconds=1)


def _not_a_time() -> Unreadable:
    return Unreadable(
        "time_unreadable", N_("请写成年月日加时分，例如 2026-11-01 08:14")
    )


def phone(cell: str, _offset: int) -> str:
    """A mobile as 11 digits, a landline as area code, dash, number; "" if none."""
    found = plain(cell).upper()
    if found in _BLANKS:
        return ""
    digits = re.sub(r"[\s().·_–—-]", "", found)
    digits = re.sub(r"(?:EXT\.?|分机|#)", "转", digits)
    digits = re.sub(r"^(?:\+|00)?86(?=0?\d{10})", "", digits)
    if _MOBILE.fullmatch(digits) or _SERVICE_LINE.fullmatch(digits):
        return digits
    line = _LANDLINE.fullmatch(digits)
    if line is None:
        raise Unreadable(
            "phone_unreadable",
            N_("请只写一个号码：手机 11 位，固定电话带区号，例如 021-55550123"),
        )
    return "-".join(part for part in line.groups() if part)


def money(cell: str, _offset: int) -> int | None:
    """Yuan as whole fen, exactly; None if nothing is written."""
    found = re.sub(r"^(?:¥|RMB|CNY|人民币)\s*", "", plain(cell).upper())
    found = re.sub(r"\s*(?:元|圆|RMB|CNY)整?$", "", found)
    if found in _BLANKS:
        return None
    if _MONEY.fullmatch(found):
        fen = Decimal(found.replace(",", "")) * 100
        if fen == fen.to_integral_value() and fen <= MOST_YUAN * 100:
            return int(fen)
    raise Unreadable("money_unreadable", N_("请写元，最多两位小数，例如 80 或 1234.50"))


def word(words: Mapping[object, tuple[str, ...]]) -> Read:
    """A reader of one word out of few; the first of each list is the usual one."""
    means = {_bare(said): code for code, said_so in words.items() for said in said_so}
    usual = " / ".join(said[0] for said in words.values())

    def read(cell: str, _offset: int) -> object:
        if plain(cell) in _BLANKS:
            return None
        try:
            return means[_bare(cell)]
        except KeyError:
            raise Unreadable("word_unknown", usual) from None

    return read


def _bare(said: str) -> str:
    return re.sub(r"[\s。.，,；;:()]", "", plain(said).upper())
