"""Sample photos, drawn: a corner of a home before, during and after the repair.

Nothing in them comes from outside; the same seed gives the same picture. As large as
a tablet's camera makes them, with EXIF time, and turned for some, as cameras do. May
not enter: the product (`server/pictures` is where it reads pictures).
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from infra.demo.scenes import SCENES, SIZE, pipes, room, tool
from infra.demo.town import chance

ORIENTATION, MAKE, MODEL, SOFTWARE_TIME = 0x0112, 0x010F, 0x0110, 0x0132
EXIF_IFD, TAKEN, TAKEN_OFFSET = 0x8769, 0x9003, 0x9011
# EXIF orientation: how the upright picture is turned before it is stored.
TURNED: Mapping[int, Image.Transpose] = {
    3: Image.Transpose.ROTATE_180,
    6: Image.Transpose.ROTATE_90,
    8: Image.Transpose.ROTATE_270,
}


def draw_photo(
    seed: int,
    number: str,
    item: str,
    moment: str,
    n: int,
    *,
    trade: str,
    wall: datetime,
    round_: int = 1,
) -> bytes:
    """One photo as JPEG; `wall` is the tablet's own clock, right or wrong."""
    place = chance(seed, "place", number, item)  # the same wall in every photo of it
    shot = chance(seed, "shot", number, item, moment, n, round_)
    picture = room(place)
    paint = ImageDraw.Draw(picture)
    SCENES.get(trade, pipes)(paint, moment, place)
    if moment == "during":
        tool(paint, shot)
    picture = _as_seen(picture, shot)
    return _as_stored(picture, wall, shot)


def real_photos(folder: Path) -> tuple[Path, ...]:
    """The pictures in a folder, by name, for a month told with real ones."""
    endings = {".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif"}
    return tuple(
        sorted(path for path in folder.iterdir() if path.suffix.lower() in endings)
    )


def _as_seen(picture: Image.Image, dice: Random) -> Image.Image:
    """Through a hand-held lens: a little off, soft, grainy."""
    shift = dice.randint(-26, 26), dice.randint(-18, 18)
    picture = picture.rotate(
        dice.uniform(-2.2, 2.2),
        resample=Image.Resampling.BILINEAR,
        translate=shift,
        fillcolor=(150, 144, 136),
    )
    picture = picture.filter(ImageFilter.GaussianBlur(dice.uniform(0.8, 1.6)))
    grain = Image.merge("RGB", [_grain(dice)] * 3)
    return ImageChops.add(picture, grain, scale=1, offset=-17)


def _grain(dice: Random) -> Image.Image:
    """Noise from 0 to 34, so that 17 is none."""
    width, height = SIZE
    fine = Image.frombytes("L", SIZE, dice.randbytes(width * height))
    coarse = Image.frombytes("L", (200, 150), dice.randbytes(200 * 150)).resize(SIZE)
    return Image.blend(fine, coarse, 0.5).point(lambda v: v * 34 // 255)


def _as_stored(picture: Image.Image, wall: datetime, dice: Random) -> bytes:
    orientation = dice.choice((1, 1, 1, *TURNED))
    if orientation in TURNED:
        picture = picture.transpose(TURNED[orientation])
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif[MAKE], exif[MODEL] = "Sample", "Tablet 8"
    exif[SOFTWARE_TIME] = f"{wall:%Y:%m:%d %H:%M:%S}"
    inner = exif.get_ifd(EXIF_IFD)
    inner[TAKEN] = f"{wall:%Y:%m:%d %H:%M:%S}"
    minutes = (wall.utcoffset() or timedelta()) // timedelta(minutes=1)
    sign = "-" if minutes < 0 else "+"
    inner[TAKEN_OFFSET] = f"{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
    file = BytesIO()
    picture.save(file, "JPEG", quality=88, exif=exif)
    return file.getvalue()
