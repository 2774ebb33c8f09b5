"""A register's file, as a sheet of text cells with the lines they stand on.

What the bytes are is decided by the bytes; the name is only asked when they do not
say. Titles above the headings are stepped over. May not enter: what a cell means.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from server.register import delimited, workbook
from server.register.delimited import TITLE_LINES, Known
from server.register.formulas import unneutral
from sync.problems import Refused
from sync.register import Sheet, SheetRow, is_heading

MOST_BYTES = 64 * 1024 * 1024
MOST_ROWS = 250_000
MOST_COLUMNS = 200
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"

Line = tuple[int, tuple[str, ...]]


class _Found(NamedTuple):
    known: int
    place: int


def read_register(source: Path | bytes, name: str, known: Known = is_heading) -> Sheet:
    """The register in this file, or another list whose headings are `known`. Raises
    Refused where the whole file cannot be read."""
    raw = source if isinstance(source, bytes) else _bytes_of(source)
    if len(raw) > MOST_BYTES:
        raise Refused("register_too_large", limit_mb=MOST_BYTES >> 20)
    if raw.startswith(OLE):
        raise Refused("register_old_excel", name=name)
    if raw.startswith(ZIP):
        return _sheet(name, _first_register(workbook.sheets(raw, name), known), known)
    if name.lower().endswith((".xlsx", ".xlsm")):
        raise Refused("register_not_xlsx", name=name)
    return _sheet(name, _bounded(delimited.lines(raw, name, known)), known)


def _bytes_of(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)


def _first_register(readings: Iterable[Iterator[Line]], known: Known) -> list[Line]:
    """Of several sheets that with the most known headings."""
    best: list[Line] = []
    most = -1
    for reading in readings:
        lines = _bounded(reading)
        found = _headings(lines, known).known
        if found > most:
            best, most = lines, found
    return best


def _bounded(reading: Iterator[Line]) -> list[Line]:
    lines = []
    for line, cells in reading:
        if not any(map(str.strip, cells)):
            continue
        lines.append((line, _trimmed(cells)))
        if len(lines) > MOST_ROWS:
            raise Refused("register_too_long", limit=MOST_ROWS)
    return lines


def _trimmed(cells: tuple[str, ...]) -> tuple[str, ...]:
    """The cells without the empty ones at the end."""
    last = len(cells) - 1
    while not cells[last].strip():
        last -= 1
    if last >= MOST_COLUMNS:
        raise Refused("register_too_wide", limit=MOST_COLUMNS)
    return tuple([
        unneutral(cell) if "'" in cell else cell for cell in cells[: last + 1]
    ])  # fmt: skip


def _headings(lines: list[Line], known: Known) -> _Found:
    """Where the headings stand: the line at the top with the most names we know."""
    return max(
        (
            _Found(sum(map(known, cells)), -place)
            for place, (_, cells) in enumerate(lines[:TITLE_LINES])
        ),
        default=_Found(0, 0),
    )


def _sheet(name: str, lines: list[Line], known: Known) -> Sheet:
    if not lines:
        raise Refused("register_empty", name=name)
    top = -_headings(lines, known).place
    columns = tuple(" ".join(cell.split()) for cell in lines[top][1])
    rows = tuple(SheetRow(line, cells) for line, cells in lines[top + 1 :])
    return Sheet(name, columns, rows)
