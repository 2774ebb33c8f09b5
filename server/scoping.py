"""Which orders whoever sends this request may see.

May not enter: which orders they asked for.
"""

from server.asking import the_caller
from server.showing import Scope


def the_scope() -> Scope:
    """The caller's scope: whole projects, and what is given to them."""
    caller = the_caller()
    return Scope.of(caller.actor, caller.grants)
