"""Who may do what, and where: tables, asked by every door, screen and report.

A person holds grants: a role in one project, or in every one. What an order's own
technician may read does not follow from here but from being given it (S1). May not
enter: how anybody proves who they are.
"""

from collections.abc import Collection, Iterable, Mapping

from sync.facts import DEVICE_KINDS, KINDS, What
from sync.plain import Record

EVERY = "*"  # every project; a project is named as the register names its site


class Grant(Record, frozen=True, kw_only=True):
    """A role in a project. An order of no project belongs to whoever holds it in
    every one."""

    role: str
    project: str = EVERY


Grants = frozenset[Grant]

FIELD = frozenset({"technician"})
DESK = frozenset({"dispatcher", "manager"})
WATCHING = frozenset({"auditor", "service"})
ROLES = FIELD | DESK | WATCHING | {"engineer", "contractor", "administrator"}

OWNER = frozenset({"owner"})  # through a link of their own; no role, and not granted
BOTH = frozenset({"owner.asked"})  # stated at the desk and in the home alike


def _writers(what: type[What]) -> frozenset[str]:
    if what.by_owner:
        return OWNER
    if what.kind in BOTH:
        return FIELD | DESK
    return DESK if what.decides else FIELD


WRITERS: Mapping[str, frozenset[str]] = {
    kind: _writers(what) for kind, what in (KINDS | DEVICE_KINDS).items()
}

ACTIONS: Mapping[str, frozenset[str]] = {
    "order.read": DESK | WATCHING | {"engineer"},
    "order.dispatch": DESK,
    "order.decide": DESK,  # cancel, close, reopen, hold, comment, correct, appoint
    "order.approve": frozenset({"manager"}),  # a cost (L4)
    "order.work": FIELD,  # may be given orders
    "review.resolve": DESK,
    "intake.write": DESK | {"engineer"},
    # The owner's name and phone, where the work needs them (S1).
    "owner.read": FIELD | DESK | {"engineer"},
    # Where and when a picture says it was taken (X11).
    "picture.origin": DESK | {"auditor"},
    "roster.read": FIELD | DESK | {"engineer", "auditor", "administrator"},
    "roster.write": DESK,
    "people.read": DESK | {"engineer", "auditor", "administrator"},
    "people.write": frozenset({"administrator"}),
    "project.read": ROLES,
    "project.write": frozenset({"administrator"}),
    "device.read": DESK | {"auditor", "administrator"},
    "device.manage": DESK | {"administrator"},
    "notice.read": DESK | {"auditor", "administrator"},
    "notice.manage": frozenset({"administrator"}),
    # The company's central service log: who brings it in, who sees what differs.
    "log.write": frozenset({"manager", "service"}),
    "difference.read": DESK | {"auditor"},
    "difference.settle": DESK,
    "difference.settle_grave": frozenset({"manager"}),  # what only managers settle
    # What owners said in confidence of people who work here (C6).
    "report.read": frozenset({"manager"}),
    "audit.read": frozenset({"auditor", "manager"}),
    # What a day or a month adds up to; who stands for it.
    "statement.read": DESK | {"auditor"},
    "statement.close": frozenset({"manager"}),
    # Everything about one order in one file, to be given away.
    "evidence.read": frozenset({"auditor", "manager"}),
}


def may(grants: Iterable[Grant], action: str, project: str | None = None) -> bool:
    """May whoever holds these do this in this project? Not said where: in any; EVERY:
    in all of them."""
    roles = ACTIONS.get(action, frozenset())
    return any(
        one.role in roles and (project is None or one.project in (EVERY, project))
        for one in grants
    )


def projects(grants: Iterable[Grant], action: str) -> frozenset[str]:
    """Where whoever holds these may do this; EVERY alone if everywhere."""
    roles = ACTIONS.get(action, frozenset())
    found = frozenset(one.project for one in grants if one.role in roles)
    return frozenset({EVERY}) if EVERY in found else found


def roles_of(grants: Iterable[Grant]) -> frozenset[str]:
    """The roles in these, wherever they are held."""
    return frozenset(one.role for one in grants)


def may_write(roles: Collection[str], kind: str) -> bool:
    """May somebody in these roles state such a fact?"""
    return not WRITERS.get(kind, frozenset()).isdisjoint(roles)
