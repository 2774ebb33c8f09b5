"""How far a note in the register may lie from the field's evidence, as policy data.

A sibling of the rules (`sync/reconcile/`) and not one of them, because the policy holds
it. May not enter: the rules.
"""

from sync.plain import Record
from sync.problems import Refused

MOST_MINUTES = 24 * 60
MOST_FEN = 100_000_000


class Tolerances(Record, frozen=True, kw_only=True):
    """What lies within is no difference. A note to the minute and the field's interval
    are intervals already; this is on top of both."""

    arrival_minutes: int = 0
    completion_minutes: int = 0
    amount_fen: int = 0
    content_stars: int = 4  # from here on a card (R2) is that of a content owner,
    discontent_stars: int = 2  # up to here of a discontent one; between it is neither

    def __post_init__(self) -> None:
        minutes = (self.arrival_minutes, self.completion_minutes)
        if not all(0 <= one <= MOST_MINUTES for one in minutes):
            raise Refused("policy_malformed", field="tolerances")
        if not 0 <= self.amount_fen <= MOST_FEN:
            raise Refused("policy_malformed", field="tolerances")
        if self.content_stars <= self.discontent_stars:
            raise Refused("policy_malformed", field="tolerances")
