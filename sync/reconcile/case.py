"""What a rule is shown: one number with what both sides say of it.

May not enter: rules, who settles a difference.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from sync.envelope import digest
from sync.moment import MINUTE_MS, Grade, Moment, Span
from sync.order import Order
from sync.policy import DEFAULT, Policy
from sync.register import RegisterRow, told_interval


@dataclass(frozen=True, kw_only=True)
class Discrepancy:
    """One difference that waits for a person. Both sides are words or figures; which
    they are, the code says. `about`: the other number that it speaks of, if any."""

    number: str
    code: str
    register: str = ""
    field: str = ""
    about: str = ""


def identity(number: str, code: str, register: str, field: str) -> str:
    """What a difference is called: its number, its code and both sides."""
    said = [number, code, register, field]
    text = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    return digest(text.encode())


@dataclass(frozen=True, kw_only=True)
class Sides:
    """What a rule found: both sides as they are shown and compared again later."""

    register: object = ""
    field: object = ""
    about: str = ""


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What is the same for every number: the policy, and technicians by id with their
    names as the register has them."""

    policy: Policy = DEFAULT
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Reuse:
    """A picture of this order that an earlier one has: by its bytes, or by its looks.
    Both are digests; `number`: the earlier order's, empty if it has none."""

    mine: str
    theirs: str
    number: str
    exact: bool


@dataclass(frozen=True, kw_only=True)
class Case:
    """One number. `unreadable`: why the register's row cannot be read; `times`: how
    often it stands there; `expected`: does the register reach to when it was asked for;
    `absent`: how many of the order's bytes have not come; `beside`: other orders of the
    same home, by number; `reused`: pictures that earlier orders have."""

    number: str
    row: RegisterRow | None = None
    order: Order | None = None
    unreadable: str = ""
    times: int = 1
    expected: bool = True
    absent: int = 0
    beside: Mapping[str, Order] = field(default_factory=dict)
    reused: tuple[Reuse, ...] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """A request that both sides know."""

    row: RegisterRow
    order: Order
    case: Case
    terms: Terms


def believed(moment: Moment) -> Span:
    """The interval that is held against others: the estimate if it is worth it, else
    what is proven."""
    return moment.estimate if moment.grade in (Grade.A, Grade.B) else moment.bracket


def noted(told_ms: int, tolerance_minutes: int = 0) -> Span:
    """When the register's note can have been meant, widened on both sides."""
    first, end = told_interval(told_ms)
    wide = tolerance_minutes * MINUTE_MS
    return Span(first - wide, end + wide)


def as_text(moment: Moment) -> str:
    """The interval in a form that can be compared and shown."""
    held = believed(moment)
    return f"{held.first_ms}–{held.end_ms}"
