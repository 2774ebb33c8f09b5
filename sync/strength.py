"""How strong an acceptance is: derived from the facts, and never more than they say.

A finger on the technician's tablet proves what was shown, not whose finger it was (A0).
Who was asked and did not answer has not agreed: no answer is recorded as no answer. May
not enter: links, codes, telephones.
"""

from sync.order import Confirmation, Dispute, Enquiry, Order, Revocation
from sync.words import N_

TABLET, ASKED, CONFIRMED = "tablet", "asked", "confirmed"
STRENGTHS = {
    TABLET: N_("只有平板上的签字，业主未用自己的手机确认"),
    ASKED: N_("已请业主用自己的手机确认，未确认；没有答复不当作同意"),
    CONFIRMED: N_("业主已用自己的手机确认"),
}
DISPUTES = "owner_disputes"


def strength(order: Order, sheet: str) -> str:
    """How strong the acceptance on this sheet is."""
    if confirmation(order, sheet) is not None:
        return CONFIRMED
    return ASKED if enquiries(order, sheet) else TABLET


def enquiries(order: Order, sheet: str) -> tuple[Enquiry, ...]:
    """How often the owner was asked to confirm exactly this sheet."""
    return tuple(one for one in order.asked if one.sheet == sheet)


def confirmation(order: Order, sheet: str) -> Confirmation | None:
    """The owner's answer to one of them; to another sheet's it is none to this."""
    asked = {one.fact for one in enquiries(order, sheet)}
    answers = (one for one in order.confirmed if one.sheet == sheet)
    return next((one for one in answers if one.asked in asked), None)


def open_dispute(order: Order, sheet: str) -> Dispute | None:
    """What the owner disagrees with, as long as nobody at the desk has looked at it."""
    waiting = {
        name for one in order.reviews if one.code == DISPUTES for name in one.facts
    }
    mine = [one for one in order.disputes if one.sheet == sheet]
    return next((one for one in reversed(mine) if one.fact in waiting), None)


def revocation(order: Order, sheet: str) -> Revocation | None:
    """The desk's word that the certificate of this sheet is worth nothing."""
    return next((one for one in reversed(order.revoked) if one.sheet == sheet), None)
