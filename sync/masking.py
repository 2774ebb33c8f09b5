"""What of an owner's data may be said to whoever's work does not need it (S1).

A table: how each private value is shortened. What is not in it is not said at all.
May not enter: who may know more (`sync/access.py`).
"""

import re
from collections.abc import Callable, Mapping

from sync.card import UNSAID

_DIGITS = re.compile(r"(?:\d[\s-]?){6,}\d")  # a telephone number has seven or more


def surname(name: str) -> str:
    """Somebody, as far as a stranger may know: 张**."""
    return f"{name[:1]}**" if name else ""


def phone(number: str) -> str:
    """A telephone number that nobody can ring: 138****8000."""
    bare = re.sub(r"\D", "", number)
    return f"{bare[:3]}****{bare[-4:]}" if len(bare) >= 8 else "****"


def room(number: str) -> str:
    """That there is one."""
    return UNSAID if number else ""


def without_numbers(words: str) -> str:
    """Words in which a telephone number may stand."""
    return _DIGITS.sub("****", words)


def _as_it_is(value: str) -> str:
    return value


MASKS: Mapping[str, Callable[[str], str]] = {
    "building": _as_it_is,
    "unit": _as_it_is,
    "room": room,
    "owner": surname,
    "signer": surname,
    "name": surname,
    "phone": phone,
}


def masked(values: Mapping[str, str], *, decided: bool = False) -> dict[str, str]:
    """Private values as a stranger may read them; why the desk `decided` something is
    nobody's secret but for the numbers in it."""
    known = dict(MASKS) | ({"words": without_numbers} if decided else {})
    return {name: known[name](held) for name, held in values.items() if name in known}
