"""Rows of the central service log come in, and change only what changed.

A row is kept as it stood in its file: which file, which line, which cells. What it says
takes the place of what was said of its number; a column that a file does not have says
nothing. Bringing the same file again changes nothing, also after later corrections. May
not enter: what cells mean (`sync/register`), differences.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import (
    BindParameter,
    Connection,
    Engine,
    bindparam,
    insert,
    select,
)
from sqlalchemy import update as sql_update
from sqlalchemy.dialects import postgresql, sqlite

from server.central_tables import (
    central_file,
    central_head,
    central_row,
    central_version,
)
from server.database import new_or_same, reading, writing
from server.forgotten_rows import PERSONAL, codes_alone, forgotten
from server.prepared import NOTHING, Prepared, evened
from sync.envelope import digest
from sync.reconcile import home_of
from sync.register import Reason, RegisterRow, Sheet, SheetRow, field_named, read_rows
from sync.register.cells import Unreadable, number, tidy

CHUNK = 500
NEW, CHANGED, SAME, WRONG, TWICE = "new", "changed", "same", "wrong", "twice"
WHATS = (NEW, CHANGED, SAME, WRONG, TWICE)


_SAID = frozenset(RegisterRow.__dataclass_fields__) - {"line", "aside"}

_NAMES: BindParameter[list[str]] = bindparam("names", expanding=True)
KNOWN = Prepared(
    select(
        central_row.c.number, central_row.c.cells_digest, central_row.c.said,
        central_row.c.unreadable, central_row.c.times,
    ).where(central_row.c.number.in_(_NAMES))
)  # fmt: skip
ADVANCE = Prepared(
    sql_update(central_head).where(central_head.c.id == 1)
    .values(seq=central_head.c.seq + bindparam("by")).returning(central_head.c.seq)
)  # fmt: skip
REACHED = Prepared(select(central_head.c.seq))
KEEP = Prepared(insert(central_version))


def _over(connection: Connection) -> Any:
    maker = postgresql if connection.dialect.name == "postgresql" else sqlite
    made = maker.insert(central_row)
    fresh = ("seq", "cells_digest", "said", "unreadable", "times", "project", "home",
             "registered_ms")  # fmt: skip
    return made.on_conflict_do_update(
        index_elements=[central_row.c.number],
        set_={name: made.excluded[name] for name in fresh},
    )


SAY = Prepared(_over)
AGAIN = Prepared(
    sql_update(central_row).where(central_row.c.number == bindparam("b_number"))
    .values(times=bindparam("b_times"), seq=bindparam("b_seq"))
)  # fmt: skip


@dataclass(frozen=True)
class Source:
    """Where rows come from: a name, the SHA-256 of the bytes, the saved mapping."""

    name: str
    digest: str
    by: str
    mapping: str | None = None


@dataclass(frozen=True)
class Outcome:
    """What became of one row."""

    line: int
    number: str
    what: str
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class _Known:
    """What is held of a number."""

    cells_digest: str
    said: str | None
    unreadable: str
    times: int


@dataclass
class Bringing:
    """One file on its way in. `apply`: are rows written at all?"""

    engine: Engine
    source: Source
    sheet: Sheet
    offset_minutes: int
    now_ms: int
    apply: bool
    times: dict[str, int] = field(default_factory=dict)  # by number, so far
    said: dict[str, str] = field(default_factory=dict)  # digest of cells, by number
    before: dict[str, int] = field(default_factory=dict)  # more than once until now
    silent: set[str] = field(default_factory=set)  # numbers whose owner is forgotten

    def run(self) -> Iterator[list[Outcome]]:
        """Bring it in, some rows at a time; each time either all of them or none, so a
        second run goes on where a first one was broken off."""
        if self._is_known():
            yield [Outcome(one.line, "", SAME) for one in self.sheet.rows]
            return
        rows = self.sheet.rows
        for start in range(0, len(rows), CHUNK):
            yield self._some(rows[start : start + CHUNK])
        self._finish()

    def _is_known(self) -> bool:
        """Has all of this very file been brought in before?"""
        asked = select(central_file.c.finished_ms).where(
            central_file.c.digest == self.source.digest
        )
        with reading(self.engine) as connection:
            if connection.execute(asked).scalar() is not None:
                return True
        if self.apply:
            with writing(self.engine) as connection:
                row = {
                    "digest": self.source.digest, "name": self.source.name[:300],
                    "columns": json.dumps(self.sheet.columns, ensure_ascii=False),
                    "rows": len(self.sheet.rows), "mapping": self.source.mapping,
                    "by": self.source.by, "begun_ms": self.now_ms,
                }  # fmt: skip
                connection.execute(new_or_same(connection, central_file).values(row))
        return False

    def _some(self, rows: Sequence[SheetRow]) -> list[Outcome]:
        named = [(self._number(row), row) for row in rows]
        if not self.apply:
            with reading(self.engine) as connection:
                return self._looked_at(connection, named).outcomes
        with writing(self.engine) as connection:
            held: int = REACHED.value(connection, NOTHING)
            ADVANCE.value(connection, {"by": 0})  # the lock, before anything is read
            chunk = self._looked_at(connection, named)
            if chunk.versions:
                held = ADVANCE.value(connection, {"by": len(chunk.versions)})
                first = held - len(chunk.versions) + 1
                for at, (version, row) in enumerate(chunk.versions, first):
                    version["seq"] = at
                    if row is not None:
                        row["seq"] = at
                KEEP.run_all(connection, [version for version, _ in chunk.versions])
                SAY.run_all(
                    connection, [row for _, row in chunk.versions if row is not None]
                )
            return chunk.outcomes

    def _number(self, row: SheetRow) -> str:
        """The number in the row; a name of our own if none can be read."""
        place = self._place_of_number
        cell = tidy(row.cells[place]) if place < len(row.cells) else ""
        try:
            found = number(cell, 0)
        except Unreadable:
            found = ""
        return found or f"?{self.source.digest[:12]}:{row.line}"

    @property
    def _place_of_number(self) -> int:
        for place, heading in enumerate(self.sheet.columns):
            column = field_named(heading)
            if column is not None and column.field == "number":
                return place
        return len(self.sheet.columns)

    def _looked_at(
        self, connection: Connection, named: Sequence[tuple[str, SheetRow]]
    ) -> "_Chunk":
        names = list(dict.fromkeys(one for one, _ in named))
        held = known(connection, names)
        self.silent |= forgotten(connection, names)
        chunk = _Chunk()
        fresh: list[tuple[str, SheetRow, str]] = []
        for name, row in named:
            cells = digest(orjson.dumps((self.sheet.columns, row.cells)))
            was = held.get(name)
            if name in self.said:
                self._again(chunk, name, row, cells)
                continue
            self.said[name], self.times[name] = cells, 1
            if was and was.times > 1:
                self.before[name] = was.times
            if was and was.cells_digest == cells:
                chunk.outcomes.append(Outcome(row.line, name, SAME))
            else:
                fresh.append((name, row, cells))
        self._read(chunk, fresh, held)
        return chunk

    def _again(self, chunk: "_Chunk", name: str, row: SheetRow, cells: str) -> None:
        """The number stands in this file already: the same words count, other words
        are for a person to look at, under a name of their own."""
        if self.said[name] == cells:
            self.times[name] += 1
            chunk.outcomes.append(Outcome(row.line, name, TWICE))
            chunk.versions.append((self._version(name, row, ()), None))
            return
        why = Reason("number_twice", "统一编号", name, "请只保留正确的一行，或改正编号")
        own = f"?{self.source.digest[:12]}:{row.line}"
        self._wrong(chunk, own, self._shown(name, row), cells, (why,), None)

    def _read(
        self,
        chunk: "_Chunk",
        fresh: Sequence[tuple[str, SheetRow, str]],
        held: Mapping[str, _Known],
    ) -> None:
        if not fresh:
            return
        sheet = Sheet(
            self.sheet.name, self.sheet.columns, tuple(r for _, r, _ in fresh)
        )
        read = read_rows(sheet, self.offset_minutes)
        right = {row.line: row for row in read.rows}
        wrong = {row.line: row.reasons for row in read.wrong}
        has = {c.field for one in self.sheet.columns if (c := field_named(one))} & _SAID
        for name, row, cells in fresh:
            was = held.get(name)
            if row.line in wrong:
                shown = self._shown(name, row)
                self._wrong(chunk, name, shown, cells, wrong[row.line], was)
                continue
            silent = PERSONAL if name in self.silent else frozenset()
            said = _merged(was.said if was else None, right[row.line], has - silent)
            if was and was.said == said and not was.unreadable:
                chunk.outcomes.append(Outcome(row.line, name, SAME))
                continue
            what = NEW if was is None else CHANGED
            chunk.outcomes.append(Outcome(row.line, name, what))
            marked = "" if silent else cells
            now = _row(name, marked, said, as_row(said), "", was.times if was else 1)
            chunk.versions.append((self._version(name, row, ()), now))

    def _shown(self, name: str, row: SheetRow) -> SheetRow:
        """The row as it may be kept: of a forgotten owner only that there was one."""
        return SheetRow(row.line, ()) if name in self.silent else row

    def _wrong(
        self,
        chunk: "_Chunk",
        name: str,
        row: SheetRow,
        cells: str,
        reasons: tuple[Reason, ...],
        was: _Known | None,
    ) -> None:
        """Kept as it stands; what was said before still holds, if anything was."""
        chunk.outcomes.append(Outcome(row.line, name, WRONG, reasons))
        why = ", ".join(dict.fromkeys(one.code for one in reasons))[:200]
        said = was.said if was else None
        whole = as_row(said) if said else None
        now = _row(name, cells, said, whole, why, was.times if was else 1)
        chunk.versions.append((self._version(name, row, reasons), now))

    def _version(
        self, name: str, row: SheetRow, reasons: tuple[Reason, ...]
    ) -> dict[str, Any]:
        kept = orjson.dumps(reasons).decode() if reasons else None
        shown = self._shown(name, row)
        return {
            "seq": 0, "number": name, "file": self.source.digest, "line": row.line,
            "cells": orjson.dumps(shown.cells).decode(),
            "reasons": kept if shown.cells else codes_alone(kept),
            "brought_ms": self.now_ms,
        }  # fmt: skip

    def _finish(self) -> None:
        """How often each number stands in the file is known at its end."""
        if not self.apply:
            return
        often = {name: n for name, n in self.times.items() if n > 1}
        moved = {
            name: often.get(name, 1)
            for name in often.keys() | self.before.keys()
            if often.get(name, 1) != self.before.get(name, 1)
        }
        with writing(self.engine) as connection:
            first = ADVANCE.value(connection, {"by": len(moved)}) - len(moved) + 1
            AGAIN.run_all(connection, [
                {"b_number": name, "b_times": times, "b_seq": at}
                for at, (name, times) in enumerate(sorted(moved.items()), first)
            ])  # fmt: skip
            connection.execute(
                sql_update(central_file)
                .where(central_file.c.digest == self.source.digest)
                .values(finished_ms=self.now_ms)
            )


@dataclass
class _Chunk:
    """Some rows looked at: what became of each, and what is to be written."""

    outcomes: list[Outcome] = field(default_factory=list)
    versions: list[tuple[dict[str, Any], dict[str, Any] | None]] = field(
        default_factory=list
    )


def known(connection: Connection, numbers: Sequence[str]) -> dict[str, _Known]:
    """What is held of these numbers."""
    return {
        row[0]: _Known(*row[1:])
        for some in evened(numbers)
        for row in KNOWN.all(connection, {"names": some})
    }


def _merged(was: str | None, row: RegisterRow, has: frozenset[str] | set[str]) -> str:
    """What is said now; of what the file has no column for, what was said before."""
    held: dict[str, Any] = orjson.loads(was) if was else {}
    said = vars(row)
    for name in has:
        value = said[name]
        if value is None or value == "":
            held.pop(name, None)
        else:
            held[name] = value
    return orjson.dumps(held, option=orjson.OPT_SORT_KEYS).decode()


def as_row(said: str) -> RegisterRow:
    """The row that lies in its table so."""
    return RegisterRow(**orjson.loads(said))


def _row(
    name: str,
    cells: str,
    said: str | None,
    row: RegisterRow | None,
    unreadable: str,
    times: int,
) -> dict[str, Any]:
    return {
        "number": name, "seq": 0, "cells_digest": cells, "said": said,
        "unreadable": unreadable, "times": times,
        "project": row.site[:200] if row else "",
        "home": home_digest(row), "registered_ms": row.registered_ms if row else None,
    }  # fmt: skip


def home_digest(row: RegisterRow | None) -> str | None:
    """What a home is called where nobody needs to know which it is (S1)."""
    home = home_of(row)
    return None if home is None else digest(orjson.dumps(home))
