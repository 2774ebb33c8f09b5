"""A request enters the books: from the register, or taken by the desk.

To add a kind, write one class and list it in KINDS (`sync/facts/__init__.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import ClassVar

from sync.envelope import STREAM
from sync.facts.what import Kept, What, but
from sync.order import Closing, Order, Request, Stage
from sync.words import N_


@dataclass(frozen=True, kw_only=True)
class Logged(What):
    """Someone asks for a repair, under its unified number (I1)."""

    kind = "intake.logged"
    label = N_("报修登记")
    private = (
        "owner", "phone", "building", "unit", "room", "fault", "remark", "first_asked",
    )  # fmt: skip
    moves: ClassVar[Mapping[Stage, Stage]] = {Stage.UNKNOWN: Stage.LOGGED}
    decides = True

    number: str | None = None
    registered_ms: int
    registered_width_ms: int = 60_000
    channel: str = ""
    sort: str = ""
    site: str = ""
    trade: str = ""
    priority: str = "normal"

    def change(self, order: Order, kept: Kept) -> Order:
        noted = {field.name: getattr(self, field.name) for field in fields(self)}
        return but(order, request=Request(**noted, private=kept.fact.private))


@dataclass(frozen=True, kw_only=True)
class Amended(Logged):
    """The register now says something else about the same request."""

    kind = "intake.amended"
    label = N_("登记更正")


@dataclass(frozen=True, kw_only=True)
class Merged(What):
    """This request is the same as another one, whose order goes on for both. What was
    done under this one stays here, to be read from there."""

    kind = "intake.merged"
    label = N_("并入另一工单")
    private = ("words",)
    decides = True

    into: str  # the stream of the order that goes on

    def misfit(self) -> str | None:
        return None if STREAM.fullmatch(self.into) else "into"

    def change(self, order: Order, kept: Kept) -> Order:
        shut = order.closed or Closing(reason="merged", fact=kept.fact.id)
        return but(order, merged_into=order.merged_into or self.into, closed=shut)


@dataclass(frozen=True, kw_only=True)
class DuplicateFound(What):
    """Another order is for the same request; this one goes on for both."""

    kind = "intake.duplicate_found"
    label = N_("并入重复工单")
    decides = True

    duplicate: str  # the stream of the other one

    def misfit(self) -> str | None:
        return None if STREAM.fullmatch(self.duplicate) else "duplicate"

    def change(self, order: Order, kept: Kept) -> Order:  # noqa: ARG002 - for kinds
        known = {*order.duplicates, self.duplicate}
        return but(order, duplicates=tuple(sorted(known)))
