"""What every kind of fact has in common.

A kind is a record of its payload (`sync/plain.py`); class attributes say when it may
happen and where the work stands afterwards. Nothing in a kind reads a clock: a fact
that does not fit is applied as far as it can be and put before a person.
"""

from collections.abc import Mapping
from typing import ClassVar

from sync.envelope import BlobRef, Envelope, Head
from sync.moment import Moment
from sync.order import Order, Stage
from sync.plain import Record, but
from sync.reading import Reading

__all__ = [
    "ANY_STAGE", "AT_WORK", "UNTIL_SIGNED",
    "Fact", "Kept", "What", "but",
]  # fmt: skip

ANY_STAGE = frozenset(Stage)
AT_WORK = frozenset({Stage.ON_SITE, Stage.SURVEYED, Stage.AGREED, Stage.REWORK})
UNTIL_SIGNED = AT_WORK | {Stage.COMPLETED, Stage.UNSIGNED}
CORRECTION = "correction "  # and the id of the fact that is put right


class What(Record, frozen=True, kw_only=True):
    """Something that happened; to be subclassed, one class a kind."""

    kind: ClassVar[str]
    version: ClassVar[int] = 1
    label: ClassVar[str]
    private: ClassVar[tuple[str, ...]] = ()  # values that travel beside the body
    blobs: ClassVar[tuple[str, ...]] = ()  # roles of the bytes it may speak of
    fits: ClassVar[frozenset[Stage]] = ANY_STAGE  # elsewhere it is out of turn
    moves: ClassVar[Mapping[Stage, Stage]] = {}  # in turn
    catches_up: ClassVar[
        Mapping[Stage, Stage]
    ] = {}  # out of turn: something is missing
    on_sheet: ClassVar[bool] = False  # the owner is shown it before signing (A2)
    decides: ClassVar[bool] = False  # a decision of the desk, never of a tablet
    arrives: ClassVar[bool] = False  # says that its author came to the home
    signs: ClassVar[bool] = False  # the owner's word on a whole sheet
    by_owner: ClassVar[bool] = False  # of nobody who works here, whatever they may do

    def misfit(self) -> str | None:
        """The field whose value nobody can mean, if any: such a fact is not one."""
        return None

    def about(self) -> str:
        """What this takes the place of when it is said again; empty: of nothing."""
        return ""

    def puts_right(self) -> str | None:
        """The fact that this names as a mistake and takes the place of, if any."""
        return None

    def change(self, order: Order, kept: "Kept") -> Order:  # noqa: ARG002 - for kinds
        """The order after this; stage and history are `fold`'s business."""
        return order

    def stage(self, before: Order, after: Order) -> Stage:  # noqa: ARG002 - for kinds
        """Where the work stands after this."""
        return self.moves.get(before.stage) or self.catches_up.get(
            before.stage, before.stage
        )

    def doubt(self, before: Order, after: Order) -> str | None:  # noqa: ARG002
        """Why a person must look at this, as a code; None if nobody must."""
        fits = before.stage in self.fits or before.stage in self.moves
        return None if fits else "out_of_turn"


class Fact(Record, frozen=True, kw_only=True):
    """A fact that was understood: its envelope and what happened. `id` and `head` are
    the envelope's."""

    id: str
    head: Head
    envelope: Envelope
    what: What
    reading: Reading

    @property
    def private(self) -> Mapping[str, str]:
        """Commitments to its private values, by name."""
        return self.head.private

    def blob(self, role: str) -> BlobRef | None:
        """The bytes with this role, by role and never by place in a list."""
        return next((b for b in self.head.blobs if b.role == role), None)


class Kept(Record, frozen=True, kw_only=True):
    """A fact with what its keeper can say of it: its place in the ledger and its time.

    `position` is None while only the tablet that wrote it has it. `basis` is how far
    its author's knowledge counts here, where the author knew another epoch (K9).
    """

    fact: Fact
    moment: Moment
    position: int | None = None
    basis: int | None = None

    @property
    def knowing(self) -> int:
        """The newest position that its author had seen, as positions count here."""
        return self.fact.head.basis if self.basis is None else self.basis
