"""Putting a server back in time: a copy of its database at a moment, and that copy in
the place of the database later, under the running server or a restarted one.

Nobody tells the server. May not enter: what a test claims.
"""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg
from flask import Flask
from sqlalchemy.engine import URL, make_url

from server import incidents
from server.database import reading
from server.incidents import Incident
from tests.world import MINUTE, World


class Copies:
    """Copies of one world's database, each by a number."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.url = make_url(world.config.database)
        self._count = 0

    def copy(self) -> int:
        """A copy of the database as it is now."""
        self._count += 1
        self._copy(self._count)
        return self._count

    def put_back(self, number: int, *, restart: bool = True) -> None:
        """Put a copy in the database's place; nobody tells the server."""
        self.world.ms += MINUTE
        if restart:
            self.world.parts.originals.darkroom.close()
            self.world.parts.engine.dispose()
        self._put_back(number)
        if restart:
            self.world.app = self.world._start()
        self.world.ms += MINUTE

    @property
    def _sqlite(self) -> bool:
        return self.url.get_backend_name() == "sqlite"

    def _copy(self, number: int) -> None:
        if self._sqlite:
            _pour(Path(self.url.database or ""), self._file(number))
        else:
            self._clone(self.url.database or "", self._name(number))

    def _put_back(self, number: int) -> None:
        if self._sqlite:
            _pour(self._file(number), Path(self.url.database or ""))
        else:
            _tell(self.url, f'DROP DATABASE "{self.url.database}" WITH (FORCE)')
            self._clone(self._name(number), self.url.database or "")

    def _file(self, number: int) -> Path:
        return self.world.folder / f"copy-{number}.db"

    def _name(self, number: int) -> str:
        return f"{self.url.database}_copy_{number}"

    def _clone(self, source: str, target: str) -> None:
        """A database like another; whoever is connected to that one, is no more."""
        _tell(
            self.url,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            f" WHERE datname = '{source}'",
        )
        _tell(self.url, f'CREATE DATABASE "{target}" TEMPLATE "{source}"')

    def close(self) -> None:
        """Nothing is left behind."""
        for number in range(1, self._count + 1):
            if self._sqlite:
                self._file(number).unlink(missing_ok=True)
            else:
                _tell(self.url, f'DROP DATABASE IF EXISTS "{self._name(number)}"')


def _pour(source: Path, target: Path) -> None:
    """What is in one SQLite database into another, page by page; others may have both
    open."""
    with (
        closing(sqlite3.connect(source)) as full,
        closing(sqlite3.connect(target)) as to,
    ):
        full.backup(to)


def _tell(url: URL, statement: str) -> None:
    address = url.set(drivername="postgresql", database="postgres")
    with psycopg.connect(
        address.render_as_string(hide_password=False), autocommit=True
    ) as connection:
        connection.execute(statement)


def close_app(app: Flask) -> None:
    """Nothing of it stays open."""
    app.extensions["doorstep"].originals.darkroom.close()
    app.extensions["doorstep"].engine.dispose()


def clone_of(world: World, folder: Path) -> Path:
    """The server's folder, copied while nobody looks: a second live copy (F18)."""
    shutil.copytree(world.config.data, folder, ignore=shutil.ignore_patterns("*.db*"))
    _pour(Path(make_url(world.config.database).database or ""), folder / "doorstep.db")
    return folder


def reported(world: World) -> list[Incident]:
    """Every incident that a person sees."""
    with reading(world.parts.engine) as connection:
        return incidents.incidents(connection)
