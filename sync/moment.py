"""A stretch of time, and a moment: when something happened and what that is worth.

This is the form in which time stands in an order's document. How a moment is found
is `sync/timing.py`; what it means for a promise is `sync/promises.py`.
All times are integer milliseconds UTC; every stretch is half-open, [first, end).
"""

from enum import StrEnum
from typing import Any, NamedTuple, Self

from sync.plain import Record, plain, typed

LIMIT = 2**53 - 1

MINUTE_MS = 60_000
DAY_MS = 86_400_000


def is_whole(value: object) -> bool:
    """An integer that every language on the wire holds exactly."""
    return type(value) is int and abs(value) <= LIMIT


class Span(NamedTuple):
    """A half-open stretch of time; None is an open side."""

    first_ms: int | None = None
    end_ms: int | None = None

    def meet(self, other: "Span") -> "Span | None":
        """What both allow; None if that is nothing."""
        first, end = self
        later, sooner = other
        if later is not None and (first is None or later > first):
            first = later
        if sooner is not None and (end is None or sooner < end):
            end = sooner
        empty = first is not None and end is not None and first >= end
        return None if empty else Span(first, end)

    def hull(self, other: "Span") -> "Span":
        """The shortest stretch around both; open where either is."""
        first = None
        if self.first_ms is not None and other.first_ms is not None:
            first = min(self.first_ms, other.first_ms)
        end = None
        if self.end_ms is not None and other.end_ms is not None:
            end = max(self.end_ms, other.end_ms)
        return Span(first, end)

    @property
    def width_ms(self) -> int | None:
        """How long it is; None if a side is open."""
        if self.first_ms is None or self.end_ms is None:
            return None
        return self.end_ms - self.first_ms

    def holds(self, instant_ms: int) -> bool:
        """Whether this instant lies in it."""
        return self.meet(Span(instant_ms, instant_ms + 1)) is not None


ALWAYS = Span()


def minute_of(instant_ms: int) -> Span:
    """A time written down to the minute, as registers do: anywhere in that minute."""
    first = instant_ms - instant_ms % MINUTE_MS
    return Span(first, first + MINUTE_MS)


class Grade(StrEnum):
    """What an estimate is worth; a later letter is worth less."""

    A = "A"  # two contacts, before and after, agree: no sign of a step, not a proof
    B = "B"  # one contact, or a boot clock that outlived a step of the wall clock
    C = "C"  # only the bracket
    D = "D"  # only what the device claims


class Moment(Record, frozen=True, kw_only=True):
    """When it happened: an estimate [earliest, latest) inside a proven bracket
    [not before, not after), what the device claimed, and what that is worth.
    """

    earliest_ms: int | None = None
    latest_ms: int | None = None
    not_before_ms: int | None = None
    not_after_ms: int | None = None
    claimed_ms: int | None = None
    grade: Grade = Grade.D
    basis: str | None = None
    remarks: tuple[str, ...] = ()

    @property
    def estimate(self) -> Span:
        return Span(self.earliest_ms, self.latest_ms)

    @property
    def bracket(self) -> Span:
        return Span(self.not_before_ms, self.not_after_ms)

    @classmethod
    def known(cls, span: Span, basis: str = "register") -> Self:
        """A time that is no device's: the register's minute, the server's own act."""
        return cls(
            earliest_ms=span.first_ms,
            latest_ms=span.end_ms,
            not_before_ms=span.first_ms,
            not_after_ms=span.end_ms,
            grade=Grade.A,
            basis=basis,
        )

    def wire(self) -> Any:
        """As it stands in an order's document; what is unknown is left out."""
        return plain(self)

    @classmethod
    def parse(cls, document: object) -> Self:
        return typed(cls, document)
