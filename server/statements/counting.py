"""Counts a statement from the orders and differences of one snapshot.

What an order tells is kept in memory as it last changed, and never in a table. May not
enter: closing, how a statement looks.
"""

from collections.abc import Iterator, Sequence
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, select

from server.board import DOCUMENTS, as_order
from server.board_tables import order_row
from server.central_tables import difference
from server.prepared import evened
from server.running import HEADS, Promised
from sync.plain import as_json
from sync.policy import Policy, name_of
from sync.statements import ALL, Difference, Life, Period, Statement, life, state

MOST = 200_000  # orders that are kept in mind
AT_ONCE = 500

Key = tuple[str, int, str]  # order, where it last changed, policy
_KEPT: WeakKeyDictionary[Engine, dict[Key, Life | None]] = WeakKeyDictionary()


class Counting:
    """All that statements of one project (or of all) are counted from, read once."""

    def __init__(self, connection: Connection, policy: Policy, project: str) -> None:
        self._policy = policy
        self._project = project
        self._lives = list(_lives(connection, policy, project))
        self._differences = _differences(connection, project)

    def statement(self, period: Period) -> Statement:
        """What this period adds up to as the book stands."""
        return state(period, self._project, self._lives, self._differences)


def _lives(connection: Connection, policy: Policy, project: str) -> Iterator[Life]:
    wanted = select(order_row.c.stream).order_by(order_row.c.stream)
    if project != ALL:
        wanted = wanted.where(order_row.c.project == project)
    names = list(connection.execute(wanted).scalars())
    kept = _KEPT.setdefault(connection.engine, {})
    if len(kept) > MOST:
        kept.clear()
    for start in range(0, len(names), AT_ONCE):
        yield from _some(connection, policy, names[start : start + AT_ONCE], kept)


def _some(
    connection: Connection,
    policy: Policy,
    names: Sequence[str],
    kept: dict[Key, Life | None],
) -> Iterator[Life]:
    keys: dict[str, Key] = {}
    for some in evened(names):
        for name, head in HEADS.all(connection, {"names": some}):
            keys[name] = (name, int(head), name_of(policy))
    if new := [name for name in keys if keys[name] not in kept]:
        promises = Promised(connection, policy).of(new)
        for some in evened(new):
            for name, text in DOCUMENTS.all(connection, {"names": some}):
                kept[keys[name]] = life(as_order(text), promises[name])
    for name in sorted(keys):
        if (found := kept[keys[name]]) is not None:
            yield found


def _differences(connection: Connection, project: str) -> list[Difference]:
    wanted = select(difference)
    if project != ALL:
        wanted = wanted.where(difference.c.project == project)
    return [
        Difference(id=one.id, number=one.number, code=one.code, first_ms=one.first_ms,
                   state=_state(one.decision, bool(one.open)))
        for one in connection.execute(wanted)
    ]  # fmt: skip


def _state(decision: str | None, stands: bool) -> str:
    if decision is not None:
        return "decided"
    return "open" if stands else "gone"


def as_bytes(one: Statement) -> bytes:
    """The bytes that a statement's digest is over."""
    return as_json(one).encode()
