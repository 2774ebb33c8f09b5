"""Who may write which fact, and read which order: tables, asked by every door.

May not enter: how anybody proves who they are.
"""

from collections.abc import Mapping

from sync.facts import DEVICE_KINDS, KINDS

FIELD = frozenset({"technician"})
DESK = frozenset({"dispatcher", "manager"})
ROLES = FIELD | DESK | {"auditor", "service"}

WRITERS: Mapping[str, frozenset[str]] = {
    kind: DESK if what.decides else FIELD
    for kind, what in (KINDS | DEVICE_KINDS).items()
}

# Who sees every order; everybody else sees what they are given (S1).
READS_ALL = frozenset({"dispatcher", "manager", "auditor", "service"})

# Who reads where and when a picture says it was taken (X11).
READS_PICTURE_ORIGIN = frozenset({"dispatcher", "manager", "auditor"})


def may_write(role: str, kind: str) -> bool:
    """May somebody in this role state such a fact?"""
    return role in WRITERS.get(kind, frozenset())


def may_read_all(role: str) -> bool:
    """Is every order within this role's work?"""
    return role in READS_ALL


def may_read_origin(role: str) -> bool:
    """May somebody in this role know where and when a picture says it was taken?"""
    return role in READS_PICTURE_ORIGIN
