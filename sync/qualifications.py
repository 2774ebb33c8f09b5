"""Who may be given a job: certificates, and the days on which they are valid (P2).

What a trade asks for is policy; a certificate is good up to and with its last day. Days
are written 2026-05-01. May not enter: who somebody is, where certificates are kept.
"""

from collections.abc import Collection, Iterable, Mapping

from sync.plain import Record
from sync.words import N_

SAFETY = "safety"  # the three levels of safety training
AGREEMENT = "agreement"  # between the company and the contractor whose people they are
DEMANDS = ("never", "entered", "always")  # when certificates are asked for at all

# What a certificate is for, where that is no trade.
SPOKEN: Mapping[str, str] = {
    SAFETY: N_("三级安全教育"),
    AGREEMENT: N_("施工单位安全协议"),
}


class Certificate(Record, frozen=True, kw_only=True):
    """What somebody may do, and from which day to which; "" is without an end."""

    what: str  # a trade, SAFETY or AGREEMENT
    number: str = ""
    valid_from: str = ""
    valid_until: str = ""

    def on(self, day: str) -> str:
        """How it stands on that day: valid, expired, not_yet."""
        if self.valid_from > day:
            return "not_yet"
        return "expired" if "" < self.valid_until < day else "valid"


class Lack(Record, frozen=True, kw_only=True):
    """What somebody would need and has not on that day."""

    code: str  # certificate_missing, certificate_expired, certificate_not_yet
    what: str
    number: str = ""
    day: str = ""  # since when, or until when, it is so


def asked_for(
    trade: str, demanded: Mapping[str, Collection[str]], *, outside: bool
) -> tuple[str, ...]:
    """What a job of this trade asks of whoever is given it: as policy says, or else the
    trade's own certificate and safety training; of a contractor's people the agreement
    too (`outside`)."""
    usual = tuple(demanded.get(trade, (trade, SAFETY)))
    return (*usual, AGREEMENT) if outside and AGREEMENT not in usual else usual


def lacks(
    held: Iterable[Certificate], asked: Iterable[str], day: str
) -> tuple[Lack, ...]:
    """What is missing on that day, in the sequence in which it is asked for."""
    known = tuple(held)
    found = (_lack([one for one in known if one.what == it], it, day) for it in asked)
    return tuple(one for one in found if one is not None)


def _lack(held: Iterable[Certificate], what: str, day: str) -> Lack | None:
    """The certificate that comes nearest to being valid says why none is."""
    by_state = {one.on(day): one for one in sorted(held, key=_until)}
    if "valid" in by_state:
        return None
    if one := by_state.get("not_yet"):
        return Lack(code="certificate_not_yet", what=what, number=one.number,
                    day=one.valid_from)  # fmt: skip
    if one := by_state.get("expired"):
        return Lack(code="certificate_expired", what=what, number=one.number,
                    day=one.valid_until)  # fmt: skip
    return Lack(code="certificate_missing", what=what)


def good_until(
    held: Iterable[Certificate], asked: Iterable[str], day: str
) -> Certificate | None:
    """Of what is asked for and valid on that day, the first to end; None if nothing of
    it ends. Of two for the same the longer one counts."""
    known = tuple(held)
    ends = []
    for what in asked:
        valid = [one for one in known if one.what == what and one.on(day) == "valid"]
        if valid and all(one.valid_until for one in valid):
            ends.append(max(valid, key=_until))
    return min(ends, key=_until, default=None)


def _until(one: Certificate) -> str:
    return one.valid_until or "9999-12-31"


def is_demanded(demand: str, *, any_entered: bool) -> bool:
    """Are certificates asked for? `entered`: as soon as the company keeps any here."""
    return demand == "always" or (demand == "entered" and any_entered)
