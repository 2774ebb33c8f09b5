"""What a person decides where the central service log and the field differ.

A decision is about exactly two values, and carries them: if either side changes, it is
another difference and open. Where a number has no order, its facts lie in the stream
that its order will have. May not enter: how a difference is found or a rule's name.
"""

from sync.envelope import DIGEST
from sync.facts.what import Kept, What, but
from sync.order import Handling, Order, Settlement
from sync.words import N_

# Whose word counts from now on; or a fact puts it right; or it may rest as it is.
FIELD, LOG, CORRECT, WAIVE = CHOICES = ("field", "log", "correct", "waive")


class DifferenceSettled(What, frozen=True, kw_only=True):
    """A person has decided about one difference (对账), and says why."""

    kind = "reconcile.settled"
    label = N_("对账裁定")
    private = ("words",)
    decides = True

    number: str
    code: str
    choice: str
    reason: str
    register: str = ""  # both sides as they were compared: figures, times, staff
    field: str = ""
    other: str = ""  # the other number that it speaks of, if any

    def misfit(self) -> str | None:
        if not self.number:
            return "number"
        return None if self.choice in CHOICES else "choice"

    def change(self, order: Order, kept: Kept) -> Order:
        made = Settlement(
            fact=kept.fact.id, by=kept.fact.head.by, moment=kept.moment,
            number=self.number, code=self.code, choice=self.choice, reason=self.reason,
            register=self.register, field=self.field, other=self.other,
            private=kept.fact.private,
        )  # fmt: skip
        return but(order, settlements=(*order.settlements, made))


class SettlementUndone(What, frozen=True, kw_only=True):
    """A decision about a difference is taken back: it waits for a person again."""

    kind = "reconcile.undone"
    label = N_("撤销对账裁定")
    private = ("words",)
    decides = True

    settled: str  # the fact

    def misfit(self) -> str | None:
        return None if DIGEST.fullmatch(self.settled) else "settled"

    def change(self, order: Order, kept: Kept) -> Order:
        settlements = (
            but(one, undone=one.undone or kept.fact.id)
            if one.fact == self.settled
            else one
            for one in order.settlements
        )
        return but(order, settlements=tuple(settlements))


class DifferenceTaken(What, frozen=True, kw_only=True):
    """Somebody sees to this difference from now on; nobody, if nobody is named."""

    kind = "reconcile.taken"
    label = N_("认领差异")
    decides = True

    number: str
    code: str
    person: str = ""

    def misfit(self) -> str | None:
        return None if self.number else "number"

    def change(self, order: Order, kept: Kept) -> Order:
        taken = Handling(
            fact=kept.fact.id, number=self.number, code=self.code, person=self.person
        )
        return but(order, handlings=(*order.handlings, taken))
