"""How the words of a request are found among many without reading them all: what is
known by its beginning lies as it is, what is known by its end lies backwards.

Capitals count as small letters, the same on both databases. May not enter: queries
about orders.
"""

from sqlalchemy import ColumnElement, and_

MOST = 200  # letters; what is longer is found by as many
BACKWARDS = frozenset({"phone", "home"})  # known by their end
FOUND_BY = BACKWARDS | {"owner"}
_LAST = "\U0010ffff"  # stands behind every letter


def sought(field: str, value: str) -> str | None:
    """What this value is found by; None if nobody looks for it so."""
    if field not in FOUND_BY:
        return None
    known = value.casefold()
    return (known[::-1] if field in BACKWARDS else known)[:MOST]


def begins(column: ColumnElement[str], field: str, words: str) -> ColumnElement[bool]:
    """Does what is sought begin so, or end so where it lies backwards? As a stretch,
    which an index knows on either database."""
    first = sought(field, words) or ""
    return and_(column >= first, column <= first + _LAST)
