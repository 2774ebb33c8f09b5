"""Which numbers are known on which side, and how often.

May not enter: what is said under a number.
"""

from sync.reconcile.case import Case, Sides


def unknown_number(case: Case) -> Sides | None:
    """The register has a number that nobody in the field heard of (I1)."""
    if case.row is None or case.order is not None:
        return None
    return Sides(register=case.number)


def missing_in_register(case: Case) -> Sides | None:
    """The field has an order, and the register reaches to its day without it (I1). A
    row that cannot be read is not missing."""
    if case.order is None or case.row is not None or case.unreadable:
        return None
    return Sides(field=case.number) if case.expected else None


def number_twice(case: Case) -> Sides | None:
    """The register has one number in several rows that say the same (I1)."""
    return Sides(register=case.times) if case.times > 1 else None


def unreadable_row(case: Case) -> Sides | None:
    """A row of the register that nobody can rely on."""
    return Sides(register=case.unreadable) if case.unreadable else None
