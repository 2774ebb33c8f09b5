"""The owner inspects, signs, sends back, or will not sign (A0–A3).

A signature covers exactly the sheet that was shown. A refusal to sign is a record of
its own and never turns into an acceptance.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from sync.facts.what import Kept, What, but
from sync.order import Inspection, Order, Round, Stage, Verdict
from sync.words import N_

SHOWN = frozenset({Stage.COMPLETED, Stage.UNSIGNED})


def in_round(order: Order, number: int, **added: tuple[object, ...]) -> Order:
    """The order with something added to this round (1, 2, …) of inspection."""
    missing = max(0, min(number, MOST_ROUNDS) - len(order.rounds))
    rounds = list(order.rounds) + [Round()] * missing
    index = min(max(number, 1), MOST_ROUNDS) - 1
    grown = {name: (*getattr(rounds[index], name), *new) for name, new in added.items()}
    rounds[index] = but(rounds[index], **grown)
    return but(order, rounds=tuple(rounds))


MOST_ROUNDS = 99


@dataclass(frozen=True, kw_only=True)
class Inspected(What):
    """The owner's word on one item: pass, or fail with a reason (A1)."""

    kind = "acceptance.inspected"
    label = N_("逐项验收")
    private = ("words",)
    fits = SHOWN
    on_sheet = True

    round: int
    item: int
    passed: bool
    reason: str | None = None

    def change(self, order: Order, kept: Kept) -> Order:
        word = Inspection(
            fact=kept.fact.id,
            item=self.item,
            passed=self.passed,
            reason=self.reason,
            private=kept.fact.private,
        )
        return in_round(order, self.round, inspections=(word,))


@dataclass(frozen=True, kw_only=True)
class OwnersWord(What):
    """What the three ways to end a round have in common: the sheet that was shown and
    what it speaks of."""

    fits = SHOWN
    signs = True

    round: int
    sheet: str  # SHA-256, hex, of the sheet's exact bytes
    covers: tuple[str, ...]  # tags of the facts on it

    def change(self, order: Order, kept: Kept) -> Order:
        return in_round(order, self.round, verdicts=(self.verdict(kept),))

    def verdict(self, kept: Kept) -> Verdict:
        signature = kept.fact.blob("signature")
        return Verdict(
            fact=kept.fact.id,
            answer=self.kind.partition(".")[2],
            sheet=self.sheet,
            covers=self.covers,
            signature=signature.sha256 if signature else None,
            private=kept.fact.private,
            moment=kept.moment,
        )


@dataclass(frozen=True, kw_only=True)
class Accepted(OwnersWord):
    """The owner agrees and signs (验收, A1): the only "accept" in the system."""

    kind = "acceptance.accepted"
    label = N_("验收合格")
    private = ("signer",)
    blobs = ("sheet", "signature")
    moves: ClassVar[Mapping[Stage, Stage]] = {
        Stage.COMPLETED: Stage.ACCEPTED,
        Stage.UNSIGNED: Stage.ACCEPTED,
    }

    relation: str = "owner"  # owner, family, tenant, authorised (A0)

    def verdict(self, kept: Kept) -> Verdict:
        return but(super().verdict(kept), relation=self.relation)


@dataclass(frozen=True, kw_only=True)
class Rejected(OwnersWord):
    """Sent back with reasons: a second rectification with its own responsible person
    and date (二次整改, A1)."""

    kind = "acceptance.rejected"
    label = N_("验收不通过")
    private = ("signer", "words")
    blobs = ("sheet", "signature")
    moves: ClassVar[Mapping[Stage, Stage]] = {
        Stage.COMPLETED: Stage.REWORK,
        Stage.UNSIGNED: Stage.REWORK,
    }

    responsible: str
    due_ms: int
    relation: str = "owner"

    def verdict(self, kept: Kept) -> Verdict:
        return but(
            super().verdict(kept),
            relation=self.relation,
            responsible=self.responsible,
            due_ms=self.due_ms,
        )


@dataclass(frozen=True, kw_only=True)
class SignatureRefused(OwnersWord):
    """The owner will not sign; reason and witness are kept (A3)."""

    kind = "acceptance.signature_refused"
    label = N_("业主拒签")
    private = ("witness", "words")
    blobs = ("sheet",)
    moves: ClassVar[Mapping[Stage, Stage]] = {Stage.COMPLETED: Stage.UNSIGNED}

    reason: str

    def verdict(self, kept: Kept) -> Verdict:
        return but(super().verdict(kept), reason=self.reason)
