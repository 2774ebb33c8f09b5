"""Photos for the sample month, drawn point by point: what is broken, the hand that
mends it, and the same place mended.

PNG needs no more than zlib. May not enter: what is being repaired beyond its trade.
"""

import json
import struct
import zlib
from collections.abc import Callable, Mapping
from random import Random

WIDTH, HEIGHT = 320, 240
Colour = tuple[int, int, int]
WALLS: tuple[Colour, ...] = (
    (226, 219, 205), (206, 214, 218), (219, 206, 196), (214, 221, 205),
)  # fmt: skip
METAL: Colour = (150, 158, 166)
SHADE: Colour = (108, 116, 124)
DARK: Colour = (52, 54, 60)
WHITE: Colour = (240, 241, 238)
WET: tuple[Colour, ...] = ((134, 120, 92), (122, 128, 116), (120, 138, 152))
SOOT: tuple[Colour, ...] = ((70, 62, 54), (92, 78, 62), (48, 44, 42))
SKIN: Colour = (205, 160, 128)
GLOVE: Colour = (214, 150, 52)
GLASS: Colour = (158, 190, 208)
THINGS_ABOUT: tuple[Colour, ...] = (
    (238, 234, 226), (176, 160, 138), (128, 106, 84), (92, 104, 116), (198, 188, 170),
    (112, 126, 112), (222, 206, 180), (84, 80, 78),
)  # fmt: skip

Canvas = list[bytearray]


def photo(place: Random, dice: Random, moment: str, trade: str) -> bytes:
    """A picture as PNG: the fault before, somebody at it during, mended after. The
    same `place` is the same wall, however often it is looked at."""
    canvas = _wall(place, dice)
    _furnished(canvas, place)
    x, y = place.randrange(110, 190), place.randrange(90, 140)
    THINGS.get(trade, _plaster)(canvas, dice, x, y, moment == "after")
    if moment == "during":
        _hand(canvas, dice, x, y)
    return _png(canvas)


def _pipe(canvas: Canvas, dice: Random, x: int, y: int, mended: bool) -> None:
    """A valve on a pipe: it drips, or it is new and dry."""
    _box(canvas, 0, y, WIDTH, y + 20, METAL)
    _box(canvas, 0, y + 16, WIDTH, y + 20, SHADE)
    _box(canvas, x, 0, x + 14, y, METAL)
    new = WHITE if mended else (176, 150, 96)
    _box(canvas, x - 16, y - 6, x + 32, y + 26, new)
    _spot(canvas, x + 8, y + 10, 9, (190, 60, 52) if mended else SHADE)
    if not mended:
        for drop in range(dice.randrange(3, 6)):
            _spot(canvas, x + dice.randrange(-8, 24), y + 44 + drop * 26, 5, WET[2])
        _stain(canvas, dice, x, HEIGHT - 20, WET, 60)


def _ceiling(canvas: Canvas, dice: Random, x: int, y: int, mended: bool) -> None:
    """A corner under the roof: a stain that grows, or a fresh square of paint."""
    _box(canvas, 0, 0, WIDTH, 46, WHITE)
    _box(canvas, 0, 44, WIDTH, 47, SHADE)
    if mended:
        _box(canvas, x - 60, 48, x + 70, y + 30, (232, 232, 226))
        return
    _stain(canvas, dice, x, 62, WET, 90)
    for _ in range(5):
        at = x + dice.randrange(-50, 50)
        _box(canvas, at, 60, at + 3, 90 + dice.randrange(90), WET[0])


def _socket(canvas: Canvas, dice: Random, x: int, y: int, mended: bool) -> None:
    """A socket plate: burnt, or new."""
    _box(canvas, x - 44, y - 34, x + 46, y + 56, (186, 188, 186))
    _box(canvas, x - 42, y - 36, x + 44, y + 52, WHITE)
    for left, top in ((-20, -6), (12, -6), (-4, 20)):
        _box(canvas, x + left, y + top, x + left + 6, y + top + 16, DARK)
    if not mended:
        _stain(canvas, dice, x - 4, y + 8, SOOT, 26)


def _window(canvas: Canvas, dice: Random, x: int, y: int, mended: bool) -> None:
    """A sash in its frame: ajar, or shut."""
    _box(canvas, x - 84, 20, x + 96, 214, METAL)
    _box(canvas, x - 72, 32, x + 84, 202, GLASS)
    gap = 0 if mended else dice.randrange(8, 18)
    _box(canvas, x - 4, 26, x + 10, 208, WHITE)
    _box(canvas, x + 10, 26, x + 10 + gap, 208, DARK)
    _box(canvas, x - 24, y, x - 8, y + 34, SHADE)


