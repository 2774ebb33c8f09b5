"""How well a picture is known again, how often another is taken for it, and how fast.

The set is made anew each time: scenes from real cameras and drawn ones, each turned,
mirrored, cropped and saved anew, looked up among all scenes. The drawings of one trade
are one template with things moved by a few points: the hardest that can be had. May not
enter: how likeness is measured.
"""

import hashlib
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import Engine, insert

from infra.bench.office import open_office, seconds
from server.database import writing
from server.likeness import Likeness, note_print
from server.picture_tables import picture_key
from server.pictures import Darkroom, looks
from server.tables import blob
from tests.lookalikes import (
    CHANGES,
    Original,
    drawn,
    from_cameras,
    quarters,
    same_wall,
)

Row = dict[str, Any]
ROOT = Path(__file__).parents[2]
PHOTOS = Path(os.environ.get("DOORSTEP_PHOTOS", ROOT.parent / "shared" / "photos"))
HOMES = 4  # drawn for each trade
EACH = 3  # changes of each scene, all of them in turn
CHOSEN, TOLD = 1, 2
HALVES = {CHOSEN: "chosen on", TOLD: "told by"}
SEEDS = {CHOSEN: 11, TOLD: 12}
HELD = 100_000  # keys of other pictures, for the time that one look takes
SOUGHT = 20
LOT = 5_000


@dataclass
class Tally:
    """What became of the pictures that were looked up."""

    sought: Counter[str] = field(default_factory=Counter)
    known: Counter[str] = field(default_factory=Counter)
    wrong: list[tuple[str, str]] = field(default_factory=list)  # taken for, in truth

    @property
    def recall(self) -> float:
        """Of those that are the same, how many were known."""
        return self.known.total() / self.sought.total()

    @property
    def precision(self) -> float:
        """Of what was put before a person, how much was the same."""
        put = self.known.total() + len(self.wrong)
        return self.known.total() / put if put else 1.0


def hang(engine: Engine, room: Darkroom, scenes: Sequence[Original]) -> dict[str, str]:
    """All scenes are known; digest -> name of those that tell enough."""
    named = {}
    for at, one in enumerate(scenes, 1):
        sha256 = hashlib.sha256(one.data).hexdigest()
        grey = room.look(one.data).grey
        with writing(engine) as connection:
            connection.execute(insert(blob).values(
                sha256=sha256, bytes=len(one.data), type="image/jpeg", received_ms=0,
                seq=10**9 + at, finding="",
            ))  # fmt: skip
            note_print(connection, sha256, grey)
        if looks.tells_enough(grey):
            named[sha256] = one.name
    for _ in Likeness(engine).compare(0):
        pass
    return named


def looked_up(
    engine: Engine,
    room: Darkroom,
    scenes: Sequence[Original],
    named: Mapping[str, str],
    seed: int,
    each: int = len(CHANGES),
) -> Tally:
    """Every scene that tells enough, changed in `each` ways, taken in turn."""
    found, turns = Tally(), cycle(CHANGES)
    for one in (one for one in scenes if one.name in named.values()):
        for change in islice(turns, each):
            made = CHANGES[change](one.opened(), Random(f"{seed} {one.name} {change}"))
            like = Likeness(engine).like(room.look(made).grey)
            names = {named[sha256] for sha256, _ in like}
            found.sought[change] += 1
            found.known[change] += one.name in names
            found.wrong += [(name, one.name) for name in names - {one.name}]
    return found


def measure(folder: Path) -> Iterator[Row]:
    """Recall by change, precision by kind of scene, and time."""
    room = Darkroom()
    try:
        yield from _measured(folder, room)
    finally:
        room.close()


