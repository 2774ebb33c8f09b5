"""What may happen in a simulation, and how a seed draws a story out of it.

A step names nothing that must exist: its numbers choose among whatever is there when
its turn comes, and its own dice are all the chance it has. So any step may be left out
and the others stay what they were, which is what shrinking needs. May not enter: how a
step is carried out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any


@dataclass(frozen=True)
class Step:
    """One thing that happens; `who` and `which` choose, `dice` is its chance."""

    what: str
    who: int = 0
    which: int = 0
    dice: int = 0

    def luck(self) -> Random:
        """The chance of this step and of no other."""
        return Random(f"{self.what}/{self.dice}")

    def plain(self) -> list[Any]:
        """The step as a row of a vector."""
        return [self.what, self.who, self.which, self.dice]


# How often each sort of step is drawn. Work is common, disaster is rare, and every
# seed of some length meets each of them now and then.
OFTEN: Mapping[str, int] = {
    # people with tablets
    "tell": 260, "photograph": 26, "show_sheet": 12, "sign": 14, "look": 6,
    "exchange": 200, "exchange_in_storm": 110, "go_offline": 16, "go_online": 22,
    # the desk
    "import_register": 10, "dispatch": 20, "give_helper": 8, "cancel": 4,
    # time
    "minutes_pass": 60, "day_ends": 5, "clock_jumps": 6, "reboot": 5,
    # what goes wrong
    "desk_decides_meanwhile": 14, "push_again": 14, "odd_cursor": 5, "bad_facts": 8,
    "newer_kind": 6, "strange_order": 4, "false_claim": 4, "first_sync": 4,
    "tablet_dies": 14, "tablet_dies_writing": 6, "tablet_disk_full": 7,
    "drop_projection": 4,
    "server_dies": 14, "server_locked": 8, "server_disk_full": 8, "server_restarts": 3,
    "back_up": 12, "restore": 3, "erase_order": 2, "wipe": 2, "clone": 3, "revoke": 1,
}  # fmt: skip


# Seeds in which, at this length, every fault on the list fires; restores come first.
FIXED = (4, 12, 0, 15, 5, 10, 16, 18, 21, 2, 23, 24, 30, 37)
FIXED_STEPS = 120


@dataclass(frozen=True)
class Script:
    """A world's seed and everything that happens in it."""

    seed: int
    steps: Sequence[Step]

    def without(self, first: int, count: int) -> "Script":
        """The same story with some steps left out."""
        kept = [*self.steps[:first], *self.steps[first + count :]]
        return Script(self.seed, tuple(kept))

    def plain(self) -> dict[str, Any]:
        """The script as JSON."""
        return {"seed": self.seed, "steps": [one.plain() for one in self.steps]}


def read(value: Mapping[str, Any]) -> Script:
    """The script in a vector."""
    steps = tuple(Step(*row) for row in value["steps"])
    return Script(int(value["seed"]), steps)


def draw(seed: int, count: int) -> Script:
    """The story of a seed: a beginning that gives everybody work, then chance."""
    dice = Random(f"script/{seed}")
    start = [Step("import_register", dice=dice.getrandbits(32)) for _ in range(3)]
    start += [Step("dispatch", n, n, dice.getrandbits(32)) for n in range(3)]
    start += [Step("exchange", n, 0, dice.getrandbits(32)) for n in range(4)]
    drawn = dice.choices(tuple(OFTEN), tuple(OFTEN.values()), k=count - len(start))
    rest = [
        Step(what, dice.randrange(64), dice.randrange(64), dice.getrandbits(32))
        for what in drawn
    ]
    return Script(seed, (*start, *rest))
