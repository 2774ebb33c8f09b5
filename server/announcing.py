"""Writing down what nobody was promised yet, without waiting for the medium.

Everybody sees it at once. It reaches the medium with the next commit that is waited
for, whoever makes it: each database keeps one log, and syncs it from its beginning.
May not enter: anything that an answer acknowledges.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, event

from server.database import open_engine, writing


def engine_beside(engine: Engine) -> Engine:
    """An engine to announce with. SQLite's has connections of its own, so that none
    that promises less is ever lent to anybody who acknowledges; and none stays open, as
    files are put back from backups."""
    if engine.dialect.name != "sqlite":
        return engine
    url = engine.url.render_as_string(hide_password=False)
    beside = open_engine(url, pooled=False)
    event.listen(beside, "connect", _wait_for_nothing)
    return beside


def _wait_for_nothing(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA synchronous=NORMAL")


@contextmanager
def announcing(engine: Engine) -> Iterator[Connection]:
    """One write transaction on such an engine; a power cut may undo it."""
    with writing(engine) as connection:
        if connection.dialect.name != "sqlite":
            connection.exec_driver_sql("SET LOCAL synchronous_commit TO off")
        yield connection
