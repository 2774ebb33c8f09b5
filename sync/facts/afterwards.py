"""What the owner gives after the work: money, and a mark (L6, R2)."""

from sync.facts.what import Kept, What, but
from sync.order import MOST_FEN, Order, Payment, Rating
from sync.words import N_

MOST_STARS = 5


class Paid(What, frozen=True, kw_only=True):
    """Paid at the door, or put off: what is unpaid is seen (L6)."""

    kind = "acceptance.paid"
    label = N_("收款登记")
    private = ("words",)

    amount_fen: int
    means: str  # cash, qr, later
    invoice: str = ""

    def misfit(self) -> str | None:
        return None if 0 <= self.amount_fen <= MOST_FEN else "amount_fen"

    def change(self, order: Order, kept: Kept) -> Order:
        paid = Payment(
            fact=kept.fact.id,
            amount_fen=self.amount_fen,
            means=self.means,
            invoice=self.invoice,
        )
        return but(order, payments=(*order.payments, paid))


class Rated(What, frozen=True, kw_only=True):
    """The owner's mark for a round, given on the tablet and never asked for twice."""

    kind = "acceptance.rated"
    label = N_("满意度")

    round: int
    stars: int

    def misfit(self) -> str | None:
        return None if 1 <= self.stars <= MOST_STARS else "stars"

    def change(self, order: Order, kept: Kept) -> Order:
        mark = Rating(fact=kept.fact.id, round=self.round, stars=self.stars)
        return but(order, ratings=(*order.ratings, mark))
