"""The promises that orders are under, as lists ask for them again and again.

What needs no clock is kept in memory for each order as it last changed, and never in a
table; how it stands now is worked out anew each time. May not enter: which orders,
what is promised (`sync/deadlines.py`).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import BindParameter, Connection, Engine, bindparam, select

from server.board import DOCUMENTS, as_order
from server.prepared import Prepared, evened
from server.tables import stream
from sync.deadlines import OPEN, Deadline, Running, running, standing_at
from sync.order import Order
from sync.policy import Policy, name_of

MOST = 20_000  # orders that are kept in mind

Key = tuple[str, int, str]  # order, where it last changed, policy

_NAMES: BindParameter[list[str]] = bindparam("names", expanding=True)
HEADS = Prepared(select(stream.c.id, stream.c.head).where(stream.c.id.in_(_NAMES)))
_KEPT: WeakKeyDictionary[Engine, dict[Key, tuple[Running, ...]]] = WeakKeyDictionary()


class Promised:
    """What orders were promised, under this policy."""

    def __init__(self, connection: Connection, policy: Policy) -> None:
        self._connection = connection
        self._policy = policy
        self._name = name_of(policy)
        self._kept = _KEPT.setdefault(connection.engine, {})

    def of(self, names: Sequence[str]) -> Mapping[str, tuple[Running, ...]]:
        """The promises of each of these orders."""
        found: dict[str, tuple[Running, ...]] = {}
        for some in evened(names):
            found |= self._some(some)
        return found

    def _some(self, names: list[str]) -> dict[str, tuple[Running, ...]]:
        keys = {
            name: (name, int(head), self._name)
            for name, head in HEADS.all(self._connection, {"names": names})
        }
        found = {name: self._kept.get(key) for name, key in keys.items()}
        if new := [name for name, held in found.items() if held is None]:
            for order in self._read(new):
                found[order.stream] = running(order, self._policy)
                self._keep(keys[order.stream], found[order.stream] or ())
        return {name: held or () for name, held in found.items()}

    def _read(self, names: Sequence[str]) -> Iterator[Order]:
        for some in evened(names):
            for _, text in DOCUMENTS.all(self._connection, {"names": some}):
                yield as_order(text)

    def _keep(self, key: Key, found: tuple[Running, ...]) -> None:
        if len(self._kept) >= MOST:
            self._kept.clear()  # all at once: who asks for so many asks for others next
        self._kept[key] = found


def stands(held: Iterable[Running], now_ms: int) -> list[dict[str, Any]]:
    """How these promises stand now, with every field said."""
    found = (standing_at(one, now_ms) for one in held)
    return [
        {name: getattr(one, name) for name in Deadline.__struct_fields__}
        for one in found
    ]


def next_due_ms(held: Iterable[Running]) -> int | None:
    """When the first of those that still run may be due: to put the worst first."""
    due = (
        one.due_first_ms
        for one in held
        if one.answer == OPEN and one.stopped_ms is None
    )
    return min((ms for ms in due if ms is not None), default=None)


def is_late(held: Iterable[Running], now_ms: int) -> bool:
    """Is anything overdue and nothing heard?"""
    return any(standing_at(one, now_ms).late for one in held)
