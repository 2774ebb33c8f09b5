"""The same picture on two orders, by its bytes or by its looks.

Neither is an accusation: people send the wrong picture, and one valve looks like
another. A person sees both. May not enter: how likeness is measured, where pictures
are.
"""

from sync.reconcile.case import Reuse, Sides


def photo_reused_exact(reuse: Reuse) -> Sides | None:
    """The very bytes are also those of an earlier order, whoever took them and
    whenever (V4)."""
    return _sides(reuse) if reuse.exact else None


def photo_looks_same(reuse: Reuse) -> Sides | None:
    """A picture of an earlier order looks the same: turned, cropped, saved again, or
    only a thing of the same make (V4)."""
    return None if reuse.exact else _sides(reuse)


def _sides(reuse: Reuse) -> Sides:
    return Sides(register=reuse.theirs, field=reuse.mine, about=reuse.number)
