"""The whole database at one moment, as a file; and from the file back again.

A SQLite database is copied by `VACUUM INTO`: one consistent reading beside which the
server goes on writing, nothing of what was erased in it, and no file that is being
written is ever copied. Rows of PostgreSQL are read in one snapshot and written into the
same tables in a SQLite file: no program besides this one is needed, no version has to
fit, and what looks a copy over is the same for both. May not enter: what rows mean.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, Engine, delete, insert, select, text

from server.database import open_engine, reading, upgrade, writing
from server.tables import metadata
from sync.problems import Refused

ROWS_AT_ONCE = 2_000
NEW = "doorstep_new"
VERSION = "alembic_version"


def copy_out(engine: Engine, file: Path) -> None:
    """The database of this engine into a new file. Refused: `storage_full`,
    `backup_source_damaged`."""
    if engine.dialect.name == "sqlite":
        _vacuum_into(engine, file)
        return
    upgrade(f"sqlite:///{file}")
    with opened(file) as target, reading(engine) as source, writing(target) as into:
        pour(source, into)


def _vacuum_into(engine: Engine, file: Path) -> None:
    lent = engine.raw_connection()
    try:
        lent.cursor().execute("VACUUM INTO ?", (str(file),))
    except sqlite3.DatabaseError as error:
        if "full" in str(error):
            raise Refused("storage_full") from error
        raise Refused("backup_source_damaged", why=str(error)) from error
    finally:
        lent.close()


@contextmanager
def opened(file: Path) -> Iterator[Engine]:
    """An engine on a SQLite file that nobody else has open; afterwards the file alone
    is left."""
    engine = open_engine(f"sqlite:///{file}")
    try:
        yield engine
        with engine.connect() as connection:
            lent = connection.connection.driver_connection
            assert lent is not None
            lent.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        engine.dispose()
        Path(f"{file}.upgrade").unlink(missing_ok=True)


def pour(source: Connection, into: Connection) -> None:
    """Every row of every table, in place of what is there."""
    for table in reversed(metadata.sorted_tables):
        into.execute(delete(table))
    for table in metadata.sorted_tables:
        rows = source.execution_options(yield_per=ROWS_AT_ONCE).execute(select(table))
        for some in rows.mappings().partitions():
            into.execute(insert(table), [dict(row) for row in some])


def set_in_place(file: Path, url: str, aside: str | None) -> None:
    """The rows of a file as the tables of a PostgreSQL database, in one transaction:
    they go into a schema of their own, which then takes the place of the present
    tables. Those move to the schema `aside`; without one they were empty and go."""
    engine = open_engine(url)
    with opened(file) as source, reading(source) as rows, writing(engine) as into:
        here = into.exec_driver_sql("SELECT current_schema()").scalar_one()
        into.exec_driver_sql(f'CREATE SCHEMA "{NEW}"')
        into.exec_driver_sql(f'SET LOCAL search_path TO "{NEW}"')
        metadata.create_all(into, checkfirst=False)
        into.exec_driver_sql(f"CREATE TABLE {VERSION} (version_num varchar(32))")
        revision = text(f"SELECT version_num FROM {VERSION}")  # noqa: S608 - our own
        into.execute(
            text(f"INSERT INTO {VERSION} VALUES (:revision)"),  # noqa: S608
            {"revision": rows.execute(revision).scalar_one()},
        )
        pour(rows, into)
        _swap(into, str(here), aside)
    engine.dispose()


def _swap(into: Connection, here: str, aside: str | None) -> None:
    say = into.exec_driver_sql
    if aside:
        say(f'CREATE SCHEMA "{aside}"')
    for name in [*metadata.tables, VERSION]:
        if aside:
            say(f'ALTER TABLE IF EXISTS "{here}"."{name}" SET SCHEMA "{aside}"')
        else:
            say(f'DROP TABLE IF EXISTS "{here}"."{name}"')
        say(f'ALTER TABLE "{NEW}"."{name}" SET SCHEMA "{here}"')
    say(f'DROP SCHEMA "{NEW}"')


@contextmanager
def looking(file: Path) -> Iterator[sqlite3.Connection]:
    """A file that is only read, and left without a trace."""
    address = f"file:{quote(str(file.absolute()))}?mode=ro&immutable=1"
    connection = sqlite3.connect(address, uri=True)
    connection.row_factory = sqlite3.Row
    try:
        yield connection
    finally:
        connection.close()
