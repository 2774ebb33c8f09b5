"""Pictures that are the same and do not say so, made from real camera files and from
drawings; and pictures that are not the same.

Everything is bytes of a file, as a tablet hands it in. May not enter: what is made of
them.
"""

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from random import Random

import pillow_heif
from PIL import Image, ImageOps

from server.seed import drawing
from server.seed.drawing import THINGS

Made = Callable[[Image.Image, Random], bytes]

# The same scene more than once among the camera files.
SAME_SCENE = {"phone_2_again": "phone_2", "mirrored": "rotated_90"}
DAMAGED = "corrupted"
LONGEST = 1600  # larger ones only cost time
Turn = Image.Transpose


@dataclass(frozen=True)
class Original:
    """A picture before anything was done to it."""

    name: str
    data: bytes

    def opened(self) -> Image.Image:
        """Upright, in colour."""
        return ImageOps.exif_transpose(Image.open(io.BytesIO(self.data))).convert("RGB")


def from_cameras(folder: Path) -> list[Original]:
    """One for each scene; large ones are made smaller first."""
    pillow_heif.register_heif_opener()
    found = []
    for file in sorted(folder.iterdir()):
        if file.suffix not in (".jpg", ".heic") or file.stem in (*SAME_SCENE, DAMAGED):
            continue
        picture = ImageOps.exif_transpose(Image.open(file)).convert("RGB")
        picture.thumbnail((LONGEST, LONGEST))
        found.append(Original(file.stem, saved(picture, 92)))
    return found


def seconds_apart(folder: Path) -> list[bytes]:
    """Two photos of one scene, by one phone in one hand."""
    found = []
    for name in ("phone_2", "phone_2_again"):
        picture = Image.open(folder / f"{name}.jpg").convert("RGB")
        picture.thumbnail((LONGEST, LONGEST))
        found.append(saved(picture, 92))
    return found


def quarters(scenes: Sequence[Original]) -> Iterator[Original]:
    """Each scene, and each of its quarters: other pictures by the same camera, some of
    little but sky or wall."""
    for one in scenes:
        yield one
        picture = one.opened()
        for across, down in product((0, 0.5), repeat=2):
            made = _cut(picture, across, down, 0.5 - across, 0.5 - down)
            yield Original(f"{one.name} {across} {down}", saved(made, 92))


def drawn(count: int, seed: int) -> list[Original]:
    """So many homes for each trade, before the repair."""
    return [
        Original(f"{trade} {n}", _bare(Random(f"{seed} {trade} {n}"),
                                       Random(f"{seed} {n} dice"), trade))
        for trade in THINGS for n in range(count)
    ]  # fmt: skip


def _bare(place: Random, dice: Random, trade: str) -> bytes:
    """What is broken on a wall with nothing else about: one template for each trade."""
    canvas = drawing._wall(place, dice)
    x, y = place.randrange(110, 190), place.randrange(90, 140)
    THINGS[trade](canvas, dice, x, y, False)
    return drawing._png(canvas)


def same_wall(count: int, seed: int) -> Iterator[tuple[bytes, bytes]]:
    """Two photos of one wall, seconds apart."""
    for trade in THINGS:
        for n in range(count):
            yield tuple(  # type: ignore[misc]
                _bare(Random(f"{seed} {trade} {n}"), Random(f"{seed} {n} {dice}"),
                      trade)
                for dice in ("one", "other")
            )  # fmt: skip


def saved(picture: Image.Image, quality: int = 85) -> bytes:
    """As a JPEG without metadata."""
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality)
    return out.getvalue()


def _smaller(picture: Image.Image, part: float) -> Image.Image:
    side = [max(64, round(one * part)) for one in picture.size]
    return picture.resize((side[0], side[1]), Image.Resampling.LANCZOS)


def _cut(
    picture: Image.Image, left: float, top: float, right: float, end: float
) -> Image.Image:
    wide, high = picture.size
    return picture.crop((
        round(wide * left), round(high * top),
        round(wide * (1 - right)), round(high * (1 - end)),
    ))  # fmt: skip


def _cropped(picture: Image.Image, dice: Random) -> Image.Image:
    """Up to 15 % of its width and of its height are gone, from wherever."""
    across, down = dice.uniform(0.05, 0.15), dice.uniform(0.05, 0.15)
    left, top = dice.uniform(0, across), dice.uniform(0, down)
    return _cut(picture, left, top, across - left, down - top)


CHANGES: Mapping[str, Made] = {
    "turned by 90": lambda it, _: saved(it.transpose(Turn.ROTATE_90)),
    "turned by 180": lambda it, _: saved(it.transpose(Turn.ROTATE_180)),
    "turned by 270": lambda it, _: saved(it.transpose(Turn.ROTATE_270)),
    "mirrored": lambda it, _: saved(it.transpose(Turn.FLIP_LEFT_RIGHT)),
    "saved anew at 30 %": lambda it, _: saved(it, 30),
    "a third of the size": lambda it, _: saved(_smaller(it, 1 / 3)),
    "15 % off one edge": lambda it, _: saved(_cut(it, 0.15, 0, 0, 0)),
    "cropped by 5–15 %": lambda it, dice: saved(_cropped(it, dice)),
    "cropped, turned, smaller, saved at 50 %": lambda it, dice: saved(
        _smaller(_cropped(it, dice), 0.6).transpose(Turn.ROTATE_90), 50
    ),
}  # fmt: skip
