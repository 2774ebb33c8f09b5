"""The body of a request, a step at a time, as far as it gets.

A line that was cut ends a body early, and so does one that says nothing for long or
that somebody else waits for. May not enter: what the bytes are, where they go.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, BinaryIO

from gunicorn.http.errors import ParseException

STEP = 256 * 1024
TICK_S = 0.25  # how often somebody who hears nothing looks up
SILENT_TICKS = 120  # then nobody is there any more

GoOn = Callable[[], bool]
BROKEN = (OSError, ValueError, ParseException)


def always() -> bool:
    """Nobody else waits."""
    return True


class Incoming:
    """Bytes that are still on their way; `length` is what was promised, if anything.

    `steps` may be walked once. `whole` afterwards: did everything promised come?
    """

    def __init__(self, source: BinaryIO, length: int | None, line: Any = None) -> None:
        self.length = length
        self.whole = False
        self._source = source
        self._line = line
        self._size = STEP

    @classmethod
    def of(cls, environ: dict[str, Any]) -> "Incoming":
        """The body of this request: of a known length, in chunks, or none."""
        text, line = environ.get("CONTENT_LENGTH") or "", environ.get("gunicorn.socket")
        if not text and environ.get("wsgi.input_terminated"):
            return cls(environ["wsgi.input"], None, line)
        length = int(text) if text.isdecimal() else 0
        return cls(environ["wsgi.input"], length, line)

    def steps(self, most: int, go_on: GoOn = always) -> Iterator[bytes]:
        """What comes, up to `most` bytes and one: who gets more was sent too much."""
        left = most + 1 if self.length is None else min(self.length, most + 1)
        with self._ticking():
            # Of a line that broke, all is taken that is held, whoever waits meanwhile.
            while left and (self._size < STEP or go_on()):
                if not (step := self._read(left, go_on)):
                    break
                left -= len(step)
                yield step
        self.whole = self.whole or not left

    def _read(self, left: int, go_on: GoOn) -> bytes:
        """At least a byte, unless no more will come.

        A line that broke may still have brought something: smaller and smaller steps
        find all of what the server behind us holds.
        """
        silent = 0
        while self._size:
            try:
                step = self._source.read(min(self._size, left))
            except TimeoutError:
                silent += 1
                if silent == SILENT_TICKS or self.length is None or not go_on():
                    self._line.settimeout(0)  # what is held, and no more waiting
            except BROKEN:
                self._size //= 2
            else:
                self.whole = self.length is None and not step
                return step
        return b""

    @contextmanager
    def _ticking(self) -> Iterator[None]:
        """Reading gives up after a tick, and what came is not lost by it. In chunks it
        would be; there it gives up when nobody is there any more."""
        if self._line is None:
            yield
            return
        before = self._line.gettimeout()
        with suppress(OSError):
            self._line.settimeout(TICK_S * (SILENT_TICKS if self.length is None else 1))
        try:
            yield
        finally:
            with suppress(OSError):
                self._line.settimeout(before)
