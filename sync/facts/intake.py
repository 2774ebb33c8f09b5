"""A request enters the books: from the register, by the desk, or found on site.

To add a kind, write one class and list it in KINDS (`sync/facts/__init__.py`).
"""

from collections.abc import Mapping
from typing import ClassVar

from sync.envelope import STREAM
from sync.facts.what import Kept, What, but
from sync.order import Closing, Found, Order, Photo, Remark, Request, Stage, Taking
from sync.plain import fields, settle
from sync.words import N_

WHY = "words"  # a private value that says why, and nothing about the request


class Logged(What, frozen=True, kw_only=True):
    """Someone asks for a repair, under its unified number (I1)."""

    kind = "intake.logged"
    label = N_("报修登记")
    private: ClassVar[tuple[str, ...]] = (
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

    def __post_init__(self) -> None:
        settle(self)

    def change(self, order: Order, kept: Kept) -> Order:
        noted = {one.name: getattr(self, one.name) for one in fields(type(self))}
        said = {
            name: commitment
            for name, commitment in kept.fact.private.items()
            if name != WHY
        }
        asked = Request(**noted, private=said)
        found = but(order.found, stands=False) if order.found else None
        return but(order, request=asked, found=found)


class Amended(Logged, frozen=True, kw_only=True):
    """The register now says something else about the same request, or the desk puts
    right what it says: why, it may leave word for whoever goes."""

    kind = "intake.amended"
    label = N_("登记更正")
    private = (*Logged.private, WHY)

    def change(self, order: Order, kept: Kept) -> Order:
        asked = super().change(order, kept)
        if (why := kept.fact.private.get(WHY)) is None:
            return asked
        fact = kept.fact
        said = Remark(fact=fact.id, by=fact.head.by, private={WHY: why})
        return but(asked, remarks=(*asked.remarks, said))


class Taken(What, frozen=True, kw_only=True):
    """Somebody at the desk has the request in hand (受理): it is theirs to see through
    (I2) until the same is said of somebody else, which is the hand-over. The first one
    is when it was received (I3)."""

    kind = "intake.taken"
    label = N_("受理（首问负责）")
    private = ("words",)
    decides = True

    person: str
    repeats: str | None = None  # the order whose repair did not last (I5)

    def misfit(self) -> str | None:
        named = self.repeats
        return None if named is None or STREAM.fullmatch(named) else "repeats"

    def change(self, order: Order, kept: Kept) -> Order:
        taking = Taking(
            person=self.person, repeats=self.repeats, fact=kept.fact.id,
            by=kept.fact.head.by, moment=kept.moment,
        )  # fmt: skip
        return but(order, takings=(*order.takings, taking))


class FoundOnSite(What, frozen=True, kw_only=True):
    """A fault that came up at the door (现场加单): whoever found it goes on with it.
    The register gives it a number later, under which the desk merges it."""

    kind = "intake.found_on_site"
    label = N_("现场加单")
    private = ("owner", "phone", "building", "unit", "room", "fault", "remark")
    moves: ClassVar[Mapping[Stage, Stage]] = {Stage.UNKNOWN: Stage.DISPATCHED}

    registered_ms: int  # as the tablet's clock showed it
    trade: str = ""
    priority: str = "normal"
    site: str = ""
    beside: str | None = None  # the order that somebody had come for

    def __post_init__(self) -> None:
        settle(self)

    def misfit(self) -> str | None:
        named = self.beside
        return None if named is None or STREAM.fullmatch(named) else "beside"

    def change(self, order: Order, kept: Kept) -> Order:
        finder = Found(fact=kept.fact.id, by=kept.fact.head.by)
        if order.request:
            return but(order, found=order.found or but(finder, stands=False))
        asked = Request(
            registered_ms=self.registered_ms,
            channel="on_site",
            sort="repair",
            site=self.site,
            trade=self.trade,
            priority=self.priority,
            private=kept.fact.private,
        )
        return but(order, request=asked, found=finder)

    def stage(self, before: Order, after: Order) -> Stage:
        first = before.request is None and after.request is not None
        waits = before.stage is Stage.LOGGED  # as work counts that nobody asked for yet
        return Stage.DISPATCHED if first and waits else before.stage


class Pictured(What, frozen=True, kw_only=True):
    """A picture that came with the request, as the owner took it (I1)."""

    kind = "intake.pictured"
    label = N_("报修附图")
    blobs = ("photo",)
    decides = True

    def change(self, order: Order, kept: Kept) -> Order:
        if (blob := kept.fact.blob("photo")) is None:
            return order
        shown = Photo(
            fact=kept.fact.id, blob=blob, moment="reported", by=kept.fact.head.by
        )
        return but(order, reported=(*order.reported, shown))


class Merged(What, frozen=True, kw_only=True):
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


class DuplicateFound(What, frozen=True, kw_only=True):
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
