"""The pictures and the signature of the month, as files before they are needed.

Drawn from the seed on all cores, or real ones in turn. May not enter: the product.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import cycle
from pathlib import Path

from infra.demo.day import Paths
from infra.demo.happenings import Home, Photo, Truth
from infra.demo.photos import draw_photo, real_photos
from infra.demo.registers import local
from infra.demo.town import chance

Shot = tuple[Home, Photo]
Watch = Callable[[str, int, int], None]  # about what, how much is done, of how much


def take_pictures(truth: Truth, folder: Path, real: Path | None, watch: Watch) -> Paths:
    """Every photo that the truth speaks of, and a signature."""
    folder.mkdir()
    shots = [(home, photo) for home in truth.homes for photo in home.photos]
    paths = _given(shots, real) if real else _drawn(truth, shots, folder, watch)
    strokes = folder / "strokes.json"
    strokes.write_text(json.dumps(sign(truth.seed)))
    named = {(home.number, photo): path for (home, photo), path in paths}
    return Paths(photos=named, strokes=strokes)


def _given(shots: list[Shot], folder: Path) -> Iterator[tuple[Shot, Path]]:
    return zip(shots, cycle(real_photos(folder)), strict=False)


def _drawn(
    truth: Truth, shots: list[Shot], folder: Path, watch: Watch
) -> Iterator[tuple[Shot, Path]]:
    off = {one.id: one.clock_off_ms for one in truth.technicians}
    trades = {row.number: row.trade for row in truth.opened}
    jobs = [
        (truth.seed, home.number, photo, trades[home.number], off[home.technician])
        for home, photo in shots
    ]
    with ProcessPoolExecutor() as painters:
        drawn: Iterable[bytes] = painters.map(_draw, jobs)
        for count, (shot, data) in enumerate(zip(shots, drawn, strict=True), start=1):
            path = folder / f"{count:03}.jpg"
            path.write_bytes(data)
            watch(shot[0].number, count, len(shots))
            yield shot, path


def _draw(job: tuple[int, str, Photo, str, int]) -> bytes:
    seed, number, photo, trade, off_ms = job
    return draw_photo(
        seed,
        number,
        photo.item,
        photo.moment,
        photo.n,
        trade=trade,
        wall=local(photo.taken_ms + off_ms),
        round_=photo.round,
    )


def sign(seed: int) -> list[list[list[int]]]:
    """Strokes on glass: points of x, y, milliseconds and pressure."""
    dice = chance(seed, "strokes")
    strokes, x, at_ms = [], 60, 0
    for _ in range(dice.randint(3, 6)):
        y, points = dice.randint(60, 140), []
        for _ in range(dice.randint(8, 20)):
            x, y = x + dice.randint(-4, 14), y + dice.randint(-16, 16)
            at_ms += dice.randint(8, 24)
            points.append([x, y, at_ms, dice.randint(200, 900)])
        strokes.append(points)
        at_ms += dice.randint(60, 200)
    return strokes
