"""The owner inspects, signs, sends back, or will not sign (A0–A3).

A signature covers exactly the sheet that was shown. A refusal to sign is a record of
its own and never turns into an acceptance.
"""

from collections.abc import Mapping
from typing import ClassVar

from sync.envelope import SHA256_HEX
from sync.facts.what import AT_WORK, Kept, What, but
from sync.order import Entry, Inspection, Order, Round, Stage, Verdict
from sync.plain import settle
from sync.words import N_

SHOWN = frozenset({Stage.COMPLETED, Stage.UNSIGNED})
NOT_SHOWN = AT_WORK | {Stage.LOGGED, Stage.DISPATCHED}


MOST_ROUNDS = 99


def in_round(order: Order, number: int, **added: tuple[object, ...]) -> Order:
    """The order with something added to this round (1, 2, …) of inspection."""
    rounds = [*order.rounds, *[Round()] * (number - len(order.rounds))]
    grown = {
        name: (*getattr(rounds[number - 1], name), *new) for name, new in added.items()
    }
    rounds[number - 1] = but(rounds[number - 1], **grown)
    return but(order, rounds=tuple(rounds))


def opposed(entries: Mapping[str, Entry], one: Verdict, later: Verdict) -> bool:
    """Do two answers of one round exclude each other? Sent back and agreed always do;
    an owner who would not sign may still come round, unless nobody knew of it."""
    answers = {one.answer, later.answer}
    if answers == {"accepted", "rejected"}:
        return True
    if answers != {"accepted", "signature_refused"}:
        return False
    return not entries[later.fact].knew(entries[one.fact])


class Inspected(What, frozen=True, kw_only=True):
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

    def misfit(self) -> str | None:
        return None if 1 <= self.round <= MOST_ROUNDS else "round"

    def doubt(self, before: Order, after: Order) -> str | None:
        if self.round != before.round_due:
            return "out_of_turn"
        return super().doubt(before, after)

    def change(self, order: Order, kept: Kept) -> Order:
        word = Inspection(
            fact=kept.fact.id,
            item=self.item,
            passed=self.passed,
            reason=self.reason,
            private=kept.fact.private,
        )
        return in_round(order, self.round, inspections=(word,))


class OwnersWord(What, frozen=True, kw_only=True):
    """What the three ways to end a round have in common: the sheet that was shown and
    what it speaks of."""

    fits = SHOWN
    signs = True

    round: int
    sheet: str  # SHA-256, hex, of the sheet's exact bytes
    covers: tuple[str, ...]  # tags of the facts on it

    def misfit(self) -> str | None:
        if not SHA256_HEX.fullmatch(self.sheet):
            return "sheet"
        return None if 1 <= self.round <= MOST_ROUNDS else "round"

    def change(self, order: Order, kept: Kept) -> Order:
        return in_round(order, self.round, verdicts=(self.verdict(kept),))

    def doubt(self, before: Order, after: Order) -> str | None:
        if self.round > before.round_due:
            return "out_of_turn"
        return super().doubt(before, after)

    def stage(self, before: Order, after: Order) -> Stage:
        """An older round moves nothing any more. Where two answers of a round exclude
        each other, the later one moves nothing if its author knew of the first, and
        there is no winner if not (A3, invariant 29)."""
        if self.round < len(after.rounds):
            return before.stage
        *earlier, said = after.rounds[-1].verdicts
        entries = after.entries() if earlier else {}
        against = [one for one in earlier if opposed(entries, one, said)]
        if not against:
            return super().stage(before, after)
        entry = entries[said.fact]
        if all(entry.knew(entries[one.fact]) for one in against):
            return before.stage
        return Stage.COMPLETED

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


class Accepted(OwnersWord, frozen=True, kw_only=True):
    """The owner agrees and signs (验收, A1): the only "accept" in the system."""

    kind = "acceptance.accepted"
    label = N_("验收合格")
    private = ("signer",)
    blobs = ("sheet", "signature")
    moves: ClassVar[Mapping[Stage, Stage]] = {
        Stage.COMPLETED: Stage.ACCEPTED,
        Stage.UNSIGNED: Stage.ACCEPTED,
    }
    catches_up = dict.fromkeys(NOT_SHOWN, Stage.ACCEPTED)

    relation: str = "owner"  # owner, family, tenant, authorised (A0)

    def __post_init__(self) -> None:
        settle(self)

    def stage(self, before: Order, after: Order) -> Stage:
        """Nothing is accepted without a hand put to it (A3)."""
        if self.doubt(before, after) == "signature_missing":
            return before.stage
        return super().stage(before, after)

    def doubt(self, before: Order, after: Order) -> str | None:
        if after.rounds[self.round - 1].verdicts[-1].signature is None:
            return "signature_missing"
        return super().doubt(before, after)

    def verdict(self, kept: Kept) -> Verdict:
        return but(super().verdict(kept), relation=self.relation)


class Rejected(OwnersWord, frozen=True, kw_only=True):
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
    catches_up = dict.fromkeys(NOT_SHOWN, Stage.REWORK)

    responsible: str
    due_ms: int
    relation: str = "owner"

    def __post_init__(self) -> None:
        settle(self)

    def verdict(self, kept: Kept) -> Verdict:
        return but(
            super().verdict(kept),
            relation=self.relation,
            responsible=self.responsible,
            due_ms=self.due_ms,
        )


class SignatureRefused(OwnersWord, frozen=True, kw_only=True):
    """The owner will not sign; reason and witness are kept (A3)."""

    kind = "acceptance.signature_refused"
    label = N_("业主拒签")
    private = ("witness", "words")
    blobs = ("sheet",)
    moves: ClassVar[Mapping[Stage, Stage]] = {Stage.COMPLETED: Stage.UNSIGNED}
    catches_up = dict.fromkeys(NOT_SHOWN, Stage.UNSIGNED)

    reason: str

    def verdict(self, kept: Kept) -> Verdict:
        return but(super().verdict(kept), reason=self.reason)
