"""Several that wait for the disk share one commit.

Whoever comes while another is at it, waits; the next one takes along all who wait. Each
returns after its own is done, or learns why it is not. May not enter: what is done.
"""

import threading
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

MOST = 64

Item = TypeVar("Item")


class _Waiting(Generic[Item]):
    """One item, and what became of it."""

    def __init__(self, item: Item) -> None:
        self.item = item
        self.over = False
        self.error: BaseException | None = None


class Together(Generic[Item]):
    """`work` settles all that it is given, or none of it and raises. What is `general`
    is no single item's fault: whoever waits learns of it at once."""

    def __init__(
        self,
        work: Callable[[Sequence[Item]], None],
        general: type[Exception] | tuple[()] = (),
    ) -> None:
        self._work = work
        self._general = general
        self._queue: list[_Waiting[Item]] = []
        self._turn = threading.Lock()  # of whoever works
        self._door = threading.Lock()  # of the queue

    def settle(self, item: Item) -> None:
        """Returns when this item is settled; raises what kept it from being so."""
        mine = _Waiting(item)
        with self._door:
            self._queue.append(mine)
        with self._turn:
            while not mine.over:
                self._take_along()
        if mine.error is not None:
            raise mine.error

    def _take_along(self) -> None:
        with self._door:
            batch, self._queue = self._queue[:MOST], self._queue[MOST:]
        self._done(batch)
        error = batch[0].error if len(batch) > 1 else None
        if error is not None and not isinstance(error, self._general):
            for one in batch:  # one that cannot be settled holds up no other
                self._done([one])
        for one in batch:
            one.over = True

    def _done(self, batch: Sequence[_Waiting[Item]]) -> None:
        error: BaseException | None = None
        try:
            self._work([one.item for one in batch])
        except BaseException as why:  # noqa: BLE001 - raised to whoever asked
            error = why
        for one in batch:
            one.error = error
