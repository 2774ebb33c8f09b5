"""Vectors of epochs: how far two books hold the same, whatever somebody claims."""

from itertools import product
from random import Random
from typing import Any

from sync.epochs import Opened, lineage_of, opened_text, shared
from sync.plain import plain

NAMES = ("e1", "e2", "e3", "e4", "nobody")


def epochs() -> Any:
    """Families of epochs, honest ones and some that go round in a circle."""
    return {"lineages": [_lineage(number) for number in range(16)]}


def _lineage(number: int) -> Any:
    chance = Random(number)
    honest = number % 2 == 0
    opened = [
        Opened(
            epoch=name,
            parent=_parent(chance, index, honest=honest),
            fork_position=chance.randint(0, 30),
            opened_ms=1_794_272_400_000 + index,
        )
        for index, name in enumerate(NAMES[:-1])
    ]
    lineage = lineage_of(opened)
    return {
        "opened": plain(opened),
        "texts": [opened_text(one).decode() for one in opened],
        "shared": {
            f"{one} {other}": shared(one, other, lineage)
            for one, other in product(NAMES, NAMES)
        },
    }


def _parent(chance: Random, index: int, *, honest: bool) -> str | None:
    if honest:
        return NAMES[chance.randrange(index)] if index else None
    return chance.choice((*NAMES, None))
