"""Vectors of time: what clocks showed, what the server swears to, and what follows.

No clock here shows more than 2^51 milliseconds: so far both languages are exact.
"""

from random import Random
from typing import Any

from sync.moment import DAY_MS, MINUTE_MS, minute_of
from sync.plain import fields, plain
from sync.reading import (
    Anchor,
    Reading,
    Witness,
    own_witness,
    read_clocks,
    token_anchor,
)
from sync.timing import assess, hello_anchor
from tests.story import NINE

FAR = 2**51 - 1
STEPS = (0, 1, -1, 40, 1_999, MINUTE_MS, -3 * MINUTE_MS, 9 * MINUTE_MS, DAY_MS,
         -DAY_MS, 8 * DAY_MS, 31 * DAY_MS, -400 * DAY_MS)  # fmt: skip
CASES = 240


def timing() -> Any:
    """Assessments of ordinary, wrong and hostile clocks; contacts; minutes."""
    return {
        "assessments": [_assessment(number) for number in range(CASES)],
        "contacts": [_contact(number) for number in range(12)],
        "minutes": [
            {"instant_ms": instant, "first_ms": minute_of(instant).first_ms}
            for instant in (NINE, NINE + 59_999, 0, -1, -60_000, -60_001, FAR, -FAR)
        ],
    }


def _assessment(number: int) -> Any:
    chance = Random(number)
    hostile = number % 8 == 7
    reading = _reading(chance, hostile=hostile)
    witness = Witness(
        not_before_ms=_maybe(chance, _instant(chance, hostile=hostile)),
        not_after_ms=_maybe(chance, _instant(chance, hostile=hostile, later=True)),
        before=_maybe(chance, _anchor(chance, hostile=hostile)),
        after=_maybe(chance, _anchor(chance, hostile=hostile, later=True)),
    )
    return {
        "reading": reading.wire(),
        "witness": _whole(witness),
        "moment": plain(assess(reading, witness)),
    }


def _maybe(chance: Random, value: Any) -> Any:
    return value if chance.random() < 0.8 else None


def _instant(chance: Random, *, hostile: bool, later: bool = False) -> int:
    if hostile and chance.random() < 0.5:
        return chance.choice((FAR, -FAR, 0, chance.randint(-FAR, FAR)))
    quiet = chance.choice((0, 0, 1, 1, 7, -1, chance.choice(STEPS)))
    return NINE + quiet * 1_000 + later * chance.choice((0, 2, 60, 900)) * MINUTE_MS


def _reading(chance: Random, *, hostile: bool) -> Reading:
    return Reading(
        wall_ms=_instant(chance, hostile=hostile) + chance.choice(STEPS),
        offset_minutes=chance.choice((480, 0, -90)),
        boot_ms=_maybe(chance, chance.randint(0, 9 * MINUTE_MS)),
        boot=_maybe(chance, chance.choice(("run", "run", "other run"))),
        token=_maybe(chance, "token"),
        token_wall_ms=_maybe(chance, _instant(chance, hostile=hostile)),
        token_boot_ms=_maybe(chance, chance.randint(0, MINUTE_MS)),
        rtt_ms=_maybe(chance, chance.choice((0, 80, 25_000, -5))),
    )


def _anchor(chance: Random, *, hostile: bool, later: bool = False) -> Anchor:
    server_ms = _instant(chance, hostile=hostile, later=later)
    off = chance.choice((0, 0, 0, 300, chance.choice(STEPS)))
    return Anchor(
        server_ms=server_ms,
        wall_ms=min(FAR, max(-FAR, server_ms + off)),
        boot_ms=_maybe(chance, server_ms % DAY_MS + chance.choice((0, 0, 777))),
        boot=_maybe(chance, "run"),
        rtt_ms=_maybe(chance, chance.choice((0, 80, 25_000, -5))),
    )


def _contact(number: int) -> Any:
    """What a tablet writes into a fact, and what it makes of it by itself."""
    chance = Random(number)
    newest = _maybe(chance, _anchor(chance, hostile=False))
    clocks = {"wall_ms": NINE, "offset_minutes": 480, "boot_ms": 5_000,
              "boot": chance.choice(("run", "other run", None))}  # fmt: skip
    token = "token" if newest else None
    reading = read_clocks(newest, token, **clocks)
    before = token_anchor(reading, NINE - 500)
    return {
        "newest": _whole(newest),
        "token": token,
        "clocks": clocks,
        "reading": reading.wire(),
        "token_anchor": _whole(before),
        "hello_anchor": _whole(hello_anchor(reading, NINE + 500)),
        "own": plain(assess(reading, own_witness(newest))),
    }


def _whole(record: Any) -> Any:
    """Every field, also what is unknown."""
    if not isinstance(record, Anchor | Witness):
        return record
    return {one.name: _whole(getattr(record, one.name)) for one in fields(type(record))}
