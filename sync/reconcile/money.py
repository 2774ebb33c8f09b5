"""What was charged, what it is made of, and who bears it (L1, L3).

May not enter: what a price should have been (`sync/prices.py`).
"""

from sync.prices import bill
from sync.reconcile.case import Pair, Sides


def amount_differs(pair: Pair) -> Sides | None:
    """The owner was charged something else than what was shown and signed (L3)."""
    told = pair.row.charged_fen
    if told is None or not pair.order.visits:
        return None
    owed = bill(pair.order).owner_fen
    if abs(told - owed) <= pair.terms.policy.tolerances.amount_fen:
        return None
    return Sides(register=told, field=owed)


def composition_differs(pair: Pair) -> Sides | None:
    """Material or labour are not what was fitted and done (L3). What the register
    leaves out contradicts nothing."""
    told = (pair.row.material_fen, pair.row.labour_fen)
    if told == (None, None) or not pair.order.visits:
        return None
    whole = bill(pair.order)
    true, most = (whole.material_fen, whole.labour_fen), pair.terms.policy.tolerances
    far = any(
        said is not None and abs(said - held) > most.amount_fen
        for said, held in zip(told, true, strict=True)
    )
    if not far:
        return None
    shown = ("" if one is None else str(one) for one in told)
    return Sides(register="+".join(shown), field="+".join(map(str, true)))


def payer_differs(pair: Pair) -> Sides | None:
    """The register's class is that of no item (L1). It knows one for a whole order."""
    classes = sorted({one.payer.value for one in pair.order.items})
    if pair.row.payer is None or not classes or pair.row.payer in classes:
        return None
    return Sides(register=pair.row.payer, field=", ".join(classes))