def _measured(folder: Path, room: Darkroom) -> Iterator[Row]:
    for kind, half, scenes in _sets():
        engine = open_office(folder / f"{kind} {half}", "").parts.engine
        named = hang(engine, room, scenes)
        tally = looked_up(engine, room, scenes, named, seed=half, each=EACH)
        yield from _told(f"{kind}, {HALVES[half]}", tally)
        yield _row(f"{kind}, {HALVES[half]}: too plain of {len(scenes)}", "pictures",
                   len(scenes) - len(named))  # fmt: skip
        if (kind, half) == ("drawn", TOLD):
            yield from _same_walls(room)
            yield from _speed(engine, room, scenes)
        engine.dispose()


def _sets() -> Iterator[tuple[str, int, list[Original]]]:
    """Thresholds were chosen on one half; what they are worth is told by the other: by
    other cameras' files and by other dice."""
    cameras = from_cameras(PHOTOS)
    for half in HALVES:
        some = cameras[: len(cameras) // 2] if half == CHOSEN else (
            cameras[len(cameras) // 2 :]
        )  # fmt: skip
        yield "camera", half, list(quarters(some))
        yield "drawn", half, drawn(HOMES, seed=SEEDS[half])


def _told(name: str, tally: Tally) -> Iterator[Row]:
    for change, of in tally.sought.items():
        yield _row(f"{name}, {change}: known again of {of}", "pictures",
                   tally.known[change])  # fmt: skip
    known, wrong = tally.known.total(), len(tally.wrong)
    yield _row(f"{name}: recall, {known} of {tally.sought.total()}", "part",
               tally.recall)  # fmt: skip
    yield _row(f"{name}: precision, {known} beside {wrong} wrong", "part",
               tally.precision)  # fmt: skip


def _same_walls(room: Darkroom) -> Iterator[Row]:
    """On one order they are no finding, however alike."""
    pairs = [tuple(room.look(one).grey for one in two) for two in same_wall(HOMES, 9)]
    telling = [two for two in pairs if all(map(looks.tells_enough, two))]
    alike = sum(_alike(one, other) for one, other in telling)
    name = f"one wall, seconds apart: alike of {len(telling)}"
    yield _row(f"{name} (no finding on one order)", "pairs", alike)


def _alike(kept: bytes, sought: bytes) -> bool:
    code, keys = looks.kept(kept)
    glances = [one for key, its in looks.sought(sought).items() if key in keys
               for one in its]  # fmt: skip
    if not glances:
        return False
    near = min(glances, key=lambda one: looks.differing(one.code, code))
    return looks.likeness(kept, sought, near) >= looks.asked_from(kept, sought)


def _speed(engine: Engine, room: Darkroom, scenes: Sequence[Original]) -> Iterator[Row]:
    some = list(islice(cycle(scenes), SOUGHT))
    began = seconds()
    greys = [room.look(one.data).grey for one in some]
    yield _row("decoding and a grey copy", "ms/picture", _each(began))
    began = seconds()
    for grey in greys:
        looks.kept(grey)
        looks.sought(grey)
    yield _row("keys, its own and those sought", "ms/picture", _each(began))
    _fill(engine, HELD)
    began = seconds()
    for grey in greys:
        Likeness(engine).like(grey)
    yield _row(f"looked up among {HELD:,}, all in all", "ms/picture", _each(began))


def _each(began: float) -> float:
    return (seconds() - began) * 1000 / SOUGHT


def _fill(engine: Engine, count: int) -> None:
    """So many other pictures, each like no other."""
    dice = Random(3)
    for start in range(0, count, LOT):
        rows = [
            {"key": band << looks.KEY_BITS | dice.getrandbits(looks.KEY_BITS),
             "picture": 10 + n, "code": dice.getrandbits(48)}
            for n in range(start, min(start + LOT, count))
            for band in range(len(looks.BANDS))
        ]  # fmt: skip
        with writing(engine) as connection:
            connection.execute(insert(picture_key), rows)


def _row(measure: str, unit: str, ours: float) -> Row:
    return {"measure": measure, "unit": unit, "ours": ours, "floor": None}
