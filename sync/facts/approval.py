"""Cost above what may be decided on site: held, the owner told, approved by the desk
(L4)."""

from sync.envelope import DIGEST
from sync.facts.what import UNTIL_SIGNED, Kept, What, but
from sync.order import MOST_FEN, Hold, Order
from sync.words import N_


class Held(What, frozen=True, kw_only=True):
    """The estimate is above the limit: what is safe stays safe, the rest waits."""

    kind = "survey.held"
    label = N_("超限待批")
    private = ("words",)
    fits = UNTIL_SIGNED

    estimate_fen: int
    limit_fen: int
    owner_told: bool

    def misfit(self) -> str | None:
        return None if 0 <= self.estimate_fen <= MOST_FEN else "estimate_fen"

    def change(self, order: Order, kept: Kept) -> Order:
        waits = Hold(
            fact=kept.fact.id,
            estimate_fen=self.estimate_fen,
            limit_fen=self.limit_fen,
            owner_told=self.owner_told,
        )
        return but(order, holds=(*order.holds, waits))


class Approved(What, frozen=True, kw_only=True):
    """Whoever may decide on so much has approved it: the work goes on."""

    kind = "dispatch.approved"
    label = N_("费用批准")
    private = ("words",)
    decides = True

    hold: str  # the fact that held the work
    up_to_fen: int

    def misfit(self) -> str | None:
        if not 0 <= self.up_to_fen <= MOST_FEN:
            return "up_to_fen"
        return None if DIGEST.fullmatch(self.hold) else "hold"

    def change(self, order: Order, kept: Kept) -> Order:
        holds = (
            but(one, released=kept.fact.id, up_to_fen=self.up_to_fen)
            if one.fact == self.hold
            else one
            for one in order.holds
        )
        return but(order, holds=tuple(holds))
