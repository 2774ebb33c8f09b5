"""What the owner says without an account, from a phone of their own (A0, A4, C1–C6).

Whoever works here states none of it but that the owner was asked: no tablet and no desk
can fill in the owner's survey, complain in their name or confirm a signature. No answer
is no fact: it stays `asked`, and is never read as consent. May not enter: links, codes
and telephones (`server/`).
"""

from sync.envelope import SHA256_HEX
from sync.facts.afterwards import MOST_STARS
from sync.facts.what import Kept, What, but
from sync.order import (
    Complaint,
    Confirmation,
    Dispute,
    Enquiry,
    Mark,
    Order,
    Revocation,
)
from sync.words import N_

OWNER = "owner"  # who states it: whoever holds the link; nobody's account is called so
CHIPS = {
    "polite": N_("态度好"), "on_time": N_("准时"), "clean": N_("收拾干净"),
    "fixed": N_("修得好"), "clear_price": N_("收费清楚"), "slow": N_("来得晚"),
    "messy": N_("没收拾"), "not_fixed": N_("没修好"), "unclear_price": N_("收费不清"),
}  # fmt: skip
COMPLAINTS = {
    "quality": N_("没修好或又坏了"), "time": N_("不守时"), "price": N_("收费"),
    "site": N_("损坏或弄脏"), "other": N_("其他"),
}  # fmt: skip
DISPUTES = {
    "not_signed": N_("不是我签的字"), "not_done": N_("写的没有做到"),
    "amount": N_("金额不对"), "not_fixed": N_("问题没有解决"),
}  # fmt: skip
SHEET = "sheet"


def _sheet_misfit(sheet: str) -> str | None:
    return None if SHA256_HEX.fullmatch(sheet) else SHEET


class OwnerAsked(What, frozen=True, kw_only=True):
    """Somebody has a code sent to the owner's own phone, to confirm this sheet."""

    kind = "owner.asked"
    label = N_("请业主确认")

    sheet: str  # SHA-256, hex

    def misfit(self) -> str | None:
        return _sheet_misfit(self.sheet)

    def change(self, order: Order, kept: Kept) -> Order:
        asked = Enquiry(
            fact=kept.fact.id,
            by=kept.fact.head.by,
            sheet=self.sheet,
            moment=kept.moment,
        )
        return but(order, asked=(*order.asked, asked))


class ByOwner(What, frozen=True, kw_only=True):
    """What only the owner states."""

    by_owner = True


class OwnerConfirmed(ByOwner, frozen=True, kw_only=True):
    """Whoever holds the owner's phone typed the code that belongs to this sheet."""

    kind = "owner.confirmed"
    label = N_("业主用自己的手机确认")
    private = ("phone",)

    sheet: str
    asked: str  # the fact that asked
    means: str  # how the code reached the phone: sms

    def misfit(self) -> str | None:
        return _sheet_misfit(self.sheet)

    def change(self, order: Order, kept: Kept) -> Order:
        said = Confirmation(
            fact=kept.fact.id,
            sheet=self.sheet,
            asked=self.asked,
            means=self.means,
            private=kept.fact.private,
            moment=kept.moment,
        )
        return but(order, confirmed=(*order.confirmed, said))


class OwnerRated(ByOwner, frozen=True, kw_only=True):
    """The owner's mark, given afterwards and in private; the last one counts (R2)."""

    kind = "owner.rated"
    label = N_("业主评价")
    private = ("words",)

    stars: int
    chips: tuple[str, ...] = ()

    def misfit(self) -> str | None:
        return None if 1 <= self.stars <= MOST_STARS else "stars"

    def change(self, order: Order, kept: Kept) -> Order:
        mark = Mark(
            fact=kept.fact.id,
            stars=self.stars,
            chips=self.chips,
            private=kept.fact.private,
        )
        return but(order, marks=(*order.marks, mark))


class OwnerComplained(ByOwner, frozen=True, kw_only=True):
    """The owner complains about the work; about people, it is no fact (C6)."""

    kind = "owner.complained"
    label = N_("业主投诉")
    private = ("words",)

    subject: str

    def change(self, order: Order, kept: Kept) -> Order:
        said = Complaint(
            fact=kept.fact.id, subject=self.subject, private=kept.fact.private
        )
        return but(order, complaints=(*order.complaints, said))


class OwnerDisputed(ByOwner, frozen=True, kw_only=True):
    """The owner disagrees with an acceptance: it stays disputed until the desk has
    looked at it, and whatever it decides then has a reason."""

    kind = "owner.disputed"
    label = N_("业主对验收有异议")
    private = ("words",)

    sheet: str
    reason: str

    def misfit(self) -> str | None:
        return _sheet_misfit(self.sheet)

    def change(self, order: Order, kept: Kept) -> Order:
        said = Dispute(
            fact=kept.fact.id,
            sheet=self.sheet,
            reason=self.reason,
            private=kept.fact.private,
        )
        return but(order, disputes=(*order.disputes, said))


class CertificateRevoked(What, frozen=True, kw_only=True):
    """The desk takes a certificate back: it was signed, and is worth nothing now."""

    kind = "acceptance.revoked"
    label = N_("撤销验收单")
    private = ("words",)
    decides = True

    sheet: str
    reason: str

    def misfit(self) -> str | None:
        return _sheet_misfit(self.sheet)

    def change(self, order: Order, kept: Kept) -> Order:
        said = Revocation(
            fact=kept.fact.id,
            sheet=self.sheet,
            reason=self.reason,
            private=kept.fact.private,
            moment=kept.moment,
        )
        return but(order, revoked=(*order.revoked, said))


REVOCATIONS = {
    "signed_by_other": N_("签字的不是业主一方"), "work_wrong": N_("内容与实际不符"),
    "amount_wrong": N_("金额有误"), "made_twice": N_("重复开具"),
    "other": N_("其他原因"),
}  # fmt: skip
