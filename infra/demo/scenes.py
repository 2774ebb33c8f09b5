"""What the sample photos show: a room, and in it a fault before and after its repair.

Painted with lines and ellipses only. May not enter: cameras, files.
"""

from collections.abc import Callable, Iterator, Mapping
from random import Random

from PIL import Image, ImageChops, ImageDraw

SIZE = (1600, 1200)
Point = tuple[float, float]
Colour = tuple[int, int, int]
Scene = Callable[[ImageDraw.ImageDraw, str, Random], None]

WATER = (126, 158, 178)


def room(dice: Random) -> Image.Image:
    """Two walls and a floor, lit from one side."""
    width, height = SIZE
    tint = dice.randint(-14, 14)
    wall = (206 + tint, 200 + tint, 188)
    picture = Image.new("RGB", SIZE, wall)
    paint = ImageDraw.Draw(picture)
    corner = width * dice.uniform(0.25, 0.75)
    floor = height * dice.uniform(0.78, 0.86)
    paint.rectangle((corner, 0, width, floor), fill=_darker(wall, 0.9))
    paint.rectangle((0, floor, width, height), fill=(142, 124, 104 + tint))
    for x in range(0, width, 220):
        paint.line((x, floor, x * 1.3 - 200, height), fill=(118, 102, 86), width=4)
    paint.line((corner, 0, corner, floor), fill=_darker(wall, 0.72), width=5)
    light = Image.linear_gradient("L").rotate(dice.choice((0, 90, 180, 270)))
    light = light.resize(SIZE).point(lambda v: 140 + v * 115 // 255)
    return ImageChops.multiply(picture, Image.merge("RGB", (light, light, light)))


def pipes(paint: ImageDraw.ImageDraw, moment: str, dice: Random) -> None:
    """A pipe under a basin; before, it drips."""
    x, y = dice.randint(500, 1000), dice.randint(260, 420)
    _tiles(paint, dice)
    paint.ellipse((x - 330, y - 190, x + 330, y - 10), fill=(236, 238, 240))
    pipe = (170, 176, 182) if moment != "after" else (214, 219, 224)
    _tube(paint, ((x, y - 60), (x, y + 260), (x + 190, y + 260)), pipe, 54)
    _tube(paint, ((x + 190, y + 260), (x + 190, y + 60), (x + 420, y + 60)), pipe, 54)
    ring = (150, 108, 64) if moment == "before" else (120, 128, 140)
    for joint in ((x, y + 40), (x + 190, y + 150)):
        _knob(paint, joint, 48, ring)
    if moment == "before":
        for drop in range(7):
            fall = y + 310 + drop * 62 + dice.randint(-9, 9)
            _drop(paint, (x + dice.randint(-8, 8), fall), 13)
        paint.ellipse((x - 330, y + 690, x + 300, y + 800), fill=(108, 122, 134))


def stain(paint: ImageDraw.ImageDraw, moment: str, dice: Random) -> None:
    """A ceiling or wall; before, a brown stain with rims and mould."""
    x, y = dice.randint(480, 1080), dice.randint(300, 520)
    for rim, shade in ((1.0, 0), (0.82, 18), (0.6, 34), (0.36, 48)):
        outline = list(_blob((x, y), 330 * rim, dice))
        if moment == "before":
            paint.polygon(outline, fill=(176 - shade, 148 - shade, 108 - shade))
        elif moment == "during":
            paint.polygon(outline, fill=(186 - shade, 186 - shade, 182 - shade))
        else:
            paint.polygon(outline, fill=(222, 219, 211))
    if moment == "before":
        for _ in range(160):
            at = dice.gauss(x, 150), dice.gauss(y, 110)
            _knob(paint, at, dice.randint(2, 9), (62, 66, 54))


def sockets(paint: ImageDraw.ImageDraw, moment: str, dice: Random) -> None:
    """Two sockets; before, one is scorched; during, one hangs on its wires."""
    x, y = dice.randint(360, 700), dice.randint(420, 600)
    for n, left in enumerate((x, x + 330)):
        hangs = 70 if moment == "during" and n == 0 else 0
        box = (left, y + hangs, left + 280, y + 280 + hangs)
        if hangs:
            paint.rectangle((left + 20, y + 20, left + 260, y + 260), fill=(48, 46, 44))
            for wire, colour in enumerate(
                ((190, 40, 36), (40, 70, 170), (60, 140, 60))
            ):
                start = (left + 90 + wire * 50, y + 60)
                _tube(paint, (start, (start[0] + 12, y + hangs + 60)), colour, 12)
        paint.rounded_rectangle(box, 22, fill=(240, 240, 236), outline=(180, 180, 176))
        for slot in ((70, 80), (185, 80), (128, 120), (80, 190), (165, 190)):
            at = left + slot[0], y + slot[1] + hangs
            paint.rectangle((*at, at[0] + 18, at[1] + 46), fill=(40, 40, 42))
    if moment == "before":
        for radius, colour in (
            (120, (122, 104, 86)),
            (80, (72, 62, 54)),
            (40, (30,) * 3),
        ):
            paint.polygon(list(_blob((x + 200, y + 190), radius, dice)), fill=colour)


def window(paint: ImageDraw.ImageDraw, moment: str, dice: Random) -> None:
    """A casement; before, it hangs askew and shows a gap."""
    x, y = dice.randint(380, 620), dice.randint(120, 220)
    paint.rectangle((x, y, x + 720, y + 760), fill=(92, 96, 100))
    paint.rectangle((x + 40, y + 40, x + 680, y + 720), fill=(176, 205, 226))
    paint.rectangle((x + 40, y + 440, x + 680, y + 720), fill=(134, 156, 140))
    tilt = {"before": 34, "during": 16}.get(moment, 0)
    sash = ((x + 40, y + 40 + tilt), (x + 360, y + 40), (x + 360, y + 720 - tilt))
    outline = (*sash, (x + 40, y + 720), sash[0])
    _tube(paint, outline, (226, 228, 230), 34)
    _tube(paint, ((x + 380, y + 40), (x + 380, y + 720)), (226, 228, 230), 34)
    paint.rectangle((x + 330, y + 360, x + 352, y + 460), fill=(70, 72, 76))
    if moment == "before":
        _tube(paint, ((x + 40, y + 36), (x + 350, y + 36)), (28, 30, 32), 14)


def cracks(paint: ImageDraw.ImageDraw, moment: str, dice: Random) -> None:
    """A wall with a crack; during, a strip of mesh; after, fresh paint."""
    path = [(dice.randint(560, 1040), 60.0)]
    while path[-1][1] < 900:
        path.append((path[-1][0] + dice.randint(-46, 46), path[-1][1] + 42))
    if moment == "before":
        for width, colour in ((9, (120, 114, 104)), (4, (44, 42, 40))):
            paint.line(path, fill=colour, width=width, joint="curve")
        return
    strip = (214, 214, 206) if moment == "during" else (220, 216, 207)
    paint.line(path, fill=strip, width=150, joint="curve")
    if moment == "during":
        for x, y in path:
            for across in range(-70, 71, 20):
                paint.line((x + across, y, x + across, y + 42), fill=(168, 170, 166))
            paint.line((x - 70, y, x + 70, y), fill=(168, 170, 166))


def vent(paint: ImageDraw.ImageDraw, moment: str, dice: Random) -> None:
    """A vent with slats; before, grey with dust; during, open."""
    x, y = dice.randint(320, 520), dice.randint(180, 320)
    paint.rounded_rectangle((x, y, x + 820, y + 520), 26, fill=(228, 230, 230))
    inside = (52, 54, 58) if moment == "during" else (96, 100, 104)
    paint.rectangle((x + 50, y + 50, x + 770, y + 470), fill=inside)
    slat = (150, 143, 130) if moment == "before" else (238, 240, 240)
    if moment != "during":
        for top in range(y + 60, y + 460, 56):
            paint.polygon(
                (
                    (x + 50, top),
                    (x + 770, top),
                    (x + 770, top + 30),
                    (x + 50, top + 40),
                ),
                fill=slat,
            )
    if moment == "before":
        for _ in range(260):
            at = x + dice.randint(40, 780), y + dice.randint(40, 480)
            _knob(paint, at, dice.randint(2, 7), (92, 86, 76))


SCENES: Mapping[str, Scene] = {
    "给排水": pipes,
    "防水": stain,
    "电气": sockets,
    "门窗": window,
    "装修": cracks,
    "暖通": vent,
}


def _tiles(paint: ImageDraw.ImageDraw, dice: Random) -> None:
    side = dice.choice((150, 200, 240))
    for x in range(0, SIZE[0], side):
        paint.line((x, 0, x, 940), fill=(178, 178, 172), width=3)
    for y in range(0, 940, side):
        paint.line((0, y, SIZE[0], y), fill=(178, 178, 172), width=3)


def tool(paint: ImageDraw.ImageDraw, dice: Random) -> None:
    """A screwdriver, held into the picture from below."""
    x, y = dice.randint(500, 1100), dice.randint(560, 760)
    _tube(paint, ((x, y), (x + 70, y + 220)), (188, 192, 198), 22)
    _tube(paint, ((x + 70, y + 220), (x + 170, 1240)), (196, 60, 40), 84)


def _tube(
    paint: ImageDraw.ImageDraw, path: tuple[Point, ...], colour: Colour, width: int
) -> None:
    """A round thing along a path: dark at its edges, bright in the middle."""
    for share, shade in ((1.0, 0.62), (0.8, 0.82), (0.52, 1.0), (0.16, 1.14)):
        paint.line(
            path, fill=_darker(colour, shade), width=int(width * share), joint="curve"
        )


def _knob(paint: ImageDraw.ImageDraw, at: Point, radius: float, colour: Colour) -> None:
    x, y = at
    paint.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)


def _drop(paint: ImageDraw.ImageDraw, at: Point, radius: float) -> None:
    x, y = at
    paint.polygon(((x, y - radius * 2.4), (x - radius, y), (x + radius, y)), fill=WATER)
    _knob(paint, at, radius, WATER)
    _knob(paint, (x - 4, y - 2), radius / 3, (236, 244, 248))


def _blob(at: Point, radius: float, dice: Random) -> Iterator[Point]:
    """An outline as water leaves it."""
    steps = ((5, 0), (4, 3), (3, 4), (0, 5), (-3, 4), (-4, 3), (-5, 0), (-4, -3))
    for east, south in (*steps, (-3, -4), (0, -5), (3, -4), (4, -3)):
        reach = radius / 5 * dice.uniform(0.78, 1.15)
        yield at[0] + east * reach * 1.3, at[1] + south * reach


def _darker(colour: Colour, share: float) -> Colour:
    red, green, blue = (min(255, int(part * share)) for part in colour)
    return red, green, blue
