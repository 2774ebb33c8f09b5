"""CSV and its relatives as lines of text cells.

The encoding is decided strictly: byte-order mark, else UTF-8, else GB18030, else a
refusal that names the byte. A file that is half one and half the other is not read.
May not enter: what a cell means, files.
"""

import csv
from collections.abc import Callable, Iterator
from io import StringIO
from itertools import chain, islice

from sync.problems import Refused
from sync.register import is_heading

Known = Callable[[str], bool]  # is this a heading of the list that is read?

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
TITLE_LINES = 10  # that may stand above the headings
_DELIMITERS = (",", ";", "\t")
# Stands behind the last line: a quote left open would swallow it.
_END = "\x00end of the register\x00"


def lines(
    raw: bytes, name: str, known: Known = is_heading
) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The file's records, each with the line on which it begins."""
    text = decoded(raw, name)
    return _records(text, _delimiter(text, known), name)


def _delimiter(text: str, known: Known) -> str:
    """The one that makes most headings of a line at the top; else the comma."""
    top = list(islice(StringIO(text, newline=""), TITLE_LINES))

    return max(_DELIMITERS, key=lambda mark: _most_headings(top, mark, known))


def _most_headings(top: list[str], delimiter: str, known: Known) -> int:
    try:
        records = list(csv.reader(top, delimiter=delimiter))
    except csv.Error:
        return 0  # read in earnest, the same cell is refused with its line
    return max((sum(map(known, cells)) for cells in records), default=0)


def decoded(raw: bytes, name: str) -> str:
    """The text, in the one encoding that all its bytes agree with."""
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return _decoded(raw, encoding, name)
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return _decoded(raw, "gb18030", name)


def _decoded(raw: bytes, encoding: str, name: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise Refused(
            "register_encoding",
            name=name,
            offset=error.start,
            line=raw.count(b"\n", 0, error.start) + 1,
        ) from None


def _records(
    text: str, delimiter: str, name: str
) -> Iterator[tuple[int, tuple[str, ...]]]:
    reader = csv.reader(
        chain(StringIO(text, newline=""), ["\n", _END]), delimiter=delimiter
    )
    begins = 1
    try:
        for cells in reader:
            if cells == [_END]:
                return
            yield begins, tuple(cells)
            last, begins = begins, reader.line_num + 1
    except csv.Error:
        raise Refused("register_cell_endless", name=name, line=begins) from None
    raise Refused("register_quote_open", name=name, line=last)