def _plaster(canvas: Canvas, dice: Random, x: int, y: int, mended: bool) -> None:
    """A wall: cracked, or filled and painted over."""
    _box(canvas, 0, HEIGHT - 26, WIDTH, HEIGHT, (150, 120, 90))
    _spot(canvas, x - 60, y - 30, 3, SHADE)
    if mended:
        _box(canvas, x - 18, 10, x + 26, HEIGHT - 26, (236, 230, 220))
        return
    at = x
    for top in range(6, HEIGHT - 30, 4):
        at += dice.randrange(-4, 5)
        _box(canvas, at, top, at + dice.randrange(2, 5), top + 5, (88, 80, 72))


def _vent(canvas: Canvas, dice: Random, x: int, y: int, mended: bool) -> None:
    """A grille or a valve box: full of dust, or clean."""
    _box(canvas, x - 90, y - 50, x + 100, y + 70, WHITE)
    slats = (204, 208, 210) if mended else (122, 112, 100)
    for top in range(y - 42, y + 62, 13):
        _box(canvas, x - 82, top, x + 92, top + 7, slats)
    if not mended:
        _stain(canvas, dice, x, y + 10, SOOT, 60)


Thing = Callable[[Canvas, Random, int, int, bool], None]
THINGS: Mapping[str, Thing] = {
    "给排水": _pipe, "防水": _ceiling, "电气": _socket, "门窗": _window,
    "装修": _plaster, "暖通": _vent,
}  # fmt: skip


def _hand(canvas: Canvas, dice: Random, x: int, y: int) -> None:
    """An arm from below with a tool in a glove."""
    for down in range(0, HEIGHT - y, 3):
        left = x + 10 + down // 2
        _box(canvas, left, y + down, left + 34, y + down + 3, SKIN)
    _spot(canvas, x + 22, y + 8, 20, GLOVE)
    _box(canvas, x - 40, y - 4 + dice.randrange(8), x + 16, y + 10, DARK)


def _stain(
    canvas: Canvas, dice: Random, x: int, y: int, of: tuple[Colour, ...], wide: int
) -> None:
    for _ in range(dice.randrange(14, 24)):
        left, down = dice.randrange(-wide, wide), dice.randrange(-12, 14)
        _spot(canvas, x + left, y + down, dice.randrange(4, 13), dice.choice(of))


def strokes(dice: Random) -> bytes:
    """A signature: three strokes of a finger."""
    found = []
    for start in range(3):
        x, y, at = 60 + 90 * start, 140, 800 * start
        stroke = []
        for _ in range(12):
            x, y = x + dice.randrange(1, 9), y + dice.randrange(-22, 23)
            at += dice.randrange(14, 40)
            stroke.append([x, y, at, dice.randrange(300, 700)])
        found.append(stroke)
    return json.dumps(found, separators=(",", ":")).encode()


def _wall(place: Random, dice: Random) -> Canvas:
    red, green, blue = place.choice(WALLS)
    rows = []
    for y in range(HEIGHT):
        shade = y // 12
        colour = bytes((red - shade, green - shade, blue - shade))
        row = bytearray(colour * WIDTH)
        for _ in range(10):  # plaster is not smooth
            at = dice.randrange(WIDTH) * 3
            row[at] = max(0, row[at] - dice.randrange(14))
        rows.append(row)
    return rows


def _furnished(canvas: Canvas, place: Random) -> None:
    """What stands about in this home and no other: so its pictures look like none of
    another home's (`server/likeness.py`)."""
    for _ in range(12):
        left, top = place.randrange(WIDTH - 20), place.randrange(HEIGHT - 16)
        wide, high = place.randrange(24, 150), place.randrange(18, 110)
        _box(canvas, left, top, left + wide, top + high, place.choice(THINGS_ABOUT))


def _box(
    canvas: Canvas, left: int, top: int, right: int, end: int, fill: Colour
) -> None:
    first, last = max(0, left), min(WIDTH, right)
    for row in canvas[max(0, top) : min(HEIGHT, end)]:
        row[first * 3 : last * 3] = bytes(fill) * max(0, last - first)


def _spot(canvas: Canvas, x: int, y: int, size: int, fill: Colour) -> None:
    for dy in range(-size, size + 1):
        half = int((size * size - dy * dy) ** 0.5)
        _box(canvas, x - half, y + dy, x + half + 1, y + dy + 1, fill)


def _png(canvas: Canvas) -> bytes:
    lines = b"".join(b"\0" + bytes(row) for row in canvas)
    form = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", form), (b"IDAT", zlib.compress(lines, 6)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*one) for one in parts)


def _chunk(name: bytes, data: bytes) -> bytes:
    checked = struct.pack(">I", zlib.crc32(name + data))
    return struct.pack(">I", len(data)) + name + data + checked
