"""What the central service log says against what the field recorded: one rule for each
way in which they differ.

A rule sees one register row and one order; the register's minutes are intervals, and so
are the field's times. To add a rule, write a function and list it in `sorts`. May not
enter: who settled a difference and how, where anything is kept.
"""

from sync.reconcile.case import Case, Discrepancy, Reuse, Terms, believed, identity
from sync.reconcile.comparing import differences, home_of, reconcile
from sync.reconcile.sorts import (
    LABELS,
    OF_NUMBERS,
    OF_PAIRS,
    OF_PICTURES,
    SEVERITIES,
    SORTS,
    Severity,
)

__all__ = [
    "LABELS",
    "OF_NUMBERS",
    "OF_PAIRS",
    "OF_PICTURES",
    "SEVERITIES",
    "SORTS",
    "Case",
    "Discrepancy",
    "Reuse",
    "Severity",
    "Terms",
    "believed",
    "differences",
    "home_of",
    "identity",
    "reconcile",
]
