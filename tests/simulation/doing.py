"""Every sort of step, by its name.

May not enter: how any of them is carried out.
"""

from collections.abc import Callable, Mapping

from tests.simulation import going_back, mishaps, office, people
from tests.simulation.steps import OFTEN, Step
from tests.simulation.town import Town

Act = Callable[[Town, Step], None]


def _act(name: str) -> Act:
    modules = (people, office, mishaps, going_back)
    (found,) = [vars(one)[name] for one in modules if _states(one, name)]
    act: Act = found
    return act


def _states(module: object, name: str) -> bool:
    held = vars(module).get(name)
    return getattr(held, "__module__", "") == getattr(module, "__name__", None)


DO: Mapping[str, Act] = {name: _act(name) for name in OFTEN}
