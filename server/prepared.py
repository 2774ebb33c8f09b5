"""Statements that every exchange runs: put into words once, then run as they are.

Building a statement and wrapping its rows takes SQLAlchemy thirty times as long as
SQLite needs for most answers. What is prepared here goes to the driver directly,
inside the transaction of a connection that SQLAlchemy lends; errors are the same as
ever, and whoever listens to statements hears these too. May not enter: which statements
there are.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any, cast

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler

Row = tuple[Any, ...]
Said = Mapping[str, Any]
Form = tuple[str, Callable[[Said], Any]]  # its words, and how values are handed in
NOTHING: Said = {}
LENGTHS = (1, 8, 64, 512)


class Prepared:
    """A statement, or what makes one for a connection. Values are said by name; a list
    stands for `IN`. Rows are tuples."""

    def __init__(self, statement: Any) -> None:
        self._statement = statement
        self._forms: dict[object, Form] = {}

    def all(self, connection: Connection, said: Said) -> list[Row]:
        """All its rows."""
        return cast(list[Row], self._run(connection, said).fetchall())

    def first(self, connection: Connection, said: Said) -> Row | None:
        """The first of its rows."""
        return cast(Row | None, self._run(connection, said).fetchone())

    def value(self, connection: Connection, said: Said) -> Any:
        """The first column of the first row; None without a row."""
        row = self.first(connection, said)
        return None if row is None else row[0]

    def run(self, connection: Connection, said: Said) -> None:
        """For what it does alone."""
        self._run(connection, said)

    def run_all(self, connection: Connection, rows: Sequence[Said]) -> None:
        """Once for each of these, which all say the same names."""
        if not rows:
            return
        words, handed = self._form(connection, rows[0])
        values = [handed(row) for row in rows]
        if connection.dispatch.before_cursor_execute:
            connection.exec_driver_sql(words, values)
            return
        try:
            cursor = connection.connection.cursor()
            cursor.executemany(words, values)
            cursor.close()
        except _errors(connection) as error:
            raise _wrapped(connection, words, error) from error

    def _run(self, connection: Connection, said: Said) -> Any:
        words, handed = self._form(connection, said)
        values = handed(said)
        if connection.dispatch.before_cursor_execute:
            return connection.exec_driver_sql(words, values)
        try:
            cursor = connection.connection.cursor()
            cursor.execute(words, values)
        except _errors(connection) as error:
            raise _wrapped(connection, words, error) from error
        return cursor

    def _form(self, connection: Connection, said: Said) -> Form:
        lengths = tuple(len(one) for one in said.values() if type(one) is list)
        key = connection.dialect.name, *said, lengths
        if key not in self._forms:
            self._forms[key] = self._put_into_words(connection, said)
        return self._forms[key]

    def _put_into_words(self, connection: Connection, said: Said) -> Form:
        made = self._statement
        statement = made(connection) if callable(made) else made
        compiled = statement.compile(connection.engine, column_keys=[*said])
        state = cast(SQLCompiler, compiled).construct_expanded_state(dict(said))
        named = {name: value for name, value in compiled.params.items()
                 if name not in said}  # fmt: skip
        lists = state.parameter_expansion
        if state.positiontup is None:
            return state.statement, lambda said: _flat(said, named, lists)
        if not named and not lists and len(state.positiontup) > 1:
            return state.statement, itemgetter(*state.positiontup)
        sequence = tuple(state.positiontup)

        def in_sequence(said: Said) -> Row:
            flat = _flat(said, named, lists)
            return tuple([flat[name] for name in sequence])

        return state.statement, in_sequence


def evened(names: Sequence[str]) -> Iterator[list[str]]:
    """These names in lists of few lengths, so that few statements are ever put into
    words for them: what is short of one is filled up with its last name."""
    for start in range(0, len(names), LENGTHS[-1]):
        some = list(names[start : start + LENGTHS[-1]])
        wanted = next(one for one in LENGTHS if one >= len(some))
        yield some + some[-1:] * (wanted - len(some))


def _flat(said: Said, named: Said, lists: Mapping[str, Sequence[str]]) -> Said:
    """Every value by the name that it has in the words of the statement."""
    flat = {**named, **said}
    for name, places in lists.items():
        flat.update(zip(places, flat.pop(name), strict=True))
    return flat


def _errors(connection: Connection) -> type[Exception]:
    return cast(type[Exception], connection.dialect.loaded_dbapi.Error)


def _wrapped(connection: Connection, words: str, error: Exception) -> Exception:
    """As SQLAlchemy would have raised it."""
    base = _errors(connection)
    made = DBAPIError.instance(words, None, error, base, hide_parameters=True)
    return cast(Exception, made)
