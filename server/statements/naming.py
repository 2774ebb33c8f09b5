"""What figures and what is behind them are called, in the reader's language.

May not enter: counting.
"""

from server.words import say
from sync.reconcile import LABELS as DIFFERENCES
from sync.statements import BY_CODE, FEN, LABELS
from sync.words import N_

STATES = {
    "running": N_("还没有过完"),
    "open": N_("未结账"),
    "closed": N_("已结账"),
    "reopened": N_("已重新打开"),
}


def label_of(code: str, language: str | None = None) -> str:
    """A figure; of one sort of difference, with its name."""
    whole, _, sort = code.partition(BY_CODE)
    label = say(LABELS.get(whole, whole), {}, language)
    if not sort:
        return label
    return f"{label}：{say(DIFFERENCES.get(sort, sort), {}, language)}"


def shown(code: str, value: int) -> str:
    """A value as people read it."""
    if code not in FEN:
        return str(value)
    whole = abs(value)
    return f"{'-' if value < 0 else ''}¥{whole // 100:,}.{whole % 100:02d}"
