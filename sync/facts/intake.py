"""A request enters the books: from the register, or taken by the desk.

To add a kind, write one class and list it in KINDS (`sync/facts/__init__.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import ClassVar

from sync.facts.what import Kept, What, but
from sync.order import Order, Request, Stage
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
