"""One record, three readers (一式三联): how each copy is called, and what it says.

The contractor must know which home failed and where, not whose it is (S1): names are
shortened, telephone numbers left out, the signature named by its digest and not drawn.
Whoever may not know the owner gets less than that on every copy. May not enter: who may
know the owner (`sync/access.py`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sync.masking import MASKS, room, surname, without_numbers
from sync.words import N_

Mask = Callable[[str], str]


@dataclass(frozen=True, kw_only=True)
class Copy:
    """A copy: its heading, whose it is, what of private values it says; `masks` None:
    everything."""

    heading: str
    masks: Mapping[str, Mask] | None
    draws_signature: bool

    def shown(self, name: str, value: str) -> str | None:
        """A private value as this copy says it; None: not at all."""
        if self.masks is None:
            return value
        return self.masks[name](value) if name in self.masks else None


_FOR_THE_WORK = dict.fromkeys(
    ("building", "unit", "room", "what", "where", "fault", "words", "name"),
    without_numbers,
) | dict.fromkeys(("owner", "signer", "witness"), surname)
_FOR_STRANGERS = dict(MASKS) | {"room": room, "name": without_numbers}

HEADINGS = {
    "owner": N_("第一联 业主留存"),
    "company": N_("第二联 公司留存"),
    "contractor": N_("第三联 施工单位留存"),
}


def copy_of(name: str, *, whole: bool) -> Copy:
    """This copy, for a reader who may know the owner (`whole`) or may not."""
    if whole and name != "contractor":
        return Copy(heading=HEADINGS[name], masks=None, draws_signature=True)
    masks = _FOR_THE_WORK if whole else _FOR_STRANGERS
    return Copy(heading=HEADINGS[name], masks=masks, draws_signature=False)
