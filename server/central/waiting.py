"""What waits for a person: differences, a page at a time, and what one rests on.

May not enter: HTTP, how a difference is found or settled.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Connection, select, tuple_
from sqlalchemy import func as sql

from server.central_tables import central_file, central_version, difference
from sync.access import EVERY
from sync.reconcile import SORTS

STATES: Mapping[str, ColumnElement[bool]] = {
    "open": difference.c.open & difference.c.decision.is_(None),
    "decided": difference.c.decision.is_not(None),
    "gone": ~difference.c.open & difference.c.decision.is_(None),
}
MOST = 200
MOST_VERSIONS = 50


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which differences; those of `projects`, or of every one."""

    projects: Collection[str]
    state: str = "open"
    project: str | None = None
    code: str | None = None
    severity: str | None = None
    settles: str | None = None
    handler: str | None = None
    number: str | None = None

    @property
    def where(self) -> ColumnElement[bool]:
        """As a condition."""
        chosen = STATES[self.state] & theirs(self.projects)
        if self.project is not None:
            chosen &= difference.c.project == self.project
        if self.handler is not None:
            chosen &= difference.c.handler == self.handler
        if self.number is not None:
            chosen &= difference.c.number == self.number
        if {self.code, self.severity, self.settles} != {None}:
            chosen &= difference.c.code.in_(self._codes())
        return chosen

    def _codes(self) -> list[str]:
        return [
            code
            for code, sort in SORTS.items()
            if self.code in (None, code)
            and self.severity in (None, sort.severity.value)
            and self.settles in (None, sort.settles)
        ]


def theirs(projects: Collection[str]) -> ColumnElement[bool]:
    """Those of these projects; rows of no project belong to whoever has every one."""
    every = difference.c.id.is_not(None)
    return every if EVERY in projects else difference.c.project.in_(sorted(projects))


def page(
    connection: Connection, wanted: Wanted, after: tuple[int, str] | None, limit: int
) -> list[Any]:
    """The oldest first; after this one."""
    chosen = wanted.where
    if after is not None:
        chosen &= tuple_(difference.c.first_ms, difference.c.id) > after
    return list(connection.execute(
        select(difference).where(chosen)
        .order_by(difference.c.first_ms, difference.c.id).limit(limit)
    ))  # fmt: skip


def counts(connection: Connection, wanted: Wanted) -> dict[str, int]:
    """How many there are of each code."""
    asked = (
        select(difference.c.code, sql.count())
        .where(wanted.where)
        .group_by(difference.c.code)
    )
    return {code: count for code, count in connection.execute(asked)}  # noqa: C416


def one(connection: Connection, name: str, projects: Collection[str]) -> Any | None:
    """The difference of this name, if they may see it."""
    chosen = (difference.c.id == name) & theirs(projects)
    return connection.execute(select(difference).where(chosen)).first()


def versions(connection: Connection, number: str, *, cells: bool) -> list[Any]:
    """What the log has said of a number, the newest first: in which file, on which
    line; the cells only for whoever may know the owner (S1)."""
    rows = connection.execute(
        select(central_version, central_file.c.name, central_file.c.columns)
        .join(central_file, central_file.c.digest == central_version.c.file)
        .where(central_version.c.number == number)
        .order_by(central_version.c.seq.desc()).limit(MOST_VERSIONS)
    )  # fmt: skip
    return [
        {
            "file": row.file, "name": row.name, "line": row.line,
            "brought_ms": row.brought_ms,
            "columns": orjson.loads(row.columns) if cells else [],
            "cells": orjson.loads(row.cells) if cells else [],
        }
        for row in rows
    ]  # fmt: skip
